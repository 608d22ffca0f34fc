"""many-builds.py GOSLIM GO WRAP CACHE COUNT: COUNT builds at once in the current
module with one cache, every second one through plain -toolexec. Each must end
well with a complete record of its own program, and the manifests in the end be
what single builds make."""
import json
import os
import subprocess
import sys

goslim, go, wrap, cache, count = *sys.argv[1:5], int(sys.argv[5])
env = {**os.environ, "GOSLIM_CACHE": cache, "CGO_ENABLED": "0"}
packages = ["./cmd/app", "./tools/app"]


def command(i):
    words = ([goslim, "-q", "build"] if i % 2 == 0
             else [go, "build", "-toolexec", wrap])
    return words + ["-o", f"out/{i}", packages[i // 2 % 2]]


def manifests():
    return {name: open(os.path.join("m", name)).read()
            for name in sorted(os.listdir("m"))}


for i in range(0, 4, 2):
    subprocess.run(command(i), env=env, check=True)
single = manifests()
subprocess.run(["rm", "-r", "m", "out"], check=True)
running = [subprocess.Popen(command(i), env=env, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT) for i in range(count)]
said = [p.communicate()[0].decode() for p in running]
print("failed:", sum(p.returncode != 0 for p in running),
      "said:", "".join(said).strip() or "nothing")
print("manifests:", "as single builds" if manifests() == single else "differ")

complete = 0
sessions = os.path.join(cache, "sessions")
for name in os.listdir(sessions):
    if name.startswith("."):
        continue
    out = subprocess.run([goslim, "steps", "--format", "json", "--session",
                          os.path.join(sessions, name)],
                         env=env, capture_output=True, check=True).stdout
    doc = json.loads(out)
    links = [s for s in doc["steps"] if s["tool"] == "link"]
    wanted = "example.com/m/" + doc["go"][-1][2:]
    complete += ([s["package"] for s in links] == [wanted]
                 and doc["totals"]["damaged"] == 0
                 and any(s["package"] == "runtime" for s in doc["steps"]))
print("complete records:", complete)
