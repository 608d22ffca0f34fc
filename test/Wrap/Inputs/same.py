"""same.py WRAPPER TOOL ARG...: TOOL run directly and through WRAPPER must end
alike and write the same bytes."""
import subprocess
import sys

def run(argv):
    done = subprocess.run(argv, capture_output=True, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout, done.stderr

wrapper, tool = sys.argv[1], sys.argv[2:]
plain, wrapped = run(tool), run([*wrapper.split(), *tool])
print("plain:  ", *plain)
print("wrapped:", *wrapped)
sys.exit(plain != wrapped)
