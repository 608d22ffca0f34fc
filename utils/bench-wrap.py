#!/usr/bin/env python3
"""Wall time that goslim-wrap adds to one tool call.

Runs `TOOL args` and `goslim-wrap TOOL args` in turn, many times, and prints the
median of the paired differences in milliseconds: one line per case,
"CASE<tab>ADDED_MS<tab>PLAIN_MS". A machine under load makes single runs differ
by more than what is measured, which is why it is pairs and their median.

goslim-wrap looks for a go process above it, so this script runs itself once
more through a link named go.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

POLICY = """version = 1
[policy]
strip = "all"
trimpath = true
vars = { set = { "main.version" = "1.2.3" } }
[[override]]
match = { package = "./cmd/debug/..." }
strip = "none"
"""


def spawn(argv, env):
    start = time.perf_counter_ns()
    pid = os.posix_spawn(argv[0], argv, env, file_actions=[
        (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])
    status = os.waitpid(pid, 0)[1]
    elapsed = time.perf_counter_ns() - start
    if status:
        sys.exit(f"bench-wrap: {' '.join(argv[:3])} ...: status {status}")
    return elapsed / 1e6


def measure(runs, plain, wrapped, env):
    spawn(plain, env), spawn(wrapped, env)
    pairs = []
    for i in range(runs):  # alternate which of the two goes first
        if i % 2:
            b, a = spawn(wrapped, env), spawn(plain, env)
        else:
            a, b = spawn(plain, env), spawn(wrapped, env)
        pairs.append((a, b))
    return (statistics.median(b - a for a, b in pairs),
            statistics.median(a for a, b in pairs))


def go_env(go):
    names = ["GOROOT", "GOTOOLDIR", "GOVERSION", "GOOS", "GOARCH", "GOMODCACHE", "CGO_ENABLED"]
    values = json.loads(subprocess.check_output([go, "env", "-json", *names]))
    return {**os.environ, **values}


def compile_args(tool_dir, work):
    """A real compile of a small package of its own: no imports to build."""
    source, objects = os.path.join(work, "p.go"), os.path.join(work, "b001")
    os.mkdir(objects)
    with open(source, "w") as f:
        f.write("package p\n\nfunc F(s []int) (n int) {\n"
                "\tfor _, v := range s {\n\t\tn += v\n\t}\n\treturn\n}\n")
    config = os.path.join(objects, "importcfg")
    open(config, "w").close()
    return [os.path.join(tool_dir, "compile"), "-o", os.path.join(objects, "_pkg_.a"),
            "-trimpath", objects + "=>", "-p", "example.com/p", "-lang=go1.21", "-complete",
            "-buildid", "x/x", "-importcfg", config, "-pack", source]


def main(arguments):
    work = tempfile.mkdtemp(prefix="goslim-bench-")
    try:
        os.chdir(work)
        env = go_env(arguments.go)
        env.update(GOSLIM_CACHE=os.path.join(work, "cache"), TOOLEXEC_IMPORTPATH="example.com/p",
                   PWD=work)
        for name in ("GOSLIM_CONFIG", "GOSLIM_PROFILE", "GOSLIM_DISABLE", "GOSLIM_LOG"):
            env.pop(name, None)
        with open("go.mod", "w") as f:
            f.write("module example.com\n\ngo 1.21\n")
        wrap = os.path.abspath(arguments.wrap)
        compile_line = compile_args(env["GOTOOLDIR"], work)
        version = [compile_line[0], "-V=full"]
        results = {}

        def case(name, line):
            # Each case its own session: a policy is found only once in each.
            env["GOSLIM_CACHE"] = os.path.join(work, "cache-" + str(len(results)))
            results[name] = measure(arguments.runs, line, [wrap, *line], env)

        case("-V=full, no policy", version)
        case("compile, no policy", compile_line)
        with open("goslim.toml", "w") as f:
            f.write(POLICY)
        case("-V=full, policy", version)
        case("compile, policy", compile_line)
        for name, (added, plain) in results.items():
            print(f"{name}\t{added:.2f}\t{plain:.2f}")
    finally:
        os.chdir("/")
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--wrap", default="goslim-wrap", help="the goslim-wrap to measure")
    parser.add_argument("--go", default="go", help="the go command")
    parser.add_argument("--runs", type=int, default=200, help="pairs per case")
    options = parser.parse_args()
    options.wrap = shutil.which(options.wrap) or sys.exit("bench-wrap: no goslim-wrap; use --wrap")
    if os.environ.get("GOSLIM_BENCH_AS_GO") != "1":
        folder = tempfile.mkdtemp(prefix="goslim-bench-go-")
        os.symlink(os.path.realpath(sys.executable), os.path.join(folder, "go"))
        code = subprocess.call([os.path.join(folder, "go"), os.path.abspath(__file__),
                                "--wrap", options.wrap, "--go", shutil.which(options.go),
                                "--runs", str(options.runs)],
                               env={**os.environ, "GOSLIM_BENCH_AS_GO": "1"})
        shutil.rmtree(folder)
        sys.exit(code)
    main(options)
