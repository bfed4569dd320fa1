"""A manifest and the files as they are, side by side in the same order: neither is held in memory."""

from nexcage.bundler.manifest.changes import WORDS, Difference, changes
from nexcage.bundler.manifest.entry import BELOW, Entry, key, line
from nexcage.bundler.manifest.parsing import entry_of, size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable


class Merging:
    """Tells each difference between ``expected``, lines after their keys, and the entries that are met.

    ``owners``: whether owners were set, and with them what only root can make
    (devices, ``security.*`` and ``trusted.*``). ``times``: also times of modification.
    ``points``: where drivers make a directory or an empty file to mount on, which is no difference.
    """

    def __init__(
        self,
        expected: "Iterable[tuple[bytes, bytes]]",
        tell: "Callable[[Difference], None]",
        *,
        owners: bool,
        times: bool,
        points: "Container[bytes]" = (),
    ) -> None:
        self._points = points
        self._expected = iter(expected)
        self._tell = tell
        self._owners = owners
        self._times = times
        self._hashed: dict[bytes, bytes] = {}  # lines of files whose content is being read
        self._unread: list[bytes] = []  # keys that everything below can still follow
        self._key: bytes | None = None
        self._line = b""
        self._next()

    def meet(self, now: Entry) -> bool:
        """Take the next entry, in the order of keys; whether its content has to be read to compare it."""
        place = key(now.path)
        self._until(place)
        if self._key != place:
            if now.path not in self._points or not (now.kind == "dir" or (now.kind, now.size) == ("file", 0)):
                self._tell(Difference(now.path, "added", actual=WORDS.get(now.kind, now.kind)))
            return False
        text = self._line
        self._next()
        if now.kind == "file" and size(text) == now.size:  # another size tells enough
            self._hashed[now.path] = text
            return True
        self._compare(text, now)
        return False

    def done(self, now: Entry) -> None:
        """The content of ``now`` was read, if it had to be."""
        text = self._hashed.pop(now.path, None)
        if text is not None:
            self._compare(text, now)

    def unreadable(self, path: bytes, why: str) -> None:
        """Nothing is known of ``path``: what lies below it is not called missing."""
        self._tell(Difference(path, "unreadable", "", why))
        at = self._key
        self._unread = [] if at is None else [u for u in self._unread if u >= at or _below(at, u)]
        self._unread.append(key(path))

    def end(self) -> None:
        """There are no more entries."""
        self._until(None)

    def _next(self) -> None:
        self._key, self._line = next(self._expected, (None, b""))

    def _until(self, place: bytes | None) -> None:
        """Call missing what should have come before ``place``."""
        while self._key is not None and (place is None or self._key < place):
            if not any(_below(self._key, unread) for unread in self._unread):
                self._missing(entry_of(self._line))
            self._next()

    def _missing(self, before: Entry) -> None:
        if self._owners or before.kind not in ("char", "block"):
            self._tell(Difference(before.path, "missing", WORDS.get(before.kind, before.kind)))

    def _compare(self, text: bytes, now: Entry) -> None:
        if line(now) != text:
            for found in changes(entry_of(text), now, self._owners, self._times):
                self._tell(found)


def _below(place: bytes, above: bytes) -> bool:
    return not above or place == above or place.startswith(above + BELOW)
