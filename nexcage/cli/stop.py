"""Stop a container: ask its program to end, wait, and kill it when it does not.

The signal is the image's stop signal (annotation
org.opencontainers.image.stopSignal), otherwise TERM; a system in a container of
Proxmox VE is asked as its init wants it. A paused container goes on, so that it
can end.
"""

from nexcage import log
from nexcage.cli.call import Call
from nexcage.cli.kill import SIGKILL, send
from nexcage.cli.options import Option, whole
from nexcage.cli.target import Target, find
from nexcage.errors import CommandFailed, Timeout, WrongStatus
from nexcage.host import signals
from nexcage.host.ending import Ending

OPTIONS = (
    Option("timeout", "seconds to wait before it is killed (default 10)", "N", "t"),
    Option("signal", "what to ask with", "SIGNAL", "s"),
)
OPERANDS = "ID"
EXAMPLES = (
    ("stop container web", "nexcage stop web"),
    ("give it a minute", "nexcage stop --timeout 60 web"),
)
STOP_SIGNAL = "org.opencontainers.image.stopSignal"
LAST_WAIT = 10.0


def run(call: Call) -> int:
    """The container has stopped when this returns 0; it still has to be deleted."""
    container_id = call.operand("the container id")
    call.no_more()
    patience = whole(call.text("timeout", "10"), "timeout")
    target = find(call, container_id)
    number = signals.number(call.text("signal") or target.record.annotations.get(STOP_SIGNAL) or "TERM")
    status, pid = target.state()
    if status == "stopped" or not pid:
        raise target.refusal("stop", status)
    own = [] if call.text("signal") else target.driver.plan_stop(target.record.handle, patience)
    if own:
        return target.carry_out("stop", own, seconds=patience)
    if call.flag("dry-run"):
        target.carry_out("kill", [target.driver.plan_kill(target.record.handle, number, everywhere=False)])
        return 0
    # opened before the signal: the number cannot be taken over by another process meanwhile
    with Ending(pid) as end:
        _ask(target, number, status)
        if not end.within(float(patience)):
            log.info(f'container "{container_id}" did not end within {patience} s: killing it')
            _ask(target, SIGKILL, status)
            if not end.within(LAST_WAIT):
                raise Timeout(
                    f'container "{container_id}" did not end within {LAST_WAIT:g} s of being killed'
                )
    return 0


def _ask(target: Target, number: int, status: str) -> None:
    try:
        send(target, number, everywhere=False)
        if status == "paused" and target.state()[0] == "paused":
            target.perform("resume", [], [])
    except (WrongStatus, CommandFailed):
        if target.state()[0] != "stopped":
            raise
