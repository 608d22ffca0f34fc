"""check-origin.py GO: --view origin of a stripped program against the DWARF of
its twin."""
import csv
import io
import os
import random
import re
import subprocess
import sys

env = {**os.environ, "CGO_ENABLED": "0", "GOOS": "linux", "GOARCH": "amd64"}
subprocess.run([sys.argv[1], "build", "-o", "full", "."], env=env, check=True)
subprocess.run([sys.argv[1], "build", "-ldflags=-s -w", "-o", "small", "."], env=env, check=True)


def spans(view):
    out = subprocess.run(["goslim", "report", "--by", "span", "--view", view, "small"], check=True, capture_output=True, text=True)
    return [r for r in csv.DictReader(io.StringIO(out.stdout)) if r["section"] == ".text"]


owner, origin = spans("owner"), spans("origin")
assert sum(int(r["size"]) for r in owner) == sum(int(r["size"]) for r in origin)
assert len(origin) > len(owner)
owners = {int(r["address"]): r["symbol"] for r in owner}
code = [r for r in origin if r["kind"] == "code" and int(r["size"])]
sample = random.Random(7).sample(code, 3000)
asked = "".join(f"{int(r['address']):#x}\n" for r in sample)
out = subprocess.run(["llvm-symbolizer", "--obj=full", "--inlines", "--functions=linkage", "--no-demangle"], input=asked,
                     capture_output=True, text=True, check=True).stdout
good = inlined = 0
bad = []
clean = lambda name: re.sub(r"\[.*\]", "[...]", name)
for r, answer in zip(sample, out.split("\n\n")):
    lines = answer.strip().splitlines()
    inlined += len(lines) > 2
    if clean(lines[0]) == clean(r["symbol"]):
        good += 1
    else:
        bad.append((r["address"], r["symbol"], lines[0::2]))
assert good >= 0.995 * len(sample) and inlined > 300, (good, inlined, bad[:8])
print(f"{good} of {len(sample)} places agree, {inlined} of them inlined; views add up")
