"""nexcage's own configuration: which file is in use, whether it is valid, and what stands before it."""

import os

from nexcage.checks import Result
from nexcage.config import FILES, OTHERS, VARIABLE
from nexcage.config.keys import KEYS
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
    yield from _refused(host)
    yield from _unread(host)
    yield from _misspelt()
    named = os.environ.get("NEXCAGE_RUNTIME", "")
    if named:
        yield _runtime(named)


def _file(host: "Host") -> Result:
    try:
        config = host.config()
    except NexcageError as error:
        hint = error.hint or "correct it there"
        return Result(GROUP, "file", "fail", error.message, hint, {"code": error.code})
    variables = [name for key in KEYS for name in key.variables if os.environ.get(name)]
    what = f"{config.path} is in use, and valid" if config.path else "no file is in use: the defaults are"
    before = f"; before it: {', '.join(variables)}" if variables else ""
    return Result(GROUP, "file", "pass", what + before, data={"path": config.path, "variables": variables})


def _refused(host: "Host") -> "Iterator[Result]":
    """The values for Proxmox VE are tried on a container of a template that is not made."""
    from nexcage.drivers.pct.parse import Version
    from nexcage.drivers.pct.translate import Request, translate
    from nexcage.drivers.pct.translate.look import Look

    try:
        values = host.config().flat()
    except NexcageError:
        return  # that is what is said of the file
    if not any(key.startswith(("network.", "proxmox.", "resources.")) for key in values):
        return
    newest = Version({"pve-manager": "9.2.11", "pve-container": "6.1.10"})
    request = Request({}, id="check", version=newest, look=Look(), source="template", configuration=values)
    try:
        translate(request)
    except NexcageError as error:
        hint = error.hint or "correct it there"
        yield Result(GROUP, "values", "fail", error.message, hint, {"code": error.code})


def _misspelt() -> "Iterator[Result]":
    """A variable that is almost one of nexcage's says nothing to it."""
    from difflib import get_close_matches

    known = [*OTHERS, *(name for key in KEYS for name in key.variables)]
    for name in sorted(os.environ):
        if name.startswith("NEXCAGE_") and name not in known:
            near = get_close_matches(name, known, 1, 0.9)
            if near:
                message = f"{name} is no variable of nexcage, so it changes nothing"
                yield Result(GROUP, "variable", "warn", message, f"did you mean {near[0]}?", {"name": name})


def _unread(host: "Host") -> "Iterator[Result]":
    """Of the usual files only the first is read, and none where another is named."""
    by = "--config" if host.call.config_path() else VARIABLE
    given = host.call.config_path() or os.environ.get(VARIABLE, "")
    there = [path for path in FILES if os.path.lexists(path) and path != given]
    used = given or (there.pop(0) if there else "")
    for path in there:
        message = f"{path} is not read: {used} is" + (f", which {by} names" if given else "")
        # who names a file knows that it stands in for the usual one
        status = "pass" if given else "warn"
        yield Result(GROUP, "unread", status, message, "" if given else f"remove {path}", {"path": path})


def _runtime(named: str) -> Result:
    try:
        name = name_of(named)
    except NexcageError as error:
        return Result(GROUP, "runtime", "fail", f"NEXCAGE_RUNTIME: {error.message}", error.hint)
    return Result(GROUP, "runtime", "pass", f"NEXCAGE_RUNTIME names {name} for new containers")
