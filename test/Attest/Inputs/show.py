"""show.py STATEMENT PROGRAM POLICY: the statement in a few lines; digests are
compared with the files themselves."""
import hashlib
import json
import sys

s = json.load(open(sys.argv[1]))
program, policy = (hashlib.sha256(open(f, "rb").read()).hexdigest() for f in sys.argv[2:4])
build = s["predicate"]["buildDefinition"]
inside, outside = build["internalParameters"], build["externalParameters"]
print(s["_type"], s["predicateType"])
print("subject", s["subject"][0]["name"], "is the file" if s["subject"][0]["digest"]["sha256"] == program else "DIFFERS")
if "policy" in outside:
    outside["policy"]["digest"] = "is the file" if outside["policy"]["digest"]["sha256"] == policy else "DIFFERS"
print("external", outside)
print("trimpath", inside["buildInfo"].get("-trimpath"), "-s", "-s" in inside["linkFlags"])
print("tainted", inside["taintedBy"])
for m in build["resolvedDependencies"]:
    print(m["uri"], *sorted(m.get("digest", {}).items()))
print("builder", s["predicate"]["runDetails"]["builder"]["id"])
