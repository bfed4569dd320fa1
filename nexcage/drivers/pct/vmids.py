"""Which VMID a new container gets.

``pvesh get /cluster/nextid`` reserves nothing: two callers get the same number. So commands of this
node agree among themselves by locks on one file, a byte for each number, which die with their holder;
another node's command can still be first, and then pct says so and the next number is tried.
"""

import fcntl
import os

from nexcage.drivers.pct import node
from nexcage.errors import AlreadyExists, NexcageError, from_os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

FIRST, LAST = 100, 999_999_999


class Reserved:
    """Numbers that this process has for itself until it ends."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._handle = -1

    def this(self, vmid: int) -> int:
        """The number that was asked for; `AlreadyExists` when a guest or another command has it."""
        if vmid in node.taken() or not self._take(vmid):
            raise AlreadyExists(
                f"VMID {vmid} is in use",
                code="vmid-exists",
                hint="leave out --vmid, or see which are in use: pvesh get /cluster/resources --type vm",
            )
        return vmid

    def next(self, lowest: "Callable[[], int]") -> int:
        """The first one from ``lowest()`` on, the cluster's answer, that nobody has or is about to have."""
        vmid = lowest()
        taken = node.taken()
        last = min(LAST, node.last_id())
        while vmid <= last and (vmid in taken or not self._take(vmid)):
            vmid += 1
        if vmid > last:
            raise NexcageError(
                "no VMID is free", code="vmids-exhausted", hint="remove guests that nobody needs"
            )
        return vmid

    def _take(self, vmid: int) -> bool:
        try:
            if self._handle < 0:
                os.makedirs(self._root, 0o700, exist_ok=True)
                flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
                self._handle = os.open(f"{self._root}/.vmids", flags, 0o600)
            fcntl.lockf(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, vmid)
        except (BlockingIOError, PermissionError):
            return False
        except OSError as error:
            raise from_os(error, f"cannot lock {self._root}/.vmids") from None
        return True
