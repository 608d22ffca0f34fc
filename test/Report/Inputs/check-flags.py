"""check-flags.py GO: what goslim report says of flags, against builds with and
without them."""
import json
import os
import subprocess
import sys

go = sys.argv[1]
env = {**os.environ, "CGO_ENABLED": "0", "GOOS": "linux", "GOARCH": "amd64", "GOFLAGS": "", "GOSLIM_GO": go,
       "GOSLIM_CACHE": os.getcwd() + "/cache"}


def build(out, *flags, driver="goslim"):
    subprocess.run([driver, "build", "-buildvcs=false", "-o", out, *flags, "."], env=env, check=True)
    sections = {}
    for line in subprocess.run(["readelf", "-SW", out], capture_output=True, text=True).stdout.splitlines():
        f = line.replace("[ ", "[").split()
        if len(f) > 5 and f[0].startswith("[") and f[0] != "[Nr]":
            sections[f[1]] = int(f[5], 16)
    return os.path.getsize(out), sections


def said(path):
    out = subprocess.run(["goslim", "report", "--format", "json", path], env=env, check=True, capture_output=True).stdout
    return {f["flag"]: (f["effect"], f.get("bytes")) for f in json.loads(out)["flags"]}


def near(what, told, effect, real, slack=64):
    assert told[0] == effect, (what, told)
    assert abs(told[1] - real) <= max(0.01 * real, slack), (what, told, real)


plain, sections = build("plain")
told = said("plain")
no_debug, _ = build("w", "-ldflags=-w")
stripped, _ = build("s", "-ldflags=-s -w")
loose, _ = build("loose", "-ldflags=-compressdwarf=false")
near("-w", told["-w"], "would save", plain - no_debug)
near("-s", told["-s"], "would save", no_debug - stripped)
near("-compressdwarf", told["-compressdwarf=false"], "would cost", loose - plain)
trimmed, less = build("trimmed", "-trimpath")
near("-trimpath", told["-trimpath"], "would save", sections[".gopclntab"] - less[".gopclntab"])
assert said("trimmed")["-trimpath"] == ("saves", None)
told = said("s")
near("-s of a stripped program", told["-s"], "saves", no_debug - stripped)
assert told["-w"] == ("saves", None), told
value = "x" * 5000
build("valued", f"-ldflags=-s -w -X=main.Version={value}")
assert said("valued")["-X main.Version=..."] == ("costs", len(value) + 1), said("valued")
print("8 effects are right")
