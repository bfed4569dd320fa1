"""Where the files of an uncompressed tar lie, from one pass over its headers; nothing is unpacked.

Formats: ustar, pax (POSIX.1-2008 pax(1)) and GNU long names. The archive may
be hostile: what is read into memory, the number of entries and every offset
are bounded. ``tarfile`` would read a header of any declared size.
"""

import os

from nexcage.bundler.image import Blob
from nexcage.errors import InvalidImage, from_os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK = 512
MOST_ENTRIES = 100_000
LONGEST_HEADER = 1 << 20
MOST_LINKS = 16
_REGULAR = (b"0", b"\0", b"7")


class Entry:
    """A member: ``kind`` (its type byte), normalized ``name``, where its data lies, ``target`` of a link."""

    __slots__ = ("kind", "name", "offset", "size", "target")

    def __init__(self, kind: bytes, name: str, offset: int, size: int, target: str) -> None:
        self.kind = kind
        self.name = name
        self.offset = offset
        self.size = size
        self.target = target


class TarIndex:
    """The files of the tar at ``path``; `InvalidImage` when it is none, damaged or cut off."""

    __slots__ = ("_entries", "_twice", "path")

    def __init__(self, path: str) -> None:
        self.path = path
        self._entries: dict[str, Entry] = {}
        self._twice: set[str] = set()
        for entry in members(path):
            if entry.kind == b"5":
                continue
            if entry.name in self._entries:
                self._twice.add(entry.name)
            self._entries[entry.name] = entry

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def file(self, name: str) -> Blob | None:
        """Where the regular file ``name`` lies, links followed in the archive; None if it is not there."""
        for _ in range(MOST_LINKS):
            if name in self._twice:  # readers differ in which one they take
                raise self._fault(f'"{name}" is in it twice')
            entry = self._entries.get(name)
            if entry is None:
                return None
            if entry.kind in _REGULAR:
                return Blob(self.path, entry.offset, entry.size)
            if entry.kind not in (b"1", b"2"):
                raise self._fault(f'"{name}" is not a regular file')
            name = self._followed(entry)
        raise self._fault(f'the links from "{name}" do not end')

    def _followed(self, entry: Entry) -> str:
        """The name that a link leads to."""
        base = [] if entry.kind == b"1" else entry.name.split("/")[:-1]
        escapes = entry.kind == b"2" and entry.target.startswith("/")
        for part in entry.target.split("/"):
            if part == "..":
                escapes = escapes or not base
                base = base[:-1]
            elif part not in ("", "."):
                base.append(part)
        if escapes:
            raise InvalidImage(
                f'"{self.path}": the link "{entry.name}" leads out of the archive, to "{entry.target}"',
                code="image-escape",
            )
        return "/".join(base)

    def _fault(self, reason: str) -> InvalidImage:
        return InvalidImage(f'"{self.path}": {reason}', code="image-malformed")


def members(path: str) -> "Iterator[Entry]":
    """The members of the tar at ``path``, in order."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            yield from _Scan(path, handle).entries()
        finally:
            os.close(handle)
    except OSError as error:
        raise from_os(error, f'cannot read "{path}"') from None


class _Scan:
    def __init__(self, path: str, handle: int) -> None:
        self._path = path
        self._handle = handle
        self._end = os.fstat(handle).st_size
        self._at = 0

    def entries(self) -> "Iterator[Entry]":
        name = target = ""
        size, sparse = -1, False  # as an extended header says
        count = 0
        while True:
            header = self._header()
            if header is None:
                if name or target or size >= 0:
                    raise self._fault("an extended header is its last entry")
                return
            count += 1
            if count > MOST_ENTRIES:
                raise self._large(f"has more than {MOST_ENTRIES} entries")
            kind, own = header[156:157], self._number(header[124:136])
            if kind in (b"L", b"K"):
                text = self._text(self._extended(own).split(b"\0")[0])
                name, target = (text, target) if kind == b"L" else (name, text)
                continue
            if kind in (b"x", b"X", b"g"):
                records = self._records(self._extended(own))
                if kind == b"g":  # holds no names (git writes a comment)
                    continue
                name = records.get("path", name)
                target = records.get("linkpath", target)
                if "size" in records:
                    size = self._decimal(records["size"])
                sparse = sparse or any(key.startswith("GNU.sparse.") for key in records)
                continue
            entry = self._entry(kind, header, name, target, own if size < 0 else size)
            if sparse:
                entry.kind = b"S"
            yield entry
            name, target, size, sparse = "", "", -1, False

    def _header(self) -> bytes | None:
        """The next header; None at the end (an empty block, or nothing more)."""
        if self._at == self._end and self._at > 0:
            return None  # some writers leave the final blocks away
        block = os.pread(self._handle, BLOCK, self._at)
        if len(block) < BLOCK:
            raise self._cut() if self._at else self._fault("it is no tar archive")
        if block == bytes(BLOCK):
            return None
        stored = block[148:156].strip(b" \0")
        checksum = sum(block) - sum(block[148:156]) + 8 * 32
        try:
            fits = int(stored, 8) == checksum
        except ValueError:
            fits = False
        if not fits:
            raise self._fault(f"a damaged header at byte {self._at}" if self._at else "it is no tar archive")
        self._at += BLOCK
        return block

    def _entry(self, kind: bytes, header: bytes, name: str, target: str, size: int) -> Entry:
        if not name:
            name = self._text(header[:100].split(b"\0")[0])
            prefix = header[345:500].split(b"\0")[0] if header[257:263] == b"ustar\0" else b""
            if prefix:
                name = self._text(prefix) + "/" + name
        target = target or self._text(header[157:257].split(b"\0")[0])
        if kind == b"S":
            self._skip_map(header[482:483])
        offset = self._at
        if kind in _REGULAR or kind == b"S":
            self._skip(size)
        return Entry(kind, self._normal(name), offset, size, target)

    def _skip_map(self, more: bytes) -> None:
        """Pass the blocks that say where a GNU sparse file has data."""
        while more not in (b"\0", b"0", b""):
            more = os.pread(self._handle, 1, self._at + 504)
            self._skip(BLOCK)

    def _normal(self, name: str) -> str:
        parts = [part for part in name.split("/") if part not in ("", ".")]
        if ".." in parts:
            raise InvalidImage(f'"{self._path}": "{name}" leads out of the archive', code="image-escape")
        return "/".join(parts)

    def _skip(self, size: int) -> None:
        if self._at + size > self._end:
            raise self._cut()
        self._at = min(self._at + -(-size // BLOCK) * BLOCK, self._end)

    def _extended(self, size: int) -> bytes:
        if size > LONGEST_HEADER:
            raise self._large(f"has an extended header of {size} bytes")
        data = os.pread(self._handle, size, self._at)
        self._skip(size)
        return data

    def _records(self, data: bytes) -> dict[str, str]:
        """The records of a pax header: "LENGTH KEY=VALUE\\n", the length counting itself."""
        records: dict[str, str] = {}
        at = 0
        while at < len(data) and data[at : at + 1] != b"\0":
            blank = data.find(b" ", at, at + 20)
            length = self._decimal(self._text(data[at:blank])) if blank > at else 0
            record = data[blank + 1 : at + length]
            key, equals, value = record.partition(b"=")
            if not equals or not value.endswith(b"\n") or at + length > len(data):
                raise self._fault("a damaged extended header")
            records[self._text(key)] = self._text(value[:-1])
            at += length
        return records

    def _number(self, field: bytes) -> int:
        """A number of a header: octal, or base 256 when the first bit is set."""
        if field[0] & 0x80:
            value = int.from_bytes(field[1:], "big")
            if field[0] != 0x80 or value >= 1 << 63:
                raise self._fault("a size that cannot be")
            return value
        try:
            value = int(field.split(b"\0")[0].strip() or b"0", 8)
        except ValueError:
            value = -1
        if value < 0:
            raise self._fault("a size that cannot be")
        return value

    def _decimal(self, text: str) -> int:
        if not text.isascii() or not text.isdigit() or len(text) > 18:
            raise self._fault("a damaged extended header")
        return int(text)

    @staticmethod
    def _text(data: bytes) -> str:
        return os.fsdecode(data)

    def _large(self, reason: str) -> InvalidImage:
        return InvalidImage(f'"{self._path}" {reason}', code="image-too-large")

    def _cut(self) -> InvalidImage:
        return InvalidImage(f'"{self._path}" is cut off', code="image-corrupt", hint="copy the archive again")

    def _fault(self, reason: str) -> InvalidImage:
        return InvalidImage(f'"{self._path}": {reason}', code="image-malformed")
