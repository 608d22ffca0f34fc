"""lit configuration of goslim's suites; see test/README.md."""

import os
import re
import shutil
import subprocess

import lit.formats

config.name = "goslim"
config.suffixes = [".test"]
config.excludes = ["Inputs", "unit", "fuzz", "scratch", "run"]
config.test_format = lit.formats.ShTest(execute_external=False)
config.test_source_root = os.path.join(config.goslim_source, "test")
config.test_exec_root = os.path.join(config.goslim_build, "test", "run")


def capture(*argv, **env):
    try:
        return subprocess.run(argv, env={**os.environ, **env}, timeout=300,
                              capture_output=True, text=True, cwd="/").stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""


# A closed environment: what a test relies on is said here or in the test.
bin_dir = os.path.join(config.goslim_build, "bin")
go = shutil.which("go") or ""
keep = {k: os.environ[k] for k in ("GOPROXY", "SSL_CERT_FILE", "SSL_CERT_DIR",
                                   "TERM", "LANG") if k in os.environ}
scratch = os.path.join(config.goslim_build, "test", "scratch")
os.makedirs(os.path.join(scratch, "home"), exist_ok=True)
config.environment = {
    **keep,
    "PATH": os.pathsep.join([bin_dir, config.llvm_tools, os.path.dirname(go) or "/usr/bin",
                             "/usr/bin", "/bin", "/usr/local/bin"]),
    "HOME": os.path.join(scratch, "home"),
    "GOSLIM_CACHE": os.path.join(scratch, "goslim-cache"),
    "GOFLAGS": "-buildvcs=false", "GOENV": "off", "GOWORK": "off", "GOTELEMETRY": "off",
    "GOTOOLCHAIN": "local", "GONOSUMDB": "*", "GONOSUMCHECK": "1", "GOFLAGS_EXTRA": "",
    "LC_ALL": "C", "NO_COLOR": "1",
    "ASAN_OPTIONS": "detect_leaks=0",
}
config.environment.pop("GOFLAGS_EXTRA")
if shutil.which("openssl"):
    config.available_features.add("openssl")
if shutil.which("git"):
    config.available_features.add("git")
if go:
    # One cache for all tests (a cold standard library costs 20 s); tests about
    # caching set their own. The module cache is the user's: read-mostly.
    config.environment["GOCACHE"] = os.path.join(scratch, "go-cache")
    config.environment["GOMODCACHE"] = capture(go, "env", "GOMODCACHE")
    config.environment["GOPATH"] = capture(go, "env", "GOPATH")
    config.available_features.add("go")
    if capture(go, "env", "CGO_ENABLED") == "1" and shutil.which("gcc"):
        config.available_features.add("cgo")

# %goslim, %goslim-wrap: absolute, so that PATH can be changed by a test.
subs = config.substitutions
subs.append(("%goslim-wrap", os.path.join(bin_dir, "goslim-wrap")))
subs.append(("%goslim", os.path.join(bin_dir, "goslim")))
subs.append(("%build", config.goslim_build))
subs.append(("%source", config.goslim_source))
subs.append(("%inputs", os.path.join(config.goslim_source, "test", "Inputs")))
subs.append(("%python", shutil.which("python3") or "python3"))

# %go120 ... %go127: the go command of other releases, when they can be had
# (features go120 ... go127); %go is the machine's own.
releases = {"120": "go1.20.14", "121": "go1.21.13", "122": "go1.22.12", "124": "go1.24.4",
            "125": "go1.25.5", "126": "", "127": "go1.27.3"}
network = lit_config.params.get("network", "1") == "1"
if go:
    own = capture(go, "env", "GOVERSION", GOTOOLCHAIN="local")
    for short, version in releases.items():
        root = ""
        if not version or own == version:
            if re.match(r"go1\.%s\b" % short[1:], own):
                root = capture(go, "env", "GOROOT", GOTOOLCHAIN="local")
        elif network:
            root = capture(go, "env", "GOROOT", GOTOOLCHAIN=version, GOFLAGS="")
        if root and os.path.exists(os.path.join(root, "bin", "go")):
            config.available_features.add("go" + short)
            subs.append(("%go" + short, os.path.join(root, "bin", "go")))
    subs.append(("%goroot", capture(go, "env", "GOROOT", GOTOOLCHAIN="local")))
    subs.append(("%go", go))
# Real modules from the module proxy; absent = counted as unsupported.
if network and go and capture(go, "list", "-m", "github.com/evanw/esbuild@v0.28.2",
                              GOFLAGS="-mod=mod", GOTOOLCHAIN="local"):
    config.available_features.add("network")
if config.sanitized:
    config.available_features.add("sanitized")
if lit_config.params.get("long", "1") == "1":
    config.available_features.add("long")
