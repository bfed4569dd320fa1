"""What is left when pct has done its part: whether a start was one, and hooks (config.md, "Hooks")."""

from nexcage import log
from nexcage.drivers.pct import lxc
from nexcage.drivers.pct.creating import HOOKS
from nexcage.errors import CommandFailed, NexcageError
from nexcage.host import files, hooks
from nexcage.host.execute import execute
from nexcage.jsontext import loads
from nexcage.oci.rules import Object
from nexcage.plan import Plan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.drivers.pct.driver import Pct


def after(driver: "Pct", verb: str, handle: str, home: str, state: Object) -> None:
    """``state`` is what hooks read on their standard input."""
    if verb == "start":
        _started(driver, handle, home, state)
    elif verb == "delete":
        hooks.poststop(_hooks(home, "poststop"), state)


def _started(driver: "Pct", handle: str, home: str, state: Object) -> None:
    from nexcage.drivers.pct.startlog import Log

    status, pid = lxc.state(handle)
    if status == "stopped":
        if Log.whole(driver.own(handle)).ran():
            return  # it was short
        raise CommandFailed(
            f'container "{driver.settings.container}" (VMID {handle}): pct start succeeded, but nothing runs',
            code="start-failed",
            hint=f"see why: pct start {handle} --debug 1",
        )
    for hook in _hooks(home, "poststart"):
        failure = hooks.run(hook, {**state, "status": status, "pid": pid})
        if failure:
            what = f'container "{driver.settings.container}" {_stopped(driver, handle)}'
            raise NexcageError(f"{what}: its poststart hook {failure}", code="hook-failed")


def _stopped(driver: "Pct", handle: str) -> str:
    """Stop the container; what is to be said of it then."""
    try:
        execute(
            Plan(
                "stop",
                driver.settings.container,
                driver.name,
                [driver.tools.step(["pct", "stop", handle], handle)],
            )
        )
    except NexcageError as error:
        log.warning(f"could not stop the container: {error.message}", code="undo-failed")
        return "still runs"
    return "is stopped"


def _hooks(home: str, kind: str) -> list[Object]:
    try:
        found = loads(files.read(f"{home}/{HOOKS}", 1 << 20))
    except FileNotFoundError:
        return []
    return list(found.get(kind) or ()) if isinstance(found, dict) else []
