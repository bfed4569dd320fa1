"""What a create that was cut short leaves on a node.

The pct of a nexcage that was killed goes on. A pct that is killed itself leaves a configuration without a
lock, name or mark, as soon as its worker has noticed, or, as a power cut does, with the lock.
"""

import os
import time

from nexcage.drivers.pct import node, parse
from nexcage.errors import Locked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.drivers.pct.tools import Tools
    from nexcage.plan import Step

SETTLING = 15.0  # seconds for a worker to end
_CREATE = "create"


def is_left(vmid: str, container_id: str) -> bool:
    """Whether the container is ours; `Locked` while it is being made.

    One that somebody else is just making has a lock, and one that was made has a name.
    """
    text = _settled(vmid, container_id)
    if node.owner(text):
        return node.is_ours(text, container_id)
    return bool(text) and "hostname" not in parse.sections(text)[""]


def steps(tools: "Tools", vmid: str) -> "list[Step]":
    """Those that remove it; destroy does not override a lock."""
    unlock: list[Step] = []
    if _lock(node.conf(vmid) or "") == _CREATE:
        unlock = [tools.step(["pct", "unlock", vmid], vmid)]
    return [*unlock, tools.destroy(vmid, forced=True)]


def _settled(vmid: str, container_id: str) -> str:
    """The configuration, "" if there is none, when nobody makes it any more."""
    deadline = time.monotonic() + SETTLING
    while _lock(text := node.conf(vmid) or "") == _CREATE and _is_at_work(vmid):
        if time.monotonic() > deadline:
            raise Locked(
                f'container "{container_id}" (VMID {vmid}): Proxmox VE still makes it',
                hint="wait until it has ended, then try again",
            )
        time.sleep(0.2)
    return text


def _is_at_work(vmid: str) -> bool:
    """Whether a pct of this node creates it, or the worker of one, which is called after its task."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                words = os.fsdecode(file.read()).split("\0")
        except OSError:
            continue  # it has ended
        task = any(f":{kind}:{vmid}:" in word for word in words for kind in ("vzcreate", "vzrestore"))
        if task or ({"create", vmid} <= set(words) and any(os.path.basename(w) == "pct" for w in words)):
            return True
    return False


def _lock(text: str) -> str:
    return parse.sections(text)[""].get("lock", "")
