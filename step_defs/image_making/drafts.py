# SPDX-License-Identifier: Apache-2.0
"""An image while a scenario describes it, and the layer of busybox that most of them begin with."""

from __future__ import annotations

import copy
import dataclasses
import hashlib
import json
import platform
from functools import cache
from typing import Any

from step_defs import documents
from step_defs.bundle_store import BUSYBOX, GROUPS, USERS
from step_defs.image_making import entries, tars

OCI = "application/vnd.oci.image"
DOCKER = "application/vnd.docker"
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "riscv64": "riscv64", "ppc64le": "ppc64le"}
APPLETS = ("sh", "cat", "echo", "env", "false", "id", "ls", "pwd", "sleep", "stat", "test", "touch", "true")
DIRECTORIES = ["bin", "dev", "etc", "home", "proc", "root", "run", "sys", "var"]


@dataclasses.dataclass
class Draft:
    """What is to become an image."""

    name: str
    config: dict[str, Any]
    layers: list[bytes] = dataclasses.field(default_factory=list)  # uncompressed archives
    compression: str = "gzip"
    family: str = "oci"  # or docker: whose media types
    platform: dict[str, str] = dataclasses.field(default_factory=dict)
    # changes that make it wrong: of config.json and of the manifest before they are hashed
    config_changes: list[tuple[str, Any]] = dataclasses.field(default_factory=list)
    manifest_changes: list[tuple[str, Any]] = dataclasses.field(default_factory=list)

    def add(self, text: str) -> None:
        """Add a layer with these entries."""
        self.layers.append(tars.archive(entries.parse(text)))

    def config_bytes(self) -> bytes:
        """The image config as it lies in the image."""
        document = copy.deepcopy(self.config)
        document["os"] = self.platform.get("os", "linux")
        document["architecture"] = self.platform.get("architecture", host_architecture())
        if "variant" in self.platform:
            document["variant"] = self.platform["variant"]
        document["rootfs"] = {"type": "layers", "diff_ids": [digest(layer) for layer in self.layers]}
        document["history"] = [{"created_by": f"layer {n}"} for n in range(len(self.layers))]
        return changed(document, self.config_changes)

    def layer_blobs(self) -> list[bytes]:
        """The layers as they lie in the image."""
        return [squeezed(layer, self.compression) for layer in self.layers]

    def manifest_bytes(self) -> bytes:
        """The manifest as it lies in the image."""
        config = self.config_bytes()
        layers = [descriptor(blob, self.layer_type()) for blob in self.layer_blobs()]
        oci = self.family == "oci"
        document = {
            "schemaVersion": 2,
            "mediaType": f"{OCI}.manifest.v1+json" if oci else f"{DOCKER}.distribution.manifest.v2+json",
            "config": descriptor(
                config, f"{OCI}.config.v1+json" if oci else f"{DOCKER}.container.image.v1+json"
            ),
            "layers": layers,
        }
        return changed(document, self.manifest_changes)

    def layer_type(self) -> str:
        """The media type of the layers."""
        suffix = {"gzip": "gzip", "zstd": "zstd", "none": ""}[self.compression]
        if self.family == "oci":
            return f"{OCI}.layer.v1.tar" + (f"+{suffix}" if suffix else "")
        return f"{DOCKER}.image.rootfs.diff.tar" + (f".{suffix}" if suffix else "")


def new(name: str) -> Draft:
    """An image without layers that runs sh."""
    config = {"Env": ["PATH=/bin"], "Cmd": ["sh"]}
    return Draft(name, {"created": "2020-01-01T00:00:00Z", "config": config})


@cache
def busybox_layer() -> bytes:
    """A root with this machine's static busybox and two users."""
    lines = [entries.Entry("dir", directory.encode()) for directory in DIRECTORIES]
    lines += [
        entries.Entry("dir", b"tmp", mode=0o1777),
        entries.Entry("file", b"bin/busybox", mode=0o755, data=BUSYBOX.read_bytes()),
        entries.Entry("file", b"etc/passwd", data=USERS.encode()),
        entries.Entry("file", b"etc/group", data=GROUPS.encode()),
    ]
    lines += [entries.Entry("symlink", f"bin/{name}".encode(), target=b"busybox") for name in APPLETS]
    return tars.archive(lines)


@cache
def squeezed(layer: bytes, how: str) -> bytes:
    """Compress a layer once."""
    return tars.compressed(layer, how)


def host_architecture() -> str:
    """This machine in the words of images."""
    return ARCHITECTURES.get(platform.machine(), platform.machine())


def digest(data: bytes) -> str:
    """The digest of a blob."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def descriptor(blob: bytes, media_type: str) -> dict[str, Any]:
    """What a manifest or an index says of a blob (image-spec, descriptor.md)."""
    return {"mediaType": media_type, "digest": digest(blob), "size": len(blob)}


def changed(document: dict[str, Any], changes: list[tuple[str, Any]]) -> bytes:
    """Apply changes; a value of ``...`` removes."""
    for path, value in changes:
        if value is ...:
            documents.remove(document, path)
        else:
            documents.put(document, path, value)
    return json.dumps(document, separators=(",", ":")).encode()
