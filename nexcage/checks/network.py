"""The bridges that containers of Proxmox VE are attached to. No name is resolved, nothing is sent."""

from nexcage.checks import Result
from nexcage.errors import DriverUnavailable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexcage.checks import Host

GROUP = "network"
INTERFACES = "/sys/class/net"
_IFF_UP = 1  # netdevice(7)


def check(host: "Host") -> "Iterator[Result]":
    """Those of the configuration; without one, the usual bridge of a node."""
    wanted = _wanted(host.config().flat())
    if not wanted and host.driver("pct").fingerprint() is None:
        from nexcage.drivers.pct.translate.network import BRIDGE

        wanted = {BRIDGE: ""}
    if not wanted:
        yield Result(GROUP, "bridge", "pass", "no bridge is configured, and none is needed")
    for name, origin in wanted.items():
        yield _bridge(host, name, origin)


def _wanted(values: dict[str, str]) -> dict[str, str]:
    """Bridge → the key that names it."""
    found = {}
    for part in values.get("network.net", "").split(","):
        key, _, name = part.partition("=")
        if key.strip() == "bridge" and name:
            found[name.strip()] = "network.net"
    if values.get("network.bridge"):
        found[values["network.bridge"]] = "network.bridge"
    return found


def _bridge(host: "Host", name: str, origin: str) -> Result:
    said = f'the bridge "{name}"' + (
        f" of {origin}" if origin else ", which containers get where none is named,"
    )
    status = "fail" if origin else "warn"
    data: dict[str, object] = {"bridge": name}
    program = _ifconfig()
    found = _of_freebsd(host.ask(program).check().stdout, name) if program else _of_linux(name)
    if found is None:
        hint = "make it, or name another with network.bridge"
        return Result(GROUP, "bridge", status, f"{said} does not exist", hint, data)
    is_bridge, flags = found
    if not is_bridge:
        hint = "name a bridge with network.bridge"
        return Result(GROUP, "bridge", status, f"{said} is no bridge but another interface", hint, data)
    if not flags & _IFF_UP:
        hint = f"ifconfig {name} up" if program else f"ip link set {name} up"
        return Result(GROUP, "bridge", status, f"{said} is down", hint, data)
    return Result(GROUP, "bridge", "pass", f"{said} is up", data=data)


def _ifconfig() -> str:
    """Path of ifconfig(8) where the host is FreeBSD, else ""."""
    from nexcage.drivers.jail import tools

    try:
        return tools.path("ifconfig") if tools.is_here() else ""
    except DriverUnavailable:
        return ""


def _of_linux(name: str) -> tuple[bool, int] | None:
    """Whether an interface is a bridge, of Linux or of Open vSwitch, and its flags; None: there is none."""
    from nexcage.drivers.pct.translate.look import Look

    if "/" in name or name in ("", ".", ".."):
        return None
    try:
        with open(f"{INTERFACES}/{name}/flags", encoding="ascii") as file:
            return Look().is_bridge(name), int(file.read(), 16)
    except FileNotFoundError:
        return None


def _of_freebsd(text: str, name: str) -> tuple[bool, int] | None:
    """The same in what ifconfig(8) prints: an interface begins at the margin, a bridge is in that group."""
    found: tuple[bool, int] | None = None
    own = False
    for line in text.splitlines():
        if not line[:1].isspace():
            own = line.startswith(f"{name}: flags=")
            if own:
                found = False, int(line.partition("=")[2].partition("<")[0], 16)
        elif own and found and line.split()[:1] == ["groups:"]:
            found = "bridge" in line.split()[1:], found[1]
    return found
