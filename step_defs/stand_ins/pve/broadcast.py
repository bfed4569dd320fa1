# SPDX-License-Identifier: Apache-2.0
"""What pvestatd tells the cluster every ten seconds, and all that ``/cluster/resources`` knows.

``staleness`` in the settings is the interval in seconds; 0 makes the listing live.
"""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING, Any

from step_defs.stand_ins.pve.conf import Conf
from step_defs.stand_ins.pve.pct import figures
from step_defs.stand_ins.pve.state import write

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call

KEPT = (
    "disk",
    "diskread",
    "diskwrite",
    "lock",
    "maxdisk",
    "maxmem",
    "mem",
    "name",
    "netin",
    "netout",
    "status",
    "tags",
    "uptime",
)
Figures = dict[str, dict[str, Any]]


def tick(call: Call) -> None:
    """Tell the cluster anew when the interval is over; every call does it first."""
    interval = float(call.state.settings.get("staleness", 0))
    if not interval:
        return
    path = os.path.join(call.state.home, "run/broadcast.json")
    try:
        fresh = time.time() - os.stat(path).st_mtime < interval
    except FileNotFoundError:
        fresh = False
    if not fresh:
        write(path, json.dumps(now(call)))


def last(call: Call) -> Figures:
    """VMID → figures as they were told; a forced ``stale`` is how a scenario says what was."""
    forced = call.state.settings.get("stale")
    if forced == "created":
        return {}
    if forced:
        told = now(call)
        for one in told.values():
            one["status"] = forced
        return told
    if not float(call.state.settings.get("staleness", 0)):
        return now(call)
    with open(os.path.join(call.state.home, "run/broadcast.json"), encoding="utf-8") as file:
        found: Figures = json.load(file)
        return found


def now(call: Call) -> Figures:
    """How this node's guests are."""
    found: Figures = {}
    for vmid, (kind, node) in call.state.guests().items():
        if node != call.state.node:
            continue
        if kind == "qemu":
            found[str(vmid)] = _machine(call, vmid)
            continue
        conf = call.state.conf(vmid)
        all_of = figures.of(call, vmid, conf)
        one = {key: all_of[key] for key in KEPT if key in all_of}
        found[str(vmid)] = {**one, "cpu": 0, "maxcpu": all_of["cpus"], "template": all_of.get("template", 0)}
    return found


def _machine(call: Call, vmid: int) -> dict[str, Any]:
    """A virtual machine, which never runs here."""
    path = os.path.join(call.state.etc, "nodes", call.state.node, "qemu-server", f"{vmid}.conf")
    with open(path, encoding="utf-8") as file:
        conf = Conf.parse(file.read(), vmid, call.state.version)
    found = dict.fromkeys(
        ("cpu", "disk", "diskread", "diskwrite", "mem", "netin", "netout", "uptime", "template", "maxdisk"), 0
    )
    memory = int(conf.get("memory") or 512) << 20
    return {
        **found,
        "maxcpu": int(conf.get("cores") or 1),
        "maxmem": memory,
        "name": conf.get("name"),
        "status": "stopped",
    }
