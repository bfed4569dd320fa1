"""What crun and runc say when they fail, and what it means."""

from nexcage.errors import CommandFailed, NexcageError, NotFound, WrongStatus
from nexcage.host import files, process
from nexcage.jsontext import Malformed, loads

_DEAD = ("process already finished", "process is already dead", "No such process", "open pidfd")
_STATUS = (
    "exec.fifo",
    "already running",
    "stopped",
    "not running",
    "is not in `created`",
    "not paused",
    "paused",
    *_DEAD,
)
_UNKNOWN = ("does not exist", "/status`: No such file", "cannot open directory")
_ENDED = ("not running", "stopped container", *_DEAD)
_PREFIXES = (
    "runc create failed: ",
    "runc run failed: ",
    "exec failed: ",
    "unable to start container process: ",
)


def of_unknown(said: str) -> bool:
    """Whether the program does not know the container."""
    return any(words in said for words in _UNKNOWN)


def about_status(said: str) -> bool:
    """Whether ``said`` speaks of the container's status, not of something that went wrong."""
    return any(words in said for words in _STATUS)


def last_error(log: str) -> str:
    """The last error in a ``log`` of JSON lines; "" when there is none."""
    try:
        lines = files.read(log, 16 << 20).splitlines()
    except OSError:
        return ""
    for line in reversed(lines):
        try:
            entry = loads(line)
        except Malformed:
            continue
        if isinstance(entry, dict) and entry.get("level") in ("error", "fatal"):
            return str(entry.get("msg", ""))
    return ""


def classify(name: str, said: str, status: int, verb: str, container_id: str) -> NexcageError:
    """What the last words of program ``name`` mean."""
    said = _last_words(said)
    what = f'container "{container_id}"'
    if "executable file" in said or ("exec: " in said and "no such file" in said):
        program = said.replace("`", '"').split('"')[1:2]
        # podman and docker know the program is missing by these words
        return CommandFailed(
            f'executable file "{"".join(program)}" not found in $PATH', code="executable-missing"
        )
    exists = verb not in ("create", "run", "restore")  # else something other is missing or stopped
    if exists and of_unknown(said):
        return NotFound(f"{what} does not exist")
    if exists and any(words in said for words in _ENDED):
        return WrongStatus(f"{what}: container not running", code="not-running")
    if exists and "paused" in said:
        return WrongStatus(f"{what} is paused", hint=f"resume it: nexcage resume {container_id}")
    reason = said or process.ending(status)
    return CommandFailed(f"{name} {verb}: {reason}", status=status)


def _last_words(said: str) -> str:
    """The message in what the program printed, without its prefixes."""
    said = said.strip().rsplit("\n", 1)[-1]
    if said.startswith("time="):  # logrus text
        said = said.partition(' msg="')[2].rstrip('"').replace('\\"', '"')
    for prefix in _PREFIXES:
        said = said.removeprefix(prefix)
    return said
