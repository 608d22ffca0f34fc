"""check-dwarf.py GO: builds the program here with and without the DWARF of some
packages, and compares the change of each section with what report said."""
import csv
import io
import json
import os
import subprocess
import sys
from collections import Counter

env = {**os.environ, "CGO_ENABLED": "0", "GOOS": "linux", "GOARCH": "amd64", "GOSLIM_CACHE": os.getcwd() + "/cache",
       "GOSLIM_GO": sys.argv[1]}
packages = ["bytes", "strings", "sort", "strconv", "internal/poll", "fmt", "time", "syscall", "os", "reflect",
            "encoding/json", "internal/fmtsort", "runtime", "unicode", "errors", "io/fs", "sync", "path"]

def build(out, *flags, driver=()):
    subprocess.run([*(driver or [sys.argv[1]]), "build", "-o", out, *flags, "."], env=env, check=True)
    sizes = {}
    for line in subprocess.run(["readelf", "-SW", out], capture_output=True, text=True).stdout.splitlines():
        f = line.replace("[ ", "[").split()
        if len(f) > 5 and f[1].startswith(".debug"):
            sizes[f[1]] = int(f[5], 16)
    return sizes

def spans(path):
    out = subprocess.run(["goslim", "report", "--by", "span", path], env=env, check=True, capture_output=True, text=True).stdout
    sums = Counter()
    for r in csv.DictReader(io.StringIO(out)):
        if r["kind"] == "debug":
            sums[r["section"], r["package"]] += int(r["size"])
    return sums

raw = "-ldflags=-compressdwarf=false"
driver = ["goslim"]
whole = build("whole", raw, driver=driver)
said = spans("whole")
lists = ".debug_loclists" if ".debug_loclists" in whole else ".debug_loc"
ranges = ".debug_rnglists" if ".debug_rnglists" in whole else ".debug_ranges"
report = lambda path: {p["path"]: p for p in json.loads(subprocess.run(
    ["goslim", "report", "--format", "json", path], env=env, check=True, capture_output=True).stdout)["packages"]}
raw_said = report("whole")
flag = len("-dwarf=false;")  # what each unit of that name then says more
exact = 0
for p in packages:
    without = build("without", raw, f"-gcflags={p}=-dwarf=false")
    for section, slack in ((lists, 0), (ranges, 400)):
        gone, predicted = whole[section] - without.get(section, 0), said[section, p]
        assert 0 <= predicted - gone <= slack, (section, p, gone, predicted)
    gone, predicted = sum(whole.values()) - sum(without.values()), raw_said[p]["debug_alone_raw"] if p in raw_said else 0
    # Units of assembly are named like the package and say it, too.
    assert abs(predicted - gone) <= max(10 * flag, 0.002 * gone), (p, gone, predicted)
    exact += (predicted - gone) % flag == 0
print(f"raw: location lists exact, ranges but for the unit's own, for {len(packages)} packages")
print(f"raw: what goes without debug data exact for {exact} packages, within 0.2 % for all")
compressed = build("compressed", driver=driver)
small_said = report("compressed")
for p in packages:
    if p in raw_said:
        assert raw_said[p]["debug_raw"] == raw_said[p]["kinds"]["debug"] == small_said[p]["debug_raw"], p
        assert small_said[p]["kinds"]["debug"] < small_said[p]["debug_raw"]
small = spans("compressed")
# What is gone moves the blocks of the stream behind it: some hundred bytes.
large = ["runtime", "reflect", "fmt", "strconv", "os", "encoding/json", "time"]
for p in large:
    without = build("without", f"-gcflags={p}=-dwarf=false")
    gone = compressed[lists] - without.get(lists, 0)
    assert abs(small[lists, p] - gone) <= max(0.03 * gone, 1000), (p, gone, small[lists, p])
    gone = sum(compressed.values()) - sum(without.values())
    assert abs(small_said[p]["debug_alone"] - gone) <= max(0.06 * gone, 1000), (p, gone, small_said[p])
print(f"compressed: within 3 % (or 1000 bytes) for {len(large)} packages")
