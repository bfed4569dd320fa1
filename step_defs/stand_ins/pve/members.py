# SPDX-License-Identifier: Apache-2.0
"""What pmxcfs itself writes: ``.members`` and ``.vmlist`` (PVE wiki, "Proxmox Cluster File System")."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from step_defs.stand_ins.pve.state import write

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.state import State


def refresh(state: State) -> None:
    """Write them, where they are not true any more."""
    if not os.path.isdir(os.path.join(state.etc, "nodes")):
        return
    for name, document in ((".members", members(state)), (".vmlist", vmlist(state))):
        path = os.path.join(state.etc, name)
        text = json.dumps(document, indent=0) + "\n"
        try:
            with open(path, encoding="utf-8") as file:
                same = file.read() == text
        except FileNotFoundError:
            same = False
        if not same:
            write(path, text)


def members(state: State) -> dict[str, Any]:
    """A node alone is of no cluster, and always writes."""
    if not clustered(state):
        return {"nodename": state.node, "version": 0}
    names = sorted({state.node, *state["nodes"]})
    quorate = bool(state["quorum"])
    return {
        "nodename": state.node,
        "version": 3,
        "cluster": {"name": "lab", "version": 1, "nodes": len(names), "quorate": int(quorate)},
        "nodelist": {
            name: {"id": number, "online": int(quorate or name == state.node), "ip": f"10.99.0.{number}"}
            for number, name in enumerate(names, 1)
        },
    }


def clustered(state: State) -> bool:
    """Whether there are other nodes, or a quorum that could be lost."""
    return bool(state["clustered"] or state["nodes"] or not state["quorum"])


def vmlist(state: State) -> dict[str, Any]:
    """All guests of the cluster."""
    ids = {
        str(vmid): {"node": node, "type": kind, "version": 1} for vmid, (kind, node) in state.guests().items()
    }
    return {"version": 1, "ids": ids}
