"""tiny-go.py OUT MINOR [FIELD=VALUE...]: the smallest "Go program" with all that
goslim reads: build info, pclntab with one function, moduledata in the layout of
Go 1.26 or 1.27, one type descriptor of each kind that has parts, and an itab.
One writable segment, no section headers. FIELD=VALUE overwrites a number by
name (the names are those given to put()), to make one lie at a time."""
import struct
import sys

out, minor = sys.argv[1], int(sys.argv[2])
lies = {key: int(value, 0) for key, value in (word.split("=") for word in sys.argv[3:])}
BASE, PCLN, MODULE, TYPES = 0x400000, 0x140, 0x200, 0x480
file = bytearray(0x1000)


def put(at, value, size=8, name=None):
    value = lies.pop(name, value)
    file[at:at + size] = (value % (1 << 8 * size)).to_bytes(size, "little")


# File header, one PT_LOAD, build info.
file[0:16] = b"\x7fELF\2\1\1" + bytes(9)
file[16:64] = struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, BASE, 64, 0, 0, 64, 56, 1, 64, 0, 0)
file[64:120] = struct.pack("<IIQQQQQQ", 1, 6, 0, BASE, BASE, len(file), len(file), 4096)
version = b"go1.%d.0" % minor
file[0x100:0x100 + 34 + len(version)] = (
    b"\xff Go buildinf:\x08\x02" + bytes(16) + bytes([len(version)]) + version + b"\0")

# pclntab: header, "main.main", cutab, filetab, pctab, functab, _func.
file[PCLN:PCLN + 8] = b"\xf1\xff\xff\xff\0\0\1\x08"
for i, value in enumerate((1, 1, 0, 0x48, 0x54, 0x58, 0x5e, 0x60)):
    put(PCLN + 8 + 8 * i, value, name=f"pcln{i}")
file[PCLN + 0x48:PCLN + 0x60] = b"main.main\0\0\0" + bytes(4) + b"a.go\0\0" + b"\0\2"
for i, value in enumerate((0, 16, 16, 0)):
    put(PCLN + 0x60 + 4 * i, value, 4, f"functab{i}")
put(PCLN + 0x70 + 20, 1, 4)  # pcfile

# Types, each at a multiple of 32; names behind them.
place, names = TYPES + (8 if minor == 27 else 0x20), 0xC00
symbols = {}


def name(text, flags=0):
    global names
    at = names
    file[at:at + 2 + len(text)] = bytes([flags, len(text)]) + text.encode()
    names += 2 + len(text)
    return at - TYPES


def descriptor(label, kind, text, part, rows=(), package=None, methods=()):
    """part and rows: 8-byte words; a str is the address of that descriptor."""
    global place
    at = symbols[label] = place
    flags = (1 if package else 0) | (4 if package or label == "int" else 0)
    put(at, 8)
    put(at + 20, flags, 1)
    put(at + 23, kind, 1, label + ".kind")
    put(at + 40, name(text), 4, label + ".str")
    words = [(at + 48 + 8 * i, word) for i, word in enumerate(part)]
    at += 48 + 8 * len(part)
    if package:
        put(at, name(package), 4)
        put(at + 4, len(methods), 2, label + ".mcount")
        at += 16
    words += [(at + 8 * i, word) for i, word in enumerate(rows)]
    at += 8 * len(rows)
    for method in methods:
        put(at, name(method), 4)
        put(at + 4, -1, 4)
        at += 16
    pending.extend(words)
    place = (at + 7) // 8 * 8


pending = []
descriptor("int", 2, "int", [])
descriptor("T", 25, "main.T", [0, "T+80", 1, 1], [0, "int", 0], "example.com/m", ["M"])
descriptor("ptr", 22, "*main.T", ["T"])
descriptor("slice", 23, "[]int", ["int"])
descriptor("array", 17, "[4]int", ["int", "slice", 4])
descriptor("chan", 18, "chan int", ["int", 3])
descriptor("func", 19, "func(int) main.T", [1 | 1 << 16], ["int", "T"])
descriptor("map", 21, "map[int]main.T", ["int", "T", "T", 0] + [0] * (7 if minor == 27 else 4))
described = place - TYPES
descriptor("I", 20, "main.I", [0, "I+96", 1, 1], [0], "main")
itab = place
put(itab, BASE + symbols["I"], name="itab.inter")
put(itab + 8, BASE + symbols["ptr"], name="itab.type")
place += 32
for at, word in pending:
    if isinstance(word, str):
        label, _, delta = word.partition("+")
        word = BASE + symbols[label] + int(delta or 0)
    put(at, word)
field = symbols["T"] + 48 + 32 + 16
put(field, BASE + TYPES + name("Field"))
put(symbols["T"] + 48 + 16, 1, name="T.fields")
put(symbols["I"] + 48 + 16, 1, name="I.methods")

# moduledata; see lib/GoImage/ModuleData.cpp for the numbers.
links = 0xF00
for i, label in enumerate(("ptr", "slice", "array", "chan", "func", "map")):
    put(links + 4 * i, symbols[label] - TYPES, 4, f"link{i}")
put(links + 32, BASE + itab)
pcln = BASE + PCLN
text = BASE + 0x800
words = {0: pcln, 1: pcln + 0x48, 13: pcln + 0x60, 16: pcln + 0x60, 19: pcln + 0xA4,
         20: text, 21: text + 16, 22: text, 23: text + 16,
         35: BASE + 0xF80, 36: BASE + 0xF80, 37: BASE + TYPES}
if minor == 27:
    words |= {38: described, 39: BASE + 0xE00, 40: itab - TYPES, 41: 32, 42: BASE + TYPES,
              43: pcln + 0xA0, 44: pcln + 0xA8, 45: BASE + 0xFC0, 46: 1, 47: 1}
else:
    words |= {38: BASE + 0xE00, 39: BASE + TYPES, 40: pcln + 0xA0, 41: pcln + 0xA8,
              42: BASE + 0xFC0, 43: 1, 44: 1, 45: BASE + links, 46: 6, 47: 6,
              48: BASE + links + 32, 49: 1, 50: 1}
for word, value in words.items():
    put(MODULE + 8 * word, value, name=f"module{word}")
put(MODULE + 8 * 16 + 8, 2)
if lies:
    sys.exit(f"no such field: {lies}")
open(out, "wb").write(file)
