"""An image archive as a file that can be read by offset: it is decompressed first if it has to be."""

import os

from nexcage.bundler.image import media
from nexcage.errors import InvalidImage, from_os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from nexcage.bundler.sources import SourceWishes

_STEP = 1 << 20


def plain(path: str, work: str, wishes: "SourceWishes") -> str:
    """``path`` itself, or its decompressed copy in ``work``; `InvalidImage` when damaged or too large."""
    kind = media.compression(media.head(path))
    if not kind:
        return path
    wishes.progress.say(f"decompressing {os.path.basename(path)}")
    copy = os.path.join(work, "archive.tar")
    write(copy, _blocks(path, kind), wishes.max_size, f'"{path}" unpacked')
    return copy


def write(path: str, blocks: "Iterator[bytes]", max_size: int, what: str) -> int:
    """Write ``blocks`` to the new file ``path``; how many bytes. More than ``max_size``: image-too-large."""
    size = 0
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            for block in blocks:
                size += len(block)
                if size > max_size:
                    raise InvalidImage(
                        f"{what} is larger than {max_size} bytes",
                        code="image-too-large",
                        hint="allow more with --max-size",
                    )
                view = memoryview(block)
                while view:
                    view = view[os.write(handle, view) :]
        finally:
            os.close(handle)
    except OSError as error:
        raise from_os(error, f'cannot write "{path}"') from None
    return size


def _blocks(path: str, kind: str) -> "Iterator[bytes]":
    if kind == "zstd":
        yield from _zstd(path)
        return
    import bz2
    import gzip
    import lzma
    import zlib

    reader: Callable[[str], BinaryIO] = {"gzip": gzip.open, "bzip2": bz2.open, "xz": lzma.open}[kind]  # type: ignore[assignment]
    try:
        with reader(path) as opened:
            while block := opened.read(_STEP):
                yield block
    except (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile) as error:
        raise _damaged(path, kind, error) from None
    except OSError as error:
        if error.errno is None:  # bz2 says so
            raise _damaged(path, kind, error) from None
        raise from_os(error, f'cannot read "{path}"') from None


def _zstd(path: str) -> "Iterator[bytes]":
    from functools import partial

    from nexcage.bundler.layers.decompress import decompressed

    try:
        with open(path, "rb") as file:
            yield from decompressed(iter(partial(file.read, _STEP), b""), "")
    except InvalidImage as error:
        raise _damaged(path, "zstd", error.message.removeprefix("the archive is damaged: ")) from None


def _damaged(path: str, kind: str, error: object) -> InvalidImage:
    reason = (str(error) or type(error).__name__).lower().rstrip(".")
    return InvalidImage(
        f'"{path}" is damaged or cut off ({kind}: {reason})',
        code="image-corrupt",
        hint="copy the archive again",
    )
