# SPDX-License-Identifier: Apache-2.0
"""Cgroups as files: find, read, empty and remove them, on v1 and v2."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

TREE = Path("/sys/fs/cgroup")
# one name for a limit, and the file that holds it in (v1, v2)
LIMITS = {
    "memory": ("memory/memory.limit_in_bytes", "memory.max"),
    "process": ("pids/pids.max", "pids.max"),
    "CPU quota": ("cpu/cpu.cfs_quota_us", "cpu.max"),
    "CPU period": ("cpu/cpu.cfs_period_us", "cpu.max"),
    "CPU share": ("cpu/cpu.shares", "cpu.weight"),
}


def hierarchies() -> list[Path]:
    """List the roots of all cgroup hierarchies."""
    if (TREE / "cgroup.controllers").exists():
        return [TREE]
    if not TREE.is_dir():
        return []  # no Linux
    # "unified" in the v1 view is a plain directory, in which crun makes plain directories
    return [place for place in TREE.iterdir() if not place.is_symlink() and (place / "cgroup.procs").exists()]


def directories(path: str) -> list[Path]:
    """List the directories that a cgroup path has, over all hierarchies."""
    return [place for root in hierarchies() if (place := root / path.lstrip("/")).is_dir()]


def below(path: str) -> list[Path]:
    """List every cgroup below a path, deepest first."""
    found = [Path(top) for place in directories(path) for top, _, _ in os.walk(place) if Path(top) != place]
    return sorted(found, key=lambda place: -len(place.parts))


def processes(path: str) -> set[int]:
    """List the processes in a cgroup and all below it; zombies of v1 do not count: they hold nothing."""
    found: set[int] = set()
    for place in [*directories(path), *below(path)]:
        with suppress(OSError):
            found |= {int(pid) for pid in (place / "cgroup.procs").read_text().split()}
    return {pid for pid in found if state_of(pid) not in {"Z", "X", ""}}


def state_of(pid: int) -> str:
    """Return the letter of a process's state, or nothing when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0]
    except OSError:
        return ""


def value(path: str, file: str) -> str:
    """Read one file of a cgroup: ``memory.limit_in_bytes`` is looked for below its controller."""
    unified = (TREE / "cgroup.controllers").exists()
    root = TREE if unified else TREE / file.partition(".")[0]
    return (root / path.lstrip("/") / file).read_text("utf-8").strip()


def limit(path: str, name: str) -> int | None:
    """Read a limit by its plain name; None is "no limit"."""
    old, new = LIMITS[name]
    unified = (TREE / "cgroup.controllers").exists()
    text = value(path, new if unified else Path(old).name)
    if new == "cpu.max" and unified:
        text = text.split()[0 if name == "CPU quota" else 1]
    number = None if text in {"max", "-1"} else int(text)
    # v1 says "no limit" for memory as the largest multiple of a page
    return None if number is not None and number > 1 << 62 else number


def empty(path: str) -> None:
    """Thaw, kill and remove everything below and at a path. Only for what a scenario left behind."""
    deadline = time.monotonic() + 5
    while processes(path) and time.monotonic() < deadline:
        for place in [*directories(path), *below(path)]:
            for file, word in (("freezer.state", "THAWED"), ("cgroup.freeze", "0")):
                with suppress(OSError):
                    (place / file).write_text(word)
        for pid in processes(path):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)
    remove_empty(path)


def remove_empty(path: str) -> None:
    """Remove a path and all below it, deepest first, as far as they are empty."""
    for place in [*below(path), *directories(path)]:
        with suppress(OSError):
            place.rmdir()


def remove_empty_if_unused(path: str) -> None:
    """Remove the directories of a path itself where nothing is below them: another session may use it."""
    for place in directories(path):
        with suppress(OSError):
            place.rmdir()
