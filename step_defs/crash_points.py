# SPDX-License-Identifier: Apache-2.0
"""Kill a command at exactly the N-th of its effects, from outside: by strace.

A clean run tells what the command itself does to the world, call by call; its children are not followed. Then
it is killed on entering one of these calls: the kernel does not carry out a call of a process that it has to
kill. So each point is before one effect and after the one before; what a child does goes on, as by kill -9.
"""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pytest

    from step_defs.runtime import Running
    from step_defs.world import World

MAKING = "mkdir mkdirat mknod mknodat link linkat symlink symlinkat creat openat"
CHANGING = (
    "rename renameat renameat2 chmod fchmod fchmodat chown fchown fchownat lchown truncate ftruncate"
    " fallocate setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr utimensat"
)
WRITING = "write pwrite64 writev copy_file_range sendfile"
REMOVING = "rmdir unlink unlinkat"
MOUNTING = "mount umount2 move_mount fsmount fsconfig open_tree mount_setattr"
STARTING = "fork vfork clone clone3"
SIGNALLING = "kill tkill tgkill pidfd_send_signal"
WAITING = "wait4 waitid poll ppoll"  # while a child works
CALLS = f"{MAKING} {CHANGING} {WRITING} {REMOVING} {MOUNTING} {STARTING} {SIGNALLING} {WAITING}".split()
# one line of strace -y: name(arguments) = result
LINE = re.compile(r"(?P<call>\w+)\((?P<arguments>.*?)(?:\)\s+=\s+(?P<result>-?\w+|\?).*)?$")
DESCRIPTOR = re.compile(r"(?P<number>\d+)<(?P<path>[^>]*)>")


@dataclasses.dataclass(frozen=True)
class Point:
    """The ``when``-th time that a command makes this system call."""

    call: str
    when: int
    text: str

    def __str__(self) -> str:
        return f"before {self.text}"


def trace(log: Path, *more: str) -> list[str]:
    """The words before a command that let strace write down what it does."""
    return ["strace", "-y", "-s", "80", "-o", str(log), "-e", f"trace={','.join(CALLS)}", *more]


def of(log: Path, ours: Sequence[str]) -> list[Point]:
    """The points at which a traced command can be killed; ``ours`` is where its effects are."""
    counts: dict[str, int] = {}
    found: list[Point] = []
    working = False  # a child has been started, and not been waited for yet
    for line in log.read_text("utf-8", "replace").splitlines():
        seen = LINE.match(line)
        if seen is None or seen["call"] not in CALLS:
            continue
        call, arguments = seen["call"], seen["arguments"]
        counts[call] = counts.get(call, 0) + 1
        point = Point(call, counts[call], likeness(line))
        if call in WAITING.split():
            if working:
                found.append(point)
            working = False
        elif (seen["result"] or "?").startswith("-"):
            continue  # it did nothing
        elif is_effect(call, arguments, ours):
            found.append(point)
            working = call in STARTING.split()
    return found


def is_effect(call: str, arguments: str, ours: Sequence[str]) -> bool:
    """Whether a call changes what outlives the command."""
    if call == "openat":
        path = re.sub(r"^AT_FDCWD<[^>]*>, ", "", arguments)
        return any(flag in path for flag in ("O_CREAT", "O_TRUNC")) and any(at in path for at in ours)
    if call in WRITING.split():
        into = DESCRIPTOR.match(arguments)
        return (
            into is not None
            and int(into["number"]) > 2
            and into["path"].startswith((*ours, "/sys/fs/cgroup", "/proc/"))
        )
    return True


def likeness(line: str) -> str:
    """A line of a trace without what differs from run to run."""
    call = line.partition("(")[0]
    if call in WAITING.split() + STARTING.split():
        return f"{call}: {'wait for' if call in WAITING.split() else 'start'} a program"
    text = re.sub(r"\s+=\s+(-?\w+|\?).*$|\s+<unfinished.*$", "", line)
    text = re.sub(r"write(\(\d+<[^>]*>), .*", r"write\1", text)
    text = re.sub(r"[0-9a-f]{12,}|0x[0-9a-f]+|\b\d+\b|\.\w{8}\b|[{].*[}]", "#", text)
    return text if len(text) < 160 else f"{text[:157]}..."


class Missed(Exception):  # it is no error of anybody's
    """The command did not come to the point, or was somewhere else then."""


def kill_at(world: World, argv: Sequence[str], point: Point, log: Path) -> None:
    """Run a command until it comes to the point; `Missed` when it was not killed there."""
    tracing = trace(log, "-e", f"inject={point.call}:signal=SIGKILL:when={point.when}")
    running: Running = world.begin_exactly([*tracing, *argv], "killed")
    result = running.wait(world.context)
    world.results.append(result)
    if result.code != -9:
        raise Missed(f"it ended with status {result.code}: {result.stderr.strip()[-300:]}")
    lines = [line for line in log.read_text("utf-8", "replace").splitlines() if LINE.match(line)]
    if likeness(lines[-1]) != point.text:
        raise Missed(f"it was at {likeness(lines[-1])}")


def chosen(points: Sequence[Any], most: int | None) -> list[Any]:
    """At ``most`` so many of them, evenly spread, the last one always; None for all."""
    if most is None or len(points) <= most:
        return list(points)
    return [points[(number + 1) * len(points) // most - 1] for number in range(most)]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--crash-points``."""
    parser.getgroup("specification").addoption(
        "--crash-points",
        choices=["some", "all"],
        default="some",
        help="where a scenario says that some effects will do, kill commands at all of them (default: some)",
    )
