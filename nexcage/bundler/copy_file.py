"""One file's data and attributes, from descriptor to descriptor: clone, or copy with its holes.

FICLONE: ioctl_ficlone(2); holes: lseek(2) SEEK_DATA.
"""

import errno
import os
import sys

from nexcage.errors import NexcageError
from nexcage.host import attributes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

FICLONE = 0x40049409
_CLONES = sys.platform == "linux"  # elsewhere that number is another question
BLOCK = 1 << 20
# what a file system says that cannot clone, or not from there
_NO_CLONE = (errno.EOPNOTSUPP, errno.EXDEV, errno.EINVAL, errno.ENOTTY, errno.ENOSYS, errno.EPERM)
_NO_RANGE = (*_NO_CLONE, errno.EBADF, errno.ETXTBSY)
_NO_XATTR = (errno.EOPNOTSUPP, errno.EPERM, errno.EACCES, errno.EINVAL)


class Data:
    """How the data of many files is copied: what did not work once is not tried again.

    ``reflink``: True (must clone, or `NexcageError` reflink-unsupported), False (never), None (if it works).
    """

    __slots__ = ("_clone", "_must", "_range", "cloned")

    def __init__(self, reflink: bool | None) -> None:
        self._must = reflink is True
        self._clone = reflink is not False and (_CLONES or self._must)
        self._range = hasattr(os, "copy_file_range")
        self.cloned = 0

    def copy(self, source: int, target: int, facts: os.stat_result) -> None:
        """Give the empty file ``target`` the content of ``source``, whose stat is ``facts``."""
        size = facts.st_size
        if size == 0:
            return
        if self._clone and self._cloned(source, target):
            self.cloned += 1
            return
        if facts.st_blocks * 512 >= size:
            self._copy_range(source, target, 0, size)
            return
        os.ftruncate(target, size)
        for start, end in _extents(source, size):
            self._copy_range(source, target, start, end)

    def _cloned(self, source: int, target: int) -> bool:
        from fcntl import ioctl

        try:
            ioctl(target, FICLONE, source)
        except OSError as error:
            if error.errno not in _NO_CLONE:
                raise
            if self._must:
                raise NexcageError(
                    "the file system cannot share blocks between files",
                    code="reflink-unsupported",
                    hint="use --rootfs copy or overlay, or directories on one btrfs or xfs",
                ) from None
            self._clone = False
            return False
        return True

    def _copy_range(self, source: int, target: int, start: int, end: int) -> None:
        while self._range and start < end:
            try:
                done = os.copy_file_range(source, target, end - start, start, start)
            except OSError as error:
                if error.errno not in _NO_RANGE:
                    raise
                self._range = False
                break
            if not done:
                return  # it shrank: the caller compares the facts
            start += done
        while start < end:
            block = os.pread(source, min(BLOCK, end - start), start)
            if not block:
                return
            view = memoryview(block)
            while view:
                done = os.pwrite(target, view, start)
                start += done
                view = view[done:]


def _extents(source: int, size: int) -> "Iterable[tuple[int, int]]":
    """Where a sparse file has data."""
    end = 0
    while end < size:
        try:
            start = os.lseek(source, end, os.SEEK_DATA)
        except OSError as error:
            if error.errno == errno.ENXIO:  # nothing but a hole up to the end
                return
            if error.errno != errno.EINVAL:
                raise
            yield end, size  # a file system that cannot tell
            return
        end = min(os.lseek(source, start, os.SEEK_HOLE), size)
        yield start, end


def copy_xattrs(source: "int | str", target: "int | str") -> list[str]:
    """Copy extended attributes (ACLs, file capabilities); the names that the target did not take.

    Each is a descriptor, or a path whose last part is not followed.
    """
    lost: list[str] = []
    attributes.left_out()
    try:
        names = attributes.names(source)
    except OSError as error:
        if error.errno in (errno.EOPNOTSUPP, errno.ENOENT, errno.EACCES):
            return lost
        raise
    for name in names:
        try:
            if isinstance(source, int):
                value = os.getxattr(source, name)
            else:
                value = os.getxattr(source, name, follow_symlinks=False)
            if isinstance(target, int):
                os.setxattr(target, name, value)
            else:
                os.setxattr(target, name, value, follow_symlinks=False)
        except OSError as error:
            if error.errno not in _NO_XATTR:
                raise
            lost.append(name)
    return lost
