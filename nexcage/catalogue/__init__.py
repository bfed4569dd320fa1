"""Every code that an error or a warning of nexcage can have: what it means, where it comes from, what to do.

The texts are blocks of four lines: code, meaning, cause, action. A code with ``(warning)`` behind it is never
the end of a command.
"""

from nexcage.catalogue import (
    bundles,
    command,
    configuration,
    containers,
    images,
    jail_host,
    jails,
    proxmox_cluster,
    proxmox_guests,
    proxmox_options,
    proxmox_storage,
)

# title and texts, in the order in which they are printed
GROUPS = (
    ("The command line, the log and the host", command.TEXT),
    ("Configuration", configuration.TEXT),
    ("Containers", containers.TEXT),
    ("Bundles", bundles.TEXT),
    ("Images, archives and sources", images.TEXT),
    ("Proxmox VE: guests", proxmox_guests.TEXT),
    ("Proxmox VE: options", proxmox_options.TEXT),
    ("Proxmox VE: storages, disks and images", proxmox_storage.TEXT),
    ("Proxmox VE: cluster, nodes and network", proxmox_cluster.TEXT),
    ("Jails", jails.TEXT),
    ("Jails: mounts, network, devices and limits of the host", jail_host.TEXT),
)
_WARNING = " (warning)"


class Entry:
    """What a ``code`` means, its ``cause``, the ``action`` that helps, and the title of its ``group``."""

    __slots__ = ("action", "cause", "code", "group", "meaning", "warning")

    def __init__(self, group: str, block: str) -> None:
        head, self.meaning, self.cause, self.action = (line.strip() for line in block.split("\n"))
        self.code = head.removesuffix(_WARNING)
        self.warning = head.endswith(_WARNING)
        self.group = group


def entries() -> list[Entry]:
    """All entries, in the order of the groups."""
    return [Entry(title, block) for title, text in GROUPS for block in text.strip().split("\n\n")]
