"""A terminal between a program and ours: what is typed here goes there, what it prints comes here.

The program never holds the caller's own terminal, into which it could type (ioctl TIOCSTI).
"""

import _signal  # type: ignore[import-not-found]
import fcntl
import os
import sys
import termios
import tty
from select import POLLHUP, POLLIN, poll

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

_BLOCK = 1 << 16
_PASSED = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2")
_SIZE = b"\0" * 8  # struct winsize


def opened(size: "tuple[int, int] | None" = None) -> tuple[int, int]:
    """A new pair: (ours, the program's), of ``size`` in rows and columns, or as large as our terminal."""
    ours, other = os.openpty()
    os.set_inheritable(other, False)
    if size:
        rows, columns = (side.to_bytes(2, sys.byteorder) for side in size)
        fcntl.ioctl(ours, termios.TIOCSWINSZ, rows + columns + _SIZE[4:])
    else:
        _same_size(ours)
    return ours, other


def _same_size(ours: int) -> None:
    if os.isatty(1):
        fcntl.ioctl(ours, termios.TIOCSWINSZ, fcntl.ioctl(1, termios.TIOCGWINSZ, _SIZE))


class _Raw:
    """While this context lasts our terminal passes on each key, and signals for us go to ``pid``."""

    def __init__(self, ours: int, pid: int) -> None:
        self._ours = ours
        self._pid = pid

    def __enter__(self) -> "Self":
        self._mode = termios.tcgetattr(0) if os.isatty(0) else None
        if self._mode is not None:
            tty.setraw(0, termios.TCSADRAIN)  # what has been typed ahead is kept
        numbers = [getattr(_signal, name) for name in _PASSED]
        self._before = {number: _signal.getsignal(number) for number in (*numbers, _signal.SIGWINCH)}
        for number in numbers:
            _signal.signal(number, self._pass)
        _signal.signal(_signal.SIGWINCH, lambda *_: _same_size(self._ours))
        return self

    def _pass(self, number: int, _frame: object) -> None:
        try:
            os.kill(self._pid, number)
        except ProcessLookupError:
            return

    def __exit__(self, kind: object, error: object, trace: "TracebackType | None") -> None:
        for number, handler in self._before.items():
            _signal.signal(number, handler)
        if self._mode is not None:
            termios.tcsetattr(0, termios.TCSADRAIN, self._mode)


def relay(ours: int, pid: int) -> int:
    """Copy both ways until the child ``pid`` has ended and all that it printed is here; its wait status."""
    waiter = poll()
    waiter.register(0, POLLIN | POLLHUP)
    waiter.register(ours, POLLIN | POLLHUP)
    status: int | None = None
    with _Raw(ours, pid):
        while True:
            ready = dict(waiter.poll(100 if status is None else 0))
            if ours in ready:
                block = _read(ours)
                if not block:
                    break  # nobody has the other end any more
                _write(1, block)
            elif status is not None:
                break
            if 0 in ready:
                typed = _read(0)
                _write(ours, typed or b"\x04")  # the end of our input is the end of its
                if not typed:
                    waiter.unregister(0)
            if status is None:
                done, found = os.waitpid(pid, os.WNOHANG)
                status = found if done else None
        if status is None:
            status = os.waitpid(pid, 0)[1]
    os.close(ours)
    return status


def _read(handle: int) -> bytes:
    try:
        return os.read(handle, _BLOCK)
    except OSError:  # EIO: of a terminal that its programs have left
        return b""


def _write(handle: int, data: bytes) -> None:
    while data:
        data = data[os.write(handle, data) :]
