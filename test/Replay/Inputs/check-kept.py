"""check-kept.py FILE PROGRAM: the names in the -dumpdep lines of FILE are those
that goslim dump --kept PROGRAM lists."""
import re
import subprocess
import sys

kept = set()
for line in subprocess.run(["goslim", "dump", "--kept", sys.argv[2]], check=True, capture_output=True).stdout.decode(
        "utf-8", "surrogateescape").splitlines():
    name = re.match(r"(?: *[0-9a-f]+ +[0-9]+ [a-z]+| +-) (.*)$", line)
    kept.add(name[1])
listed = set()
for line in open(sys.argv[1], encoding="utf-8", errors="surrogateescape"):
    line = line.rstrip("\n")
    # Names may hold the arrow: a line counts where both sides are names.
    parts = re.sub(r"( <(UsedInIface|ReflectMethod)>)+$", "", line).split(" -> ")
    for i in range(1, len(parts)):
        child = " -> ".join(parts[i:])
        parent = re.sub(r"( <(UsedInIface|ReflectMethod)>)+$", "", " -> ".join(parts[:i]))
        if child in kept or len(parts) == 2:
            if parent in kept or parent in ("_", "") or len(parts) == 2:
                listed.add(child)
                break
missing = listed - kept
# What the linker makes itself comes after it has listed what it keeps.
more = {n for n in kept - listed if n and not re.fullmatch(
    r"go:(buildinfo(\.ref)?|(text|rodata|noptrdata|data)fips(start|end)|fipsinfo)|runtime\.(gcbss|gcdata|text|"
    r"textsectionmap|findfunctab|lastmoduledatap|mapinitnoop|(buildVersion|defaultGOROOT|godebugDefault|modinfo)\.str)", n)}
print(f"{len(listed)} names, all kept, no more" if not missing and not more else
      (len(missing), sorted(missing)[:5], len(more), sorted(more)[:5]))
