"""exit-code.py CODE PROGRAM ARG...: succeeds when the program ends with CODE
(negative: by that signal)."""
import subprocess
import sys

want, got = int(sys.argv[1]), subprocess.run(sys.argv[2:]).returncode
if got != want:
    print(f"expected exit code {want}, found {got}")
sys.exit(got != want)
