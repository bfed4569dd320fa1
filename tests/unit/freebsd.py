"""Run before nexcage in a Python that is to look like FreeBSD's: what only Linux has is gone.

The names are those that CPython 3.11 does not have on FreeBSD, or not on each release of 14 and 15. Whoever
looks below /proc, /sys or /run is named on standard error, with the line of nexcage that did it.
"""

import ctypes
import errno
import fcntl
import os
import resource
import select
import stat
import sys
import traceback

GONE = {
    os: (
        "pidfd_open memfd_create listxattr getxattr setxattr removexattr unshare setns eventfd eventfd_read "
        "eventfd_write splice copy_file_range getrandom O_PATH O_NOATIME O_TMPFILE O_LARGEFILE P_PIDFD "
        "XATTR_CREATE XATTR_REPLACE XATTR_SIZE_MAX MFD_CLOEXEC MFD_ALLOW_SEALING RTLD_DEEPBIND SCHED_BATCH "
        "SCHED_IDLE SCHED_RESET_ON_FORK"
    ),
    fcntl: "F_ADD_SEALS F_GET_SEALS F_SETPIPE_SZ F_GETPIPE_SZ F_NOTIFY F_SETLEASE F_GETLEASE",
    resource: "prlimit RLIMIT_NICE RLIMIT_RTPRIO RLIMIT_RTTIME RLIMIT_SIGPENDING RLIMIT_MSGQUEUE",
    select: "epoll EPOLLIN EPOLLOUT EPOLL_CLOEXEC POLLRDHUP",
    errno: "ENODATA EBADFD EBADE EUCLEAN ENOMEDIUM ESTRPIPE EREMOTEIO ETIME ENOSR",
}
LINUX = ("/proc", "/sys", "/run")


def _look(path: object) -> None:
    text = os.fsdecode(path) if isinstance(path, str | bytes) else ""
    if text.startswith(tuple(top + "/" for top in LINUX)) or text in LINUX:
        frames = [f for f in traceback.extract_stack() if "/nexcage/" in f.filename]
        if frames:
            place = f"{frames[-1].filename.rpartition('/nexcage/')[2]}:{frames[-1].lineno}"
            print(f"LINUX ONLY: {text} by {place}", file=sys.stderr)
            raise FileNotFoundError(errno.ENOENT, "No such file or directory", text)


def _watch(event: str, words: "tuple[object, ...]") -> None:
    if event in ("open", "os.listdir", "os.scandir", "os.chdir"):
        _look(words[0])


def _looking(name: str) -> None:
    real = getattr(os, name)

    def call(path: object, *words: object, **named: object) -> object:
        _look(path)
        return real(path, *words, **named)

    setattr(os, name, call)


def _is_link(path: "str | bytes", within: "int | None") -> bool:
    try:
        return stat.S_ISLNK(_LSTAT(path, dir_fd=within).st_mode)
    except OSError:
        return False


def _regroup(path: "str | bytes", within: "int | None") -> None:
    """A new file has the group of its directory: open(2)."""
    if os.geteuid() == 0:
        above = os.path.dirname(path) or (b"." if isinstance(path, bytes) else ".")
        os.chown(path, -1, _STAT(above, dir_fd=within).st_gid, dir_fd=within, follow_symlinks=False)


def _open(path: "str | bytes", flags: int, mode: int = 0o777, *, dir_fd: "int | None" = None) -> int:
    try:
        handle = _OPEN(path, flags, mode, dir_fd=dir_fd)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR) and flags & os.O_NOFOLLOW and _is_link(path, dir_fd):
            raise OSError(errno.EMLINK, "Too many links", path) from None
        raise
    if flags & os.O_EXCL:
        _regroup(path, dir_fd)
    return handle


def _making(name: str, place: int) -> None:
    """Have ``os.NAME`` make what its argument number ``place`` names as FreeBSD would."""
    real = getattr(os, name)

    def call(*words: "str", dir_fd: "int | None" = None) -> None:
        real(*words, dir_fd=dir_fd)
        _regroup(words[place], dir_fd)

    setattr(os, name, call)


def _uname() -> os.uname_result:
    return os.uname_result(("FreeBSD", "host", "15.0-RELEASE", "FreeBSD 15.0-RELEASE GENERIC", "amd64"))


def _posix_spawn(*words: object, **named: object) -> int:
    if named.get("setsid"):  # <spawn.h> of FreeBSD has no POSIX_SPAWN_SETSID
        raise NotImplementedError("posix_spawn: setsid unavailable on this platform")
    return _SPAWN(*words, **named)  # type: ignore[arg-type]


_SPAWN = os.posix_spawn
_OPEN, _LSTAT, _STAT = os.open, os.lstat, os.stat
_PIDFD = os.pidfd_open


class _Queue:
    """select.kqueue, as far as it tells of the end of one process."""

    def __init__(self) -> None:
        self._handle = -1

    def control(self, changes: "list[int]", _most: int) -> "list[object]":
        """Each event is a pid."""
        self._handle = _PIDFD(changes[0])
        return []

    def fileno(self) -> int:
        """A descriptor to wait for."""
        return self._handle

    def close(self) -> None:
        """Let it go."""
        os.close(self._handle)


class _Libc(ctypes.CDLL):
    """The C library with sysctlbyname(3), which knows the boot, and without what is Linux's."""

    def __getattr__(self, name: str) -> "ctypes._FuncPointer":
        if name in ("mount", "umount", "umount2", "prctl"):
            raise AttributeError(f"undefined symbol: {name}")
        return super().__getattr__(name)

    def sysctlbyname(self, name: bytes, value: "ctypes.Array[ctypes.c_char]", *_: object) -> int:
        """0 when the value is known."""
        if name != b"kern.boot_id":
            return -1
        value.raw = bytes(range(16))
        return 0


def become(platform: str = "freebsd15") -> None:
    """Take from this interpreter what FreeBSD does not have."""
    import _signal

    for module, names in GONE.items():
        for name in names.split():
            if hasattr(module, name):
                delattr(module, name)
    for name in ("pidfd_send_signal", "SIGPWR", "SIGSTKFLT", "SIGPOLL", "SIGCLD"):
        if hasattr(_signal, name):
            delattr(_signal, name)
    select.kqueue, select.kevent = _Queue, lambda pid, *_: pid  # type: ignore[attr-defined]
    select.KQ_FILTER_PROC = select.KQ_EV_ADD = select.KQ_NOTE_EXIT = 0  # type: ignore[attr-defined]
    _signal.SIGRTMIN, _signal.SIGRTMAX = 65, 126
    sys.platform = platform
    for name in ("stat", "lstat", "access", "readlink"):
        _looking(name)
    os.posix_spawn = _posix_spawn  # type: ignore[assignment]
    os.open = _open  # type: ignore[assignment]
    os.uname = _uname
    for name, place in (("mkdir", 0), ("symlink", 1), ("mknod", 0)):
        _making(name, place)
    ctypes.CDLL = _Libc  # type: ignore[misc]
    sys.addaudithook(_watch)
