# SPDX-License-Identifier: Apache-2.0
"""``pvesm status``, ``list``, ``path``, ``extractconfig``, ``apiinfo``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from step_defs.stand_ins.pve import storages
from step_defs.stand_ins.pve.formats import split
from step_defs.stand_ins.pve.refusals import Died, refused

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call
    from step_defs.stand_ins.pve.schema import Values

UNINITIALIZED = (
    "Use of uninitialized value $ownervm in concatenation (.) or string"
    " at /usr/share/perl5/PVE/CLI/pvesm.pm line 187, <DATA> line 960.\n"
)


def status(call: Call, given: Values) -> None:
    """Figures in KiB."""
    found = storages.everything(call.state)
    if "storage" in given:
        if given["storage"] not in found:
            raise refused("storage", "No such storage.")
        found = {given["storage"]: found[given["storage"]]}
    node = given.get("target", call.state.node)
    rows = []
    for name, storage in found.items():
        disabled = storage.disabled(call.state.node)
        if node not in (call.state.node, *call.state["nodes"]) or (disabled and given.get("enabled") == "1"):
            continue
        if "content" in given and (disabled or not set(split(given["content"])) & set(storage.contents)):
            continue
        active, total, used, free = storages.usage(call.state, storage)
        word = "disabled" if disabled else "active" if active else "inactive"
        share = f"{used * 100 / total:.2f}%" if total else "N/A"
        rows.append((name, storage.type, word, total >> 10, used >> 10, free >> 10, share))
    wide = max([len("Name"), *(len(row[0]) + 1 for row in rows)])
    form = f"%-{wide}s %10s %10s %15s %15s %15s %8s\n"
    call.out(form % ("Name", "Type", "Status", "Total (KiB)", "Used (KiB)", "Available (KiB)", "%"))
    for row in rows:
        call.out(form % row)


def list_all(call: Call, given: Values) -> None:
    """What belongs to guests first, then by format."""
    storage = storages.usable(call.state, given["storage"])
    content = given.get("content")
    found = [one for one in storages.listed(call.state, storage) if content in (None, one.content)]
    if "vmid" in given:
        found = [one for one in found if one.guest == given["vmid"]]
    found = [one for one in found if one.content != "snippets" or content == "snippets"]
    found.sort(key=lambda one: (not one.guest, one.format if not one.guest else "", one.volid))
    wide = max([len("Volid"), *(len(one.volid) for one in found)])
    digits = max([len("Size"), *(len(str(one.size)) for one in found)])
    call.out(f"{'Volid':<{wide}} {'Format':<7} {'Type':<9} {'Size':>{digits}} VMID".rstrip() + "\n")
    for one in found:
        guest = f" {one.guest}" if one.guest else ""
        call.out(f"{one.volid:<{wide}} {one.format:<7} {one.content:<9} {one.size:>{digits}}{guest}\n")


def path(call: Call, given: Values) -> None:
    """A mapping of names."""
    call.out(f"{storages.volume_path(call.state, given['volume'])}\n")


def extract_config(call: Call, given: Values) -> None:
    """The configuration in a backup."""
    from step_defs.stand_ins.pve.pct.restoring import backup_text

    volid = given["volume"]
    kind, _, owner = storages.content_of(storages.parsed(volid)[1])
    if kind != "backup":
        raise Died(f"unable to use volume {volid} - content type needs to be 'backup'")
    if not owner:
        call.err(UNINITIALIZED)
    if storages.missing(call.state, volid):
        raise Died(f"volume '{volid}' does not exist", 2)
    call.out(backup_text(call, storages.volume_path(call.state, volid)) + "\n")


def api_info(call: Call, _given: Values) -> None:
    """The version of the plugins' interface."""
    call.out("APIVER 15\nAPIAGE 6\n")
