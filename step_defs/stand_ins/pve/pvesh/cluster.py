# SPDX-License-Identifier: Apache-2.0
"""``/version``, ``/nodes``, ``/cluster``: what is known of all nodes, partly old."""

from __future__ import annotations

import os
import re
import time
from typing import TYPE_CHECKING, Any

from step_defs.stand_ins.pve import broadcast, storages
from step_defs.stand_ins.pve.refusals import Died, refused
from step_defs.stand_ins.pve.state import write

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call
    from step_defs.stand_ins.pve.schema import Values

FIRST, LAST = 100, 1000000
SUBDIRS = ("version", "cluster", "nodes", "storage", "access", "pools")


def root(_call: Call, _given: Values) -> list[dict[str, str]]:
    """The first words of all paths."""
    return [{"subdir": name} for name in SUBDIRS]


def version(call: Call, _given: Values) -> dict[str, str]:
    """Of pve-manager."""
    manager = call.state.release.packages["pve-manager"]
    return {
        "release": manager.rpartition(".")[0],
        "repoid": call.state.release.repository,
        "version": manager,
    }


def nodes(call: Call, _given: Values) -> list[dict[str, Any]]:
    """Figures of this node; another one is unknown."""
    found: list[dict[str, Any]] = []
    for name in sorted({call.state.node, *call.state["nodes"]}):
        one: dict[str, Any] = {"id": f"node/{name}", "node": name, "status": "unknown", "type": "node"}
        if name == call.state.node:
            pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
            one.update(
                status="online",
                cpu=0.01,
                level="",
                maxcpu=call.state["cpus"],
                maxmem=pages * size,
                mem=1 << 30,
                disk=1 << 30,
                maxdisk=1 << 40,
                uptime=int(time.monotonic()),
                ssl_fingerprint=":".join(["00"] * 32),
            )
        found.append(one)
    return found


def _range(call: Call) -> tuple[int, int]:
    found = re.search(r"lower=(\d+)", _options_text(call)), re.search(r"upper=(\d+)", _options_text(call))
    return int(found[0][1]) if found[0] else FIRST, int(found[1][1]) if found[1] else LAST


def _options_text(call: Call) -> str:
    try:
        with open(os.path.join(call.state.etc, "datacenter.cfg"), encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def next_id(call: Call, given: Values) -> str:
    """The lowest free VMID of the cluster; nothing reserves it."""
    taken = call.state.guests()
    if "vmid" in given:
        if int(given["vmid"]) in taken:
            raise refused("vmid", f"VM {given['vmid']} already exists")
        return given["vmid"]
    lower, upper = _range(call)
    for vmid in range(lower, upper):
        if vmid not in taken:
            return str(vmid)
    raise Died(f"unable to get any free VMID in range [{lower}, {upper}]")


def options(call: Call, _given: Values) -> dict[str, Any]:
    """datacenter.cfg and its defaults."""
    found: dict[str, Any] = {
        "allowed-tags": [],
        "description": "",
        "keyboard": "en-us",
        "mac_prefix": "BC:24:11",
    }
    bounds = dict(re.findall(r"(lower|upper)=(\d+)", _options_text(call)))
    return {**found, "next-id": bounds} if bounds else found


def set_options(call: Call, given: Values) -> None:
    """Only ``next-id``."""
    if "next-id" in given:
        write(os.path.join(call.state.etc, "datacenter.cfg"), f"next-id: {given['next-id']}\n")


def status(call: Call, _given: Values) -> list[dict[str, Any]]:
    """One entry without a cluster."""
    return [
        {
            "id": f"node/{call.state.node}",
            "ip": "10.99.0.1",
            "level": "",
            "local": 1,
            "name": call.state.node,
            "nodeid": 0,
            "online": 1,
            "type": "node",
        }
    ]


def resources(call: Call, given: Values) -> list[dict[str, Any]]:
    """What pvestatd last told; a guest that it does not know yet is ``unknown``."""
    wanted = given.get("type")
    found: list[dict[str, Any]] = []
    if wanted in (None, "vm"):
        found += _guests(call)
    if wanted in (None, "storage"):
        found += _storages(call)
    if wanted in (None, "node"):
        found += nodes(call, {})
    return found


def _guests(call: Call) -> list[dict[str, Any]]:
    told = broadcast.last(call)
    found = []
    for vmid, (kind, node) in call.state.guests().items():
        known = told.get(str(vmid), {}) if node == call.state.node else {}
        one = {"id": f"{kind}/{vmid}", "node": node, "type": kind, "vmid": vmid}
        found.append({**known, **one} if known else {**one, "status": "unknown"})
    return found


def _storages(call: Call) -> list[dict[str, Any]]:
    found = []
    for name, storage in storages.everything(call.state).items():
        active, total, used, _ = storages.usage(call.state, storage)
        if not storage.disabled(call.state.node):
            found.append(
                {
                    "content": ",".join(storage.contents),
                    "disk": used,
                    "id": f"storage/{call.state.node}/{name}",
                    "maxdisk": total,
                    "node": call.state.node,
                    "plugintype": storage.type,
                    "shared": 0,
                    "status": "available" if active else "unknown",
                    "storage": name,
                    "type": "storage",
                }
            )
    return found
