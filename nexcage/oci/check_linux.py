"""The checks of config.json's ``linux`` section (config-linux.md)."""

import os

from nexcage.oci.rules import Object, absolute, fail, integer, members, obj, objects, string, strings

NAMESPACES = ("pid", "network", "mount", "ipc", "uts", "user", "cgroup", "time")
_INT64 = (-(2**63), 2**63 - 1)


def linux(values: Object) -> None:
    """Check the section; raises the error for the first fault."""
    _namespaces(objects(values, "namespaces", "$.linux"))
    for name in ("uidMappings", "gidMappings"):
        for i, row in enumerate(objects(values, name, "$.linux")):
            here = f"$.linux.{name}[{i}]"
            for key in ("containerID", "hostID", "size"):
                integer(row, key, here, 0, 2**32 - 1, required=True)
    for i, device in enumerate(objects(values, "devices", "$.linux")):
        here = f"$.linux.devices[{i}]"
        if string(device, "type", here, required=True) not in ("c", "b", "u", "p"):
            raise fail(here + ".type", f'must be c, b, u or p, not "{device["type"]}"')
        absolute(string(device, "path", here, required=True), here + ".path")
        for key in ("major", "minor"):
            integer(device, key, here, *_INT64, required=device["type"] != "p")
        integer(device, "fileMode", here, 0, 0o7777777)
    for name in ("maskedPaths", "readonlyPaths"):
        for i, path in enumerate(strings(values, name, "$.linux")):
            absolute(path, f"$.linux.{name}[{i}]")
    for name, value in obj(values, "sysctl", "$.linux").items():
        if not isinstance(value, str):
            raise fail(f'$.linux.sysctl["{name}"]', "must be a string")
    if ".." in string(values, "cgroupsPath", "$.linux").split("/"):
        raise fail("$.linux.cgroupsPath", "must not climb with ..")
    string(values, "rootfsPropagation", "$.linux")
    string(values, "mountLabel", "$.linux")
    resources(obj(values, "resources", "$.linux"), "$.linux.resources")
    _seccomp(obj(values, "seccomp", "$.linux"))


def _namespaces(rows: list[Object]) -> None:
    seen = set()
    for i, row in enumerate(rows):
        here = f"$.linux.namespaces[{i}]"
        kind = string(row, "type", here, required=True)
        if kind not in NAMESPACES:
            raise fail(here + ".type", f'must be one of {", ".join(NAMESPACES)}, not "{kind}"')
        if kind in seen:
            raise fail(here + ".type", f'namespace "{kind}" is given twice')
        seen.add(kind)
        path = string(row, "path", here)
        if path:
            absolute(path, here + ".path")
            if not os.path.exists(path):
                raise fail(here + ".path", f'"{path}" does not exist')


def resources(values: Object, at: str) -> None:
    """Check ``linux.resources``, also a document for ``update``."""
    memory = obj(values, "memory", at)
    for name in ("limit", "reservation", "swap", "kernel", "kernelTCP"):
        integer(memory, name, at + ".memory", -1, _INT64[1])
    integer(memory, "swappiness", at + ".memory", 0, 100)
    cpu = obj(values, "cpu", at)
    integer(cpu, "shares", at + ".cpu", 0, 2**64 - 1)
    integer(cpu, "quota", at + ".cpu", *_INT64)
    integer(cpu, "period", at + ".cpu", 0, 2**64 - 1)
    for name in ("cpus", "mems"):
        string(cpu, name, at + ".cpu")
    integer(obj(values, "pids", at), "limit", at + ".pids", *_INT64)
    for i, device in enumerate(objects(values, "devices", at)):
        here = f"{at}.devices[{i}]"
        if not isinstance(device.get("allow"), bool):
            raise fail(here + ".allow", "must be true or false")
        string(device, "access", here)
    for i, row in enumerate(objects(values, "hugepageLimits", at)):
        string(row, "pageSize", f"{at}.hugepageLimits[{i}]", required=True)
    obj(values, "blockIO", at)
    obj(values, "network", at)
    for name, value in obj(values, "unified", at).items():
        if not isinstance(value, str):
            raise fail(f'{at}.unified["{name}"]', "must be a string")


def _seccomp(values: Object) -> None:
    at = "$.linux.seccomp"
    if not values:
        return
    if not string(values, "defaultAction", at, required=True).startswith("SCMP_ACT_"):
        raise fail(
            at + ".defaultAction", f'must be a name such as SCMP_ACT_ALLOW, not "{values["defaultAction"]}"'
        )
    strings(values, "architectures", at)
    for i, rule in enumerate(objects(values, "syscalls", at)):
        here = f"{at}.syscalls[{i}]"
        if not strings(rule, "names", here):
            raise fail(here + ".names", "must not be empty")
        string(rule, "action", here, required=True)
        members(rule, "args", here)
