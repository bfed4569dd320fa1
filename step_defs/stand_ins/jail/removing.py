# SPDX-License-Identifier: Apache-2.0
"""jail -r and -R: SIGTERM, ten seconds of patience, removal; with a file its mounts and commands too."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

from step_defs.stand_ins.jail import mounts, running, steps
from step_defs.stand_ins.jail.refusals import Refused

if TYPE_CHECKING:
    from step_defs.stand_ins.jail.jail import Order
    from step_defs.stand_ins.jail.state import Facts, State


def remove(state: State, order: Order, jail: Facts | None, at_once: bool) -> None:
    """Remove one. Raise `Refused`."""
    if jail is not None and state.uid:
        raise Refused("jail_remove: Operation not permitted")
    if jail is not None and not jail["dying"]:
        if not at_once:
            steps.outside(state, order, jail, "prestop")
            steps.inside(state, order, jail, "stop")
        for child in reversed(state.children(jail)):
            forget(state, child, _terminate(state, order, child))
        forget(state, jail, _terminate(state, order, jail))
    if jail is not None:
        order.say("removed")
    if at_once:
        return
    steps.outside(state, order, jail, "poststop")
    for source, target, kind, _ in reversed(steps.wanted(state, order, state.shown(_path(order)))):
        if any(one["node"] == target for one in state["mounts"]):
            own = source in (".", "fdescfs", "procfs") and source in (".", kind)
            named = "" if own else f"-t {kind} "
            if order.verbose > 0:
                print(f"{order.label}run command: /sbin/umount {named}{target}", flush=True)
            with state.changing():
                mounts.unmount(state, target)
    steps.outside(state, order, jail, "release")


def _path(order: Order) -> str:
    return order.values.get("path", ["/"])[-1]


def _terminate(state: State, order: Order, jail: Facts) -> list[int]:
    """Ask all to end and wait; who they were."""
    pids = running.members(state, jail)
    patience = order.values.get("stop.timeout", [])
    seconds = float(patience[-1]) if patience else float(state["stop_wait"])
    if not pids or seconds == 0:
        return pids
    if not state["stubborn"]:
        running.send(pids, signal.SIGTERM)
    if order.verbose > 0:
        print(f"{order.label}sent SIGTERM to: {' '.join(str(pid) for pid in pids)}", flush=True)
    until = time.monotonic() + min(seconds, float(state["stop_wait"]) if not patience else seconds)
    while running.members(state, jail) and time.monotonic() < until:
        time.sleep(0.02)
    return pids


def forget(state: State, jail: Facts, before: list[int] | None = None) -> None:
    """jail_remove(2): kill what is left; a zombie keeps the jail dying."""
    zombies = running.end_all(state, jail, before or [])
    with state.changing():
        kept = [one for one in state["jails"] if one["jid"] == jail["jid"]]
        if zombies or state["dying"]:
            for one in kept:
                one.update(dying=True, zombies=zombies, until=time.time() + float(state["dying"]))
        else:
            state["jails"][:] = [one for one in state["jails"] if one["jid"] != jail["jid"]]
        state["interfaces"].pop(f"lo0@{jail['jid']}", None)
        for interface in state["interfaces"].values():
            if interface["jid"] == jail["jid"]:
                interface["jid"] = 0
    running.unpin(state, jail)
