"""The status of all containers of this node, in one call for any number of them."""

from nexcage.drivers.pct import lxc, node, parse
from nexcage.errors import NotFound

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.drivers.pct.tools import Tools

_TRIES = 3


def states(tools: "Tools") -> dict[str, tuple[str, int]]:
    """VMID → (status, host pid or 0); ``/nodes/NODE/lxc`` is live, ``/cluster/resources`` is 10 s old.

    What another node holds is ``unknown`` here.
    """
    here = node.name()
    text = _asked(tools, f"/nodes/{here}/lxc")
    found = {
        str(guest.vmid): _status(str(guest.vmid), guest.status, guest.pid)
        for guest in parse.resources(text, here)
    }
    elsewhere = {str(vmid): ("unknown", 0) for vmid in node.taken() if str(vmid) not in found}
    return elsewhere | found


def _asked(tools: "Tools", path: str) -> str:
    """What pvesh prints; it fails as a whole when one container goes while it looks, so it is asked again."""
    for _ in range(_TRIES - 1):
        try:
            return tools.ask("pvesh", "get", path, "--output-format", "json")
        except NotFound:
            continue
    return tools.ask("pvesh", "get", path, "--output-format", "json")


def _status(vmid: str, status: str, pid: int) -> tuple[str, int]:
    """In nexcage's words: Proxmox VE knows neither "created" nor "paused"."""
    if status != "running":
        text = node.conf(vmid)
        return ("stopped" if text is None or node.was_started(text) else "created"), 0
    return ("paused" if lxc.is_frozen(vmid, pid) else status), pid
