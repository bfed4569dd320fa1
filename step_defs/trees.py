# SPDX-License-Identifier: Apache-2.0
"""What a tree on disk holds, completely, and how it differs from lines or from another tree."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from step_defs.image_making.entries import Entry

KINDS = {
    stat.S_IFREG: "file",
    stat.S_IFDIR: "dir",
    stat.S_IFLNK: "symlink",
    stat.S_IFCHR: "char",
    stat.S_IFBLK: "block",
    stat.S_IFIFO: "fifo",
    stat.S_IFSOCK: "socket",
}


@dataclasses.dataclass(frozen=True)
class Seen:
    """One file as the kernel shows it."""

    kind: str
    mode: int
    uid: int
    gid: int
    mtime: int
    size: int
    sha256: str
    target: bytes
    device: tuple[int, int]
    xattrs: tuple[tuple[str, bytes], ...]
    links: tuple[bytes, ...]  # all names of this file in the tree


def see(root: Path) -> dict[bytes, Seen]:
    """Read a whole tree; the root itself is b"."."""
    top = os.fsencode(root)
    names: dict[tuple[int, int], list[bytes]] = {}
    facts: dict[bytes, os.stat_result] = {}
    for path in walk(top):
        name = os.path.relpath(path, top)
        try:
            facts[name] = found = os.lstat(path)
        except FileNotFoundError:  # overlayfs lists a whiteout that lies in a single lower directory
            continue
        if not stat.S_ISDIR(found.st_mode):
            names.setdefault((found.st_dev, found.st_ino), []).append(name)
    return {
        name: look(os.path.join(top, name), found, names.get((found.st_dev, found.st_ino), []))
        for name, found in facts.items()
    }


def walk(top: bytes) -> Iterator[bytes]:
    """All paths of a tree, the top first; links are not followed."""
    yield top
    for directory, below, files in os.walk(top):
        for name in [*below, *files]:
            yield os.path.join(directory, name)


def look(path: bytes, found: os.stat_result, links: list[bytes]) -> Seen:
    """Read one file."""
    kind = KINDS[stat.S_IFMT(found.st_mode)]
    sha256 = ""
    if kind == "file":
        with open(path, "rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    device = (os.major(found.st_rdev), os.minor(found.st_rdev)) if kind in {"char", "block"} else (0, 0)
    attributes = ((name, os.getxattr(path, name, follow_symlinks=False)) for name in sorted(listed(path)))
    return Seen(
        kind=kind,
        mode=stat.S_IMODE(found.st_mode),
        uid=found.st_uid,
        gid=found.st_gid,
        mtime=found.st_mtime_ns,
        size=found.st_size if kind == "file" else 0,
        sha256=sha256,
        target=os.readlink(path) if kind == "symlink" else b"",
        device=device,
        xattrs=tuple(attributes),
        links=tuple(sorted(links)),
    )


def listed(path: bytes) -> list[str]:
    """The names of a file's extended attributes."""
    return os.listxattr(path, follow_symlinks=False)


def differences(expected: dict[bytes, Seen], seen: dict[bytes, Seen]) -> list[str]:
    """Name everything in which two trees differ."""
    found = []
    for name in sorted(expected.keys() | seen.keys()):
        one, other = expected.get(name), seen.get(name)
        if one is None or other is None:
            found.append(f"{name!r}: only in the {'second' if one is None else 'first'}")
            continue
        found += [
            f"{name!r}: {field.name}: {getattr(one, field.name)!r} and {getattr(other, field.name)!r}"
            for field in dataclasses.fields(Seen)
            if getattr(one, field.name) != getattr(other, field.name)
        ]
    return found


def unlike(root: Path, wanted: Entry) -> list[str]:
    """Say in what a file differs from a line; only what the line says counts."""
    path = os.path.join(os.fsencode(root), wanted.path)
    try:
        found = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return [] if wanted.kind == "absent" else [f"{wanted.name}: is missing"]
    if wanted.kind == "absent":
        return [f"{wanted.name}: is there"]
    seen = look(path, found, [])
    kind = {"hardlink": "file", "sparse": "file"}.get(wanted.kind, wanted.kind)
    if seen.kind != kind:
        return [f"{wanted.name}: is a {seen.kind}, not a {kind}"]
    pairs: list[tuple[str, object, object]] = [
        (field, getattr(wanted, field), getattr(seen, field))
        for field in ("mode", "uid", "gid", "mtime", "size")
        if getattr(wanted, field) is not None
    ]
    if wanted.data is not None:
        pairs.append(("content (sha256)", hashlib.sha256(wanted.data).hexdigest(), seen.sha256))
    if wanted.kind == "symlink" and wanted.target:
        pairs.append(("target", wanted.target, seen.target))
    if wanted.kind in {"char", "block"}:
        pairs.append(("device", wanted.device, seen.device))
    if wanted.kind == "hardlink":
        other = os.lstat(os.path.join(os.fsencode(root), wanted.target))
        pairs.append(("inode", (other.st_dev, other.st_ino), (found.st_dev, found.st_ino)))
    if wanted.kind == "sparse":
        pairs += [("content", *texts) for texts in holes(path, wanted)]
        pairs.append(("is sparse", True, found.st_blocks * 512 < found.st_size // 2))
    has = dict(seen.xattrs)
    pairs += [(f"attribute {name}", value, has.get(name)) for name, value in wanted.xattrs.items()]
    return [f"{wanted.name}: {what}: expected {a!r}, seen {b!r}" for what, a, b in pairs if a != b]


def holes(path: bytes, wanted: Entry) -> Iterator[tuple[bytes, bytes]]:
    """Compare the pieces of a sparse file: what should be there, what is; and that the rest is zero."""
    with open(path, "rb") as file:
        data = bytearray(file.read())
    for offset, piece in wanted.pieces:
        yield piece, bytes(data[offset : offset + len(piece)])
        data[offset : offset + len(piece)] = bytes(len(piece))
    yield b"", bytes(data).strip(b"\0")
