# SPDX-License-Identifier: Apache-2.0
"""Mounts that a scenario needs at fixed places: only where nobody else sees them."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def is_private() -> bool:
    """Whether this process has a mount namespace that is not the host's."""
    try:
        return os.stat("/proc/self/ns/mnt").st_ino != os.stat("/proc/1/ns/mnt").st_ino
    except PermissionError:
        # process 1 has capabilities that this one lacks; what it has mounted is told all the same
        return not _numbers("self") & _numbers("1")


def _numbers(process: str) -> set[str]:
    """Of the mounts that a process sees; no two mounts share one (proc_pid_mountinfo(5), "mount ID")."""
    with open(f"/proc/{process}/mountinfo", encoding="utf-8") as table:
        return {line.split()[0] for line in table}


def type_of(place: str) -> str:
    """The file system that is mounted at a place, "" for none."""
    found = ""
    with open("/proc/self/mountinfo", encoding="utf-8") as table:
        for line in table:
            before, _, after = line.partition(" - ")
            if before.split()[4] == place:
                found = after.split()[0]
    return found


def bind(source: Path, target: Path) -> None:
    """Show a directory at another place."""
    subprocess.run(["mount", "--bind", source, target], check=True)


def remount(target: Path, option: str) -> None:
    """Make it read-only (ro) or not (rw), at this place alone."""
    subprocess.run(["mount", "-o", f"remount,bind,{option}", target], check=True)


def unmount(target: Path) -> None:
    """Take away all that is mounted at a place."""
    while type_of(str(target)):
        subprocess.run(["umount", "-l", target], check=True)
