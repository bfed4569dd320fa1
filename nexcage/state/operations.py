"""What was done here: one line for each command that makes or changes something.

Nothing of nexcage runs between two commands, so each writes down itself how it
went; ``nexcage metrics`` adds the lines up (`state.totals`). A line is verb,
driver, "ok" or the code of the error, and milliseconds, with tabs between. It
is appended in one write to ``@operations`` in the root of the records, where
that exists. A line that cannot be written is lost; the command never fails for it.
"""

import fcntl
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

NAME = "@operations"
FULL = 1 << 20  # bytes: then the lines are added up, and the file begins anew
VERBS = (
    "create", "start", "kill", "delete", "run", "exec", "pause", "resume", "update", "checkpoint", "restore",
    "stop", "snapshot", "rollback", "push", "pull", "repair",
    "bundle create", "bundle delete", "bundle prune",
)  # fmt: skip
# they wait for a program, whose duration is not theirs, unless it is detached
WAITING = ("run", "exec", "restore")
_APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
_TRIES = 5


def note(roots: "Iterable[str]", verb: str, driver: str, result: str, milliseconds: int = -1) -> None:
    """Write down an operation in the first of ``roots`` that exists; ``milliseconds`` -1: no duration.

    Never raises: what was done counts more than that it is counted.
    """
    line = f"{verb}\t{driver or '-'}\t{result}\t{milliseconds if milliseconds >= 0 else ''}\n".encode()
    for root in roots:
        path = f"{root}/{NAME}"
        try:
            size = 0
            for _ in range(_TRIES):
                size = _append(path, line)
                if size:
                    break
            if size > FULL:
                from nexcage.state.totals import fold

                fold(root)
        except FileNotFoundError:
            continue
        except Exception:  # noqa: BLE001, S110  # no space, read-only, somebody else's: it stays uncounted
            pass
        return


def _append(path: str, line: bytes) -> int:
    """The size of the file with ``line`` at its end; 0 when `state.totals` has just removed this file.

    Who removes it holds an exclusive lock from the last reading on, so a line is read or not written.
    """
    handle = os.open(path, _APPEND, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return 0
        facts = os.fstat(handle)
        if facts.st_nlink != 1:
            if facts.st_nlink:
                raise PermissionError(path)  # another name of some other file
            return 0
        os.write(handle, line)
        return facts.st_size + len(line)
    finally:
        os.close(handle)
