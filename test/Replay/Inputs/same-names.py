"""same-names.py A B: outputs of go tool nm -size list the same symbols, of the
same size and in the same order; where a word of data has another length may
differ."""
import sys


def names(path):
    # Address, size, type, name; undefined ones have no address.
    rows = [line.split() for line in open(path)]
    return [row[1:] for row in rows if len(row) >= 4 and row[2].lower() == "t"]


first, second = (names(path) for path in sys.argv[1:3])
assert first and first == second, [pair for pair in zip(first, second) if pair[0] != pair[1]][:3]
