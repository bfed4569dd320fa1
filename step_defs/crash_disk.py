# SPDX-License-Identifier: Apache-2.0
"""Disks that are full in the middle of a command, after each file and each page, or cannot be written."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from pytest_bdd import given, when

from step_defs.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Callable

    from step_defs.crash import Crashes
    from step_defs.world import World

PAGE = 4096
PLENTY = "size=64m,nr_inodes=10000"


class Disk:
    """The file system of the root, which can be made small at any time."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.root = world.runtime.root
        self.root.mkdir(mode=0o700, exist_ok=True)
        argv = ["mount", "-t", "tmpfs", "-o", f"{PLENTY},mode=700", "root", str(self.root)]
        subprocess.run(argv, check=True)
        world.closers.append(lambda: subprocess.run(["umount", "-l", str(self.root)], check=True))

    def remount(self, options: str) -> None:
        """Change it while it is in use."""
        subprocess.run(["mount", "-o", f"remount,{options}", str(self.root)], check=True)

    def lock(self) -> None:
        """Read-only, for whoever comes by the path; what is open stays so."""
        subprocess.run(["mount", "--bind", str(self.root), str(self.root)], check=True)
        subprocess.run(["mount", "-o", "remount,bind,ro", str(self.root)], check=True)

    def heal(self) -> None:
        """Much room, and it can be written."""
        if os.statvfs(self.root).f_flag & os.ST_RDONLY:
            subprocess.run(["umount", "-l", str(self.root)], check=True)
        self.remount(PLENTY)

    def room(self, *, files: int | None = None, pages: int | None = None) -> None:
        """For just so many more."""
        facts = os.statvfs(self.root)
        if files is not None:
            self.remount(f"nr_inodes={facts.f_files - facts.f_ffree + files}")
        if pages is not None:
            used = (facts.f_blocks - facts.f_bfree) * facts.f_frsize
            self.remount(f"size={max(used + pages * PAGE, PAGE)}")


@pytest.fixture
def disk(world: World) -> Disk:
    """Of the scenario's root."""
    return Disk(world)


@given(phrase("the root is on a disk of its own"))
def _(disk: Disk) -> None:
    """With much room at first."""


def suffer(crashes: Crashes, disk: Disk, call: str, troubles: list[tuple[str, Callable[[], None]]]) -> None:
    """Call it with each of these troubles; they end before repair is called."""
    world, argv = crashes.world, crashes.words(call)
    crashes.by_itself = True
    crashes.survey(argv)

    def happen(begin: Callable[[], None]) -> Callable[[], None]:
        def happens() -> None:
            begin()
            try:
                result = world.begin_exactly(argv, "suffering").wait(world.context)
                world.results.append(result)
            finally:
                disk.heal()
            said = result.stderr.strip()
            if result.code not in {0, 1} or "internal error" in said or (result.code == 1 and not said):
                crashes.outcomes[-1].state.append(result.explain("success, or an error that says why"))

        return happens

    crashes.strike([(name, happen(begin)) for name, begin in troubles])


@when(phrase('"{call:text}" finds room for 0 to {n:int} files, each time on such a machine, and is repaired'))
def _(crashes: Crashes, disk: Disk, call: str, n: int) -> None:
    """There is room again when repair is called."""
    troubles = [
        (f"with room for {left} files", lambda left=left: disk.room(files=left)) for left in range(n + 1)
    ]
    suffer(crashes, disk, call, troubles)  # type: ignore[arg-type]


@when(phrase('"{call:text}" finds room for 0 to {n:int} pages, each time on such a machine, and is repaired'))
def _(crashes: Crashes, disk: Disk, call: str, n: int) -> None:
    """There is room again when repair is called."""
    troubles = [
        (f"with room for {left} pages", lambda left=left: disk.room(pages=left)) for left in range(n + 1)
    ]
    suffer(crashes, disk, call, troubles)  # type: ignore[arg-type]


@when(phrase('"{call:text}" finds the disk read-only, and is repaired'))
def _(crashes: Crashes, disk: Disk, call: str) -> None:
    """It can be written again when repair is called."""
    crashes.fewest = 1
    suffer(crashes, disk, call, [("with a disk that cannot be written", disk.lock)])


@when(phrase("the disk is full"))
def _(disk: Disk) -> None:
    """No further file, no further byte."""
    disk.room(files=0, pages=0)


@when(phrase("there is room on the disk again"))
def _(disk: Disk) -> None:
    disk.heal()
