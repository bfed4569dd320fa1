"""A run on a driver that only starts containers: create, start, show what it writes, wait, delete.

Proxmox VE keeps neither the output nor the exit status of a container's first process; they are in the
log of its console, where a terminal has put CR before LF, and in LXC's.
"""

import _signal  # type: ignore[import-not-found]
import os
import sys
import time
from select import POLLIN, poll

from nexcage import log
from nexcage.cli.delete import delete
from nexcage.cli.making import Making
from nexcage.cli.target import Target
from nexcage.drivers.pct import lxc
from nexcage.drivers.pct.driver import Pct
from nexcage.drivers.pct.startlog import Log
from nexcage.errors import NexcageError
from nexcage.host import process, signals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

BLOCK = 1 << 16
LOOK = 50  # ms between two looks at the log
_PASSED = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2")


def run(making: Making) -> int:
    """The exit status of the program; detached: 0 when it was started."""
    with _Passing() as passing:  # from the beginning: what comes too early for the program waits for it
        return _run(making, passing)


def _run(making: Making, passing: "_Passing") -> int:
    if making.make("create") or making.call.flag("dry-run"):
        return 0
    target = Target(making.call, making.store, making.record)
    driver = target.driver
    assert isinstance(driver, Pct)  # noqa: S101
    try:
        with signals.Undoing():
            began = Log.of(driver.own(target.record.handle))
            target.perform("start", [], [])
            target.finish("start")
        if making.unborn:
            making.unborn.started()
        if making.detached:
            return 0
        status = _follow(making, target, began, passing)
    except BaseException:
        _forget(making)
        raise
    if not making.keep:
        delete(making.call, making.id, force=True)
    return status


def _forget(making: Making) -> None:
    """Nothing is left of a run that failed; what cannot be removed is said."""
    try:
        delete(making.call, making.id, force=True)
    except NexcageError as error:
        log.warning(f"could not remove the container: {error.message}", code="undo-failed")


def _follow(making: Making, target: Target, began: Log, passing: "_Passing") -> int:
    """Show the output until the first process has ended; its exit status."""
    pid = target.state()[1]
    output = _Output(target.record.stdio)
    if pid:
        watched = os.pidfd_open(pid)
        try:
            passing.to(watched)
            if making.interactive():
                output.show()
                process.foreground(lxc.console(target.record.handle))
                output.skip()
            waiter = poll()
            waiter.register(watched, POLLIN)
            while not waiter.poll(LOOK):
                output.show()
        finally:
            passing.to(-1)
            os.close(watched)
    while target.state()[0] not in ("stopped", "created"):
        time.sleep(LOOK / 1000)  # LXC is still putting things away
    output.show(last=True)
    return began.status()


class _Output:
    """The log of a console, as the program wrote it."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._handle = -1
        self._held = b""

    def show(self, *, last: bool = False) -> None:
        """Copy what is new to standard output."""
        if self._handle < 0 and self._path != "null":
            try:
                self._handle = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
            except FileNotFoundError:
                return
        while self._handle >= 0 and (block := os.read(self._handle, BLOCK)):
            text = self._held + block
            self._held = b"\r" if text.endswith(b"\r") else b""
            self._write(text[: len(text) - len(self._held)].replace(b"\r\n", b"\n"))
        if last:
            self._write(self._held)

    def skip(self) -> None:
        """What has come meanwhile was seen on the console."""
        if self._handle >= 0:
            os.lseek(self._handle, 0, os.SEEK_END)

    def _write(self, text: bytes) -> None:
        if text:
            sys.stdout.buffer.write(text)
            sys.stdout.buffer.flush()


class _Passing:
    """While this context lasts, signals that we are sent go to the container's first process."""

    def __init__(self) -> None:
        self._to = -1
        self._waiting: list[int] = []

    def to(self, process: int) -> None:
        """Send them to the process behind this descriptor, also those that have come; -1 keeps them."""
        self._to = process
        while process >= 0 and self._waiting:
            self._pass(self._waiting.pop(0), None)

    def _pass(self, got: int, _frame: object) -> None:
        if self._to < 0:
            self._waiting.append(got)
            return
        try:
            _signal.pidfd_send_signal(self._to, got)
        except ProcessLookupError:
            return  # it has just ended

    def __enter__(self) -> "Self":
        numbers = [getattr(_signal, name) for name in _PASSED]
        # what is ignored was ignored by the caller (nohup), who wants the program to go on
        self._before = {n: _signal.getsignal(n) for n in numbers if _signal.getsignal(n) != _signal.SIG_IGN}
        for number in self._before:
            _signal.signal(number, self._pass)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            _signal.signal(number, handler)
