# SPDX-License-Identifier: Apache-2.0
"""``pct list``, ``status``, ``config``, ``pending``, ``cpusets``, ``df``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from step_defs.stand_ins.pve import disks
from step_defs.stand_ins.pve.conf import encoded
from step_defs.stand_ins.pve.engine import trees, words
from step_defs.stand_ins.pve.pct import figures
from step_defs.stand_ins.pve.refusals import Died, ParametersRefused

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call
    from step_defs.stand_ins.pve.conf import Conf, Section
    from step_defs.stand_ins.pve.schema import Values

ROW = "%-10s %-10s %-12s %-20s\n"


def list_all(call: Call, _given: Values) -> None:
    """A table, or nothing at all."""
    rows = []
    for vmid in call.state.containers():
        conf = call.conf(vmid)
        status = "running" if call.engine.pid(vmid) else "stopped"
        if noise := call.state.settings.get("racing", {}).get(str(vmid)):
            status = "running"  # as lxc-info said it a moment ago
            call.err(words.GONE.replace("@", str(vmid)) if noise == "reset" else "")
            call.err(f"unable to get PID for CT {vmid} (not running?)\n")
        rows.append((vmid, status, conf.get("lock"), conf.get("hostname", f"CT{vmid}")))
    if rows:
        call.out(ROW % ("VMID", "Status", "Lock", "Name"))
    for row in rows:
        call.out(ROW % row)


def status(call: Call, given: Values) -> None:
    """One line, or all figures."""
    vmid = given["vmid"]
    conf = call.conf(vmid)
    if given.get("verbose") != "1":
        call.out(f"status: {'running' if call.engine.pid(vmid) else 'stopped'}\n")
        return
    for key, value in sorted(figures.of(call, vmid, conf).items()):
        call.out(f"{key}: {value}\n")


def chosen(conf: Conf, given: Values) -> Section:
    """The state that ``--current`` or ``--snapshot`` asks for."""
    name = given.get("snapshot")
    if name is not None:
        if name not in conf.snapshots:
            raise Died(f"snapshot '{name}' does not exist")
        return conf.snapshots[name]
    return conf if given.get("current") == "1" else conf.with_pending()


def config(call: Call, given: Values) -> None:
    """The options by name, raw lines last."""
    conf = call.conf(given["vmid"])
    section = chosen(conf, given)
    if conf.invalid:
        raise ParametersRefused(conf.invalid, "Result verification failed")
    for key, value in sorted(section.options.items()):
        call.out(f"{key}: {encoded(value) if key == 'description' else value}\n")
    for key, value in section.raw:
        call.out(f"{key}: {value}\n")


def pending(call: Call, given: Values) -> None:
    """What is, and what will be."""
    conf = call.conf(given["vmid"])
    deleted = conf.pending.get("delete", "").split(",")
    for key in sorted({*conf.options, *conf.pending} - {"delete"}):
        if key in conf.options:
            value = conf.options[key]
            call.out(f"cur {key}: {encoded(value) if key == 'description' else value}\n")
            if key in deleted:
                call.out(f"del {key}: {encoded(value) if key == 'description' else value}\n")
        if key in conf.pending:
            call.out(f"new {key}: {conf.pending[key]}\n")


def cpusets(call: Call, _given: Values) -> None:
    """Which processors each running container may use."""
    running = [vmid for vmid in call.state.containers() if call.engine.pid(vmid)]
    if not running:
        return
    width = max(len(f"{vmid}:") for vmid in running) + 3
    numbers = [f"{number:>3}" for number in range(call.state["cpus"])]
    rule = "-" * (width + sum(map(len, numbers)))
    call.out(f"{rule}\n")
    for vmid in running:
        call.out(f"{f'{vmid}:':<{width}}{''.join(numbers)}\n")
    call.out(f"{rule}\n")


def df(call: Call, given: Values) -> None:
    """Usage of each mount point."""
    vmid = given["vmid"]
    conf = call.conf(vmid)
    rows = [("MP", "Volume", "Size", "Used", "Avail", "Use%", "Path")]
    if not call.engine.pid(vmid):
        call.err(f"{vmid} doesn't exist\n")
    points = [("rootfs", {**trees.parts(call.state, "rootfs", conf.get("rootfs")), "mp": "/"})]
    for name, parts in [*points, *trees.mounts(call.state, conf)]:
        size = disks.size_of(parts.get("size", "0"))
        rows.append((name, parts["volume"], _human(size), _human(0), _human(size), "0.0", parts["mp"]))
    widths = [max(len(row[column]) for row in rows) for column in range(6)]
    for row in rows:
        first = f"{row[0]:<{widths[0]}} {row[1]:<{widths[1]}} "
        middle = " ".join(f"{row[column]:>{widths[column]}}" for column in range(2, 6))
        call.out(f"{first}{middle} {row[6]}\n")


def _human(size: int) -> str:
    amount = float(size)
    for unit in ("B", "K", "M", "G"):
        if amount < 1024:
            return f"{amount:.1f}{unit}"
        amount /= 1024
    return f"{amount:.1f}T"
