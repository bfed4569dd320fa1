"""The names in the directories on the way down, each directory's in the manifest's order.

So many are held in memory, all directories together; the names of those that
would not fit lie in one file, the deepest directory's last.
"""

import os
from itertools import chain, islice

from nexcage.bundler import rows
from nexcage.bundler.manifest.entry import escaped, unescaped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

CHUNK = 16 << 10  # a name has 255 bytes, four times that when it is escaped


class Names:
    """All of them."""

    def __init__(self) -> None:
        self.held = 0
        self.file: BinaryIO | None = None
        self.end = 0

    def of(self, found: "Iterator[bytes]") -> "Listing":
        """A directory's names, below the directories that were given before."""
        first = list(islice(found, rows.HELD - self.held))
        more = next(found, None)
        if more is None:
            first.sort(key=escaped, reverse=True)
            self.held += len(first)
            return Listing(self, first)
        ordered = rows.Rows()
        try:
            for name in chain(first, (more,), found):
                ordered.add(escaped(name) + b"\n")
            return self._written(ordered)
        finally:
            ordered.close()

    def _written(self, ordered: rows.Rows) -> "Listing":
        if self.file is None:
            self.file = rows.unnamed()
        begin = self.end
        self.end = rows.put(self.file, begin, ordered)
        return Listing(self, [], self.file, begin, self.end)

    def close(self) -> None:
        """Let go of the file."""
        if self.file is not None:
            self.file.close()
            self.file = None


class Listing:
    """The names of one directory that are left: ``ready`` the next ones, the next at the end."""

    __slots__ = ("_at", "_begin", "_end", "_file", "_last", "_ready", "_shelf")

    def __init__(
        self, shelf: Names, ready: list[bytes], file: "BinaryIO | None" = None, begin: int = 0, end: int = 0
    ) -> None:
        self._shelf = shelf
        self._ready = ready
        self._file = file  # None when all are in memory
        self._begin = self._at = begin
        self._end = end
        self._last = b""

    def take(self) -> bytes | None:
        """The next name, None after the last."""
        name = self._next()
        while name is not None and name == self._last:  # some file systems tell one twice
            name = self._next()
        if name is not None:
            self._last = name
        return name

    def _next(self) -> bytes | None:
        if self._file is None:
            if not self._ready:
                return None
            self._shelf.held -= 1
            return self._ready.pop()
        if not self._ready:
            data = rows.get(self._file, self._at, min(CHUNK, self._end - self._at))
            self._ready = data[: data.rfind(b"\n") + 1].splitlines()
            self._ready.reverse()
            if not self._ready:
                return None
        row = self._ready.pop()
        self._at += len(row) + 1
        return unescaped(row)

    def rest(self) -> None:
        """Hold nothing that is in the file while a directory below is looked at."""
        if self._file is not None:
            self._ready = []

    def close(self) -> None:
        """Forget what is left; those of the directories below are closed already."""
        if self._file is None:
            self._shelf.held -= len(self._ready)
        else:
            self._shelf.end = self._begin
            os.ftruncate(self._file.fileno(), self._begin)
        self._ready = []
