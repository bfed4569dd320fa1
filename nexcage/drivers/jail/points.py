"""Mount points in a root: where a destination leads, and making what is missing there.

Links are followed as a process in the container would see them, so none leads out. What has been made is
known by its name, and goes again when the container goes.
"""

import os
import stat

from nexcage.errors import InvalidBundle, NexcageError, from_os
from nexcage.host.files import NO_DIRECTORY, inside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Point = tuple[str, bool]

_MODE = 0o755


def make(
    root: str, destination: str, *, is_file: bool, at: str, will: "Callable[[Point], None]" = lambda _: None
) -> "tuple[str, list[Point]]":
    """(path of the mount point relative to ``root``, what was made: path and whether it is a directory).

    ``will`` is told of each before it is made, so that somebody knows of it whenever we are killed. ``at``
    is the mount's JSON path. Raises `InvalidBundle` where something else is in the way.
    """
    place = os.path.relpath(inside(root, destination), root)
    if place == ".":
        raise InvalidBundle(f'config.json: {at}.destination: "{destination}" leads to the root itself')
    made: list[Point] = []
    parts = place.split("/")
    handle = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for index, part in enumerate(parts):
            last = index == len(parts) - 1
            path = "/".join([root, *parts[: index + 1]])
            if last and is_file:
                if not _exists(part, handle):
                    will((path, False))
                _file(part, handle, path, made, at)
                break
            if not _exists(part, handle):
                will((path, True))
            below = _directory(part, handle, path, made, at)
            os.close(handle)
            handle = below
    except (NexcageError, OSError) as error:
        remove(made)
        if isinstance(error, OSError):
            raise from_os(error, f"cannot make the mount point {root}/{place}") from None
        raise
    finally:
        os.close(handle)
    return place, made


def _exists(name: str, within: int) -> bool:
    try:
        os.lstat(name, dir_fd=within)
    except FileNotFoundError:
        return False
    return True


def _directory(name: str, within: int, path: str, made: "list[Point]", at: str) -> int:
    """Enter a directory, which is made where it is missing; no link is followed any more."""
    try:
        os.mkdir(name, _MODE, dir_fd=within)
        made.append((path, True))
    except FileExistsError:
        pass
    try:
        return os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=within)
    except OSError as error:
        if error.errno not in NO_DIRECTORY:
            raise
        raise InvalidBundle(f"config.json: {at}.destination: {path} is no directory") from None


def _file(name: str, within: int, path: str, made: "list[Point]", at: str) -> None:
    """An empty file, where there is none: the mount point of a file."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        os.close(os.open(name, flags, 0o644, dir_fd=within))
        made.append((path, False))
    except FileExistsError:
        if stat.S_ISDIR(os.stat(name, dir_fd=within, follow_symlinks=False).st_mode):
            reason = "is a directory, and the source is none"
            raise InvalidBundle(f"config.json: {at}.destination: {path} {reason}") from None


def remove(made: "list[Point]") -> None:
    """Remove mount points that were made, the last first; what has been put there meanwhile stays."""
    for path, is_directory in reversed(made):
        try:
            if is_directory:
                os.rmdir(path)
            elif os.lstat(path).st_size == 0:
                os.unlink(path)
        except OSError:
            continue  # not empty, or gone: the container's own by now
