"""What FreeBSD's tools for jails say when they fail, and the error that it is: tables to be read in order.

A row is (pattern, class, code, message, hint), as in the tables of Proxmox's tools: the first row whose
pattern is found in the text decides (``^`` and ``$`` are those of a line). Message and hint are templates
over the pattern's named groups (``name2`` is another place for ``name``), ``{line}`` (where it was found),
``{said}`` (the text without the line in which jail(8) only says that a command failed), ``{what}``
(container "web" (JID 7)), ``{id}``, ``{jid}``, ``{tool}``, ``{verb}`` and ``{long}`` (the parameter that is
longer than the kernel takes). A message that does not say ``{what}`` gets it in front.

jail(8) passes on what the kernel and the programs say that it starts (mount, ifconfig); with a
configuration file it puts the jail's name in front of everything. So names are never matched, tails are.

Source: recordings of FreeBSD 15.1, and the texts in the sources of jail(8), libjail, jexec(8), jls(8),
rctl(8) and kern_jail.c, older wordings too.
"""

from nexcage.drivers.jail.texts.commands import COMMANDS
from nexcage.drivers.jail.texts.general import GENERAL
from nexcage.drivers.jail.texts.jails import CHILDREN, CREATING, JAILS
from nexcage.drivers.jail.texts.mounts import MOUNTS
from nexcage.drivers.jail.texts.network import NETWORK
from nexcage.drivers.jail.texts.parameters import PARAMETERS
from nexcage.drivers.jail.texts.system import SYSTEM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.drivers._call import Row

__all__ = ["CHILDREN", "CREATING", "TABLE"]

TABLE: "tuple[Row, ...]" = (*NETWORK, *MOUNTS, *PARAMETERS, *SYSTEM, *JAILS, *COMMANDS, *GENERAL)
