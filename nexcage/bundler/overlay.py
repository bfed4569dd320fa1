"""overlayfs: layers of the cache below, the bundle's own changes above.

mount(2) is called directly: a path is then not parsed by anybody else, and the
error number says why it failed.
"""

import errno
import os
import sys

from nexcage.errors import NexcageError, PermissionDenied, from_os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = 4000  # what mount(2) takes as data, less some room
MOST = 200  # layers: each is a descriptor while it is mounted
HERE = sys.platform == "linux"
_ELSE = "use --rootfs copy, or directories on another file system"
_MNT_DETACH, _UMOUNT_NOFOLLOW = 2, 8


def is_mounted(directory: str) -> bool:
    """Whether an overlay, or something in its place, is mounted on ``directory``."""
    try:
        return HERE and os.lstat(directory).st_dev != os.lstat(os.path.dirname(directory)).st_dev
    except OSError:
        return False


def mount(lowers: list[str], upper: str, work: str, directory: str) -> None:
    """Mount an overlay of ``lowers``, the highest first.

    Raises `NexcageError` (overlay-failed) where that cannot be.
    """
    handles: list[int] = []

    def reached(path: str) -> str:
        """A path without the characters that the options are made of, and short."""
        handles.append(os.open(path, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW))
        return f"/proc/self/fd/{handles[-1]}"

    try:
        data = _data(lowers, upper, work, str)
        odd = any(c in path for path in (*lowers, upper, work) for c in ",:\\\n")
        if odd or len(os.fsencode(data)) > PAGE:
            data = _data(lowers, upper, work, reached)
        _mount(data, directory)
    except OSError as error:
        told = from_os(error, f"cannot mount an overlay on {directory}: {error.filename}")
        raise NexcageError(told.message, code="overlay-failed", hint=_ELSE) from None
    finally:
        for handle in handles:
            os.close(handle)


def _data(lowers: list[str], upper: str, work: str, name: "Callable[[str], str]") -> str:
    return f"lowerdir={':'.join(map(name, lowers))},upperdir={name(upper)},workdir={name(work)}"


def _mount(data: str, directory: str) -> None:
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"overlay", os.fsencode(directory), b"overlay", 0, os.fsencode(data)) == 0:
        return
    number = ctypes.get_errno()
    reason = os.strerror(number).lower()
    if number == errno.EPERM:
        raise PermissionDenied(
            f"cannot mount an overlay on {directory}: {reason}",
            code="overlay-failed",
            hint="run it as root, or use --rootfs copy",
        )
    if number == errno.ENODEV:
        reason = "this kernel has no overlayfs"
    raise NexcageError(
        f"cannot mount an overlay on {directory}: {reason}",
        code="overlay-failed",
        hint=_ELSE,
    )


def unmount(directory: str) -> bool:
    """Take the mount on ``directory`` away, also while it is in use; whether there was one."""
    unmounted = False
    while is_mounted(directory):
        import ctypes

        libc = ctypes.CDLL(None, use_errno=True)
        if libc.umount2(os.fsencode(directory), _MNT_DETACH | _UMOUNT_NOFOLLOW) != 0:
            reason = os.strerror(ctypes.get_errno()).lower()
            raise NexcageError(f"cannot unmount {directory}: {reason}", code="unmount-failed")
        unmounted = True
    return unmounted
