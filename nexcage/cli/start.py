"""Run the program of a created container."""

import os

from nexcage.cli.call import Call
from nexcage.cli.target import Target, find
from nexcage.errors import CommandFailed
from nexcage.host.files import read

OPTIONS = ()
OPERANDS = "ID"
EXAMPLES = (("start container web", "nexcage start web"),)


def run(call: Call) -> int:
    """runtime.md, "Start": MUST run the program, and MUST fail for a container that is not ``created``.

    A container of Proxmox VE lasts: one that has stopped is started again.
    """
    container_id = call.operand("the container id")
    call.no_more()
    target = find(call, container_id)
    failed = _failed_before(target)
    if failed:
        raise target.explain("start", failed)
    if not target.driver.oci_cli:
        status, _ = target.state()
        if status in ("running", "paused") or (status == "stopped" and not target.driver.lasting):
            raise target.refusal("start", status)
    target.perform("start", [], [])
    target.finish("start")
    return 0


def _failed_before(target: Target) -> CommandFailed | None:
    """What the driver said when the launcher's short cut failed just now, so that it is not tried twice."""
    if os.environ.pop("NEXCAGE_FAILED", "") != "start":
        return None
    try:
        said = read(target.store.home(target.record.id) + "/start.log", 1 << 20)
    except FileNotFoundError:
        said = b""
    if not said.strip():
        return None  # its directory has gone since, or is that of another container of that name
    return CommandFailed("start failed", stderr=said.decode(errors="replace"), status=1)
