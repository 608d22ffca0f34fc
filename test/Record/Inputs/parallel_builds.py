"""parallel_builds.py N GO GOSLIM-WRAP: N wrapped builds at once in one module."""
import glob
import json
import os
import subprocess
import sys

count, go, wrap = int(sys.argv[1]), sys.argv[2], sys.argv[3]
here = os.getcwd()
os.makedirs("m")
with open("m/go.mod", "w") as f:
    f.write("module example.com/m\n\ngo 1.21\n")
with open("m/goslim.toml", "w") as f:
    f.write('version = 1\n[policy]\nstrip = "all"\n')
for i in range(count):
    os.makedirs(f"m/cmd/c{i}")
    with open(f"m/cmd/c{i}/main.go", "w") as f:
        f.write(f"package main\n\nfunc main() {{ println({i}) }}\n")

env = {**os.environ, "GOSLIM_CACHE": here + "/cache"}
builds = [subprocess.Popen([go, "build", "-toolexec=" + wrap, "-o", f"{here}/out{i}", f"./cmd/c{i}"],
                           cwd="m", env=env) for i in range(count)]
assert not any(b.wait() for b in builds)

sessions = glob.glob("cache/sessions/*")
links = set()
for session in sessions:
    argv = [line.rstrip("\n").split("\t")[1] for line in open(session + "/session") if line.startswith("go\t")]
    package = argv[-1].replace("./", "example.com/m/")
    steps = [json.loads(line) for line in open(session + "/steps.jsonl")]
    # Standard packages that were not in go's cache are anyone's.
    own = [s for s in steps if s["package"].startswith("example.com/")]
    assert all(s["package"] == package for s in own), (package, own)
    link = [s for s in own if s["tool"] == "link"]
    assert len(link) == 1, package
    assert [e["rule"] for e in link[0]["edits"]].count("strip"), package
    config = open(f"{session}/{link[0]['importcfg']}").read()
    assert f"packagefile {package}=" in config or "packagefile runtime=" in config, package
    links.add(package)
for i in range(count):
    done = subprocess.run([f"./out{i}"], capture_output=True, text=True)
    assert done.stderr == f"{i}\n", done
print(f"{count} builds, {len(sessions)} sessions, {len(links)} links, nothing mixed")
