"""An OCI image layout, in a directory or in an archive (image-spec image-layout.md)."""

import os
import stat

from nexcage.bundler.image import Blob, Image
from nexcage.bundler.image.manifest import Resolver, index_descriptors
from nexcage.bundler.image.words import Words, malformed, parse, read, shown
from nexcage.errors import InvalidImage, NotFound, UsageError, from_os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from nexcage.bundler.image.platform import Platform

    class Files(Protocol):
        """The files of a layout by name."""

        def file(self, name: str) -> Blob | None:
            """Where the file lies; None when there is none."""


REF_NAME = "org.opencontainers.image.ref.name"
IMAGE_NAME = "io.containerd.image.name"


class Directory:
    """A layout on disk; ``blobs`` is where its blobs are if that is elsewhere."""

    __slots__ = ("_blobs", "path")

    def __init__(self, path: str, blobs: str = "") -> None:
        self.path = path
        self._blobs = blobs or os.path.join(path, "blobs")

    def file(self, name: str) -> Blob | None:
        """Where a file of the layout lies."""
        return _regular(os.path.join(self.path, name))

    def blob(self, digest: str) -> Blob | None:
        """Where a blob lies."""
        return _regular(os.path.join(self._blobs, *digest.split(":")))


class Archive:
    """A layout in something that finds files by name."""

    __slots__ = ("_files",)

    def __init__(self, files: "Files") -> None:
        self._files = files

    def file(self, name: str) -> Blob | None:
        """Where a file of the layout lies."""
        return self._files.file(name)

    def blob(self, digest: str) -> Blob | None:
        """Where a blob lies."""
        return self._files.file("blobs/" + digest.replace(":", "/"))


def _regular(path: str) -> Blob | None:
    try:
        facts = os.stat(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise from_os(error, f'cannot read "{path}"') from None
    if not stat.S_ISREG(facts.st_mode):
        raise InvalidImage(f'"{path}" is not a regular file', code="image-malformed")
    return Blob(path, 0, facts.st_size)


def image(layout: "Directory | Archive", name: str, tag: str, wanted: "Platform") -> Image:
    """The image ``tag`` of a layout ("" if it has only one) for a platform; ``name`` is for messages."""
    _check_version(layout, name)
    found = layout.file("index.json")
    if found is None:
        raise InvalidImage(f'"{name}" has no index.json', code="image-malformed")
    document = f"{name}: index.json"
    index = Words(parse(read(found, document), document), document)
    if "manifests" not in index.value:
        raise malformed(document, "$.manifests", "is required")
    chosen = _tagged(index_descriptors(index), name, tag)
    whole = f"{name}:{tag}" if tag else name
    return Resolver(layout, whole, wanted).image(chosen)


def _check_version(layout: "Directory | Archive", name: str) -> None:
    found = layout.file("oci-layout")
    if found is None:
        raise InvalidImage(
            f'"{name}" is no OCI image layout: it has no oci-layout file',
            code="image-malformed",
            hint="use dir:, tar: or docker-archive: if it is one of these",
        )
    document = f"{name}: oci-layout"
    words = Words(parse(read(found, document), document), document)
    version = words.text("imageLayoutVersion", required=True)
    if version.split(".")[0] != "1":
        raise InvalidImage(f"{document}: version {shown(version)} is not supported", code="image-unsupported")


def _tagged(descriptors: list[Words], name: str, tag: str) -> list[Words]:
    """The descriptors with this tag; without a tag all, if they are not differently named."""
    names = {}  # what each is called, as long as the annotation is a string
    for i, descriptor in enumerate(descriptors):
        annotations = descriptor.table("annotations")
        names[i] = annotations.get(REF_NAME, ""), annotations.get(IMAGE_NAME, "")
    if not tag:
        known = sorted({ref or image for ref, image in names.values()} - {""})
        if len(known) > 1 or (known and any(not ref and not image for ref, image in names.values())):
            raise UsageError(
                f'"{name}" contains several images: {listing(known)}',
                code="source-invalid",
                hint=f"say which one: {name}:{known[0]}",
            )
        return descriptors
    for fits in (_is, _ends):
        chosen = [descriptors[i] for i, known in names.items() if fits(known, tag)]
        if len({one.digest("digest") for one in chosen}) > 1 and fits is _ends:
            full = sorted({image or ref for i, (ref, image) in names.items() if fits(names[i], tag)})
            raise UsageError(
                f'"{name}" contains several images that are tagged "{tag}": {listing(full)}',
                code="source-invalid",
                hint="write the whole name",
            )
        if chosen:
            return chosen
    known = sorted({ref or image for ref, image in names.values()} - {""})
    raise NotFound(
        f'"{name}" has no image "{tag}"',
        code="source-missing",
        hint=f"it has: {listing(known)}" if known else f"it has one without a tag: use {name}",
    )


def _is(known: tuple[str, str], tag: str) -> bool:
    return tag in known


def _ends(known: tuple[str, str], tag: str) -> bool:
    return any(one.endswith((":" + tag, "/" + tag)) for one in known)


def listing(names: list[str]) -> str:
    """Names for a message, the first twenty."""
    return ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
