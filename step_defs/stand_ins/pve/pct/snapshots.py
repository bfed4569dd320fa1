# SPDX-License-Identifier: Apache-2.0
"""``pct snapshot``, ``delsnapshot``, ``rollback``, ``listsnapshot``: directory storages have none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from step_defs.stand_ins.pve.pct import values
from step_defs.stand_ins.pve.refusals import Died

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call, Task
    from step_defs.stand_ins.pve.schema import Values

CURRENT = "`-> current                                             You are here!"


def snapshot(call: Call, given: Values) -> Task:
    """Refused on raw images and directories."""
    vmid, name = given["vmid"], given["snapname"]
    if name == "current":
        raise Died(f"unable to use snapshot name '{name}' (reserved name)")

    def work() -> None:
        conf = call.conf(vmid)
        values.locked(conf)
        if name in conf.snapshots:
            raise Died(f"snapshot name '{name}' already used")
        raise Died("snapshot feature is not available")

    return call.task("vzsnapshot", vmid, work)


def _known(call: Call, given: Values, type: str) -> Task:
    def work() -> None:
        conf = call.conf(given["vmid"])
        if given["snapname"] not in conf.snapshots:
            raise Died(f"snapshot '{given['snapname']}' does not exist")
        raise Died("snapshot feature is not available")

    return call.task(type, given["vmid"], work)


def delete(call: Call, given: Values) -> Task:
    """Of a snapshot that is not there."""
    return _known(call, given, "vzdelsnapshot")


def rollback(call: Call, given: Values) -> Task:
    """To a snapshot that is not there."""
    return _known(call, given, "vzrollback")


def list_all(call: Call, given: Values) -> None:
    """The tree of snapshots has one leaf."""
    call.conf(given["vmid"])
    call.out(f"{CURRENT}\n")
