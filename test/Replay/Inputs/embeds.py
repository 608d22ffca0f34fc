"""embeds.py: a program with 100 embedded files; what report says of each is
compared with the file, and with the program's bytes at that address."""
import json
import os
import subprocess

from program import Program

env = {**os.environ, "CGO_ENABLED": "0", "GOOS": "linux", "GOARCH": "amd64", "GOSLIM_CACHE": os.getcwd() + "/cache"}
os.makedirs("data/deep")
files = {}
for i in range(100):
    name = f"data/{'deep/' if i % 3 == 0 else ''}f{i}.bin"
    if i % 10 == 0:
        content = b""
    elif i % 10 == 1:
        content = b"equal contents of ten files, once small " * (1 if i < 50 else 90)
    elif i % 10 == 2:
        content = bytes([i])
    else:
        content = bytes((i * j * 7 + j) % 251 for j in range(i * i * 3))
    files[name] = content
    with open(name, "wb") as out:
        out.write(content)
open("go.mod", "w").write("module example.com/embeds\n\ngo 1.21\n")
open("main.go", "w").write("""package main

import "embed"

//go:embed data
var files embed.FS

func main() { entries, _ := files.ReadDir("data"); println(len(entries)) }
""")
subprocess.run(["goslim", "build", "-ldflags=-s -w", "-o", "app", "."], env=env, check=True)
out = subprocess.run(["goslim", "report", "--format", "json", "app"], env=env, check=True, capture_output=True, text=True)
report = json.loads(out.stdout)
program = Program("app")
wrong = []
seen = {e["path"]: e for e in report["embeds"]}
for name, content in files.items():
    e = seen.get(name)
    if not e or e["size"] != len(content) or e["package"] != "example.com/embeds" or e["variable"] != "main.files":
        wrong.append((name, len(content), e))
        continue
    if content and not program.holds(content, e["address"]):
        wrong.append((name, "contents", e))
distinct = sum(len(c) for c in set(files.values()))
# A file of one byte may share its symbol with something else.
if not distinct - 10 <= report["kinds"]["embed"] <= distinct:
    wrong.append(("kind embed", report["kinds"]["embed"], distinct))
print(f"{len(seen)} files, sizes right, contents right" if not wrong else wrong[:5])
