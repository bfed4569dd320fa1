"""What a driver would refuse or ignore of a config.json, property by property.

crun and runc: by `nexcage.drivers.support`, for one version. pct and jail: by the tables of `refused_pct`
and `refused_jail`, which the drivers obey. "refused" is what create ends at: isolation or limits would be
less than asked for, or the driver fails by itself. "ignored" is what it warns of. "note" says how something
is honoured.
"""

from collections.abc import Callable, Iterator

from nexcage.drivers import refused_jail, refused_pct
from nexcage.drivers.support import Version, unsupported
from nexcage.oci.mounts import is_bind, is_reference
from nexcage.oci.rules import Object

DRIVERS = ("pct", "crun", "runc", "jail")
# the last versions that `support` knows, taken where the driver is not installed
NEWEST: dict[str, Version] = {"crun": (1, 26, 0), "runc": (1, 5, 0)}
TABLES = {"pct": refused_pct, "jail": refused_jail}
TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any


class Refusal:
    """``path`` in the config, ``severity`` (refused, ignored or note) and the ``reason``."""

    __slots__ = ("path", "reason", "severity")

    def __init__(self, path: str, reason: str, severity: str) -> None:
        self.path = path
        self.reason = reason
        self.severity = severity

    def __repr__(self) -> str:
        return f"{self.severity} {self.path}: {self.reason}"


def refusals(
    config: Object,
    driver: str,
    version: Version | None = None,
    *,
    cgroup2: bool | None = None,
    is_volume: Callable[[Object], bool] = is_reference,
) -> list[Refusal]:
    """All of a config whose types are right. ``version`` is of crun or runc, the newest when it is not given.

    ``cgroup2`` says which cgroups the host has, None leaves out what depends on it. ``is_volume`` tells a
    mount of a volume of Proxmox VE from one of a path.
    """
    found: list[Refusal] = []
    if driver != "pct":
        for i, mount in enumerate(config.get("mounts") or ()):
            if is_volume(mount):
                reason = "volumes of storages are for the driver pct"
                found.append(Refusal(f"$.mounts[{i}].source", reason, "refused"))
    if driver in NEWEST:
        for path, loss, reason in unsupported(config, driver, version or NEWEST[driver], cgroup2):
            found.append(Refusal(path, reason, "ignored" if loss == "function" else "refused"))
        return found
    table = TABLES[driver]
    for pattern, quiet, severity, reason in table.PROPERTIES:
        for path, value in places(config, pattern):
            if value and value not in quiet:
                found.append(Refusal(path, reason, severity))
    found += [Refusal(*row) for row in table.further(config)]
    for i, mount in enumerate(config.get("mounts") or ()):
        found += [Refusal(*row) for row in _mount(f"$.mounts[{i}]", mount, table)]
    return found


def places(config: object, pattern: str) -> "Iterator[tuple[str, Any]]":
    """Path and value of all that a dotted ``pattern`` names; ``[]`` and ``{}`` stand for each element."""
    found: list[tuple[str, Any]] = [("$", config)]
    for part in pattern.split("."):
        name = part.rstrip("[]{}")
        found = [
            (f"{at}.{name}", node[name]) for at, node in found if isinstance(node, dict) and name in node
        ]
        if part.endswith("[]"):
            found = [(f"{at}[{i}]", v) for at, node in found for i, v in enumerate(node or ())]
        elif part.endswith("{}"):
            found = [(f'{at}["{key}"]', v) for at, node in found for key, v in (node or {}).items()]
    yield from found


def _mount(at: str, mount: Object, table: "ModuleType") -> Iterator[tuple[str, str, str]]:
    kind = "bind" if is_bind(mount) else mount.get("type") or ""
    default = table.OTHER_MOUNTS
    outcome = table.MOUNTS.get(kind, default)
    if outcome:
        yield f"{at}.type", outcome[1].replace("TYPE", kind), outcome[0]
        return
    for name in ("uidMappings", "gidMappings"):
        if mount.get(name):
            yield f"{at}.{name}", table.NO_OWNERS, "refused"
            break
    for i, option in enumerate(mount.get("options") or ()):
        for names, severity, reason in table.OPTIONS:
            if option.partition("=")[0] in names:
                yield f"{at}.options[{i}]", reason, severity
