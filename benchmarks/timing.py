# SPDX-License-Identifier: Apache-2.0
"""Commands as they are timed: started alike, each after the same pause, rivals in turns.

A pause before every command is part of the method. The kernel goes on with the namespaces and cgroups of the
last container after its command has ended: a command that follows at once meets it half done, a later one
pays for what has gone cold (``crun create``: 8 ms and 20 ms). With the same pause for all, all pay the same.
"""

from __future__ import annotations

import dataclasses
import math
import os
import resource
import statistics
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SETTLE = 0.1
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
ENVIRONMENT = {"LANG": "C.UTF-8", "HOME": "/root"}
# what commands print on standard error, kept for the case that one fails
_WORDS = os.memfd_create("stderr")


class CommandFailedError(Exception):
    """A command that should have worked; a benchmark of failures would be worth nothing."""


class _Paused:
    seconds = 0.0


def work_time() -> float:
    """Tell the time without what passed in `untimed`: the timer that pytest-benchmark is given."""
    return time.perf_counter() - _Paused.seconds


@contextmanager
def untimed() -> Iterator[None]:
    """Stop the clock."""
    began = time.perf_counter()
    try:
        yield
    finally:
        _Paused.seconds += time.perf_counter() - began


def settle() -> None:
    """Give the kernel time to finish with the last container, off the clock."""
    with untimed():
        time.sleep(SETTLE)


def call(argv: list[str], out: str = os.devnull, path: str = PATH) -> resource.struct_rusage:
    """Run a command to its end, with /dev/null as input; `CommandFailedError` unless it succeeds."""
    return wait(spawn(argv, out, path), argv)


def spawn(argv: list[str], out: str = os.devnull, path: str = PATH) -> int:
    """Start a command by posix_spawn, which costs the same however large this process is."""
    os.ftruncate(_WORDS, 0)
    os.lseek(_WORDS, 0, os.SEEK_SET)
    actions: list[tuple[int, int, str, int, int] | tuple[int, int, int]] = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
        (os.POSIX_SPAWN_DUP2, _WORDS, 2),
    ]
    return os.posix_spawn(argv[0], argv, ENVIRONMENT | {"PATH": path}, file_actions=actions)


def wait(pid: int, argv: list[str]) -> resource.struct_rusage:
    """Await a process and return what it used."""
    _, status, usage = os.wait4(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code:
        said = os.pread(_WORDS, 65536, 0).decode(errors="replace")
        raise CommandFailedError(f"status {code}: {' '.join(argv)}\n{said}")
    return usage


def answer(argv: list[str], scratch: Path) -> str:
    """Return what a command prints."""
    call(argv, str(scratch))
    return scratch.read_text("utf-8")


@dataclasses.dataclass(frozen=True)
class Spread:
    """Several measurements of one thing."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.values)

    @property
    def least(self) -> float:
        """The smallest."""
        return min(self.values)

    @property
    def most(self) -> float:
        """The largest."""
        return max(self.values)

    @property
    def error(self) -> float:
        """The standard error of the median, as of a normal distribution."""
        return 1.25 * statistics.stdev(self.values) / math.sqrt(len(self.values))

    def over(self, other: Spread) -> Spread:
        """The ratio of each to its neighbour in time."""
        return Spread(tuple(a / b for a, b in zip(self.values, other.values, strict=True)))

    def minus(self, other: Spread) -> Spread:
        """The difference of each to its neighbour in time."""
        return Spread(tuple(a - b for a, b in zip(self.values, other.values, strict=True)))


def until_clear(
    verdicts: Callable[[], list[tuple[Spread, float]]], another: Callable[[], object], most: int
) -> None:
    """Call ``another`` while chance could turn a verdict, up to ``most`` times.

    It could while the median of a measurement is within two standard errors of its limit.
    """
    for _ in range(most):
        if all(abs(found.median - limit) > 2 * found.error for found, limit in verdicts()):
            break
        another()


class Rivals:
    """Named actions that are measured in turns: A B C A B C.

    Of an action that returns what its command used, the processor time is kept, too.
    """

    def __init__(self, actions: dict[str, Callable[[], object]]) -> None:
        self.actions = actions
        self._taken: dict[str, list[float]] = {name: [] for name in actions}
        self._used: dict[str, list[float]] = {name: [] for name in actions}

    def warm_up(self) -> None:
        """Do each once: page cache, byte code, cgroup directories."""
        for action in self.actions.values():
            action()

    def take(self, *names: str) -> None:
        """Measure each of ``names`` once."""
        for name in names:
            settle()
            began = work_time()
            used = self.actions[name]()
            self._taken[name].append(work_time() - began)
            if isinstance(used, resource.struct_rusage):
                self._used[name].append(used.ru_utime + used.ru_stime)

    def spread(self, name: str) -> Spread:
        """All measurements of one rival."""
        return Spread(tuple(self._taken[name]))

    def cpu(self, name: str) -> Spread:
        """The processor time of each: user and system, its children included (wait4(2))."""
        return Spread(tuple(self._used[name]))

    def rounds(self, count: int) -> None:
        """Warm up, then measure every rival ``count`` times in turns."""
        self.warm_up()
        for _ in range(count):
            self.take(*self.actions)
