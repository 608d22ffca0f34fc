"""goimage-oracle.py GOSLIM GO FOLDER [--pie] [--external] [NAME=VALUE...]: builds the
program in FOLDER with GO as it is and stripped, and compares what goslim reads
from the stripped file (functions, build info, build ID) with what the go
command says about its twin. NAME=VALUE are for go's environment. With
--external the C linker links, and its own functions are left out."""
import csv
import json
import os
import re
import subprocess
import sys

goslim, go, folder, *rest = sys.argv[1:]
pie, external = "--pie" in rest, "--external" in rest
env = {**os.environ, "CGO_ENABLED": str(int(external)), "GOFLAGS": "", "GOTOOLCHAIN": "local",
       **dict(word.split("=", 1) for word in rest if "=" in word)}
name = "-".join(["app", *(word.split("=", 1)[1] for word in rest if "=" in word)])


def run(*argv, cwd=None):
    done = subprocess.run(argv, capture_output=True, text=True, env=env, cwd=cwd)
    if done.returncode:
        sys.exit(f"{argv}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def build(suffix, ldflags):
    out = os.path.abspath(os.path.join(folder, name + suffix))
    mode = ["-buildmode=pie"] if pie else []
    ldflags += " -linkmode=external" if external else ""
    run(go, "build", *mode, "-ldflags=" + ldflags, "-o", out, ".", cwd=folder)
    return out


whole, stripped = build("", ""), build("-s", "-s -w")
bad = []

# Functions: runtime.etext is a mark, and a name may have its ABI behind it.
want = {}
for line in run(go, "tool", "nm", "-size", "-sort", "address", whole).splitlines():
    words = line.split(None, 3)
    if len(words) == 4 and words[2] in "tT" and words[3] != "runtime.etext":
        symbol = words[3].removesuffix(".abi0")
        want.setdefault(int(words[0], 16), {})[symbol] = int(words[1])
spans = run(goslim, "report", "--by", "span", "--format", "csv", stripped)
found = {int(row["address"]): row for row in csv.DictReader(spans.splitlines())
         if row["kind"] == "code" and row["evidence"] == "table"}
for address, symbols in want.items():
    row = found.get(address)
    if not row and external and not any(re.search(r"\.(?!cold|part|isra|constprop)", symbol)
                                        for symbol in symbols):
        continue
    if not row:
        bad.append(f"no function at {address:#x}: {symbols}")
    elif row["symbol"].replace("·", ".") not in symbols:  # as the linker writes it
        bad.append(f"at {address:#x}: {row['symbol']}, nm says {symbols}")
for address in found.keys() - want.keys():
    bad.append(f"nm knows nothing at {address:#x}: {found[address]}")

# Build info and build ID.
facts = json.loads(run(goslim, "inspect", "--format", "json", stripped))
lines = run(go, "version", "-m", stripped).splitlines()
version = lines[0].split(": ")[1]
if facts["go"]["version"] != version:
    bad.append(f"version {facts['go']['version']}, go says {version}")
settings = [line.split("\t", 2)[2] for line in lines if line.startswith("\tbuild\t")]
ours = []
for key, value in facts["go"]["settings"].items():
    quoted = json.dumps(value) if " " in value else value
    ours.append(f"{key}={quoted}")
if sorted(ours) != sorted(settings):
    bad.append(f"settings {ours}, go says {settings}")
ident = run(go, "tool", "buildid", stripped).strip()
if facts["build_id"]["go"] != ident:
    bad.append(f"build ID {facts['build_id']['go']}, go says {ident}")
if not facts["symbols"]["stripped"] or facts["notes"]:
    bad.append(f"symbols {facts['symbols']}, notes {facts['notes']}")

for line in bad[:20]:
    print(line)
print(f"{' '.join([version, *rest])}: {len(want)} functions, {len(bad)} differences")
sys.exit(bool(bad))
