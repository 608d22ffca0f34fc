"""compare-nm.py GO PACKAGE...: goslim dump and go tool nm say the same of the
archives of these packages: name, kind, size and offset of each definition."""
import os
import re
import subprocess
import sys
from collections import Counter

go = sys.argv[1]
env = {**os.environ, "CGO_ENABLED": "0"}


def lines(*argv):
    return subprocess.run(argv, env=env, check=True, capture_output=True).stdout.decode("utf-8", "surrogateescape").splitlines()


total = 0
for package in sys.argv[2:]:
    archive = lines(go, "list", "-export", "-f", "{{.Export}}", package)[0]
    theirs = Counter()
    for line in lines(go, "tool", "nm", "-size", archive):
        line = re.sub(r"^[^ ]*\(?[^ ]*:\s", " ", line)  # of several objects
        m = re.match(r" *([0-9a-f]*) +([0-9]+) ([A-Za-z?]) (.+)$", line)
        if m and m[3] != "U":
            theirs[re.sub(r"<[0-9]+>$", "", m[4]), m[3], int(m[2])] += 1
    ours = Counter()
    for line in lines("goslim", "dump", archive):
        m = re.match(r" *([0-9a-f]*) +([0-9]+) ([A-Za-z?]) (.+)$", line)
        if m and m[3] != "U":
            ours[m[4], m[3], int(m[2])] += 1
    if theirs != ours:
        print(package, "only nm:", list((theirs - ours).items())[:4], "only dump:", list((ours - theirs).items())[:4])
        sys.exit(1)
    total += sum(ours.values())
print(f"{total} symbols agree")
