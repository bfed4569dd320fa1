"""A bundle that nexcage has made: its record, its manifest, and what differs from them.

``DIR/.nexcage/bundle.json`` says how it was made, with the digest of
config.json as it was written; ``DIR/.nexcage/manifest.mtree`` lists the files.
"""

import os
from contextlib import closing, contextmanager

from nexcage.bundler import record
from nexcage.bundler.manifest.changes import WORDS, Difference
from nexcage.bundler.manifest.findings import Findings
from nexcage.bundler.manifest.merging import Merging
from nexcage.bundler.manifest.reading import Manifest
from nexcage.bundler.manifest.tree import kind_of, scan
from nexcage.errors import InvalidBundle
from nexcage.host import files
from nexcage.oci.bundle import read_config

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from nexcage.bundler.manifest.entry import Entry
    from nexcage.oci.rules import Object

_AGAIN = 'make it with "nexcage bundle create", which writes a manifest'


@contextmanager
def verify(bundle: str, *, times: bool = False) -> "Iterator[Findings]":
    """Compare the files of ``bundle`` with its manifest, and config.json with its digest.

    The findings last as long as the context. `InvalidBundle` when there is no
    manifest, or none that can be read.
    """
    values = record.read(bundle)
    if values is None:
        raise InvalidBundle(f"bundle {bundle} has no manifest", code="manifest-missing", hint=_AGAIN)
    with (
        _opened(bundle) as file,
        closing(_manifest(bundle, file)) as manifest,
        closing(Findings(manifest.count)) as found,
    ):
        for difference in _config(bundle, values):
            found.add(difference)
        told = values.get("manifest")
        if isinstance(told, str) and told != manifest.digest:
            found.add(Difference(b".nexcage/manifest.mtree", "content", told, manifest.digest))
        with rootfs_directory(bundle) as rootfs:
            _rootfs(rootfs, manifest, found, times=times, points=_mount_points(bundle, rootfs))
        yield found


@contextmanager
def rootfs_directory(bundle: str) -> "Iterator[str]":
    """The directory in which the files of ``bundle`` can be seen while the context lasts.

    An overlay that is not mounted, as after a reboot, is mounted meanwhile.
    """
    from nexcage.bundler import overlay
    from nexcage.bundler.remount import ensure_mounted

    rootfs = os.path.join(bundle, "rootfs")
    mounted = ensure_mounted(bundle)
    try:
        yield rootfs
    finally:
        if mounted:
            overlay.unmount(rootfs)


def _opened(bundle: str) -> "BinaryIO":
    path = os.path.join(bundle, ".nexcage", "manifest.mtree")
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        return open(handle, "rb", 1 << 16)
    except FileNotFoundError:
        raise InvalidBundle(
            f"bundle {bundle} has no manifest", code="manifest-missing", hint=_AGAIN
        ) from None
    except OSError as error:
        raise record.unreadable(path, error) from None


def _manifest(bundle: str, file: "BinaryIO") -> Manifest:
    try:
        return Manifest(file)
    except OSError as error:
        raise record.unreadable(os.path.join(bundle, ".nexcage", "manifest.mtree"), error) from None


def _config(bundle: str, values: "Object") -> "Iterator[Difference]":
    from hashlib import sha256

    expected = values.get("config")
    if not isinstance(expected, str):
        raise InvalidBundle(
            ".nexcage/bundle.json: $.config: the digest of config.json is missing",
            code="bundle-record-malformed",
            hint=_AGAIN,
        )
    try:
        actual = (
            "sha256:" + sha256(files.read(os.path.join(bundle, "config.json"), record.LARGEST)).hexdigest()
        )
    except FileNotFoundError:
        yield Difference(b"config.json", "missing", "file")
    except OSError as error:
        yield Difference(b"config.json", "unreadable", expected, (error.strerror or str(error)).lower())
    else:
        if actual != expected:
            yield Difference(b"config.json", "content", expected, actual)


def _mount_points(bundle: str, rootfs: str) -> set[bytes]:
    """Where config.json mounts something, and the way there: a driver makes what is missing."""
    try:
        mounts = read_config(os.path.join(bundle, "config.json")).get("mounts")
    except InvalidBundle:
        return set()  # `_config` has told that it is not as it was
    points: set[bytes] = set()
    for row in mounts if isinstance(mounts, list) else ():
        destination = row.get("destination") if isinstance(row, dict) else None
        if isinstance(destination, str):
            at = os.path.relpath(files.inside(rootfs, destination), rootfs)
            while at not in ("", "."):
                points.add(os.fsencode(at))
                at = os.path.dirname(at)
    return points


def _rootfs(rootfs: str, manifest: Manifest, found: Findings, *, times: bool, points: set[bytes]) -> None:
    """Add the differences below ``rootfs``, with paths as seen from the bundle."""

    def tell(difference: Difference) -> None:
        path = difference.path
        difference.path = b"rootfs" if path == b"." else b"rootfs/" + path
        found.add(difference)

    merging = Merging(manifest, tell, owners=manifest.header.owners == "set", times=times, points=points)
    begun = False

    def meet(entry: "Entry") -> bool:
        nonlocal begun
        begun = True
        return merging.meet(entry)

    try:
        for entry in scan(rootfs, merging.unreadable, meet):
            merging.done(entry)
    except OSError as error:
        if begun:
            raise
        found.add(_no_directory(rootfs, error))  # what is below it is not called missing
    else:
        merging.end()


def _no_directory(rootfs: str, error: OSError) -> Difference:
    try:
        kind = kind_of(os.lstat(rootfs).st_mode)
    except OSError:
        return Difference(b"rootfs", "missing", "directory")
    if kind == "dir":
        return Difference(b"rootfs", "unreadable", "", (error.strerror or str(error)).lower())
    return Difference(b"rootfs", "type", "directory", WORDS.get(kind, kind))
