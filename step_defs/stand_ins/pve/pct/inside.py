# SPDX-License-Identifier: Apache-2.0
"""``pct exec``, ``enter``, ``console``, ``push``, ``pull``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from step_defs.stand_ins.pve.refusals import Died, folded

if TYPE_CHECKING:
    from collections.abc import Callable

    from step_defs.stand_ins.pve.call import Call
    from step_defs.stand_ins.pve.schema import Values

WHERE = "at /usr/share/perl5/PVE/CLI/pct.pm line"


def _entered(call: Call, vmid: str) -> None:
    call.conf(vmid)
    if not call.engine.pid(vmid):
        raise Died(f"container '{vmid}' not running!")


def execute(call: Call, given: Values, words: list[str]) -> int:
    """Run a command; its status is pct's."""
    vmid = given["vmid"]
    _entered(call, vmid)
    if not words:
        raise Died(f"missing command {WHERE} 246.")
    return call.engine.attach(call, vmid, words, given.get("keep-env", "1") == "1")


def enter(call: Call, given: Values) -> int:
    """A shell."""
    _entered(call, given["vmid"])
    return call.engine.attach(call, given["vmid"], [], given.get("keep-env", "1") == "1")


def console(call: Call, given: Values) -> int:
    """lxc-console, which wants a container that runs."""
    vmid = given["vmid"]
    call.conf(vmid)
    if not call.engine.pid(vmid):
        where = "../src/lxc/tools/lxc_console.c: lxc_console_main: 130"
        call.err(f"lxc-console: {vmid}: {where} {vmid} is not running\n")
        return 1
    return call.engine.attach(call, vmid, [], keep_environment=True)


def push(call: Call, given: Values) -> None:
    """Copy in: a failure is told, and is no failure."""
    vmid = given["vmid"]
    if not call.engine.pid(vmid):
        raise Died("can only push files to a running CT")
    _copy(call, lambda: call.engine.push(call, vmid, given["file"], given["destination"], given))


def pull(call: Call, given: Values) -> None:
    """Copy out."""
    vmid = given["vmid"]
    if not call.engine.pid(vmid):
        raise Died(f"can only pull files from a running VM {WHERE} 664.")
    _copy(call, lambda: call.engine.pull(call, vmid, given["path"], given["destination"], given))


def _copy(call: Call, work: Callable[[], None]) -> None:
    try:
        work()
    except Died as died:
        call.err(f"{folded(died.text)}\n")
