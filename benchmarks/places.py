# SPDX-License-Identifier: Apache-2.0
"""Where benchmarks work: bundles on the disk, records in memory, one cgroup; gone afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from step_defs import facts
from step_defs.world import CGROUP, PREFIX, sweep

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMORY = (Path("/run"), Path("/dev/shm"))  # noqa: S108  # the first that is a memory file system
BENCH = f"{PREFIX}bench"


class Unsuitable(Exception):
    """This machine cannot run the benchmarks; says why."""


def check_machine() -> None:
    """Raise `Unsuitable` without root, crun, runc, or a place in memory."""
    if os.geteuid():
        raise Unsuitable("root is needed")
    for driver in facts.DRIVERS:
        lack = facts.read().lacks_driver(driver)
        if lack:
            raise Unsuitable(lack)
    memory()


def memory() -> Path:
    """The memory file system for records."""
    for place in MEMORY:
        answer = subprocess.run(["stat", "-fc", "%T", place], capture_output=True, text=True, check=False)
        if answer.stdout.strip() in {"tmpfs", "ramfs"}:
            return place
    raise Unsuitable("neither /run nor /dev/shm is a memory file system: nothing here would compare")


@contextmanager
def disk() -> Iterator[Path]:
    """A directory for bundles and the installed package. Its name also names our cgroup (`cgroup_of`)."""
    directory = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    directory.chmod(0o755)
    try:
        yield directory
    finally:
        sweep(directory, cgroup_of(directory))


def cgroup_of(directory: Path) -> str:
    """The cgroup path for the containers of a `disk` directory."""
    return f"{CGROUP}/{directory.name}"


@contextmanager
def records() -> Iterator[Path]:
    """A directory for all records and driver states, in memory as those of real machines are."""
    place = memory()
    for dead in place.glob(f"{BENCH}*-*"):  # of sessions that were killed
        if not Path(f"/proc/{dead.name.removeprefix(BENCH).partition('-')[0]}").exists():
            shutil.rmtree(dead, ignore_errors=True)
    directory = Path(tempfile.mkdtemp(prefix=f"{BENCH}{os.getpid()}-", dir=place))
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)
