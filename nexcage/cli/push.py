"""Copy a file of this host into a running container.

For containers of Proxmox VE. DEST is absolute and names the file itself; names
of users and groups are the container's.
"""

import os
import stat

from nexcage.cli.call import Call
from nexcage.cli.options import Option
from nexcage.cli.snapshot import needs
from nexcage.cli.target import Target, find
from nexcage.errors import CommandFailed, from_os
from nexcage.host.execute import execute
from nexcage.host.files import inside
from nexcage.plan import Plan

OPTIONS = (
    Option("user", "owner of the copy (default root)", "USER", "u"),
    Option("group", "its group (default root)", "GROUP", "g"),
    Option("mode", "its permissions, octal (default 0644)", "MODE", "m"),
)
OPERANDS = "ID FILE DEST"
EXAMPLES = (
    ("give container web a page", "nexcage push web index.html /var/www/index.html"),
    ("a program, for everybody", "nexcage push --mode 0755 web tool /usr/local/bin/tool"),
)


def run(call: Call) -> int:
    """``pct push``, which neither its status nor, on a full disk, its words tell to have failed."""
    container_id = call.operand("the container id")
    file = os.path.abspath(call.operand("the file"))
    dest = call.operand("the path in the container")
    call.no_more()
    target = find(call, container_id)
    needs(target, "push", f"copy it below the container's root: {target.record.rootfs}")
    pid = target.require("push", "running")
    options = call.passed("user", "group", "mode")
    step = target.driver.plan_verb("push", target.record.handle, options, [file, dest])
    plan = Plan("push", target.record.id, target.record.driver, [step])
    if call.shows_only(plan):
        return 0
    size = os.stat(file).st_size
    execute(plan)
    arrived = look(target, pid, dest)
    # a program there may have taken it already
    if arrived is not None and stat.S_ISREG(arrived.st_mode) and arrived.st_size < size:
        raise incomplete(dest, arrived.st_size, size, "make room in the container")
    return 0


def look(target: Target, pid: int, path: str) -> os.stat_result | None:
    """What ``path`` is in the container of process ``pid``; None when it is not there."""
    root = f"/proc/{pid}/root"
    try:
        os.stat(root + "/")
    except FileNotFoundError:  # the process has ended
        raise target.refusal(target.call.verb, "stopped") from None
    except OSError as error:
        raise from_os(error, f'cannot look into container "{target.record.id}"') from None
    try:
        return os.lstat(inside(root, path))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise from_os(error, f'cannot look at "{path}" in container "{target.record.id}"') from None


def incomplete(path: str, size: int, wanted: int, hint: str) -> CommandFailed:
    """The error for a copy of ``wanted`` bytes that has only ``size``."""
    return CommandFailed(
        f'"{path}" is not complete: {size} of {wanted} bytes', code="copy-incomplete", hint=hint
    )
