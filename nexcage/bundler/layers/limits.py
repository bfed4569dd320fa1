"""How much an image may unpack to, and which files it may not have."""

import stat

from nexcage.errors import InvalidImage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Limits:
    """``size``: the most logical bytes in all; ``denied``: kinds refused, of "device" and "setuid"."""

    def __init__(self, size: int, denied: frozenset[str] = frozenset()) -> None:
        self.size = size
        self.denied = denied
        self.used = 0
        self.seen: dict[str, str] = {}  # kind → the first such entry, and what it is

    def charge(self, size: int) -> None:
        """Count ``size`` bytes more; `InvalidImage` when that is too many."""
        self.used += size
        if self.used > self.size:
            raise InvalidImage(
                f"the image is larger than {self.size} bytes",
                code="image-too-large",
                hint="if you trust the image, allow more with --max-size",
            )

    def look(self, entry: str, mode: int, xattrs: dict[bytes, bytes]) -> None:
        """Note that ``entry`` is of a kind that can be denied, and refuse it when it is."""
        kind = stat.S_IFMT(mode)
        if kind in (stat.S_IFCHR, stat.S_IFBLK):
            self._note("device", entry, "is a device")
        elif kind == stat.S_IFREG and mode & (stat.S_ISUID | stat.S_ISGID):
            self._note("setuid", entry, "is setuid or setgid")
        elif b"security.capability" in xattrs:
            self._note("setuid", entry, "has file capabilities")

    def _note(self, kind: str, entry: str, what: str) -> None:
        self.seen.setdefault(kind, f"entry {entry}: {what}")
        if kind in self.denied:
            self.refuse({kind: what})

    def refuse(self, seen: "Mapping[str, str]") -> None:
        """Refuse what has been ``seen`` in a layer, if it is denied."""
        for kind in sorted(self.denied & seen.keys()):
            raise InvalidImage(
                f"{seen[kind]}, which --deny refuses",
                code="image-denied",
                hint="use another image, or leave out --deny",
            )
