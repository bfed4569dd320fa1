"""Freeze all processes of a container."""

from nexcage.cli.call import Call
from nexcage.cli.target import find

OPTIONS = ()
OPERANDS = "ID"
EXAMPLES = (("freeze container web", "nexcage pause web"),)


def run(call: Call) -> int:
    """Not in the specification; runc's verb. Only a created or running container can be paused."""
    container_id = call.operand("the container id")
    call.no_more()
    target = find(call, container_id)
    target.require("pause", "created", "running")
    return target.perform("pause", [], [])
