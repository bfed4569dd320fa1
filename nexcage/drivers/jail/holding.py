"""Start the held process of a container, talk to it, and the document by which it knows what to become."""

import os
import sys
import time
from select import POLLIN, poll

from nexcage.drivers.jail.made import (
    ANSWER,
    FAILED,
    GOING,
    PROCESS,
    READY,
    START,
    STARTING,
    Made,
    corrupt,
    load,
)
from nexcage.drivers.jail.translate.translated import Held
from nexcage.errors import CommandFailed, NexcageError, Timeout, WrongStatus, from_os
from nexcage.host import files, process
from nexcage.jsontext import dumps
from nexcage.oci.rules import Object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.drivers.jail.translate.translated import Translated

_PATIENCE = 30.0  # seconds to enter a jail
_EVER = 24 * 3600.0  # startContainer hooks take their time
_WITH_VALUE = ("console-socket", "preserve-fds", "pid-file", "cgroup")
# what start and exec take from a document
_KINDS = {
    "args": list, "env": list, "cwd": str, "uid": int, "gid": int, "groups": list, "limits": list,
    "no_new_privileges": bool, "state": dict,
}  # fmt: skip
_STATUS = {"executable-missing": 127, "executable-denied": 126}
_PROGRAM = "import sys; sys.path.insert(0, sys.argv.pop(1)); from nexcage.drivers.jail.hold import main; "
_PROGRAM += "main(sys.argv[1:])"


def command(how: str, file: str) -> list[str]:
    """The command line of the process: this interpreter, and nothing of the user's in it."""
    library = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
    return [sys.executable, "-IS", "-c", _PROGRAM, library, how, file]


def document(
    held: Held, jid: int, *, session: bool = False, console: str = "", **more: object
) -> dict[str, object]:
    """What hold.py reads. ``session``: it gets one of its own; ``console``: the socket for its terminal."""
    values: dict[str, object] = {name: getattr(held, name) for name in Held.__slots__}
    values |= {"jid": jid, "session": session or held.terminal, "console": console}
    return {**values, "hooks": [], "state": {}, "keep": 0, "makes_cwd": False, **more}


def kept(made: Made) -> Object:
    """That document of a container's own process; `StateCorrupt` for one that nobody could start from."""
    values = load(made.home, PROCESS)
    if values is None:
        raise corrupt(made.home, PROCESS, "missing")
    for name, kind in _KINDS.items():
        if not isinstance(values.get(name), kind):
            raise corrupt(made.home, PROCESS, f"$.{name}: of the wrong kind")
    if not all(isinstance(row, list) and len(row) == 3 for row in values["limits"]):
        raise corrupt(made.home, PROCESS, "$.limits: of the wrong kind")
    return values


def options(words: list[str]) -> dict[str, str]:
    """Options as callers of runc give them, by name, with those that jails have no use for (no-pivot)."""
    found: dict[str, str] = {}
    rest = list(words)
    while rest:
        name, sign, value = rest.pop(0).removeprefix("--").partition("=")
        found[name] = value if sign else rest.pop(0) if name in _WITH_VALUE else ""
    return found


def prepare(made: Made, out: "Translated", state: Object, *, session: bool, console: str, keep: int) -> None:
    """Make the FIFOs and the document beside the record."""
    inside = [row.hook for row in out.hooks if row.where == "jail"]
    values = document(
        out.held,
        made.jid,
        session=session,
        console=console,
        hooks=inside,
        state=state,
        keep=keep,
        makes_cwd=True,
    )
    try:
        for name in (START, ANSWER):
            os.mkfifo(f"{made.home}/{name}", 0o600)
    except OSError as error:
        raise from_os(error, f"cannot make {made.home}/{START}") from None
    files.replace(f"{made.home}/{PROCESS}", dumps(values).encode())


def spawn(made: Made, stdio: str, terminal: int = -1) -> None:
    """Start it with ``stdio`` as in `host.process.attached`, or on ``terminal``.

    It is in its jail when this returns.
    """
    answer = os.open(f"{made.home}/{ANSWER}", os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        made.pid = process.started(command("hold", f"{made.home}/{PROCESS}"), stdio, terminal)
        said = _listen(answer, made.pid, _PATIENCE)
    finally:
        os.close(answer)
    if said != f"{READY}\n":
        raise failure(said, "its process could not be started")
    made.write()


def start(made: Made, container_id: str) -> None:
    """Let it become its program; returns when it has."""
    ended = WrongStatus(
        f'cannot start container "{container_id}": its process has ended',
        code="not-created",
        hint=f"nexcage delete {container_id}, then create it again",
    )
    try:
        answer = os.open(f"{made.home}/{ANSWER}", os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            os.rename(f"{made.home}/{START}", f"{made.home}/{STARTING}")  # nobody starts it a second time
            let_go(made.home)
            said = _listen(answer, made.pid, _EVER, until="")
        finally:
            os.close(answer)
    except OSError:
        raise ended from None
    if not said:  # killed meanwhile
        raise ended
    if said != f"{GOING}\n":
        raise failure(said, "its process ended before it became its program")


def let_go(home: str) -> None:
    """The process need not wait any more; `OSError` when it has ended, or does not wait."""
    try:
        # without a reader it has ended
        handle = os.open(f"{home}/{STARTING}", os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            os.write(handle, b"1")
        finally:
            os.close(handle)
    finally:
        os.unlink(f"{home}/{STARTING}")


def _listen(handle: int, pid: int, patience: float, until: str = "\n") -> str:
    """What it says, to a line end, or to the end of its file."""
    waiter = poll()
    waiter.register(handle, POLLIN)
    text = b""
    deadline = time.monotonic() + patience
    while not (until and text.endswith(until.encode())):
        ready = waiter.poll(50)
        block = os.read(handle, 65536) if ready else b""
        text += block
        if not block and (ready or _is_gone(pid)):
            break
        if time.monotonic() > deadline:
            raise Timeout(f"the container's process did not answer within {patience:g} s")
    return text.decode(errors="replace")


def _is_gone(pid: int) -> bool:
    """Whether a child of ours has ended, or a process of somebody else is not there."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] != 0
    except ChildProcessError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def failure(said: str, otherwise: str) -> NexcageError:
    """The error in the process's answer."""
    lines = [line for line in said.splitlines() if line.startswith(f"{FAILED}\t")]
    _, code, message = lines[-1].split("\t", 2) if lines else ("", "held-failed", otherwise)
    error = CommandFailed(message, code=code)
    error.exit_code = _STATUS.get(code, error.exit_code)
    return error
