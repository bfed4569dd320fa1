# SPDX-License-Identifier: Apache-2.0
"""``pvesm alloc`` and ``free``: what is not checked is as remarkable as what is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from step_defs.stand_ins.pve import disks, storages
from step_defs.stand_ins.pve.refusals import Died, refused

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call, Task
    from step_defs.stand_ins.pve.schema import Values

EXISTS = 25


def allocate(call: Call, name: str, vmid: str, file: str, size: str, form: str | None) -> str:
    """Make a disk, give its volid. The content types and free space of the storage do not matter."""
    storage = storages.usable(call.state, name)
    amount = disks.size_of(size) if size[-1:] in "MG" else int(size) << 10
    form = form or (file.rpartition(".")[2] if file.endswith((".qcow2", ".vmdk")) else "raw")
    if not file:
        file = disks.next_name(call, storage, vmid, subvol=form == "subvol")
    ending = file.rpartition(".")[2]
    if ending != form:
        raise Died(f"illegal name '{file}' - wrong extension for format ('{ending} != '{form}')", EXISTS)
    path = f"{storage.path}/images/{vmid}/{file}"
    if os.path.exists(call.state.host(path)):
        raise Died(f"disk image '{path}' already exists", EXISTS)
    return disks.allocate(call, storage, vmid, 0 if form == "subvol" else amount, file)


def from_command(call: Call, given: Values) -> None:
    """``pvesm alloc``."""
    volid = allocate(
        call, given["storage"], given["vmid"], given["filename"], given["size"], given.get("format")
    )
    call.out(f"successfully created '{volid}'\n")


def free(call: Call, volid: str) -> None:
    """Remove a volume; a missing one is only told."""
    name, _ = storages.parsed(volid)
    storages.usable(call.state, name)
    path = storages.volume_path(call.state, volid)
    if storages.missing(call.state, volid):
        call.out(f"disk image '{path}' does not exist\n")
    else:
        disks.free(call, volid)
    call.out(f"Removed volume '{volid}'\n")


def free_command(call: Call, given: Values) -> Task:
    """``pvesm free``: a task whose failure is no failure."""
    volid = given["volume"]
    if ":" not in volid:
        if "storage" not in given:
            raise refused("volume", "no storage specified - incomplete volume ID")
        volid = f"{given['storage']}:{volid}"
    name, volume = storages.parsed(volid)
    storages.get(call.state, name)
    owner = storages.content_of(volume)[2]
    return call.task("imgdel", f"{owner}@{name}" if owner else name, lambda: free(call, volid))
