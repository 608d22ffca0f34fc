"""check-changes.py OLD NEW < CSV of goslim report --against."""
import csv
import os
import sys

rows = list(csv.DictReader(sys.stdin))
for column, path in (("old", sys.argv[1]), ("new", sys.argv[2])):
    assert sum(int(r[column]) for r in rows) == os.path.getsize(path), column
assert all(int(r["new"]) - int(r["old"]) == int(r["change"]) for r in rows)
print("both columns add up")
