#!/usr/bin/env python3
"""tiny-go.py OUT [KEY=VALUE...]: the smallest ELF with a pclntab of Go 1.20.

Three functions of two packages and a C one behind them; KEYs break one thing:
  entry1=N   offset of the second function in text   nfunc=N   number of rows
  func1=N    offset of its _func                     name1=N   of its name
Also the seed of the fuzzer (test/fuzz/corpus/Attribution).
"""
import struct
import sys

change = {k: int(v, 0) for k, v in (w.split("=") for w in sys.argv[2:])}
TEXT, PCLN = 0x401000, 0x402000
text = (b"\x90" * 20 + b"\xcc" * 12) * 3 + b"\x90" * 16  # 16 bytes of C
names = b"main.main\0net/http.(*Client).Do\0runtime.gogo\0inlined/only.F\0"
cutab, filetab, pctab = b"", b"a.go\0", b"\0" + b"\2\x40\0"
entries = [0, change.get("entry1", 32), 64]
name_offsets = [0, change.get("name1", 10), 32]


def align(data, to=8):
    return data + bytes(-len(data) % to)


header_size = 8 + 8 * 8
tables, at = b"", header_size
offsets = []
for table in (names, cutab, filetab, pctab):
    offsets.append(at)
    tables += align(table)
    at += len(align(table))
offsets.append(at)
nfunc = change.get("nfunc", 3)
rows_size = 3 * 8 + 4
funcs, func_offsets = b"", []
first = len(align(bytes(rows_size)))
for entry, name in zip(entries, name_offsets):
    func_offsets.append(first + len(funcs))
    funcs += align(struct.pack("<IiiIIIIIiiBBBB", entry, name, 0, 0, 1, 1, 1,
                               0, 0, 1, 0, 0, 0, 0))
func_offsets[1] = change.get("func1", func_offsets[1])
rows = b"".join(struct.pack("<II", e, f)
                for e, f in zip(entries, func_offsets))
pcln = (struct.pack("<IBBBBQQQQQQQQ", 0xFFFFFFF1, 0, 0, 1, 8, nfunc, 1, TEXT,
                    *offsets) + tables + align(rows + struct.pack("<I", 96)) +
        funcs)

sections = [(".text", 1, 6, TEXT, text), (".gopclntab", 1, 2, PCLN, pcln)]
strings = b"\0" + b"".join(s[0].encode() + b"\0" for s in sections) + b".shstrtab\0"
sections.append((".shstrtab", 3, 0, 0, strings))
body, headers, at = b"", [bytes(64)], 64
for name, kind, flags, address, data in sections:
    headers.append(struct.pack("<IIQQQQIIQQ", strings.index(b"\0" + name.encode()) + 1,
                               kind, flags, address, at, len(data), 0, 0, 8, 0))
    body += align(data)
    at += len(align(data))
phdrs = b"".join(
    struct.pack("<IIQQQQQQ", 1, 5, struct.unpack_from("<Q", headers[i], 24)[0],
                sections[i - 1][3], sections[i - 1][3], len(sections[i - 1][4]),
                len(sections[i - 1][4]), 0x1000) for i in (1, 2))
phoff, shoff = at, at + len(phdrs)
ehdr = struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\2\1\1", 2, 62, 1, TEXT, phoff,
                   shoff, 0, 64, 56, 2, 64, len(headers), len(headers) - 1)
with open(sys.argv[1], "wb") as out:
    out.write(ehdr + body + phdrs + b"".join(headers))
