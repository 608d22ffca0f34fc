"""Prints all pages of goslim's own manual."""
import subprocess
import sys

commands = {line.split("\t")[0] for line in
            subprocess.run([sys.argv[1], "help", "--table"], capture_output=True,
                           text=True, check=True).stdout.splitlines()}
for topic in ["policy", "modes", "manifest", "report-json", "exit-codes", "environment",
              *sorted(commands - {""})]:
    sys.stdout.flush()
    subprocess.run([sys.argv[1], "help", topic], check=True)
subprocess.run([sys.argv[1], "help"], check=True)
