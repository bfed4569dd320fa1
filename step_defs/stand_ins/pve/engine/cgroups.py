# SPDX-License-Identifier: Apache-2.0
"""The cgroups of a container, ``lxc/VMID`` in each hierarchy: what a killed one left is removed."""

from __future__ import annotations

import contextlib
import os

MOUNT = "/sys/fs/cgroup"
PARENTS = ("lxc", "lxc.monitor")


def remove(vmid: int | str) -> None:
    """All that is empty; one with processes stays."""
    for hierarchy in [MOUNT, *(os.path.join(MOUNT, name) for name in os.listdir(MOUNT))]:
        for parent in PARENTS:
            base = os.path.join(hierarchy, parent)
            for top, _, _ in os.walk(os.path.join(base, str(vmid)), topdown=False):
                _rmdir(top)


def change(vmid: int | str, limits: list[tuple[str, str]]) -> None:
    """Write limits, given as lines of lxc, to the files that hold them."""
    for key, value in [*limits, *limits]:  # a limit of memory and swap must never be below one of memory
        prefix, _, file = key.partition(".")[2].partition(".")
        controller = "" if prefix == "cgroup2" else file.partition(".")[0]
        with contextlib.suppress(OSError), open(f"{MOUNT}/{controller}/lxc/{vmid}/{file}", "w") as target:
            target.write(value)


def tidy() -> None:
    """Remove the parents where they are empty."""
    for hierarchy in [MOUNT, *(os.path.join(MOUNT, name) for name in os.listdir(MOUNT))]:
        # lxc.pivot is where lxc's monitor hides when it removes its own
        for name in (*PARENTS, "lxc.pivot"):
            _rmdir(os.path.join(hierarchy, name))


def _rmdir(path: str) -> None:
    with contextlib.suppress(OSError):
        os.rmdir(path)
