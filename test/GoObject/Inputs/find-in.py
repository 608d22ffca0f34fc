"""find-in.py FILE < TEXT: whether FILE holds TEXT."""
import sys

text = sys.stdin.read()
print("found" if text and text in open(sys.argv[1]).read() else "not found: run utils/generate-linker-tables")
