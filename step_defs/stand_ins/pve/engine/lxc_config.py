# SPDX-License-Identifier: Apache-2.0
"""A container's configuration for Debian's lxc: what lxc-pve generates, as far as this host has it."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from step_defs.stand_ins.pve.engine import trees

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.conf import Conf
    from step_defs.stand_ins.pve.state import State

Lines = list[tuple[str, str]]
HOST_BASE = 100000
RANGE = 65536
MIB = 1 << 20
PERIOD = 100000
V1 = "/sys/fs/cgroup/memory"
SECCOMP = "/usr/share/lxc/config/common.seccomp"
# of lxc's common.conf, which a privileged container includes
DROPPED = "mac_admin mac_override sys_time sys_module sys_rawio"
DEVICES = "c 1:3 c 1:5 c 1:7 c 1:8 c 1:9 c 5:0 c 5:1 c 5:2 c 136:* c 10:229"
# keys that lxc 5 has under another name
RENAMED = {"lxc.environment.runtime": "lxc.environment"}
# the words of PID 1 go to lxc-start, which does not take quotes apart as lxc 6 does
IGNORED = ("lxc.init.groups", "lxc.init.cmd")


def lines(state: State, vmid: int | str, conf: Conf) -> Lines:
    """Key and value of each line."""
    unprivileged = conf.get("unprivileged") == "1"
    nesting = "nesting=1" in conf.get("features").split(",")
    found: Lines = [
        ("lxc.uts.name", conf.get("hostname", f"CT{vmid}")),
        ("lxc.cgroup.dir.monitor", f"lxc.monitor/{vmid}"),
        ("lxc.cgroup.dir.container", f"lxc/{vmid}"),
        ("lxc.cgroup.dir.container.inner", "ns"),
        ("lxc.apparmor.profile", "unconfined"),
        ("lxc.mount.auto", "proc:rw sys:rw" if nesting else "proc:mixed sys:mixed"),
        ("lxc.tty.max", conf.get("tty") or "2"),
        ("lxc.pty.max", "1024"),
        ("lxc.autodev", "1"),
    ]
    if unprivileged:
        found += [("lxc.idmap", f"{kind} 0 {HOST_BASE} {RANGE}") for kind in "ug"]
    else:
        found.append(("lxc.cap.drop", DROPPED))
    if os.path.exists(SECCOMP):
        found.append(("lxc.seccomp.profile", SECCOMP))
    found += (
        _root(state, conf)
        + limits(conf)
        + _mounts(state, conf)
        + _devices(state, conf)
        + _networks(state, conf)
    )
    found += [("lxc.environment", one) for one in conf.get("env").split("\0") if one]
    found += [(RENAMED.get(key, key), value) for key, value in conf.raw if key not in IGNORED]
    return found


def text(state: State, vmid: int | str, conf: Conf) -> str:
    """The file."""
    return "".join(f"{key} = {value}\n" for key, value in lines(state, vmid, conf))


def _root(state: State, conf: Conf) -> Lines:
    parts = trees.parts(state, "rootfs", conf.get("rootfs"))
    options = _options(parts, conf)
    found = [("lxc.rootfs.path", f"dir:{trees.root(state, conf)}")]
    return found + ([("lxc.rootfs.options", ",".join(options))] if options else [])


def _options(parts: dict[str, str], conf: Conf) -> list[str]:
    options = ["ro"] if parts.get("ro") == "1" else []
    options += [option for option in parts.get("mountoptions", "").split(";") if option]
    if "idmap" in parts and conf.get("unprivileged") == "1":
        options.append("idmap=container")
    return options


def limits(conf: Conf) -> Lines:
    """Of cgroup v1, or of the pure v2 of a real node."""
    memory = int(conf.get("memory") or 512) * MIB
    swap = int(conf.get("swap") or 0) * MIB
    limit, units = conf.get("cpulimit"), conf.get("cpuunits")
    quota = int(float(limit) * PERIOD) if limit and float(limit) else 0
    cores = conf.get("cores")
    cpus = f"0-{min(int(cores), os.cpu_count() or 1) - 1}" if cores else ""
    if not os.path.isdir(V1):
        found = [("lxc.cgroup2.memory.max", str(memory)), ("lxc.cgroup2.memory.swap.max", str(swap))]
        found += [("lxc.cgroup2.cpu.max", f"{quota} {PERIOD}")] if quota else []
        found += [("lxc.cgroup2.cpu.weight", units)] if units else []
        return found + ([("lxc.cgroup2.cpuset.cpus", cpus)] if cpus else [])
    found = [("lxc.cgroup.memory.limit_in_bytes", str(memory))]
    if os.path.exists(f"{V1}/memory.memsw.limit_in_bytes"):
        found.append(("lxc.cgroup.memory.memsw.limit_in_bytes", str(memory + swap)))
    found += [("lxc.cgroup.cpu.cfs_quota_us", str(quota))] if quota else []
    found += [("lxc.cgroup.cpu.shares", units)] if units else []
    return found + (
        [("lxc.cgroup.cpuset.cpus", cpus)] if cpus and os.path.isdir("/sys/fs/cgroup/cpuset") else []
    )


def _mounts(state: State, conf: Conf) -> Lines:
    found = []
    for _, parts in trees.mounts(state, conf):
        source = trees.of_volume(state, parts["volume"])
        kind = "rbind" if parts["volume"].startswith("/") else "bind"
        options = ",".join([kind, "create=dir", *_options(parts, conf)])
        found.append(
            ("lxc.mount.entry", f"{_quoted(source)} {_quoted(parts['mp'].lstrip('/'))} none {options} 0 0")
        )
    return found


def _quoted(path: str) -> str:
    return path.replace("\\", "\\134").replace(" ", "\\040").replace("\t", "\\011")


def _devices(state: State, conf: Conf) -> Lines:
    words = DEVICES.split()
    allowed = [f"{kind} {number} rwm" for kind, number in zip(words[::2], words[1::2], strict=True)]
    entries: Lines = []
    for key in sorted(key for key in conf.options if key.startswith("dev")):
        parts = trees.parts(state, key, conf.options[key])
        path = parts["path"]
        status = os.stat(path)
        kind = "b" if stat.S_ISBLK(status.st_mode) else "c"
        access = "rm" if parts.get("deny-write") == "1" else "rwm"
        allowed.append(f"{kind} {os.major(status.st_rdev)}:{os.minor(status.st_rdev)} {access}")
        entries.append(("lxc.mount.entry", f"{path} {path.lstrip('/')} none bind,create=file 0 0"))
    if conf.get("unprivileged") != "1" and os.path.isdir("/sys/fs/cgroup/devices"):
        entries += [
            ("lxc.cgroup.devices.deny", "a"),
            ("lxc.cgroup.devices.allow", "c *:* m"),
            ("lxc.cgroup.devices.allow", "b *:* m"),
        ]
        entries += [("lxc.cgroup.devices.allow", one) for one in allowed]
    return entries


def _networks(state: State, conf: Conf) -> Lines:
    """A veth where the bridge is there for real, else nothing but lo."""
    found: Lines = []
    raw = {key for key, _ in conf.raw}
    for key in sorted(key for key in conf.options if key.startswith("net")):
        parts = trees.parts(state, key, conf.options[key])
        number, bridge = key[3:], parts.get("bridge", "")
        if not os.path.isdir(f"/sys/class/net/{bridge}/bridge"):
            continue
        prefix = f"lxc.net.{number}"
        found += [(f"{prefix}.type", "veth"), (f"{prefix}.link", bridge), (f"{prefix}.name", parts["name"])]
        found += [(f"{prefix}.hwaddr", parts["hwaddr"]), (f"{prefix}.flags", "up")]
        if "/" in parts.get("ip", ""):
            found.append((f"{prefix}.ipv4.address", parts["ip"]))
        if "gw" in parts:
            found.append((f"{prefix}.ipv4.gateway", parts["gw"]))
    if not found and not any(key.startswith("lxc.net.") for key in raw):
        found.append(("lxc.net.0.type", "empty"))
    return found
