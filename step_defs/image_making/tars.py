# SPDX-License-Identifier: Apache-2.0
"""Writes tar archives byte by byte: tarfile refuses or repairs what hostile and odd archives need.

POSIX ustar headers, pax records for what they cannot hold (pax(1), "pax Extended Header"), xattrs as
``SCHILY.xattr.NAME``, sparse files as GNU's format 1.0 for pax.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from step_defs.image_making.entries import Entry

BLOCK = 512
SECOND = 10**9
TIME = 1_600_000_000 * SECOND  # of what says no time
TYPES = {
    "file": b"0", "sparse": b"0", "hardlink": b"1", "symlink": b"2", "char": b"3", "block": b"4", "dir": b"5",
    "fifo": b"6",
}  # fmt: skip
MODES = {"dir": 0o755, "symlink": 0o777}
OPAQUE = b".wh..wh..opq"


def archive(entries: Iterable[Entry]) -> bytes:
    """Write the entries as one uncompressed archive."""
    return b"".join([*(member(entry) for entry in entries), bytes(2 * BLOCK)])


def member(entry: Entry) -> bytes:
    """Write one entry: an extended header where needed, the header, the data."""
    path, data, kind = entry.path, entry.data or b"", entry.kind
    records: dict[str, bytes] = {}
    if kind == "whiteout":
        directory, slash, name = path.rpartition(b"/")
        path, kind, data = directory + slash + b".wh." + name, "file", b""
    elif kind == "opaque":
        path, kind, data = path + b"/" + OPAQUE, "file", b""
    elif kind == "dir":
        path += b"/"
    elif kind == "sparse":
        size = entry.size or 0
        records |= {
            "GNU.sparse.major": b"1",
            "GNU.sparse.minor": b"0",
            "GNU.sparse.name": path,
            "GNU.sparse.realsize": b"%d" % size,
        }
        data = sparse(entry.pieces, size)
        directory, slash, name = path.rpartition(b"/")
        path = directory + slash + b"GNUSparseFile.0/" + name
    mtime = TIME if entry.mtime is None else entry.mtime
    if mtime % SECOND or not 0 <= mtime < 8**11 * SECOND:
        records["mtime"] = b"%d.%09d" % divmod(mtime, SECOND)
    if len(path) > 100:
        records["path"] = path
    if len(entry.target) > 100:
        records["linkpath"] = entry.target
    for key, number in (("uid", entry.uid), ("gid", entry.gid)):
        if number is not None and number >= 8**7:
            records[key] = b"%d" % number
    records |= {f"SCHILY.xattr.{name}": value for name, value in entry.xattrs.items()}
    claimed = len(data) if entry.claims is None else entry.claims
    if claimed >= 8**11:
        records["size"] = b"%d" % claimed
    extended = b""
    if records:
        text = b"".join(record(key, value) for key, value in records.items())
        extended = header(b"PaxHeaders/x", b"x", 0o644, 0, 0, len(text), 0, b"", (0, 0)) + padded(text)
    mode = entry.mode if entry.mode is not None else MODES.get(kind, 0o644)
    head = header(
        path[:100],
        TYPES[kind],
        mode,
        (entry.uid or 0) % 8**7,
        (entry.gid or 0) % 8**7,
        claimed % 8**11,
        max(mtime // SECOND, 0) % 8**11,
        entry.target[:100],
        entry.device,
    )
    return extended + head + padded(data)


def header(
    path: bytes,
    kind: bytes,
    mode: int,
    uid: int,
    gid: int,
    size: int,
    mtime: int,
    target: bytes,
    device: tuple[int, int],
) -> bytes:
    """Write one ustar header with its checksum."""
    fields = (
        path.ljust(100, b"\0"), octal(mode, 8), octal(uid, 8), octal(gid, 8), octal(size, 12),
        octal(mtime, 12), b" " * 8, kind, target.ljust(100, b"\0"), b"ustar\00000", bytes(64),
        octal(device[0], 8), octal(device[1], 8), bytes(167),
    )  # fmt: skip
    block = b"".join(fields)
    return block[:148] + b"%06o\0 " % sum(block) + block[156:]


def octal(value: int, width: int) -> bytes:
    """Write a number of a header."""
    return b"%0*o\0" % (width - 1, value)


def padded(data: bytes) -> bytes:
    """Fill up to whole blocks."""
    return data + bytes(-len(data) % BLOCK)


def record(key: str, value: bytes) -> bytes:
    """Write one pax record; the length at its beginning counts itself."""
    rest = b" " + key.encode() + b"=" + value + b"\n"
    length = len(rest) + 1
    while len(b"%d" % length) + len(rest) != length:
        length += 1
    return b"%d" % length + rest


def sparse(pieces: list[tuple[int, bytes]], size: int) -> bytes:
    """Write the map and the data of a sparse file, the holes left out.

    Pieces are whole blocks, as GNU tar has them: programs differ in how they take anything else.
    """
    pieces = [(offset, padded(data)) for offset, data in pieces]
    regions = [(offset, len(data)) for offset, data in pieces] + [(size, 0)]
    plan = b"%d\n" % len(regions) + b"".join(b"%d\n%d\n" % region for region in regions)
    return padded(plan) + b"".join(data for _, data in pieces)


def compressed(data: bytes, how: str) -> bytes:
    """Compress by none, gzip, zstd, xz or bzip2; the same bytes every time."""
    match how:
        case "none":
            return data
        case "gzip":
            return gzip.compress(data, 6, mtime=0)
        case "xz":
            return lzma.compress(data, preset=1)
        case "bzip2":
            return bz2.compress(data, 1)
        case "zstd":
            return subprocess.run(["zstd", "-qc"], input=data, capture_output=True, check=True).stdout
    raise ValueError(f"unknown compression: {how}")
