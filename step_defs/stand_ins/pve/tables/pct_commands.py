# SPDX-License-Identifier: Apache-2.0
"""The subcommands of pct in the order and groups of its help, with their own options."""

from __future__ import annotations

from step_defs.stand_ins.pve.frame import Command
from step_defs.stand_ins.pve.schema import Option
from step_defs.stand_ins.pve.tables import lxc_options as lxc

FLAG = Option(type="boolean")
VMID = Option(type="integer", format="vmid")
NODE = Option(format="node")
SNAPSHOT = Option(format="configid", longest=40)
DISK = Option(enum=("rootfs", *(f"mp{n}" for n in range(256))))
OPT = " [OPTIONS]"


def _command(
    name: str, arguments: str = "", options: str = "", extra: bool = False, **types: Option
) -> Command:
    named = {key.replace("_", "-"): option for key, option in types.items()}
    if "vmid" in arguments.split():
        named["vmid"] = VMID
    return Command(name, arguments, options, extra, named)


_BRIDGES = " --target-bridge <string> --target-storage <string> [OPTIONS]"
GROUPS = (
    (
        _command("clone", "vmid newid", OPT, newid=VMID),
        _command("create", "vmid ostemplate", OPT, ostemplate=Option(longest=255)),
        _command("destroy", "vmid", OPT),
        _command("list"),
        _command("migrate", "vmid target", OPT, target=NODE),
        _command("move-volume", "vmid volume [storage] [target-vmid] [target-volume]", OPT, storage=lxc.NAME),
        _command("pending", "vmid"),
        _command("resize", "vmid disk size", OPT, disk=DISK, size=Option(pattern=r"\+?\d+(\.\d+)?[KMGT]?")),
        _command("restore", "vmid ostemplate", OPT, ostemplate=Option(longest=255)),
        _command("template", "vmid"),
    ),
    (_command("config", "vmid", OPT), _command("set", "vmid", OPT)),
    (
        _command("delsnapshot", "vmid snapname", OPT, snapname=SNAPSHOT),
        _command("listsnapshot", "vmid"),
        _command("rollback", "vmid snapname", OPT, snapname=SNAPSHOT),
        _command("snapshot", "vmid snapname", OPT, snapname=SNAPSHOT),
    ),
    (
        _command("reboot", "vmid", OPT),
        _command("resume", "vmid"),
        _command("shutdown", "vmid", OPT),
        _command("start", "vmid", OPT),
        _command("stop", "vmid", OPT),
        _command("suspend", "vmid"),
    ),
    (
        _command("console", "vmid", OPT),
        _command("cpusets"),
        _command("df", "vmid"),
        _command("enter", "vmid", OPT),
        _command("exec", "vmid", OPT, extra=True),
        _command("fsck", "vmid", OPT),
        _command("fstrim", "vmid", OPT),
        _command("mount", "vmid"),
        _command("pull", "vmid path destination", OPT),
        _command("push", "vmid file destination", OPT),
        _command("remote-migrate", "vmid [target-vmid] target-endpoint", _BRIDGES),
        _command("rescan", "", OPT),
        _command("status", "vmid", OPT),
        _command("unlock", "vmid"),
        _command("unmount", "vmid"),
    ),
    (Command("help", "", OPT, extra=True),),
)
_COPY = {"user": Option(), "group": Option(), "perms": Option()}
_KEEP = {"keep-env": FLAG}
_TIMEOUT = Option(type="integer", least=0)
_LIMIT = Option(type="number", least=0)
_DIGEST = Option(longest=40)
# options of their own; create, restore and set have those of containers
OPTIONS: dict[str, dict[str, Option]] = {
    "clone": {
        "bwlimit": _LIMIT,
        "description": Option(),
        "full": FLAG,
        "hostname": lxc.CONFIG["hostname"],
        "pool": lxc.CREATE["pool"],
        "snapname": SNAPSHOT,
        "storage": lxc.NAME,
        "target": NODE,
    },
    "destroy": {"destroy-unreferenced-disks": FLAG, "force": FLAG, "purge": FLAG},
    "migrate": {
        "bwlimit": _LIMIT,
        "online": FLAG,
        "restart": FLAG,
        "target-storage": Option(),
        "timeout": _TIMEOUT,
    },
    "move-volume": {"bwlimit": _LIMIT, "delete": FLAG, "digest": _DIGEST, "target-digest": _DIGEST},
    "resize": {"digest": _DIGEST},
    "config": {"current": FLAG, "snapshot": SNAPSHOT},
    "delsnapshot": {"force": FLAG},
    "rollback": {"start": FLAG},
    "snapshot": {"description": Option()},
    "reboot": {"timeout": _TIMEOUT},
    "shutdown": {"forcestop": FLAG, "timeout": _TIMEOUT},
    "start": {"debug": FLAG, "skiplock": FLAG},
    "stop": {"overrule-shutdown": FLAG, "skiplock": FLAG},
    "console": {"escape": Option(pattern=r"\^?[a-z]")},
    "enter": _KEEP,
    "exec": _KEEP,
    "fsck": {"device": DISK, "force": FLAG},
    "fstrim": {"ignore-mountpoints": FLAG},
    "pull": _COPY,
    "push": _COPY,
    "rescan": {"dryrun": FLAG, "vmid": VMID},
    "status": {"verbose": FLAG},
}


def options(name: str, version: tuple[int, ...]) -> dict[str, Option]:
    """The options of a subcommand."""
    if name in ("create", "restore"):
        return lxc.options(version, lxc.CREATE)
    if name == "set":
        return lxc.options(version, lxc.SET)
    return OPTIONS.get(name, {})
