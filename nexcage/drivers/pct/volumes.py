"""Volumes of Proxmox VE storages, asked with ``pvesm`` (pve-storage 9.1).

``pvesm path`` is a mapping of names: it answers for disabled storages and for
volumes that do not exist.
"""

import os

from nexcage.errors import CommandFailed, DriverUnavailable, UsageError
from nexcage.host import process

PATIENCE = 60.0  # a call takes half a second, and ten when the cluster file system is away


def volume_path(volid: str) -> str:
    """The absolute path of the volume ``STORAGE:NAME``, which need not exist.

    Raise `UsageError` (volume-invalid), `DriverUnavailable` (pvesm-missing), or what pvesm's words mean:
    `nexcage.drivers.pct.errors`.
    """
    storage, colon, name = volid.partition(":")
    if not (colon and storage and name) or volid.startswith("-") or "\n" in volid or "\0" in volid:
        raise UsageError(f'"{volid}" is no volume', code="volume-invalid", hint="write STORAGE:VOLUME")
    program = process.which("pvesm")
    if not program:
        raise DriverUnavailable(
            "pvesm is not installed",
            code="pvesm-missing",
            hint="run it on a Proxmox VE node, or give the file itself with tar:FILE",
        )
    done = process.run([program, "path", volid], timeout=PATIENCE)
    if done.status != 0:
        from nexcage.drivers.pct.errors import classify

        known = classify("pvesm", done.argv, done.status, done.stdout, done.stderr, id="", vmid=None)
        if known is not None:
            raise known
    path = done.stdout.rstrip("\n")
    if not path.startswith("/"):
        raise CommandFailed(
            f'pvesm path gives no path for "{volid}": "{path}"',
            argv=process.paste(done.argv),
            status=done.status,
            stderr=done.stderr,
        )
    return path


def volume_exists(volid: str) -> bool:
    """Whether the volume is there as a file, directory or device; errors as for `volume_path`."""
    return os.path.exists(volume_path(volid))
