"""exit-code.py CODE PROGRAM ARG...: succeeds when the program ends with CODE
(negative: by that signal). Signals that a shell in the background has ignored
are given back their meaning."""
import signal
import subprocess
import sys

for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)

want, got = int(sys.argv[1]), subprocess.run(sys.argv[2:]).returncode
if got != want:
    print(f"expected exit code {want}, found {got}")
sys.exit(got != want)
