"""Owners, modes, attributes and times of files, as far as this user may set them.

What only root can set is recorded in the manifest and counted here, so that
`warnings` can say it.
"""

import contextlib
import errno
import hashlib
import os
import stat

from nexcage.bundler.layers.destination import shown
from nexcage.bundler.manifest.entry import Entry
from nexcage.errors import InvalidImage
from nexcage.host import attributes
from nexcage.host.files import GROUP_OF_DIRECTORY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.bundler.manifest.entry import Kind

OVERLAY = (b"trusted.overlay.", b"user.overlay.")  # what overlayfs would obey: nothing that an image may say
_OF_ROOT = (b"security.", b"trusted.")
_MOST_NAMES = 20  # of attributes in warnings
DEFAULT_ACL = b"system.posix_acl_default"
_LARGEST_ID = 2**32 - 2
_LARGEST_TIME = 2**62
_KINDS: "dict[int, Kind]" = {
    stat.S_IFREG: "file",
    stat.S_IFLNK: "link",
    stat.S_IFCHR: "char",
    stat.S_IFBLK: "block",
    stat.S_IFIFO: "fifo",
    stat.S_IFSOCK: "socket",
}


class Attributes:
    """Sets attributes; ``owners`` is "set" or, once one could not be, "recorded"."""

    def __init__(self) -> None:
        self.root = os.geteuid() == 0
        self.owners = "set" if self.root else "recorded"
        self._created_as_root = self.root and not GROUP_OF_DIRECTORY
        self._default_acls: dict[bytes, bytes] = {}
        self._recorded: dict[bytes, tuple[int, int]] = {}  # files whose owner is not the one on disk
        self._strangers = 0
        self._devices = 0
        self._unsupported: dict[str, int] = {}

    def begin(self, top: int) -> None:
        """Give the root directory at descriptor ``top`` what it has until an entry describes it."""
        for name in attributes.names(top):
            if name.startswith("system.posix_acl_"):  # else all that is made below it inherits them
                self._drop(top, name)
        os.fchmod(top, 0o755)  # whatever the umask, or a set-group-ID directory above, made of it
        if self.root:
            os.fchown(top, 0, 0)

    @staticmethod
    def takes(xattrs: dict[bytes, bytes]) -> dict[bytes, bytes]:
        """Of attributes that an archive has, those that can be set here at all: all of them, or none."""
        if not xattrs or attributes.AVAILABLE:
            return xattrs
        attributes.left_out()
        return {}

    def initial(self, mode: int) -> int:
        """The mode to create a file with."""
        return mode & 0o777 if self.root else 0o600

    def set(self, handle: int, entry: Entry) -> None:
        """Give the open file ``handle`` the owner, mode, attributes and time of ``entry``."""
        _check(entry)
        if not self._created_as_root or entry.uid or entry.gid:
            self._own(handle, None, entry)
        if entry.xattrs:
            self._give(handle, entry)
        if not self.root or entry.mode & 0o7000:
            os.fchmod(handle, entry.mode)
        os.utime(handle, ns=(entry.mtime, entry.mtime))

    def set_new_directory(self, parent: int, name: bytes, entry: Entry) -> bool:
        """As `set_directory`, without opening what was just made; False where that does not do."""
        if not self.root or entry.xattrs:
            return False
        _check(entry)
        if not self._created_as_root or entry.uid or entry.gid:
            self._own(name, parent, entry)
        os.chmod(name, entry.mode & ~stat.S_ISGID, dir_fd=parent)
        return True

    def set_directory(self, handle: int, entry: Entry) -> None:
        """As `set`, but for the time, and for a user without root the mode: `finish_directory` comes last."""
        _check(entry)
        self._own(handle, None, entry)
        given = dict(entry.xattrs)
        acl = given.pop(DEFAULT_ACL, b"")
        entry.xattrs = given
        for old in attributes.names(handle):  # of an earlier layer
            if os.fsencode(old) not in entry.xattrs and not os.fsencode(old).startswith(OVERLAY):
                self._drop(handle, old)
        if entry.xattrs:
            self._give(handle, entry)
        self._default_acls.pop(entry.path, None)
        if acl:  # what is created in it must not inherit that, nor its group
            self._default_acls[entry.path] = acl
            entry.xattrs = {**entry.xattrs, DEFAULT_ACL: acl}
        if self.root:
            os.fchmod(handle, entry.mode & ~stat.S_ISGID)

    @staticmethod
    def _drop(handle: int, name: str) -> None:
        try:
            os.removexattr(handle, name)
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.ENODATA):
                raise  # else set by the system, such as a label

    def finish_directory(self, parent: int, name: bytes, path: bytes, moment: int, mode: int) -> None:
        """Set what writing into the directory ``path`` changes, or what changes that."""
        if not stat.S_ISDIR(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode):
            return  # it was replaced later
        acl = self._default_acls.pop(path, b"")
        if acl:
            late = Entry(path, "dir", mode, 0, 0, xattrs={DEFAULT_ACL: acl})
            self._give(f"/proc/self/fd/{parent}/".encode() + name, late)
        if not self.root or mode & stat.S_ISGID:
            os.chmod(name, mode, dir_fd=parent)
        os.utime(name, ns=(moment, moment), dir_fd=parent, follow_symlinks=False)

    def set_at(self, parent: int, name: bytes, entry: Entry) -> None:
        """As `set`, for what cannot be opened: links, devices, fifos."""
        _check(entry)
        if not self._created_as_root or entry.uid or entry.gid:
            self._own(name, parent, entry)
        if entry.xattrs:
            self._give(f"/proc/self/fd/{parent}/".encode() + name, entry)
        if entry.kind != "link":
            os.chmod(name, entry.mode, dir_fd=parent)
        os.utime(name, ns=(entry.mtime, entry.mtime), dir_fd=parent, follow_symlinks=False)

    def _own(self, target: int | bytes, parent: int | None, entry: Entry) -> None:
        if self.root:
            try:
                if parent is None:
                    os.chown(target, entry.uid, entry.gid)
                else:
                    os.chown(target, entry.uid, entry.gid, dir_fd=parent, follow_symlinks=False)
                return
            except OSError as error:
                if error.errno not in (errno.EPERM, errno.EINVAL):  # in a user namespace without that id
                    raise
                self.owners = "recorded"
        if entry.uid or entry.gid:
            self._strangers += 1
            self._recorded[entry.path] = entry.uid, entry.gid
        else:
            self._recorded.pop(entry.path, None)

    def _give(self, target: int | bytes, entry: Entry) -> None:
        """Set the attributes; what the file system or this user cannot have is counted, and leaves the entry.

        What only root may set stays in it: the manifest records that.
        """
        kept = dict(entry.xattrs)
        for name, value in entry.xattrs.items():
            if name.startswith(OVERLAY):
                self._count(name, " (never taken from an image)")
                del kept[name]
                continue
            try:
                os.setxattr(target, name, value, follow_symlinks=isinstance(target, int))
            except OSError as error:
                if error.errno not in (errno.ENOTSUP, errno.EPERM, errno.EACCES):
                    raise
                self._count(name)
                if error.errno != errno.ENOTSUP and name.startswith(_OF_ROOT):
                    self.owners = "recorded"
                else:
                    del kept[name]
        entry.xattrs = kept

    def _count(self, name: bytes, why: str = "") -> None:
        known = shown(name) + why
        if known not in self._unsupported and len(self._unsupported) >= _MOST_NAMES:
            known = "of further names"
        self._unsupported[known] = self._unsupported.get(known, 0) + 1

    def record_device(self, entry: Entry) -> None:
        """Count a device that this user may not make."""
        _check(entry)
        self._devices += 1
        self.owners = "recorded"

    @staticmethod
    def make_whiteout(parent: int, name: bytes) -> None:
        """What overlayfs takes for "removed"; `FileExistsError` when the layer has that name."""
        os.mknod(name, stat.S_IFCHR, 0, dir_fd=parent)

    @staticmethod
    def make_opaque(handle: int) -> None:
        """Hide from overlayfs what lower layers have in this directory."""
        os.setxattr(handle, b"trusted.overlay.opaque", b"y")

    def described(self, parent: int, name: bytes, path: bytes, target: bytes) -> Entry:
        """The entry of a hard link: what is true of the file it leads to, read from disk."""
        facts = os.stat(name, dir_fd=parent, follow_symlinks=False)
        kind = _KINDS[stat.S_IFMT(facts.st_mode)]
        uid, gid = self._recorded.get(target, (facts.st_uid, facts.st_gid) if self.root else (0, 0))
        entry = Entry(path, kind, stat.S_IMODE(facts.st_mode), uid, gid, mtime=facts.st_mtime_ns)
        if (uid, gid) != (0, 0) and target in self._recorded:
            self._recorded[path] = uid, gid
        if kind == "file":
            entry.size = facts.st_size
            handle = _opened(name, parent, entry.mode)
            with open(handle, "rb", buffering=0) as file:
                entry.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
                entry.xattrs = attributes.read(handle)
            return entry
        place = f"/proc/self/fd/{parent}/".encode() + name
        with contextlib.suppress(OSError):  # a file system without
            entry.xattrs = attributes.read(place)
        if kind == "link":
            entry.target = os.readlink(name, dir_fd=parent)
        elif kind in ("char", "block"):
            entry.device = os.major(facts.st_rdev), os.minor(facts.st_rdev)
        return entry

    def warnings(self) -> list[str]:
        """What could not be set, a sentence each."""
        said = []
        if self._strangers:
            said.append(
                f"{self._strangers} files belong to users that only root can give them to: "
                "they are yours here, the manifest has their owners"
            )
        if self._devices:
            said.append(f"{self._devices} devices were left out: only root can make them")
        for name, count in sorted(self._unsupported.items()):
            said.append(f"the attribute {name} could not be set on {count} files")
        return said


def _opened(name: bytes, parent: int, mode: int) -> int:
    """A file of ours for reading, also when its ``mode`` does not let us."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        return os.open(name, flags, dir_fd=parent)
    except PermissionError:
        os.chmod(name, 0o400, dir_fd=parent)
        try:
            return os.open(name, flags, dir_fd=parent)
        finally:
            os.chmod(name, mode, dir_fd=parent)


def check_time(moment: int) -> None:
    """`InvalidImage` for a time in nanoseconds that no file can have."""
    if abs(moment) >= _LARGEST_TIME:
        raise InvalidImage("the time is out of range", code="image-corrupt")


def _check(entry: Entry) -> None:
    if not (0 <= entry.uid <= _LARGEST_ID and 0 <= entry.gid <= _LARGEST_ID):
        raise InvalidImage(f"the owner {entry.uid}:{entry.gid} is out of range", code="image-corrupt")
