"""What a manifest says of one file, and its line in mtree(5) form.

The full path form that bsdtar, FreeBSD's mtree and go-mtree read::

    ./usr/bin/su type=file mode=04755 uid=0 gid=0 size=55680 time=1700000000.000000000 sha256digest=...

``xattr.NAME=BASE64`` is go-mtree's keyword: libarchive skips it with a warning.
"""

from types import MappingProxyType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Literal

    Kind = Literal["file", "dir", "link", "char", "block", "fifo", "socket"]

KINDS = ("file", "dir", "link", "char", "block", "fifo", "socket")
_NONE: "Mapping[bytes, bytes]" = MappingProxyType({})  # one for all that have none
NANO = 1_000_000_000
VERSION = 1
# what needs no \ooo; mtree would read "*?[" as a pattern, "#" as a comment, "=" and blanks as its own
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
PLAIN = _LETTERS + b"_-./+,:@%~"
BELOW = b"\x01"  # for "/" in a key: before all that a name can have there
_OCTAL = [bytes((i,)) if i in PLAIN else b"\\%03o" % i for i in range(256)]


class Entry:
    """One file: ``path`` is relative without "./", b"." the root; ``mtime`` in nanoseconds.

    ``size`` and ``sha256`` (hex) are those of a file, 0 and "" for other kinds;
    ``target`` is where a link leads, ``device`` major and minor.
    """

    __slots__ = (
        "device",
        "gid",
        "kind",
        "mode",
        "mtime",
        "path",
        "sha256",
        "size",
        "target",
        "uid",
        "xattrs",
    )

    def __init__(
        self,
        path: bytes,
        kind: "Kind",
        mode: int,
        uid: int,
        gid: int,
        size: int = 0,
        mtime: int = 0,
        sha256: str = "",
        target: bytes = b"",
        device: tuple[int, int] = (0, 0),
        xattrs: "Mapping[bytes, bytes] | None" = None,
    ) -> None:
        self.path = path
        self.kind = kind
        self.mode = mode
        self.uid = uid
        self.gid = gid
        self.size = size
        self.mtime = mtime
        self.sha256 = sha256
        self.target = target
        self.device = device
        self.xattrs: Mapping[bytes, bytes] = xattrs or _NONE

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Entry) and all(getattr(self, n) == getattr(other, n) for n in self.__slots__)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return "Entry(" + ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__) + ")"


class Header:
    """``epoch``: SOURCE_DATE_EPOCH of the creation, or None; ``owners``: "set", or only "recorded"."""

    __slots__ = ("epoch", "owners")

    def __init__(self, owners: str = "set", epoch: int | None = None) -> None:
        self.owners = owners
        self.epoch = epoch


def escaped(name: bytes) -> bytes:
    """``name`` with \\ooo for every byte that an mtree reader could take for something else."""
    return b"".join([_OCTAL[byte] for byte in name]) if name.translate(None, PLAIN) else name


def unescaped(text: bytes) -> bytes:
    r"""The name of which ``text`` is the `escaped` form."""
    if b"\\" not in text:
        return text
    first, *rest = text.split(b"\\")
    return first + b"".join([bytes((int(part[:3], 8),)) + part[3:] for part in rest])


def key(path: bytes) -> bytes:
    """What a manifest is sorted by: the content of a directory follows it at once."""
    return b"" if path == b"." else escaped(path).replace(b"/", BELOW)


def line(entry: Entry) -> bytes:
    """``entry`` as one line of a manifest, with the line feed."""
    path = entry.path
    name = b"." if path == b"." else b"./" + (escaped(path) if path.translate(None, PLAIN) else path)
    seconds, nano = divmod(entry.mtime, NANO)
    kind = entry.kind
    if kind == "file":
        tail = b" size=%d time=%d.%09d sha256digest=%b" % (entry.size, seconds, nano, entry.sha256.encode())
    elif kind == "link":
        tail = b" time=%d.%09d link=%b" % (seconds, nano, escaped(entry.target))
    elif kind in ("char", "block"):
        tail = b" time=%d.%09d device=native,%d,%d" % (seconds, nano, *entry.device)
    else:
        tail = b" time=%d.%09d" % (seconds, nano)
    if entry.xattrs:
        tail += _xattrs(entry.xattrs)
    return b"%b type=%b mode=0%o uid=%d gid=%d%b\n" % (
        name,
        kind.encode(),
        entry.mode,
        entry.uid,
        entry.gid,
        tail,
    )


def _xattrs(xattrs: "Mapping[bytes, bytes]") -> bytes:
    from binascii import b2a_base64

    return b"".join(
        b" xattr.%b=%b" % (escaped(name), b2a_base64(xattrs[name], newline=False)) for name in sorted(xattrs)
    )


def head(header: Header) -> bytes:
    """The first lines of a manifest; then come those of `line`, each path once, by `key`."""
    epoch = "none" if header.epoch is None else header.epoch
    return f"#mtree v2.0\n# nexcage manifest {VERSION} epoch={epoch} owners={header.owners}\n".encode()


def foot(count: int) -> bytes:
    """The last line of a manifest of ``count`` entries: it shows a cut."""
    return b"# end %d\n" % count


def render(entries: "Iterable[Entry]", header: Header) -> bytes:
    """A manifest of ``entries``, sorted; the last one of a path counts."""
    lines = {entry.path: line(entry) for entry in entries}
    return b"".join([head(header), *(lines[path] for path in sorted(lines, key=key)), foot(len(lines))])
