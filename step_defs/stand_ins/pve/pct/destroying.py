# SPDX-License-Identifier: Apache-2.0
"""``pct destroy``."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from step_defs.stand_ins.pve import disks, storages
from step_defs.stand_ins.pve.engine import trees
from step_defs.stand_ins.pve.pct import ha, values
from step_defs.stand_ins.pve.refusals import Died

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call, Task
    from step_defs.stand_ins.pve.conf import Conf
    from step_defs.stand_ins.pve.schema import Values


def destroy(call: Call, given: Values) -> Task:
    """Remove a container and its volumes; directories of the host stay."""
    vmid = given["vmid"]
    conf = call.conf(vmid)
    values.locked(conf)
    values.protected(vmid, conf, f"can't remove CT {vmid}")
    if ha.managed(call, vmid) and given.get("purge") != "1":
        raise Died(f"unable to remove CT {vmid} - used in HA resources and purge parameter not set.")
    if call.engine.pid(vmid) and given.get("force") != "1":
        raise Died(f"unable to destroy CT {vmid} - container is running")
    return call.task("vzdestroy", vmid, lambda: _work(call, vmid, given))


def _work(call: Call, vmid: str, given: Values) -> None:
    with call.state.locked(vmid, call.out):
        conf = call.conf(vmid)
        values.locked(conf)
        if call.engine.pid(vmid):
            if given.get("force") != "1":
                raise Died(f"unable to destroy CT {vmid} - container is running")

            call.out(f"forced to stop CT {vmid} before destroying!\n")
            call.engine.stop(call, vmid)
        if given.get("purge") == "1":
            call.out(f"purging CT {vmid} from related configurations..\n")
        remove_volumes(call, vmid, conf, unreferenced=given.get("destroy-unreferenced-disks") == "1")
        conf.options["lock"] = "destroyed"
        call.state.store(vmid, conf)  # without a quorum this fails when the volumes are gone already
        call.engine.unmount(call, vmid)
        call.engine.forget(vmid)
        call.state.remove(vmid)


def remove_volumes(call: Call, vmid: str, conf: Conf, unreferenced: bool = False) -> None:
    """The volumes that the container owns."""
    sections = [conf.options, *(kept.options for kept in conf.snapshots.values())]
    for section in sections:
        for key, text in section.items():
            if key == "rootfs" or key.startswith(("mp", "unused")):
                volume = trees.parts(call.state, key, text)["volume"]
                if volume.startswith("/"):
                    continue
                owner = storages.content_of(storages.parsed(volume)[1])[2]
                if owner == vmid:
                    disks.free(call, volume)
    for storage in storages.everything(call.state).values() if unreferenced else []:
        if not storage.disabled(call.state.node):
            for found in list(storages.listed(call.state, storage)):
                if found.guest == vmid and found.content in ("images", "rootdir"):
                    with contextlib.suppress(OSError):
                        disks.free(call, found.volid)
