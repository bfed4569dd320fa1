"""Looking at every file below a directory, in the manifest's order, following nothing.

By directory descriptors, so that neither a link put in the way nor a depth
beyond PATH_MAX matters; at most `OPEN` of them are held, what is above is
found again by "..". Contents go through a buffer, never into memory; large
ones are hashed by a second thread while this one goes on.
"""

import errno
import os
import stat

from nexcage.bundler.manifest.entry import Entry
from nexcage.bundler.manifest.hashing import Hasher
from nexcage.bundler.manifest.names import Listing, Names
from nexcage.host import attributes
from nexcage.host.files import DIRECTORY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nexcage.bundler.manifest.entry import Kind

    Report = Callable[[bytes, str], None]

OPEN = 32
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_UNSEEN = _FILE | getattr(os, "O_NOATIME", 0)  # FreeBSD has none
_KINDS: "dict[int, Kind]" = {
    stat.S_IFREG: "file",
    stat.S_IFDIR: "dir",
    stat.S_IFLNK: "link",
    stat.S_IFCHR: "char",
    stat.S_IFBLK: "block",
    stat.S_IFIFO: "fifo",
    stat.S_IFSOCK: "socket",
}


def scan(
    root: str, report: "Report | None" = None, meet: "Callable[[Entry], bool] | None" = None
) -> "Iterator[Entry]":
    """Every file below ``root``, itself included; large files come when they are hashed.

    What cannot be read is told to ``report`` (path, why) and left out, a file
    with an empty digest stays in; without ``report`` it is the `OSError`. What
    vanishes meanwhile was not there. ``meet`` is given each entry in the order
    of `key`, still without digest, and chooses the files whose content is
    hashed. What is mounted below ``root`` is not entered.
    """
    walk = _Walk(report, meet)
    try:
        yield from walk.everything(root)
        yield from walk.hasher.rest()
    finally:
        walk.close()


class _Level:
    """A directory on the way down: what is left in it, and where it lies when its descriptor is closed."""

    __slots__ = ("handle", "identity", "names", "path")

    def __init__(self, handle: int, facts: os.stat_result, path: bytes) -> None:
        self.handle = handle
        self.identity = (facts.st_dev, facts.st_ino)
        self.path = path
        self.names: Listing | None = None


class _Walk:
    def __init__(self, report: "Report | None", meet: "Callable[[Entry], bool] | None") -> None:
        self.report = report
        self.meet = meet or _wanted
        self.hasher = Hasher(self.trouble)
        self.names = Names()
        self.levels: list[_Level] = []

    def close(self) -> None:
        for level in self.levels:
            if level.handle >= 0:
                os.close(level.handle)
        self.levels = []
        self.names.close()
        self.hasher.close()

    def trouble(self, path: bytes, error: OSError) -> None:
        """Pass on that ``path`` cannot be read, unless it is gone."""
        if isinstance(error, FileNotFoundError):
            return
        if self.report is None:
            raise error
        self.report(path, (error.strerror or str(error)).lower())

    def everything(self, root: str) -> "Iterator[Entry]":
        handle = os.open(root, DIRECTORY)
        top = _Level(handle, os.fstat(handle), b"")
        self.levels.append(top)
        yield self._met(self._described(b".", os.fstat(handle), handle))
        top.names = self.names.of(self._listed(top))
        while self.levels:
            level = self.levels[-1]
            name = level.names.take() if level.names else None
            if name is None:
                self._leave()
                continue
            try:
                facts = os.stat(name, dir_fd=level.handle, follow_symlinks=False)
                if stat.S_ISDIR(facts.st_mode):
                    yield from self._directory(level, name, top.identity[0])
                elif stat.S_ISREG(facts.st_mode):
                    yield from self._file(level, name)
                else:
                    yield self._met(self._other(level, name, facts))
            except OSError as error:
                self.trouble(level.path + name, error)

    def _met(self, entry: Entry) -> Entry:
        self.meet(entry)
        return entry

    def _listed(self, level: _Level) -> "Iterator[bytes]":
        try:
            with os.scandir(level.handle) as found:
                for each in found:
                    yield os.fsencode(each.name)
        except OSError as error:
            self.trouble(level.path[:-1] or b".", error)

    def _directory(self, level: _Level, name: bytes, device: int) -> "Iterator[Entry]":
        path = level.path + name
        try:
            handle = os.open(name, DIRECTORY, dir_fd=level.handle)
        except OSError as error:
            yield from self._closed(level, name, error)
            return
        facts = os.fstat(handle)
        below = _Level(handle, facts, path + b"/")
        self._enter(below)
        if facts.st_dev != device:
            self.trouble(path, OSError(0, "something is mounted on it"))
            return
        yield self._met(self._described(path, facts, handle))
        below.names = self.names.of(self._listed(below))

    def _file(self, level: _Level, name: bytes) -> "Iterator[Entry]":
        path = level.path + name
        try:
            handle = _open(name, level.handle)
        except PermissionError as error:
            yield from self._closed(level, name, error)
            return
        try:
            facts = os.fstat(handle)
            if not stat.S_ISREG(facts.st_mode):
                raise OSError(0, "it was replaced while it was read")
            entry = self._described(path, facts, handle)
            entry.size = facts.st_size
            hashed = self.meet(entry)
        except BaseException:
            os.close(handle)
            raise
        if hashed:
            yield from self.hasher.take(entry, handle)  # closes it
        else:
            os.close(handle)
            yield entry

    def _other(self, level: _Level, name: bytes, facts: os.stat_result) -> Entry:
        path = level.path + name
        # by way of /proc, since a link, a device or a fifo must not be opened
        entry = self._described(path, facts, b"/proc/self/fd/%d/%b" % (level.handle, name))
        if entry.kind == "link":
            entry.target = os.readlink(name, dir_fd=level.handle)
        elif entry.kind in ("char", "block"):
            entry.device = os.major(facts.st_rdev), os.minor(facts.st_rdev)
        return entry

    def _closed(self, level: _Level, name: bytes, error: OSError) -> "Iterator[Entry]":
        """What can be said of a file or directory that cannot be opened."""
        path = level.path + name
        self.trouble(path, error)
        try:
            facts = os.stat(name, dir_fd=level.handle, follow_symlinks=False)
        except OSError:
            return  # gone by now
        entry = _entry(path, facts)
        entry.size = facts.st_size if entry.kind == "file" else 0
        yield self._met(entry)

    def _described(self, path: bytes, facts: os.stat_result, place: int | bytes) -> Entry:
        entry = _entry(path, facts)
        try:
            entry.xattrs = attributes.read(place)
        except OSError as error:
            if isinstance(place, bytes) and error.errno == errno.ENOENT:
                raise  # it is gone
            if error.errno != errno.ENOTSUP:
                self.trouble(path, error)
        return entry

    def _enter(self, level: _Level) -> None:
        above = self.levels[-1].names
        if above is not None:
            above.rest()
        self.levels.append(level)
        far = self.levels[-OPEN - 1] if len(self.levels) > OPEN + 1 else None  # the root stays open
        if far is not None and far.handle >= 0:
            os.close(far.handle)
            far.handle = -1

    def _leave(self) -> None:
        """Close the deepest directory, and open the one above it again if need be."""
        level = self._popped()
        try:
            above = self.levels[-1] if self.levels else None
            if above is not None and above.handle < 0:
                self._again(above, level.handle)
        finally:
            os.close(level.handle)

    def _popped(self) -> _Level:
        level = self.levels.pop()
        if level.names is not None:
            level.names.close()
        return level

    def _again(self, level: _Level, below: int) -> None:
        error = OSError(0, "it was moved while it was read")
        try:
            handle = os.open("..", DIRECTORY, dir_fd=below)
        except OSError as failure:
            error = failure
        else:
            facts = os.fstat(handle)
            if (facts.st_dev, facts.st_ino) == level.identity:
                level.handle = handle
                return
            os.close(handle)
        while self.levels[-1].handle < 0:  # the way up is lost as far as a directory that is open
            lost = self._popped()
            self.trouble(lost.path[:-1], error)


def _wanted(entry: Entry) -> bool:
    return entry.kind == "file"


def _open(name: bytes, directory: int) -> int:
    try:
        return os.open(name, _UNSEEN, dir_fd=directory)
    except PermissionError:  # only an owner may leave the time of access alone
        return os.open(name, _FILE, dir_fd=directory)


def kind_of(mode: int) -> "Kind":
    """The kind of a file with the ``st_mode`` given."""
    return _KINDS[stat.S_IFMT(mode)]


def _entry(path: bytes, facts: os.stat_result) -> Entry:
    mode = facts.st_mode
    return Entry(path, kind_of(mode), mode & 0o7777, facts.st_uid, facts.st_gid, mtime=facts.st_mtime_ns)
