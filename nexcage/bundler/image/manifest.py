"""From a descriptor to an image: indexes, the manifest for one platform, its config, its layers.

image-spec descriptor.md, image-index.md, manifest.md, config.md. Whatever the
documents hold, the outcome is an `Image` or an error of ours.
"""

from nexcage.bundler.image import Blob, Image, Layer, media, platform
from nexcage.bundler.image.words import Words, digest_fault, malformed, parse, read, shown, verify
from nexcage.errors import InvalidImage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Protocol

    from nexcage.bundler.image.platform import Platform

    class Store(Protocol):
        """Where blobs lie."""

        def blob(self, digest: str) -> Blob | None:
            """The blob with this (well-formed) digest, unread; None when it is not there."""


MOST_LAYERS = 512
DEEPEST = 4  # indexes in indexes
MOST_DOCUMENTS = 256


class Resolver:
    """Finds the image for ``wanted`` in ``store``; ``name`` is what messages call the whole."""

    __slots__ = ("_explicit", "_left", "_name", "_store", "_wanted")

    def __init__(self, store: "Store", name: str, wanted: "Platform") -> None:
        self._store = store
        self._name = name
        self._wanted = wanted
        self._left = MOST_DOCUMENTS

    def image(self, descriptors: list[Words]) -> Image:
        """The image that fits best among ``descriptors`` (of an index); `InvalidImage` when none does."""
        found = list(self._leaves(descriptors, 0))
        if not found:
            raise InvalidImage(f'"{self._name}" contains no image', code="image-unsupported")
        offered: list[Platform] = []
        images: dict[int, Image] = {}
        for i, (descriptor, document, where) in enumerate(found):
            if where is None:  # the config has to say
                images[i] = self._manifest(descriptor, document)
            offered.append(where or platform.Platform(*images[i].platform.split("/")))
        best = platform.choose(offered, self._wanted)
        if best < 0:
            raise platform.none_fits(self._name, self._wanted, offered)
        descriptor, document, _ = found[best]
        image = images.get(best) or self._manifest(descriptor, document)
        # "docker manifest annotate" corrects a config: what the index says counts
        image.platform = str(offered[best])
        return image

    def _leaves(
        self, descriptors: list[Words], depth: int
    ) -> "Iterable[tuple[Words, Words | None, Platform | None]]":
        """Manifests of images below ``descriptors``: descriptor, document (None if unread), platform."""
        seen = set()
        for descriptor in descriptors:
            digest, kind = descriptor.digest("digest"), descriptor.text("mediaType")
            where = described(descriptor)
            if digest in seen or _attests(descriptor):
                continue
            seen.add(digest)
            if kind in media.INDEXES or not kind:
                document = self._document(descriptor, "index" if kind else "manifest")
                if "manifests" in document.value:
                    yield from self._nested(document, depth, where)
                    continue
                yield descriptor, document, where
            elif kind in media.MANIFESTS:
                yield descriptor, None, where
            elif kind in media.SCHEMA_1:
                raise _schema_1(self._name)
            elif len(descriptors) == 1:
                raise InvalidImage(
                    f'"{self._name}" is no image but has the media type {shown(kind)}',
                    code="image-media-type",
                )

    def _nested(
        self, index: Words, depth: int, where: "Platform | None"
    ) -> "Iterable[tuple[Words, Words | None, Platform | None]]":
        if depth >= DEEPEST:
            raise malformed(index.document, "$.manifests", f"indexes are nested deeper than {DEEPEST}")
        for descriptor, document, inner in self._leaves(index_descriptors(index), depth + 1):
            yield descriptor, document, inner or where

    def _document(self, descriptor: Words, kind: str) -> Words:
        """Read, verify and parse what a descriptor points to."""
        self._left -= 1
        digest = descriptor.digest("digest")
        name = f"{kind} {digest}"
        if self._left < 0:
            raise malformed(name, "$", f"more than {MOST_DOCUMENTS} indexes and manifests")
        blob = self._blob(descriptor, name)
        data = read(blob, name)
        verify(data, digest, name)
        document = Words(parse(data, name), name)
        if kind != "config":
            _agrees(document, descriptor.text("mediaType"), self._name)
        return document

    def _blob(self, descriptor: Words, name: str) -> Blob:
        size = descriptor.number("size")
        blob = self._store.blob(descriptor.digest("digest"))
        if blob is None:
            raise InvalidImage(
                f'{name} is missing in "{self._name}"', code="image-corrupt", hint="copy the image again"
            )
        if blob.size != size:
            raise InvalidImage(
                f"{name} has {blob.size} bytes, but its descriptor says {size}",
                code="image-corrupt",
                hint="copy the image again",
            )
        return blob

    def _manifest(self, descriptor: Words, document: "Words | None") -> Image:
        """The image of one manifest, its platform as the config says."""
        manifest = document or self._document(descriptor, "manifest")
        if not _is_image(manifest):
            raise InvalidImage(
                f'"{self._name}" is no image but an artifact of type {shown(_artifact(manifest))}',
                code="image-media-type",
            )
        described = manifest.need("config")
        layers = manifest.objects("layers", required=True)
        if len(layers) > MOST_LAYERS:
            raise InvalidImage(
                f"{manifest.document} has {len(layers)} layers, more than {MOST_LAYERS}", code="image-layers"
            )
        config = self._document(described, "config")
        diff_ids = config_diff_ids(config, len(layers))
        return Image(
            self._name,
            [self._layer(layer, diff_id) for layer, diff_id in zip(layers, diff_ids, strict=True)],
            digest=descriptor.digest("digest"),
            config=config.value,
            platform=str(config_platform(config, self._wanted)),
        )

    def _layer(self, layer: Words, diff_id: str) -> Layer:
        kind, digest = layer.text("mediaType", required=True), layer.digest("digest")
        name = f"layer {digest}"
        if kind.endswith(media.ENCRYPTED):
            raise InvalidImage(
                f'{name} of "{self._name}" is encrypted',
                code="image-unsupported",
                hint="decrypt it: skopeo copy --decryption-key KEY",
            )
        if kind not in media.LAYERS:
            raise InvalidImage(f"{name} has the unknown media type {shown(kind)}", code="image-media-type")
        if layer.texts("urls") and self._store.blob(digest) is None:
            raise InvalidImage(
                f'{name} of "{self._name}" is not distributed with the image, only named by a URL',
                code="image-unsupported",
            )
        return Layer(self._blob(layer, name), kind, digest, diff_id)


def index_descriptors(index: Words) -> list[Words]:
    """What an index lists; raise `InvalidImage` when it is no index of schema version 2."""
    if "layers" in index.value or "config" in index.value:
        raise malformed(index.document, "$", "is an index and a manifest at once")
    _schema_version(index)
    return index.objects("manifests", required=True)


def config_diff_ids(config: Words, count: int) -> list[str]:
    """The diff ids of a config, which must be ``count``; also checks the types of what else is used of it."""
    check_config(config)
    rootfs = config.need("rootfs")
    if (kind := rootfs.text("type")) not in ("layers", ""):
        raise rootfs.fail("type", f'must be "layers", not {shown(kind)}')
    diff_ids = rootfs.texts("diff_ids")
    for i, diff_id in enumerate(diff_ids):
        if fault := digest_fault(diff_id):
            raise rootfs.fail(f"diff_ids[{i}]", fault)
    if len(diff_ids) != count:
        raise rootfs.fail("diff_ids", f"has {len(diff_ids)} entries for {count} layers")
    return diff_ids


def check_config(config: Words) -> None:
    """Raise `InvalidImage` where a property of the config has the wrong type (image-spec config.md)."""
    for name in ("architecture", "os", "variant", "created", "author", "os.version"):
        config.text(name)
    config.objects("history")
    inner = config.obj("config")
    if inner is None:
        return
    for name in ("User", "WorkingDir", "StopSignal"):
        inner.text(name)
    for name in ("Env", "Entrypoint", "Cmd"):
        inner.texts(name)
    for name in ("ExposedPorts", "Volumes"):
        inner.obj(name)
    inner.table("Labels")


def config_platform(config: Words, otherwise: "Platform") -> "Platform":
    """What a config says it is for; what it leaves out is taken from ``otherwise``."""
    system, arch = config.text("os"), config.text("architecture")
    variant = config.text("variant") if arch else otherwise.variant
    return platform.Platform(system or otherwise.os, arch or otherwise.arch, variant)


def described(descriptor: Words) -> "Platform | None":
    """The platform that a descriptor says, if it says one."""
    where = descriptor.obj("platform")
    if where is None:
        return None
    system, arch, variant = (where.text(name) for name in ("os", "architecture", "variant"))
    return platform.Platform(system, arch, variant) if system and arch else None


def _attests(descriptor: Words) -> bool:
    """Whether it is about an image and none itself: what buildkit writes for "unknown/unknown"."""
    where = described(descriptor)
    if where is not None and (where.os, where.arch) == ("unknown", "unknown"):
        return True
    return descriptor.table("annotations").get("vnd.docker.reference.type") == "attestation-manifest"


def _agrees(document: Words, kind: str, name: str) -> None:
    """Refuse a document that says it is something else than its descriptor (CVE-2021-41190)."""
    if document.value.get("schemaVersion") == 1 and "fsLayers" in document.value:
        raise _schema_1(name)
    own = document.text("mediaType")
    if own in media.SCHEMA_1:
        raise _schema_1(name)
    if own and kind and own != kind:
        raise document.fail("mediaType", f"is {shown(own)}, but the descriptor says {shown(kind)}")
    both = "manifests" in document.value and ("layers" in document.value or "config" in document.value)
    if both:
        raise malformed(document.document, "$", "is an index and a manifest at once")
    if kind in media.INDEXES:
        document.array("manifests", required=True)
    elif kind in media.MANIFESTS and "manifests" in document.value:
        raise malformed(document.document, "$", "is an index, but the descriptor says it is a manifest")


def _schema_version(document: Words) -> None:
    if document.number("schemaVersion") != 2:
        raise document.fail("schemaVersion", f"must be 2, not {document.value['schemaVersion']}")


def _is_image(manifest: Words) -> bool:
    _schema_version(manifest)
    kind = manifest.need("config").text("mediaType", required=True)
    return kind in media.CONFIGS


def _artifact(manifest: Words) -> str:
    return manifest.text("artifactType") or manifest.need("config").text("mediaType")


def _schema_1(name: str) -> InvalidImage:
    return InvalidImage(
        f'"{name}" is an image of docker schema version 1',
        code="image-unsupported",
        hint="convert it: skopeo copy --format v2s2",
    )
