"""The rest of the rules for the ``linux`` section: devices, propagation, personality, RDT, memory policy."""

from nexcage.oci.check_words import UINT32, number_list, one_of, prefixed, some_of, warn
from nexcage.oci.rules import Object, boolean, fault, integer, obj, rows, sound, string, strings

AT = "$.linux"
_KINDS = ("shared", "slave", "private", "unbindable")
PROPAGATIONS = (*_KINDS, *("r" + kind for kind in _KINDS))
_MODES = prefixed("MPOL_", "DEFAULT BIND INTERLEAVE WEIGHTED_INTERLEAVE PREFERRED PREFERRED_MANY LOCAL")
_FLAGS = prefixed("MPOL_F_", "NUMA_BALANCING RELATIVE_NODES STATIC_NODES")


def linux(config: Object) -> None:
    """Check what a container's making does not rely on."""
    values = obj(config, "linux", "$")
    _devices(rows(values, "devices", AT))
    if values.get("rootfsPropagation"):
        one_of(values, "rootfsPropagation", AT, PROPAGATIONS)
    if values.get("personality") is not None:
        personality = obj(values, "personality", AT)
        one_of(personality, "domain", AT + ".personality", ("LINUX", "LINUX32"), required=True)
        if strings(personality, "flags", AT + ".personality"):
            fault(AT + ".personality.flags", "must be empty: no flags are defined")
    _rdt(obj(values, "intelRdt", AT), AT + ".intelRdt")
    if values.get("memoryPolicy") is not None:
        _memory_policy(obj(values, "memoryPolicy", AT), AT + ".memoryPolicy")


def _devices(devices: list[tuple[str, Object]]) -> None:
    paths: dict[str, str] = {}
    numbers: dict[tuple[object, ...], str] = {}
    for here, device in devices:
        for name in ("uid", "gid"):
            integer(device, name, here, *UINT32)
        path = string(device, "path", here)
        if path in paths:
            fault(here + ".path", f'"{path}" is also the path of {paths[path]}')
        paths[path] = here
        number = (device.get("type"), device.get("major"), device.get("minor"))
        if device.get("type") != "p" and sound(here + ".type", here + ".major", here + ".minor"):
            if number in numbers:
                warn(here, f"is the same device as {numbers[number]}")
            numbers[number] = here


def _rdt(values: Object, at: str) -> None:
    group = string(values, "closID", at)
    if group in (".", "..") or "/" in group or "\n" in group:
        fault(at + ".closID", f'"{group}" is no name of a directory')
    cache = string(values, "l3CacheSchema", at)
    if cache and (not cache.startswith("L3:") or "\n" in cache):
        warn(at + ".l3CacheSchema", "should be one line that starts with L3:")
    bandwidth = string(values, "memBwSchema", at)
    if bandwidth and (not bandwidth.startswith("MB:") or "\n" in bandwidth):
        fault(at + ".memBwSchema", "must be one line that starts with MB:")
    for i, line in enumerate(strings(values, "schemata", at)):
        if "\n" in line:
            fault(f"{at}.schemata[{i}]", "must be one line")
    for name in ("enableMonitoring", "enableCMT", "enableMBM"):
        boolean(values, name, at)


def _memory_policy(values: Object, at: str) -> None:
    """set_mempolicy(2)."""
    mode = one_of(values, "mode", at, _MODES, required=True)
    nodes = number_list(values, "nodes", at)
    flags = some_of(values, "flags", at, _FLAGS)
    if not sound(at + ".mode", at + ".nodes") or mode not in _MODES:
        return
    if mode in ("MPOL_DEFAULT", "MPOL_LOCAL"):
        if nodes:
            fault(at + ".nodes", f"must be empty for {mode}")
    elif not nodes and mode != "MPOL_PREFERRED":
        fault(at + ".nodes", f"is required for {mode}")
    if "MPOL_F_STATIC_NODES" in flags and "MPOL_F_RELATIVE_NODES" in flags:
        fault(at + ".flags", "has both MPOL_F_STATIC_NODES and MPOL_F_RELATIVE_NODES")
    if "MPOL_F_NUMA_BALANCING" in flags and mode not in ("MPOL_BIND", "MPOL_PREFERRED_MANY"):
        fault(at + ".flags", f"MPOL_F_NUMA_BALANCING is for MPOL_BIND, not for {mode}")
