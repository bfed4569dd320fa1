"""What Proxmox's tools print when they succeed, as values.

Only formats of which the tools' sources say that they are fixed: the lines of a
container's configuration, the JSON of pvesh (its text tables change with the
terminal) and the lines of ``pveversion``.
"""

from nexcage.errors import CommandFailed
from nexcage.jsontext import Malformed, loads

_DIGITS = 18  # more are no number of Proxmox's


class Guest:
    """A guest as pvesh lists it; ``pid`` is 0 and texts are "" where the listing does not say.

    ``/cluster/resources`` is up to ten seconds old, its ``status`` may be "unknown";
    ``/nodes/NODE/lxc`` is live.
    """

    __slots__ = ("kind", "lock", "name", "node", "pid", "status", "tags", "template", "values", "vmid")

    def __init__(self, values: dict[str, object], node: str = "") -> None:
        self.vmid = _number(values.get("vmid"))
        self.kind = _text(values.get("type")) or "lxc"
        self.node = _text(values.get("node")) or node
        self.status = _text(values.get("status")) or "unknown"
        self.name = _text(values.get("name"))
        self.lock = _text(values.get("lock"))
        self.tags = tuple(
            tag for tag in _text(values.get("tags")).replace(",", ";").split(";") if tag.strip()
        )
        self.template = _number(values.get("template")) == 1
        self.pid = max(_number(values.get("pid")), 0)
        self.values = values


class Version:
    """Versions of a node's packages as tuples of numbers, () for one that is not there."""

    __slots__ = ("container", "kernel", "manager", "packages")

    def __init__(self, packages: dict[str, str], kernel: str = "") -> None:
        self.packages = packages
        self.kernel = kernel
        self.manager = numbers(packages.get("pve-manager", ""))
        self.container = numbers(packages.get("pve-container", ""))


def _bad(tool: str, why: str, text: str) -> CommandFailed:
    shown = " ".join(text.split())[:200]
    return CommandFailed(
        f'{tool}: {why}: "{"".join(c if c.isprintable() else "?" for c in shown)}"', code="output-invalid"
    )


def _text(value: object) -> str:
    return "" if value is None or isinstance(value, list | dict) else str(value).strip()


def _number(value: object) -> int:
    """A number that may have come as a text, as from /cluster/nextid; -1 when it is none."""
    if isinstance(value, int | float) and value == value and abs(value) != float("inf"):
        return int(value)
    text = value.strip() if isinstance(value, str) else ""
    return int(text) if _is_number(text) else -1


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _DIGITS


def config(text: str) -> dict[str, str]:
    """The options in the lines of a configuration.

    A raw ``lxc.*`` key that occurs several times has its values on lines of their own.
    """
    found: dict[str, str] = {}
    for line in text.split("\n"):
        key, colon, value = line.partition(":")
        if not colon or not key.strip() or key[0].isspace():
            continue
        value = value.removeprefix(" ")
        found[key] = f"{found[key]}\n{value}" if key.startswith("lxc.") and key in found else value
    return found


def sections(text: str) -> dict[str, dict[str, str]]:
    """The sections of a container's .conf file: "" for the current one, a snapshot's name, "pve:pending"."""
    found: dict[str, dict[str, str]] = {}
    name = ""
    lines: list[str] = []
    for line in [*text.split("\n"), "[]"]:
        stripped = line.strip()
        if stripped.startswith("[") and stripped.endswith("]"):
            found[name] = config("\n".join(lines))
            name, lines = stripped[1:-1], []
        elif not line.startswith("#"):
            lines.append(line)
    return found


def _json(text: str, what: str) -> object:
    """The value of ``--output-format json``; a task's log may stand on lines before it."""
    for candidate in (text, text.rstrip("\n").rpartition("\n")[2]):
        try:
            return loads(candidate.encode())
        except (Malformed, UnicodeEncodeError):
            continue
    raise _bad("pvesh", f"printed no JSON for {what}", text)


def next_id(text: str) -> int:
    """The number of ``pvesh get /cluster/nextid``, as text or as JSON (a string there)."""
    vmid = _number(text.strip().strip('"'))
    if vmid < 0:
        raise _bad("pvesh", "printed no VMID", text)
    return vmid


def resources(text: str, node: str = "") -> list[Guest]:
    """The guests in the JSON of /cluster/resources, or of /nodes/NODE/lxc, which does not say ``node``."""
    rows = _json(text, "the guests") if text.strip() else []
    if not isinstance(rows, list):
        raise _bad("pvesh", "printed no list of guests", text)
    guests = [Guest(row, node) for row in rows if isinstance(row, dict) and _number(row.get("vmid")) >= 0]
    return sorted(guests, key=lambda guest: (guest.vmid, guest.node))


def numbers(text: str) -> tuple[int, ...]:
    """ "6.1.10" → (6, 1, 10); "9.2.11+deb13u1" → (9, 2, 11); () when it begins with no number."""
    found = []
    for part in text.strip().split("."):
        digits = part[: len(part) - len(part.lstrip("0123456789"))] if part.isascii() else ""
        if not _is_number(digits):
            break
        found.append(int(digits))
        if digits != part:
            break
    return tuple(found)


def version(text: str) -> Version:
    """The packages in what ``pveversion`` or ``pveversion -v`` printed."""
    packages = {}
    kernel = ""
    for line in text.splitlines():
        if " (running kernel: " in line and not kernel:
            kernel = line.partition(" (running kernel: ")[2].rstrip().removesuffix(")")
        if line.startswith("pve-manager/"):
            packages["pve-manager"] = line.split("/")[1]
            continue
        name, colon, rest = line.partition(": ")
        if colon and numbers(rest):
            packages[name] = rest.split(" ")[0]
    if not numbers(packages.get("pve-manager", "")):
        raise _bad("pveversion", "printed no version", text)
    return Version(packages, kernel)
