"""Containers of Proxmox VE: their configurations are files, so that no tool is called for any of them."""

import os

from nexcage.checks import Host, Result
from nexcage.checks.told import Teller
from nexcage.drivers.pct import node, parse
from nexcage.errors import NexcageError
from nexcage.repair.records import lost
from nexcage.state.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexcage.state.store import Store


def container(record: Record, tell: Teller) -> "Iterator[Result]":
    """Whether the number still is that of our container, and who holds Proxmox VE's lock on it."""
    name, vmid = record.id, record.handle
    text = node.conf(vmid)
    told = {"id": name, "driver": "pct", "vmid": int(vmid)}
    if text is None:
        where = node.home_of(vmid)
        if where:
            error = node.elsewhere(name, vmid, where)
            yield tell.warn(error.message, error.hint, **told, node=where)
        else:
            missing = node.missing(name, vmid)
            yield tell.fail(missing.message, missing.hint, **told)
        return
    if not node.is_ours(text, name):
        message = f'container "{name}" is gone: VMID {vmid} belongs to somebody else now'
        yield tell.fail(message, f"remove its record: nexcage delete {name}", **told)
        return
    lock = parse.sections(text)[""].get("lock", "")
    if lock:
        message = f'container "{name}" (VMID {vmid}) is locked by Proxmox VE: {lock}'
        yield tell.warn(message, f"if nothing works on it any more: pct unlock {vmid}", **told, lock=lock)


def _is_ours_now(store: "Store", container_id: str, vmid: int) -> bool:
    """Whether a command has made it since the records were read, or is making it."""
    if store.intended(container_id, "handle") == str(vmid):
        return True
    try:
        return store.read(container_id, locked=True).handle == str(vmid)
    except NexcageError:
        return False


def configurations() -> str:
    """The directory of this node's configurations."""
    return f"{node.ETC}/nodes/{node.name()}/lxc"


def orphans(host: Host, tell: Teller) -> "Iterator[Result]":
    """Containers of this node that bear our mark, without a record."""
    store = host.call.store_for("pct")
    ours: dict[str, str] = {}
    for entry in host.entries():
        if entry.record is not None:
            ours[entry.id] = entry.record.handle if entry.record.driver == "pct" else ""
        else:
            ours[entry.id] = entry.store.intended(entry.id, "handle")
    try:
        names = os.listdir(configurations())
    except OSError:
        return  # no container yet
    for vmid in sorted(int(name[:-5]) for name in names if name.endswith(".conf") and name[:-5].isdecimal()):
        text = node.conf(str(vmid))
        name = node.owner(text) if text else ""
        if not name or ours.get(name) == str(vmid):
            continue
        told: dict[str, object] = {"id": name, "driver": "pct", "vmid": vmid}
        if ours.get(name):
            message = f'VMID {vmid} bears the mark of container "{name}", which is VMID {ours[name]}'
            yield tell.warn(message, f"if it is a copy: pct set {vmid} --delete description", **told)
        elif (name in ours or not os.path.lexists(store.home(name))) and not _is_ours_now(store, name, vmid):
            message = f'VMID {vmid} bears the mark of container "{name}", of which {store.root} has no record'
            hint = f"if nobody needs it: pct destroy {vmid} --purge 1"
            yield tell.warn(message, hint, **told).mended(lost(host.call, store, name))
