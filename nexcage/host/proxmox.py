"""Volumes of Proxmox VE storages, asked with ``pvesm`` (pve-storage 9.1).

``pvesm path`` is a mapping of names: it answers for disabled storages and for
volumes that do not exist.
"""

import os

from nexcage.errors import (
    CommandFailed,
    DriverUnavailable,
    NexcageError,
    NotFound,
    PermissionDenied,
    UsageError,
)
from nexcage.host import process

PATIENCE = 60.0  # a call takes half a second, and ten when the cluster file system is away


def volume_path(volid: str) -> str:
    """The absolute path of the volume ``STORAGE:NAME``, which need not exist.

    Raise `UsageError` (volume-invalid), `NotFound` (storage-missing),
    `DriverUnavailable`, `PermissionDenied` or `CommandFailed`.
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
    path = done.stdout.rstrip("\n")
    if done.status != 0:
        known = _refusal(done.stderr, volid)
        if known is not None:
            raise known
        done.check()
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


def _refusal(said: str, volid: str) -> NexcageError | None:
    """What pvesm's words mean, None when they are not known; the exit status tells nothing."""
    storage = volid.partition(":")[0]
    if f"storage '{storage}' does not exist" in said:
        return NotFound(
            f'the storage "{storage}" does not exist', code="storage-missing", hint="pvesm status lists them"
        )
    if "unable to parse" in said or "invalid format" in said:
        return UsageError(
            f'"{volid}" is no volume of storage "{storage}"',
            code="volume-invalid",
            hint=f"pvesm list {storage} shows what is there",
        )
    if "ipcc_send_rec" in said and "Connection refused" in said:
        return DriverUnavailable(
            "the cluster file system of Proxmox VE does not run", hint="systemctl start pve-cluster"
        )
    if "ipcc_send_rec" in said and os.geteuid() != 0:
        return PermissionDenied("pvesm is for root alone", hint="run it as root")
    return None
