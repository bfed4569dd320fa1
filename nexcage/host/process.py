"""The one place that starts programs.

An argv list, never a shell. Three ways: `run` captures (probes, facts),
`attached` hands our own stdio on and waits (create, start), `foreground` also
relays signals (run, exec). ``subprocess`` would cost more than the interpreter
itself, so this stands on ``posix_spawn``.
"""

import os
import time

from nexcage import log
from nexcage.errors import CommandFailed, DriverUnavailable, NexcageError, Timeout
from nexcage.host import signals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    Action = tuple[int, int, int] | tuple[int, int, str, int, int]

# what Python ignores at start-up and a container must not inherit ignored
_DEFAULT_SIGNALS = (13, 25)  # SIGPIPE, SIGXFSZ
_NULL_INPUT = (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0)
GRACE = 2.0
PROBE_ENV = ("PATH", "HOME", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS")


class Completed:
    """A program that ended: ``argv``, ``status`` (128+n for signal n), ``stdout``, ``stderr``."""

    __slots__ = ("argv", "status", "stderr", "stdout")

    def __init__(self, argv: list[str], status: int, stdout: str = "", stderr: str = "") -> None:
        self.argv = argv
        self.status = status
        self.stdout = stdout
        self.stderr = stderr

    def check(self) -> "Completed":
        """Return self, or raise `CommandFailed` with what the program said last."""
        if self.status == 0:
            return self
        said = self.stderr.strip().rsplit("\n", 1)[-1] or ending(self.status)
        raise CommandFailed(
            f"{os.path.basename(self.argv[0])}: {said}",
            argv=paste(self.argv),
            status=self.status,
            stderr=self.stderr,
        )


def paste(argv: list[str]) -> str:
    """``argv`` as a line that can be pasted into a shell."""
    plain = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-")
    return " ".join(a if a and plain.issuperset(a) else "'" + a.replace("'", "'\"'\"'") + "'" for a in argv)


def ending(status: int) -> str:
    """``status`` in words: "exit status 3", "killed by signal 9"."""
    return f"killed by signal {status - 128}" if 128 < status <= 192 else f"exit status {status}"


def was_killed(error: NexcageError) -> bool:
    """Whether the program that failed was ended by a signal, and so has undone nothing."""
    return int(str(error.data.get("status", 0))) > 128


def which(program: str, path: str | None = None) -> str:
    """The absolute path of ``program`` on PATH, or "" when it is not installed."""
    if "/" in program:
        usable = os.access(program, os.X_OK) and not os.path.isdir(program)
        return os.path.abspath(program) if usable else ""
    for directory in (path or os.environ.get("PATH") or os.defpath).split(":"):
        candidate = os.path.join(directory or ".", program)
        if os.access(candidate, os.X_OK) and not os.path.isdir(candidate):
            return os.path.abspath(candidate)
    return ""


def _spawn(argv: list[str], env: dict[str, str], actions: "list[Action]", mask: "Iterable[int]") -> int:
    try:
        return os.posix_spawn(
            argv[0], argv, env, file_actions=actions, setsigdef=_DEFAULT_SIGNALS, setsigmask=mask
        )
    except (FileNotFoundError, PermissionError) as error:
        raise DriverUnavailable(f"cannot start {argv[0]}: {(error.strerror or '').lower()}") from None


def probe_environment() -> dict[str, str]:
    """The environment of programs whose output we read: little of ours, and plain English."""
    env = {name: os.environ[name] for name in PROBE_ENV if name in os.environ}
    env["LC_ALL"] = "C.UTF-8"
    return env


def run(
    argv: list[str],
    *,
    timeout: float = 30.0,
    env: dict[str, str] | None = None,
    input: bytes | None = None,
    grace: float = 0.0,
) -> Completed:
    """Run ``argv`` with ``input`` (None: /dev/null) and capture what it prints.

    ``env`` is its environment, `probe_environment` unless given. After
    ``timeout`` seconds the program is ended and `Timeout` raised; it is killed,
    but with a ``grace`` of seconds asked first, so that it can clean up.
    """
    began = time.monotonic()
    given = -1 if input is None else _held(input)
    out_read, out_write = os.pipe()
    err_read, err_write = os.pipe()
    try:
        before = signals.hold_back()
        try:
            actions: list[Action] = [
                _NULL_INPUT if given < 0 else (os.POSIX_SPAWN_DUP2, given, 0),
                (os.POSIX_SPAWN_DUP2, out_write, 1),
                (os.POSIX_SPAWN_DUP2, err_write, 2),
            ]
            pid = _spawn(argv, probe_environment() if env is None else env, actions, before)
        except BaseException:
            signals.let_go(before)
            raise
        finally:
            os.close(out_write)
            os.close(err_write)
            if given >= 0:
                os.close(given)
        try:
            signals.let_go(before)
            texts = _drain([out_read, err_read], began + timeout, pid)
        except BaseException:
            _end(pid, grace)
            raise
        if texts is None:
            _end(pid, grace)
            _trace(argv, began, None)
            raise Timeout(f"{paste(argv)} did not end within {timeout:g} s")
    finally:
        os.close(out_read)
        os.close(err_read)
    status = _status(os.waitpid(pid, 0)[1])
    _trace(argv, began, status)
    return Completed(argv, status, texts[0].decode(errors="replace"), texts[1].decode(errors="replace"))


def _held(data: bytes) -> int:
    """A descriptor from which ``data`` can be read."""
    if hasattr(os, "memfd_create"):
        handle = os.memfd_create("input", os.MFD_CLOEXEC)
    else:  # nothing can be imported in a jail, where hooks run
        path = f"/tmp/.{os.urandom(16).hex()}"  # noqa: S108
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        os.unlink(path)
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]
    os.lseek(handle, 0, os.SEEK_SET)
    return handle


def _end(pid: int, grace: float) -> None:
    if grace:
        os.kill(pid, 15)
        if _ends_within(pid, grace):
            return
    os.kill(pid, 9)
    os.waitpid(pid, 0)


def _drain(handles: list[int], deadline: float, pid: int) -> list[bytes] | None:
    """What is written to the pipes until ``pid`` ends; None when that takes too long.

    A hook may leave a process behind that keeps them open: that one is not waited for.
    """
    from select import POLLHUP, POLLIN, poll

    from nexcage.host.ending import Ending

    watched = poll()
    texts = {handle: bytearray() for handle in handles}
    for handle in handles:
        watched.register(handle, POLLIN | POLLHUP)
    open_ones = set(handles)
    end = Ending(pid)
    ended = end.fileno()
    try:
        if ended >= 0:
            watched.register(ended, POLLIN)
        while open_ones or ended >= 0:
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            ready = [handle for handle, _ in watched.poll(min(left, 3600) * 1000)]
            if ready == [ended]:
                break
            for handle in ready:
                if handle == ended:
                    continue
                block = os.read(handle, 65536)
                if block:
                    texts[handle] += block
                else:
                    watched.unregister(handle)
                    open_ones.remove(handle)
    finally:
        end.close()
    return [bytes(texts[handle]) for handle in handles]


def attached(argv: list[str], stdio: str = "inherit") -> int:
    """Run ``argv`` with our environment, stdio, extra descriptors, umask and directory.

    Returns its status. ``stdio`` is ``inherit``, ``null``, or the path of a
    file that takes both output streams.
    """
    began = time.monotonic()
    before = signals.hold_back()
    try:
        pid = _spawn(argv, dict(os.environ), _redirections(stdio), before)
    except BaseException:
        signals.let_go(before)
        raise
    try:
        signals.let_go(before)
        status = _status(os.waitpid(pid, 0)[1])
    except BaseException:
        _let_end(pid)
        raise
    _trace(argv, began, status)
    return status


def _let_end(pid: int) -> None:
    """End a driver after an interruption: cut short in a create, it would leave a frozen child.

    So it gets time to end by itself, then the hooks that it waits for are
    killed, so that it fails and cleans up, and only then itself.
    """
    if _ends_within(pid, GRACE):
        return
    from nexcage.host.leftovers import descendants

    for child in descendants({pid}):
        _kill(child)
    if not _ends_within(pid, GRACE):
        _kill(pid)
        os.waitpid(pid, 0)


def _ends_within(pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if os.waitpid(pid, os.WNOHANG)[0]:
            return True
        time.sleep(0.01)
    return False


def _kill(pid: int) -> None:
    try:
        os.kill(pid, 9)
    except ProcessLookupError:
        return


def started(argv: list[str], stdio: str = "inherit", terminal: int = -1) -> int:
    """Start ``argv`` as `attached` does, or on ``terminal``, and return its pid at once."""
    began = time.monotonic()
    before = signals.hold_back()
    actions: list[Action] = [(os.POSIX_SPAWN_DUP2, terminal, handle) for handle in (0, 1, 2)]
    try:
        pid = _spawn(argv, dict(os.environ), _redirections(stdio) if terminal < 0 else actions, before)
    finally:
        signals.let_go(before)
    _trace(argv, began, None, pid)
    return pid


def followed(pid: int, terminal: int = -1) -> int:
    """Wait for a child and pass on what we are sent until it ends; its status.

    Signals, and with ``terminal``, our end of its one, also what is typed and printed.
    """
    if terminal >= 0:
        from nexcage.host import pty

        return _status(pty.relay(terminal, pid))
    with signals.Held():
        return _status(signals.relay(pid))


def detached(argv: list[str], settling: float = 0.3) -> int:
    """Start ``argv`` in a session of its own, attached to nothing, and leave it.

    Returns its status if it ends within ``settling`` seconds (then it may have failed to begin), else 0.
    """
    before = signals.hold_back()
    try:
        pid = os.posix_spawn(
            argv[0],
            argv,
            dict(os.environ),
            file_actions=_redirections("null"),
            setsigdef=_DEFAULT_SIGNALS,
            setsigmask=before,
            setsid=True,
        )
    except (FileNotFoundError, PermissionError) as error:
        raise DriverUnavailable(f"cannot start {argv[0]}: {(error.strerror or '').lower()}") from None
    finally:
        signals.let_go(before)
    began = time.monotonic()
    while time.monotonic() < began + settling:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            _trace(argv, began, _status(status))
            return _status(status)
        time.sleep(0.01)
    _trace(argv, began, None, pid)
    return 0


def foreground(argv: list[str], stdio: str = "inherit") -> int:
    """As `attached`, and pass on every signal that we are sent until it ends."""
    began = time.monotonic()
    with signals.Held() as before:
        pid = _spawn(argv, dict(os.environ), _redirections(stdio), before)
        status = _status(signals.relay(pid))
    _trace(argv, began, status)
    return status


def _redirections(stdio: str) -> "list[Action]":
    if stdio == "inherit":
        return []
    path, flags = stdio, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
    if stdio == "null":
        path, flags = "/dev/null", os.O_WRONLY
    return [_NULL_INPUT, (os.POSIX_SPAWN_OPEN, 1, path, flags, 0o600), (os.POSIX_SPAWN_DUP2, 1, 2)]


def _status(wait_status: int) -> int:
    code = os.waitstatus_to_exitcode(wait_status)
    return code if code >= 0 else 128 - code


def _trace(argv: list[str], began: float, status: int | None, pid: int = 0) -> None:
    """Tell of a program that ended with ``status``, was ended (None), or goes on as ``pid``."""
    if not log.debugging():
        return
    from nexcage import redact

    command = paste(redact.shown(argv, redact.secrets(argv)))
    if pid:
        log.debug("started " + command, pid=pid)
        return
    took = round((time.monotonic() - began) * 1000, 1)
    log.debug(
        "ran " + command, status="ended for taking too long" if status is None else status, duration_ms=took
    )
