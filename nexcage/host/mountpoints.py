"""What is mounted below a directory, whoever mounted it: asked before its files are removed."""

import os
import sys

from nexcage.host.files import DIRECTORY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def below(directory: str) -> "Iterator[bytes]":
    """The mount points below the existing ``directory``, links resolved, itself not among them."""
    top = os.fsencode(os.path.realpath(directory))
    if sys.platform == "linux":
        inside = top + b"/"
        return (path for path in listed() if path.startswith(inside))
    return _seen(top)


def listed() -> "Iterator[bytes]":
    """All mount points that this process sees: proc(5)."""
    try:
        with open("/proc/self/mountinfo", "rb") as file:
            for row in file:
                point = row.split(b" ", 5)[4]
                yield point if b"\\" not in point else _unescaped(point)
    except FileNotFoundError:
        return


def _unescaped(point: bytes) -> bytes:
    """A mount point without the \\ooo that mountinfo has for blanks and backslashes."""
    parts = point.split(b"\\")
    return parts[0] + b"".join(bytes((int(part[:3], 8),)) + part[3:] for part in parts[1:])


def _seen(top: bytes) -> "Iterator[bytes]":
    """Directories on another device than the one above: what mount(8) prints does not tell blanks apart.

    A file that something is mounted on cannot be unlinked: unlink(2) of FreeBSD, EBUSY.
    """
    todo = [top]
    while todo:
        path = todo.pop()
        try:
            handle = os.open(path, DIRECTORY)
        except OSError:
            continue  # gone, or closed even to us; nothing is mounted on a path that is too long
        try:
            device = os.fstat(handle).st_dev
            with os.scandir(handle) as found:
                inner = [os.fsencode(entry.name) for entry in found if entry.is_dir(follow_symlinks=False)]
            for name in inner:
                where = path + b"/" + name
                try:
                    other = os.stat(name, dir_fd=handle, follow_symlinks=False).st_dev != device
                except FileNotFoundError:
                    continue
                if other:
                    yield where
                else:
                    todo.append(where)
        finally:
            os.close(handle)
