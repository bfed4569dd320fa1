"""What Proxmox's tools say when they fail, and the error that it is: tables to be read in order.

A row is (pattern, class, code, message, hint); a pattern of several texts is a
tuple of alternatives. It is looked for in the text of the error, line by line (``^``
and ``$`` are those of a line); the first row that fits decides. Message and hint are
templates: the pattern's named groups (``name2`` is another place for ``name``),
``{line}`` (the line in which it was found), and ``{what}`` (container "web" (VMID 100)),
``{id}``, ``{vmid}``, ``{tool}``, ``{verb}``, ``{wanted}`` (what the call was about). A
message that does not say ``{what}`` gets it in front. Exit statuses mean nothing here:
they are accidents of the last system call that failed.

Source: recordings of pve-container 5.3 to 6.1, pve-storage 9.1, pve-manager 9.2, and their sources.
"""

from nexcage.drivers.pct.texts.cluster import CLUSTER
from nexcage.drivers.pct.texts.create import CREATE
from nexcage.drivers.pct.texts.general import GENERAL
from nexcage.drivers.pct.texts.guests import GUESTS
from nexcage.drivers.pct.texts.network import NETWORK
from nexcage.drivers.pct.texts.storage import STORAGES, VOLUMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.drivers._call import Row

TABLE: "tuple[Row, ...]" = (*CLUSTER, *GUESTS, *NETWORK, *STORAGES, *CREATE, *VOLUMES, *GENERAL)

# "CT is locked (backup)": who holds it
LOCKS = {
    "backup": "a backup",
    "create": "its creation",
    "destroyed": "its removal",
    "disk": "work on its disks",
    "fstrim": "an fstrim",
    "migrate": "a migration",
    "mounted": "pct mount",
    "rollback": "a rollback",
    "snapshot": "a snapshot",
    "snapshot-delete": "the removal of a snapshot",
}
