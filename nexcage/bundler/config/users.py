"""Who a program runs as: ``USER[:GROUP]`` by the passwd and group files of a root file system.

The forms are those of the image specification (config.md, "User"); where it leaves a choice, docker's: a
number without a group takes the group of its passwd line, else 0. The files come from an image and are not
to be trusted: a line that does not say what it should is no line at all. (docker reads a number that is none
as 0, which makes such a user root.)
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nexcage.errors import NexcageError

HIGHEST = 2**32 - 2  # 2**32 - 1 means "do not change" to the kernel
LARGEST = 16 << 20  # bytes of passwd or group
MOST_GROUPS = 65536  # NGROUPS_MAX, setgroups(2)


class User:
    """``groups`` are all groups, [] for root without further ones; ``home`` is "/" where none is known."""

    __slots__ = ("gid", "groups", "home", "uid")

    def __init__(self, uid: int = 0, gid: int = 0, groups: list[int] | None = None, home: str = "/") -> None:
        self.uid = uid
        self.gid = gid
        self.groups = groups or []
        self.home = home


def number(text: "str | bytes") -> int | None:
    """An id, or None for what is not one."""
    word = text.decode("latin-1") if isinstance(text, bytes) else text
    if not (word.isascii() and word.isdigit()) or len(word) > 20 or int(word) > HIGHEST:
        return None
    return int(word)


def resolve(text: str, read_file: "Callable[[str], bytes | None]", error: "type[NexcageError]") -> User:
    """The user ``text`` names ("" is root); raises ``error`` for one that is not there.

    Supplementary groups are only those of a user without a group of its own (config.md: "if group/gid is
    specified, supplementary groups are ignored"). The primary group is among them, since a program could
    get rid of it otherwise (CVE-2022-36109).
    """
    name, colon, group = text.partition(":")
    if (colon and not group) or "\0" in text:
        raise error(f'user "{text[:80]}" is not USER or USER:GROUP')
    passwd = list(_passwd(_data(read_file, "etc/passwd", error)))
    name = name or "0"
    uid = number(name)
    if uid is None and name.isascii() and name.isdigit():
        raise error(f'user "{text[:80]}": {name[:24]} is above {HIGHEST}, the highest user id')
    wanted = name.encode(errors="surrogateescape")
    line = next((row for row in passwd if (row[0] == wanted if uid is None else row[1] == uid)), None)
    if uid is None:
        if line is None:
            raise _unknown("user", name, "passwd", bool(passwd), error)
        uid = line[1]
    found = User(uid, line[2] if line else 0, home=line[3] if line else "/")
    members = _groups(_data(read_file, "etc/group", error))
    if group:
        gid = number(group)
        if gid is None:
            wanted = group.encode(errors="surrogateescape")
            rows = list(members)
            gid = next((row[1] for row in rows if row[0] == wanted), None)
            if gid is None:
                raise _unknown("group", group, "group", bool(rows), error)
        found.gid = gid
        found.groups = [gid]
    else:
        further = [gid for _, gid, names in members if line and line[0] in names]
        found.groups = list(dict.fromkeys([found.gid, *further]))
        if len(found.groups) > MOST_GROUPS:
            raise error(f'user "{name}" is in more than {MOST_GROUPS} groups')
    if found.uid == 0 and found.groups == [0]:
        found.groups = []
    return found


def _unknown(what: str, name: str, file: str, some: bool, error: "type[NexcageError]") -> "NexcageError":
    where = f"is not in etc/{file} of the root file system" if some else f"cannot be looked up: no etc/{file}"
    return error(
        f'{what} "{name[:80]}" {where}',
        hint=f"give a number: --user {'UID' if what == 'user' else 'UID:GID'}",
    )


def _data(read_file: "Callable[[str], bytes | None]", path: str, error: "type[NexcageError]") -> bytes | None:
    data = read_file(path)
    if data and len(data) > LARGEST:
        raise error(f"{path} of the root file system is larger than {LARGEST >> 20} MiB")
    return data


def _rows(data: bytes | None, fields: int) -> "Iterator[list[bytes]]":
    for line in (data or b"").split(b"\n"):
        row = line.strip(b" \t\r").split(b":")
        if len(row) >= fields and row[0] and b"\0" not in line:
            yield row


def _passwd(data: bytes | None) -> "Iterator[tuple[bytes, int, int, str]]":
    """Name, uid, gid and home of each line of passwd(5)."""
    for row in _rows(data, 4):
        uid, gid = number(row[2]), number(row[3])
        if uid is not None and gid is not None:
            yield row[0], uid, gid, _home(row[5] if len(row) > 5 else b"")


def _home(text: bytes) -> str:
    try:
        home = text.decode()
    except UnicodeDecodeError:
        return "/"
    return home if home.startswith("/") and len(home) < 4096 else "/"


def _groups(data: bytes | None) -> "Iterator[tuple[bytes, int, list[bytes]]]":
    """Name, gid and members of each line of group(5)."""
    for row in _rows(data, 3):
        gid = number(row[2])
        if gid is not None:
            yield row[0], gid, row[3].split(b",") if len(row) > 3 else []
