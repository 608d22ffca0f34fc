"""check-formats.py FILE: all formats of goslim report add up to the file."""
import csv
import io
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET


def report(*options):
    return subprocess.run(["goslim", "report", *options, sys.argv[1]], check=True, capture_output=True).stdout.decode()


size = os.path.getsize(sys.argv[1])
page = report("--format", "html")
data = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)[1]
rows = json.loads(data)["rows"]
assert len({len(c) for c in rows.values()}) == 1
assert sum(rows["size"]) == size, (sum(rows["size"]), size)
assert page.count("<script") == 2 and "http" not in re.sub(r"(net/http|http)[a-zA-Z0-9/.*()_%-]*", "", page.replace(data, ""))
print("html: adds up, no other resource, script cannot be closed early")
svg = ET.fromstring(report("--format", "svg"))
boxes = [g for g in svg.iter("{http://www.w3.org/2000/svg}g")]
assert len(boxes) > 10
print(f"svg: well-formed, {len(boxes)} boxes")
gsa = json.loads(report("--format", "gsa-json"))
assert gsa["size"] == size and sum(p["size"] for p in gsa["packages"].values()) == size
main = gsa["packages"]["example.com/hello"]
assert main["type"] == "main"
found = {(f["name"], f["type"], os.path.basename(file["file_path"])) for file in main["files"] for f in file["functions"]}
assert ("main", "function", "main.go") in found, found
assert {"name", "size", "file_size", "known_size", "offset", "end", "addr", "addr_end", "only_in_memory", "debug"} <= set(gsa["sections"][0])
print("gsa-json: adds up, main.main is a function of its file")
bloaty = list(csv.DictReader(io.StringIO(report("--format", "bloaty-csv"))))
assert list(bloaty[0]) == ["sections", "symbols", "vmsize", "filesize"]
assert sum(int(r["filesize"]) for r in bloaty) == size
print("bloaty-csv: adds up")
table = [l for l in report("--format", "markdown").splitlines() if l.startswith("|")]
assert all(len(re.findall(r"(?<!\\)\|", l)) == 6 for l in table)
print(f"markdown: {len(table)} rows of 5 cells")
tree = report("--tree", "--bytes", "--top", "0").splitlines()
tops = [int(l.split()[0].replace(",", "")) for l in tree[1:] if re.match(r" *[0-9,]+ +[0-9.]+ % +[0-9,]+  [├└]─ ", l)]
assert sum(tops) == size
print("tree: adds up")
