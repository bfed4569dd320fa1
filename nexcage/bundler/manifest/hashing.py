"""SHA-256 of files: small ones at once, large ones by a second thread, so that both cores work.

hashlib and reading let go of the interpreter; a third thread would only wait.
"""

import errno
import os
from hashlib import sha256
from queue import Full, Queue
from threading import Event, Thread

from nexcage.bundler.manifest.entry import Entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LARGE = 256 << 10  # below, handing a file over costs more than it saves
WAITING = 8  # open files that may wait for the thread
BUFFER = 1 << 20
_ZEROS = bytes(BUFFER)


class Hasher:
    """Fills ``sha256`` of entries; ``trouble`` is told (path, error) in the caller's thread."""

    def __init__(self, trouble: "Callable[[bytes, OSError], None]") -> None:
        self.trouble = trouble
        self.buffer = memoryview(bytearray(BUFFER))
        self.thread: Thread | None = None
        self.jobs: Queue[tuple[Entry, int] | None] = Queue(WAITING)
        self.done: Queue[tuple[Entry, OSError | None]] = Queue()
        self.stop = Event()

    def take(self, entry: Entry, handle: int) -> "Iterator[Entry]":
        """Hash ``entry`` from ``handle``, which is closed then; yields whatever is finished."""
        if entry.size >= LARGE:
            self._begin()
            try:
                self.jobs.put_nowait((entry, handle))
            except Full:  # both have enough to do
                pass
            else:
                yield from self._finished()
                return
        error = self._hash(entry, handle, self.buffer)
        yield self._told(entry, error)
        yield from self._finished()

    def rest(self) -> "Iterator[Entry]":
        """Wait for what the thread still has."""
        if self.thread is not None:
            self.jobs.put(None)
            self.thread.join()
            self.thread = None
        yield from self._finished()

    def close(self) -> None:
        """Give up what is not finished."""
        self.stop.set()
        for _ in self.rest():
            pass

    def _begin(self) -> None:
        if self.thread is None:
            self.thread = Thread(target=self._work, name="hash", daemon=True)
            self.thread.start()

    def _work(self) -> None:
        buffer = memoryview(bytearray(BUFFER))
        while job := self.jobs.get():
            entry, handle = job
            self.done.put((entry, self._hash(entry, handle, buffer)))

    def _finished(self) -> "Iterator[Entry]":
        while self.thread is None or self.done.qsize():
            if not self.done.qsize():
                return
            yield self._told(*self.done.get())

    def _told(self, entry: Entry, error: OSError | None) -> Entry:
        if error is not None and not self.stop.is_set():
            self.trouble(entry.path, error)
        return entry

    def _hash(self, entry: Entry, handle: int, buffer: memoryview) -> OSError | None:
        try:
            entry.sha256 = digest(handle, entry.size, buffer, self.stop)
        except OSError as error:
            return error
        finally:
            os.close(handle)
        return None


def digest(handle: int, size: int, buffer: memoryview, stop: Event) -> str:
    """SHA-256 in hex of the first ``size`` bytes; holes are not read."""
    if size <= len(buffer):
        return sha256(os.pread(handle, size, 0) if size else b"").hexdigest()
    summed = sha256()
    at = 0
    while at < size and not stop.is_set():
        begin, end = _extent(handle, at, size)
        while at < begin:
            count = min(begin - at, len(_ZEROS))
            summed.update(_ZEROS[:count] if count < len(_ZEROS) else _ZEROS)
            at += count
        while at < end and not stop.is_set():
            count = os.preadv(handle, [buffer[: min(end - at, len(buffer))]], at)
            if not count:
                return summed.hexdigest()  # it was cut while we read
            summed.update(buffer[:count])
            at += count
    return summed.hexdigest()


def _extent(handle: int, at: int, size: int) -> tuple[int, int]:
    """The next stretch of data from ``at`` on; empty at ``size`` when there is none."""
    try:
        begin = os.lseek(handle, at, os.SEEK_DATA)
        end = os.lseek(handle, begin, os.SEEK_HOLE)
    except OSError as error:
        if error.errno == errno.ENXIO:
            return size, size
        return at, size  # a file system that does not tell
    return min(begin, size), min(end, size)
