"""What a jail is to be made of, and what the host has."""

from nexcage.errors import InvalidBundle, NexcageError, UsageError
from nexcage.oci.rules import Object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "io.nexcage.jail."


class Parent:
    """A jail that others can be made in: its JID, ``children.max`` and ``children.cur``."""

    __slots__ = ("cur", "jid", "max")

    def __init__(self, jid: int, max: int = 0, cur: int = 0) -> None:
        self.jid = jid
        self.max = max
        self.cur = cur


class Facts:
    """The host, read once by the driver; None: not known, and then not held against the bundle.

    ``rule_sets``: number → lines of ``devfs rule -s N show`` (an empty one hides nothing). ``jails``:
    those that are there. ``files``: sources of mounts that are no directories. ``mounts``: mount points.
    """

    __slots__ = (
        "cpus", "files", "interfaces", "jails", "modules", "mounts", "racct", "release", "rule_sets",
    )  # fmt: skip

    def __init__(
        self,
        *,
        release: tuple[int, ...] = (15, 1),
        racct: bool = True,
        modules: "frozenset[str] | None" = None,
        interfaces: "frozenset[str] | None" = None,
        mounts: "frozenset[str]" = frozenset(),
        files: "frozenset[str]" = frozenset(),
        rule_sets: "Mapping[int, tuple[str, ...]] | None" = None,
        jails: "Mapping[str, Parent] | None" = None,
        cpus: int = 0,
    ) -> None:
        self.release = release
        self.racct = racct
        self.modules = modules
        self.interfaces = interfaces
        self.mounts = mounts
        self.files = files
        self.rule_sets = rule_sets
        self.jails = jails
        self.cpus = cpus


class Wanted:
    """One wish: its text, and where it was found (``at``, as messages name it)."""

    __slots__ = ("at", "error", "text")

    def __init__(self, text: str, at: str, error: type[NexcageError]) -> None:
        self.text = text
        self.at = at
        self.error = error

    def wrong(self, reason: str, code: str) -> NexcageError:
        """The error for a value that cannot be used."""
        return self.error(f'{self.at}: "{ascii(self.text)[1:-1]}" {reason}', code=code)


class Request:
    """All that `translate` reads.

    ``options`` are the command line's: osrelease, osreldate, children-max, linux-osrelease, which the
    bundle may have as annotations ``io.nexcage.jail.NAME``. ``os`` is the image's, "" when nobody knows.
    ``home`` is the directory for what nexcage makes. ``permissive``: warn of what a jail cannot give.
    """

    __slots__ = ("bundle", "config", "facts", "home", "id", "options", "os", "permissive", "rootfs")

    def __init__(
        self,
        config: Object,
        *,
        id: str,
        rootfs: str,
        bundle: str = "",
        home: str = "",
        facts: Facts | None = None,
        options: "Mapping[str, str] | None" = None,
        os: str = "",
        permissive: bool = False,
    ) -> None:
        self.config = config
        self.id = id
        self.rootfs = rootfs
        self.bundle = bundle
        self.home = home
        self.facts = facts or Facts()
        self.options = options or {}
        self.os = os or ("linux" if _is_for_linux(config) else "freebsd")
        self.permissive = permissive

    def wanted(self, name: str) -> Wanted | None:
        """The wish with the most weight: command line, annotation."""
        if name in self.options:
            return Wanted(self.options[name], f"option --{name}", UsageError)
        text = (self.config.get("annotations") or {}).get(PREFIX + name)
        at = f'config.json: $.annotations["{PREFIX}{name}"]'
        return None if text is None else Wanted(text, at, InvalidBundle)

    def part(self, *names: str) -> Object:
        """An object of the config by its way; {} when it is absent."""
        node = self.config
        for name in names:
            node = node.get(name) or {}
        return node

    def has_namespaces(self) -> bool:
        """Whether ``linux.namespaces`` decides: without ``freebsd``, which has words of its own."""
        linux = self.config.get("linux")
        return linux is not None and self.config.get("freebsd") is None

    def namespace(self, kind: str) -> bool:
        """Whether the container of a config for Linux is to have its own."""
        return any(row.get("type") == kind for row in self.part("linux").get("namespaces") or ())


def _is_for_linux(config: Object) -> bool:
    """Engines on FreeBSD write only limits into ``linux``."""
    return config.get("freebsd") is None and bool((config.get("linux") or {}).get("namespaces"))
