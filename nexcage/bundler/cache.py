"""Unpacked layers, by the digest of their tar, shared by all bundles.

::

    layers/DIGEST/{tree,ledger,implied,facts}   one layer, as overlayfs wants it
    trees/CHAIN/{tree,manifest,facts}        layers that only make sense upon each other, in one tree
    chains/CHAIN                             the manifest of layers that lie upon each other
    blobs/                                   what skopeo has fetched
    leases/ID                                who uses which of them
    work-*                                   what is in the making

An entry is built beside and renamed, so it is whole or absent. CHAIN is the
digest of the layers' digests in their order (image-spec, config.md, "ChainID").
"""

import os
import stat

from nexcage.bundler.transient import Transient, at_work, discard, sweep, unless_held
from nexcage.errors import Locked, PermissionDenied, from_os
from nexcage.host.files import Lock, read, remove_tree, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.bundler.image import Layer

WORK = "work-"
STAGE = ".nexcage-"  # in the names of bundles in the making


def default_directory() -> str:
    """Where the cache is unless somebody says otherwise."""
    if os.geteuid() == 0:
        return "/var/cache/nexcage"
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(home, "nexcage")


def directory(given: str = "") -> str:
    """The cache's absolute path: what was ``given``, else NEXCAGE_CACHE, else the usual place."""
    return os.path.abspath(given or os.environ.get("NEXCAGE_CACHE") or default_directory())


def chain(diff_ids: list[str]) -> str:
    """The name of layers upon each other."""
    import hashlib

    return hashlib.sha256(" ".join(diff_ids).encode()).hexdigest()


def note_stage(work: str, stage: str) -> None:
    """Remember in a work directory which bundle in the making belongs to it."""
    replace(work + "/stage", os.fsencode(stage))


def _discard_work(work: str) -> None:
    try:
        stage = os.fsdecode(read(work + "/stage", 8192, follow=False))
    except OSError:
        stage = ""  # killed before it was noted
    parent, name = os.path.split(stage)
    if name.startswith(".") and STAGE in name:
        unless_held(parent, name, discard)
    discard(work)


class Cache:
    """The cache at ``directory``, made where it is missing; it must be ours alone."""

    def __init__(self, directory: str) -> None:
        self.directory = os.path.abspath(directory)
        try:
            os.makedirs(self.directory, 0o700, exist_ok=True)
            self._refuse_foreign()
            for name in ("layers", "trees", "chains", "leases", "locks"):
                os.makedirs(f"{self.directory}/{name}", 0o700, exist_ok=True)
        except OSError as error:
            raise from_os(error, f"cannot use the cache {self.directory}") from None

    def _refuse_foreign(self) -> None:
        """Whoever can write there, or change where a link leads, decides what is in bundles."""
        facts, link = os.stat(self.directory), os.lstat(self.directory)
        if (
            facts.st_uid != os.geteuid()
            or stat.S_IMODE(facts.st_mode) & 0o022
            or link.st_uid not in (os.geteuid(), 0)
        ):
            raise PermissionDenied(
                f"the cache {self.directory} can be written by others",
                code="cache-unsafe",
                hint="give it to yourself and chmod 0700 it, or name another one with --cache",
            )

    def layer(self, diff_id: str) -> str:
        """The directory of a layer, there or not."""
        return f"{self.directory}/layers/{diff_id.partition(':')[2]}"

    def tree(self, layers: "list[Layer]") -> str:
        """The directory of a tree of ``layers`` upon each other, there or not."""
        return f"{self.directory}/trees/{chain([layer.diff_id for layer in layers])}"

    def manifest(self, layers: "list[Layer]") -> str:
        """The file with the manifest of ``layers`` upon each other, there or not."""
        return f"{self.directory}/chains/{chain([layer.diff_id for layer in layers])}"

    def work(self) -> Transient:
        """A private directory on the cache's file system."""
        return Transient(self.directory, WORK)

    def sweep(self) -> int:
        """Remove what killed commands left, here and where their bundles would have been; how many."""
        return sweep(self.directory, WORK, _discard_work)

    def drop(self, name: str) -> None:
        """Remove the entry ``name`` ("layers/DIGEST"): its name goes first, half of it never has it."""
        hidden = f"{self.directory}/{WORK}{os.urandom(8).hex()}"
        os.rename(f"{self.directory}/{name}", hidden)
        remove_tree(hidden)

    def at_work(self) -> bool:
        """Whether somebody is making a bundle with this cache now."""
        return at_work(self.directory, WORK)

    def lock(self, path: str) -> Lock:
        """Hold the making of the entry ``path``; waits as long as another one makes it."""
        name = os.path.basename(path)
        while True:
            lock = Lock(f"{self.directory}/locks/{name}")
            lock.acquire(f"cache entry {name[:12]}", wait=3600)
            if lock.is_current():  # else `forget_locks` has removed it while we waited
                return lock
            lock.release()

    def forget_locks(self) -> None:
        """Remove the lock files that nobody holds."""
        for name in os.listdir(self.directory + "/locks"):
            lock = Lock(f"{self.directory}/locks/{name}")
            try:
                lock.acquire(name, wait=0)
            except Locked:
                continue
            os.unlink(lock.path)
            lock.release()
