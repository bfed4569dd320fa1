"""Decompression in pieces of bounded size, by what the first bytes say.

gzip goes through isal where that is installed (a third of zlib's time); zstd,
xz and bzip2 through libarchive.
"""

import ctypes
import zlib
from functools import partial

from nexcage.bundler.layers import lib
from nexcage.comfort import optional
from nexcage.errors import InvalidImage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    Pieces = Generator[bytes, None, None]

PIECE = 1 << 18
MAGIC = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"\xfd7zXZ\x00": "xz"}
MAGIC |= {
    b"BZh%d1AY&SY" % level: "bzip2" for level in range(1, 10)
}  # "BZh" alone begins the name of a file as well
# what a layer's media type promises (image-spec, layer.md); "" leaves it to the bytes
PROMISED = {"+gzip": "gzip", ".gzip": "gzip", "+zstd": "zstd", ".tar": "none"}


def decompressed(blob: "Iterable[bytes]", media_type: str) -> "Pieces":
    """The uncompressed pieces of ``blob``; `InvalidImage` where its bytes are none of their kind.

    A layer whose media type names another compression than its bytes have is
    read all the same, as every peer does: the digests decide.
    """
    pieces = _without_skippable(iter(blob))
    first = next(pieces, b"")
    kind = next((kind for magic, kind in MAGIC.items() if first.startswith(magic)), "none")
    rest = _chain(first, pieces)
    if kind == "none":
        promised = next((k for ending, k in PROMISED.items() if media_type.endswith(ending)), "")
        if promised not in ("", "none"):
            raise InvalidImage(f"is no {promised} data, as its media type says", code="image-corrupt")
        return rest
    if kind == "gzip":
        return _gzip(rest)
    return _filtered(rest, kind)


def _without_skippable(pieces: "Iterator[bytes]") -> "Iterator[bytes]":
    """Leave out zstd's skippable frames before the first real one (RFC 8878, 3.1.2): pzstd writes them."""
    held = next(pieces, b"")
    while held[1:4] == b"\x2a\x4d\x18" and 0x50 <= held[0] <= 0x5F and len(held) >= 8:
        left = 8 + int.from_bytes(held[4:8], "little")
        while held and len(held) <= left:
            left -= len(held)
            held = next(pieces, b"")
        held = held[left:]
        while held and len(held) < 8 and (more := next(pieces, b"")):
            held += more
    return _chain(held, pieces)


def _chain(first: bytes, rest: "Iterator[bytes]") -> "Pieces":
    if first:
        yield first
    yield from rest


def _gzip(pieces: "Iterator[bytes]") -> "Pieces":
    """One gzip member after the other, as RFC 1952 section 2.2 allows."""
    igzip = optional("isal.igzip_lib")
    new = partial(igzip.IgzipDecompressor, flag=igzip.DECOMP_GZIP) if igzip else _Zlib
    broken = igzip.IsalError if igzip else zlib.error
    member = new()
    fed = False  # whether this member has begun
    try:
        for piece in pieces:
            rest = piece
            while fed or rest.strip(b"\0"):  # zeros after the last member are padding
                fed = True
                out = member.decompress(rest, PIECE)
                rest = b""
                if out:
                    yield out
                if member.eof:
                    rest = member.unused_data
                    member = new()
                    fed = False
                elif member.needs_input:
                    break
    except broken as error:
        raise InvalidImage(f"the gzip data is damaged: {_reason(error)}", code="image-corrupt") from None
    if fed:
        raise InvalidImage("the gzip data is cut off", code="image-corrupt")


class _Zlib:
    """zlib's decompressor as isal's is: it keeps what it has not taken yet."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(31)
        self.needs_input = True

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, most: int) -> bytes:
        out = self._inner.decompress(self._inner.unconsumed_tail + data, most)
        self.needs_input = not self._inner.unconsumed_tail and len(out) < most
        return out


def _reason(error: Exception) -> str:
    return str(error).rpartition(": ")[2].lower() or "unknown fault"


def _filtered(pieces: "Iterator[bytes]", kind: str) -> "Pieces":
    """Through libarchive's filter, read as one nameless file."""
    with lib.Reader(pieces, format="raw", filter=kind) as reader:
        if not reader.next():
            return
        buffer = ctypes.create_string_buffer(PIECE)
        while size := reader.data(buffer, PIECE):
            yield buffer.raw[:size]
