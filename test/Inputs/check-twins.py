#!/usr/bin/env python3
"""Stripping takes symbols away, not knowledge that Go's own tables hold.

    check-twins.py GOSLIM UNSTRIPPED STRIPPED

Bytes of code, pclntab, types and itabs must be equal for every package. The
code of the unstripped one is compared with `go tool nm -size`, too.
"""
import csv
import io
import json
import subprocess
import sys

csv.field_size_limit(1 << 30)
KINDS = ("code", "pclntab", "type", "itab")


def run(*argv):
    return subprocess.run(argv, check=True, capture_output=True).stdout.decode()


def packages(goslim, path):
    report = json.loads(run(goslim, "report", "--format", "json", path))
    return {p["path"]: {k: p["kinds"].get(k, 0) for k in KINDS}
            for p in report["packages"] if any(map(p["kinds"].get, KINDS))}


def check_twins(goslim, unstripped, stripped):
    one, two = packages(goslim, unstripped), packages(goslim, stripped)
    assert one.keys() == two.keys(), one.keys() ^ two.keys()
    for path in one:
        assert one[path] == two[path], (path, one[path], two[path])
    print(f"{len(one)} packages equal")


def check_nm(goslim, path):
    """Symbol sizes of x86 are without padding: the oracle for padding."""
    spans = csv.DictReader(io.StringIO(
        run(goslim, "report", "--by", "span", "--format", "csv", path)))
    code = {int(s["address"]): int(s["size"]) for s in spans
            if s["kind"] == "code" and s["package"]}
    total = different = 0
    for line in run("go", "tool", "nm", "-size", path).splitlines():
        word = line.split(None, 3)
        if len(word) < 4 or word[2] not in "Tt" or int(word[1]) == 0:
            continue
        total += 1
        size = code.get(int(word[0], 16))
        if size is None:
            continue  # of no package
        # The last byte of code may look like padding, never more.
        assert 0 <= int(word[1]) - size <= 1, (line, size)
        different += int(word[1]) != size
    assert total > 1000 and different * 100 < total, (total, different)
    print("nm agrees")


if __name__ == "__main__":
    check_twins(*sys.argv[1:4])
    check_nm(sys.argv[1], sys.argv[2])
