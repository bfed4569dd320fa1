"""The checks of config.json's ``linux`` section that a container's making relies on (config-linux.md)."""

import os

from nexcage.oci.rules import (
    Object,
    absolute,
    boolean,
    fault,
    integer,
    members,
    obj,
    rows,
    string,
    strings,
    texts,
)

NAMESPACES = ("pid", "network", "mount", "ipc", "uts", "user", "cgroup", "time")
INT64 = (-(2**63), 2**63 - 1)


def linux(values: Object) -> None:
    """Check the section."""
    _namespaces(rows(values, "namespaces", "$.linux"))
    for name in ("uidMappings", "gidMappings"):
        for here, row in rows(values, name, "$.linux"):
            for key in ("containerID", "hostID", "size"):
                integer(row, key, here, 0, 2**32 - 1, required=True)
    for here, device in rows(values, "devices", "$.linux"):
        kind = string(device, "type", here, required=True)
        if kind not in ("c", "b", "u", "p"):
            fault(here + ".type", f'must be c, b, u or p, not "{kind}"')
        absolute(string(device, "path", here, required=True), here + ".path")
        for key in ("major", "minor"):
            integer(device, key, here, *INT64, required=kind in ("c", "b", "u"))
        integer(device, "fileMode", here, 0, 0o7777777)
    for name in ("maskedPaths", "readonlyPaths"):
        for i, path in enumerate(strings(values, name, "$.linux")):
            absolute(path, f"$.linux.{name}[{i}]")
    texts(values, "sysctl", "$.linux")
    if ".." in string(values, "cgroupsPath", "$.linux").split("/"):
        fault("$.linux.cgroupsPath", "must not climb with ..")
    string(values, "rootfsPropagation", "$.linux")
    string(values, "mountLabel", "$.linux")
    resources(obj(values, "resources", "$.linux"), "$.linux.resources")
    _seccomp(obj(values, "seccomp", "$.linux"))


def _namespaces(entries: list[tuple[str, Object]]) -> None:
    seen = set()
    for here, row in entries:
        kind = string(row, "type", here, required=True)
        if kind not in NAMESPACES:
            fault(here + ".type", f'must be one of {", ".join(NAMESPACES)}, not "{kind}"')
        if kind in seen:
            fault(here + ".type", f'namespace "{kind}" is given twice')
        seen.add(kind)
        path = string(row, "path", here)
        if path:
            absolute(path, here + ".path")
            if not os.path.exists(path):
                fault(here + ".path", f'"{path}" does not exist')


def resources(values: Object, at: str) -> None:
    """Check ``linux.resources``, also a document for ``update``."""
    memory = obj(values, "memory", at)
    for name in ("limit", "reservation", "swap", "kernel", "kernelTCP"):
        integer(memory, name, at + ".memory", -1, INT64[1])
    integer(memory, "swappiness", at + ".memory", 0, 100)
    cpu = obj(values, "cpu", at)
    integer(cpu, "shares", at + ".cpu", 0, 2**64 - 1)
    integer(cpu, "quota", at + ".cpu", *INT64)
    integer(cpu, "period", at + ".cpu", 0, 2**64 - 1)
    for name in ("cpus", "mems"):
        string(cpu, name, at + ".cpu")
    integer(obj(values, "pids", at), "limit", at + ".pids", *INT64)
    for here, device in rows(values, "devices", at):
        if device.get("allow") is None:
            fault(here + ".allow", "must be true or false")
        boolean(device, "allow", here)
        string(device, "access", here)
    for here, row in rows(values, "hugepageLimits", at):
        string(row, "pageSize", here, required=True)
    obj(values, "blockIO", at)
    obj(values, "network", at)
    texts(values, "unified", at)


def _seccomp(values: Object) -> None:
    at = "$.linux.seccomp"
    if not values:
        return
    action = string(values, "defaultAction", at, required=True)
    if not action.startswith("SCMP_ACT_"):
        fault(at + ".defaultAction", f'must be a name such as SCMP_ACT_ALLOW, not "{action}"')
    strings(values, "architectures", at)
    for here, rule in rows(values, "syscalls", at):
        if not strings(rule, "names", here):
            fault(here + ".names", "must not be empty")
        string(rule, "action", here, required=True)
        members(rule, "args", here)
