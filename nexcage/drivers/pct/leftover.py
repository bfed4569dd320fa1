"""What a create or a destroy that was cut short leaves on a node.

The pct of a nexcage that was killed goes on. A pct create that is killed itself leaves a configuration
without a lock, name or mark, as soon as its worker has noticed, or, as a power cut does, with the lock; a
pct destroy leaves one without volumes that is locked.
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
# lock → the tasks that hold it
_TASKS = {"create": ("vzcreate", "vzrestore"), "destroyed": ("vzdestroy",)}


def is_left(vmid: str, container_id: str) -> bool:
    """Whether the container is ours; `Locked` while it is being made.

    One that somebody else is just making has a lock, and one that was made has a name.
    """
    text = settled(vmid, container_id)
    if node.owner(text):
        return node.is_ours(text, container_id)
    return bool(text) and "hostname" not in parse.sections(text)[""]


def steps(tools: "Tools", vmid: str) -> "list[Step]":
    """Those that remove it."""
    return [*unlocking(tools, vmid, node.conf(vmid) or ""), tools.destroy(vmid, forced=True)]


def unlocking(tools: "Tools", vmid: str, text: str) -> "list[Step]":
    """The step before a destroy, which overrides no lock, for a container that nobody makes or destroys."""
    return [tools.step(["pct", "unlock", vmid], vmid)] if _lock(text) in _TASKS else []


def settled(vmid: str, container_id: str) -> str:
    """The configuration, "" if there is none, when nobody makes or destroys it any more."""
    deadline = time.monotonic() + SETTLING
    while (tasks := _tasks(text := node.conf(vmid) or "")) and _is_at_work(vmid, tasks):
        if time.monotonic() > deadline:
            does = "removes" if "vzdestroy" in tasks else "makes"
            raise Locked(
                f'container "{container_id}" (VMID {vmid}): Proxmox VE still {does} it',
                hint="wait until it has ended, then try again",
            )
        time.sleep(0.2)
    return text


def _tasks(text: str) -> tuple[str, ...]:
    """Those that may be at work: before a pct create has come to the configuration there is none."""
    return _TASKS.get(_lock(text), ()) if text else _TASKS["create"]


def _is_at_work(vmid: str, tasks: tuple[str, ...]) -> bool:
    """Whether a pct of this node is about it, or the worker of one, which is called after its task."""
    verb = "destroy" if "vzdestroy" in tasks else "create"
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                words = os.fsdecode(file.read()).split("\0")
        except OSError:
            continue  # it has ended
        task = any(f":{kind}:{vmid}:" in word for word in words for kind in tasks)
        # after the interpreter and its options; words of our own command line may be the same
        called = any(
            os.path.basename(word) == "pct" and words[at + 1 : at + 3] == [verb, vmid]
            for at, word in enumerate(words[:4])
        )
        if task or called:
            return True
    return False


def _lock(text: str) -> str:
    return parse.sections(text)[""].get("lock", "")
