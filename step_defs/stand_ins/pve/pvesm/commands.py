# SPDX-License-Identifier: Apache-2.0
"""The subcommands of pvesm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from step_defs.stand_ins.pve import frame
from step_defs.stand_ins.pve.call import Task
from step_defs.stand_ins.pve.frame import Command
from step_defs.stand_ins.pve.pvesm import allocation, configuring, reading
from step_defs.stand_ins.pve.refusals import Died
from step_defs.stand_ins.pve.schema import Option

if TYPE_CHECKING:
    from collections.abc import Callable

    from step_defs.stand_ins.pve.call import Call
    from step_defs.stand_ins.pve.schema import Values

OPT = " [OPTIONS]"
FLAG = Option(type="boolean")
VMID = Option(type="integer", format="vmid")
STORAGE = Option(format="storage-id")
CONTENT = Option(format="content-list")
NODES = Option(format="node-list")
TYPE = Option(
    enum=(
        "btrfs",
        "cephfs",
        "cifs",
        "dir",
        "esxi",
        "iscsi",
        "iscsidirect",
        "lvm",
        "lvmthin",
        "nfs",
        "pbs",
        "rbd",
        "zfs",
        "zfspool",
    )
)
SIZE = Option(pattern=r"\d+[MG]?")


def _command(name: str, arguments: str = "", options: str = "", **types: Option) -> Command:
    return Command(name, arguments, options, types=types)


GROUPS = (
    (
        _command("scan cifs", "server", OPT),
        _command("scan iscsi", "portal"),
        _command("scan lvm"),
        _command("scan lvmthin", "vg"),
        _command("scan nfs", "server"),
        _command("scan pbs", "server username", " --password <string> [OPTIONS] [FORMAT_OPTIONS]"),
        _command("scan zfs"),
    ),
    (
        _command("add", "type storage", OPT, type=TYPE, storage=STORAGE),
        _command("remove", "storage", storage=STORAGE),
        _command("set", "storage", OPT, storage=STORAGE),
    ),
    (
        _command("alloc", "storage vmid filename size", OPT, vmid=VMID, size=SIZE, storage=STORAGE),
        _command("free", "volume", OPT),
        _command("list", "storage", OPT, storage=STORAGE),
    ),
    (_command("status", "", OPT),),
    (
        _command("apiinfo"),
        _command("export", "volume format filename", OPT),
        _command("extractconfig", "volume"),
        _command("import", "volume format filename", OPT),
        _command("path", "volume", volume=Option(format="volume-id")),
        _command("prune-backups", "storage", OPT),
    ),
    (Command("help", "", OPT, extra=True),),
)
_SETTINGS = {
    "content": CONTENT,
    "create-base-path": FLAG,
    "create-subdirs": FLAG,
    "disable": FLAG,
    "is_mountpoint": Option(),
    "mkdir": FLAG,
    "nodes": NODES,
    "prune-backups": Option(),
    "shared": FLAG,
    "preallocation": Option(),
    "bwlimit": Option(),
    "format": Option(),
    "max-protected-backups": Option(type="integer"),
    "options": Option(),
}
OPTIONS: dict[str, dict[str, Option]] = {
    "add": {**_SETTINGS, "path": Option()},
    "set": {**_SETTINGS, "delete": Option(longest=4096), "digest": Option(longest=64)},
    "alloc": {"format": Option(enum=("raw", "qcow2", "subvol", "vmdk"))},
    "free": {"storage": STORAGE, "delay": Option(type="integer", least=1, most=30)},
    "list": {"content": CONTENT, "vmid": VMID},
    "status": {
        "content": CONTENT,
        "enabled": FLAG,
        "format": FLAG,
        "storage": STORAGE,
        "target": Option(format="node"),
    },
}
HANDLERS: dict[str, Callable[[Call, Values], Task | None]] = {
    "add": configuring.add,
    "set": configuring.change,
    "remove": configuring.remove,
    "alloc": allocation.from_command,
    "free": allocation.free_command,
    "list": reading.list_all,
    "path": reading.path,
    "status": reading.status,
    "extractconfig": reading.extract_config,
    "apiinfo": reading.api_info,
}


def run(call: Call, command: Command, argv: list[str]) -> int:
    """Do what the words say."""
    if command.name == "help":
        call.out(frame.usage("pvesm", GROUPS))
        return 0
    given, _ = frame.parse(command, argv, OPTIONS.get(command.name, {}))
    handler = HANDLERS.get(command.name)
    if handler is None:
        raise Died(f"{command.name} is not part of this stand-in")
    done = handler(call, given)
    if isinstance(done, Task) and done.error is not None:
        call.err(f"{done.error.text}\n")  # and it is no failure
    return 0
