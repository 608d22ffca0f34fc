"""terminal.py COLUMNS COMMAND...: runs it on a terminal of that width and
prints what the terminal got, ESC as "<ESC>"."""
import fcntl
import os
import pty
import struct
import sys
import termios

pid, master = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ,
                struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0))
    os.execvp(sys.argv[2], sys.argv[2:])
out = b""
while True:
    try:
        piece = os.read(master, 65536)
    except OSError:
        break
    if not piece:
        break
    out += piece
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
print(out.decode().replace("\r\n", "\n").replace("\033", "<ESC>"), end="")
sys.exit(code)
