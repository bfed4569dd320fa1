# SPDX-License-Identifier: Apache-2.0
"""``pct restore``: from a backup that a vzdump made."""

from __future__ import annotations

import os
import tarfile
from typing import TYPE_CHECKING

from step_defs.stand_ins.pve import archives, disks, storages
from step_defs.stand_ins.pve.conf import Conf
from step_defs.stand_ins.pve.engine import trees
from step_defs.stand_ins.pve.pct import creating
from step_defs.stand_ins.pve.pct.destroying import remove_volumes
from step_defs.stand_ins.pve.refusals import Died, folded

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call
    from step_defs.stand_ins.pve.pct.creating import Plan

CONFIG = "./etc/vzdump/pct.conf"


def backup_text(call: Call, path: str) -> str:
    """The configuration in a backup."""
    known = archives.facts(call.state, path)
    if known:
        return str(known["config"])
    with tarfile.open(call.state.host(path)) as tar:
        file = tar.extractfile(CONFIG)
        return file.read().decode() if file else ""


def work(call: Call, plan: Plan) -> None:
    """Make the container of the backup, or leave what was."""
    before = None
    try:
        if plan.template == "-":
            raise _from_stdin(call, plan)
        call.out(f"recovering backed-up configuration from '{plan.template}'\n")
        if storages.missing(call.state, plan.template):
            raise Died(f"volume '{plan.template}' does not exist")
        path = storages.volume_path(call.state, plan.template)
        conf = Conf.parse(backup_text(call, path), plan.vmid, call.state.version)
        if os.path.exists(call.state.path(plan.vmid)):
            before = call.state.conf(plan.vmid)
        if not plan.volumes:
            size = disks.size_of(trees.parts(call.state, "rootfs", conf.get("rootfs")).get("size", "4G"))
            storage = plan.given.get("storage", "local")
            plan.volumes["rootfs"] = {"volume": f"{storage}:{size / (1 << 30)}"}
        target = Conf()
        creating.allocate(call, plan, target)
        call.out(f"restoring '{plan.template}' now..\n")
        archives.extract(call, path, plan.vmid, trees.root(call.state, target), plan.unprivileged, 0)
        call.out("merging backed-up and given configuration..\n")
        if before is not None:
            remove_volumes(call, plan.vmid, before)
        call.state.store(plan.vmid, Conf({**conf.options, **plan.options, **target.options}, conf.raw))
    except Died as died:
        if before is None:
            creating.undo(call, plan)
        raise Died(f"unable to restore CT {plan.vmid} - {folded(died.text)}") from None


def _from_stdin(call: Call, plan: Plan) -> Died:
    conf = Conf()
    creating.allocate(call, plan, conf)
    call.out("extracting archive from STDIN\n")
    call.out("tar: Archive is compressed. Use -z option\ntar: Error is not recoverable: exiting now\n")
    return Died(
        f"command '{archives.command('-', plan.vmid, unprivileged=False, stdin=True)}' failed: exit code 2"
    )
