"""Media types of image-spec media-types.md and of docker's schema 2, and what a file's first bytes say."""

import os

from nexcage.errors import InvalidImage, NotFound, from_os

_OCI = "application/vnd.oci.image."
_DOCKER = "application/vnd.docker."
INDEXES = (_OCI + "index.v1+json", _DOCKER + "distribution.manifest.list.v2+json")
MANIFESTS = (_OCI + "manifest.v1+json", _DOCKER + "distribution.manifest.v2+json")
SCHEMA_1 = (_DOCKER + "distribution.manifest.v1+json", _DOCKER + "distribution.manifest.v1+prettyjws")
CONFIGS = (_OCI + "config.v1+json", _DOCKER + "container.image.v1+json")
FOREIGN = (
    _OCI + "layer.nondistributable.v1.tar",
    _OCI + "layer.nondistributable.v1.tar+gzip",
    _OCI + "layer.nondistributable.v1.tar+zstd",
    _DOCKER + "image.rootfs.foreign.diff.tar",
    _DOCKER + "image.rootfs.foreign.diff.tar.gzip",
)
LAYERS = (
    _OCI + "layer.v1.tar",
    _OCI + "layer.v1.tar+gzip",
    _OCI + "layer.v1.tar+zstd",
    _DOCKER + "image.rootfs.diff.tar",
    _DOCKER + "image.rootfs.diff.tar.gzip",
    _DOCKER + "image.rootfs.diff.tar.zstd",
    *FOREIGN,
)
ENCRYPTED = "+encrypted"

# how a compressed file begins, and its media type as a tar
_MAGIC = (
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"BZh", "bzip2"),
)


def tar_type(compression: str) -> str:
    """The media type of a tar file with ``compression`` ("" for none)."""
    return "application/x-tar" + ("+" + compression if compression else "")


def compression(head: bytes) -> str:
    """What the first bytes say: "gzip", "zstd", "xz", "bzip2", or "" for none of them."""
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    # a zstd stream may begin with a frame to be skipped (RFC 8878, 3.1.2)
    return "zstd" if head[1:4] == b"\x2a\x4d\x18" and 0x50 <= head[0] <= 0x5F else ""


def head(path: str, offset: int = 0, length: int = 512) -> bytes:
    """The first bytes of a regular file; `NotFound` (source-missing) or `InvalidImage` if it is none."""
    import stat

    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise InvalidImage(f'"{path}" is not a regular file', code="image-malformed")
            return os.pread(handle, length, offset)
        finally:
            os.close(handle)
    except FileNotFoundError:
        raise NotFound(f'"{path}" does not exist', code="source-missing") from None
    except OSError as error:
        raise from_os(error, f'cannot read "{path}"') from None
