# SPDX-License-Identifier: Apache-2.0
"""``pct resize``, ``move-volume``, ``template``, ``rescan``, ``fsck``, ``fstrim``."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from step_defs.stand_ins.pve import disks, schema, storages
from step_defs.stand_ins.pve.engine import trees
from step_defs.stand_ins.pve.pct import values
from step_defs.stand_ins.pve.pct.setting import keep_unused
from step_defs.stand_ins.pve.refusals import Died
from step_defs.stand_ins.pve.tables import lxc_options

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call, Task
    from step_defs.stand_ins.pve.schema import Values

NO_POINT = "format error\nvolume: property is missing and it is not optional\n"


def resize(call: Call, given: Values) -> None:
    """Grow a disk."""
    vmid, disk, size = given["vmid"], given["disk"], given["size"]
    conf = call.conf(vmid)
    values.locked(conf)
    if disk not in conf.options:
        needs = "mp: property is missing and it is not optional" if disk != "rootfs" else ""
        raise Died((NO_POINT + needs).rstrip("\n"))
    parts = trees.parts(call.state, disk, conf.options[disk])
    storage, name = storages.parsed(parts["volume"])
    storages.usable(call.state, storage)
    if name.endswith(".subvol"):
        call.err("can't resize this image format\n")
        return
    before = disks.size_of(parts.get("size", "0"))
    wanted = disks.size_of(size.lstrip("+")) + (before if size.startswith("+") else 0)
    if wanted < before:
        raise Died("unable to shrink disk size")
    if wanted == before:
        # a size of before in other words is told apart by the image alone
        raise Died(
            "disk is already at specified size" if size.startswith("+") else "unable to shrink disk size"
        )
    call.out("Image resized.\n")
    parts["size"] = disks.shown(wanted)
    conf.options[disk] = schema.written(lxc_options.config(call.state.version)[disk], parts)
    call.state.store(vmid, conf)
    with open(call.state.host(storages.volume_path(call.state, parts["volume"])), "ab") as file:
        file.truncate(wanted)


def move(call: Call, given: Values) -> Task | None:
    """Copy a volume to another storage; the old one stays as unused."""
    vmid, name = given["vmid"], given["volume"]
    conf = call.conf(vmid)
    values.locked(conf)
    if call.engine.pid(vmid):
        raise Died("cannot move volumes of a running container")
    if name not in conf.options:
        raise Died(f"volume '{name}' does not exist")
    parts = trees.parts(call.state, name, conf.options[name])
    storages.parsed(parts["volume"])
    target = storages.usable(call.state, given.get("storage", "local"))

    def work() -> None:
        size = disks.size_of(parts.get("size", "0"))
        volid = disks.allocate(call, target, vmid, size)
        if size:
            call.out(disks.formatted(size))
        call.out("\nNumber of files: 0\n")
        keep_unused(call, conf, parts["volume"])
        moved = {**parts, "volume": volid}
        conf.options[name] = schema.written(lxc_options.config(call.state.version)[name], moved)
        call.state.store(vmid, conf)

    return call.task("move_volume", vmid, work)


def template(call: Call, given: Values) -> None:
    """Make it a template; what fails is told, and is no failure."""
    vmid = given["vmid"]
    conf = call.conf(vmid)
    values.protected(vmid, conf, "can't convert CT to template - protection mode enabled")
    if conf.get("template") == "1":
        raise Died("you can't convert a template to a template")
    if call.engine.pid(vmid):
        raise Died("you can't convert a running container to a template")
    try:
        parts = trees.parts(call.state, "rootfs", conf.get("rootfs"))
        volume = parts["volume"]
        if volume.startswith("/"):
            raise Died(f"Template feature is not available for '{volume}'")
        if storages.missing(call.state, volume):
            raise Died(f"volume '{volume}' does not exist")
        conf.options["template"] = "1"
        path = call.state.host(storages.volume_path(call.state, volume))
        parts["volume"] = re.sub(r"/(?:vm|subvol)-", "/base-", volume)
        renamed = call.state.host(storages.volume_path(call.state, parts["volume"]))
        if disks.tree_of(path) != path:
            os.rename(disks.tree_of(path), disks.tree_of(renamed))
        os.rename(path, renamed)
        conf.options["rootfs"] = schema.written(lxc_options.config(call.state.version)["rootfs"], parts)
        call.state.store(vmid, conf)
    except Died as died:
        call.err(f"{died.text}\n")


def rescan(call: Call, given: Values) -> None:
    """Volumes that no configuration names become unused."""
    call.out("rescan volumes...\n")
    chosen = [int(given["vmid"])] if "vmid" in given else call.state.containers()
    if "vmid" in given:
        call.conf(given["vmid"])
    for vmid in chosen:
        conf = call.conf(vmid)
        known = {
            volume.split(",")[0]
            for key, volume in conf.options.items()
            if re.match(r"rootfs|mp\d|unused\d", key)
        }
        changed = False
        for storage in storages.everything(call.state).values():
            for found in (
                storages.listed(call.state, storage) if not storage.disabled(call.state.node) else []
            ):
                if (
                    found.guest == str(vmid)
                    and found.content in ("images", "rootdir")
                    and found.volid not in known
                ):
                    key = keep_unused(call, conf, found.volid)
                    call.out(f"CT {vmid}: add unreferenced volume '{found.volid}' as '{key}' to config.\n")
                    changed = True
        if changed and given.get("dryrun") != "1":
            call.state.store(vmid, conf)


def fsck(call: Call, given: Values) -> None:
    """Check the root file system."""
    vmid = given["vmid"]
    conf = call.conf(vmid)
    if call.engine.pid(vmid):
        raise Died("cannot run fsck when container is running")
    volume = trees.parts(call.state, "rootfs", conf.get(given.get("device", "rootfs")))["volume"]
    if volume.startswith("/"):
        raise Died(f"unable to run fsck for '{volume}' (format == bind)")
    call.out(f"fsck from util-linux 2.41\n{storages.volume_path(call.state, volume)}: clean\n")


def fstrim(call: Call, given: Values) -> None:
    """Give unused blocks back."""
    vmid = given["vmid"]
    conf = call.conf(vmid)
    points = [("", trees.parts(call.state, "rootfs", conf.get("rootfs"))), *trees.mounts(call.state, conf)]
    for _, parts in points:
        size = disks.size_of(parts.get("size", "0"))
        where = f"/var/lib/lxc/{vmid}/rootfs{parts.get('mp', '/')}"
        call.out(f"{where}: {size / (1 << 20):.1f} MiB ({size} bytes) trimmed\n")
