"""overlay.py GO FOLDER: writes FOLDER/overlay.json, which puts main.go into the
source of that go command as cmd/go/goslimoracle, with two functions exported
that it asks. Prints nothing; no file of the toolchain is touched."""

import json
import os
import subprocess
import sys

EXPORTS = {
    "test": "func OracleTestFlags(args []string) ([]string, []string) { return testFlags(args) }",
    "work": "func OracleEncodeArg(arg string) string { return encodeArg(arg) }",
}

go, folder = sys.argv[1:]
root = subprocess.run([go, "env", "GOROOT"], check=True, text=True,
                      stdout=subprocess.PIPE).stdout.strip()
source = os.path.join(root, "src", "cmd", "go")
here = os.path.dirname(os.path.abspath(__file__))
replace = {os.path.join(source, "goslimoracle", "main.go"): os.path.join(here, "main.go")}
for package, code in EXPORTS.items():
    path = os.path.join(folder, package + ".go")
    with open(path, "w", encoding="utf-8") as file:
        file.write("package %s\n\n%s\n" % (package, code))
    replace[os.path.join(source, "internal", package, "goslimoracle.go")] = path
with open(os.path.join(folder, "overlay.json"), "w", encoding="utf-8") as file:
    json.dump({"Replace": replace}, file)
