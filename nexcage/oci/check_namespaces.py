"""Namespaces, and what needs one (config-linux.md; user_namespaces(7), time_namespaces(7))."""

from nexcage.oci.check_process import all_ids
from nexcage.oci.check_words import UINT32, entries, warn
from nexcage.oci.rules import Object, fault, integer, obj, rows, sound, string, strings, texts

# sysctl.d(5) names: prefix → kind of the namespace that it belongs to (namespaces(7), ipc_namespaces(7))
_OWNERS = {
    "net.": "network",
    "fs.mqueue.": "ipc",
    "kernel.msg": "ipc",
    "kernel.sem": "ipc",
    "kernel.shm": "ipc",
    "kernel.domainname": "uts",
    "kernel.hostname": "uts",
    "user.": "user",
}
_MOST_MAPPINGS = 340


def namespaces(config: Object) -> None:
    """Check the rules between namespaces and other properties."""
    if config.get("linux") is None:
        return
    linux = obj(config, "linux", "$")
    found = {str(row.get("type")): row for _, row in rows(linux, "namespaces", "$.linux")}
    if not sound("$.linux", "$.linux.namespaces"):
        return
    for name in ("hostname", "domainname"):
        if string(config, name, "$") and "freebsd" not in config:
            _needs(found, "uts", f"$.{name}")
    for name in ("maskedPaths", "readonlyPaths"):
        if strings(linux, name, "$.linux"):
            _needs(found, "mount", f"$.linux.{name}")
    _user(config, linux, found)
    _time(linux, found)
    _net_devices(linux, found)
    for key in texts(linux, "sysctl", "$.linux"):
        _sysctl(key, f'$.linux.sysctl["{key}"]', found)


def _needs(found: dict[str, Object], kind: str, at: str) -> None:
    if kind not in found:
        hint = f'add {{"type": "{kind}"}} to $.linux.namespaces, or take it out'
        article = "an" if kind == "ipc" else "a"
        fault(at, f"needs {article} {kind} namespace, else it would change the host", hint=hint)


def _user(config: Object, linux: Object, found: dict[str, Object]) -> None:
    mapped: dict[str, list[tuple[int, int]] | None] = {}
    for name in ("uidMappings", "gidMappings"):
        at = f"$.linux.{name}"
        mapped[name] = _mappings(rows(linux, name, "$.linux"))
        if linux.get(name):
            if "user" not in found and sound(at):
                hint = 'add {"type": "user"} to $.linux.namespaces, or take it out'
                fault(at, "needs a user namespace, else it maps nothing", hint=hint)
        elif "user" in found and not found["user"].get("path"):
            warn("$.linux.namespaces", f"has a new user namespace, but $.linux.{name} maps no ids")
    for at, number, is_group in all_ids(obj(config, "process", "$")):
        spans = mapped["gidMappings" if is_group else "uidMappings"]
        if "user" in found and spans and not any(low <= number < high for low, high in spans):
            fault(at, f"{number} is mapped by none of $.linux.{'gidMappings' if is_group else 'uidMappings'}")


def _mappings(mappings: list[tuple[str, Object]]) -> list[tuple[int, int]] | None:
    """The spans of ids inside; None when they cannot be told."""
    spans: dict[str, list[tuple[int, int, str]]] = {"containerID": [], "hostID": []}
    good = True
    for here, row in mappings:
        size = integer(row, "size", here, *UINT32)
        if not size:
            fault(here + ".size", "must be greater than 0")
        for key, taken in spans.items():
            start = integer(row, key, here, *UINT32)
            if not sound(here, here + ".size", f"{here}.{key}"):
                good = False
                continue
            if start + size > 2**32 - 1:  # 4294967295 is no id
                fault(f"{here}.{key}", f"{start} and the {size} ids from there go beyond 4294967294")
            clash = next((t for t in taken if start < t[1] and t[0] < start + size), None)
            if clash:
                fault(f"{here}.{key}", f"overlaps the ids {clash[0]} to {clash[1] - 1} of {clash[2]}")
            taken.append((start, start + size, here))
    if len(mappings) > _MOST_MAPPINGS:
        fault(mappings[_MOST_MAPPINGS][0], f"is one too many: Linux takes {_MOST_MAPPINGS}")
    return [(low, high) for low, high, _ in spans["containerID"]] if good else None


def _time(linux: Object, found: dict[str, Object]) -> None:
    for clock, here, offset in entries(linux, "timeOffsets", "$.linux"):
        if clock not in ("monotonic", "boottime"):
            fault(here, "must be one of monotonic, boottime")
        integer(offset, "secs", here, -(2**63), 2**63 - 1)
        integer(offset, "nanosecs", here, 0, 999_999_999)
    if linux.get("timeOffsets") and sound("$.linux.timeOffsets"):
        if "time" not in found:
            hint = 'add {"type": "time"} to $.linux.namespaces, or take it out'
            fault("$.linux.timeOffsets", "needs a time namespace", hint=hint)
        elif found["time"].get("path"):
            fault("$.linux.timeOffsets", "cannot change the clocks of a time namespace that is joined")


def _net_devices(linux: Object, found: dict[str, Object]) -> None:
    names: dict[str, str] = {}
    for device, here, row in entries(linux, "netDevices", "$.linux"):
        name = string(row, "name", here)
        for text, at in ((device, here), (name or device, here + ".name")):
            reason = interface_fault(text)
            if reason:
                fault(at, f'"{text}" {reason}')
        name = name or device
        if name in names:
            fault(here, f'"{name}" is also the name of {names[name]} in the container')
        names[name] = here
    if names and sound("$.linux.netDevices"):
        _needs(found, "network", "$.linux.netDevices")


def interface_fault(name: str) -> str:
    """What is wrong with the name of a network device (dev_valid_name of Linux); "" when nothing is."""
    if not 0 < len(name.encode(errors="replace")) < 16:
        return "is no name of 1 to 15 bytes"
    if name in (".", "..") or any(c in "/:%" or c.isspace() for c in name):
        return "is no name of a network device"
    return ""


def _sysctl(key: str, at: str, found: dict[str, Object]) -> None:
    name = key.replace("/", ".") if "/" in key.partition(".")[0] else key
    kind = next((kind for prefix, kind in _OWNERS.items() if name.startswith(prefix)), "")
    if not kind:
        fault(at, "is not of a namespace: it would change the host")
    elif kind not in found:
        _needs(found, kind, at)
    elif name == "kernel.hostname":
        fault(at, "is set by $.hostname", hint="set hostname instead")
