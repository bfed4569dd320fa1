"""Write a config.json to start from into a bundle directory.

It never overwrites one that is there.
"""

import os

from nexcage.cli.call import Call
from nexcage.cli.options import Option
from nexcage.errors import NexcageError, UsageError
from nexcage.host.files import write_new
from nexcage.jsontext import dumps
from nexcage.oci.spec import default

OPTIONS = (
    Option("bundle", "the bundle's directory (default: the working directory)", "DIR", "b"),
    Option("rootless", "for a user without root: a user namespace, no cgroup limits"),
)
OPERANDS = ""
EXAMPLES = (("a config.json in the working directory", "nexcage spec"),)


def run(call: Call) -> int:
    """runc's verb."""
    call.no_more()
    directory = call.text("bundle", ".")
    if not os.path.isdir(directory):
        raise UsageError(f"directory {directory} does not exist")
    path = os.path.join(directory, "config.json")
    if os.path.lexists(path):
        raise NexcageError(
            f"{path} already exists", code="file-exists", hint="remove it first, or name another --bundle"
        )
    # the global --rootless has a value, runc's spec --rootless has none
    rootless = call.flag("rootless") and call.text("rootless") not in ("false", "auto")
    text = dumps(default(rootless=rootless, uid=os.geteuid(), gid=os.getegid()), 2) + "\n"
    if call.flag("dry-run"):
        print(text, end="")
        return 0
    write_new(path, text.encode(), 0o644)
    return 0
