"""FILE: a tar.gz of one file of 300 MB that is all zeros."""
import io
import sys
import tarfile

SIZE = 300_000_000


class Zeros(io.RawIOBase):
    def read(self, size=-1):
        return bytes(size)


with tarfile.open(sys.argv[1], "w:gz", compresslevel=1) as out:
    info = tarfile.TarInfo("zeros")
    info.size = SIZE
    out.addfile(info, Zeros())
