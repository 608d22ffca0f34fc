"""killed_builds.py GO GOSLIM-WRAP: kills wrapped builds in the middle, at a
chosen step, each time another process by another signal, and looks at what is
left: the next build must work and give plain go's bytes, and every file of
every session must be whole.

The killing is done by a wrapper behind goslim-wrap, so it happens at exactly
that step, without a clock."""
import glob
import json
import os
import signal
import subprocess
import sys

# A suite started in the background inherits an ignored SIGINT.
for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)

go, wrap = sys.argv[1:]
here = os.getcwd()
PACKAGES = 12

KILLER = """#!/bin/sh
if [ "$TOOLEXEC_IMPORTPATH" = "$KILL_AT" ]; then
  wrapper=$PPID
  go=$PPID
  [ $KILL_PLAIN ] || go=$(sed 's/.*) //' /proc/$wrapper/stat | cut -d' ' -f2)
  case $KILL_WHOM in
  go) kill -$KILL_BY $go ;;
  group) kill -$KILL_BY 0 ;;
  wrapper) kill -$KILL_BY $wrapper ;;
  esac
  # What is killed is not this process, or not at once: stay until told.
  if [ $KILL_WHOM = wrapper ] && [ $KILL_BY != KILL ]; then
    ulimit -t 20  # not for ever when the signal is lost
    while :; do :; done
  fi
fi
exec "$@"
"""


def write(name, text):
    os.makedirs(os.path.dirname(os.path.abspath(name)), exist_ok=True)
    with open(name, "w") as f:
        f.write(text)


def make_module():
    """Packages in a row, each importing the next: a build of many steps, none
    of which go has in its cache."""
    tag = os.urandom(8).hex()
    write("m/go.mod", "module example.com/m\n\ngo 1.21\n")
    for i in range(PACKAGES):
        after = f'import "example.com/m/p{i+1}"\n' if i + 1 < PACKAGES else ""
        call = f" + p{i+1}.F()" if after else ""
        write(f"m/p{i}/p.go", f"package p{i}\n\n{after}\nfunc F() int {{ return {i}{call} }} // {tag}\n")
    write("m/main.go", f'package main\n\nimport "example.com/m/p0"\n\nfunc main() {{ println(p0.F(), "{tag}") }}\n')
    write("m/goslim.toml", 'version = 1\n[policy]\nstrip = "all"\nbuildid = "empty"\n')


def build(toolexec, output, flags=(), **env):
    os.makedirs("tmp", exist_ok=True)
    command = [go, "build", *flags, "-o", output, "."]
    if toolexec:
        command.insert(2, "-toolexec=" + toolexec)
    child = subprocess.Popen(command, cwd="m", stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             env={**os.environ, "TMPDIR": here + "/tmp", **env},
                             start_new_session=True, text=True)
    output = child.communicate()[0]  # ends when the last descendant has gone
    return child.returncode, output


def check_sessions():
    for path in glob.glob("cache/**", recursive=True, include_hidden=True):
        assert ".tmp" not in os.path.basename(path), "stray file " + path
    for session in glob.glob("cache/sessions/*"):
        text = open(session + "/session").read()
        assert text.startswith("mode\t") and text.endswith("\n"), session
        if os.path.exists(session + "/steps.jsonl"):
            for line in open(session + "/steps.jsonl"):
                json.loads(line)


write("killer", KILLER)
os.chmod("killer", 0o755)
os.environ["GOSLIM_CACHE"] = here + "/cache"
cases = [("go", "KILL"), ("go", "TERM"), ("go", "INT"), ("group", "INT"),
         ("wrapper", "KILL"), ("wrapper", "TERM"), ("wrapper", "INT")]
for number, (whom, by) in enumerate(cases):
    at = f"example.com/m/p{number + 2}" if number % 3 else "example.com/m"
    kill = dict(KILL_AT=at, KILL_WHOM=whom, KILL_BY=by)
    if whom == "wrapper":
        name = dict(KILL="killed", TERM="terminated", INT="interrupt")[by]
    else:
        make_module()
        expected = build(here + "/killer", here + "/killed", KILL_PLAIN="1", **kill)
    make_module()
    found = build(f"{wrap} {here}/killer", here + "/killed", **kill)
    if whom == "wrapper":  # go sees what it would see of the tool
        assert found[0] == 1 and f"signal: {name}" in found[1], (whom, by, found)
    else:  # whether go still gets to say something is a race
        assert found[0] == expected[0], (whom, by, found, expected)
    check_sessions()
    found = build(wrap, here + "/wrapped")
    assert found == (0, ""), (whom, by, found)
    found = build("", here + "/plain", ["-ldflags=-s -w -buildid="])
    assert found == (0, ""), found
    assert open("plain", "rb").read() == open("wrapped", "rb").read(), (whom, by)
    print(f"{whom} killed by SIG{by} at {at}: fine")
