# SPDX-License-Identifier: Apache-2.0
"""``pct create``: what is checked before a task begins, in the order of PVE::API2::LXC."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from step_defs.stand_ins.pve import disks, storages
from step_defs.stand_ins.pve.engine import trees
from step_defs.stand_ins.pve.pct import creating, values
from step_defs.stand_ins.pve.refusals import Died, refused
from step_defs.stand_ins.pve.tables import lxc_options
from step_defs.stand_ins.pve.tables.versions import UNPRIVILEGED_DEFAULT

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call, Task
    from step_defs.stand_ins.pve.schema import Values

DEFAULT_SIZE = "4"
ROOTLESS = "mount points configured, but 'rootfs' not set - aborting"


def create(call: Call, given: Values, restore: bool = False) -> Task:
    """Check, then make the container in a task."""
    vmid = given.pop("vmid")
    quorate(call)
    guests = call.state.guests()
    if int(vmid) in guests and not (restore and given.get("force") == "1"):
        kind, node = guests[int(vmid)]
        raise Died(f"{'VM' if kind == 'qemu' else 'CT'} {vmid} already exists on node '{node}'")
    if restore and call.engine.pid(vmid):
        raise Died("can't overwrite running container")
    if given.get("unique") == "1" and not restore:
        raise refused("unique", "missing property - 'restore'")
    template = given.pop("ostemplate")
    _keys(call, given)
    if "pool" in given and given["pool"] not in _pools(call):
        raise Died(f"403 Permission check failed (pool '{given['pool']}' does not exist)")
    _archive(call, template, restore)
    plan = creating.Plan(vmid, template, restore, given)
    _unused(call, given)
    _disks(call, plan, given)
    _config(call, plan, given)
    if restore:
        from step_defs.stand_ins.pve.pct import restoring

        return call.task("vzrestore", vmid, lambda: restoring.work(call, plan))
    creating.reserve(call, plan)
    return call.task("vzcreate", vmid, lambda: creating.work(call, plan))


def quorate(call: Call) -> None:
    """Whether the cluster may be changed."""
    if not call.state["quorum"]:
        raise Died("cluster not ready - no quorum?")


def _keys(call: Call, given: Values) -> None:
    """The CLI reads the file of public keys."""
    path = given.get("ssh-public-keys")
    if (
        path is not None
        and call.tool == "pct"
        and not os.path.exists(call.state.host(path))
        and not os.path.exists(path)
    ):
        raise Died(f"can't open '{path}' - No such file or directory", 2)


def _pools(call: Call) -> set[str]:
    try:
        with open(os.path.join(call.state.etc, "user.cfg"), encoding="utf-8") as file:
            return set(re.findall(r"^pool:([^:]+):", file.read(), re.MULTILINE))
    except FileNotFoundError:
        return set()


def _archive(call: Call, template: str, restore: bool) -> None:
    if template == "-":
        if not restore:
            raise Died("pipe can only be used with restore tasks")
        return
    storage, colon, name = template.partition(":")
    if template.startswith("/") or not colon or "/" in storage:
        return
    wanted = "backup" if restore else "vztmpl"
    storages.usable(call.state, storage)
    if storages.content_of(name)[0] != wanted:
        raise Died(f"unable to use volume {template} - content type needs to be '{wanted}'")


def _unused(call: Call, given: Values) -> None:
    for name in [name for name in given if re.fullmatch(r"unused\d+", name)]:
        call.err(f"ignoring '{name}', cannot create/restore with unused volume\n")
        del given[name]


def _disks(call: Call, plan: creating.Plan, given: Values) -> None:
    """Which volumes are to be allocated; storages that cannot hold them are refused."""
    default = given.get("storage", "local")
    points = sorted((name for name in given if re.fullmatch(r"mp\d+", name)), key=lambda name: int(name[2:]))
    if points and "rootfs" not in given and not plan.restore:
        _rootdir(call, default)
        raise Died(ROOTLESS)
    if "rootfs" not in given and not plan.restore:
        _rootdir(call, default)
        given["rootfs"] = f"{default}:{DEFAULT_SIZE}"
    for name in ["rootfs", *points] if "rootfs" in given else []:
        parts = trees.parts(call.state, name, given[name])
        volume = parts["volume"]
        if name == "rootfs" and re.fullmatch(r"\d+(?:\.\d+)?", volume):
            volume = parts["volume"] = f"{default}:{volume}"
        if not volume.startswith("/"):
            storage, _ = storages.parsed(volume)
            _rootdir(call, storage)
        plan.volumes[name] = parts
    if "storage" in given:
        _rootdir(call, default)


def _rootdir(call: Call, name: str) -> None:
    storage = storages.usable(call.state, name)
    if "rootdir" not in storage.contents:
        raise refused("storage", f"storage '{name}' does not support container directories")


def _config(call: Call, plan: creating.Plan, given: Values) -> None:
    """The options of the container itself, checked as far as the schema cannot."""
    known = lxc_options.config(call.state.version)
    unprivileged = "1" if call.state.version >= UNPRIVILEGED_DEFAULT else "0"
    plan.unprivileged = given.get("unprivileged", unprivileged) == "1"
    for name, value in given.items():
        if name in known and name not in plan.volumes:
            plan.options[name] = values.normal(call.state, name, value)
    values.existing(call, plan.options)
    if "password" in given or "ssh-public-keys" in given:
        plan.options.setdefault("hostname", f"CT{plan.vmid}")


def next_disk(call: Call, storage: str, vmid: str) -> str:
    """The name that a new disk would get."""
    return disks.next_name(call, storages.get(call.state, storage), vmid)
