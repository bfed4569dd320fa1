"""What a command is about to do with a container, written down before it does it.

::

    HOME/journal         the making of the container: create, run, restore
    HOME/journal-VERB    a later verb that changes it in more than one step

The first line is a JSON object, the intent; then comes the number of each step as it begins. The writer
holds a lock on the file as long as it works, and the lock dies with it: what nobody holds was cut short.
"""

import errno
import fcntl
import os
import time

from nexcage.host import files
from nexcage.jsontext import dumps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.oci.rules import Object

FORMAT = 1
MAKING = "journal"  # that of the making
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW


def names(home: str) -> list[str]:
    """The names of the journals in a container's directory, sorted; none where there is no directory."""
    try:
        return sorted(name for name in os.listdir(home) if name.partition("-")[0] == MAKING)
    except (FileNotFoundError, NotADirectoryError):
        return []


class Journal:
    """The journal of one command in the directory ``home``; ``verb`` is "" for the one of the making.

    ``sync``: the container survives a power cut, so what was begun has to be known after it.
    """

    def __init__(self, home: str, verb: str = "", *, sync: bool = False) -> None:
        self.path = f"{home}/{MAKING}" + (f"-{verb}" if verb else "")
        self._sync = sync
        self._handle = -1

    def begin(self, intent: "Object") -> None:
        """Write the intent, in the place of one that was cut short; `OSError` when it cannot be."""
        try:
            self._handle = os.open(self.path, _FLAGS, 0o600)
        except FileExistsError:
            os.unlink(self.path)
            self._handle = os.open(self.path, _FLAGS, 0o600)
        fcntl.flock(self._handle, fcntl.LOCK_EX)
        values = {"format": FORMAT, "pid": os.getpid(), "time": f"{time.time():.3f}", **intent}
        self._write((dumps(values) + "\n").encode())
        if self._sync:
            files.bring_to_disk(os.path.dirname(self.path))

    def note(self, index: int) -> None:
        """Write down that step ``index`` of the plan begins, if it was begun."""
        if self._handle >= 0:
            self._write(b"%d\n" % index)

    def end(self) -> None:
        """All is done: it goes; harmless when it has gone, or was never begun."""
        if self._handle >= 0:
            if os.path.lexists(self.path):  # else it went with the container
                os.unlink(self.path)
            self.leave()

    def leave(self) -> None:
        """It stays, for `repair`."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def _write(self, line: bytes) -> None:
        if os.write(self._handle, line) != len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), self.path)
        if self._sync:
            os.fsync(self._handle)
