"""What Proxmox's tools print when they succeed, as values.

Only formats of which the tools' sources say that they are fixed: the columns of
``pct list``, the lines of ``pct status`` and ``pct config``, the JSON of pvesh
(its text tables change with the terminal) and the lines of ``pveversion``.
"""

from nexcage.errors import CommandFailed
from nexcage.jsontext import Malformed, loads

LIST_FIELDS = ("vmid", "status", "lock", "name")
# pct list: "%-10s %-10s %-12s %-20s", columns begin here unless a value is longer
_COLUMNS = (0, 11, 22, 35)
CURRENT = "current"
_DIGITS = 18  # more are no number of Proxmox's


class Listed:
    """A line of ``pct list``: ``lock`` and ``name`` are "" when there is none."""

    __slots__ = LIST_FIELDS

    def __init__(self, vmid: int, status: str, lock: str = "", name: str = "") -> None:
        self.vmid = vmid
        self.status = status
        self.lock = lock
        self.name = name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Listed) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        return f"Listed{self._key()}"

    def _key(self) -> tuple[int, str, str, str]:
        return self.vmid, self.status, self.lock, self.name


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


def listed(text: str) -> list[Listed]:
    """The lines of ``pct list``, which prints nothing at all when there is no container.

    The lock's column is usually empty, so columns count and not words; a value
    that is longer than its column moves the rest to the right.
    """
    found = []
    for line in text.splitlines():
        words = line.split()
        if not words or words[:2] == ["VMID", "Status"]:
            continue
        row = _columns(line)
        if not (_is_number(row[0]) and row[1]):
            raise _bad("pct list", "printed a line that is none of its table", line)
        found.append(Listed(int(row[0]), row[1], row[2], row[3]))
    return found


def _columns(line: str) -> list[str]:
    """The four values of a line, "" for an empty one."""
    values = []
    start = 0
    for index in range(3):
        end = start + _COLUMNS[index + 1] - _COLUMNS[index] - 1
        while end < len(line) and line[end] != " ":
            end += 1  # longer than its column
        values.append(line[start:end].strip())
        start = end + 1
    return [*values, line[start:].strip()]


def status(text: str) -> tuple[str, int]:
    """(status, host pid of its first process or 0) of ``pct status``, with --verbose or without."""
    values = _pairs(text)
    if not values.get("status"):
        raise _bad("pct status", "printed no status", text)
    return values["status"], max(_number(values.get("pid")), 0)


def _pairs(text: str) -> dict[str, str]:
    """Lines ``key: value``; indented ones belong to the line before and are left out."""
    found: dict[str, str] = {}
    for line in text.split("\n"):
        key, colon, value = line.partition(":")
        if colon and key and not key[0].isspace():
            found.setdefault(key, value.removeprefix(" ").removesuffix("\r"))
    return found


def config(text: str) -> dict[str, str]:
    """The options of ``pct config``; `environment`, `description` and `properties` read their values.

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


def environment(value: str) -> list[str]:
    """The variables of a config's ``env``: ``K=V``, separated by NUL."""
    return [variable for variable in value.split("\0") if variable]


def description(value: str) -> str:
    """The text of a config's ``description``: percent-encoded there, and with a newline at the end."""
    from urllib.parse import unquote

    return unquote(value).removesuffix("\n")


def properties(value: str, default: str = "volume") -> dict[str, str]:
    """A property string (``local:100/disk.raw,size=4G``) as a dict; what has no key is the ``default``."""
    found = {}
    for part in value.split(","):
        key, equals, rest = part.partition("=")
        if equals and _is_key(key.strip()):
            found[key.strip()] = rest
        elif part.strip():
            found[default] = part
    return found


def property_string(values: dict[str, str], default: str = "volume") -> str:
    """The property string of ``values``, the ``default`` key first and bare where that can be read back."""
    first = values.get(default)
    if first is not None and ("," in first or not first.strip()):
        raise ValueError(f"{default} cannot be written in a property string: {first!r}")
    bare = first is not None and not _is_key(first.partition("=")[0].strip())
    parts = [] if first is None else [first if bare or "=" not in first else f"{default}={first}"]
    for key, value in values.items():
        if key != default:
            if "," in value or not _is_key(key):
                raise ValueError(f"{key} cannot be written in a property string: {value!r}")
            parts.append(f"{key}={value}")
    return ",".join(parts)


def _is_key(text: str) -> bool:
    return bool(text) and text.isascii() and text.replace("-", "").replace("_", "").isalnum()


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


def snapshots(text: str) -> list[str]:
    """The names in ``pct listsnapshot``, oldest first, without "current", which is where the container is."""
    names = []
    for line in text.splitlines():
        _, arrow, rest = line.partition("-> ")
        name = rest.split()[0] if arrow and rest.split() else ""
        if name and name != CURRENT:
            names.append(name)
    return names


def upid(text: str) -> str:
    """The task id at the end of what pvesh create printed, "" when it started none."""
    for line in reversed(text.splitlines()):
        word = line.strip().strip('"')
        if word.startswith("UPID:"):
            return word
    return ""


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
