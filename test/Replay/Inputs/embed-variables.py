"""embed-variables.py: files in string and []byte variables, large, small, equal
and empty; what report says of each, in a stripped program whose packages all
came from the cache."""
import json
import os
import subprocess

from program import Program

env = {**os.environ, "CGO_ENABLED": "0", "GOOS": "linux", "GOARCH": "amd64", "GOFLAGS": "",
       "GOSLIM_CACHE": os.getcwd() + "/cache", "GOCACHE": os.getcwd() + "/gocache"}
files = {"big.txt": b"large contents of a file\n" * 400, "small.txt": b"quite small, and one of a kind",
         "raw.bin": bytes(range(256)) * 20, "tiny.bin": b"\xfe\xfdx", "empty.txt": b"", "a b.txt": b"name with a space"}
for folder in (".", "inner"):
    os.makedirs(folder, exist_ok=True)
    for name, content in files.items():
        open(os.path.join(folder, name), "wb").write(content + (b"" if folder == "." or not content else b" inner"))
source = """package %s

import _ "embed"

//go:embed big.txt
var Big string

var (
	//go:embed small.txt
	Small string
	//go:embed raw.bin
	Raw []byte
)

//go:embed tiny.bin
var Tiny []byte

//go:embed empty.txt
var Empty string

//go:embed "a b.txt"
var Spaced string

//go:embed big.txt
var unused string

func Sum() int { return len(Big) + len(Small) + len(Raw) + len(Tiny) + len(Empty) + len(Spaced) }
%s
"""
open("go.mod", "w").write("module example.com/embeds\n\ngo 1.21\n")
open("inner/inner.go", "w").write(source % ("inner", ""))
open("main.go", "w").write("""package main

import "example.com/embeds/inner"

func main() {
	println(Sum()+inner.Sum(), Big, Small, string(Raw), string(Tiny), Empty, Spaced)
	println(inner.Big, inner.Small, string(inner.Raw), string(inner.Tiny), inner.Empty, inner.Spaced)
}
""")
open("vars.go", "w").write(source % ("main", ""))
subprocess.run(["goslim", "build", "-ldflags=-s -w", "-o", "app", "."], env=env, check=True)
os.remove("app")
subprocess.run(["goslim", "build", "-ldflags=-s -w", "-o", "app", "."], env=env, check=True)
report = json.loads(subprocess.run(["goslim", "report", "--format", "json", "app"], env=env, check=True,
                                   capture_output=True, text=True).stdout)
program = Program("app")
names = {"Big": "big.txt", "Small": "small.txt", "Raw": "raw.bin", "Tiny": "tiny.bin", "Empty": "empty.txt",
         "Spaced": "a b.txt"}
wrong = []
seen = {e["variable"]: e for e in report["embeds"]}
for prefix, folder, package in (("main", ".", "example.com/embeds"), ("example.com/embeds/inner", "inner", "example.com/embeds/inner")):
    for variable, name in names.items():
        content = open(os.path.join(folder, name), "rb").read()
        e = seen.pop(f"{prefix}.{variable}", None)
        if not e or e["path"] != name or e["package"] != package or e["size"] != len(content):
            wrong.append((prefix, variable, e))
            continue
        if content and not program.holds(content, e["address"]):
            wrong.append((prefix, variable, "contents", e))
wrong += seen.items()
total = sum(len(open(os.path.join(f, n), "rb").read()) for f in (".", "inner") for n in files)
if report["kinds"]["embed"] != total:
    wrong.append(("kind embed", report["kinds"]["embed"], total))
print("12 files of variables, sizes right, contents right" if not wrong else wrong[:5])
