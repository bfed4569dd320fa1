"""How the files come to ``rootfs``: copied, as an overlay of cached layers, as reflinks of a cached tree."""

import hashlib
import os
import stat

from nexcage import log
from nexcage.bundler import overlay
from nexcage.bundler.cache import Cache, chain
from nexcage.bundler.image import Image, Tree
from nexcage.bundler.layers.ledger import Ledger
from nexcage.bundler.manifest.entry import Entry, Header, foot, head
from nexcage.errors import InvalidBundle, NexcageError, PermissionDenied, UsageError, from_os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.bundler.build import _Making
    from nexcage.oci.rules import Object

MODES = ("auto", "overlay", "reflink", "copy")


class Placed:
    """``mode`` that was taken, digest of the ``manifest``, further ``facts`` for the record."""

    def __init__(self, mode: str, manifest: str, facts: "Object") -> None:
        self.mode = mode
        self.manifest = manifest
        self.facts = facts


def place(
    source: "Image | Tree", mode: str, stage: str, work: str, cache: Cache, making: "_Making"
) -> Placed:
    """Fill ``stage``/rootfs, and write the manifest into its ``.nexcage``."""
    cacheable = isinstance(source, Image) and bool(source.config) and all(x.diff_id for x in source.layers)
    if mode in ("overlay", "reflink") and not cacheable:
        raise UsageError(
            f"--rootfs {mode} needs an image: layers with digests",
            hint="use --rootfs copy, which clones files where the file system can",
        )
    os.mkdir(stage + "/rootfs", 0o755)
    if isinstance(source, Tree):
        source.fill(stage + "/rootfs")
        return Placed("copy", _scanned(stage, work, making), {})
    if mode == "overlay" or (mode == "auto" and cacheable and os.geteuid() == 0):
        try:
            return _overlay(source, stage, cache, making)
        except NexcageError as error:
            if mode == "overlay" or error.code != "overlay-failed":
                raise
            log.info(f"copying instead: {error.message}")
            making.lease([])
    if mode == "reflink":
        return _reflink(source, stage, cache, making)
    ledgers = making.unpacking.into(source, stage + "/rootfs", work)
    making.unpacking.manifest(ledgers, making.own + "/manifest.mtree")
    return Placed("copy", file_digest(making.own + "/manifest.mtree"), {})


def _scanned(stage: str, work: str, making: "_Making") -> str:
    """The manifest of a tree that somebody else has filled."""
    from nexcage.bundler.manifest.tree import scan

    ledger = Ledger(work + "/ledger")
    for entry in scan(stage + "/rootfs"):
        ledger.write(entry)
    ledger.close()
    making.unpacking.manifest([ledger.path], making.own + "/manifest.mtree")
    return file_digest(making.own + "/manifest.mtree")


def _overlay(image: Image, stage: str, cache: Cache, making: "_Making") -> Placed:
    if os.geteuid() != 0:
        raise PermissionDenied(
            "an overlay can only be mounted by root",
            code="overlay-failed",
            hint="run it as root, or use --rootfs copy",
        )
    making.lease([cache.layer(layer.diff_id) for layer in image.layers])
    # a tree is there because the layers could not be cached each alone
    together = len(image.layers) > overlay.MOST or os.path.isdir(_tree_of(image, cache))
    homes = None if together else making.unpacking.cached_layers(image, cache)
    if homes:
        manifest = making.unpacking.chain_manifest(homes, image, cache)
        lowers = [home + "/tree" for home in dict.fromkeys(reversed(homes))]
    else:
        tree = _tree(image, cache, making)
        manifest, lowers = tree + "/manifest", [tree + "/tree"]
    _copy(manifest, making.own + "/manifest.mtree")
    for name in ("upper", "work"):
        os.mkdir(f"{making.own}/{name}", 0o700)
    root = _root(manifest)
    upper = making.own + "/upper"  # the root's attributes are those of the highest layer
    os.chown(upper, root.uid, root.gid)
    os.chmod(upper, root.mode)
    for attribute, value in root.xattrs.items():
        os.setxattr(upper, attribute, value)
    overlay.mount(lowers, upper, making.own + "/work", stage + "/rootfs")
    os.utime(upper, ns=(root.mtime, root.mtime))
    return Placed("overlay", file_digest(manifest), {"lowers": lowers})


def _root(manifest: str) -> Entry:
    """What a manifest says of the root directory: its first file."""
    with open(manifest, "rb") as file:
        first = next(text for text in file if not text.startswith(b"#"))
    if b"xattr." in first:
        from nexcage.bundler.manifest.reading import parse

        return parse(head(Header()) + first + foot(1))[b"."]
    given = dict(word.split(b"=", 1) for word in first.split()[1:])
    seconds, nano = given[b"time"].split(b".")
    moment = int(seconds) * 1_000_000_000 + int(nano)
    return Entry(b".", "dir", int(given[b"mode"], 8), int(given[b"uid"]), int(given[b"gid"]), mtime=moment)


def _tree_of(image: Image, cache: Cache) -> str:
    """Where the tree of all layers upon each other is, if it is there."""
    return cache.tree(chain([layer.diff_id for layer in image.layers]))


def _tree(image: Image, cache: Cache, making: "_Making") -> str:
    making.lease([_tree_of(image, cache)])
    return making.unpacking.cached_tree(image, cache)


def _reflink(image: Image, stage: str, cache: Cache, making: "_Making") -> Placed:
    from nexcage.bundler.copy import copy_tree

    tree = _tree(image, cache, making)
    copy_tree(tree + "/tree", stage + "/rootfs", reflink=True)
    _copy(tree + "/manifest", making.own + "/manifest.mtree")
    making.lease([])  # the clones live without it
    return Placed("reflink", file_digest(tree + "/manifest"), {})


def _copy(source: str, target: str) -> None:
    with open(source, "rb") as reading, open(target, "xb") as writing:
        while os.sendfile(writing.fileno(), reading.fileno(), None, 1 << 30):
            continue


def file_digest(path: str) -> str:
    """The digest of a file."""
    with open(path, "rb") as file:
        return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()


def ensure_mounted(bundle: str) -> bool:
    """Mount the overlay of ``bundle`` again if it is one and is not, as after a reboot; whether it had to be.

    `InvalidBundle` when the cache has lost its layers, or when somebody else may say what to mount where.
    """
    from nexcage.bundler.manifest.made import record

    values = record(bundle)
    placed = values.get("rootfs") if values else None
    if values is None or not isinstance(placed, dict) or placed.get("mode") != "overlay":
        return False
    rootfs = bundle + "/rootfs"
    if overlay.is_mounted(rootfs):
        return False
    _refuse_foreign(bundle)
    lowers = placed.get("lowers")
    if not isinstance(lowers, list) or not all(isinstance(path, str) for path in lowers):
        raise InvalidBundle(
            ".nexcage/bundle.json: $.rootfs.lowers: must be an array of strings",
            code="bundle-record-malformed",
        )
    missing = [path for path in lowers if not os.path.isdir(path)]
    if missing:
        raise InvalidBundle(
            f"the cache has lost {len(missing)} layers of bundle {bundle}",
            code="bundle-layers-missing",
            hint=f"make the bundle again from {values.get('source')}",
        )
    overlay.mount(lowers, bundle + "/.nexcage/upper", bundle + "/.nexcage/work", rootfs)
    return True


def _refuse_foreign(bundle: str) -> None:
    """Raise unless all that decides what is mounted where is ours, and no link."""
    for name, is_kind in (
        ("", stat.S_ISDIR),
        ("/.nexcage", stat.S_ISDIR),
        ("/.nexcage/bundle.json", stat.S_ISREG),
        ("/rootfs", stat.S_ISDIR),
    ):
        try:
            facts = os.lstat(bundle + name)
        except OSError as error:
            raise from_os(error, f"cannot use {bundle}{name}") from None
        if facts.st_uid != os.geteuid() or not is_kind(facts.st_mode):
            raise InvalidBundle(
                f"{bundle}{name} is not yours or was replaced, so that nothing is mounted",
                code="bundle-foreign",
                hint="make the bundle again",
            )
