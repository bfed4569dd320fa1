# SPDX-License-Identifier: Apache-2.0
"""``/storage`` and ``/nodes/NODE/storage``."""

from __future__ import annotations

import hashlib
import os
import random
from typing import TYPE_CHECKING, Any

from step_defs.stand_ins.pve import storages
from step_defs.stand_ins.pve.formats import split
from step_defs.stand_ins.pve.pvesm import allocation
from step_defs.stand_ins.pve.refusals import refused

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call, Task
    from step_defs.stand_ins.pve.schema import Values

Facts = dict[str, Any]


def configured(call: Call, given: Values) -> list[Facts]:
    """storage.cfg."""
    with open(os.path.join(call.state.etc, "storage.cfg"), "rb") as file:
        digest = hashlib.sha1(file.read(), usedforsecurity=False).hexdigest()
    found: list[Facts] = []
    for name, storage in storages.everything(call.state).items():
        if given.get("type") not in (None, storage.type):
            continue
        kept = {
            key: value
            for key, value in storage.settings.items()
            if key != "disable" and not key.startswith("x-")
        }
        one: Facts = {**kept, "path": storage.path, "storage": name, "type": storage.type, "digest": digest}
        found.append({**one, "disable": 1} if "disable" in storage.settings else one)
    random.shuffle(found)
    return found


def _figures(call: Call, storage: storages.Storage) -> Facts:
    active, total, used, free = storages.usage(call.state, storage)
    content = list(storage.contents)
    random.shuffle(content)
    enabled = int(not storage.disabled(call.state.node))
    return {
        "active": int(active),
        "avail": free,
        "content": ",".join(content),
        "enabled": enabled,
        "shared": 0,
        "total": total,
        "type": storage.type,
        "used": used,
    }


def all_of_node(call: Call, given: Values) -> list[Facts]:
    """With figures in bytes."""
    found = []
    for name, storage in storages.everything(call.state).items():
        wanted = not given.get("content") or set(split(given["content"])) & set(storage.contents)
        if not wanted or given.get("storage", name) != name:
            continue
        if ("content" in given or given.get("enabled") == "1") and storage.disabled(call.state.node):
            continue
        one = {**_figures(call, storage), "storage": name}
        if one["total"]:
            one["used_fraction"] = one["used"] / one["total"] if one["used"] else 0
        found.append(one)
    random.shuffle(found)
    return found


def status(call: Call, given: Values) -> Facts:
    """Of one."""
    found = storages.everything(call.state).get(given["storage"])
    if found is None:
        raise refused("storage", "No such storage.")
    return _figures(call, found)


def content(call: Call, given: Values) -> list[Facts]:
    """What lies there."""
    storage = storages.usable(call.state, given["storage"])
    found = []
    for volume in storages.listed(call.state, storage):
        if given.get("content") not in (None, volume.content) or given.get("vmid") not in (
            None,
            volume.guest,
        ):
            continue
        ctime = int(os.stat(call.state.host(volume.path)).st_mtime)
        one: Facts = {
            "content": volume.content,
            "ctime": ctime,
            "format": volume.format,
            "size": volume.size,
            "volid": volume.volid,
        }
        if volume.content == "backup":
            one["subtype"] = "lxc" if "-lxc-" in volume.volid else "qemu"
        if volume.guest:
            one["vmid"] = int(volume.guest)
        found.append(one)
    return found


def _volid(given: Values) -> str:
    volume = given["volume"]
    return volume if ":" in volume else f"{given['storage']}:{volume}"


def volume(call: Call, given: Values) -> Facts:
    """A template counts as a raw image of whole blocks."""
    path = storages.volume_path(call.state, _volid(given))
    size = os.path.getsize(call.state.host(path))
    rounded = -(-size // 512) * 512
    return {"format": "raw", "path": path, "size": rounded, "used": rounded}


def allocate(call: Call, given: Values) -> str:
    """A new disk."""
    return allocation.allocate(
        call, given["storage"], given["vmid"], given["filename"], given["size"], given.get("format")
    )


def free(call: Call, given: Values) -> Task:
    """A missing one is no failure."""
    volid = _volid(given)
    owner = storages.content_of(storages.parsed(volid)[1])[2]
    storages.get(call.state, given["storage"])
    name = f"{owner}@{given['storage']}" if owner else given["storage"]
    return call.task("imgdel", name, lambda: allocation.free(call, volid))
