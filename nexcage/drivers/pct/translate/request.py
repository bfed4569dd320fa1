"""What a container of Proxmox VE is to be made of, and where each wish comes from."""

from nexcage.errors import InvalidBundle, InvalidConfig, NexcageError, UsageError
from nexcage.oci.rules import Object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from nexcage.drivers.pct.parse import Version
    from nexcage.drivers.pct.translate.look import Look

    Numbers = tuple[int, ...]

PREFIX = "io.nexcage.pct."
_SHOWN = 100  # characters of a value in a message
# names in the configuration that are not below "proxmox."
_CONFIGURED = {
    "bridge": "network.bridge",
    "net": "network.net",
    "ip": "network.ip",
    "gw": "network.gateway",
    "rate": "resources.network_bandwidth",
}
# keys for every driver that say the same: the unit that they count in
_ELSE = {
    "memory": ("resources.memory", ""),
    "cpulimit": ("resources.cpu", ""),
    "rootfs-size": ("resources.disk", "M"),
}
# pve-container of each Proxmox VE, for a node of which only pve-manager is known
_CONTAINERS = (((9, 1), (6, 0, 18)), ((9, 0), (6, 0, 9)), ((8, 4), (5, 3, 5)))
ENTRYPOINT = (6, 0, 15)  # --entrypoint, --env, OCI archives, host-managed of netN: Proxmox VE 9.1
PASSTHROUGH = (6, 1, 6)  # idmap of rootfs and mpN


class Wanted:
    """One wish: its text, and where it was found (``at``, as messages name it)."""

    __slots__ = ("at", "error", "text")

    def __init__(self, text: str, at: str, error: type[NexcageError] = UsageError) -> None:
        self.text = text
        self.at = at
        self.error = error

    def wrong(self, reason: str, code: str, hint: str = "") -> NexcageError:
        """The error for a value that cannot be used."""
        shown = self.text if len(self.text) <= _SHOWN else self.text[:_SHOWN] + "..."
        shown = "".join(c if c.isprintable() else "?" for c in shown)
        return self.error(f'{self.at}: "{shown}" {reason}', code=code, hint=hint)


class Request:
    """All that `translate` reads.

    ``source``: "bundle" (config.json and rootfs), "template" or "oci" (an archive that pct
    takes itself; ``config`` may then be {} and ``rootfs`` ""). ``options`` are the command
    line's, ``configuration`` has dotted names; ``home`` is the directory for files that the
    container's configuration names; ``used`` the numbers of mpN that are taken. ``permissive``:
    warn of what pct cannot give.
    """

    __slots__ = (
        "arch", "bundle", "cgroup2", "config", "configuration", "container", "home", "id", "look",
        "options", "permissive", "rootfs", "source", "used", "version",
    )  # fmt: skip

    def __init__(
        self,
        config: Object,
        *,
        id: str,
        version: "Version",
        look: "Look",
        bundle: str = "",
        rootfs: str = "",
        home: str = "",
        source: str = "bundle",
        arch: str = "amd64",
        cgroup2: bool = True,
        options: "Mapping[str, str | list[str]] | None" = None,
        configuration: "Mapping[str, str] | None" = None,
        used: "frozenset[int] | tuple[int, ...]" = (),
        permissive: bool = False,
    ) -> None:
        self.config = config
        self.id = id
        self.version = version
        self.container = version.container or _container(version.manager)
        self.look = look
        self.bundle = bundle
        self.rootfs = rootfs
        self.home = home
        self.source = source
        self.arch = arch
        self.cgroup2 = cgroup2
        self.options = options or {}
        self.configuration = configuration or {}
        self.used = frozenset(used)
        self.permissive = permissive

    def has(self, since: "Numbers") -> bool:
        """Whether the node's pve-container is ``since`` or later."""
        return self.container >= since

    def option(self, name: str) -> Wanted | None:
        """What the command line says of ``name``; an option that may be repeated: the last."""
        found = self.many(name)
        return found[-1] if found else None

    def many(self, name: str) -> list[Wanted]:
        """All values of an option that may be repeated."""
        value = self.options.get(name)
        texts = [] if value is None else [value] if isinstance(value, str) else value
        return [Wanted(text, f"option --{name}") for text in texts]

    def annotation(self, name: str) -> Wanted | None:
        """The bundle's own annotation ``io.nexcage.pct.NAME``."""
        text = (self.config.get("annotations") or {}).get(PREFIX + name)
        at = f'config.json: $.annotations["{PREFIX}{name}"]'
        return None if text is None else Wanted(text, at, InvalidBundle)

    def configured(self, name: str) -> Wanted | None:
        """What nexcage's configuration says."""
        key = _CONFIGURED.get(name, f"proxmox.{name}")
        text = self.configuration.get(key)
        if text is None and name in _ELSE:
            key, unit = _ELSE[name]
            text = self.configuration[key] + unit if key in self.configuration else None
        return None if text is None else Wanted(text, f"configuration {key}", InvalidConfig)

    def wanted(self, name: str) -> Wanted | None:
        """The wish with the most weight: command line, annotation, configuration."""
        return self.option(name) or self.annotation(name) or self.configured(name)

    def part(self, *names: str) -> Object:
        """An object of the config by its way; {} when it is absent."""
        node = self.config
        for name in names:
            node = node.get(name) or {}
        return node


def _container(manager: "Numbers") -> "Numbers":
    return next((container for since, container in _CONTAINERS if manager >= since), (5, 0, 0))
