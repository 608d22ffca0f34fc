"""check-sums.py MANIFEST PROGRAM: the manifest is TOML, its steps, and its
packages with the rest, add up to the program's size, and every array of tables
is sorted. An independent reader (tomllib)."""
import os
import sys
import tomllib

with open(sys.argv[1], "rb") as file:
    manifest = tomllib.load(file)
size = os.path.getsize(sys.argv[2])
packages = sum(sum(p.get("bytes", {}).values()) for p in manifest["package"])
rest = sum(r["bytes"] for r in manifest["rest"])
steps = sum(s["bytes"] for s in manifest["step"])
sections = sum(s["bytes"] for s in manifest["section"])
for what, found in (("steps", steps), ("packages and rest", packages + rest)):
    print(what, "add up" if found == size else f"{found}, file {size}")
print("sections", "fit" if sections <= size else "do not fit")
for table, key in (("package", "path"), ("module", "path"), ("rest", "name"),
                   ("section", "name"), ("step", "package")):
    names = [entry.get(key, "") for entry in manifest.get(table, [])]
    print(table, "sorted" if names == sorted(names) else "not sorted")
