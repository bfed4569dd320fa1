# SPDX-License-Identifier: Apache-2.0
"""pveam: templates of a storage; the index of what could be downloaded is empty, as without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from step_defs.stand_ins.pve import disks, frame, storages
from step_defs.stand_ins.pve.frame import Command
from step_defs.stand_ins.pve.refusals import Died, refused
from step_defs.stand_ins.pve.schema import Option

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call
    from step_defs.stand_ins.pve.schema import Values

INDEX = "unable to open file '/var/lib/pve-manager/apl-info/{}' - No such file or directory\n"
SOURCES = ("download.proxmox.com", "releases.turnkeylinux.org")
STORAGE = {"storage": Option(format="storage-id")}
GROUPS = (
    (
        Command("available", "", " [OPTIONS]"),
        Command("download", "storage template", types={**STORAGE, "template": Option(longest=255)}),
        Command("list", "storage", types=STORAGE),
        Command("remove", "template_path", types={"template_path": Option(longest=255)}),
        Command("update"),
    ),
    (Command("help", "", " [OPTIONS]", extra=True),),
)
OPTIONS = {"available": {"section": Option(enum=("system", "mail", "turnkeylinux"))}}


def run(call: Call, command: Command, argv: list[str]) -> int:
    """Do what the words say."""
    given, _ = frame.parse(command, argv, OPTIONS.get(command.name, {}))
    if command.name == "help":
        call.out(frame.usage("pveam", GROUPS))
    elif command.name == "list":
        _list(call, given)
    elif command.name == "remove":
        _remove(call, given)
    elif command.name == "update":
        call.err("update failed - see /var/log/pveam.log for details\n")
    else:
        for source in SOURCES:
            call.err(INDEX.format(source))
        if command.name == "download":
            storage = storages.usable(call.state, given["storage"])
            if "vztmpl" not in storage.contents:
                raise Died(f"storage '{storage.name}' does not support templates")
            raise refused("template", "no such template")
    return 0


def _list(call: Call, given: Values) -> None:
    storage = storages.usable(call.state, given["storage"])
    if "vztmpl" not in storage.contents:
        raise Died("Storage does not support templates!")
    call.out("%-60s %-6s\n" % ("NAME", "SIZE"))  # noqa: UP031  # the format of the real one
    for volume in sorted(storages.listed(call.state, storage)):
        if volume.content == "vztmpl":
            call.out(f"{volume.volid:<60} {volume.size / (1 << 20):<4.2f}MB\n")


def _remove(call: Call, given: Values) -> None:
    volid = given["template_path"]
    name, volume = storages.parsed(volid)
    storages.usable(call.state, name)
    if storages.content_of(volume)[0] != "vztmpl":
        raise Died(f"unable to use volume {volid} - content type needs to be 'vztmpl'")
    if storages.missing(call.state, volid):
        raise Died(f"volume '{volid}' does not exist", 2)
    disks.free(call, volid)
