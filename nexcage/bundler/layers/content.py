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
        digest = hashlib.sha256()
        left = size
        for _, block in reader.blocks():
            # a regular file is written whole or the disk is full
            if os.write(handle, block) != len(block):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            digest.update(block)
            left -= len(block)
            if left <= 0:
                break
        if left:
            raise InvalidImage("the archive is damaged: truncated", code="image-corrupt")
        return digest.hexdigest()


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
