# SPDX-License-Identifier: Apache-2.0
"""The figures of a container (PVE::LXC::vmstatus), for ``pct status --verbose`` and pvesh."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from step_defs.stand_ins.pve import disks
from step_defs.stand_ins.pve.engine import trees

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call
    from step_defs.stand_ins.pve.conf import Conf

MIB = 1 << 20
PRESSURE = [f"pressure{what}{kind}" for what in ("cpu", "io", "memory") for kind in ("full", "some")]


def of(call: Call, vmid: int | str, conf: Conf) -> dict[str, Any]:
    """All keys that the real one has; those of running containers only while it runs."""
    pid = call.engine.pid(vmid)
    cpus = int(float(conf.get("cpulimit") or 0)) or int(conf.get("cores") or call.state["cpus"])
    found: dict[str, Any] = {
        "cpus": cpus,
        "disk": 0,
        "diskread": 0,
        "diskwrite": 0,
        "maxdisk": _size(call, conf),
        "maxmem": int(conf.get("memory") or 512) * MIB,
        "maxswap": int(conf.get("swap") or 0) * MIB,
        "mem": 0,
        "name": conf.get("hostname", f"CT{vmid}"),
        "netin": 0,
        "netout": 0,
        "status": "running" if pid else "stopped",
        "swap": 0,
        "type": "lxc",
        "uptime": 0,
        "vmid": int(vmid),
    }
    for key in ("lock", "tags"):
        if conf.get(key):
            found[key] = conf.get(key)
    if conf.get("template") == "1":
        found["template"] = 1
    if pid:
        found.update({"pid": pid, **call.engine.usage(vmid)})
        found.update(dict.fromkeys(PRESSURE, "0.00"))
    return found


def _size(call: Call, conf: Conf) -> int:
    if not conf.get("rootfs"):  # it is being made
        return 0
    parts = trees.parts(call.state, "rootfs", conf.get("rootfs"))
    if "size" in parts:
        return disks.size_of(parts["size"])
    if parts["volume"].startswith("/") and os.path.isdir(call.state.host(parts["volume"])):
        system = os.statvfs(call.state.host(parts["volume"]))
        return system.f_blocks * system.f_frsize
    return 0
