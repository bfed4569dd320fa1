"""A start of crun or runc that was killed between its two effects, so that the container's status is untrue.

crun removes the fifo and then writes to it: killed between, it says ``running``, and the first process
waits for ever at a fifo without a name. runc reads from it and then removes it: killed between, it says
``created``, and the program runs.
"""

import _signal  # type: ignore[import-not-found]
import errno
import os
import time

from nexcage.errors import Timeout
from nexcage.repair import Mend

_FIFO = "exec.fifo"
_LOOKS = 1000  # at a process that has been told to stop, 1 ms apart


def of_jail(home: str, container_id: str) -> Mend | None:
    """The same of a jail: its FIFO has the name that it has while somebody starts it."""
    from nexcage.drivers.jail.made import STARTING

    words = f'finish the start of container "{container_id}"'
    return Mend(words, lambda: _let_go(home)) if os.path.lexists(f"{home}/{STARTING}") else None


def _let_go(home: str) -> None:
    from nexcage.drivers.jail.holding import let_go

    try:
        let_go(home)
    except OSError as error:
        if error.errno not in (errno.ENXIO, errno.ENOENT):  # it had been told, or somebody was faster
            raise


def half(driver: str, state: str, container_id: str, status: str, pid: int) -> Mend | None:
    """What finishes it; None for a container that is what its status says.

    ``state`` is the directory in which the ``driver`` keeps its own.
    """
    words = f'finish the start of container "{container_id}"'
    if driver == "crun" and status == "running" and _is_of(pid, "crun"):
        fifo = _lost_fifo(pid)
        return Mend(words, lambda: _write(fifo, pid)) if fifo else None
    fifo = f"{state}/{_FIFO}"
    if driver == "runc" and status == "created" and not _is_of(pid, "runc") and os.path.lexists(fifo):
        return Mend(words, lambda: os.unlink(fifo))
    return None


def _is_of(pid: int, program: str) -> bool:
    """Whether the first process still is the driver's own child."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            words = os.fsdecode(file.read()).split("\0")
    except OSError:
        return True  # it has ended: nothing is known
    return os.path.basename(words[0]) == program or words[1:2] == ["init"]


def _lost_fifo(pid: int) -> str:
    """The descriptor at which it waits, as a path; "" when there is none."""
    directory = f"/proc/{pid}/fd"
    try:
        for name in os.listdir(directory):
            if os.readlink(f"{directory}/{name}").endswith(f"/{_FIFO} (deleted)"):
                return f"{directory}/{name}"
    except OSError:
        return ""
    return ""


def _write(fifo: str, pid: int) -> None:
    """Tell it to go on. Meanwhile it stands still: a read between open(2) and write(2) would end it."""
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return  # it has ended meanwhile
    try:
        _signal.pidfd_send_signal(watched, _signal.SIGSTOP)
        _await_stop(pid)
        handle = os.open(fifo, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            os.write(handle, b"\0")
        finally:
            os.close(handle)
    finally:
        _signal.pidfd_send_signal(watched, _signal.SIGCONT)
        os.close(watched)


def _await_stop(pid: int) -> None:
    for _ in range(_LOOKS):
        with open(f"/proc/{pid}/stat", "rb") as file:
            if file.read().rpartition(b") ")[2][:1] == b"T":
                return
        time.sleep(0.001)
    raise Timeout(f"process {pid} does not stop")
