"""patch.py IN OUT TEXT: a copy of IN with the first byte of TEXT changed."""
import os
import sys

data = open(sys.argv[1], "rb").read()
at = data.index(sys.argv[3].encode())
open(sys.argv[2], "wb").write(data[:at] + b"#" + data[at + 1:])
os.chmod(sys.argv[2], 0o755)
