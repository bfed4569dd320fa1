# SPDX-License-Identifier: Apache-2.0
"""Bundles for a FreeBSD host: those of every other scenario, without what only Linux has."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Any

from step_defs.bundle_store import Bundle, BundleStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DEV = {"destination": "/dev", "type": "devfs", "source": "devfs", "options": ["ruleset=4"]}
LINUX_TYPES = {"proc", "sysfs", "devpts", "mqueue", "cgroup", "cgroup2"}
LINUX_PLACES = {"/dev", "/dev/shm"}  # destinations in a container


class JailBundleStore(BundleStore):
    """``trees`` keeps what the root of a bundle held when the first container was made of it."""

    def __init__(self, directory: Path, cgroup: str) -> None:
        super().__init__(directory, cgroup)
        self.trees: dict[str, set[str]] = {}

    def render(self, name: str, template: str, **values: Any) -> Bundle:
        """The template's, with devfs for its mounts, and neither ``linux`` nor capabilities."""
        bundle = super().render(name, template, **values)
        document = bundle.read()
        document.pop("linux", None)
        document["process"].pop("capabilities", None)
        document["mounts"] = [DEV, *(row for row in document["mounts"] if not _is_of_linux(row))]
        bundle.write(document)
        return bundle

    def for_container(self, id_: str) -> Bundle:
        """A copy has no cgroup to be named; a step may have given the bundle a ``linux`` of its own."""
        bundle = self.current
        if self._owner.setdefault(bundle.name, id_) != id_:
            name = f"{bundle.name}-{id_}"
            if name not in self.all:
                self.all[name] = Bundle(name, self.dir / name)
                shutil.copytree(bundle.dir, self.all[name].dir, symlinks=True, ignore=_mounted(bundle.dir))
                self._owner[name] = id_
            bundle = self.all[name]
        if bundle.name not in self.trees and bundle.rootfs.is_dir():
            self.trees[bundle.name] = tree(bundle.rootfs)
        return bundle


def _mounted(top: Path) -> Callable[[str, list[str]], list[str]]:
    """For a copy without what is mounted below: the zeros of a container's /dev/zero have no end."""
    device = top.stat().st_dev
    return lambda place, names: names if os.lstat(place).st_dev != device else []


def _is_of_linux(row: dict[str, Any]) -> bool:
    return row.get("type") in LINUX_TYPES or row["destination"] in LINUX_PLACES


def tree(directory: Path) -> set[str]:
    """The names of all that lies in a directory; what is mounted there belongs to it."""
    return {
        os.path.relpath(os.path.join(place, name), directory)
        for place, directories, files in os.walk(directory)
        for name in [*directories, *files]
    }
