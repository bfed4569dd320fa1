"""Make a container from a bundle; its program waits until ``start``.

The bundle is a directory with config.json and a root file system. nexcage
checks both, chooses a driver, and hands the bundle over. Standard input and
output become the container's.
"""

from nexcage.cli.call import Call
from nexcage.cli.making import CREATE_OPTIONS, Making

OPTIONS = CREATE_OPTIONS
OPERANDS = "ID [BUNDLE]"
EXAMPLES = (
    ("make container web from the bundle in ./web", "nexcage create --bundle web web"),
    ("see what would be done", "nexcage --dry-run create --bundle web web"),
)


def run(call: Call) -> int:
    """runtime.md, "Create": a bundle or an id that cannot be used MUST be an error.

    The configuration MUST be applied except for ``process``, and a failed create
    MUST leave everything as if it had not been tried.
    """
    return Making(call, detached=True).make("create")
