"""nexcage's own configuration: which file is in use, whether it is valid, and what stands before it."""

import os

from nexcage.checks import Result
from nexcage.config import FILES, KEYS, VARIABLE
from nexcage.drivers import name_of
from nexcage.errors import NexcageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexcage.checks import Host

GROUP = "config"


def check(host: "Host") -> "Iterator[Result]":
    """The file, the files that are not read, and the driver that the environment names."""
    yield _file(host)
    yield from _unread()
    named = os.environ.get("NEXCAGE_RUNTIME", "")
    if named:
        yield _runtime(named)


def _file(host: "Host") -> Result:
    try:
        config = host.config()
    except NexcageError as error:
        hint = error.hint or "correct it there"
        return Result(GROUP, "file", "fail", error.message, hint, {"code": error.code})
    variables = [name for name in (_variable(key) for key, _ in KEYS) if os.environ.get(name)]
    what = f"{config.path} is in use, and valid" if config.path else "no file is in use: the defaults are"
    before = f"; before it: {', '.join(variables)}" if variables else ""
    return Result(GROUP, "file", "pass", what + before, data={"path": config.path, "variables": variables})


def _variable(key: str) -> str:
    return "NEXCAGE_" + key.upper().replace(".", "_").replace("-", "_")


def _unread() -> "Iterator[Result]":
    """Of the usual files only the first is read, and none where a variable names another."""
    given = os.environ.get(VARIABLE, "")
    there = [path for path in FILES if os.path.lexists(path) and path != given]
    used = given or (there.pop(0) if there else "")
    for path in there:
        message = f"{path} is not read: {used} is" + (f", which {VARIABLE} names" if given else "")
        # who names a file knows that it stands in for the usual one
        status = "pass" if given else "warn"
        yield Result(GROUP, "unread", status, message, "" if given else f"remove {path}", {"path": path})


def _runtime(named: str) -> Result:
    try:
        name = name_of(named)
    except NexcageError as error:
        return Result(GROUP, "runtime", "fail", f"NEXCAGE_RUNTIME: {error.message}", error.hint)
    return Result(GROUP, "runtime", "pass", f"NEXCAGE_RUNTIME names {name} for new containers")
