# SPDX-License-Identifier: Apache-2.0
"""pvecm: of a node alone, or of a member whose cluster has no quorum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from step_defs.stand_ins.pve import frame
from step_defs.stand_ins.pve.frame import Command
from step_defs.stand_ins.pve.refusals import Died

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call

OPT = " [OPTIONS]"
ALONE = "Error: Corosync config '/etc/pve/corosync.conf' does not exist - is this node part of a cluster?"
GROUPS = (
    (Command("qdevice remove"), Command("qdevice setup", "address", OPT)),
    (
        Command("addnode", "node", OPT),
        Command("apiver"),
        Command("create", "clustername", OPT),
        Command("delnode", "node"),
    ),
    (
        Command("add", "hostname", OPT),
        Command("expected", "expected"),
        Command("keygen", "filename"),
        Command("mtunnel", "", OPT, extra=True),
        Command("nodes"),
        Command("status"),
        Command("updatecerts", "", OPT),
    ),
    (Command("help", "", OPT, extra=True),),
)
BLOCK = """Cluster information
-------------------
Name:             lab
Config Version:   1
Transport:        knet
Secure auth:      {}

"""
MEMBERSHIP = """Quorum information
------------------
Nodes:            {nodes}
Quorate:          {quorate}

"""


def run(call: Call, command: Command, argv: list[str]) -> int:
    """Do what the words say."""
    frame.parse(command, argv, {})
    if command.name == "help":
        call.out(frame.usage("pvecm", GROUPS))
        return 0
    if command.name == "apiver":
        call.out("1\n")
        return 0
    if not call.state["clustered"]:
        raise Died(ALONE, 2)
    nodes = 1 + len(call.state["nodes"])
    if command.name == "status":
        call.out(
            BLOCK.format("off")
            + MEMBERSHIP.format(nodes=nodes, quorate="Yes" if call.state["quorum"] else "No")
        )
        return 0 if call.state["quorum"] else 2
    raise Died(f"{command.name} is not part of this stand-in")
