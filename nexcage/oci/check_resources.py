"""The rest of the rules for ``linux.resources`` (config-linux.md, "Control groups")."""

from nexcage.oci.check_linux import INT64
from nexcage.oci.check_words import UINT16, UINT32, UINT64, entries, number_list, one_of, warn
from nexcage.oci.rules import Object, boolean, fault, integer, obj, rows, sound, string, texts

AT = "$.linux.resources"
_THROTTLES = tuple(f"throttle{way}{what}Device" for what in ("Bps", "IOPS") for way in ("Read", "Write"))
_UNITS = ("KB", "MB", "GB")


def resources(config: Object) -> None:
    """Check what a container's making does not rely on."""
    values = obj(obj(config, "linux", "$"), "resources", "$.linux")
    for here, row in rows(values, "devices", AT):
        one_of(row, "type", here, ("a", "c", "b"))
        for name in ("major", "minor"):
            integer(row, name, here, *INT64)
        access = string(row, "access", here)
        if access.strip("rwm"):
            fault(here + ".access", f'must be made of r, w and m, not "{access}"')
    _memory(obj(values, "memory", AT), AT + ".memory")
    _cpu(obj(values, "cpu", AT), AT + ".cpu")
    _block_io(obj(values, "blockIO", AT), AT + ".blockIO")
    _huge_pages(rows(values, "hugepageLimits", AT))
    network = obj(values, "network", AT)
    integer(network, "classID", AT + ".network", *UINT32)
    for here, row in rows(network, "priorities", AT + ".network"):
        string(row, "name", here, required=True)
        integer(row, "priority", here, *UINT32, required=True)
    for _, here, row in entries(values, "rdma", AT):
        for name in ("hcaHandles", "hcaObjects"):
            integer(row, name, here, *UINT32)
        if row.get("hcaHandles") is None and row.get("hcaObjects") is None:
            fault(here, "must have hcaHandles or hcaObjects")
    for key in texts(values, "unified", AT):
        if "/" in key or key in ("", ".", ".."):
            fault(f'{AT}.unified["{key}"]', "is no name of a file of a cgroup")


def _memory(values: Object, at: str) -> None:
    for name in ("disableOOMKiller", "useHierarchy", "checkBeforeUpdate"):
        boolean(values, name, at)
    for name in ("kernel", "kernelTCP"):
        if values.get(name):
            warn(f"{at}.{name}", "is not recommended: Linux 5.4 and later ignore it")
    limit, swap, soft = (integer(values, name, at, *INT64) for name in ("limit", "swap", "reservation"))
    if not sound(at, at + ".limit"):
        return
    if swap > 0 and sound(at + ".swap"):
        if limit <= 0:
            fault(at + ".swap", "needs a memory limit: it counts memory and swap together")
        elif swap < limit:
            fault(at + ".swap", f"{swap} is below the memory limit {limit}, which it contains")
    if 0 < limit < soft:
        warn(at + ".reservation", f"{soft} is above the limit {limit}, so it has no effect")


def _cpu(values: Object, at: str) -> None:
    for name in ("cpus", "mems"):
        number_list(values, name, at)
    burst = integer(values, "burst", at, *UINT64)
    integer(values, "realtimePeriod", at, *UINT64)
    integer(values, "realtimeRuntime", at, *INT64)
    integer(values, "idle", at, 0, 1)
    quota = integer(values, "quota", at, *INT64)
    period = integer(values, "period", at, *UINT64)
    if 0 < quota < burst and sound(at + ".quota"):
        fault(at + ".burst", f"{burst} is above the quota {quota}")
    if period and not 1000 <= period <= 1_000_000:
        warn(at + ".period", f"{period} is no period that Linux takes (1000 to 1000000 microseconds)")
    if 0 < quota < 1000:
        warn(at + ".quota", f"{quota} is less than Linux takes (1000 microseconds)")


def _block_io(values: Object, at: str) -> None:
    weights = ("weight", "leafWeight")
    devices = rows(values, "weightDevice", at)
    for here, row in [(at, values), *devices]:
        for name in weights:
            weight = integer(row, name, here, *UINT16)
            if weight and not 10 <= weight <= 1000:
                warn(f"{here}.{name}", f"{weight} is no weight that Linux takes (10 to 1000)")
    for here, row in devices:
        if row.get("weight") is None and row.get("leafWeight") is None:
            fault(here, "must have weight or leafWeight")
    for name in _THROTTLES:
        found = rows(values, name, at)
        for here, row in found:
            integer(row, "rate", here, *UINT64, required=True)
        devices += found
    for here, row in devices:
        for name in ("major", "minor"):
            integer(row, name, here, *INT64, required=True)


def _huge_pages(limits: list[tuple[str, Object]]) -> None:
    seen: dict[str, str] = {}
    for here, row in limits:
        size = string(row, "pageSize", here)
        if not (size[:-2].isascii() and size[:-2].isdigit() and size[-2:] in _UNITS):
            fault(here + ".pageSize", f'must be a size such as 2MB, not "{size}"')
        if size in seen:
            fault(here + ".pageSize", f"{size} already has the limit of {seen[size]}")
        seen[size] = here
        integer(row, "limit", here, *UINT64, required=True)
