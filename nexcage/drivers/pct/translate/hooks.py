"""``hooks``: those after the start are run by nexcage around pct's verb.

Hookscripts of Proxmox VE and hooks of LXC get no state on their stdin, and have to lie on a
storage or in the container. Those before the start are refused: nothing has a pid then.
"""

from nexcage.drivers.pct.translate.request import Request
from nexcage.drivers.pct.translate.translated import Translated


def poststart(request: Request, out: Translated) -> None:
    """Run after ``pct start`` has succeeded."""
    found = request.part("hooks").get("poststart")
    if found:
        out.hooks["poststart"] = list(found)


def poststop(request: Request, out: Translated) -> None:
    """Run after ``pct destroy``."""
    found = request.part("hooks").get("poststop")
    if found:
        out.hooks["poststop"] = list(found)
