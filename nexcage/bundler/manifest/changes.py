"""What differs between a file as it was and as it is, and the words for it."""

from nexcage import log
from nexcage.bundler.manifest.entry import NANO, Entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# put on every file by the kernel of a host that has SELinux or IMA
_HOST_XATTRS = frozenset((b"security.selinux", b"security.ima", b"security.evm"))
# what only root can set
_ROOT_XATTRS = (b"security.", b"trusted.")
WORDS = {"dir": "directory", "char": "character device", "block": "block device"}


class Difference:
    """``path`` and ``what``, with ``expected`` and ``actual`` in words, "" where there is none.

    ``what`` is one of missing, added, unreadable, type, content, size, mode,
    owner, link, device, time, and "xattr NAME".
    """

    __slots__ = ("actual", "expected", "path", "what")

    def __init__(self, path: bytes, what: str, expected: str = "", actual: str = "") -> None:
        self.path = path
        self.what = what
        self.expected = expected
        self.actual = actual

    def __repr__(self) -> str:
        return f"Difference({self.path!r}, {self.what!r}, {self.expected!r}, {self.actual!r})"


def changes(before: Entry, now: Entry, owners: bool, times: bool) -> "Iterator[Difference]":
    """Each difference between what was, and is, at one path.

    ``owners``: whether owners were set, and with them what only root can make
    (``security.*`` and ``trusted.*``). ``times``: also times of modification.
    """
    path = before.path
    if before.kind != now.kind:
        yield Difference(path, "type", WORDS.get(before.kind, before.kind), WORDS.get(now.kind, now.kind))
        return
    if before.size != now.size:
        yield Difference(path, "size", str(before.size), str(now.size))
    elif before.sha256 != now.sha256 and now.sha256:  # without, it was reported as unreadable
        yield Difference(path, "content", "sha256:" + before.sha256, "sha256:" + now.sha256)
    if before.mode != now.mode and before.kind != "link":  # the mode of a link means nothing
        yield Difference(path, "mode", f"0{before.mode:03o}", f"0{now.mode:03o}")
    if owners and (before.uid, before.gid) != (now.uid, now.gid):
        yield Difference(path, "owner", f"{before.uid}:{before.gid}", f"{now.uid}:{now.gid}")
    if before.target != now.target:
        yield Difference(path, "link", shown(before.target), shown(now.target))
    if before.device != now.device:
        yield Difference(path, "device", _device(before), _device(now))
    if before.xattrs != now.xattrs:
        yield from _xattrs(before, now, owners)
    if times and before.mtime != now.mtime:
        yield Difference(path, "time", moment(before.mtime), moment(now.mtime))


def _xattrs(before: Entry, now: Entry, owners: bool) -> "Iterator[Difference]":
    from binascii import b2a_base64

    for name in sorted({*before.xattrs, *now.xattrs}):
        old, new = before.xattrs.get(name), now.xattrs.get(name)
        if old == new or (old is None and name in _HOST_XATTRS):
            continue
        if new is None and not owners and name.startswith(_ROOT_XATTRS):
            continue
        texts = [
            "" if value is None else "base64:" + b2a_base64(value, newline=False).decode()
            for value in (old, new)
        ]
        yield Difference(before.path, "xattr " + shown(name), *texts)


def _device(entry: Entry) -> str:
    major, minor = entry.device
    return f"{major}:{minor}"


def moment(nanoseconds: int) -> str:
    """Seconds since the epoch with nine decimals, as in the manifest."""
    seconds, nano = divmod(nanoseconds, NANO)
    return f"{seconds}.{nano:09d}"


def shown(name: bytes) -> str:
    r"""``name`` for people, on one line and reversible: ``\\`` for a backslash, ``\n``, ``\xNN``."""
    text = name.replace(b"\\", b"\\\\").decode("utf-8", "backslashreplace")
    return log.printable(text)


def sentence(found: Difference) -> str:
    """``found`` in words, without the path."""
    what, old, new = found.what, found.expected, found.actual
    if what == "missing":
        return "is missing"
    if what == "added":
        return "was added"
    if what == "unreadable":
        return f"cannot be read: {new}"
    if what == "content":
        return "content was changed"
    if what == "type":
        return f"is a {new}, was a {old}"
    if what.startswith("xattr ") and not (old and new):
        return f"{what} " + ("is missing" if old else "was added")
    if what.startswith("xattr "):
        return f"{what} was changed"
    return f"{what} {new}, was {old}"
