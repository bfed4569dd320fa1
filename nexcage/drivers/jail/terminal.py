"""A terminal for a process of a jail: a pty(4) of the host, whose other end goes to the caller's socket."""

import array
import fcntl
import os
import socket
import termios


def give(console: str, size: "list[int] | None", uid: int) -> None:
    """Make a pty ours, as standard input, output and error; send its master to the unix socket ``console``.

    As runc does it (docs/terminals.md): one message, the descriptor in its ancillary data.
    """
    master, slave = os.openpty()
    if size:
        rows, columns = size
        fcntl.ioctl(slave, termios.TIOCSWINSZ, array.array("H", [rows, columns, 0, 0]))
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
        caller.connect(console)
        socket.send_fds(caller, [os.ttyname(slave).encode()], [master])
    os.close(master)
    for handle in (0, 1, 2):
        os.dup2(slave, handle)
    if slave > 2:
        os.close(slave)
    take(uid)


def take(uid: int) -> None:
    """Let the terminal at standard input be that of this session, and belong to its user."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    os.fchown(0, uid, -1)
