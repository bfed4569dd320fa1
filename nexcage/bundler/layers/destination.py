"""A directory that becomes a root file system: every name in it is reached by descriptors from its top.

No path is ever given to the kernel as a whole. A link on the way is read and
followed here, as a process would that has this directory as its root, so
nothing outside can be touched whatever the layers say.
"""

import errno
import os
import stat

from nexcage.errors import InvalidImage
from nexcage.host.files import DIRECTORY, GROUP_OF_DIRECTORY, NO_DIRECTORY, empty

HELD = 64
LINKS = 40  # as the kernel's own limit, path_resolution(7)


def relative(name: bytes, what: str = "") -> bytes:
    """The name of an entry as ``a/b``, b"" for the root; `InvalidImage` when it could lead out."""
    if name.startswith(b"/"):
        if not name.strip(b"/"):  # umoci writes the root as "/"
            return b""
        raise escape(f"{what}is an absolute name")
    if b"//" in name or b"./" in name or name.endswith((b"/", b".")):
        parts = [part for part in name.split(b"/") if part not in (b"", b".")]
        if b".." in parts:
            raise escape(f'{what}has a part that is ".."')
        return b"/".join(parts)
    return name


def shown(name: bytes) -> str:
    """``name`` in quotes, safe to print."""
    text = (name if len(name) <= 300 else name[:200] + b"...").decode("utf-8", "backslashreplace")
    return '"' + (text if text.isprintable() else ascii(text)[1:-1]) + '"'


def escape(message: str) -> InvalidImage:
    """The error for an entry that would leave the root file system."""
    return InvalidImage(
        message, code="image-escape", hint="nothing was unpacked: do not use this image, it may be hostile"
    )


class NoDirectory(InvalidImage):
    """Something that is no directory is on the way to an entry."""


class Destination:
    """The directory at descriptor ``top``; `close` when done.

    ``implied``: the directories that had to be made because no entry had named
    them, as far as `new_implied` has told them.
    """

    def __init__(self, directory: str) -> None:
        self.top = os.open(directory, DIRECTORY)
        self._regroup = GROUP_OF_DIRECTORY and os.geteuid() == 0
        self._held: dict[bytes, tuple[int, bytes]] = {}
        self._retired: list[int] = []  # the last one that was handed out may still be in use
        self._implied: list[bytes] = []
        self.implied: list[bytes] = []

    def close(self) -> None:
        """Let go of all descriptors."""
        self.forget()
        self._close_retired()
        os.close(self.top)

    def forget(self) -> None:
        """Drop what is known of directories; needed when one was removed or replaced."""
        self._retired += [handle for handle, _ in self._held.values()]
        self._held.clear()

    def _close_retired(self) -> None:
        for handle in self._retired:
            os.close(handle)
        self._retired.clear()

    def parent(self, path: bytes, *, make: bool = True) -> tuple[int, bytes, bytes]:
        """(descriptor of the directory that ``path`` lies in, the directory's true path with "/", last name).

        Directories that are missing are made when ``make``, else `FileNotFoundError`.
        The descriptor stays ours; the next call may close it.
        """
        head, slash, name = path.rpartition(b"/")
        if not slash:
            return self.top, b"", name
        handle, true = self._held.get(head) or self._directory(head, make)
        return handle, true, name

    def _directory(self, path: bytes, make: bool) -> tuple[int, bytes]:
        """The directory ``path``, links followed inside the root."""
        self._close_retired()
        above, slash, last = path.rpartition(b"/")
        known = self._held.get(above) if slash else None
        if known:  # else every level of a deep tree would be walked anew
            handle, at, todo = os.dup(known[0]), known[1].split(b"/")[:-1], [last]
        else:
            handle, at, todo = os.dup(self.top), [], path.split(b"/")[::-1]
        links = 0
        try:
            while todo:
                part = todo.pop()
                if part in (b"", b"."):
                    continue
                if part == b"..":
                    if not at:
                        raise escape("passes a link that climbs above the root")
                    at.pop()
                    handle = self._swap(handle, self._reopen(at))
                    continue
                try:
                    handle = self._swap(handle, os.open(part, DIRECTORY, dir_fd=handle))
                except OSError as error:
                    target = self._link(handle, part, error)
                    if target is not None:
                        links += 1
                        if links > LINKS:
                            raise InvalidImage("passes too many links", code="image-escape") from None
                        if target.startswith(b"/"):
                            at = []
                            handle = self._swap(handle, os.dup(self.top))
                        todo += target.split(b"/")[::-1]
                        continue
                    if error.errno != errno.ENOENT or not make:
                        raise self._no_directory(path, error) from None
                    os.mkdir(part, 0o755, dir_fd=handle)
                    if self._regroup:
                        os.chown(part, 0, 0, dir_fd=handle, follow_symlinks=False)
                    self._implied.append(b"/".join([*at, part]))
                    handle = self._swap(handle, os.open(part, DIRECTORY, dir_fd=handle))
                at.append(part)
        except BaseException:
            os.close(handle)
            raise
        if len(self._held) >= HELD:
            oldest = next(iter(self._held))
            self._retired.append(self._held.pop(oldest)[0])
        true = b"".join(part + b"/" for part in at)
        self._held[path] = handle, true
        return handle, true

    @staticmethod
    def _swap(old: int, new: int) -> int:
        os.close(old)
        return new

    def _reopen(self, parts: list[bytes]) -> int:
        handle = os.dup(self.top)
        for part in parts:
            handle = self._swap(handle, os.open(part, DIRECTORY, dir_fd=handle))
        return handle

    @staticmethod
    def _link(handle: int, name: bytes, error: OSError) -> bytes | None:
        """Where ``name`` leads if it is a link."""
        if error.errno not in NO_DIRECTORY:
            return None
        try:
            return os.readlink(name, dir_fd=handle)
        except OSError:
            return None

    @staticmethod
    def _no_directory(path: bytes, error: OSError) -> Exception:
        if error.errno == errno.ENOTDIR:
            return NoDirectory(f"lies below {shown(path)}, which is no directory", code="image-corrupt")
        if error.errno == errno.ENAMETOOLONG:
            return InvalidImage("the name is too long", code="image-corrupt")
        return error

    def new_implied(self) -> "list[bytes]":
        """The directories that were implied since the last call."""
        if not self._implied:
            return self._implied
        new, self._implied = self._implied, []
        self.implied += new
        return new

    def remove(self, handle: int, name: bytes) -> bool:
        """Remove ``name`` in the directory ``handle`` with all that is in it; whether it was a directory."""
        facts = os.stat(name, dir_fd=handle, follow_symlinks=False)
        is_directory = stat.S_ISDIR(facts.st_mode)
        if is_directory:
            empty(os.open(name, DIRECTORY, dir_fd=handle))
            os.rmdir(name, dir_fd=handle)
        else:
            os.unlink(name, dir_fd=handle)
        if is_directory or stat.S_ISLNK(facts.st_mode):
            self.forget()  # it may have been on the way to a directory that is held
        return is_directory
