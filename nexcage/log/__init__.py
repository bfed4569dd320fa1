"""Log lines: text or JSON, to standard error, a file, the journal or syslog, never to standard output.

The JSON form is what engines read: containerd's shim takes the last entry with
level ``error`` and drops a message whose ``time`` is not RFC 3339. The file is
opened for each line and appended to in one write, so that concurrent processes
and log rotation do no harm. Each line but those for people on standard error
has the request: an id that the lines of one command share.
"""

import os
import sys
import time

from nexcage.jsontext import dumps, quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Fields = dict[str, object]
    # where lines go that are for neither a file nor standard error: level, message, fields, the whole line
    Sink = Callable[[str, str, Fields, str], None]

LEVELS = ("error", "warning", "info", "debug")
OTHER_LEVELS = {"trace": "debug", "warn": "warning", "fatal": "error"}  # names of levels elsewhere
FORMATS = ("text", "json")
REQUEST = "NEXCAGE_REQUEST_ID"
_LONGEST_REQUEST = 128


class _Settings:
    level = 1
    path = ""
    format = "text"
    verb = ""
    request = ""
    sink: "Sink | None" = None
    settled = False


_now = _Settings()


def begin() -> None:
    """Forget the settings of another command; its request too."""
    configure()
    _now.request = ""
    _now.settled = False


def settled() -> bool:
    """Whether `configure` was called since `begin`."""
    return _now.settled


def request() -> str:
    """The id that all lines of this command have: a new one, or that which the caller names."""
    if not _now.request:
        given = printable(os.environ.get(REQUEST, ""))[:_LONGEST_REQUEST]
        _now.request = given or os.urandom(6).hex()
    return _now.request


def configure(
    *,
    level: str = "warning",
    path: str = "",
    format: str = "text",
    verb: str = "",
    sink: "Sink | None" = None,
) -> None:
    """Set where and how much; without ``path`` and ``sink`` it is standard error."""
    _now.level = LEVELS.index(level)
    _now.path = path
    _now.format = format
    _now.verb = one_line(verb)
    _now.sink = sink
    _now.settled = True


def debugging() -> bool:
    """Whether debug lines go anywhere (so that callers need not build them)."""
    return _now.level >= 3


def debug(message: str, **fields: object) -> None:
    """Say a detail of how it was done."""
    if _now.level >= 3:
        _emit("debug", message, fields)


def info(message: str, **fields: object) -> None:
    """Say what was decided and why."""
    if _now.level >= 2:
        _emit("info", message, fields)


def warning(message: str, **fields: object) -> None:
    """Say what was not done as asked."""
    if _now.level >= 1:
        _emit("warning", message, fields)


def error(message: str, hint: str = "", **fields: object) -> None:
    """Report a failure: on standard error always, and in the log where it is elsewhere."""
    elsewhere = bool(_now.path or _now.sink)
    if elsewhere or _now.format == "json":
        _emit("error", message, dict(fields, **({"hint": hint} if hint else {})))
        if not elsewhere:
            return
    lines = _prefix("") + one_line(message) + "\n"
    if hint:
        lines += "hint: " + one_line(hint) + "\n"
    _write_stderr(lines)


def _prefix(level: str) -> str:
    return "nexcage: " + (_now.verb + ": " if _now.verb else "") + (level + ": " if level else "")


def timestamp(seconds: float = 0.0) -> str:
    """RFC 3339 in UTC with microseconds, of ``seconds`` since the epoch or of now."""
    seconds = seconds or time.time()
    whole = int(seconds)
    micro = int((seconds - whole) * 1_000_000)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole)) + f".{micro:06d}Z"


def _emit(level: str, message: str, fields: "Fields") -> None:
    if not _now.path and not _now.sink and _now.format == "text":
        told = {name: value for name, value in fields.items() if name != "code"}
        _write_stderr(_prefix(level) + one_line(message) + pairs(told) + "\n")
        return
    if _now.verb:
        fields = {**fields, "verb": _now.verb}
    fields["request"] = request()
    line = _line(level, message, fields)
    if not _now.path and not _now.sink:
        _write_stderr(line)
        return
    where = f"the log {_now.path}" if _now.path else "to the log"
    try:
        if _now.sink:
            _now.sink(level, message, fields, line[:-1])
        else:
            _append(_now.path, line.encode())
    except OSError as failure:
        _now.path, _now.sink = "", None
        why = (failure.strerror or "it does not take them").lower()
        _write_stderr(one_line(f"nexcage: warning: cannot write {where}: {why}") + "\n")
        if level != "error":  # an error is on standard error anyway
            _write_stderr(line)


def _line(level: str, message: str, fields: "Fields") -> str:
    if _now.format == "json":
        return dumps({"level": level, "msg": message, "time": timestamp(), **fields}) + "\n"
    return f'time="{timestamp()}" level={level} msg={quote(message)}{pairs(fields)}\n'


def pairs(fields: "Fields") -> str:
    """`` name=value`` for each field, after a blank; a value with blanks in quotes."""
    return "".join(f" {name}={_word(value)}" for name, value in fields.items())


def _append(path: str, line: bytes) -> None:
    # a pipe that nobody reads is an error, not a wait
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
    handle = os.open(path, flags, 0o600)
    try:
        written = os.write(handle, line)
        if written < len(line):
            os.write(handle, b"\n")  # what comes next is whole again
            raise OSError(28, "no space left on device")
    finally:
        os.close(handle)


def one_line(text: str) -> str:
    """``text`` on one line, without what a terminal would obey."""
    return printable(text.replace("\n", " "))


def printable(text: str) -> str:
    """``text`` with an escape for each character that a terminal would obey, line feeds too."""
    return text if text.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def _word(value: object) -> str:
    text = value if isinstance(value, str) else dumps(value)
    plain = text and all(c.isalnum() or c in "-_./:@+%," for c in text)
    return text if plain else quote(text)


def _write_stderr(text: str) -> None:
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        pass  # nobody reads standard error; the exit status still tells
