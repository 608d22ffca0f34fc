"""modinfo.py MODULE: builds it with several flags, keeps each importcfg.link,
and lets the unit test read it and derive it from that of the plain build. GO
and UNIT name the programs. Prints one line a case."""

import glob
import os
import shutil
import subprocess
import sys

module = sys.argv[1]
go, unit = os.environ["GO"], os.environ["UNIT"]
profile = os.path.join(module, "cpu.pprof")
# The flags of a build, and what turns the plain build's information into its:
# KEY=VALUE or, to remove it, KEY. Not in order, since the reader has to know it.
CASES = {
    "plain": [[], []],
    "ldflags": [["-ldflags=-s -w -X 'main.name=Größe \"x\"'"]] * 2,
    "everything": [
        ["-tags=a,b", "-ldflags=all=-w", "-asmflags=-e", "-gcflags=-N"]] * 2,
    "cover": [["-ldflags=-s", "-cover", "-tags=x"],
              ["-cover=true", "-tags=x", "-ldflags=-s"]],
    "profile": [["-pgo=" + profile, "-ldflags=-s", "-tags=x", "-cover"],
                ["-pgo=" + profile, "-tags=x", "-ldflags=-s", "-cover=true"]],
    "trimpath": [["-trimpath", "-ldflags=-s"],
                 ["-trimpath=true", "CGO_CFLAGS", "CGO_CPPFLAGS", "CGO_CXXFLAGS",
                  "CGO_LDFLAGS"]],
}
# A CPU profile without samples: sample types samples/count, cpu/nanoseconds.
PROFILE = "0a0408011002" "0a0408031004" "3200" "320773616d706c6573" \
    "3205636f756e74" "3203637075" "320b6e616e6f7365636f6e6473"


def build(name, flags):
    """Path of a copy of the build's importcfg.link."""
    tmp = os.path.join(module, "tmp", name)
    os.makedirs(tmp)
    subprocess.run([go, "build", "-work", "-o", os.path.join(module, name), *flags],
                   env={**os.environ, "GOTMPDIR": tmp}, cwd=module, check=True,
                   stderr=subprocess.DEVNULL)
    kept = os.path.join(module, name + ".importcfg")
    shutil.copy(glob.glob(os.path.join(tmp, "*", "b001", "importcfg.link"))[0], kept)
    shutil.rmtree(tmp)
    return kept


with open(profile, "wb") as file:
    file.write(bytes.fromhex(PROFILE))
for name, (flags, changes) in CASES.items():
    env = {**os.environ, "GOSLIM_ORACLE_IMPORTCFG": build(name, flags)}
    if changes:
        env["GOSLIM_ORACLE_PLAIN"] = os.path.join(module, "plain.importcfg")
        env["GOSLIM_ORACLE_SET"] = "\n".join(changes)
    done = subprocess.run([unit, "--gtest_filter=OracleModInfo.real"], env=env,
                          stdout=subprocess.PIPE, encoding="utf-8")
    shown = subprocess.run([go, "version", "-m", os.path.join(module, name)],
                           check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
    ours = [line for line in done.stdout.splitlines() if "\t" in line]
    theirs = [line[1:] for line in shown.splitlines()[1:] if line.strip()]
    same = done.returncode == 0 and ours == theirs
    print(name + ":", "same" if same else f"differs\n{done.stdout}\n{shown}")
