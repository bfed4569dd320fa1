# SPDX-License-Identifier: Apache-2.0
"""What a process and a machine hold: counted exactly, or measured as a slope over many cycles."""

from __future__ import annotations

import dataclasses
import gc
import os
from array import array
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from step_defs import cgroup_tree
from step_defs.world import command_line

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024


@dataclasses.dataclass(frozen=True)
class Holdings:
    """Everything that has to be the same afterwards, by name, so that a failure can say what it is."""

    descriptors: frozenset[str]
    mounts: frozenset[str]
    cgroups: frozenset[str]
    processes: frozenset[str]
    files: frozenset[str]

    def lost_and_left(self, before: Holdings) -> list[str]:
        """Say what is there that was not there before, and the other way round."""
        said = []
        for field in dataclasses.fields(self):
            now, then = getattr(self, field.name), getattr(before, field.name)
            said += [f"left behind: {field.name}: {name}" for name in sorted(now - then)]
            said += [f"lost: {field.name}: {name}" for name in sorted(then - now)]
        return said

    def counts(self) -> dict[str, int]:
        """How many there are of each."""
        return {field.name: len(getattr(self, field.name)) for field in dataclasses.fields(self)}


def holdings(cgroup: str, places: Iterable[Path]) -> Holdings:
    """Look at this process, at all that descends from its reaper, at our cgroup and at our files."""
    return Holdings(
        descriptors=frozenset(descriptors()),
        mounts=frozenset(Path("/proc/self/mountinfo").read_text("utf-8").splitlines()),
        cgroups=frozenset(str(place) for place in cgroup_tree.below(cgroup)),
        processes=frozenset(f"{pid} {command_line(pid)}" for pid in processes(cgroup)),
        files=frozenset(str(path) for place in places for path in place.rglob("*")),
    )


def descriptors() -> list[str]:
    """The open descriptors of this process, the one that lists them left out."""
    found = []
    for name in os.listdir("/proc/self/fd"):
        with suppress(FileNotFoundError):
            found.append(f"{name} {os.readlink(f'/proc/self/fd/{name}')}")
    return found


def processes(cgroup: str) -> set[int]:
    """Processes in a cgroup, and the children of this process and of tini, which inherits orphans."""
    parents = {os.getpid()}
    with suppress(OSError):
        if Path(f"/proc/{os.getppid()}/comm").read_text("utf-8").strip() == "tini":
            parents.add(os.getppid())
    found = cgroup_tree.processes(cgroup)
    for parent in parents:
        for task in Path(f"/proc/{parent}/task").iterdir():
            found |= {int(pid) for pid in (task / "children").read_text("utf-8").split()}
    return found


def resident_kb() -> int:
    """The resident memory of this process."""
    return int(Path("/proc/self/statm").read_text("utf-8").split()[1]) * PAGE_KB


class Samples:
    """Measurements over cycles, in arrays: a record of leaks must not itself grow by objects."""

    def __init__(self) -> None:
        self.cycles = array("d")
        self.columns = {name: array("d") for name in ("resident kB", "objects")}

    def take(self, cycle: int) -> None:
        """Measure now."""
        gc.collect()
        self.cycles.append(cycle)
        self.columns["objects"].append(len(gc.get_objects()))
        self.columns["resident kB"].append(resident_kb())

    def slope(self, name: str) -> float:
        """Growth over 1,000 cycles: least squares over the second half, when caches are full."""
        half = len(self.cycles) // 2
        return 1000 * least_squares(self.cycles[half:], self.columns[name][half:])


def least_squares(xs: Iterable[float], ys: Iterable[float]) -> float:
    """The slope of the line that fits best; 0 for fewer than two points."""
    points = list(zip(xs, ys, strict=True))
    if len(points) < 2:
        return 0.0
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0
