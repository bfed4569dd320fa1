# SPDX-License-Identifier: Apache-2.0
"""``pct clone``."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from step_defs.stand_ins.pve import disks, schema, storages
from step_defs.stand_ins.pve.conf import Conf
from step_defs.stand_ins.pve.engine import trees
from step_defs.stand_ins.pve.pct import creating, values
from step_defs.stand_ins.pve.pct.create import quorate
from step_defs.stand_ins.pve.refusals import Died
from step_defs.stand_ins.pve.tables import lxc_options
from step_defs.stand_ins.pve.tables.versions import CLONE_SAYS, NESTING_WARNING

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call, Task
    from step_defs.stand_ins.pve.schema import Values


def clone(call: Call, given: Values) -> Task:
    """Copy a stopped container."""
    vmid, new = given["vmid"], given["newid"]
    quorate(call)
    if "target" in given and given["target"] not in (call.state.node, *call.state["nodes"]):
        raise Died(f"no such cluster node '{given['target']}'")
    guests = call.state.guests()
    conf: Conf = call.conf(vmid)
    if int(new) in guests:
        kind, node = guests[int(new)]
        raise Died(f"{'VM' if kind == 'qemu' else 'CT'} {new} already exists on node '{node}'")
    if "snapname" in given and given["snapname"] not in conf.snapshots:
        raise Died(f"snapshot '{given['snapname']}' does not exist", 2)
    values.locked(conf)
    if call.engine.pid(vmid):
        old = "Cannot do full clones on a running container without snapshots"
        said = "Full clone of a running container is only possible from a snapshot"
        raise Died(said if call.state.version >= NESTING_WARNING else old, 2)
    rootfs = trees.parts(call.state, "rootfs", conf.get("rootfs"))
    if rootfs["volume"].startswith("/"):
        raise Died("unable to clone mountpoint 'rootfs' (type bind)", 2)
    if conf.get("template") == "1" and given.get("full") != "1":
        raise Died(f"Linked clone feature for '{rootfs['volume']}' is not available", 2)
    return call.task("vzclone", vmid, lambda: _work(call, given, conf, rootfs))


def _work(call: Call, given: Values, conf: Conf, rootfs: Values) -> None:
    vmid, new = given["vmid"], given["newid"]
    if call.state.version >= CLONE_SAYS:
        call.out(f"creating a clone of container {vmid} with ID {new}\n")
    call.out(f"create full clone of mountpoint rootfs ({rootfs['volume']})\n")
    storage = storages.usable(call.state, given.get("storage", storages.parsed(rootfs["volume"])[0]))
    size = disks.size_of(rootfs.get("size", "0"))
    volid = disks.allocate(call, storage, new, size)
    if size:
        call.out(disks.formatted(size))
    shutil.copytree(
        trees.of_volume(call.state, rootfs["volume"]),
        trees.of_volume(call.state, volid),
        symlinks=True,
        dirs_exist_ok=True,
    )
    options = {key: value for key, value in conf.options.items() if key not in ("template", "lock")}
    table = lxc_options.config(call.state.version)
    options["rootfs"] = schema.written(table["rootfs"], {**rootfs, "volume": volid})
    options["hostname"] = given.get("hostname", options.get("hostname", f"CT{new}"))
    for key in [key for key in options if key.startswith("net")]:
        parts = trees.parts(call.state, key, options[key])
        del parts["hwaddr"]
        options[key] = values.normal(
            call.state, key, ",".join(f"{name}={part}" for name, part in parts.items())
        )
    copy = Conf(options, list(conf.raw))
    call.state.store(new, copy)
    creating.warn_of_systemd(call, copy, call.state.settings.get("systemd", {}).get(conf.get("ostype"), 0))
