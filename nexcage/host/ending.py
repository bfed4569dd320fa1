"""Waiting for the end of a process that is not our child.

Linux has descriptors of processes (pidfd_open(2)), FreeBSD reports the end of
one through kqueue(2), EVFILT_PROC with NOTE_EXIT. Both are descriptors that
poll(2) finds readable once the process has ended, a zombie included, and both
mean that one process even when its number is given to another.
"""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Protocol, Self

    class _Queue(Protocol):
        """What is used of select.kqueue, which Linux does not have."""

        def close(self) -> None: ...

        def control(self, changes: list[object], most: int) -> list[object]: ...

        def fileno(self) -> int: ...


class Ending:
    """The end of process ``pid``; opened before a signal is sent, so that it is not missed.

    A process that has gone already counts as ended. `OSError` when this host cannot watch it.
    """

    __slots__ = ("_handle", "_queue")

    def __init__(self, pid: int) -> None:
        self._handle = -1
        self._queue: _Queue | None = None
        try:
            if hasattr(os, "pidfd_open"):
                self._handle = os.pidfd_open(pid)
            else:
                self._queue = _queue(pid)
                self._handle = self._queue.fileno()
        except ProcessLookupError:
            return

    def fileno(self) -> int:
        """The descriptor that becomes readable at the end, never to be read; -1 when it has ended already."""
        return self._handle

    def within(self, seconds: float) -> bool:
        """Wait for the end; whether it came within ``seconds``. Can be asked again."""
        if self._handle < 0:
            return True
        from select import POLLIN, poll

        waiter = poll()
        waiter.register(self._handle, POLLIN)
        return bool(waiter.poll(seconds * 1000))

    def close(self) -> None:
        """Stop watching; harmless a second time."""
        if self._queue is not None:
            self._queue.close()
        elif self._handle >= 0:
            os.close(self._handle)
        self._queue, self._handle = None, -1

    def __enter__(self) -> "Self":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _queue(pid: int) -> "_Queue":
    """A queue that holds one event when the process ends; it is never taken out, so it stays readable."""
    import select

    here: ModuleType = select
    queue: _Queue = here.kqueue()
    try:
        event = here.kevent(pid, here.KQ_FILTER_PROC, here.KQ_EV_ADD, here.KQ_NOTE_EXIT)
        queue.control([event], 0)
    except BaseException:
        queue.close()
        raise
    return queue
