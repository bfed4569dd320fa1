# SPDX-License-Identifier: Apache-2.0
"""Option values as the configuration keeps them, and what they refer to."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from step_defs.stand_ins.pve import schema, storages
from step_defs.stand_ins.pve.engine import trees
from step_defs.stand_ins.pve.formats import split
from step_defs.stand_ins.pve.refusals import Died
from step_defs.stand_ins.pve.tables import lxc_options

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call
    from step_defs.stand_ins.pve.conf import Conf
    from step_defs.stand_ins.pve.schema import Values
    from step_defs.stand_ins.pve.state import State

PREFIX = "BC:24:11"


def normal(state: State, name: str, value: str, before: str = "") -> str:
    """A value in the form in which the file has it; a network keeps its address of before."""
    option = lxc_options.config(state.version)[name]
    if re.fullmatch(r"net\d+", name):
        parts = schema.read(option, value)
        known = schema.read(option, before) if before else {}
        parts.setdefault("hwaddr", known.get("hwaddr") or address())
        parts["hwaddr"] = parts["hwaddr"].upper()
        parts.setdefault("type", "veth")
        text = schema.written(option, {key: part for key, part in parts.items() if key != "name"})
        return f"name={parts['name']},{_first(text, 'bridge')}"
    if re.fullmatch(r"mp\d+|rootfs", name):
        return schema.written(option, schema.read(option, value))
    if name == "tags":
        return ";".join(sorted({tag.lower() for tag in split(value)})) or " "
    if name in ("nameserver", "searchdomain"):
        return " ".join(split(value))
    if name == "description":
        return value if value.endswith("\n") or not value else f"{value}\n"
    if option.type == "integer":
        return str(int(value))
    return value


def _first(text: str, key: str) -> str:
    """The bridge comes before what is sorted."""
    parts = text.split(",")
    return ",".join(sorted(parts, key=lambda part: not part.startswith(f"{key}=")))


def address() -> str:
    """A new hardware address."""
    return PREFIX + ":".join(["", *(f"{byte:02X}" for byte in os.urandom(3))])


def existing(call: Call, options: Values) -> None:
    """Scripts and devices that options name must be there; a managed network has no SLAAC."""
    script = options.get("hookscript")
    if script is not None:
        if storages.content_of(storages.parsed(script)[1])[0] != "snippets":
            raise Died(f"volume '{script}' is not a snippet")
        if storages.missing(call.state, script):
            raise Died(f"script '{script}' does not exist", 2)
    for name, value in sorted(options.items()):
        if re.fullmatch(r"dev\d+", name):
            device(call, value, name)
        if re.fullmatch(r"net\d+", name):
            parts = trees.parts(call.state, name, value)
            if parts.get("host-managed") == "1" and parts.get("ip6") == "auto":
                raise Died(f"{name}: SLAAC is not supported for host-managed network configuration.")


def device(call: Call, value: str, name: str = "dev0") -> None:
    """A device node of the host."""
    path = trees.parts(call.state, name, value)["path"]
    if not os.path.exists(path):
        raise Died(f"Device {path} does not exist", 2)


def bridges(call: Call, conf: Conf) -> None:
    """The bridges of all networks are there, and wide enough."""
    known = call.state["bridges"]
    for name in sorted(conf.options):
        if re.fullmatch(r"net\d+", name):
            parts = trees.parts(call.state, name, conf.options[name])
            bridge = parts.get("bridge")
            if bridge is None:
                continue
            if bridge not in known:
                raise Died(f"bridge '{bridge}' does not exist")
            if int(parts.get("mtu", 0)) > known[bridge]:
                width = f"MTU size '{parts['mtu']}' is bigger than bridge MTU '{known[bridge]}'"
                raise Died(f"{name}: {width}")


def locked(conf: Conf, *, allowed: tuple[str, ...] = ()) -> None:
    """Refuse when somebody holds the container."""
    lock = conf.get("lock")
    if lock and lock not in allowed:
        raise Died(f"CT is locked ({lock})")


def protected(vmid: int | str, conf: Conf, what: str) -> None:
    """Refuse to take away what is protected."""
    if conf.get("protection") == "1":
        raise Died(f"{what} - protection mode enabled")
