"""A look at the host in a process of its own: one that hangs or dies costs a look, and no memory stays.

This is a copy of ours (fork), not another program: there are no threads here
that it could miss, and it runs the code that we run, also after an update.
"""

import os
import signal
import time
from contextlib import suppress

from nexcage import log
from nexcage.jsontext import dumps, loads
from nexcage.watch.gather import Look

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_BLOCK = 1 << 20
_LARGEST = 32 << 20  # bytes of an answer
_GRACE = 2.0  # seconds


class Looking:
    """``look`` is on its way; what it came to is read from `handle`, which never waits.

    ``foreign`` are descriptors of ours that it must not keep open; ``prepare`` is called in it first. Should
    nobody be there any more to end it, it ends by itself soon after ``patience`` seconds.
    """

    def __init__(
        self,
        look: "Callable[[], Look]",
        foreign: "Sequence[int]",
        prepare: "Callable[[], object]",
        patience: float,
    ) -> None:
        self.began = time.monotonic()
        self.handle, answer = os.pipe()
        self._text = bytearray()
        self._pid = os.fork()
        if self._pid == 0:
            signal.setitimer(signal.ITIMER_REAL, patience + _GRACE)
            _look(look, answer, [self.handle, *foreign], prepare)
        os.close(answer)
        os.set_blocking(self.handle, False)
        with suppress(OSError):
            os.setpgid(self._pid, self._pid)  # it does so too: whoever is first

    def read(self) -> bool:
        """Take what has been written; whether that was all."""
        while len(self._text) < _LARGEST:
            try:
                block = os.read(self.handle, _BLOCK)
            except BlockingIOError:
                return False
            if not block:
                return True
            self._text += block
        return True

    def result(self) -> "Look | str":
        """What it came to after `read` has said so, or why it came to nothing."""
        self.kill()
        status = os.waitpid(self._pid, 0)[1] if self._pid else 0
        self._pid = 0
        try:
            document = loads(bytes(self._text))
        except ValueError:
            signalled = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
            return f"killed by signal {signalled}" if signalled else "it ended without a word"
        if isinstance(document, dict) and "error" in document:
            return str(document["error"])
        return Look.from_document(document)

    def kill(self) -> None:
        """End it, and the tools that it has started."""
        if self._pid:
            for send in (os.killpg, os.kill):
                with suppress(ProcessLookupError, PermissionError):
                    send(self._pid, signal.SIGKILL)

    def gone(self) -> bool:
        """Whether it has ended after `kill`; what hangs in the kernel does not."""
        if self._pid and os.waitpid(self._pid, os.WNOHANG)[0]:
            self._pid = 0
        return not self._pid

    def close(self) -> None:
        """Hear it no more."""
        os.close(self.handle)


def _look(
    look: "Callable[[], Look]", answer: int, foreign: "Sequence[int]", prepare: "Callable[[], object]"
) -> None:
    """In the new process; does not return."""
    try:
        os.setpgid(0, 0)
        signal.set_wakeup_fd(-1)
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        for handle in foreign:
            os.close(handle)
        prepare()
        try:
            document = look().document()
        except Exception as error:  # noqa: BLE001  # who waits for it has to know
            document = {"error": f"{type(error).__name__}: {log.one_line(str(error))}"}
        view = memoryview(dumps(document).encode())
        while view:
            view = view[os.write(answer, view) :]
    finally:
        os._exit(0)
