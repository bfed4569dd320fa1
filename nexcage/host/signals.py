"""Signals: names and numbers, passing them on, and being asked to stop.

The C module under ``signal`` is used directly: ``signal`` itself imports
``enum`` and costs half an interpreter start.
"""

import _signal  # type: ignore[import-not-found]
import os

from nexcage.errors import Interrupted, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

_REALTIME = (_signal.SIGRTMIN, _signal.SIGRTMAX)  # Linux: 34 to 64, FreeBSD: 65 to 126
_OFFSETS = frozenset(map(str, range(31)))
# left alone: they speak of our own process, or of the terminal that the child shares with us
_NOT_RELAYED = ("SIGKILL", "SIGSTOP", "SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGTRAP", "SIGABRT")
_JOB_CONTROL = ("SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGCONT")
# FreeBSD throws these away even while they are blocked, unless there is a handler
_DISCARDED = ("SIGCHLD", "SIGURG", "SIGIO", "SIGWINCH", "SIGINFO")
# si_code of kill(2), sigqueue(2) and thr_kill(2) on FreeBSD; on Linux theirs are 0 and below
_FROM_A_PROCESS = (0x10001, 0x10002, 0x10007)


def number(text: str) -> int:
    """The number of a signal given as ``9``, ``KILL``, ``SIGKILL``, any case, or ``RTMIN+1``.

    Raises `UsageError` for a name or number that is no signal of this host.
    """
    name = text.upper().removeprefix("SIG") if text.isascii() else ""
    value = 0
    if name.isascii() and name.isdigit():
        value = int(name[:4])
    elif name[:5] in ("RTMIN", "RTMAX"):
        base = _REALTIME[name[:5] == "RTMAX"]
        offset = name[5:] or "+0"
        if offset[0] in "+-" and offset[1:] in _OFFSETS:
            value = base + int(offset)
            value = value if _REALTIME[0] <= value <= _REALTIME[1] else 0
    else:
        found = getattr(_signal, "SIG" + name, None)
        value = found if isinstance(found, int) and name.isalnum() else 0
    if not 1 <= value <= _REALTIME[1]:
        raise UsageError(
            f"unknown signal {text!a}".replace("'", '"'),
            code="invalid-signal",
            hint=f"a number from 1 to {_REALTIME[1]} or a name such as TERM, SIGKILL or RTMIN+1",
        )
    return value


class Held:
    """While this context lasts, signals wait for `relay` instead of ending us; gives the mask before."""

    def __enter__(self) -> list[int]:
        skip = {getattr(_signal, name) for name in _NOT_RELAYED + _JOB_CONTROL}
        self._taken = _signal.valid_signals() - skip
        self._before = _signal.pthread_sigmask(_signal.SIG_BLOCK, self._taken)
        numbers = [getattr(_signal, name) for name in _DISCARDED if hasattr(_signal, name)]
        self._kept = [n for n in numbers if _signal.getsignal(n) == _signal.SIG_DFL]
        for number in self._kept:
            _signal.signal(number, _nothing)
        return sorted(self._before)

    def __exit__(self, *_: object) -> None:
        for number in self._kept:
            _signal.signal(number, _signal.SIG_DFL)
        _signal.pthread_sigmask(_signal.SIG_SETMASK, self._before)


def _nothing(_number: int, _frame: object) -> None:
    """Never called: its signals are blocked and taken by `relay`."""


def relay(pid: int) -> int:
    """Wait for ``pid`` inside `Held` and pass it every signal that arrives; its wait status.

    A signal that the kernel sent (Ctrl-C, hang-up of the terminal) reached the
    whole process group, ``pid`` included, and is not sent a second time.
    """
    waited = _signal.pthread_sigmask(_signal.SIG_BLOCK, ())
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return status
        event = _signal.sigwaitinfo(waited)
        from_kernel = event.si_code > 0 and event.si_code not in _FROM_A_PROCESS
        if event.si_signo != _signal.SIGCHLD and not from_kernel:
            try:
                os.kill(pid, event.si_signo)
            except ProcessLookupError:
                continue


def send(pid: int, number: int) -> None:
    """Send signal ``number``; a process that has ended meanwhile needs none."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def hold_back() -> set[int]:
    """Let INT, TERM and HUP wait until `let_go`; returns the mask before.

    For the moment in which a program is started: until its pid is known, nobody could end it.
    """
    before: set[int] = _signal.pthread_sigmask(_signal.SIG_BLOCK, Undoing.signals)
    return before


def let_go(before: set[int]) -> None:
    """Restore the mask; a signal that waited comes now."""
    _signal.pthread_sigmask(_signal.SIG_SETMASK, before)


class Undoing:
    """While this context lasts, INT, TERM and HUP raise `Interrupted`, so that undo runs."""

    signals = (_signal.SIGINT, _signal.SIGTERM, _signal.SIGHUP)
    _depth = 0  # inside another one, a context leaves everything to that

    def __enter__(self) -> None:
        Undoing._depth += 1
        if Undoing._depth == 1:
            self._before = [_signal.getsignal(s) for s in self.signals]
            for s, before in zip(self.signals, self._before, strict=True):
                if before is not _signal.SIG_IGN:  # nohup: the caller wants us to go on
                    _signal.signal(s, self._raise)

    @staticmethod
    def _raise(signal: int, _frame: object) -> None:
        # once: a second Ctrl-C must not cut the undo short
        for s in Undoing.signals:
            _signal.signal(s, _signal.SIG_IGN)
        raise Interrupted(signal)

    def __exit__(self, kind: object, error: object, trace: "TracebackType | None") -> None:
        Undoing._depth -= 1
        if Undoing._depth == 0:
            for s, handler in zip(self.signals, self._before, strict=True):
                _signal.signal(s, handler)
