#!/usr/bin/env python3
"""Prints failures in full, skips with their reason, and the closing line
"N passed, N failed[, N skipped]" from lit's JSON; exit 1 if any failed.

usage: summarize-tests.py RESULTS.json LIT.log ["N passed, N failed" of another runner]
"""
import collections
import json
import re
import sys

PASSED = {"PASS", "XFAIL", "FLAKYPASS"}
SKIPPED = {"UNSUPPORTED", "SKIPPED", "EXCLUDED"}


def main():
    tests = json.load(open(sys.argv[1]))["tests"]
    log = open(sys.argv[2], errors="replace").read()
    by_code = collections.defaultdict(list)
    for test in tests:
        by_code[test["code"]].append(test)
    failed = [t for c, ts in by_code.items() if c not in PASSED | SKIPPED for t in ts]
    for block in re.findall(r"^\*{10,} TEST '.*? FAILED \*{10,}.*?^\*{20,}$", log, re.S | re.M):
        print(block[:6000])
    for test in sorted(failed, key=lambda t: t["name"]):
        print(f"{test['code']}: {test['name']}")
    skipped = [t for c in SKIPPED - {"EXCLUDED"} for t in by_code[c]]
    for test in sorted(skipped, key=lambda t: t["name"]):
        reason = (re.findall(r"(?:UNSUPPORTED|SKIPPED): " + re.escape(test["name"]) + r".*", log) or [""])[0]
        print(f"skipped: {test['name']} {test.get('output', '').strip() or reason}"[:200].rstrip())
    passed = sum(len(by_code[c]) for c in PASSED)
    bad, missed = len(failed), len(skipped)
    if len(sys.argv) > 3 and sys.argv[3]:
        extra = re.search(r"(\d+) passed, (\d+) failed(?:, (\d+) skipped)?", sys.argv[3])
        if extra:
            passed, bad, missed = (passed + int(extra[1]), bad + int(extra[2]),
                                   missed + int(extra[3] or 0))
        else:
            print("cmd/go scripts: no result:", sys.argv[3])
            bad += 1
    if not passed and not bad:
        print("no test ran")
        bad = 1
    print(f"{passed} passed, {bad} failed" + (f", {missed} skipped" if missed else ""))
    return bad > 0


sys.exit(main())
