"""Let a paused container go on."""

from nexcage.cli.call import Call
from nexcage.cli.target import find

OPTIONS = ()
OPERANDS = "ID"
EXAMPLES = (("let container web go on", "nexcage resume web"),)


def run(call: Call) -> int:
    """Not in the specification; runc's verb. Only a paused container can be resumed."""
    container_id = call.operand("the container id")
    call.no_more()
    target = find(call, container_id)
    target.require("resume", "paused")
    return target.perform("resume", [], [])
