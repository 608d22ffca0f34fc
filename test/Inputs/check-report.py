#!/usr/bin/env python3
"""Checks what `goslim report` promises to programs, without goslim's code.

    check-report.py GOSLIM FILE...

For each FILE: the spans of --by span --format csv are a partition of the file
and of its memory, and agree with the section headers (read here with struct);
the JSON's sums add up and agree with the spans. Prints "ok NAME" lines.
"""
import csv
import io
import json
import os
import struct
import subprocess
import sys

csv.field_size_limit(1 << 30)
COLUMNS = ("offset,size,address,memsize,section,kind,step,package,module,"
           "symbol,evidence,object").split(",")


def run(*argv):
    return subprocess.run(argv, check=True, capture_output=True).stdout


def elf_sections(data):
    """(name, type, flags, address, offset, size) of each section."""
    wide, order = data[4] == 2, "<" if data[5] == 1 else ">"
    header = struct.unpack_from(order + ("HHIQQQIHHHHHH" if wide else
                                         "HHIIIIIHHHHHH"), data, 16)
    shoff, shentsize, shnum, shstrndx = header[5], *header[10:13]
    rows = [struct.unpack_from(order + ("IIQQQQIIQQ" if wide else "10I"),
                               data, shoff + i * shentsize)
            for i in range(shnum)]
    names = data[rows[shstrndx][4]:][:rows[shstrndx][5]] if rows else b""
    return [(names[r[0]:names.index(b"\0", r[0])].decode(), *r[1:6])
            for r in rows[1:]]


def check_spans(spans, data):
    at, last_memory, runs = 0, -1, []
    for s in spans:
        offset, size = int(s["offset"]), int(s["size"])
        address, memory = int(s["address"]), int(s["memsize"])
        assert size or memory, s
        if size:
            assert last_memory < 0, ("file bytes after memory-only", s)
            assert offset == at, ("gap or overlap", at, s)
            assert memory in (0, size), s
            at += size
        else:
            assert address >= last_memory, ("not sorted", s)
            last_memory = address
        if memory and address:
            runs.append((address, memory))
        assert (s["step"] == "") == (s["evidence"] == "none"), s
        if s["kind"] == "padding":
            assert not data[offset:offset + size].strip(b"\0\xcc"), s
    assert at == len(data), (at, len(data))
    end = 0
    for address, memory in sorted(runs):
        assert address >= end, "memory counted twice"
        end = address + memory


def check_sections(spans, data):
    SHF_ALLOC, SHT_NOBITS = 2, 8
    size, memory = {}, {}
    for s in spans:
        size[s["section"]] = size.get(s["section"], 0) + int(s["size"])
        memory[s["section"]] = memory.get(s["section"], 0) + int(s["memsize"])
    want_size, want_memory = {}, {}
    for name, kind, flags, _, _, length in elf_sections(data):
        if kind != SHT_NOBITS:
            want_size[name] = want_size.get(name, 0) + length
        if flags & SHF_ALLOC:
            want_memory[name] = want_memory.get(name, 0) + length
    for name in want_size | want_memory:
        assert size.get(name, 0) == want_size.get(name, 0), name
        assert memory.get(name, 0) == want_memory.get(name, 0), name


def check_json(report, spans, path):
    total = os.path.getsize(path)
    memory = sum(int(s["memsize"]) for s in spans)
    file = report["file"]
    assert report["schema"] == "goslim-report/1"
    assert file["name"] == os.path.basename(path)
    assert file["size"] == total and file["memory"] == memory
    assert sum(report["evidence"].values()) == total
    assert sum(report["kinds"].values()) == total
    rows = report["packages"] + report["rest"]
    assert sum(r["size"] for r in rows) == total
    assert sum(r["memory"] for r in rows) == memory
    paths = [p["path"] for p in report["packages"]]
    assert paths == sorted(set(paths)), "packages not sorted or twice"
    by_package = {}
    for s in spans:
        by_package[s["package"]] = by_package.get(s["package"], 0) + int(s["size"])
    for p in report["packages"]:
        assert sum(p["kinds"].values()) == p["size"], p
        assert by_package[p["path"]] == p["size"], p


def check(goslim, path):
    with open(path, "rb") as f:
        data = f.read()
    text = run(goslim, "report", "--by", "span", "--format", "csv",
               path).decode("utf-8", "replace")
    rows = csv.DictReader(io.StringIO(text))
    assert rows.fieldnames == COLUMNS, rows.fieldnames
    spans = list(rows)
    check_spans(spans, data)
    check_sections(spans, data)
    report = json.loads(run(goslim, "report", "--format", "json", path))
    check_json(report, spans, path)
    for by in ("package", "module", "section", "kind", "symbol", "step"):
        table = csv.DictReader(io.StringIO(run(
            goslim, "report", "--by", by, "--format", "csv", path).decode("utf-8", "replace")))
        assert sum(int(r["size"]) for r in table) == len(data), by


if __name__ == "__main__":
    for name in sys.argv[2:]:
        check(sys.argv[1], name)
        print("ok", os.path.basename(name))
