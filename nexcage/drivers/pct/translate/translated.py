"""What a request comes to: words for pct, lines for the container's configuration. Data only."""

from nexcage.drivers.pct.quoting import control, value
from nexcage.drivers.pct.translate.request import ENTRYPOINT, Request
from nexcage.errors import Unsupported

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.oci.rules import Object

# Keys that Proxmox VE lets through in its own file (PVE/LXC/Config.pm, $valid_lxc_conf_keys), and since when.
# It warns of any other on each call that reads the file, and drops it: those go through lxc.include.
_ALWAYS = (0,)
_KEYS = {
    "lxc.apparmor.profile": _ALWAYS,
    "lxc.cap.drop": _ALWAYS,
    "lxc.cap.keep": _ALWAYS,
    "lxc.environment": _ALWAYS,
    "lxc.environment.runtime": ENTRYPOINT,
    "lxc.idmap": _ALWAYS,
    "lxc.include": _ALWAYS,
    "lxc.init.cmd": _ALWAYS,
    "lxc.init.cwd": ENTRYPOINT,
    "lxc.init.gid": (6, 1, 0),
    "lxc.init.groups": (6, 1, 0),
    "lxc.init.uid": (6, 1, 0),
    "lxc.mount.auto": _ALWAYS,
    "lxc.mount.entry": _ALWAYS,
    "lxc.seccomp.profile": _ALWAYS,
}
_FAMILIES = ("lxc.cgroup.", "lxc.cgroup2.", "lxc.prlimit.", "lxc.net.")
_KEY = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_-.")
INCLUDED = "lxc.conf"


def refuse(at: str, reason: str, hint: str = "", code: str = "unsupported-property") -> Unsupported:
    """The error for a property that a container of Proxmox VE cannot have."""
    return Unsupported(f"config.json: {at}: not supported by pct: {reason}", code=code, hint=hint)


class Rootfs:
    """Where the root file system comes from.

    ``way``: "directory" (the bundle's own, nothing is copied), "archive" (to be packed and
    unpacked into a new volume) or "template" (pct unpacks what it is given). ``option`` is for
    --rootfs. ``mapped``: its files already have the owners of the user namespace, so an
    archive of it has to be packed with the container's ids.
    """

    __slots__ = ("mapped", "option", "reason", "way")

    def __init__(self, way: str, option: str, reason: str, *, mapped: bool = False) -> None:
        self.way = way
        self.option = option
        self.reason = reason
        self.mapped = mapped


class Translated:
    """Words and lines.

    ``create``: options of ``pct create`` by name, in the order to write them. ``lines``: for the
    container's .conf, before its first section. ``files``: name below the home → content, to be
    there before the start. ``after``: words of one ``pct set VMID`` after create. ``notes`` say
    what is left out because LXC does it; ``hooks`` are run by nexcage after the verb.
    """

    __slots__ = (
        "after", "create", "features", "files", "hooks", "included", "lines", "notes", "own_ids",
        "request", "rootfs", "unprivileged", "vmid", "warnings",
    )  # fmt: skip

    def __init__(self, request: Request) -> None:
        self.request = request
        self.create: dict[str, str] = {}
        self.lines: list[str] = []
        self.included: list[str] = []
        self.files: dict[str, str] = {}
        self.after: list[list[str]] = []
        self.features: dict[str, str] = {}
        self.hooks: dict[str, list[Object]] = {}
        self.notes: list[str] = []
        self.warnings: list[str] = []
        self.rootfs = Rootfs("", "", "")
        self.unprivileged = True
        self.own_ids = False
        self.vmid: int | None = None

    def raw(self, key: str, text: str, at: str) -> None:
        """A line of LXC's configuration, where Proxmox VE lets it through; ``at`` is what asks for it."""
        wrong = control(key + text)
        if wrong:
            reason = "has a control character, which the container's configuration cannot hold"
            raise refuse(at, reason)
        since = _KEYS.get(key)
        direct = since is not None and self.request.has(since)
        if (direct or key.startswith(_FAMILIES)) and _KEY.issuperset(key):
            self.lines.append(f"{key}: {value(text)}" if text else f"{key}:")
        else:
            self.included.append(f"{key} = {value(text)}" if text else f"{key} =")

    def cgroup(self, v2: str, text: str, at: str, *, v1: str = "", v1_text: str = "") -> None:
        """A setting of the container's cgroup: file ``v2``, on a host with cgroup v1 ``v1``."""
        if self.request.cgroup2:
            self.raw(f"lxc.cgroup2.{v2}", text, at)
        elif v1:
            self.raw(f"lxc.cgroup.{v1}", v1_text or text, at)
        else:
            raise refuse(at, "cgroup v1 has no such setting", "boot the node with cgroup v2")

    def file(self, name: str, content: str) -> str:
        """A file in the container's home; returns its path."""
        self.files[name] = content
        return f"{self.request.home}/{name}"

    def numbered(self, name: str, most: int, text: str, at: str) -> str:
        """The next option ``nameN``; Proxmox VE has ``most`` of them."""
        used = self.request.used if name == "mp" else ()
        number = next(n for n in range(most + 1) if n not in used and f"{name}{n}" not in self.create)
        if number == most:
            raise refuse(at, f"is one too many: Proxmox VE has {name}0 to {name}{most - 1}")
        self.create[f"{name}{number}"] = text
        return f"{name}{number}"

    def finish(self) -> "Translated":
        """Put together what several functions gave."""
        if self.features:
            self.create["features"] = ",".join(f"{k}={v}" for k, v in sorted(self.features.items()))
        if self.included:
            path = self.file(INCLUDED, "".join(line + "\n" for line in self.included))
            self.raw("lxc.include", path, "$")
        words = [word for words in self.after for word in words]
        self.after = [words] if words else []
        self.create = {name: self.create[name] for name in sorted(self.create, key=_place)}
        return self


_ORDER = (
    "hostname", "memory", "swap", "cores", "cpulimit", "cpuunits", "rootfs", "mp", "net", "dev",
    "unprivileged", "features", "ostype", "arch", "cmode", "entrypoint", "nameserver", "searchdomain",
    "timezone", "onboot", "startup", "protection", "hookscript", "pool", "ha-managed", "tags", "description",
)  # fmt: skip


def _place(name: str) -> tuple[int, int]:
    base = name.rstrip("0123456789")
    number = name.removeprefix(base)
    return (_ORDER.index(base) if base in _ORDER else len(_ORDER), int(number or 0))
