# SPDX-License-Identifier: Apache-2.0
"""Directory storages (PVE::Storage, DirPlugin): storage.cfg, names of volumes, what lies there."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from step_defs.stand_ins.pve.formats import DIRECTORIES, STORAGE_ID, split
from step_defs.stand_ins.pve.refusals import Died
from step_defs.stand_ins.pve.state import write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from step_defs.stand_ins.pve.state import State

TEMPLATE = re.compile(r"[^/]+\.tar(?:\.(gz|xz|zst|bz2))?|[^/]+\.(tgz)")
BACKUP = re.compile(
    r"vzdump-[^/]+\.(tar(?:\.(?:gz|lzo|zst|bz2))?|tgz|vma(?:\.(?:gz|lzo|zst))?)|[^/]+\.(tar\.(?:gz|zst|lzo)|tar|tgz)"
)
DISK = re.compile(r"[^/]+\.(raw|qcow2|vmdk|subvol)")
GUEST = re.compile(r"vzdump-(?:lxc|qemu)-(\d+)-")
TEMPLATE_FORMATS = {None: "tar", "gz": "tgz", "xz": "txz", "zst": "tzst", "bz2": "tbz2"}


class Volume(NamedTuple):
    """One volume of a storage."""

    volid: str
    format: str
    content: str
    size: int
    guest: str
    path: str


@dataclass
class Storage:
    """One entry of storage.cfg."""

    name: str
    type: str
    settings: dict[str, str]
    path: str

    @property
    def contents(self) -> list[str]:
        """What it may hold."""
        return split(self.settings.get("content", "images,rootdir"))

    def disabled(self, node: str) -> bool:
        """Whether this node must not use it."""
        return "disable" in self.settings or not self.serves(node)

    def serves(self, node: str) -> bool:
        """Whether it is there for this node."""
        nodes = split(self.settings.get("nodes", ""))
        return not nodes or node in nodes


def everything(state: State) -> dict[str, Storage]:
    """Name → storage, by name. A relative path is taken from the cluster's directory."""
    found: dict[str, Storage] = {}
    settings: dict[str, str] = {}
    try:
        with open(os.path.join(state.etc, "storage.cfg"), encoding="utf-8") as file:
            lines = file.read().splitlines()
    except FileNotFoundError:
        return {}
    for line in lines:
        if head := re.fullmatch(r"(\w+): (\S+)", line):
            settings = {}
            found[head[2]] = Storage(head[2], head[1], settings, "")
        elif line.strip():
            key, _, value = line.strip().partition(" ")
            settings[key] = value.strip()
    for storage in found.values():
        storage.path = os.path.normpath(os.path.join(state.home, storage.settings.get("path", "")))
    return dict(sorted(found.items()))


def save(state: State, storages: dict[str, Storage]) -> None:
    """Write storage.cfg."""
    blocks = []
    for one in storages.values():
        lines = [f"{one.type}: {one.name}\n"]
        lines += [f"\t{key} {value}".rstrip() + "\n" for key, value in one.settings.items()]
        blocks.append("".join(lines))
    write(os.path.join(state.etc, "storage.cfg"), "\n".join(blocks))


def get(state: State, name: str) -> Storage:
    """A storage by name."""
    found = everything(state).get(name)
    if found is None:
        raise Died(f"storage '{name}' does not exist")
    return found


def usable(state: State, name: str) -> Storage:
    """A storage that this node may use."""
    found = get(state, name)
    if "disable" in found.settings:
        raise Died(f"storage '{name}' is disabled")
    if not found.serves(state.node):
        raise Died(f"storage '{name}' is not available on node '{state.node}'")
    return found


def parsed(volid: str) -> tuple[str, str]:
    """Storage and name of a volume."""
    storage, colon, name = volid.partition(":")
    if not colon or not STORAGE_ID.fullmatch(storage) or not name:
        raise Died(f"unable to parse volume ID '{volid}'")
    return storage, name


def content_of(name: str) -> tuple[str, str, str]:
    """Content type, format and guest of a volume's name."""
    kind, _, rest = name.partition("/")
    if kind == "vztmpl" and (found := TEMPLATE.fullmatch(rest)):
        return kind, "tgz" if found[2] else TEMPLATE_FORMATS[found[1]], ""
    if kind == "backup" and (found := BACKUP.fullmatch(rest)):
        guest = GUEST.match(rest)
        return kind, found[1] or found[2], guest[1] if guest else ""
    if kind == "iso" and re.fullmatch(r"[^/]+\.(?:iso|img)", rest, re.IGNORECASE):
        return kind, "iso", ""
    if kind == "snippets" and rest and "/" not in rest:
        return kind, "snippet", ""
    if kind.isdigit() and (found := DISK.fullmatch(rest)):
        return "images", found[1], kind
    raise Died(f"unable to parse directory volume name '{name}'")


def volume_path(state: State, volid: str) -> str:
    """Where a volume would be; nobody looks whether it is there."""
    name, volume = parsed(volid)
    storage = get(state, name)
    kind = content_of(volume)[0]
    rest = volume if kind == "images" else volume.partition("/")[2]
    return f"{storage.path}/{DIRECTORIES.get(kind, kind)}/{rest}"


def missing(state: State, volid: str) -> bool:
    """Whether there is no such volume."""
    return not os.path.exists(state.host(volume_path(state, volid)))


def listed(state: State, storage: Storage) -> Iterator[Volume]:
    """What a storage holds: a disk counts as rootdir only while a container refers to it."""
    base = state.host(storage.path)
    for kind in sorted({"backup", "iso", "snippets", "vztmpl"} & set(storage.contents)):
        directory = DIRECTORIES.get(kind, kind)
        for file in names(os.path.join(base, directory)):
            try:
                _, form, guest = content_of(f"{kind}/{file}")
            except Died:
                continue
            path = f"{storage.path}/{directory}/{file}"
            size = os.path.getsize(state.host(path))
            yield Volume(f"{storage.name}:{kind}/{file}", form, kind, size, guest, path)
    if {"images", "rootdir"} & set(storage.contents):
        yield from _disks(state, storage, base)


def _disks(state: State, storage: Storage, base: str) -> Iterator[Volume]:
    used = _referenced(state)
    for guest in names(os.path.join(base, "images")):
        for file in names(os.path.join(base, "images", guest)) if guest.isdigit() else []:
            if found := DISK.fullmatch(file):
                volid = f"{storage.name}:{guest}/{file}"
                path = f"{storage.path}/images/{guest}/{file}"
                size = 0 if found[1] == "subvol" else os.path.getsize(state.host(path))
                yield Volume(volid, found[1], "rootdir" if volid in used else "images", size, guest, path)


def _referenced(state: State) -> set[str]:
    found = set()
    for vmid, (kind, node) in state.guests().items():
        if kind == "lxc":
            with open(state.path(vmid, node), encoding="utf-8") as file:
                found |= set(re.findall(r"^(?:rootfs|mp\d+|unused\d+): ([^,\s]+)", file.read(), re.MULTILINE))
    return found


def names(directory: str) -> list[str]:
    """What is in a directory, if it is one; hidden names are the stand-in's own."""
    if not os.path.isdir(directory):
        return []
    return sorted(name for name in os.listdir(directory) if not name.startswith("."))


def usage(state: State, storage: Storage) -> tuple[bool, int, int, int]:
    """Active, total, used, available bytes. The setting ``x-size``, the stand-in's own, is a small disk."""
    path = state.host(storage.path)
    if storage.disabled(state.node) or not os.path.isdir(path):
        return False, 0, 0, 0
    if "x-size" in storage.settings:
        total = int(storage.settings["x-size"])
        used = min(
            total,
            sum(os.lstat(os.path.join(top, f)).st_blocks * 512 for top, _, fs in os.walk(path) for f in fs),
        )
        return True, total, used, total - used
    disk = shutil.disk_usage(path)
    return True, disk.total, disk.used, disk.free


def room(state: State, volume: str, size: int) -> int:
    """How much goes into a new volume of this size, 0 for what has no limit.

    A directory takes what the storage has. An image takes all that its file system has room for: when the
    storage is full the kernel loses it later, and tar does not hear of it (recorded).
    """
    if size or volume.startswith("/"):
        return size
    storage = get(state, parsed(volume)[0])
    return max(1, usage(state, storage)[3]) if "x-size" in storage.settings else 0
