"""Directories in the making: beside the place where they will be, locked while somebody works there.

The lock dies with its holder, so what a killed command left can be told from
what another one is making, and `sweep` removes it.
"""

import errno
import fcntl
import os

from nexcage import log
from nexcage.bundler import overlay
from nexcage.errors import AlreadyExists, NexcageError, from_os
from nexcage.host import mountpoints, signals
from nexcage.host.files import DIRECTORY, remove_tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Transient:
    """A new empty directory ``PARENT/PREFIX<random>``, 0700, that is ours until `keep` or `remove`.

    ``note`` is told its path before it is made, so that somebody knows of it whenever we are killed.
    """

    def __init__(self, parent: str, prefix: str, note: "Callable[[str], None]" = lambda _: None) -> None:
        self._handle = -1
        while True:
            self.path = os.path.join(parent, prefix + os.urandom(8).hex())
            note(self.path)
            try:
                os.mkdir(self.path, 0o700)
                self._handle = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
                fcntl.flock(self._handle, fcntl.LOCK_EX)
                if os.path.samestat(os.fstat(self._handle), os.stat(self.path)):
                    return
            except FileNotFoundError as error:
                if not os.path.isdir(parent):
                    raise from_os(error, f"cannot make a directory in {parent}") from None
            except OSError as error:
                raise from_os(error, f"cannot make a directory in {parent}") from None
            except BaseException:
                remove_tree(self.path)
                raise
            self.release()  # somebody swept it before it was locked: another one

    def keep(self, path: str) -> None:
        """Give it the name ``path``, which must not exist or be an empty directory."""
        mask = signals.hold_back()  # between the two, nobody could take it back
        try:
            os.rename(self.path, path)
            self.path = path
        except OSError as error:
            if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
                raise AlreadyExists(f"{path} already exists", code="bundle-exists") from None
            raise from_os(error, f"cannot make {path}") from None
        finally:
            signals.let_go(mask)
        self.release()

    def release(self) -> None:
        """Let go of the lock."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def remove(self) -> None:
        """Remove it with all that is in it."""
        discard(self.path)
        self.release()


def discard(directory: str) -> None:
    """Unmount the root file system in ``directory`` if there is one, then remove the directory."""
    overlay.unmount(directory + "/rootfs")
    refuse_mounts(directory)
    remove_tree(directory)


def refuse_mounts(directory: str) -> None:
    """Raise when somebody has mounted something in a bundle's rootfs: its files are not ours to remove."""
    ours = os.path.realpath(directory) + "/rootfs" if overlay.HERE else ""
    for point in map(os.fsdecode, mountpoints.below(directory)):
        if point != ours:
            raise NexcageError(
                f"{point} is still mounted", code="bundle-mounted", hint=f'unmount it first: "umount {point}"'
            )


def sweep(parent: str, prefix: str, remove: "Callable[[str], None]" = discard) -> int:
    """Remove those directories below ``parent`` whose maker is gone; returns how many."""
    return sum(unless_held(parent, name, remove) for name in names(parent, prefix))


def at_work(parent: str, prefix: str) -> bool:
    """Whether somebody is making such a directory now."""
    return not all(unless_held(parent, name, lambda _: None) for name in names(parent, prefix))


def names(parent: str, prefix: str) -> list[str]:
    """The directories below ``parent`` that are called so, somebody's at work or nobody's."""
    try:
        with os.scandir(parent) as entries:
            return [e.name for e in entries if e.name.startswith(prefix) and e.is_dir(follow_symlinks=False)]
    except FileNotFoundError:
        return []


def unless_held(parent: str, name: str, act: "Callable[[str], None]") -> bool:
    """Call ``act`` on the directory if nobody works in it and it is ours; whether that was so."""
    path = os.path.join(parent, name)
    try:
        handle = os.open(path, DIRECTORY)
    except OSError:
        return False  # gone meanwhile, or somebody else's
    try:
        if os.fstat(handle).st_uid != os.geteuid():
            return False
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        act(path)
    except BlockingIOError:
        return False  # its maker is at work
    except NexcageError as error:
        log.warning(f"{path} is left: {error.message}", code=error.code)
        return False
    finally:
        os.close(handle)
    return True
