# SPDX-License-Identifier: Apache-2.0
"""Where the files of a container are: its root volume, directory, or the tree beside an image."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from step_defs.stand_ins.pve import disks, schema, storages
from step_defs.stand_ins.pve.tables.lxc_options import config

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.conf import Conf
    from step_defs.stand_ins.pve.state import State


def parts(state: State, key: str, text: str) -> dict[str, str]:
    """The parts of a rootfs, mpN, netN or devN."""
    return schema.read(config(state.version)[key], text)


def of_volume(state: State, volume: str) -> str:
    """The directory with the files of a volume or of an absolute path."""
    if volume.startswith("/"):
        return state.host(volume)
    return disks.tree_of(state.host(storages.volume_path(state, volume)))


def root(state: State, conf: Conf) -> str:
    """The root directory of a container."""
    return of_volume(state, parts(state, "rootfs", conf.get("rootfs"))["volume"])


def mounts(state: State, conf: Conf) -> list[tuple[str, dict[str, str]]]:
    """(key, parts) of the mount points, by number."""
    keys = sorted((key for key in conf.options if key.startswith("mp")), key=lambda key: int(key[2:]))
    return [(key, parts(state, key, conf.options[key])) for key in keys]


def command(conf: Conf) -> list[str]:
    """The words that PID 1 is started with."""
    raw = dict(conf.raw).get("lxc.init.cmd")
    return shlex.split(conf.get("entrypoint") or raw or "/sbin/init")


def program_missing(tree: str, path: str) -> bool:
    """Whether a tree that has files lacks a program; links are not followed out of it."""
    if not storages.names(tree):
        return False
    if not path.startswith("/"):
        places = [
            f"{directory}/{path}"
            for directory in ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
        ]
    else:
        places = [path]
    return not any(os.path.lexists(os.path.join(tree, place.lstrip("/"))) for place in places)
