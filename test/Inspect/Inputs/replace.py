"""replace.py IN OUT OLD NEW ...: replaces texts by others of the same length."""
import sys

data = open(sys.argv[1], "rb").read()
for old, new in zip(sys.argv[3::2], sys.argv[4::2]):
    assert len(old) == len(new) and old.encode() in data, old
    data = data.replace(old.encode(), new.encode())
open(sys.argv[2], "wb").write(data)
