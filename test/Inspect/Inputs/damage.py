"""damage.py GOSLIM FILE FOLDER: cuts FILE off and overwrites bytes of its
headers and tables, always the same ones, and holds goslim inspect to its
promise for each: an answer, or one line that names the file."""
import os
import random
import subprocess
import sys

goslim, whole, folder = sys.argv[1:]
data = open(whole, "rb").read()
rng = random.Random(1)
files = []


def add(contents):
    files.append(os.path.join(folder, f"damaged-{len(files)}"))
    with open(files[-1], "wb") as out:
        out.write(contents)


for size in (0, 3, 4, 15, 16, 63, 64, 500, 4096, len(data) // 2, len(data) - 1):
    add(data[:size])
pclntab = max(data.find(b"\xf1\xff\xff\xff\0\0"), 0)
areas = [(0, 64), (64, 700), (len(data) - 2000, 2000), (pclntab, 80)]
for number in range(80):
    damaged = bytearray(data)
    start, length = areas[number % len(areas)]
    for _ in range(rng.choice((1, 1, 2, 4))):
        damaged[start + rng.randrange(length)] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))
    add(bytes(damaged))

bad = 0
for path in files:
    done = subprocess.run([goslim, "inspect", path], capture_output=True, text=True, errors="replace", timeout=60)
    lines = done.stderr.splitlines()
    ok = (done.returncode == 0 and not lines and done.stdout) or (
        done.returncode == 2 and not done.stdout and len(lines) == 1
        and lines[0].startswith(f"goslim: error: {path}: ") and "stopped" not in lines[0])
    if not ok:
        print(path, done.returncode, done.stderr)
        bad += 1
    else:
        os.unlink(path)
sys.exit(bad != 0)
