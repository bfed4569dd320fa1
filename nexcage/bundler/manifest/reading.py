"""Reading a manifest back, strictly: a line that is refused is named by its number."""

import re
from functools import partial
from hashlib import sha256
from io import BytesIO

from nexcage.bundler.manifest.entry import VERSION, Entry, Header
from nexcage.bundler.manifest.parsing import LONGEST_LINE, Wrong, checked, entry_of
from nexcage.bundler.rows import Rows
from nexcage.errors import InvalidBundle, from_os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

_HEAD = re.compile(rb"# nexcage manifest (\d{1,9}) epoch=(none|-?\d{1,15}) owners=(set|recorded)\n")
_END = re.compile(rb"# end (\d{1,15})\n")
_TWICE = "the path is there twice"
_CHANGED = "it was changed while it was read"


class Manifest:
    """A manifest that was read once, and is as it has to be: ``header``, ``count`` of entries, ``digest``.

    `InvalidBundle` with the line number of a fault. Its lines are read from
    ``file`` again when it is iterated, or from a sorted copy on disk if they
    are not in the order in which they are written today.
    """

    def __init__(self, file: "BinaryIO") -> None:
        self.header = Header()
        self.count = 0
        self.digest = ""
        self._file = file
        self._sorted = Rows()
        if not self._check():
            self._sort()

    def __iter__(self) -> "Iterator[tuple[bytes, bytes]]":
        """Each line after its `key`, the least first."""
        if self._sorted:
            for row in self._sorted:
                at, _, text = row.split(b"\0", 2)
                yield at, text
            return
        last: bytes | None = None
        for at, text, _ in self._entries():
            if last is not None and at <= last:
                raise _refused(_CHANGED)
            yield at, text
            last = at

    def close(self) -> None:
        """Let go of the copy; the file is the caller's."""
        self._sorted.close()

    def _entries(self) -> "Iterator[tuple[bytes, bytes, int]]":
        """Key, line, and number of the line, in the order of the file, which was checked before."""
        try:
            self._file.seek(0)
            for number, text in enumerate(_lines(self._file), 1):
                if not text.startswith(b"#"):
                    yield checked(text), text, number
        except Wrong:
            raise _refused(_CHANGED) from None
        except OSError as error:
            told = from_os(error, "cannot read manifest.mtree")
            raise InvalidBundle(told.message, code="manifest-unreadable") from None

    def _check(self) -> bool:
        """Whether it is sorted."""
        summed = sha256()
        number = 0
        ordered, ended = True, False
        last: bytes | None = None
        try:
            for number, text in enumerate(_lines(self._file), 1):
                summed.update(text)
                if ended:
                    raise Wrong("there is more after the end")
                if number == 1:
                    _first(text)
                elif number == 2:
                    self.header = _header(text)
                elif text.startswith(b"#"):
                    _foot(text, self.count)
                    ended = True
                else:
                    at = checked(text)
                    if at == last:
                        raise Wrong(_TWICE)
                    ordered = ordered and (last is None or last < at)
                    last = at
                    self.count += 1
            if not ended:
                number += 1
                raise Wrong("it ends too early")
        except Wrong as wrong:
            raise _refused(f"line {number}: {wrong}") from None
        self.digest = "sha256:" + summed.hexdigest()
        return ordered

    def _sort(self) -> None:
        for at, text, number in self._entries():
            self._sorted.add(b"%b\0%015d\0%b" % (at, number, text))
        twice = 0
        last: bytes | None = None
        for row in self._sorted:
            at, written, _ = row.split(b"\0", 2)
            if at == last:
                twice = min(twice or int(written), int(written))
            last = at
        if twice:
            self.close()
            raise _refused(f"line {twice}: {_TWICE}")


def parse(data: bytes) -> dict[bytes, Entry]:
    """The entries by path of a manifest of a few files, checked as by `Manifest`."""
    manifest = Manifest(BytesIO(data))
    return {each.path: each for each in (entry_of(text) for _, text in manifest)}


def _refused(message: str) -> InvalidBundle:
    return InvalidBundle(
        f"manifest.mtree: {message}",
        code="manifest-malformed",
        hint="the manifest was damaged or edited, make the bundle again",
    )


def _lines(file: "BinaryIO") -> "Iterator[bytes]":
    """The lines; one that is too long comes in pieces, which are refused."""
    return iter(partial(file.readline, LONGEST_LINE + 1), b"")


def _first(text: bytes) -> None:
    if text != b"#mtree v2.0\n":
        raise Wrong("this is no manifest")


def _header(text: bytes) -> Header:
    found = _HEAD.fullmatch(text)
    if found is None:
        raise Wrong("this is no head of a manifest")
    if int(found[1]) != VERSION:
        raise Wrong(f"version {int(found[1])} is not known, this nexcage knows {VERSION}")
    return Header(found[3].decode(), None if found[2] == b"none" else int(found[2]))


def _foot(text: bytes, count: int) -> None:
    found = _END.fullmatch(text)
    if found is None:
        raise Wrong("a comment is not expected here")
    if int(found[1]) != count:
        raise Wrong(f"{count} entries, {int(found[1])} were written")
