"""Bytes of an ELF program by address; the segments are readelf's."""
import subprocess


class Program:
    def __init__(self, path):
        self.bytes = open(path, "rb").read()
        self.segments = []
        for line in subprocess.run(["readelf", "-lW", path], capture_output=True, text=True).stdout.splitlines():
            f = line.split()
            if f and f[0] == "LOAD":
                self.segments.append((int(f[2], 16), int(f[1], 16), int(f[4], 16)))

    def holds(self, content, address):
        """Whether the file has content at address."""
        offset = next((address - a + o for a, o, n in self.segments if a <= address < a + n), None)
        return offset is not None and self.bytes[offset : offset + len(content)] == content
