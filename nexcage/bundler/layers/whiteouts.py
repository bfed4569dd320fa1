"""Whiteouts, read in the way that the tree is made: image-spec, layer.md, "Whiteouts".

They act on the layers below only; what the same layer wrote stays.
"""

import errno
import os
import stat

from nexcage.bundler.layers.attributes import Attributes
from nexcage.bundler.layers.destination import Destination, NoDirectory, escape
from nexcage.bundler.layers.ledger import Ledger
from nexcage.errors import InvalidImage
from nexcage.host.files import DIRECTORY, NO_DIRECTORY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

PREFIX = b".wh."
OPAQUE = b".wh..wh..opq"


class NeedsLower(Exception):
    """This layer cannot be unpacked alone: it refers to files of the layers below."""


class Plain:
    """A tar that is no layer: nothing is a whiteout."""

    alone = False  # whether each layer has a tree of its own
    layered = False  # whether overlayfs may ever read this tree

    def entry(self, path: bytes, ledger: Ledger) -> bool:  # noqa: ARG002
        """Act on ``path`` if it is a whiteout; whether it was one."""
        return False

    def wrote(self, path: bytes) -> None:
        """Remember that this layer has ``path``."""

    def next_layer(self) -> None:
        """Another layer begins."""

    def is_whiteout(self, facts: os.stat_result) -> bool:  # noqa: ARG002
        """Whether a file stands for one that was removed."""
        return False


class _Layered(Plain):
    layered = True

    def entry(self, path: bytes, ledger: Ledger) -> bool:
        """Act on ``path`` if it is a whiteout; whether it was one."""
        if PREFIX not in path:
            return False
        head, _, last = path.rpartition(b"/")
        if b"/.wh." in head or head.startswith(PREFIX):
            raise InvalidImage("lies below a whiteout", code="image-corrupt")
        if not last.startswith(PREFIX):
            return False
        gone = last[len(PREFIX) :]
        if gone in (b"", b".", b".."):
            raise escape("is a whiteout of no name")
        if last == OPAQUE:
            self._opaque(head, ledger)
        elif gone.startswith(PREFIX):
            raise InvalidImage("is a whiteout of a whiteout", code="image-corrupt")
        else:
            self._gone(head + b"/" + gone if head else gone, ledger)
        return True

    def _gone(self, path: bytes, ledger: Ledger) -> None:
        raise NotImplementedError

    def _opaque(self, path: bytes, ledger: Ledger) -> None:
        raise NotImplementedError


class Removing(_Layered):
    """One layer upon the other in one tree: what a whiteout names is removed from it.

    ``imply(descriptor, path)`` makes a directory one that no entry has described.
    """

    def __init__(self, destination: Destination, imply: "Callable[[int, bytes], None]") -> None:
        self._destination = destination
        self._imply = imply
        self._layers = 0
        self._upper: set[bytes] = set()  # what this layer wrote
        self._above: set[bytes] = set()  # the directories on the way there

    def next_layer(self) -> None:
        """Another layer begins."""
        self._layers += 1
        self._upper.clear()
        self._above.clear()

    def wrote(self, path: bytes) -> None:
        """Remember that this layer has ``path``."""
        if self._layers > 1:  # there is nothing below the first
            self._upper.add(path)
            while (path := path.rpartition(b"/")[0]) and path not in self._above:
                self._above.add(path)

    def _gone(self, path: bytes, ledger: Ledger) -> None:
        try:
            _, true, name = self._destination.parent(path, make=False)
        except (FileNotFoundError, NoDirectory):
            return  # nothing is there
        ledger.remove(true + name)
        self._clear([true + name])

    def _opaque(self, path: bytes, ledger: Ledger) -> None:
        try:
            handle, true, _ = self._destination.parent(path + b"/." if path else b".", make=False)
        except (FileNotFoundError, NoDirectory):
            return
        ledger.opaque(true[:-1] or b".")
        self._clear([true + name for name in map(os.fsencode, os.listdir(handle))])

    def _clear(self, paths: list[bytes]) -> None:
        """Remove each path; of a directory with something that this layer wrote, what it did not write."""
        if self._layers < 2:
            return
        while paths:
            path = paths.pop()
            try:
                parent, _, name = self._destination.parent(path, make=False)
                if path not in self._upper and path not in self._above:
                    self._destination.remove(parent, name)
                    continue
                handle = os.open(name, DIRECTORY, dir_fd=parent)
            except OSError as error:
                if error.errno not in (errno.ENOENT, *NO_DIRECTORY):
                    raise
                continue
            try:
                if path not in self._upper:  # it has to stay as the way to what this layer wrote
                    self._imply(handle, path)
                paths += [path + b"/" + child for child in map(os.fsencode, os.listdir(handle))]
            finally:
                os.close(handle)


class Overlay(_Layered):
    """A layer alone in its tree, as overlayfs reads it: kernel documentation, filesystems/overlayfs."""

    alone = True

    def __init__(self, destination: Destination) -> None:
        self._destination = destination

    def _gone(self, path: bytes, ledger: Ledger) -> None:
        parent, true, name = self._existing(path)
        ledger.remove(true + name)
        try:
            Attributes.make_whiteout(parent, name)
        except FileExistsError:
            if stat.S_ISDIR(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode):
                handle = os.open(name, DIRECTORY, dir_fd=parent)
                try:
                    Attributes.make_opaque(handle)
                finally:
                    os.close(handle)

    def _opaque(self, path: bytes, ledger: Ledger) -> None:
        handle, true, _ = self._existing(path + b"/." if path else b".")
        if not true:
            raise NeedsLower  # overlayfs does not look at the attribute of a layer's root
        ledger.opaque(true[:-1])
        Attributes.make_opaque(handle)

    def _existing(self, path: bytes) -> tuple[int, bytes, bytes]:
        """As `Destination.parent`; whether a directory is missing only the layers below know."""
        try:
            return self._destination.parent(path, make=False)
        except FileNotFoundError:
            raise NeedsLower from None

    def is_whiteout(self, facts: os.stat_result) -> bool:
        """Whether a file stands for one that was removed."""
        return stat.S_ISCHR(facts.st_mode) and facts.st_rdev == 0
