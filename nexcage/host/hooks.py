"""Run a hook of the specification (config.md, "POSIX-platform Hooks"): the state is on its input."""

import os

from nexcage import log
from nexcage.errors import NexcageError
from nexcage.host import process
from nexcage.jsontext import dumps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from nexcage.oci.rules import Object

_FOREVER = 24 * 3600.0


def run(hook: "Object", state: "Object") -> str:
    """Run one; why it failed, "" when it did not."""
    path = hook["path"]
    env = dict(entry.partition("=")[::2] for entry in hook.get("env") or ())
    args = hook.get("args") or [path]
    try:
        done = process.run(
            [path, *args[1:]], timeout=hook.get("timeout") or _FOREVER, env=env, input=dumps(state).encode()
        )
    except NexcageError as error:
        return f"{os.path.basename(path)}: {error.message}"
    if done.status == 0:
        return ""
    said = done.stderr.strip().rsplit("\n", 1)[-1]
    return f"{path}: {process.ending(done.status)}" + (f": {said}" if said else "")


def poststop(rows: "Iterable[Object]", state: "Object") -> None:
    """Run them all: one that fails is warned of, and the others run (runtime.md, "Lifecycle")."""
    for hook in rows:
        failure = run(hook, state)
        if failure:
            log.warning(f"poststop hook {failure}", code="hook-failed")
