"""Log lines: text or JSON, to standard error or a file, never to standard output.

The JSON form is what engines read: containerd's shim takes the last entry with
level ``error`` and drops a message whose ``time`` is not RFC 3339. The file is
opened for each line and appended to in one write, so that concurrent processes
and log rotation do no harm.
"""

import os
import sys
import time

from nexcage.jsontext import dumps, quote

LEVELS = ("error", "warning", "info", "debug")


class _Settings:
    level = 1
    path = ""
    format = "text"
    verb = ""


_now = _Settings()


def configure(*, level: str = "warning", path: str = "", format: str = "text", verb: str = "") -> None:
    """Set where and how much; ``path`` empty means standard error."""
    _now.level = LEVELS.index(level)
    _now.path = path
    _now.format = format
    _now.verb = verb


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
    """Report a failure: on standard error always, and in the log file when there is one."""
    if _now.path:
        _emit("error", message, dict(fields, **({"hint": hint} if hint else {})))
    if _now.format == "json" and not _now.path:
        _emit("error", message, dict(fields, **({"hint": hint} if hint else {})))
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


def _emit(level: str, message: str, fields: dict[str, object]) -> None:
    if not _now.path and _now.format == "text":
        tail = "".join(f" {k}={_word(v)}" for k, v in fields.items() if k != "code")
        _write_stderr(_prefix(level) + one_line(message) + tail + "\n")
        return
    entry: dict[str, object] = {"level": level, "msg": message, "time": timestamp(), **fields}
    if _now.verb:
        entry["verb"] = _now.verb
    if _now.format == "json":
        line = dumps(entry) + "\n"
    else:
        line = (
            f'time="{entry.pop("time")}" level={entry.pop("level")} msg={quote(str(entry.pop("msg")))}'
            + "".join(f" {k}={_word(v)}" for k, v in entry.items())
            + "\n"
        )
    if not _now.path:
        _write_stderr(line)
        return
    try:
        # a pipe that nobody reads is an error, not a wait
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK
        handle = os.open(_now.path, flags, 0o600)
        try:
            os.write(handle, line.encode())
        finally:
            os.close(handle)
    except OSError as failure:
        path, _now.path = _now.path, ""
        _write_stderr(f"nexcage: warning: cannot write the log {path}: {(failure.strerror or '').lower()}\n")
        if level != "error":  # an error is on standard error anyway
            _write_stderr(line)


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
