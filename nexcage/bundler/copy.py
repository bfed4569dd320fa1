"""A directory tree copied with everything kept, following no link.

Names are bytes to the kernel and stay what they are. Every directory is
reached by descriptors, name by name, so that a link put in its place while we
work leads nowhere.
"""

import contextlib
import errno
import os
import stat

from nexcage import log
from nexcage.bundler.copy_file import Data, copy_xattrs
from nexcage.errors import NexcageError, PermissionDenied, UsageError, from_os
from nexcage.host import attributes
from nexcage.host.files import DIRECTORY, NO_DIRECTORY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

DEEPEST = 2048  # as deep as a path can be (PATH_MAX); deeper trees are made to hurt
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_WRITE = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_GONE = (errno.ENOENT, *NO_DIRECTORY, errno.ENXIO, errno.ESTALE)


class Copied:
    """What was copied: ``entries``, ``size`` in bytes, ``cloned`` files, and what could not be kept."""

    __slots__ = ("cloned", "devices", "entries", "owners", "size", "sockets", "xattrs")

    def __init__(self) -> None:
        self.entries = 0
        self.size = 0
        self.cloned = 0
        self.owners = 0
        self.devices = 0
        self.sockets = 0
        self.xattrs: dict[str, int] = {}

    def warn(self, source: str) -> None:
        """Log what is not in the copy as it is in ``source``."""
        if self.sockets:
            log.warning(f'sockets are not copied: {self.sockets} in "{source}"')
        if self.devices:
            log.warning(f'devices are not copied without root: {self.devices} in "{source}"')
        if self.owners:
            log.warning(f'owners are not kept without root: {self.owners} files of "{source}"')
        for name, count in sorted(self.xattrs.items()):
            log.warning(f'the file system does not take the attribute {name}: {count} files of "{source}"')


def copy_tree(
    source_dir: str,
    target_dir: str,
    *,
    reflink: bool | None = None,
    on_entry: "Callable[[bytes, int], None] | None" = None,
) -> Copied:
    """Copy what is in ``source_dir``, and its own attributes, into the existing empty ``target_dir``.

    Modes, owners, times, hard links, extended attributes, holes, devices and
    fifos are kept; sockets are left out. ``reflink`` as for `Data`.
    ``on_entry(path, size)`` is called for each entry. Raise `NexcageError`
    (source-changed) when the source changes meanwhile, and `from_os` errors.
    """
    work = _Copy(source_dir, target_dir, Data(reflink), on_entry)
    try:
        work.run()
    except OSError as error:
        raise from_os(error, f'cannot copy "{work.where()}"') from None
    finally:
        work.close()
    work.done.warn(source_dir)
    return work.done


def refuse_inside(source_dir: str, target_dir: str) -> None:
    """Raise `UsageError` when ``target_dir`` (it need not exist) is ``source_dir`` or lies in it."""
    source = os.stat(source_dir)
    at = os.path.realpath(target_dir)
    while True:
        try:
            same = os.path.samestat(os.stat(at), source)
        except OSError:
            same = False
        if same:
            raise _into_itself(source_dir, target_dir)
        if at == "/":
            return
        at = os.path.dirname(at)


def _into_itself(source: str, target: str) -> UsageError:
    return UsageError(
        f'cannot copy "{source}" into itself: "{target}" lies in it',
        code="source-invalid",
        hint="choose a directory outside of it",
    )


class _Copy:
    """One run: descriptors of both roots, and the directories that are still to be finished."""

    def __init__(
        self, source: str, target: str, data: Data, on_entry: "Callable[[bytes, int], None] | None"
    ) -> None:
        self._name = source
        self._target_name = target
        self._data = data
        self._on_entry = on_entry
        self.done = Copied()
        self._at: tuple[str, ...] = ()
        self._links: dict[tuple[int, int], tuple[str, ...]] = {}
        self._root = os.geteuid() == 0
        self._source = self._target = -1
        try:
            self._source = os.open(source, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            self._target = os.open(target, DIRECTORY)
        except OSError as error:
            self.close()
            raise from_os(error, f'cannot copy "{source}" to "{target}"') from None
        own = os.fstat(self._target)
        self._forbidden = (own.st_dev, own.st_ino)

    def close(self) -> None:
        for handle in (self._source, self._target):
            if handle >= 0:
                os.close(handle)
        self._source = self._target = -1

    def where(self) -> str:
        """The entry that is being copied, for messages."""
        return os.path.join(self._name, *self._at)

    def run(self) -> None:
        if attributes.AVAILABLE:
            # there is none, usually; what is made here must not inherit it
            with contextlib.suppress(OSError):
                os.removexattr(self._target, "system.posix_acl_default")
        todo: list[tuple[str, ...]] = [()]
        made: list[tuple[tuple[str, ...], os.stat_result]] = []
        while todo:
            at = todo.pop()
            made.append((at, self._directory(at, todo)))
        # what was made in a directory has changed its time: from the deepest to the first
        for at, facts in reversed(made):
            self._at = at
            source, target = self._open(self._source, at), _walk(self._target, at)
            try:
                self._finish(source, target, facts)
            finally:
                os.close(source)
                os.close(target)
        self.done.cloned = self._data.cloned

    def _open(self, root: int, at: tuple[str, ...]) -> int:
        try:
            return _walk(root, at)
        except OSError as error:
            if error.errno in _GONE:
                raise self._changed() from None
            raise

    def _changed(self) -> NexcageError:
        return NexcageError(
            f'"{self.where()}" was changed while it was copied',
            code="source-changed",
            hint="stop what writes there, or copy a snapshot",
        )

    def _directory(self, at: tuple[str, ...], todo: list[tuple[str, ...]]) -> os.stat_result:
        """Copy what is directly in a directory; the directories in it go to ``todo``. Give its facts."""
        self._at = at
        if len(at) > DEEPEST:
            raise NexcageError(
                f'"{self._name}" is nested deeper than {DEEPEST} directories', code="source-invalid"
            )
        source = target = -1
        try:
            source = self._open(self._source, at)
            target = _walk(self._target, at)
            before = os.fstat(source)
            if (before.st_dev, before.st_ino) == self._forbidden:
                raise _into_itself(self._name, self._target_name)
            with os.scandir(source) as found:
                names = sorted(entry.name for entry in found)
            inner = [(*at, name) for name in names if self._entry(source, target, at, name)]
            todo += reversed(inner)
            self._at = at
            if os.fstat(source).st_mtime_ns != before.st_mtime_ns:
                raise self._changed()
            return before
        finally:
            for handle in (source, target):
                if handle >= 0:
                    os.close(handle)

    def _entry(self, source: int, target: int, at: tuple[str, ...], name: str) -> bool:
        """Copy one entry; whether it is a directory (made, its content still to be copied)."""
        self._at = (*at, name)
        try:
            facts = os.stat(name, dir_fd=source, follow_symlinks=False)
            kind = stat.S_IFMT(facts.st_mode)
            if kind == stat.S_IFDIR:
                os.mkdir(name, 0o700, dir_fd=target)
            elif facts.st_nlink > 1 and self._linked(facts, target, name):
                pass
            elif kind == stat.S_IFREG:
                self._file(source, target, name)
                self.done.size += facts.st_size
            elif not self._special(source, target, name, facts):
                return False
        except OSError as error:
            if error.errno in _GONE:
                raise self._changed() from None
            raise
        if facts.st_nlink > 1 and kind != stat.S_IFDIR:
            self._links.setdefault((facts.st_dev, facts.st_ino), self._at)
        self.done.entries += 1
        if self._on_entry is not None:
            self._on_entry(os.fsencode("/".join(self._at)), facts.st_size if kind == stat.S_IFREG else 0)
        return kind == stat.S_IFDIR

    def _linked(self, facts: os.stat_result, target: int, name: str) -> bool:
        first = self._links.get((facts.st_dev, facts.st_ino))
        if first is None:
            return False
        parent = _walk(self._target, first[:-1])
        try:
            os.link(first[-1], name, src_dir_fd=parent, dst_dir_fd=target, follow_symlinks=False)
        finally:
            os.close(parent)
        return True

    def _file(self, source: int, target: int, name: str) -> None:
        reading = os.open(name, _READ, dir_fd=source)
        writing = -1
        try:
            before = os.fstat(reading)
            if not stat.S_ISREG(before.st_mode):
                raise self._changed()
            writing = os.open(name, _WRITE, 0o600, dir_fd=target)
            self._data.copy(reading, writing, before)
            after = os.fstat(reading)
            if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
                raise self._changed()
            self._finish(reading, writing, before)
        finally:
            os.close(reading)
            if writing >= 0:
                os.close(writing)

    def _finish(self, source: int, target: int, facts: os.stat_result) -> None:
        """Owner, attributes, mode, times, in the order in which none undoes another."""
        try:
            os.fchown(target, facts.st_uid, facts.st_gid)
        except PermissionError:
            self._owner_lost(facts)
        self._note(copy_xattrs(source, target))
        os.fchmod(target, stat.S_IMODE(facts.st_mode))
        os.utime(target, ns=(facts.st_atime_ns, facts.st_mtime_ns))

    def _owner_lost(self, facts: os.stat_result) -> None:
        if self._root:
            whom = f"{facts.st_uid}:{facts.st_gid}"
            raise PermissionDenied(f'cannot give the copy of "{self.where()}" to {whom}')
        self.done.owners += 1

    def _note(self, lost: list[str]) -> None:
        for name in lost:
            self.done.xattrs[name] = self.done.xattrs.get(name, 0) + 1

    def _special(self, source: int, target: int, name: str, facts: os.stat_result) -> bool:
        """Make a link, fifo or device; False for what is left out."""
        kind = stat.S_IFMT(facts.st_mode)
        if kind == stat.S_IFSOCK:
            self.done.sockets += 1
            return False
        if kind == stat.S_IFLNK:
            os.symlink(os.readlink(name, dir_fd=source), name, dir_fd=target)
        else:
            try:
                device = 0 if kind == stat.S_IFIFO else facts.st_rdev  # FreeBSD gives a fifo the number -1
                os.mknod(name, kind | 0o600, device, dir_fd=target)
            except PermissionError:
                if self._root and kind != stat.S_IFIFO:
                    raise
                self.done.devices += 1
                return False
        try:
            os.chown(name, facts.st_uid, facts.st_gid, dir_fd=target, follow_symlinks=False)
        except PermissionError:
            self._owner_lost(facts)
        self._note(copy_xattrs(f"/proc/self/fd/{source}/{name}", f"/proc/self/fd/{target}/{name}"))
        if kind != stat.S_IFLNK:
            os.chmod(name, stat.S_IMODE(facts.st_mode), dir_fd=target)
        os.utime(name, ns=(facts.st_atime_ns, facts.st_mtime_ns), dir_fd=target, follow_symlinks=False)
        return True


def _walk(root: int, at: tuple[str, ...]) -> int:
    """A descriptor of the directory ``at`` below ``root``, no link followed."""
    handle = os.open(".", DIRECTORY, dir_fd=root)
    for name in at:
        try:
            inner = os.open(name, DIRECTORY, dir_fd=handle)
        finally:
            os.close(handle)
        handle = inner
    return handle
