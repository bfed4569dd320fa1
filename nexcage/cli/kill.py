"""Send a signal to a container's init, or to all its processes.

SIGNAL is a number or a name: 9, KILL, SIGKILL, RTMIN+1. The default is TERM.
"""

from nexcage.cli.call import Call
from nexcage.cli.options import Option
from nexcage.cli.target import Target, find
from nexcage.errors import NexcageError, UsageError
from nexcage.host import signals

OPTIONS = (
    Option("all", "signal all processes of the container", short="a"),
    Option("signal", "the signal, where it is not an operand", "SIGNAL", "s"),
    Option("regex", "ID is a regular expression: signal every container that it matches", short="r"),
)
OPERANDS = "ID [SIGNAL]"
EXAMPLES = (
    ("ask container web to end", "nexcage kill web"),
    ("end it at once", "nexcage kill web KILL"),
)
SIGKILL = 9


def run(call: Call) -> int:
    """runtime.md, "Kill": MUST send the signal, and MUST fail unless ``created`` or ``running``."""
    container_id = call.operand("the container id")
    given = call.operands.pop(0) if call.operands else call.text("signal", "TERM")
    call.no_more()
    number = signals.number(given)
    if call.flag("regex"):
        for name in matching(call, container_id):
            send(find(call, name), number, everywhere=call.flag("all"))
        return 0
    send(find(call, container_id), number, everywhere=call.flag("all"))
    return 0


def send(target: Target, number: int, *, everywhere: bool) -> None:
    """Send signal ``number`` to the container, also when it is paused: then KILL thaws it."""
    status, _ = target.state()
    # clean-up of engines: all processes of a container whose init is gone already
    late = everywhere and status == "stopped"
    if status == "stopped" and not late:
        raise target.refusal("kill", status)
    target.carry_out("kill", [target.driver.plan_kill(target.record.handle, number, everywhere=everywhere)])
    if number == SIGKILL and status == "paused" and target.state()[0] == "paused":
        try:
            target.perform("resume", [], [])
        except NexcageError:  # it may have ended just now
            if target.state()[0] == "paused":
                raise


def matching(call: Call, pattern: str) -> list[str]:
    """Ids of all containers that ``pattern`` matches somewhere."""
    import re

    try:
        wanted = re.compile(pattern)
    except re.error as error:
        raise UsageError(f'"{pattern}" is no regular expression: {error}') from None
    return [name for store in call.stores() for name in store.ids() if wanted.search(name)]
