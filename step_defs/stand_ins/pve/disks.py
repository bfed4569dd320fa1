# SPDX-License-Identifier: Apache-2.0
"""Disks of containers: names, sizes, and what qemu-img and mke2fs say when one is made."""

from __future__ import annotations

import glob
import os
import re
import shutil
import uuid
from typing import TYPE_CHECKING

from step_defs.stand_ins.pve import storages
from step_defs.stand_ins.pve.refusals import Died

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call

UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
LARGEST = 1 << 63
INODE = 256


def size_of(text: str) -> int:
    """Bytes of ``10G``, ``0.5M``, ``512``."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([KMGT]?)", text)
    return int(float(found[1]) * UNITS[found[2]]) if found else 0


def shown(size: int) -> str:
    """Bytes in the largest unit that divides them."""
    for unit in "TGMK":
        if size and size % UNITS[unit] == 0:
            return f"{size // UNITS[unit]}{unit}"
    return str(size)


def gibibytes(text: str) -> int:
    """Bytes of a number of GiB: whole MiB, at least one; 0 is no image but a directory."""
    size = float(text)
    return max(int(size * 1024), 1) << 20 if size > 0 else 0


def next_name(
    call: Call, storage: storages.Storage, vmid: int | str, *, subvol: bool = False, stem: str = ""
) -> str:
    """The first free name for a disk."""
    taken = storages.names(call.state.host(f"{storage.path}/images/{vmid}"))
    stem = stem or ("subvol" if subvol else "vm")
    number = 0
    while any(re.fullmatch(rf"(?:vm|subvol|base)-{vmid}-disk-{number}\.\w+", name) for name in taken):
        number += 1
    return f"{stem}-{vmid}-disk-{number}.{'subvol' if subvol else 'raw'}"


def allocate(call: Call, storage: storages.Storage, vmid: int | str, size: int, name: str = "") -> str:
    """Make a volume and give its volid; says what the real tools say."""
    subvol = size == 0
    name = name or next_name(call, storage, vmid, subvol=subvol)
    path = f"{storage.path}/images/{vmid}/{name}"
    real = call.state.host(path)
    os.makedirs(os.path.dirname(real), exist_ok=True)
    if subvol:
        os.mkdir(real)
        return f"{storage.name}:{vmid}/{name}"
    if size >= LARGEST:
        words = f"qemu-img: {path}: The image size is too large for file format 'raw'"
        raise Died(f"unable to create image: {words}")
    call.out(f"Formatting '{path}', fmt=raw size={size} preallocation=off\n")
    with open(real, "xb") as file:
        file.truncate(size)
    os.makedirs(tree_of(real), exist_ok=True)
    return f"{storage.name}:{vmid}/{name}"


def tree_of(path: str) -> str:
    """The directory that stands for the file system in an image: hidden beside it."""
    if path.endswith(".subvol"):
        return path
    return os.path.join(os.path.dirname(path), f".{os.path.basename(path)}.tree")


def free(call: Call, volid: str) -> None:
    """Remove a volume, and the guest's directory when it was the last."""
    real = call.state.host(storages.volume_path(call.state, volid))
    for tree in (tree_of(real), *glob.glob(glob.escape(tree_of(real)) + "@*")):  # its snapshots too
        shutil.rmtree(tree, ignore_errors=True)
    if os.path.isdir(real):
        shutil.rmtree(real, ignore_errors=True)
    elif os.path.exists(real):
        os.unlink(real)
    try:
        os.rmdir(os.path.dirname(real))
    except OSError:
        return


def formatted(size: int) -> str:
    """What mke2fs prints for a file system of this size, as pct passes it on."""
    block = 1024 if size < 512 << 20 else 4096
    ratio = 8192 if size < 3 << 20 else 4096 if block == 1024 else 16384
    blocks = size // block
    first = 1 if block == 1024 else 0
    per_group = block * 8
    groups = -(-(blocks - first) // per_group)
    per = -(-(size // ratio) // groups) * INODE
    inodes = (-(-per // block) * block // INODE & ~7) * groups
    said = "Filesystem too small for a journal\n" if blocks < 2048 and block == 1024 else ""
    said += f"Creating filesystem with {blocks} {block // 1024}k blocks and {inodes} inodes\n"
    if groups == 1:
        return said
    said += f"Filesystem UUID: {uuid.uuid4()}\nSuperblock backups stored on blocks: \n"
    backups = [group * per_group + first for group in range(1, groups) if _has_superblock(group)]
    return said + _rows(backups)


def _rows(backups: list[int]) -> str:
    """The list in the width of mke2fs; PVE drops a line that is one number."""
    text, column = "\t", 8
    for number, backup in enumerate(backups):
        if number:
            text, column = text + ", ", column + 2
        width = len(str(backup))
        if column + width > 78:
            text, column = text + "\n\t", 8
        text, column = text + str(backup), column + width
    return "".join(f"{line}\n" for line in text.split("\n") if not re.fullmatch(r"\s*\d+\s*", line))


def _has_superblock(group: int) -> bool:
    """Of mke2fs's sparse_super: 1 and the powers of 3, 5 and 7."""
    for base in (3, 5, 7):
        power = base
        while power < group:
            power *= base
        if power == group:
            return True
    return group == 1
