"""Save a running container to disk, with CRIU, where the driver can."""

import os

from nexcage.cli.call import Call
from nexcage.cli.options import Option
from nexcage.cli.target import find

OPTIONS = (
    Option("image-path", "directory for the saved state", "DIR"),
    Option("work-path", "directory for CRIU's log", "DIR"),
    Option("parent-path", "an earlier checkpoint to build on", "DIR"),
    Option("leave-running", "let the container go on"),
    Option("tcp-established", "allow open TCP connections"),
    Option("ext-unix-sk", "allow external unix sockets"),
    Option("shell-job", "allow a job of a shell"),
    Option("lazy-pages", "leave memory pages to be fetched later"),
    Option("status-fd", "descriptor that is told when lazy pages are ready", "FD"),
    Option("page-server", "send memory pages there", "ADDRESS:PORT"),
    Option("file-locks", "allow file locks"),
    Option("pre-dump", "save memory only, the container goes on"),
    Option("manage-cgroups-mode", "how CRIU treats cgroups", "MODE"),
    Option("empty-ns", "namespaces that are not restored", "NAMESPACE", many=True),
    Option("auto-dedup", "drop pages that an earlier checkpoint has"),
)
OPERANDS = "ID"
EXAMPLES = (("save container web", "nexcage checkpoint --image-path /srv/web web"),)


def run(call: Call) -> int:
    """runc's verb, handed to a driver that has it."""
    container_id = call.operand("the container id")
    call.no_more()
    target = find(call, container_id)
    target.driver.require_verb("checkpoint")
    target.require("checkpoint", "created", "running", "paused")
    for option in ("image-path", "work-path", "parent-path"):
        if call.text(option):
            call.values[option] = [os.path.abspath(call.text(option))]
    return target.perform("checkpoint", call.passed(*(o.name for o in OPTIONS)), [])
