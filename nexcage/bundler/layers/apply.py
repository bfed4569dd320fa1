"""Writing the entries of layers below a directory.

Directories get their times last, when nothing is written into them any more.
"""

import errno
import os
import stat
from contextlib import suppress

from nexcage.bundler.layers.attributes import Attributes, check_time
from nexcage.bundler.layers.content import Content
from nexcage.bundler.layers.destination import Destination, NoDirectory, relative, shown
from nexcage.bundler.layers.ledger import Ledger
from nexcage.bundler.layers.lib import Reader
from nexcage.bundler.layers.limits import Limits
from nexcage.bundler.layers.whiteouts import PREFIX, NeedsLower, Overlay, Plain, Removing
from nexcage.bundler.manifest.entry import Entry
from nexcage.errors import InvalidImage, from_os
from nexcage.host.files import DIRECTORY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Literal

    Whiteouts = Literal["remove", "overlay", "plain"]

_PECULIAR = 0o170000 | stat.S_ISUID | stat.S_ISGID
_PLAIN = frozenset((stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK))  # with which most entries are done
LONGEST = 4095  # PATH_MAX without its NUL
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_OURS = (
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EROFS,
    errno.EIO,
    errno.EMFILE,
    errno.ENFILE,
    errno.ENOMEM,
    errno.EACCES,
    errno.EPERM,
)  # the host's trouble, not the image's


class Applier:
    """Applies layers to the tree at ``directory``, one `apply` each, then `finish`.

    ``whiteouts``: "remove" (what is there goes), "overlay" (the layer alone, as
    overlayfs wants it), "plain" (a tar that is no layer).
    """

    def __init__(
        self, directory: str, whiteouts: "Whiteouts", limits: Limits, attributes: Attributes
    ) -> None:
        self.destination = Destination(directory)
        self._umask = os.umask(0)  # modes are the image's
        self._attributes = attributes
        attributes.begin(self.destination.top)
        self._limits = limits
        self._content = Content()
        # directory → mtime in ns, mode; the root's until an entry describes it
        self._times: dict[bytes, tuple[int, int]] = {b".": (0, 0o755)}
        self._whiteouts: Plain = Plain()
        if whiteouts == "remove":
            self._whiteouts = Removing(self.destination, self._imply)
        elif whiteouts == "overlay":
            self._whiteouts = Overlay(self.destination)

    def close(self) -> None:
        """Let go of the descriptors."""
        os.umask(self._umask)
        self.destination.close()

    def apply(self, pieces: "Iterator[bytes]", ledger: Ledger, name: str) -> None:
        """Write one layer; ``name`` is what messages call it.

        Raises `NexcageError`; half of the layer is written then.
        """
        self._ledger = ledger
        self._whiteouts.next_layer()
        path = b""
        try:
            with Reader(pieces, format="tar") as reader:
                while reader.next():
                    path = reader.lib.pathname(reader.entry) or b""
                    self._entry(reader, relative(path))
                    path = b""
        except InvalidImage as error:
            if isinstance(error, NoDirectory) and self._whiteouts.alone:
                raise NeedsLower from None  # a whiteout of its own may be in the way
            if not error.message.startswith("layer "):  # else of the stream, which knows no entries
                entry = f"entry {shown(path)}: " if path else ""
                error.message = f"layer {name}: {entry}{error.message}"
            raise
        except OSError as error:
            where = f"layer {name}: entry {shown(path)}"
            if error.errno in _OURS:
                raise from_os(error, f"cannot write {where}") from None
            raise InvalidImage(
                f"{where}: {(error.strerror or str(error)).lower()}", code="image-corrupt"
            ) from None

    def finish(self) -> None:
        """Set modes and times of directories; last, and the deepest first, modes that would keep us out."""
        closed = []
        for path in sorted(self._times):
            moment, mode = self._times[path]
            if mode & 0o500 != 0o500 and not self._attributes.root:
                closed.append(path)
                mode |= 0o700
            self._finish(path, moment, mode)
        for path in reversed(closed):
            self._finish(path, *self._times[path])

    def _finish(self, path: bytes, moment: int, mode: int) -> None:
        try:
            handle, true, name = self.destination.parent(path, make=False)
            if true + name == path:
                self._attributes.finish_directory(handle, name, path, moment, mode)
        except (FileNotFoundError, InvalidImage):
            return  # it was removed or replaced later

    def _entry(self, reader: Reader, path: bytes) -> None:
        if len(path) > LONGEST:
            raise InvalidImage("the name is too long", code="image-corrupt")
        lib, handle = reader.lib, reader.entry
        self._implied_time = int(lib.mtime(handle)) * 1_000_000_000 + int(lib.mtime_nsec(handle))
        check_time(self._implied_time)
        if PREFIX in path and self._whiteouts.entry(path, self._ledger):
            self._note_implied()
            return
        target = lib.hardlink(handle)
        if target is not None:
            self._hard_link(path, target)
            return
        mode = lib.mode(handle)
        xattrs = reader.xattrs()
        if xattrs or mode & _PECULIAR not in _PLAIN:
            self._limits.look(shown(path), mode, xattrs)
            xattrs = self._attributes.takes(xattrs)
        parent, true, name = self.destination.parent(path) if path else (self.destination.top, b"", b".")
        self._note_implied()
        entry = Entry(
            true + name, "file", mode & 0o7777, lib.uid(handle), lib.gid(handle),
            mtime=self._implied_time, xattrs=xattrs,
        )  # fmt: skip
        kind = stat.S_IFMT(mode)
        if kind == stat.S_IFREG and path:
            self._file(reader, parent, name, entry)
        elif kind == stat.S_IFDIR:
            self._directory(parent, name, entry)
        elif kind == stat.S_IFLNK and path:
            self._link(parent, name, entry, lib.symlink(handle))
        elif kind in (stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO) and path:
            self._special(reader, parent, name, entry, kind)
        else:
            raise InvalidImage("is of a kind that no layer may have there", code="image-unsupported")
        self._ledger.write(entry)
        self._whiteouts.wrote(entry.path)

    def _note_implied(self) -> None:
        """Directories that no entry named get the time of what is first in them: the same on every day."""
        noted = self.destination.new_implied()
        for path in noted:
            self._times[path] = self._implied_time, 0o755
            self._ledger.write(Entry(path, "dir", 0o755, 0, 0, mtime=self._implied_time))
            self._whiteouts.wrote(path)

    def _imply(self, handle: int, path: bytes) -> None:
        """Make the open directory what it would be had it been missing."""
        entry = Entry(path, "dir", 0o755, 0, 0, mtime=self._implied_time)
        self._attributes.set_directory(handle, entry)
        self._times[path] = entry.mtime, entry.mode
        self._ledger.write(entry)
        self._whiteouts.wrote(path)

    def _create(self, parent: int, name: bytes, make: "Callable[[], int | None]") -> int:
        """Call ``make``, a second time when what was there has been removed; what it returns."""
        try:
            return make() or 0
        except FileExistsError:
            self.destination.remove(parent, name)
            return make() or 0

    def _file(self, reader: Reader, parent: int, name: bytes, entry: Entry) -> None:
        size = entry.size = reader.lib.size(reader.entry)
        self._limits.charge(size)
        mode = self._attributes.initial(entry.mode)
        try:
            handle = os.open(name, _NEW, mode, dir_fd=parent)
        except FileExistsError:
            self.destination.remove(parent, name)
            handle = os.open(name, _NEW, mode, dir_fd=parent)
        try:
            entry.sha256 = self._content.copy(reader, handle, size)
            self._attributes.set(handle, entry)
        finally:
            os.close(handle)

    def _directory(self, parent: int, name: bytes, entry: Entry) -> None:
        """A directory that is there stays with what is in it."""
        entry.kind = "dir"
        opaque = new = False
        if name != b".":
            try:
                os.mkdir(name, 0o700, dir_fd=parent)
                new = True
            except FileExistsError:
                facts = os.stat(name, dir_fd=parent, follow_symlinks=False)
                if not stat.S_ISDIR(facts.st_mode):
                    opaque = self._whiteouts.is_whiteout(facts)
                    self.destination.remove(parent, name)
                    os.mkdir(name, 0o700, dir_fd=parent)
        self._times[entry.path] = entry.mtime, entry.mode
        if new and self._attributes.set_new_directory(parent, name, entry):
            return
        handle = os.open(name, DIRECTORY, dir_fd=parent)
        try:
            self._attributes.set_directory(handle, entry)
            if opaque:
                self._attributes.make_opaque(handle)
        finally:
            os.close(handle)

    def _link(self, parent: int, name: bytes, entry: Entry, target: bytes | None) -> None:
        if not target:
            raise InvalidImage("is a link to nowhere", code="image-corrupt")
        entry.kind, entry.mode, entry.target = "link", 0o777, target
        self._create(parent, name, lambda: os.symlink(target, name, dir_fd=parent))
        self._attributes.set_at(parent, name, entry)

    def _special(self, reader: Reader, parent: int, name: bytes, entry: Entry, kind: int) -> None:
        """Make a device or fifo; a device that this user may not make is only recorded."""
        entry.kind = "fifo" if kind == stat.S_IFIFO else "char" if kind == stat.S_IFCHR else "block"
        number = 0
        if kind != stat.S_IFIFO:
            major, minor = entry.device = reader.lib.major(reader.entry), reader.lib.minor(reader.entry)
            if not (0 <= major < 1 << 12 and 0 <= minor < 1 << 20):
                raise InvalidImage(f"the device number {major}:{minor} is out of range", code="image-corrupt")
            number = os.makedev(major, minor)
            if kind == stat.S_IFCHR and number == 0 and self._whiteouts.layered:
                raise InvalidImage(
                    "is a device 0:0, which overlayfs takes for a removed file", code="image-unsupported"
                )
        try:
            self._create(parent, name, lambda: os.mknod(name, kind | 0o600, number, dir_fd=parent))
        except PermissionError:
            self._attributes.record_device(entry)
            with suppress(FileNotFoundError):
                self.destination.remove(parent, name)  # what it would have replaced
        else:
            self._attributes.set_at(parent, name, entry)

    def _hard_link(self, path: bytes, target: bytes) -> None:
        wanted = relative(target, f"hard link to {shown(target)}: ")
        try:
            source, source_true, source_name = self.destination.parent(wanted, make=False)
            source = os.dup(source)
        except FileNotFoundError:
            raise self._dangling(target) from None
        try:
            parent, true, name = self.destination.parent(path)
            self._note_implied()
            try:
                facts = os.stat(source_name, dir_fd=source, follow_symlinks=False)
            except FileNotFoundError:
                raise self._dangling(target) from None
            if stat.S_ISDIR(facts.st_mode) or self._whiteouts.is_whiteout(facts):
                raise self._dangling(target)
            if true + name == source_true + source_name:
                return

            def link() -> None:
                os.link(source_name, name, src_dir_fd=source, dst_dir_fd=parent, follow_symlinks=False)

            self._create(parent, name, link)
            self._ledger.write(
                self._attributes.described(parent, name, true + name, source_true + source_name)
            )
        finally:
            os.close(source)
        self._whiteouts.wrote(true + name)

    def _dangling(self, target: bytes) -> Exception:
        if self._whiteouts.alone:
            return NeedsLower()
        return InvalidImage(f"is a hard link to {shown(target)}, which is not there", code="image-corrupt")
