"""The content of a file, from the archive to its descriptor, hashed on the way."""

import errno
import hashlib
import os

from nexcage.bundler.layers.lib import Reader
from nexcage.errors import InvalidImage

ZEROS = bytes(1 << 16)
_NOTHING = hashlib.sha256().hexdigest()


class Content:
    """Copies the content of entries."""

    def copy(self, reader: Reader, handle: int, size: int) -> str:
        """Write the entry's ``size`` bytes to the empty file ``handle``; returns their sha256 in hex."""
        if reader.lib.sparse_count(reader.entry):
            return _sparse(reader, handle, size)
        if not size:
            return _NOTHING
        block = reader.block()
        if block is not None and len(block) == size:  # most files are in one piece
            _write(handle, block)
            return hashlib.sha256(block).hexdigest()
        digest = hashlib.sha256()
        left = size
        while block is not None:
            _write(handle, block)
            digest.update(block)
            left -= len(block)
            if left <= 0:
                break
            block = reader.block()
        if left:
            raise InvalidImage("the archive is damaged: truncated", code="image-corrupt")
        return digest.hexdigest()


def _write(handle: int, block: bytes | memoryview) -> None:
    """Write to a regular file: all at once, or the disk is full."""
    if os.write(handle, block) != len(block):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _sparse(reader: Reader, handle: int, size: int) -> str:
    """Write what is no hole; holes count as zeros in the digest."""
    digest = hashlib.sha256()
    at = 0
    os.ftruncate(handle, size)
    for offset, block in reader.blocks():
        if offset < at or offset + len(block) > size:
            raise InvalidImage(
                "the archive is damaged: a sparse file contradicts itself", code="image-corrupt"
            )
        _zeros(digest, offset - at)
        if os.pwrite(handle, block, offset) != len(block):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        digest.update(block)
        at = offset + len(block)
    _zeros(digest, size - at)
    return digest.hexdigest()


def _zeros(digest: "hashlib._Hash", count: int) -> None:
    while count > 0:
        digest.update(ZEROS[:count])
        count -= len(ZEROS)
