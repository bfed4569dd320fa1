"""What ``docker save`` and ``podman save`` write: manifest.json, configs, layers, in every form since 1.10.

There is no registry manifest in it: layers are known by the diff ids of the
config only, which the unpacker verifies.
"""

from nexcage.bundler.image import Blob, Image, Layer, media, platform
from nexcage.bundler.image.layout import listing
from nexcage.bundler.image.manifest import MOST_LAYERS, config_diff_ids, config_platform
from nexcage.bundler.image.words import Words, digest_fault, malformed, parse, read, shown, verify
from nexcage.errors import InvalidImage, NotFound, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.bundler.image.platform import Platform
    from nexcage.bundler.image.tarindex import TarIndex


def image(files: "TarIndex", name: str, tag: str, wanted: "Platform") -> Image:
    """The image ``tag`` of the archive ("" if it has only one)."""
    found = files.file("manifest.json")
    if found is None:
        raise InvalidImage(
            f'"{name}" has no manifest.json',
            code="image-unsupported" if "repositories" in files else "image-malformed",
            hint="save it again with a docker later than 1.9" if "repositories" in files else "",
        )
    document = f"{name}: manifest.json"
    listed = parse(read(found, document), document)
    if not isinstance(listed, list) or not listed:
        raise malformed(document, "$", "must be an array of images")
    images = [Words(value, document, f"$[{i}]") for i, value in enumerate(listed)]
    return _image(files, _chosen(images, name, tag), name, wanted)


def _chosen(images: list[Words], name: str, tag: str) -> Words:
    tags = [one.texts("RepoTags") for one in images]
    if not tag:
        if len({one.text("Config", required=True) for one in images}) == 1:
            return images[0]
        known = sorted({text for texts in tags for text in texts})
        raise UsageError(
            f'"{name}" contains several images' + (f": {listing(known)}" if known else ""),
            code="source-invalid",
            hint=f"say which one: {name}:{known[0]}" if known else "save the one that is wanted alone",
        )
    repository = tag if ":" in tag.rpartition("/")[2] else tag + ":latest"
    exact = [i for i, texts in enumerate(tags) if tag in texts or repository in texts]
    ending = (":" + tag, "/" + repository)
    loose = [i for i, texts in enumerate(tags) if any(text.endswith(ending) for text in texts)]
    chosen = exact or loose
    if not chosen:
        known = sorted({text for texts in tags for text in texts})
        raise NotFound(
            f'"{name}" has no image "{tag}"',
            code="source-missing",
            hint=f"it has: {listing(known)}" if known else f"its images have no tags: use {name}",
        )
    if len({images[i].text("Config", required=True) for i in chosen}) > 1:
        known = sorted({text for i in chosen for text in tags[i]})
        raise UsageError(
            f'"{name}" contains several images that are tagged "{tag}": {listing(known)}',
            code="source-invalid",
            hint="write the whole name",
        )
    return images[chosen[0]]


def _image(files: "TarIndex", manifest: Words, name: str, wanted: "Platform") -> Image:
    layers = manifest.texts("Layers")
    if len(layers) > MOST_LAYERS:
        raise InvalidImage(f'"{name}" has {len(layers)} layers, more than {MOST_LAYERS}', code="image-layers")
    config_name = manifest.text("Config", required=True)
    document = f"{name}: config {shown(config_name)}"
    data = read(_file(files, manifest, "Config", config_name), document)
    if digest := _named_digest(config_name):
        verify(data, digest, document)
    config = Words(parse(data, document), document)
    diff_ids = config_diff_ids(config, len(layers))
    where = config_platform(config, wanted)
    if where.rank(wanted) < 0:
        raise platform.none_fits(name, wanted, [where])
    found = []
    for i, (layer, diff_id) in enumerate(zip(layers, diff_ids, strict=True)):
        blob = _file(files, manifest, f"Layers[{i}]", layer)
        kind = media.compression(media.head(blob.path, blob.offset, min(blob.size, 16)))
        digest = _named_digest(layer) if layer.startswith("blobs/") else ""
        found.append(Layer(blob, media.tar_type(kind), digest, diff_id))
    return Image(name, found, config=config.value, platform=str(where))


def _file(files: "TarIndex", manifest: Words, at: str, name: str) -> Blob:
    blob = files.file("/".join(part for part in name.split("/") if part not in ("", ".")))
    if blob is None:
        raise manifest.fail(at, f"{shown(name)} is not in the archive")
    return blob


def _named_digest(name: str) -> str:
    """The digest that a file is named by: HEX.json, sha256:HEX or blobs/sha256/HEX; "" if by none."""
    parts = name.split("/")
    if len(parts) == 3 and parts[0] == "blobs":
        digest = f"{parts[1]}:{parts[2]}"
    elif len(parts) == 1:
        digest = "sha256:" + name.removesuffix(".json").removeprefix("sha256:")
    else:
        return ""
    return "" if digest_fault(digest) else digest
