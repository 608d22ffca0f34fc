"""steps.py CACHE [KEY...]: the recorded steps of the only session in CACHE,
one a line: tool, package and the values of KEYs."""
import glob
import json
import sys

sessions = glob.glob(sys.argv[1] + "/sessions/*")
if len(sessions) != 1:
    sys.exit(f"expected 1 session, found {len(sessions)}")
try:
    lines = open(sessions[0] + "/steps.jsonl").readlines()
except FileNotFoundError:
    lines = []
for line in lines:
    step = json.loads(line)
    print(step["tool"], step["package"] or "-", *(f"{k}={step.get(k)}" for k in sys.argv[2:]))
print("steps:", len(lines))
