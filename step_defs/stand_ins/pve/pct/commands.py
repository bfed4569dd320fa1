# SPDX-License-Identifier: Apache-2.0
"""Which function does which subcommand of pct."""

from __future__ import annotations

from typing import TYPE_CHECKING

from step_defs.stand_ins.pve import frame
from step_defs.stand_ins.pve.call import Task
from step_defs.stand_ins.pve.pct import (
    cloning,
    create,
    destroying,
    inside,
    lifecycle,
    reading,
    setting,
    snapshots,
    volumes,
)
from step_defs.stand_ins.pve.refusals import Died
from step_defs.stand_ins.pve.tables import pct_commands

if TYPE_CHECKING:
    from collections.abc import Callable

    from step_defs.stand_ins.pve.call import Call
    from step_defs.stand_ins.pve.schema import Values

GROUPS = pct_commands.GROUPS
HANDLERS: dict[str, Callable[[Call, Values], Task | int | None]] = {
    "clone": cloning.clone,
    "create": create.create,
    "restore": lambda call, given: create.create(call, given, restore=True),
    "destroy": destroying.destroy,
    "list": reading.list_all,
    "move-volume": volumes.move,
    "pending": reading.pending,
    "resize": volumes.resize,
    "template": volumes.template,
    "config": reading.config,
    "set": setting.set_options,
    "delsnapshot": snapshots.delete,
    "listsnapshot": snapshots.list_all,
    "rollback": snapshots.rollback,
    "snapshot": snapshots.snapshot,
    "reboot": lifecycle.reboot,
    "resume": lifecycle.resume,
    "shutdown": lifecycle.shutdown,
    "start": lifecycle.start,
    "stop": lifecycle.stop,
    "suspend": lifecycle.suspend,
    "console": inside.console,
    "cpusets": reading.cpusets,
    "df": reading.df,
    "enter": inside.enter,
    "fsck": volumes.fsck,
    "fstrim": volumes.fstrim,
    "mount": lifecycle.mount,
    "pull": inside.pull,
    "push": inside.push,
    "rescan": volumes.rescan,
    "status": reading.status,
    "unlock": setting.unlock,
    "unmount": lifecycle.unmount,
}


def run(call: Call, command: frame.Command, argv: list[str]) -> int:
    """Do what the words say; the exit status."""
    table = pct_commands.options(command.name, call.state.version)
    given, extra = frame.parse(command, argv, table)
    if command.name == "help":
        return _help(call, extra)
    if command.name == "exec":
        return inside.execute(call, given, extra)
    handler = HANDLERS.get(command.name)
    if handler is None:
        raise Died(f"{command.name} needs a second node")
    done = handler(call, given)
    return done.status() if isinstance(done, Task) else done or 0


def _help(call: Call, extra: list[str]) -> int:
    if extra:
        names = {command.name: command for group in GROUPS for command in group}
        if extra[0] not in names:
            raise frame.Unknown(f"ERROR: unknown command '{extra[0]}'\n{frame.usage('pct', GROUPS)}")
        call.out(f"USAGE: {names[extra[0]].usage('pct')}\n")
        return 0
    call.out(frame.usage("pct", GROUPS))
    return 0
