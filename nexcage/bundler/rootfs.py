"""How the files come to ``rootfs``: copied, as an overlay of cached layers, as reflinks of a cached tree."""

import hashlib
import os
from contextlib import suppress

from nexcage import log
from nexcage.bundler import overlay
from nexcage.bundler.image import Image, Tree
from nexcage.bundler.layers.ledger import Ledger
from nexcage.bundler.manifest.entry import Entry, Header, foot, head
from nexcage.errors import NexcageError, PermissionDenied, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.bundler.site import Site
    from nexcage.oci.rules import Object

_TRIES = 100
MODES = ("auto", "overlay", "reflink", "copy")


class Placed:
    """``mode`` that was taken, digest of the ``manifest``, further ``facts`` for the record."""

    def __init__(self, mode: str, manifest: str, facts: "Object") -> None:
        self.mode = mode
        self.manifest = manifest
        self.facts = facts


def refuse_mode(mode: str) -> None:
    """Raise `UsageError` for a ``mode`` that is no thing of this system."""
    if mode in ("overlay", "reflink") and not overlay.HERE:
        raise UsageError(
            f"--rootfs {mode} is for Linux",
            code="rootfs-unsupported",
            hint="use --rootfs copy, or leave it out",
        )


def place(source: "Image | Tree", mode: str, site: "Site") -> Placed:
    """Fill the rootfs of the bundle that is made at ``site``, and write its manifest."""
    cacheable = isinstance(source, Image) and bool(source.config) and all(x.diff_id for x in source.layers)
    if mode in ("overlay", "reflink") and not cacheable:
        raise UsageError(
            f"--rootfs {mode} needs an image: layers with digests",
            hint="use --rootfs copy, which clones files where the file system can",
        )
    os.mkdir(site.rootfs, 0o755)
    if isinstance(source, Tree):
        source.fill(site.rootfs)
        return Placed("copy", _scanned(site), {})
    if mode == "overlay" or (mode == "auto" and cacheable and overlay.HERE and os.geteuid() == 0):
        try:
            return _overlay(source, site)
        except NexcageError as error:
            if mode == "overlay" or error.code != "overlay-failed":
                raise
            log.info(f"copying instead: {error.message}")
            site.lease([])
    if mode == "reflink":
        return _reflink(source, site)
    ledgers = site.unpacking.into(source, site.rootfs, site.work)
    site.unpacking.manifest(ledgers, site.own + "/manifest.mtree")
    return Placed("copy", file_digest(site.own + "/manifest.mtree"), {})


def _scanned(site: "Site") -> str:
    """The manifest of a tree that somebody else has filled."""
    from nexcage.bundler.manifest.tree import scan

    ledger = Ledger(site.work + "/ledger")
    for entry in scan(site.rootfs):
        ledger.write(entry)
    ledger.close()
    site.unpacking.manifest([ledger.path], site.own + "/manifest.mtree")
    return file_digest(site.own + "/manifest.mtree")


def _overlay(image: Image, site: "Site") -> Placed:
    if os.geteuid() != 0:
        raise PermissionDenied(
            "an overlay can only be mounted by root",
            code="overlay-failed",
            hint="run it as root, or use --rootfs copy",
        )
    homes = None
    # a tree is there because the layers could not be cached each alone
    if len(image.layers) <= overlay.MOST and not os.path.isdir(site.cache.tree(image.layers)):
        site.lease([site.cache.layer(layer.diff_id) for layer in image.layers])
        homes = site.unpacking.cached_layers(image, site.cache)
    manifest = site.own + "/manifest.mtree"
    if homes:
        _copy_of_chain(homes, image, site, manifest)
        lowers = [home + "/tree" for home in dict.fromkeys(reversed(homes))]
    else:
        tree = _tree(image, site)
        _copy(tree + "/manifest", manifest)
        lowers = [tree + "/tree"]
    for name in ("upper", "work"):
        os.mkdir(f"{site.own}/{name}", 0o700)
    root = _root(manifest)
    upper = site.own + "/upper"  # the root's attributes are those of the highest layer
    os.chown(upper, root.uid, root.gid)
    os.chmod(upper, root.mode)
    for attribute, value in root.xattrs.items():
        os.setxattr(upper, attribute, value)
    overlay.mount(lowers, upper, site.own + "/work", site.rootfs)
    os.utime(upper, ns=(root.mtime, root.mtime))
    return Placed("overlay", file_digest(manifest), {"lowers": lowers})


def _copy_of_chain(homes: list[str], image: Image, site: "Site", target: str) -> None:
    """The manifest of cached layers: no lease keeps it, so "bundle prune" may take it between two steps."""
    for _ in range(_TRIES):
        with suppress(FileNotFoundError):
            return _copy(site.unpacking.chain_manifest(homes, image, site.cache), target)
    raise NexcageError(
        f"the cache {site.cache.directory} is pruned again and again",
        code="cache-busy",
        hint="try again when nobody prunes it",
    )


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


def _tree(image: Image, site: "Site") -> str:
    site.lease([site.cache.tree(image.layers)])
    return site.unpacking.cached_tree(image, site.cache)


def _reflink(image: Image, site: "Site") -> Placed:
    from nexcage.bundler.copy import copy_tree

    tree = _tree(image, site)
    copy_tree(tree + "/tree", site.rootfs, reflink=True)
    _copy(tree + "/manifest", site.own + "/manifest.mtree")
    site.lease([])  # the clones live without it
    return Placed("reflink", file_digest(tree + "/manifest"), {})


def _copy(source: str, target: str) -> None:
    with open(source, "rb") as reading, open(target, "xb") as writing:
        while os.sendfile(writing.fileno(), reading.fileno(), None, 1 << 30):
            continue


def file_digest(path: str) -> str:
    """The digest of a file."""
    with open(path, "rb") as file:
        return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()
