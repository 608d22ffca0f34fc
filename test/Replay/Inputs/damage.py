"""damage.py DIR: builds the program in DIR, then reports on it with one archive
of its link changed in many ways. A span that claims "replayed" must be a span of
the report on the undamaged inputs."""
import csv
import io
import json
import os
import random
import subprocess
import sys

folder = sys.argv[1]
env = {**os.environ, "CGO_ENABLED": "0", "GOOS": "linux", "GOARCH": "amd64",
       "GOSLIM_CACHE": folder + "/cache", "GOCACHE": folder + "/gocache"}


def report(*more):
    done = subprocess.run(["goslim", "report", *more, "app"], cwd=folder, env=env, capture_output=True, text=True)
    if done.returncode:
        print("exit", done.returncode, done.stderr)
        sys.exit(1)
    return done.stdout


def claims():
    return {(r["address"], r["memsize"], r["symbol"], r["package"], r["kind"])
            for r in csv.DictReader(io.StringIO(report("--by", "span"))) if r["evidence"] == "replayed"}


subprocess.run(["goslim", "build", "-o", "app", "."], cwd=folder, env=env, check=True)
right = claims()
links = folder + "/cache/links/"
record = links + os.listdir(links)[0] if not os.listdir(links)[0].startswith(".") else links + os.listdir(links)[1]
record += "/" + os.listdir(record)[0]
rows = [l.split("\t") for l in open(record).read().splitlines() if l.startswith("archive\t")]
sha = next(r[1] for r in rows if r[3] == '"example.com/app/left"')
path = f"{folder}/gocache/{sha[:2]}/{sha}-d"
original = open(path, "rb").read()


def damaged(data):
    os.chmod(path, 0o644)
    with open(path, "wb") as out:
        out.write(data)


def reason():
    answer = json.loads(report("--format", "json"))
    return answer["replay"]["reason"] or "; ".join(answer["notes"])


damaged(original[:-100])
print("cut short:", reason())
damaged(b"X" + original[1:])
print("begins wrong:", reason())
at = original.index(b"go1.")
end = original.index(b" ", at)
wrong = (b"go1.99." + b"9" * 20)[: end - at]
damaged(original[:at].replace(b"go1.", wrong[:4]) + wrong + original[end:].replace(original[at:end], wrong))
print("wrong version:", reason())
source = random.Random(20261126)
for _ in range(60):
    data = bytearray(original)
    for _ in range(source.choice((1, 1, 4, 64))):
        data[source.randrange(len(data))] = source.randrange(256)
    damaged(bytes(data))
    false = claims() - right
    # Names and owners come from the archive; addresses, sizes and kinds must be proven.
    left = {(a, m) for a, m, *_ in false} - {(a, m) for a, m, *_ in right}
    if left:
        print("random: wrong claims", sorted(left)[:3])
        sys.exit(1)
print("random: 60 variants, no crash, no byte claimed wrongly")
