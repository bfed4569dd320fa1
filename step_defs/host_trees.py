# SPDX-License-Identifier: Apache-2.0
"""Steps that make trees of files on the host, line by line as layers are written."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from pytest_bdd import given

from step_defs.bundle_store import BUSYBOX
from step_defs.files import place
from step_defs.image_making import entries
from step_defs.phrases import phrase

if TYPE_CHECKING:
    from step_defs.world import World


@given(phrase('the tree "{path}" holds'))
def _(world: World, path: str, docstring: str) -> None:
    """On the host: files, directories and links, one a line, as in layers."""
    for one in entries.parse(world.expand(docstring)):
        target = place(world, path) / os.fsdecode(one.path)
        target.parent.mkdir(parents=True, exist_ok=True)
        if one.kind == "dir":
            target.mkdir(exist_ok=True)
        elif one.kind == "symlink":
            target.symlink_to(os.fsdecode(one.target))
        else:
            target.write_bytes(one.data or b"")
        if one.mode is not None:
            target.chmod(one.mode)
        if one.uid is not None:
            os.chown(target, one.uid, one.gid or 0, follow_symlinks=False)


@given(phrase('the tree "{path}" has this machine\'s busybox'))
def _(world: World, path: str) -> None:
    """As bin/busybox and bin/sh."""
    directory = place(world, path) / "bin"
    directory.mkdir(parents=True, exist_ok=True)
    shutil.copy2(BUSYBOX, directory / "busybox")
    (directory / "sh").symlink_to("busybox")
