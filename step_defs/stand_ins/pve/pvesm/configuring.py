# SPDX-License-Identifier: Apache-2.0
"""``pvesm add``, ``set``, ``remove``: storage.cfg."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from step_defs.stand_ins.pve import storages
from step_defs.stand_ins.pve.formats import split
from step_defs.stand_ins.pve.refusals import Died

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call
    from step_defs.stand_ins.pve.schema import Values

LOCK = "file-storage_cfg"
PATIENCE = 10
UNREACHABLE = "does not exist or is unreachable"
DEPRECATED = (
    "NOTE: The 'mkdir' option set for '{}' is deprecated and will be removed in Proxmox VE 9."
    " Use 'create-base-path' or 'create-subdirs' instead.\n"
)


def _changeable(call: Call, verb: str) -> None:
    """The lock of the cluster file system needs a quorum."""
    if not call.state["quorum"]:
        for _ in range(PATIENCE):
            call.err(f"trying to acquire cfs lock '{LOCK}' ...\n")
            time.sleep(min(1.0, float(call.state["lock_patience"]) / PATIENCE))
        raise Died(f"{verb} storage failed: cfs-lock '{LOCK}' error: no quorum!", 13)


def add(call: Call, given: Values) -> None:
    """A new storage; its directory must be there, or is made."""
    kind, name = given.pop("type"), given.pop("storage")
    known = storages.everything(call.state)
    if kind == "dir" and "path" not in given:
        raise Died("missing value for required option 'path'")
    _changeable(call, "create")
    if name in known:
        raise Died(f"create storage failed: storage ID '{name}' already defined")
    if "mkdir" in given:
        call.err(DEPRECATED.format(name))
    path = given["path"]
    real = call.state.host(path)
    mountpoint = given.get("is_mountpoint", "0")
    if mountpoint not in ("0", "no") and not os.path.ismount(real):
        why = f"directory is expected to be a mount point but is not mounted: '{path}'"
        raise Died(f"create storage failed: unable to activate storage '{name}' - {why}")
    made = given.get("create-base-path", given.get("mkdir", "1")) == "1"
    if not os.path.isdir(real) and not made:
        raise Died(
            f"create storage failed: unable to activate storage '{name}' - directory '{path}' {UNREACHABLE}"
        )
    os.makedirs(real, exist_ok=True)
    known[name] = storages.Storage(name, kind, dict(given), path)
    storages.save(call.state, known)


def change(call: Call, given: Values) -> None:
    """Settings of a storage; names of nodes are not checked."""
    name = given.pop("storage")
    known = storages.everything(call.state)
    _changeable(call, "update")
    if name not in known:
        raise Died(f"update storage failed: storage '{name}' does not exist")
    settings = known[name].settings
    for key in split(given.pop("delete", "")):
        settings.pop(key, None)
    for key, value in given.items():
        if key == "disable":
            settings.pop(key, None)
            if value == "1":
                settings[key] = ""
        else:
            settings[key] = ",".join(split(value)) if key in ("content", "nodes") else value
    storages.save(call.state, known)


def remove(call: Call, given: Values) -> None:
    """Forget a storage; its files stay."""
    name = given["storage"]
    known = storages.everything(call.state)
    _changeable(call, "delete")
    if name not in known:
        raise Died(f"delete storage failed: storage '{name}' does not exist")
    del known[name]
    storages.save(call.state, known)
