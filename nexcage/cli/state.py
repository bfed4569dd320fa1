"""Print the state of a container as JSON.

ociVersion, id, status (created, running, paused or stopped), pid of init on
the host (0 when it has stopped), bundle, rootfs, created, owner, driver and
annotations.
"""

from nexcage.cli.call import Call
from nexcage.cli.target import find
from nexcage.jsontext import dumps

OPTIONS = ()
OPERANDS = "ID"
EXAMPLES = (("the state of container web", "nexcage state web"),)


def run(call: Call) -> int:
    """runtime.md, "Query State": MUST print the state, and MUST fail for an unknown id."""
    container_id = call.operand("the container id")
    call.no_more()
    call.output_format("json")
    target = find(call, container_id)
    print(dumps(target.record.document(*target.state()), 2))
    return 0
