# SPDX-License-Identifier: Apache-2.0
"""jail -c and -m: steps in jail(8)'s order, undone when a later one fails."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from step_defs.stand_ins.jail import mounts, parameters, removing, running, steps
from step_defs.stand_ins.jail.refusals import Refused

if TYPE_CHECKING:
    from step_defs.stand_ins.jail.jail import Order
    from step_defs.stand_ins.jail.state import Facts, State


def create(state: State, order: Order) -> None:
    """Create a jail, run its command. Raise `Refused`, with nothing left."""
    values = order.values
    parameters.check_own(values)
    _all_known(state, order)
    for other in values.get("depend", []):
        if state.find(other) is None:
            raise Refused(f'depends on nonexistent jail "{other}"')
    path = _path(state, values)
    undo: list[str] = []
    jail: Facts | None = None
    try:
        steps.outside(state, order, None, "prepare")
        steps.aliases(state, order)
        steps.mount_all(state, order, path, undo)
        steps.outside(state, order, None, "prestart")
        jail = _set(state, order, path)
        running.pin(state, jail)
        _tell(order, jail)
        steps.outside(state, order, jail, "created")
        for name in values.get("vnet.interface", []):
            steps.move_interface(state, order, jail, name)
        steps.inside(state, order, jail, "start")
        command = values.get("command", [])
        if command and not steps.command_inside(state, order, jail, command[-1].split("\0")):
            raise Refused("")
        steps.outside(state, order, jail, "poststart")
    except Refused as refused:
        _undo(state, order, jail, undo)
        if refused.text:
            raise
        raise Refused("\0") from None
    if command and jail["params"]["persist"] != "true":
        removing.forget(state, jail)


def _all_known(state: State, order: Order) -> None:
    """Raise `Refused` after a line for each parameter that there is not."""
    old = state.is_before(15, 0)
    unknown = [
        name for name in order.values if not parameters.known(name) or (old and parameters.is_store(name))
    ]
    for name in unknown:
        order.complain(f"unknown parameter: {name}")
    if unknown:
        raise Refused("\0")


def _tell(order: Order, jail: Facts) -> None:
    shown = []
    for name, _, value in order.words:
        if name not in parameters.OWN:
            text = jail["params"].get(name, value) if name in parameters.JAILSYS else value
            shown.append(name if text is None else f"{name}={text}")
    if order.verbose > 0 and not order.label:
        print(f"jail_set(JAIL_CREATE) {' '.join(shown)}")
    order.say("created")
    if order.print_jid:
        print(jail["jid"], flush=True)
    if order.jid_file:
        with open(order.jid_file, "w", encoding="utf-8") as file:
            file.write("\t".join([f"jid={jail['jid']}", *shown]) + "\n")


def _undo(state: State, order: Order, jail: Facts | None, undo: list[str]) -> None:
    if jail is not None:
        removing.forget(state, jail)
        order.say("removed")
    for node in reversed(undo):
        with state.changing():
            mounts.unmount(state, node)


def _path(state: State, values: parameters.Values) -> str:
    if "path" not in values:
        return "/"
    given = values["path"][-1] if values["path"] else ""
    if not given:
        raise Refused("path : No such file or directory")
    place = state.host(given)
    if not os.path.exists(place):
        raise Refused(f"path {state.shown(given)}: No such file or directory")
    if not os.path.isdir(place):
        raise Refused(f"path {state.shown(given)}: Not a directory")
    return state.shown(os.path.realpath(place))


def _set(state: State, order: Order, path: str) -> Facts:
    """jail_set(2)."""
    values = order.values
    given = parameters.check_kernel(values)
    if state.uid or _no_children_allowed(state):
        raise Refused("jail_set: Operation not permitted")
    if ("persist" not in given or given["persist"] == "false") and "command" not in values:
        raise Refused("new jail must persist or attach")
    if "vnet" in given and any(name in given for name in ("ip4", "ip6", "ip4.addr", "ip6.addr")):
        raise Refused("vnet jails cannot have IP address restrictions")
    with state.changing():
        parent = _parent(state, given.get("name", ""))
        jid = _jid(state, given)
        release = f"{state['release']}-RELEASE{state['patch']}"
        names = [name for name in parameters.ALL if name not in parameters.READ_ONLY]
        params = {name: parameters.default(name, release, state["osreldate"]) for name in names}
        params.update(given)
        _settle(params, given)
        name = given.get("name") or str(jid)
        params.update(jid=str(jid), name=name, path=path)
        jail = {"jid": jid, "name": name, "path": path, "parent": parent["jid"] if parent else 0}
        jail |= {"params": params, "cpuset": state["next_cpuset"], "dying": False, "zombies": []}
        state.facts["next_cpuset"] += 1
        taken = {one["jid"] for one in state["jails"]}
        for dying in (one for one in state["jails"] if one["jid"] == jid):
            dying["jid"] = next(one for one in range(999999, 0, -1) if one not in taken)
        state["jails"].append(jail)
        if params["vnet"] == "new":
            state["interfaces"][f"lo0@{jid}"] = {"jid": jid, "inet": [], "up": False}
    return jail


def _no_children_allowed(state: State) -> bool:
    jail = state.find(str(state.inside)) if state.inside else None
    return jail is not None and int(jail["params"]["children.max"]) == 0


def _parent(state: State, name: str) -> Facts | None:
    head, dot, _ = name.rpartition(".")
    if not dot:
        return None
    parent = state.find(head)
    if parent is None:
        raise Refused(f'jail "{head}" not found')
    most = int(parent["params"]["children.max"])
    if most == 0:
        raise Refused("jail_set: Operation not permitted")
    if len(state.children(parent)) >= most:
        raise Refused("prison limit exceeded")
    return parent


def _jid(state: State, given: dict[str, str]) -> int:
    """The number of a new jail. A dying one's number or name can be used again."""
    name, number = given.get("name", ""), int(given.get("jid", "0"))
    last = name.rpartition(".")[2]
    if last.isdigit() and str(number) != last:
        if number or last.startswith("0") or int(last) > 999999:
            raise Refused("name cannot be numeric (unless it is the jid)")
        number = int(last)
    if number < 0:
        raise Refused("negative jid")
    existing = state.find(str(number)) if number else None
    existing = existing or (state.find(name) if name else None)
    if existing:
        raise Refused(f'"{existing["jid"]}" already exists')
    if number:
        return number
    taken = {jail["jid"] for jail in state["jails"]}
    jid = int(state["next_jid"])
    while jid in taken:
        jid += 1
    state.facts["next_jid"] = jid + 1
    return jid


def _settle(params: dict[str, str], given: dict[str, str]) -> None:
    """What the kernel makes of parameters that say something about each other."""
    if params["vnet"] == "new":
        params["ip4"] = params["ip6"] = "inherit"
    for family in ("ip4", "ip6"):
        if given.get(family) == "new" or f"{family}.addr" in given:
            params[family] = "disable"
    if any(name.startswith("host.") for name in given):
        params["host"] = "new"


def modify(state: State, order: Order) -> None:
    """jail -m. Raise `Refused`."""
    values = order.values
    parameters.check_own(values)
    word = values.get("jid", values.get("name", [""]))[-1]
    _all_known(state, order)
    jail = state.find(word)
    if jail is None:
        raise Refused(f"jail {word} is dying" if state.find(word, dying=True) else f'"{word}" not found')
    given = parameters.check_kernel(values)
    for name, value in given.items():
        if name in parameters.FIXED and value != jail["params"].get(name):
            raise Refused(f"{name} cannot be changed after creation")
    if state.uid:
        raise Refused("jail_set: Operation not permitted")
    with state.changing():
        jail = state.find(word)
        assert jail is not None
        jail["params"].update(given)
        jail["name"] = given.get("name", jail["name"])
        running.describe(state, jail)
    if jail["params"]["persist"] == "false" and not running.members(state, jail):
        removing.forget(state, jail)
