"""A small root file system that is made of single files of this machine."""

import os
import stat

from nexcage.bundler.copy_file import Data, copy_xattrs
from nexcage.errors import NexcageError, NotFound, from_os
from nexcage.host import files

MERGED = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
_DIRECTORIES = {
    "dev": 0o755, "etc": 0o755, "proc": 0o755, "root": 0o700, "run": 0o755,
    "sys": 0o755, "tmp": 0o1777, "var": 0o755, "var/tmp": 0o1777,
}  # fmt: skip
_FILES = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n",
    "etc/group": "root:x:0:\ntty:x:5:\nnogroup:x:65534:\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
}
_MOST_LINKS = 40


class Skeleton:
    """Writes into the empty directory ``root``, which nobody else writes to.

    Times are those of the files; directories and what is made up have the
    latest of them, or all have SOURCE_DATE_EPOCH when that is set.
    """

    def __init__(self, root: str) -> None:
        self._root = os.path.realpath(root)
        self._data = Data(None)
        self._latest = 0
        self._made: list[str] = []
        self._links: dict[str, int] = {}
        self._epoch = _epoch()
        self.lost: dict[str, int] = {}

    def _inside(self, path: str) -> str:
        return os.path.join(self._root, path.lstrip("/"))

    def merged_directories(self) -> None:
        """Make /bin and the like the links that they are here."""
        for name in MERGED:
            if os.path.islink("/" + name):
                self.take("/" + name)

    def take(self, path: str) -> None:
        """Copy the file at ``path``, and every link on the way to it; a directory is only made."""
        todo = [part for part in path.split("/") if part][::-1]
        at: list[str] = []
        links = 0
        while todo:
            part = todo.pop()
            if part in ("", "."):
                continue
            if part == "..":
                at = at[:-1]
                continue
            here = "/" + "/".join([*at, part])
            try:
                facts = os.lstat(here)
            except FileNotFoundError:
                raise NotFound(
                    f'"{path}" does not exist: "{here}" is missing', code="source-missing"
                ) from None
            except OSError as error:
                raise from_os(error, f'cannot read "{here}"') from None
            if stat.S_ISLNK(facts.st_mode):
                links += 1
                if links > _MOST_LINKS:
                    raise NexcageError(f'the links of "{path}" do not end', code="source-invalid")
                target = os.readlink(here)
                self._link(here, target, facts)
                at = [] if target.startswith("/") else at
                todo += target.split("/")[::-1]
            elif stat.S_ISDIR(facts.st_mode):
                at.append(part)
                self._directory(here)
            else:
                self._file(here, facts)
                return

    def _directory(self, path: str) -> None:
        inside = self._inside(path)
        if not os.path.isdir(inside):
            os.mkdir(inside)
            os.chmod(inside, 0o755)
            self._made.append(inside)

    def _link(self, path: str, target: str, facts: os.stat_result) -> None:
        inside = self._inside(path)
        if not os.path.lexists(inside):
            os.symlink(target, inside)
            self._links[inside] = facts.st_mtime_ns
            self._latest = max(self._latest, facts.st_mtime_ns)

    def _file(self, path: str, facts: os.stat_result) -> None:
        inside = self._inside(path)
        if os.path.lexists(inside):
            return
        if not stat.S_ISREG(facts.st_mode):
            raise NexcageError(f'"{path}" is not a regular file', code="source-invalid")
        try:
            source = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError as error:
            raise from_os(error, f'cannot read "{path}"') from None
        try:
            facts = os.fstat(source)
            target = os.open(inside, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            try:
                self._data.copy(source, target, facts)
                if os.geteuid() == 0:
                    os.fchown(target, facts.st_uid, facts.st_gid)
                for name in copy_xattrs(source, target):
                    self.lost[name] = self.lost.get(name, 0) + 1
                os.fchmod(target, stat.S_IMODE(facts.st_mode))
                time = facts.st_mtime_ns if self._epoch is None else self._epoch
                os.utime(target, ns=(time, time))
            finally:
                os.close(target)
        finally:
            os.close(source)
        self._latest = max(self._latest, facts.st_mtime_ns)

    def applets(self, program: str, names: list[str]) -> None:
        """Links to ``program`` at ``names`` ("bin/sh"), where nothing is yet."""
        real = files.inside(self._root, os.path.realpath(program))
        for name in sorted(names):
            where, _, last = name.rpartition("/")
            if last in ("", ".", "..", "linuxrc"):  # the last one is for initial ram disks
                continue
            at = self._made_inside(where)
            link = os.path.join(at, last)
            if not os.path.lexists(link):
                os.symlink(os.path.relpath(real, at), link)
                self._links[link] = -1

    def _made_inside(self, path: str) -> str:
        """The directory ``path`` of the tree, made if it is not there, links resolved within the tree."""
        at = self._root
        for part in path.split("/"):
            at = files.inside(self._root, os.path.join(at.removeprefix(self._root), part))
            self._directory(at.removeprefix(self._root))
        return at

    def system_files(self) -> None:
        """The directories and files that programs expect of every system."""
        for path, mode in _DIRECTORIES.items():
            os.chmod(self._made_inside(path), mode)
        for path, text in _FILES.items():
            inside = self._inside(path)
            handle = os.open(inside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
            try:
                os.write(handle, text.encode())
                os.fchmod(handle, 0o644)
            finally:
                os.close(handle)
            self._made.append(inside)

    def finish(self) -> None:
        """Set the times of what was made, from the deepest to the root."""
        latest = self._latest if self._epoch is None else self._epoch
        for path, own in self._links.items():
            time = own if own >= 0 and self._epoch is None else latest
            os.utime(path, ns=(time, time), follow_symlinks=False)
        for path in [*reversed(self._made), self._root]:
            os.utime(path, ns=(latest, latest))


def _epoch() -> int | None:
    """SOURCE_DATE_EPOCH in nanoseconds (reproducible-builds.org), None when it is not set."""
    text = os.environ.get("SOURCE_DATE_EPOCH", "")
    return int(text) * 1_000_000_000 if text.isascii() and text.isdigit() and len(text) < 11 else None
