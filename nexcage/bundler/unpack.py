"""An image's layers as files: one upon the other in a directory, or each alone in the cache."""

import os

from nexcage.bundler.cache import Cache
from nexcage.bundler.image import Image, Layer
from nexcage.bundler.layers.attributes import Attributes
from nexcage.bundler.layers.ledger import Ledger, lines
from nexcage.bundler.layers.limits import Limits
from nexcage.bundler.manifest.entry import Entry, Header, line
from nexcage.bundler.manifest.writing import write
from nexcage.errors import InvalidImage, StateCorrupt
from nexcage.host.files import read, write_new
from nexcage.jsontext import Malformed, dumps, loads

_LARGEST_FACTS = 1 << 20

# what reads and writes layers is imported when one has to be unpacked: a second bundle needs none of it

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexcage.bundler.layers.apply import Applier
    from nexcage.bundler.progress import Progress
    from nexcage.bundler.transient import Transient
    from nexcage.oci.rules import Object


class Unpacking:
    """How to unpack: ``limits`` of the whole image, ``progress`` of each layer."""

    def __init__(self, limits: Limits, progress: "Progress") -> None:
        self.limits = limits
        self.progress = progress
        self.attributes = Attributes()

    def into(self, image: Image, directory: str, work: str) -> list[str]:
        """Write the layers upon each other into the empty ``directory``.

        Returns the paths of their ledgers, made in ``work``. Raises
        `NexcageError`; what was written is the caller's to remove.
        """
        from nexcage.bundler.layers.apply import Applier

        self.limits.used = 0  # layers that could not be alone have been counted
        self.attributes = Attributes()
        plain = not image.config  # a tar: its names are plain names
        applier = Applier(directory, "plain" if plain else "remove", self.limits, self.attributes)
        ledgers = []
        try:
            for i, layer in enumerate(image.layers):
                ledgers.append(f"{work}/ledger{i}")
                self._apply(applier, layer, ledgers[-1])
            applier.finish()
        finally:
            applier.close()
        return ledgers

    def _apply(self, applier: "Applier", layer: Layer, path: str) -> None:
        from nexcage.bundler.layers.stream import Stream

        ledger = Ledger(path)
        # headers of small files make a tar larger than what is in it
        stream = Stream(layer, 2 * self.limits.size + (64 << 20), self.progress.layer(layer))
        try:
            applier.apply(iter(stream.read, b""), ledger, stream.name)
            stream.check()
        finally:
            stream.close()
        ledger.close()

    def cached_layers(self, image: Image, cache: Cache) -> list[str] | None:
        """The directories of all layers, unpacked each alone where they are missing.

        None when they cannot be: a layer that speaks of files or directories of
        those below it only makes sense upon them.
        """
        homes = [cache.layer(layer.diff_id) for layer in image.layers]
        for layer, home in zip(image.layers, homes, strict=True):
            if os.path.exists(home):
                self._admit(home, layer.diff_id)
            elif not self._cache_one(layer, home, cache):
                return None
        return homes if not _depends(homes) else None

    def _cache_one(self, layer: Layer, home: str, cache: Cache) -> bool:
        """Unpack a layer alone unless somebody has meanwhile; False when it cannot be alone."""
        from nexcage.bundler.layers.apply import Applier
        from nexcage.bundler.layers.whiteouts import NeedsLower

        lock = cache.lock(home)
        making: Transient | None = None
        try:
            if os.path.exists(home):
                self._admit(home, layer.diff_id)
                return True
            self.limits.seen, before = {}, self.limits.used
            making = cache.work()
            os.mkdir(making.path + "/tree", 0o755)
            applier = Applier(making.path + "/tree", "overlay", self.limits, self.attributes)
            try:
                self._apply(applier, layer, making.path + "/ledger")
                applier.finish()
            finally:
                applier.close()
            names = "\n".join(path.hex() for path in applier.destination.implied)
            write_new(making.path + "/implied", names.encode())
            self._note(making.path, before)
            making.keep(home)
            return True
        except BaseException as error:
            if making:
                making.remove()
            if isinstance(error, NeedsLower):
                return False
            raise
        finally:
            lock.release()

    def cached_tree(self, image: Image, cache: Cache) -> str:
        """The directory of a tree with all layers upon each other, made where it is missing."""
        home = cache.tree(image.layers)
        lock = cache.lock(home)
        making: Transient | None = None
        try:
            if os.path.exists(home):
                self.limits.used = 0
                self._admit(home, "of a cached tree")
            else:
                self.limits.seen = {}
                making = cache.work()
                os.mkdir(making.path + "/tree", 0o755)
                ledgers = self.into(image, making.path + "/tree", making.path)
                self.manifest(ledgers, making.path + "/manifest")
                for ledger in ledgers:
                    os.unlink(ledger)
                self._note(making.path, 0)
                making.keep(home)
        except BaseException:
            if making:
                making.remove()
            raise
        finally:
            lock.release()
        return home

    def _note(self, directory: str, before: int) -> None:
        """Write down what `_admit` has to know; ``before``: the bytes of what was unpacked earlier."""
        facts = {
            "size": self.limits.used - before,
            "seen": self.limits.seen,
            "owners": self.attributes.owners,
        }
        write_new(directory + "/facts", dumps(facts).encode())

    def _admit(self, home: str, name: str) -> None:
        """Hold against a cached entry what it would be refused for if it were unpacked now."""
        try:
            facts: Object = loads(read(home + "/facts", _LARGEST_FACTS, follow=False))  # type: ignore[assignment]
            size, seen, owners = facts["size"], facts["seen"], facts["owners"]
        except (OSError, Malformed, KeyError, TypeError) as error:
            raise StateCorrupt(
                f"cache entry {home} cannot be read: {error}",
                code="cache-corrupt",
                hint="delete the bundles that use it, then run nexcage bundle prune",
            ) from None
        try:
            self.limits.charge(size)
            self.limits.refuse(seen)
        except InvalidImage as error:
            error.message = f"layer {name[:19]}: {error.message}"
            raise
        if owners != "set":
            self.attributes.owners = owners

    def chain_manifest(self, homes: list[str], image: Image, cache: Cache) -> str:
        """The file with the manifest of layers that lie upon each other."""
        path = cache.manifest(image.layers)
        if not os.path.exists(path):
            making = cache.work()
            try:
                self.manifest([home + "/ledger" for home in homes], making.path + "/manifest")
                os.rename(making.path + "/manifest", path)
            finally:
                making.remove()
        return path

    def manifest(self, ledgers: list[str], path: str) -> None:
        """Write the manifest of what the ledgers' layers make together."""
        write(_with_root(lines(ledgers)), Header(self.attributes.owners), path)


def _with_root(rows: "Iterator[bytes]") -> "Iterator[bytes]":
    """The rows, and before them one for a root directory that no layer has described."""
    first = next(rows, b"")
    if not first.startswith(b". "):
        yield line(Entry(b".", "dir", 0o755, 0, 0))
    if first:
        yield first
    yield from rows


def _depends(homes: list[str]) -> bool:
    """Whether a layer passes through a directory that only a lower one describes."""
    for i, home in enumerate(homes[1:], 1):
        with open(home + "/implied", "rb") as file:
            names = file.read().split()
        for name in names:
            path = bytes.fromhex(name.decode())
            if any(os.path.lexists(os.fsencode(lower) + b"/tree/" + path) for lower in homes[:i]):
                return True
    return False
