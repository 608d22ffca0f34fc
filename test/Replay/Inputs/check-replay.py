"""check-replay.py FILE [TWIN]: goslim report's answer about FILE is exact.

Oracles: readelf's sections and, of TWIN (the same link with symbols, default
FILE itself), readelf's function symbols. Prints "exact" or what is wrong.
"""
import csv
import io
import json
import re
import subprocess
import sys


def run(*argv):
    return subprocess.run(argv, capture_output=True, check=True).stdout.decode("utf-8", "surrogateescape")


def functions(path):
    """name -> (address, size) of Go functions."""
    found = {}
    for line in run("readelf", "-sW", path).splitlines():
        f = line.split()
        if len(f) >= 8 and f[3] == "FUNC" and f[6] != "UND":
            name = line.split(None, 7)[7]
            found.setdefault((int(f[1], 16), name), int(f[2], 0))
    return found


def main():
    path = sys.argv[1]
    twin = sys.argv[2] if len(sys.argv) > 2 else path
    wrong = []
    report = json.loads(run("goslim", "report", "--format", "json", path))
    if report["notes"] or report["replay"]["reason"]:
        wrong += report["notes"] + [report["replay"]["reason"]]
    if not report["replay"]["symbols"]:
        wrong.append("no replay")
    if report["kinds"]["unknown"]:
        wrong.append(f"{report['kinds']['unknown']} bytes unknown")
    size = report["file"]["size"] if isinstance(report.get("file"), dict) else report["size"]
    spans = list(csv.DictReader(io.StringIO(run("goslim", "report", "--by", "span", path))))
    if sum(int(s["size"]) for s in spans) != size:
        wrong.append("spans do not add up")
    # Loaded bytes: replayed or table.
    loaded = [s for s in spans if int(s["memsize"]) and not s["section"].startswith((".tbss",))]
    total = sum(int(s["memsize"]) for s in loaded)
    known = sum(int(s["memsize"]) for s in loaded if s["evidence"] in ("replayed", "table"))
    if known < 0.999 * total:
        wrong.append(f"only {known} of {total} loaded bytes are replayed or table")
    # Every function of the twin: same address, size, package.
    by_address = {int(s["address"]): s for s in spans if s["kind"] == "code" and int(s["memsize"])}
    bad = []
    for (address, name), length in functions(twin).items():
        s = by_address.get(address)
        if length == 0 or name.startswith("_") and "." not in name:
            continue
        if s is None or int(s["memsize"]) != length or s["evidence"] != "replayed":
            bad.append(f"{name} at {address:#x}, size {length}: {s}")
        elif re.match(r"[a-z/0-9]+\.[A-Za-z(]", name) and "[" not in name:
            head = name.split("(")[0]
            expected = head[: head.index(".", head.rfind("/") + 1)]
            expected = re.sub(r"%([0-9a-f]{2})", lambda m: chr(int(m[1], 16)), expected)
            if expected != "main" and s["package"] != expected:
                bad.append(f"{name}: package {s['package']}, expected {expected}")
    wrong += bad[:5]
    if not by_address:
        wrong.append("no code")
    # Whatever the rule for shared content, rows add up to the file.
    for rule in ("shared", "first", "equal"):
        rows = csv.DictReader(io.StringIO(run("goslim", "report", "--format", "csv", "--shared", rule, path)))
        if sum(int(r["size"]) for r in rows) != size:
            wrong.append(f"--shared {rule} does not add up")
    print("exact" if not wrong else "\n".join(wrong))
    return bool(wrong)


sys.exit(main())
