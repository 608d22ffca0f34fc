"""pack.py DIR: archives of DIR/1 and DIR/2, packed well and badly.
pack.py DIR --checksums: a list of what lies in DIR, one line of it wrong."""
import gzip
import hashlib
import io
import os
import sys
import tarfile
import zipfile

root = sys.argv[1]
if len(sys.argv) > 2:
    with open(f"{root}/checksums.txt", "w") as out:
        for name in sorted(os.listdir(root)):
            if name.endswith(".gz"):
                digest = hashlib.sha256(open(f"{root}/{name}", "rb").read()).hexdigest()
                out.write(f"{'0' * 64 if name.startswith('second') else digest}  {name}\n")
        out.write(f"{'1' * 64}  not-fetched.tar.gz\n")
    sys.exit()


def tar(folder, names, owner=(0, 0, "", ""), times={}):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as t:
        for name in names:
            data = b"" if name == "app" else open(f"{folder}/{name}", "rb").read()
            i = tarfile.TarInfo(name)
            i.type = tarfile.DIRTYPE if name == "app" else tarfile.REGTYPE
            i.size, i.mode = len(data), 0o644 if name == "app/README" else 0o755
            i.mtime = times.get(name, 0)
            i.uid, i.gid, i.uname, i.gname = owner
            t.addfile(i, io.BytesIO(data))
    return out.getvalue()


def gz(name, data, level=9, stamp=0, inner=""):
    raw = io.BytesIO()
    with gzip.GzipFile(inner, "wb", level, raw, mtime=stamp) as g:
        g.write(data)
    open(f"{root}/{name}", "wb").write(raw.getvalue())


def zipped(name, level):
    with zipfile.ZipFile(f"{root}/{name}", "w", zipfile.ZIP_DEFLATED, compresslevel=level) as z:
        for member in ("app/README", "app/app"):
            i = zipfile.ZipInfo(member, (1980, 1, 1, 0, 0, 0))
            i.compress_type = zipfile.ZIP_DEFLATED
            z.writestr(i, open(f"{root}/1/{member}", "rb").read(), compresslevel=level)


order = ["app", "app/README", "app/app"]
good = tar(f"{root}/1", order)
gz("good.tar.gz", good)
gz("fast.tar.gz", good, 1)
gz("second.tar.gz", tar(f"{root}/2", order))
gz("less.tar.gz", tar(f"{root}/1", ["app", "app/app"]))
billion = 1000000000
gz("bad.tar.gz", tar(f"{root}/1", ["app", "app/app", "app/README"], (1000, 1000, "me", "us"), {"app/README": billion}), 9, billion, "x.tar")
zipped("good.zip", 9)
zipped("fast.zip", 1)
for name in ("good.tar.gz", "good.zip"):
    data = open(f"{root}/{name}", "rb").read()
    open(f"{root}/cut{name[4:]}", "wb").write(data[: len(data) // 2])
bomb = tarfile.TarInfo("zeros")
bomb.size = 65 << 24
with gzip.GzipFile(f"{root}/bomb.tar.gz", "wb", 1) as g:
    g.write(bomb.tobuf(tarfile.GNU_FORMAT))
    for _ in range(65):
        g.write(b"\0" * (1 << 24))
