"""Snapshots of a container: the command lines of pct, and what ``pct listsnapshot`` prints.

Sources: PVE/API2/LXC/Snapshot.pm, and PVE/GuestHelpers.pm (print_snapshot_tree).
"""

from nexcage.errors import CommandFailed, UsageError

LONGEST = 40  # pve-lxc-snapshot-name
RESERVED = ("current", "vzdump")
_CODE = "snapshot-invalid"
_ARROW = "`->"
# "%s %-{30 - length of the prefix}s %-23s %s": what follows the name begins here unless a name is longer
_NAMES_END = 30
_TIME = 23
_EPOCH = "1970-01-01 00:00:00"  # a snapshot without a time
_NO_DESCRIPTION = "no-description"


class Snapshot:
    """A snapshot; ``parent`` is the one before it, ``time`` RFC 3339, each "" when there is none.

    ``description`` is only the first line: pct shows no more.
    """

    __slots__ = ("description", "name", "parent", "time")

    def __init__(self, name: str, parent: str = "", time: str = "", description: str = "") -> None:
        self.name = name
        self.parent = parent
        self.time = time
        self.description = description


def words(verb: str, vmid: str, options: list[str], after: list[str]) -> list[str]:
    """The words of pct for ``snapshot``, ``snapshots``, ``delsnapshot``, ``rollback``.

    ``options`` are nexcage's own: --description TEXT, --force, --start; ``after`` is the name.
    """
    if verb == "snapshots":
        return listing(vmid)
    (name,) = after
    if verb == "snapshot":
        return snapshot(vmid, name, options[1] if options else "")
    if verb == "delsnapshot":
        return remove(vmid, name, force="--force" in options)
    return rollback(vmid, name, start="--start" in options)


def snapshot(vmid: str, name: str, description: str = "") -> list[str]:
    """Make one; `UsageError` for a name or description that Proxmox VE would not take."""
    _check(name)
    if name in RESERVED:
        raise UsageError(
            f'the snapshot name "{name}" is reserved', code=_CODE, hint="choose another name, such as before"
        )
    if any((c < " " and c not in "\t\n") or c == "\x7f" for c in description):
        raise UsageError("the description has a control character", code="description-invalid")
    return ["pct", "snapshot", vmid, name, *(["--description", description] if description else [])]


def listing(vmid: str) -> list[str]:
    """Print them, for `listed`."""
    return ["pct", "listsnapshot", vmid]


def remove(vmid: str, name: str, *, force: bool = False) -> list[str]:
    """Remove one; with ``force`` from the configuration, even if its storage fails."""
    _check(name)
    return ["pct", "delsnapshot", vmid, name, *(["--force", "1"] if force else [])]


def rollback(vmid: str, name: str, *, start: bool = False) -> list[str]:
    """Go back to one; with ``start`` the container runs afterwards."""
    _check(name)
    return ["pct", "rollback", vmid, name, *(["--start", "1"] if start else [])]


def _check(name: str) -> None:
    """A name is a pve-configid (PVE/JSONSchema.pm): a letter, then at least one of letters, digits, "_-"."""
    rest = name.replace("_", "x").replace("-", "x")
    legal = 2 <= len(name) <= LONGEST and name[0].isalpha() and rest.isascii() and rest.isalnum()
    if not legal:
        shown = "".join(c if c.isprintable() else "?" for c in name[: 2 * LONGEST])
        raise UsageError(
            f'"{shown}" is no name of a snapshot',
            code=_CODE,
            hint=f'2 to {LONGEST} letters, digits, "_" and "-", a letter first',
        )


def listed(text: str) -> list[Snapshot]:
    """The snapshots in what ``pct listsnapshot`` printed, each after its parent, siblings by age.

    Times are taken for UTC: run it with TZ=UTC. "current", which is where the
    container is, is left out. `CommandFailed` for a line that is none of the tree.
    """
    found: list[Snapshot] = []
    above: list[tuple[int, str]] = []  # (indentation, name) of those that the line may be a child of
    for line in text.split("\n"):
        indent = line.find(_ARROW)
        words = line[indent + len(_ARROW) :].split(" ", 2) if indent >= 0 else []
        if not line.strip():
            continue
        if line[: max(indent, 0)].strip() or len(words) < 2 or words[0] or not words[1]:
            raise _bad(line)
        while above and above[-1][0] >= indent:
            above.pop()
        parent = above[-1][1] if above else ""
        name = words[1]
        above.append((indent, name))
        if name != RESERVED[0]:
            found.append(_row(line, indent + len(_ARROW), name, parent))
    return found


def _row(line: str, prefix: int, name: str, parent: str) -> Snapshot:
    start = prefix + 1 + max(len(name), _NAMES_END - prefix) + 1
    when = line[start : start + _TIME].rstrip()
    description = line[start + _TIME + 1 :]
    return Snapshot(
        name,
        parent,
        "" if when in ("", _EPOCH) else when.replace(" ", "T") + "Z",
        "" if description == _NO_DESCRIPTION else description,
    )


def _bad(line: str) -> CommandFailed:
    shown = "".join(c if c.isprintable() else "?" for c in line.strip()[:200])
    return CommandFailed(
        f'pct listsnapshot: printed a line that is none of its tree: "{shown}"', code="output-invalid"
    )
