"""Files that are whole or absent, locks that die with their holder."""

import errno
import fcntl
import os
import stat
import sys
import time

from nexcage.errors import Locked, from_os

# opens a directory and nothing else, a link to one neither
DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# what open(2) says then of a link or a file; FreeBSD says EMLINK of links
NO_DIRECTORY = (errno.ENOTDIR, errno.ELOOP, errno.EMLINK)
# what it says of what is no file and no directory: links, sockets, devices
_STRANGE = (errno.ELOOP, errno.EMLINK, errno.ENXIO, errno.ENODEV, errno.EOPNOTSUPP, errno.EISDIR)
# what file systems without hard links say (pmxcfs, vfat)
_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV)
_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK  # a pipe without a writer is not waited for
GROUP_OF_DIRECTORY = sys.platform != "linux"  # has every new file: open(2) of the BSDs


def write_new(path: str, data: bytes, mode: int = 0o600, *, sync: bool = False) -> None:
    """Create ``path`` with ``data`` at once: readers see all or none. It must not exist yet. Our error."""
    beside = f"{path}.{os.urandom(8).hex()}"
    try:
        _fill(beside, data, mode, sync=sync)
        try:
            _name(beside, path)
        finally:
            _forget(beside)
        if sync:
            bring_to_disk(os.path.dirname(path))
    except OSError as error:
        raise from_os(error, f"cannot write {path}") from None


def replace(path: str, data: bytes, mode: int = 0o600, *, sync: bool = False) -> None:
    """Give ``path`` the content ``data`` at once: readers see the old or the new, never half."""
    beside = f"{path}.{os.urandom(8).hex()}"
    try:
        _fill(beside, data, mode, sync=sync)
        try:
            os.rename(beside, path)
        except BaseException:
            _forget(beside)
            raise
        if sync:
            bring_to_disk(os.path.dirname(path))
    except OSError as error:
        raise from_os(error, f"cannot write {path}") from None


def _fill(path: str, data: bytes, mode: int, *, sync: bool) -> None:
    """Make a file that nobody knows of yet; it is gone again when that fails."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, mode)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]
        if sync:
            os.fsync(handle)
    except BaseException:
        os.unlink(path)
        raise
    finally:
        os.close(handle)


def _name(beside: str, path: str) -> None:
    """Give a file the name ``path``, which must not exist: a rename would replace what is there."""
    try:
        os.link(beside, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path) from None
        os.rename(beside, path)


def _forget(path: str) -> None:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return


def bring_to_disk(directory: str) -> None:
    """Bring the names in a directory to the disk."""
    handle = os.open(directory, DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Unusable(OSError):
    """What is at ``filename`` is none of our files, whatever it holds; ``strerror`` says what it is."""

    def __init__(self, path: str, what: str) -> None:
        super().__init__(errno.EINVAL, what, path)

    def __str__(self) -> str:
        return f"{self.filename} {self.strerror}"


def refuse_foreign(path: str, facts: os.stat_result, kind: int = stat.S_IFREG) -> None:
    """Raise `Unusable` for what is not of ``kind``, and for what others than root and we can change."""
    if stat.S_ISLNK(facts.st_mode):
        raise Unusable(path, "is a symbolic link")
    if stat.S_IFMT(facts.st_mode) != kind:
        raise Unusable(path, "is not a " + ("directory" if kind == stat.S_IFDIR else "regular file"))
    if facts.st_uid not in (0, os.geteuid()):
        raise Unusable(path, f"belongs to user {facts.st_uid}")
    if facts.st_mode & 0o022:
        raise Unusable(path, "can be written by others")


def read(path: str, limit: int, *, follow: bool = True) -> bytes:
    """The content of a regular file of at most ``limit`` bytes; `OSError` as it comes.

    With ``follow`` the last part of ``path`` may be a symbolic link: what users name may be one.
    """
    try:
        handle = os.open(path, _READ if follow else _READ | os.O_NOFOLLOW)
    except OSError as error:
        if not follow and error.errno in NO_DIRECTORY and os.path.islink(path):
            raise OSError(errno.ELOOP, "it is a symbolic link") from None
        raise
    try:
        facts = os.fstat(handle)
        if not stat.S_ISREG(facts.st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        if facts.st_size > limit:
            raise OSError(errno.EFBIG, f"larger than {limit >> 20} mebibytes")
        return _whole(handle)
    finally:
        os.close(handle)


def read_own(path: str, limit: int) -> bytes:
    """The same of a file that we have written: no link is followed, `Unusable` for what others can change."""
    try:
        handle = os.open(path, _READ | os.O_NOFOLLOW)
    except OSError as error:
        if error.errno in _STRANGE:  # a link, a socket, a device that is not there
            refuse_foreign(path, os.lstat(path))
        raise
    try:
        facts = os.fstat(handle)
        refuse_foreign(path, facts)
        if facts.st_size > limit:
            raise Unusable(path, f"is larger than {limit >> 20} mebibytes")
        return _whole(handle)
    finally:
        os.close(handle)


def _whole(handle: int) -> bytes:
    blocks = []
    while block := os.read(handle, 1 << 20):
        blocks.append(block)
    return b"".join(blocks)


def utf8(path: str) -> bool:
    """Whether a path is UTF-8, as it has to be where JSON names it."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def remove_tree(path: str) -> None:
    """Remove a directory of ours and what is in it, following no link; absent is fine.

    By descriptors and without recursion, so that no depth of a hostile tree is
    too deep. Modes that keep even the owner out are changed.
    """
    try:
        if os.path.islink(path):
            os.unlink(path)
            return
        handle = _enter(path, None)
    except FileNotFoundError:
        return
    except NotADirectoryError:
        os.unlink(path)
        return
    empty(handle)
    try:
        os.rmdir(path)
    except FileNotFoundError:
        return


def empty(handle: int) -> None:
    """Remove everything in the directory ``handle``, which is closed in the end.

    `OSError` when somebody moves a directory meanwhile: what is above it then is not ours to remove.
    """
    names: list[bytes] = []  # of the directories that we are in
    above: list[os.stat_result] = []
    todo = [_unlink_all(handle)]
    try:
        while True:
            if todo[-1]:
                names.append(todo[-1].pop())
                above.append(os.fstat(handle))
                handle = _swap(handle, _enter(names[-1], handle))
                todo.append(_unlink_all(handle))
                continue
            todo.pop()
            if not names:
                return
            handle = _swap(handle, os.open("..", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=handle))
            if not os.path.samestat(above.pop(), os.fstat(handle)):
                raise OSError(errno.ESTALE, "it was moved while it was removed", names[-1])
            os.rmdir(names.pop(), dir_fd=handle)
    finally:
        os.close(handle)


def _swap(old: int, new: int) -> int:
    os.close(old)
    return new


def _enter(name: "str | bytes", within: int | None) -> int:
    try:
        return os.open(name, DIRECTORY, dir_fd=within)
    except PermissionError:
        os.chmod(name, 0o700, dir_fd=within)
        return os.open(name, DIRECTORY, dir_fd=within)


def _unlink_all(handle: int) -> list[bytes]:
    """Remove what is no directory; the names of those that are."""
    with os.scandir(handle) as entries:
        rows = [(os.fsencode(entry.name), entry.is_dir(follow_symlinks=False)) for entry in entries]
    if rows and not os.access(".", os.W_OK | os.X_OK, dir_fd=handle):
        os.fchmod(handle, 0o700)
    for name, is_directory in rows:
        if not is_directory:
            try:
                os.unlink(name, dir_fd=handle)
            except FileNotFoundError:
                continue
    return [name for name, is_directory in rows if is_directory]


class Lock:
    """An exclusive lock on ``path``, held until `release` or the end of this process."""

    __slots__ = ("_handle", "path")

    def __init__(self, path: str) -> None:
        self.path = path
        self._handle = -1

    def acquire(self, what: str, wait: float = 10.0) -> None:
        """Take it within ``wait`` seconds or raise `Locked`; ``what`` names the thing.

        `FileNotFoundError` when the directory is not there, `Unusable` for what is no file.
        """
        deadline = time.monotonic() + wait
        pause = 0.002
        handle = self._open(os.O_CREAT)
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._handle = handle
                return
            except BlockingIOError:
                if time.monotonic() > deadline:
                    os.close(handle)
                    raise Locked(
                        f"{what} is locked by another command",
                        hint="wait until that command has ended, then try again",
                    ) from None
                time.sleep(pause)
                pause = min(pause * 2, 0.1)
            except BaseException:
                os.close(handle)
                raise

    def is_held(self) -> bool:
        """Whether another process holds it now; False when there is no such file."""
        try:
            handle = self._open()
        except OSError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
        return False

    def _open(self, flags: int = 0) -> int:
        flags |= os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        try:
            handle = os.open(self.path, flags, 0o600)
        except OSError as error:
            if error.errno in _STRANGE:
                facts = os.lstat(self.path)
                if not stat.S_ISREG(facts.st_mode):
                    refuse_foreign(self.path, facts)
            raise
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise Unusable(self.path, "is not a regular file")
        return handle

    def is_current(self) -> bool:
        """Whether the file that we locked is still the one at ``path`` (nobody removed it)."""
        try:
            return os.path.samestat(os.fstat(self._handle), os.stat(self.path))
        except OSError:
            return False

    def release(self) -> None:
        """Let it go; harmless when it is not held."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def inside(root: str, path: str) -> str:
    """Where ``path`` leads when ``root`` is the root directory, links resolved within it.

    What does not exist is taken literally. Links that climb out end at the
    root, as they would for a process in the container. A loop of links leads to
    the directory that it is in.
    """
    todo = [part for part in path.split("/") if part][::-1]
    at: list[str] = []
    links = 0
    while todo:
        part = todo.pop()
        if part == ".":
            continue
        if part == "..":
            at = at[:-1]
            continue
        here = os.path.join(root, *at, part)
        try:
            target = os.readlink(here)
        except OSError:
            at.append(part)
            continue
        links += 1
        if links > 40:  # a loop: a name that somebody else would follow must not come out of here
            break
        if target.startswith("/"):
            at = []
        todo += [step for step in target.split("/") if step][::-1]
    return os.path.join(root, *at)
