"""``template:STORAGE:vztmpl/FILE``: a container template of a Proxmox VE storage.

Since pve-manager 9.1 an OCI archive may be one, too.
"""

import os

from nexcage.bundler.image import Image
from nexcage.bundler.sources import SourceWishes, invalid, oci_archive, tar
from nexcage.drivers.pct.volumes import volume_path
from nexcage.errors import NotFound

INIT = "/sbin/init"


def open(rest: str, work: str, wishes: SourceWishes) -> Image:
    """The template as an image; a system starts its init."""
    storage, _, volume = rest.partition(":")
    parts = volume.split("/")
    if not storage or len(parts) != 2 or parts[0] != "vztmpl" or parts[1] in ("", ".", ".."):
        raise invalid(
            f"template:{rest}",
            "a template is STORAGE:vztmpl/FILE",
            "write it as pveam list STORAGE shows it",
        )
    path = volume_path(rest)
    if not os.path.exists(path):
        raise NotFound(
            f'the template "{rest}" does not exist',
            code="source-missing",
            hint=f"pveam list {storage} shows what is there",
        )
    if tar.image_kind(path) == "oci-archive":
        image = oci_archive.open(path, work, wishes)
        image.name = f"template:{rest}"
        return image
    image = tar.layered(path, f"template:{rest}")
    image.args = [INIT]
    return image
