"""What FreeBSD's tools print when they succeed, as values; `CommandFailed` for what cannot be trusted.

JSON of libxo wherever a tool has it. It is not one format: jls -n gives numbers as texts and
booleans as booleans, jls with parameters alone gives texts for both, jls -v numbers and a state.
Bytes that are no UTF-8 (a jail may name its children as it likes) do not hide the other rows.
"""

from nexcage.errors import CommandFailed
from nexcage.jsontext import Malformed, loads

_DIGITS = 18  # more are no number of the kernel's
_TRUE = {"true": True, "false": False}
_STATES = {"ACTIVE": False, "DYING": True}


class Jail:
    """A jail as jls lists it; texts are "" and ``parent`` is -1 where the listing does not say."""

    __slots__ = ("dying", "jid", "name", "parent", "path", "values")

    def __init__(self, values: dict[str, object], dying: bool) -> None:
        self.jid = _number(values.get("jid"))
        self.parent = _number(values.get("parent"))
        self.name = _text(values.get("name"))
        self.path = _text(values.get("path"))
        self.dying = dying
        self.values = values


class Mount:
    """A mounted file system: what, where, its type, its options as the kernel has them."""

    __slots__ = ("fstype", "node", "options", "special")

    def __init__(self, special: str, node: str, fstype: str, options: tuple[str, ...]) -> None:
        self.special = special
        self.node = node
        self.fstype = fstype
        self.options = options


class Process:
    """A process as ps lists it; ``jid`` is 0 on the host, -1 for a column that was not asked for."""

    __slots__ = ("command", "jid", "pid", "ppid", "state", "user", "values")

    def __init__(self, values: dict[str, object]) -> None:
        self.pid = _number(values.get("pid"))
        self.ppid = _number(values.get("ppid"))
        self.jid = _number(values.get("jail-id"))
        self.user = _text(values.get("user"))
        self.state = _text(values.get("state"))
        self.command = _text(values.get("command"))
        self.values = values


def _bad(tool: str, why: str, text: str) -> CommandFailed:
    shown = " ".join(text.split())[:200]
    return CommandFailed(
        f'{tool}: {why}: "{"".join(c if c.isprintable() else "?" for c in shown)}"', code="output-invalid"
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> int:
    """A number that may have come as a text; -1 when it is none, or negative."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value if 0 <= value < 10**_DIGITS else -1
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _DIGITS:
        return int(value)
    return -1


def _json(tool: str, text: str) -> dict[str, object]:
    try:
        value = loads(text.encode(errors="replace"))
    except Malformed as error:
        raise _bad(tool, f"printed no JSON ({error})", text) from None
    if not isinstance(value, dict):
        raise _bad(tool, "printed no JSON object", text)
    return value


def _rows(tool: str, value: dict[str, object], outer: str, inner: str, text: str) -> list[dict[str, object]]:
    """The objects of the list ``inner`` in the object ``outer``."""
    table = value.get(outer)
    found = table.get(inner) if isinstance(table, dict) else None
    rows = found if isinstance(found, list) else None
    if rows is None or not all(isinstance(row, dict) for row in rows):
        raise _bad(tool, f"printed no list of {inner}", text)
    return rows


def jails(text: str) -> list[Jail]:
    """The jails in what jls --libxo json printed, by number; the same name may be there several times."""
    found = []
    for row in _rows("jls", _json("jls", text), "jail-information", "jail", text):
        jail = Jail(row, _dying(row, text))
        if jail.jid < 1:
            raise _bad("jls", "printed a jail without a number", text)
        found.append(jail)
    return sorted(found, key=lambda jail: jail.jid)


def _dying(row: dict[str, object], text: str) -> bool:
    """Whether a jail dies: ``dying`` as a boolean or a text, ``state`` of -v; False when it is not said."""
    value = row.get("dying")
    if value is None:
        value = _STATES.get(_text(row.get("state")), row.get("state"))
    elif isinstance(value, str):
        value = _TRUE.get(value, value)
    if value is None or isinstance(value, bool):
        return value is True
    raise _bad("jls", "printed neither that a jail lives nor that it dies", text)


def processes(text: str) -> list[Process]:
    """The processes in what ps --libxo json printed; "{ }" is none."""
    value = _json("ps", text)
    if not value:
        return []
    found = [Process(row) for row in _rows("ps", value, "process-information", "process", text)]
    if any(process.pid < 0 for process in found):
        raise _bad("ps", "printed a process without a number", text)
    return found


def mounts(text: str) -> list[Mount]:
    """The mounts in what mount --libxo json printed, in the order in which they were made."""
    found = []
    for row in _rows("mount", _json("mount", text), "mount", "mounted", text):
        options = row.get("opts", [])
        options = options.split(",") if isinstance(options, str) else options
        if not isinstance(options, list) or not all(isinstance(option, str) for option in options):
            raise _bad("mount", "printed no list of options", text)
        kept = tuple(option.strip() for option in options if option.strip())
        mount = Mount(_text(row.get("special")), _text(row.get("node")), _text(row.get("fstype")), kept)
        if not mount.node.startswith("/") or not mount.fstype:
            raise _bad("mount", "printed a mount without a place or a type", text)
        found.append(mount)
    return found


def mount_lines(text: str) -> list[Mount]:
    """The mounts in what mount -p printed: the form of fstab.

    A name with a blank in it is not quoted there, so such a line says where only when tabs separate
    its fields; otherwise it is refused: a wrong place must not be unmounted.
    """
    found = []
    for line in text.split("\n"):
        if not line.strip():
            continue
        fields = line.split()
        if len(fields) != 6:
            tabbed = [field.strip(" ") for field in line.split("\t") if field.strip(" ")]
            fields = [*tabbed[:4], *tabbed[4].split()] if len(tabbed) == 5 else []
        if len(fields) != 6 or not fields[1].startswith("/") or not fields[4].isdigit():
            raise _bad("mount", "printed a line that is no mount", line)
        options = tuple(option for option in fields[3].split(",") if option)
        found.append(Mount(fields[0], fields[1], fields[2], options))
    return found


def usage(text: str) -> dict[str, int]:
    """What rctl -u printed: resource → amount. A jail that nobody knows has zeros."""
    found = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        name, _, amount = line.partition("=")
        value = _number(amount.strip())
        if not name.strip() or value < 0:
            raise _bad("rctl", "printed no amount", line)
        found[name.strip()] = value
    if not found:
        raise _bad("rctl", "printed no amounts", text)
    return found


def settings(text: str, names: list[str]) -> dict[str, str]:
    """What sysctl -n printed for ``names``: a line each, in their order."""
    lines = text.removesuffix("\n").split("\n")
    if len(lines) != len(names):
        raise _bad("sysctl", f"printed no {len(names)} values", text)
    return dict(zip(names, lines, strict=True))


def setting(text: str) -> int:
    """The number that sysctl -n printed for one name."""
    value = _number(text.strip())
    if value < 0:
        raise _bad("sysctl", "printed no number", text)
    return value


def release(text: str) -> tuple[int, int]:
    """ "15.1-RELEASE-p1" → (15, 1): what freebsd-version, uname -r or kern.osrelease says."""
    major, dot, rest = text.strip().partition("-")[0].partition(".")
    numbers = _number(major), _number(rest.partition(".")[0])
    if not dot or min(numbers) < 0:
        raise _bad("freebsd-version", "printed no release", text)
    return numbers
