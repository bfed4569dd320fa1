"""The ``freebsd`` section of config.json, and what a jail cannot be asked for: jail(8), config-freebsd.md."""

from nexcage.bundler.config import Wishes
from nexcage.bundler.config.linux import resources
from nexcage.errors import UsageError
from nexcage.oci.rules import Object

_UNKNOWN = (
    "nodev",
    "dev",
    "bind",
    "rbind",
    "relatime",
    "norelatime",
    "strictatime",
    "nostrictatime",
    "tmpcopyup",
)


def apply(config: Object, wishes: Wishes, rootless: bool) -> None:
    """Change ``config`` to what ``wishes`` ask; raises `UsageError`.

    Limits stay where engines put them, in ``linux.resources``: FreeBSD has no section of its own for them.
    """
    if rootless:
        raise UsageError('profile "freebsd" is for root: nobody else can make a jail')
    if wishes.cap_add or wishes.cap_drop:
        raise UsageError('profile "freebsd" has no capabilities: leave out --cap-add and --cap-drop')
    if wishes.network.startswith("ns:"):
        raise UsageError('profile "freebsd" has no network namespaces', hint="use --network none or host")
    jail = config["freebsd"]["jail"]
    if wishes.network == "host":
        del jail["vnet"]  # vnet excludes ip4 and ip6
        jail["ip4"] = jail["ip6"] = "inherit"
    limits: Object = {}
    resources(limits, wishes)
    if limits:
        config["linux"] = limits
    devices = []
    for device in wishes.devices:
        if device.source != device.path or not device.path.startswith("/dev/"):
            raise UsageError(
                f'--device "{device.source}": devfs shows devices below /dev under their own names only'
            )
        mode = 0o444 * ("r" in device.access) | 0o222 * ("w" in device.access)
        devices.append({"path": device.path.removeprefix("/dev/"), "mode": mode})
    if devices:
        config["freebsd"]["devices"] = devices
    for row in config["mounts"]:
        if row["type"] == "bind":
            row["type"] = "nullfs"
        if "options" in row:
            row["options"] = [
                word for word in row["options"] if word not in _UNKNOWN and "private" not in word
            ]
