"""The bytes of a layer: decompressed, counted, and compared with both of its digests.

One thread reads, decompresses and hashes (all of it without the interpreter's
lock) while another writes files.
"""

import _thread
import hashlib
import os
from _queue import SimpleQueue
from contextlib import closing

from nexcage.bundler.image import Layer
from nexcage.bundler.layers.decompress import decompressed
from nexcage.errors import InvalidImage, NexcageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator

PIECE = 1 << 18  # of the blob: larger ones mean fewer hand-overs of the interpreter's lock
AHEAD = 8  # uncompressed pieces that wait for the writer


class Stream:
    """The uncompressed tar of ``layer`` in pieces; `check` at the end says whether it was the right one.

    ``limit``: the most uncompressed bytes that are read (`InvalidImage` beyond);
    ``progress(n)`` is called with the number of blob bytes read, from the
    reading thread.
    """

    def __init__(self, layer: Layer, limit: int, progress: "Callable[[int], None] | None" = None) -> None:
        self.layer = layer
        self.name = (layer.digest or layer.diff_id or layer.blob.path)[:19]
        self._limit = limit
        self._progress = progress
        self._blob_hash = hashlib.new((layer.digest or "sha256:").partition(":")[0])
        self._tar_hash = hashlib.new((layer.diff_id or "sha256:").partition(":")[0])
        # two of these cost less than one queue.Queue, which is Python and brings `threading`
        self._pieces: SimpleQueue[bytes | BaseException | None] = SimpleQueue()
        self._room: SimpleQueue[None] = SimpleQueue()
        for _ in range(AHEAD):
            self._room.put(None)
        self._stop = self._over = False
        _thread.start_new_thread(self._produce, ())

    def read(self) -> bytes:
        """The next piece; b"" after the last. `InvalidImage` for a blob that cannot be decompressed."""
        piece = self._next()
        if isinstance(piece, bytes):
            return piece
        if piece is not None:
            raise piece
        return b""

    def _next(self) -> bytes | BaseException | None:
        """A piece, or what the reading thread ended with."""
        if self._over:
            return None
        piece = self._pieces.get()
        if isinstance(piece, bytes):
            self._room.put(None)
        else:
            self._over = True
        return piece

    def check(self) -> str:
        """Read what is left, compare the digests, return the digest of the uncompressed tar."""
        while self.read():
            pass
        found = self._tar_hash
        diff_id = f"{found.name}:{found.hexdigest()}"
        given = self.layer.digest
        if given and f"{self._blob_hash.name}:{self._blob_hash.hexdigest()}" != given:
            raise self.wrong(f"has the digest {self._blob_hash.name}:{self._blob_hash.hexdigest()}")
        if self.layer.diff_id and diff_id != self.layer.diff_id:
            raise self.wrong(f"unpacks to {diff_id}, the image says {self.layer.diff_id}")
        return diff_id

    def wrong(self, what: str) -> InvalidImage:
        """The error for bytes that are not the ones the image names."""
        return InvalidImage(
            f"layer {self.layer.digest or self.name} {what}",
            code="image-digest",
            hint="the image is damaged or was changed: fetch it again",
        )

    def close(self) -> None:
        """End the reading thread, also in the middle."""
        self._stop = True
        while not self._over:
            self._next()

    def _produce(self) -> None:
        total = 0
        end: BaseException | None = None
        try:
            with closing(self._blob()) as blob, closing(decompressed(blob, self.layer.media_type)) as pieces:
                for piece in pieces:
                    total += len(piece)
                    if total > self._limit:
                        raise InvalidImage(
                            f"layer {self.name}: unpacks to more than {self._limit} bytes",
                            code="image-too-large",
                            hint="if you trust the image, allow more with --max-size",
                        )
                    self._tar_hash.update(piece)
                    self._room.get()
                    if self._stop:
                        break
                    self._pieces.put(piece)
        except NexcageError as error:
            error.message = f"layer {self.name}: {error.message.removeprefix(f'layer {self.name}: ')}"
            end = error
        except OSError as error:
            end = InvalidImage(
                f"layer {self.name}: cannot be read: {(error.strerror or str(error)).lower()}",
                code="image-corrupt",
            )
        except BaseException as error:  # noqa: BLE001  # raised where the pieces are read
            end = error
        self._pieces.put(end)

    def _blob(self) -> "Generator[bytes, None, None]":
        """The blob as it lies there, hashed; all of it is read even when the decompressor needs less."""
        blob = self.layer.blob
        handle = os.open(blob.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        try:
            at, end = blob.offset, blob.offset + blob.size
            if hasattr(os, "posix_fadvise"):
                os.posix_fadvise(handle, at, blob.size, os.POSIX_FADV_SEQUENTIAL)
            while at < end:
                piece = os.pread(handle, min(PIECE, end - at), at)
                if not piece:
                    raise InvalidImage(
                        f"is cut off after {at - blob.offset} of {blob.size} bytes", code="image-corrupt"
                    )
                at += len(piece)
                if self.layer.digest:
                    self._blob_hash.update(piece)
                if self._progress:
                    self._progress(len(piece))
                yield piece
        finally:
            os.close(handle)
