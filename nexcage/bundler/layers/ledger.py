"""What layers did to a tree, in sorted files on disk, and the manifest that comes of it.

A row is KEY, VERSION, DEED and LINE with NUL between: KEY sorts a directory before all
that is below it; VERSION grows with time (layer, then entry); DEED is ``+`` for
a file that was written, ``-`` for one that a whiteout removed, ``o`` for an
opaque directory. Only so many rows are held in memory, whatever the image.
"""

import heapq
import os

from nexcage.bundler.manifest.entry import BELOW, Entry, key, line
from nexcage.bundler.rows import Rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SHIFT = 40  # of the layer's number in a version
WRITTEN, REMOVED, OPAQUE = b"+", b"-", b"o"


class Ledger:
    """The rows of one layer, gathered into the file ``path``."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._rows = Rows(os.path.dirname(path))
        self._sequence = 0

    def write(self, entry: Entry) -> None:
        """Note a file as it was written."""
        self._add(entry.path, WRITTEN + (b"d" if entry.kind == "dir" else b"f"), line(entry))

    def remove(self, path: bytes) -> None:
        """Note that what lower layers have at ``path`` is gone."""
        self._add(path, REMOVED, b"\n")

    def opaque(self, path: bytes) -> None:
        """Note that what lower layers have below ``path`` is gone."""
        self._add(path, OPAQUE, b"\n")

    def _add(self, path: bytes, deed: bytes, text: bytes) -> None:
        self._sequence += 1
        self._rows.add(b"%b\0%010x\0%b\0%b" % (key(path), self._sequence, deed, text))

    def close(self) -> None:
        """Write the file: it is whole and sorted then."""
        with open(self.path, "xb") as file:
            file.writelines(self._rows)
        self._rows.close()


def _rows(path: str) -> "Iterator[bytes]":
    with open(path, "rb") as file:
        yield from file


def _versioned(layer: int, path: str) -> "Iterator[tuple[bytes, int, bytes, bytes]]":
    for row in _rows(path):
        place, sequence, deed, text = row.split(b"\0", 3)
        yield place, layer << SHIFT | int(sequence, 16), deed, text


def lines(ledgers: "Iterable[str]") -> "Iterator[bytes]":
    """The manifest's lines of what is there in the end, from the ledgers of layers, the lowest first.

    A row is cut by a later row of the same path, and by what is not a directory
    (or was removed) later on the way to it; an opaque directory and a whiteout
    cut only what lower layers wrote.
    """
    cuts: list[
        tuple[bytes, int]
    ] = []  # (key of a directory on the way, version before which all below is gone)
    last: tuple[bytes, int, bytes] | None = (
        None  # (key, version, text) that stands until a later row of its path
    )
    for place, version, deed, text in heapq.merge(*(_versioned(i, path) for i, path in enumerate(ledgers))):
        if last and last[0] != place:
            yield last[2]
            last = None
        while cuts and not (place + BELOW).startswith(cuts[-1][0]):
            cuts.pop()
        if deed[:1] == WRITTEN:
            if not cuts or version > cuts[-1][1]:
                last = place, version, text
            if deed == WRITTEN + b"f":
                _cut(cuts, place, version)
            continue
        floor = version >> SHIFT << SHIFT
        if deed == REMOVED and last and last[1] < floor:
            last = None
        _cut(cuts, place, floor)
    if last:
        yield last[2]


def _cut(cuts: list[tuple[bytes, int]], place: bytes, version: int) -> None:
    """Add a cut; each has the version of those around it at least, so that the last one decides."""
    prefix = place + BELOW if place else b""
    if cuts:
        version = max(version, cuts[-1][1])
        if cuts[-1][0] == prefix:
            cuts.pop()
    cuts.append((prefix, version))
