"""debug-size.py INSPECT-JSON READOBJ-TEXT: bytes of debug sections, by both."""
import json
import re
import sys

found = json.load(open(sys.argv[1]))["dwarf"]["size"]
text = open(sys.argv[2]).read()
sizes = re.findall(r"Name: \.z?debug_\S+ .*?VirtualSize: (0x[0-9A-F]+).*?RawDataSize: (\d+)", text, re.S)
if not sizes:
    sys.exit("llvm-readobj lists no debug section")
# What lies in the file may be padded to its alignment.
raw, virtual = sum(int(r) for _, r in sizes), sum(int(v, 16) for v, _ in sizes)
if found not in (raw, virtual):
    sys.exit(f"goslim {found}, llvm-readobj {raw} ({virtual} without padding)")
