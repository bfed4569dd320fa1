"""Make a container's files what they were when a snapshot was made; what came after is lost.

For containers of Proxmox VE. One that runs is stopped hard first, and stays
stopped unless --start is given.
"""

from nexcage.cli.call import Call
from nexcage.cli.options import Option
from nexcage.cli.snapshot import INSTEAD, needs
from nexcage.cli.target import find

OPTIONS = (Option("start", "start the container afterwards"),)
OPERANDS = "ID NAME"
EXAMPLES = (
    ("container web as it was", "nexcage rollback web before"),
    ("and have it run", "nexcage rollback --start web before"),
)


def run(call: Call) -> int:
    """``pct rollback``, in any status."""
    container_id = call.operand("the container id")
    name = call.operand("the snapshot's name")
    call.no_more()
    target = find(call, container_id)
    needs(target, "rollback", INSTEAD)
    return target.perform("rollback", call.passed("start"), [name])
