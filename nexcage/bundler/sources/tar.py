"""``tar:FILE``: the files of a tar, compressed or not; whiteouts are plain names in it."""

import os
import re

from nexcage import log
from nexcage.bundler.image import Blob, Image, Layer, media
from nexcage.bundler.image.tarindex import members
from nexcage.bundler.sources import SourceWishes, paths
from nexcage.errors import InvalidImage

_SAVED = re.compile(r"repositories|[0-9a-f]{64}\.json|[0-9a-f]{64}/layer\.tar|blobs/sha256/[0-9a-f]{64}")
_LOOKED_AT = 1100  # entries, before it is taken for a tree: more than an image archive has


def open(rest: str, _work: str, _wishes: SourceWishes) -> Image:
    """The tar as an image of one layer without digests."""
    path = os.path.abspath(paths.file(rest))
    if kind := image_kind(path):
        log.warning(
            f'"{rest}" is an image archive, its files are not those of the image', use=f"{kind}:{rest}"
        )
    return layered(path, f"tar:{path}")


def layered(path: str, name: str) -> Image:
    """The tar at ``path`` as one layer; `InvalidImage` when it is no tar."""
    kind = media.compression(media.head(path))
    if not kind:
        next(members(path), None)  # raises if it is none
    layer = Layer(Blob(path, 0, os.path.getsize(path)), media.tar_type(kind))
    return Image(name, [layer])


def image_kind(path: str) -> str:
    """Which kind of image archive an uncompressed tar is, "" if none: "oci-archive" or "docker-archive"."""
    if media.compression(media.head(path)):
        return ""
    names = set()
    try:
        for count, entry in enumerate(members(path)):
            names.add(entry.name)
            if count > _LOOKED_AT:
                break
    except InvalidImage:  # whoever unpacks it knows better what is wrong
        return ""
    if "manifest.json" in names and any(_SAVED.fullmatch(name) for name in names):
        return "docker-archive"
    return "oci-archive" if {"oci-layout", "index.json"} <= names else ""
