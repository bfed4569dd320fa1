"""What a request comes to: parameters of jail(8), mounts, rules, and the process to hold. Data only."""

from nexcage.errors import Unsupported
from nexcage.oci.rules import fail

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.drivers.jail.translate.request import Request
    from nexcage.oci.rules import Object

# fixed: people compare the lines of --dry-run
_ORDER = (
    "name", "path", "persist", "host", "host.hostname", "host.domainname", "vnet", "vnet.interface",
    "interface", "ip4", "ip4.addr", "ip6", "ip6.addr", "sysvmsg", "sysvsem", "sysvshm", "enforce_statfs",
    "devfs_ruleset", "children.max", "allow", "osrelease", "osreldate", "linux", "meta",
)  # fmt: skip


def refuse(at: str, reason: str, hint: str = "", code: str = "unsupported-property") -> Unsupported:
    """The error for a property that a jail cannot have."""
    return Unsupported(f"config.json: {at}: not supported by jail: {reason}", code=code, hint=hint)


def utf8(text: str, at: str) -> bytes:
    """The bytes that the kernel gets; JSON can hold half characters, which have none."""
    try:
        return text.encode(errors="surrogateescape")
    except UnicodeEncodeError:
        raise fail(at, "has half a character, which no text of the host can have") from None


class Mount:
    """One file system to mount.

    ``destination`` is the config's: the driver resolves it inside ``root``, component by component, and
    makes it where it is missing unless ``pseudo`` (a file system that is mounted above makes its own
    names). ``copy_up``: what the image has there is to be copied into it. ``is_file``: the source.
    """

    __slots__ = ("at", "copy_up", "destination", "is_file", "kind", "options", "pseudo", "source")

    def __init__(self, at: str, kind: str, source: str, destination: str) -> None:
        self.at = at
        self.kind = kind
        self.source = source
        self.destination = destination
        self.options: list[str] = []
        self.copy_up = False
        self.is_file = False
        self.pseudo = False


class Rules:
    """A rule set of devfs(8) of our own: number, and the words of each rule, in order."""

    __slots__ = ("number", "rules")

    def __init__(self, number: int, rules: list[list[str]]) -> None:
        self.number = number
        self.rules = rules


class Held:
    """The process that is held until start: jail_attach(2), then all of this, then exec.

    ``limits``: name of setrlimit(2), soft, hard; None is RLIM_INFINITY. ``umask`` None: 022.
    """

    __slots__ = (
        "args", "cwd", "env", "gid", "groups", "limits", "no_new_privileges", "size", "terminal", "uid",
        "umask",
    )  # fmt: skip

    def __init__(self) -> None:
        self.args: list[str] = []
        self.env: list[str] = []
        self.cwd = "/"
        self.uid = 0
        self.gid = 0
        self.groups: list[int] = []
        self.umask = 0o022
        self.limits: list[tuple[str, int | None, int | None]] = []
        self.no_new_privileges = False
        self.terminal = False
        self.size: tuple[int, int] | None = None


class Hook:
    """A hook of the specification and ``where`` it runs: on the "host", or attached to the "jail"."""

    __slots__ = ("hook", "stage", "where")

    def __init__(self, stage: str, where: str, hook: "Object") -> None:
        self.stage = stage
        self.where = where
        self.hook = hook


class Translated:
    """All that create needs.

    ``section``: ``freebsd.jail`` with what annotations add. ``root``: where the root is seen, the rootfs
    itself or its read-only alias, which is the first of ``mounts`` then. ``parent``: name of the jail to
    make it in, ``raise_parent`` its JID and new ``children.max``. ``rules``: our own rule set, to be
    made and checked before the mounts. ``limits``: rules of rctl(8). ``cpus``: for cpuset(1).
    ``interfaces``: moved in by jail(8), to be pulled out before removal. ``aliases``: interface, family
    and address that jail(8) adds and does not take away. ``modules``: to be loaded first.
    """

    __slots__ = (
        "aliases", "cpus", "held", "hooks", "interfaces", "limits", "modules", "mounts", "name", "notes",
        "parameters", "parent", "raise_parent", "root", "rules", "ruleset", "section", "warnings",
    )  # fmt: skip

    def __init__(self, request: "Request") -> None:
        self.section: Object = {}
        self.name = ""
        self.parent = ""
        self.raise_parent: tuple[int, int] | None = None
        self.root = request.rootfs
        self.parameters: list[str] = []
        self.mounts: list[Mount] = []
        self.rules: Rules | None = None
        self.ruleset = 0
        self.limits: list[str] = []
        self.cpus = ""
        self.held = Held()
        self.hooks: list[Hook] = []
        self.interfaces: list[str] = []
        self.aliases: list[tuple[str, str, str]] = []
        self.modules: list[str] = []
        self.warnings: list[str] = []
        self.notes: list[str] = []

    def set(self, name: str, value: object = None) -> None:
        """A parameter; without a value a boolean one."""
        self.parameters.append(name if value is None else f"{name}={value}")

    def needs(self, request: "Request", *modules: str) -> None:
        """Modules of the kernel that have to be there."""
        known = request.facts.modules
        for module in modules:
            if known is not None and module not in known and module not in self.modules:
                self.modules.append(module)

    def warn(self, at: str, reason: str) -> None:
        """What is not as asked for."""
        self.warnings.append(f"config.json: {at}: {reason}")

    def finish(self) -> "Translated":
        """Put the parameters into their order."""
        self.parameters.sort(key=_place)
        return self


def _place(parameter: str) -> int:
    name = parameter.partition("=")[0]
    while name not in _ORDER:
        name = name.rpartition(".")[0]
    return _ORDER.index(name)
