# SPDX-License-Identifier: Apache-2.0
"""``/nodes/NODE/lxc``: the containers of this node, live."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Any

from step_defs.stand_ins.pve.engine import trees
from step_defs.stand_ins.pve.pct import create as pct_create
from step_defs.stand_ins.pve.pct import destroying, figures, ha, lifecycle, reading, setting
from step_defs.stand_ins.pve.tables.lxc_options import NUMBERS

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call, Task
    from step_defs.stand_ins.pve.conf import Conf, Section
    from step_defs.stand_ins.pve.schema import Values

Facts = dict[str, Any]
LOOPBACK = {
    "hardware-address": "00:00:00:00:00:00",
    "hwaddr": "00:00:00:00:00:00",
    "inet": "127.0.0.1/8",
    "name": "lo",
    "ip-addresses": [{"ip-address": "127.0.0.1", "ip-address-type": "inet", "prefix": "8"}],
}


def all_of_node(call: Call, _given: Values) -> list[Facts]:
    """In any order."""
    found = [{**figures.of(call, vmid, call.conf(vmid)), "cpu": 0} for vmid in call.state.containers()]
    random.shuffle(found)
    return found


def create(call: Call, given: Values) -> Task:
    """As pct does."""
    restore = given.pop("restore", "0") == "1"
    given.pop("node")
    return pct_create.create(call, given, restore)


def destroy(call: Call, given: Values) -> Task:
    """As pct does."""
    return destroying.destroy(call, given)


def current(call: Call, given: Values) -> Facts:
    """All figures, and whether high availability looks after it."""
    vmid = given["vmid"]
    found = figures.of(call, vmid, call.conf(vmid))
    return {**found, "cpu": 0, "ha": {"managed": int(ha.managed(call, vmid))}}


def config(call: Call, given: Values) -> Facts:
    """With what is pending, if not asked for what is."""
    conf: Conf = call.conf(given["vmid"])
    return {**_values(reading.chosen(conf, given)), "digest": setting.digest_of(conf)}


def _values(section: Section) -> Facts:
    found: Facts = {key: _value(key, value) for key, value in section.options.items()}
    if section.raw:
        found["lxc"] = [list(pair) for pair in section.raw]
    return found


def _value(key: str, value: str) -> Any:
    if key in NUMBERS and re.fullmatch(r"-?\d+", value):
        return int(value)
    return float(value) if key in NUMBERS and re.fullmatch(r"-?\d*\.\d+", value) else value


def set_config(call: Call, given: Values) -> None:
    """As pct does."""
    given.pop("node")
    setting.set_options(call, given)


def pending(call: Call, given: Values) -> list[Facts]:
    """Each option, its value, and what becomes of it."""
    conf: Conf = call.conf(given["vmid"])
    found: list[Facts] = [{"key": "digest", "value": setting.digest_of(conf)}]
    deleted = conf.pending.get("delete", "").split(",")
    for key in {*conf.options, *conf.pending} - {"delete"}:
        one: Facts = {"key": key}
        if key in conf.options:
            one["value"] = _value(key, conf.options[key])
        if key in conf.pending:
            one["pending"] = _value(key, conf.pending[key])
        if key in deleted:
            one["delete"] = 1
        found.append(one)
    return found


def interfaces(call: Call, given: Values) -> list[Facts] | None:
    """Addresses inside; of a stopped one nothing, and a line about it."""
    vmid = given["vmid"]
    conf = call.conf(vmid)
    if not call.engine.pid(vmid):
        call.err(f"{vmid} doesn't exist\n")
        call.out("null\n")
        return None
    found = [LOOPBACK]
    for key in sorted(key for key in conf.options if re.fullmatch(r"net\d+", key)):
        parts = trees.parts(call.state, key, conf.options[key])
        hardware = parts["hwaddr"].lower()
        one: Facts = {
            "hardware-address": hardware,
            "hwaddr": hardware,
            "name": parts["name"],
            "ip-addresses": [],
        }
        address, slash, prefix = parts.get("ip", "").partition("/")
        if slash:
            one["inet"] = parts["ip"]
            one["ip-addresses"] = [{"ip-address": address, "ip-address-type": "inet", "prefix": prefix}]
        found.append(one)
    return found


start = lifecycle.start
stop = lifecycle.stop
shutdown = lifecycle.shutdown
reboot = lifecycle.reboot
suspend = lifecycle.suspend
resume = lifecycle.resume
