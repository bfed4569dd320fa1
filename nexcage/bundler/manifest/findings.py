"""The differences that were found, sorted by path, most of them on disk if they are many."""

from nexcage.bundler.manifest.changes import Difference
from nexcage.bundler.rows import Rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_ANY = ("utf-8", "surrogatepass")


class Findings:
    """What `verify` found; ``files`` is how many it looked for. To be closed."""

    def __init__(self, files: int) -> None:
        self.files = files
        self._rows = Rows()
        self._count = 0

    def add(self, found: Difference) -> None:
        """Take one more."""
        self._count += 1
        words = f"{found.what}\0{self._count:015d}\0{found.expected}\0{found.actual}".encode(*_ANY)
        row = found.path + b"\0" + words
        if row.count(b"\0") != 4 or b"\n" in row or _is_packed(row):
            texts = (found.what, f"{self._count:015d}", found.expected, found.actual)
            row = b"\0".join(map(_packed, (found.path, *(text.encode(*_ANY) for text in texts))))
        self._rows.add(row + b"\n")

    @property
    def unchanged(self) -> bool:
        """Whether there is no difference."""
        return not self._count

    def __iter__(self) -> "Iterator[Difference]":
        """By path and what changed; a path is called unreadable once, for the first reason."""
        last = (b"", "")
        for row in self._rows:
            path, *rest = row[:-1].split(b"\0")
            if _is_packed(row):
                path, *rest = map(_unpacked, (path, *rest))
            what, _, expected, actual = [word.decode(*_ANY) for word in rest]
            if (path, what) != last or what != "unreadable":
                yield Difference(path, what, expected, actual)
            last = path, what

    def close(self) -> None:
        """Forget them."""
        self._rows.close()


def _is_packed(row: bytes) -> bool:
    return b"\t" in row or b"\1" in row


def _packed(text: bytes) -> bytes:
    """``text`` without NUL and line feed, which end a field and a row; what is less stays less."""
    text = text.replace(b"\1", b"\1\2").replace(b"\0", b"\1\1")
    return text.replace(b"\t", b"\t\1").replace(b"\n", b"\t\2")


def _unpacked(text: bytes) -> bytes:
    text = text.replace(b"\t\2", b"\n").replace(b"\t\1", b"\t")
    return text.replace(b"\1\1", b"\0").replace(b"\1\2", b"\1")
