"""pairs.py FOLDER: builds pairs of programs that differ for one known reason,
and checks that goslim compare names it, leaves no byte unknown, and needs at
most 25 lines."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.abspath(sys.argv[1])
failed = []
FILES = {
    "go.mod": "module example.com/app\n\ngo 1.21\n\nrequire example.com/dep v1.0.0\n\nreplace example.com/dep => ./dep1\n",
    "main.go": """package main

import (
	"fmt"

	"example.com/dep"
)

var version = "dev"

func main() { fmt.Println("version", version, tag(), dep.Name(), debug()) }
""",
    "plain.go": '//go:build !extra\n\npackage main\n\nfunc tag() string { return "plain" }\n',
    "extra.go": '//go:build extra\n\npackage main\n\nfunc tag() string { return "extra" }\n',
    "debug.go": 'package main\n\nfunc debug() string { return "none" }\n',
    "dep1/go.mod": "module example.com/dep\n\ngo 1.21\n",
    "dep1/dep.go": 'package dep\n\nfunc Name() string { return "one" }\n',
    "dep2/go.mod": "module example.com/dep\n\ngo 1.21\n",
    "dep2/dep.go": 'package dep\n\nfunc Name() string { return "two of them" }\n',
}
CGO = {
    "go.mod": "module example.com/withc\n\ngo 1.21\n",
    "main.go": 'package main\n\nimport "example.com/withc/inner"\n\nfunc main() { println(inner.Where()) }\n',
    "inner/inner.go": """package inner

// #cgo CFLAGS: -DWHERE="${SRCDIR}/data.txt"
// #define S2(x) #x
// #define S(x) S2(x)
// static const char *where(void) { return S(WHERE); }
import "C"

func Where() string { return C.GoString(C.where()) }
""",
}


def tree(name, files, root=ROOT, **changes):
    folder = os.path.join(root, name)
    shutil.rmtree(folder, ignore_errors=True)
    for path, text in {**files, **changes}.items():
        file = os.path.join(folder, path)
        os.makedirs(os.path.dirname(file), exist_ok=True)
        with open(file, "w") as f:
            f.write(text)
    return folder


def build(folder, out, *flags, package=(".",), **env):
    out = os.path.join(ROOT, "out", out)
    base = {k: v for k, v in os.environ.items() if k not in ("GOFLAGS", "GOAMD64", "GOEXPERIMENT")}
    base.update(CGO_ENABLED="0", GOFLAGS="", GOTOOLCHAIN="local", GOWORK="off")
    base.update(env)
    vcs = [] if any(f.startswith("-buildvcs") for f in flags) else ["-buildvcs=false"]
    subprocess.run(["go", "build", *vcs, *flags, "-o", out, *package], cwd=folder, env=base, check=True)
    return out


def goslim(*words):
    p = subprocess.run(["goslim", "compare", *words], capture_output=True, text=True)
    assert p.returncode in (0, 1), (words, p.returncode, p.stderr)
    return p


def check(name, a, b, causes, level=None, allowed=()):
    """causes: those that must be there; all others only as far as allowed."""
    result = json.loads(goslim("--format", "json", a, b).stdout)
    lines = goslim(a, b).stdout.count("\n")
    found = {f["cause"] for f in result["findings"]}
    always = {"build-id", "host-build-id", "uuid", "signature", "follows", "timestamp", "checksum"}
    wrong = found - set(causes) - set(allowed) - always
    unknown = sum(f["bytes"] for f in result["findings"] if f["cause"] == "unknown")
    total = sum(f["bytes"] for f in result["findings"])
    good = (set(causes) <= found and not wrong and not unknown and lines <= 25 and total == result["differing_bytes"]
            and (level is None or result["level"] == level))
    if not good:
        failed.append(name)
    print(f"{'right' if good else 'WRONG'}: {name}: {result['level']}, {', '.join(sorted(found))}"
          + ("" if good else f" (missing {set(causes) - found}, extra {wrong}, {lines} lines, level {level})"))
    if not good:
        print(goslim("--all", a, b).stdout[:3000])


def x_value(value):
    return f"-ldflags=-X=main.version={value}"


one = tree("one", FILES)
two = tree("much/longer/two", FILES)
T = "-trimpath"
base = build(one, "base", T)
check("nothing", base, build(two, "base2", T), [], "identical")
check("-X value, same length", build(one, "x1", T, x_value("1.2.3")), build(one, "x2", T, x_value("1.2.4")),
      ["x-value"], "code")
check("-X value, longer", build(one, "x1", T, x_value("1.2.3")), build(one, "x3", T, x_value("1.2.44444")),
      ["x-value"], "code")
check("-X value, new", base, build(one, "x1", T, x_value("1.2.3")), ["x-value"], "code")
check("-X value, stripped", build(one, "s1", T, "-ldflags=-s -w -X=main.version=1.2.3"),
      build(one, "s2", T, "-ldflags=-s -w -X=main.version=1.2.4"), ["x-value"], "code")
check("folder without -trimpath", build(one, "n1"), build(two, "n2"), ["path"], "debug")
check("-trimpath", base, build(one, "n1"), ["trimpath"], None, ["setting"])
check("-s -w", base, build(one, "sw", T, "-ldflags=-s -w"), ["stripped"], "debug")
check("-buildid=", base, build(one, "idless", T, "-ldflags=-buildid="), ["build-id"])
check("tags", base, build(one, "tags", T, "-tags=extra"), ["tags"])
check("GOAMD64", base, build(one, "v3", T, GOAMD64="v3"), ["arch-level"])
check("compiler flags", base, build(one, "gc", T, "-gcflags=-l"), ["compiler-flags"])
check("a file instead of a package", base,
      build(one, "file", T, package=("main.go", "plain.go", "debug.go")), ["main-path"], None, ["path", "dependency"])
dep2 = tree("dep", {**FILES, "go.mod": FILES["go.mod"].replace("dep1", "dep2")})
check("version of a module", base, build(dep2, "dep2", T), ["dependency"])
debug = tree("debug", {**FILES, "debug.go": "//go:debug panicnil=1\n" + FILES["debug.go"]})
check("GODEBUG defaults", base, build(debug, "godebug", T), ["godebug"], None, ["x-value"])
changed = tree("changed", {**FILES, "main.go": FILES["main.go"].replace('"version"', '"release"')})
check("sources", base, build(changed, "changed", T), ["data"])
check("GOEXPERIMENT", base, build(one, "exp", T, GOEXPERIMENT="nodwarf5"), ["experiment"])
check("position independent", base, build(one, "pie", T, "-buildmode=pie"), ["linker-flags"])
check("target", base, build(one, "arm", T, GOARCH="arm64"), ["target"], "different")

git = tree("git", FILES)
run = lambda *words: subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *words], cwd=git, check=True, capture_output=True)
run("init", "-q")
run("add", ".")
run("commit", "-qm", "one")
clean = build(git, "clean", T, "-buildvcs=true")
check("no VCS stamp", clean, build(git, "novcs", T, "-buildvcs=false"), ["vcs-stamp"], "code")
with open(os.path.join(git, "new.txt"), "w") as f:
    f.write("x")
check("dirty tree", clean, build(git, "dirty", T, "-buildvcs=true"), ["vcs-stamp"], "code")

# One bit of the code, and of the data, behind the linker's back.
for name, section in (("code", ".text"), ("data", ".rodata")):
    row = [l.split() for l in subprocess.run(["readelf", "-SW", base], capture_output=True, text=True).stdout.splitlines()
           if f" {section} " in l][0]
    at = int(row[row.index(section) + 3], 16) + 4096
    bytes_ = bytearray(open(base, "rb").read())
    bytes_[at] ^= 4
    out = os.path.join(ROOT, "out", "flip-" + name)
    open(out, "wb").write(bytes_)
    check(f"a flipped bit of {name}", base, out, ["altered"], "different")

for os_ in ("windows", "darwin"):
    e = {"GOOS": os_}
    b = build(one, f"base.{os_}", T, **e)
    check(f"{os_}: nothing", b, build(two, f"base2.{os_}", T, **e), [], "identical")
    check(f"{os_}: -X value", build(one, f"x1.{os_}", T, x_value("1.2.3"), **e),
          build(one, f"x2.{os_}", T, x_value("1.2.4"), **e), ["x-value"], "code")
    check(f"{os_}: folder", build(one, f"n1.{os_}", **e), build(two, f"n2.{os_}", **e), ["path"], "debug")
    check(f"{os_}: tags", b, build(one, f"tags.{os_}", T, "-tags=extra", **e), ["tags"])
    check(f"{os_}: GOAMD64", b, build(one, f"v3.{os_}", T, GOAMD64="v3", **e), ["arch-level"])
    check(f"{os_}: stripped", b, build(one, f"s.{os_}", T, "-ldflags=-s -w", **e), ["stripped"], "debug")
    check(f"{os_}: compiler flags", b, build(one, f"gc.{os_}", T, "-gcflags=-l", **e), ["compiler-flags"])

e = {"GOOS": "wasip1", "GOARCH": "wasm"}
b = build(one, "base.wasm", T, **e)
check("wasm: nothing", b, build(two, "base2.wasm", T, **e), [], "identical")
check("wasm: -X value", build(one, "x1.wasm", T, x_value("1.2.3"), **e), build(one, "x2.wasm", T, x_value("1.2.4"), **e),
      ["x-value"], "code")
check("wasm: tags", b, build(one, "tags.wasm", T, "-tags=extra", **e), ["tags"])
check("wasm: compiler flags", b, build(one, "gc.wasm", T, "-gcflags=-l", **e), ["compiler-flags"])
check("wasm: stripped", b, build(one, "s.wasm", T, "-ldflags=-s", **e), ["stripped"], None, ["linker-flags", "setting"])

if shutil.which("cc"):
    # cgo takes no "-" in the value of -D.
    plain = tempfile.mkdtemp(prefix="goslimpairs", dir="/tmp")
    c1, c2 = tree("one", CGO, plain), tree("another/two", CGO, plain)
    here = build(c1, "c1", T, CGO_ENABLED="1")
    check("path in C code", here, build(c2, "c2", T, CGO_ENABLED="1"), ["c-file-path"], "code")
    if shutil.which("clang-22"):
        check("C compiler", here, build(c1, "c3", T, CGO_ENABLED="1", CC="clang-22"), ["c-compiler"], None,
              ["stripped", "c-file-path"])
    check("C flags", here, build(c1, "c4", CGO_ENABLED="1", CGO_CFLAGS="-O1 -g"), ["trimpath"], None,
          ["cgo-flags", "setting", "path", "c-file-path", "stripped"])
    shutil.rmtree(plain)
print(f"{len(failed)} wrong")
