# SPDX-License-Identifier: Apache-2.0
"""Writes drafts to disk: an OCI image layout, its archive, docker's archive (image-spec, image-layout.md)."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from step_defs.image_making import drafts, tars
from step_defs.image_making.drafts import OCI, descriptor, digest, host_architecture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from step_defs.image_making.drafts import Draft

SUFFIXES = {".gz": "gzip", ".tgz": "gzip", ".xz": "xz", ".zst": "zstd", ".bz2": "bzip2"}
REF = "org.opencontainers.image.ref.name"


def save(draft: Draft, reference: str) -> Path:
    """Write the image where ``--from REFERENCE`` finds it; gives the directory or file."""
    kind, _, rest = reference.partition(":")
    place, _, tag = rest.partition(":")
    path = Path(place)
    path.parent.mkdir(parents=True, exist_ok=True)
    match kind:
        case "oci":
            layout(path, [(tag, into(path, draft))])
        case "oci-archive":
            write(path, packed(layout_files(draft, tag)))
        case "docker-archive":
            write(path, packed(docker_files(draft, tag)))
        case "tar":
            write(path, tars.compressed(draft.layers[-1], SUFFIXES.get(path.suffix, "none")))
        case _:
            raise ValueError(f"cannot save an image as {reference}")
    return path


def write(path: Path, data: bytes) -> None:
    """Write a file that later steps find whole."""
    path.write_bytes(data)


def blobs_of(draft: Draft) -> list[bytes]:
    """All blobs of an image, the manifest last."""
    return [*draft.layer_blobs(), draft.config_bytes(), draft.manifest_bytes()]


def into(directory: Path, draft: Draft) -> dict[str, Any]:
    """Write an image's blobs into a layout; gives the manifest's descriptor."""
    store = directory / "blobs" / "sha256"
    store.mkdir(parents=True, exist_ok=True)
    for blob in blobs_of(draft):
        (store / digest(blob).partition(":")[2]).write_bytes(blob)
    return manifest_descriptor(draft)


def manifest_descriptor(draft: Draft) -> dict[str, Any]:
    """What an index says of an image; with a platform when the draft names one."""
    manifest = draft.manifest_bytes()
    made = descriptor(manifest, json.loads(manifest).get("mediaType", f"{OCI}.manifest.v1+json"))
    if draft.platform:
        made["platform"] = {"os": "linux", "architecture": host_architecture(), **draft.platform}
    return made


def layout(directory: Path, images: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """Enter descriptors in the layout's index; a tag that is there already is replaced."""
    directory.mkdir(exist_ok=True)
    (directory / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    index = directory / "index.json"
    document: dict[str, Any] = {"schemaVersion": 2, "manifests": []}
    if index.exists():
        document = json.loads(index.read_text())
    for tag, one in images:
        known = [old for old in document["manifests"] if old.get("annotations", {}).get(REF, "") != tag]
        document["manifests"] = [*known, {**one, **({"annotations": {REF: tag}} if tag else {})}]
    index.write_text(json.dumps(document))


def index(directory: Path, tag: str, drafts: Sequence[Draft], depth: int = 1) -> None:
    """Enter one index of several platforms under a tag; a depth of 2 nests it in another one."""
    manifests = [into(directory, draft) for draft in drafts]
    for _ in range(depth):
        document = {"schemaVersion": 2, "mediaType": f"{OCI}.index.v1+json", "manifests": manifests}
        blob = json.dumps(document).encode()
        (directory / "blobs" / "sha256" / digest(blob).partition(":")[2]).write_bytes(blob)
        manifests = [descriptor(blob, f"{OCI}.index.v1+json")]
    layout(directory, [(tag, manifests[0])])


def layout_files(draft: Draft, tag: str) -> dict[str, bytes]:
    """The files of an image layout with one image."""
    described = manifest_descriptor(draft) | ({"annotations": {REF: tag}} if tag else {})
    files = {
        "oci-layout": b'{"imageLayoutVersion":"1.0.0"}',
        "index.json": json.dumps({"schemaVersion": 2, "manifests": [described]}).encode(),
    }
    return files | {"blobs/sha256/" + digest(blob).partition(":")[2]: blob for blob in blobs_of(draft)}


def docker_files(draft: Draft, tag: str) -> dict[str, bytes]:
    """The files of docker's archive as ``docker save`` wrote it before version 25."""
    config = draft.config_bytes()
    name = digest(config).partition(":")[2]
    repository, _, version = (tag or f"{draft.name}:latest").partition(":")
    files, places = {f"{name}.json": config}, []
    for number, layer in enumerate(draft.layers):
        id = digest(layer + b"%d" % number).partition(":")[2]
        files |= {
            f"{id}/VERSION": b"1.0",
            f"{id}/json": json.dumps({"id": id}).encode(),
            f"{id}/layer.tar": layer,
        }
        places.append(f"{id}/layer.tar")
    tagged = f"{repository}:{version or 'latest'}"
    files["manifest.json"] = json.dumps(
        [{"Config": f"{name}.json", "RepoTags": [tagged], "Layers": places}]
    ).encode()
    last = places[-1].partition("/")[0] if places else ""
    files["repositories"] = json.dumps({repository: {version or "latest": last}}).encode()
    return files


def packed(files: dict[str, bytes]) -> bytes:
    """Put files into a plain archive, as the tools do: not ours to test, so tarfile may write it."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in sorted(files.items()):
            header = tarfile.TarInfo(name)
            header.size, header.mtime = len(data), tars.TIME // tars.SECOND
            archive.addfile(header, io.BytesIO(data))
    return buffer.getvalue()


def blob_file(directory: Path, draft: Draft, part: str) -> Path:
    """Find the file of an image's "manifest", "config" or "layer N" in a layout."""
    if part == "manifest":
        blob = draft.manifest_bytes()
    elif part == "config":
        blob = draft.config_bytes()
    else:
        blob = drafts.squeezed(draft.layers[int(part.removeprefix("layer ")) - 1], draft.compression)
    return directory / "blobs" / "sha256" / digest(blob).partition(":")[2]
