# SPDX-License-Identifier: Apache-2.0
"""What a layer or a tree holds, one line each: ``KIND PATH [KEY=VALUE...]``.

The same lines make a layer and say what a root has to look like afterwards::

    dir      var mode=1777
    file     usr/bin/tool mode=4755 uid=1 gid=2 text=hello mtime=1600000000.123456789 xattr.user.color=blue
    file     big size=3m fill=noise          zeros without fill; sizes take k, m, g
    sparse   image size=8m data=65536:hello  a hole but for the data at that offset
    symlink  bin to=usr/bin
    hardlink usr/bin/other to=usr/bin/tool
    char     dev/null device=1:3             block alike; fifo needs nothing
    whiteout etc/motd                        hides what lower layers have there
    opaque   var                             hides all that lower layers have below it

A path or value in double quotes may hold blanks and escapes as ``\\xe9``; ``long(300)`` in a path stands for
300 characters of it. ``claims=9`` is a size that the header states and the data has not.
"""

from __future__ import annotations

import dataclasses
import random
import re
import shlex
import struct

KINDS = {
    "file",
    "dir",
    "symlink",
    "hardlink",
    "char",
    "block",
    "fifo",
    "sparse",
    "whiteout",
    "opaque",
    "absent",
}
UNITS = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
# capabilities(7): bit numbers
CAPABILITIES = {"chown": 0, "net_bind_service": 10, "net_raw": 13, "sys_admin": 21}
VFS_CAP_REVISION_2 = 0x02000000
VFS_CAP_FLAGS_EFFECTIVE = 1


@dataclasses.dataclass
class Entry:
    """One line. None stands for what the line does not say."""

    kind: str
    path: bytes
    mode: int | None = None
    uid: int | None = None
    gid: int | None = None
    mtime: int | None = None  # nanoseconds
    data: bytes | None = None
    size: int | None = None
    target: bytes = b""
    device: tuple[int, int] = (0, 0)
    xattrs: dict[str, bytes] = dataclasses.field(default_factory=dict)
    pieces: list[tuple[int, bytes]] = dataclasses.field(default_factory=list)  # of a sparse file
    claims: int | None = None

    @property
    def name(self) -> str:
        """The path for people."""
        return self.path.decode("utf-8", "backslashreplace")


def parse(text: str) -> list[Entry]:
    """Read lines; empty ones and comments are skipped."""
    lines = (shlex.split(line, comments=True) for line in text.splitlines())
    return [entry(words) for words in lines if words]


def entry(words: list[str]) -> Entry:
    """Read one line's words."""
    kind, path, *rest = words
    if kind not in KINDS:
        raise ValueError(f"unknown kind of entry: {kind}")
    made = Entry(kind, raw(stretched(path)))
    fill = "zeros"
    for word in rest:
        key, _, value = word.partition("=")
        match key.split(".")[0]:
            case "mode":
                made.mode = int(value, 8)
            case "uid":
                made.uid = int(value)
            case "gid":
                made.gid = int(value)
            case "mtime":
                seconds, _, fraction = value.partition(".")
                made.mtime = int(seconds) * 10**9 + int(fraction.ljust(9, "0") or 0)
            case "text":
                made.data = raw(value)
            case "size":
                made.size = number(value)
            case "fill":
                fill = value
            case "to":
                made.target = raw(stretched(value))
            case "device":
                major, _, minor = value.partition(":")
                made.device = (int(major), int(minor))
            case "xattr":
                made.xattrs[key.partition(".")[2]] = raw(value)
            case "capability":
                made.xattrs["security.capability"] = capability(value)
            case "data":
                offset, _, piece = value.partition(":")
                made.pieces.append((number(offset), raw(piece)))
            case "claims":
                made.claims = number(value)
            case _:
                raise ValueError(f"unknown word in an entry: {word}")
    if kind == "file" and made.size is not None:
        noisy = fill == "noise"
        made.data = random.Random(made.size).randbytes(made.size) if noisy else bytes(made.size)  # noqa: S311
    return made


def raw(text: str) -> bytes:
    """Turn text with escapes into bytes."""
    return re.sub(
        rb"\\(x[0-9a-f]{2}|n)",
        lambda found: b"\n" if found[1] == b"n" else bytes.fromhex(found[1][1:].decode()),
        text.encode(),
    )


def stretched(path: str) -> str:
    """Replace ``long(N)`` by N characters, in directories whose names any file system takes."""
    return re.sub(
        r"long\((\d+)\)",
        lambda found: "/".join("n" * min(100, int(found[1]) - at) for at in range(0, int(found[1]), 101)),
        path,
    )


def number(text: str) -> int:
    """Read a size: "3m"."""
    return int(text[:-1]) * UNITS[text[-1]] if text[-1:] in UNITS else int(text)


def capability(name: str) -> bytes:
    """The attribute of a file whose program gets this capability (linux/capability.h, vfs_cap_data)."""
    bit = 1 << CAPABILITIES[name]
    return struct.pack("<IIIII", VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE, bit, 0, 0, 0)
