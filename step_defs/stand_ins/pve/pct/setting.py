# SPDX-License-Identifier: Apache-2.0
"""``pct set`` and ``pct unlock`` (PVE::API2::LXC::Config): at once where it can be, else pending."""

from __future__ import annotations

import hashlib
import os
import re
from typing import TYPE_CHECKING

from step_defs.stand_ins.pve import disks, schema, storages
from step_defs.stand_ins.pve.engine import trees
from step_defs.stand_ins.pve.formats import split
from step_defs.stand_ins.pve.pct import values
from step_defs.stand_ins.pve.refusals import Died, refused
from step_defs.stand_ins.pve.tables import lxc_options

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call
    from step_defs.stand_ins.pve.conf import Conf
    from step_defs.stand_ins.pve.schema import Values

READ_ONLY = ("unprivileged",)
REQUIRED = ("rootfs", "arch", "unprivileged", "ostype")
LIMITS = {"memory", "swap", "cores", "cpulimit", "cpuunits"}
# a running container has to be restarted for these
PENDING = re.compile(r"arch|cmode|console|debug|entrypoint|env|features|ostype|rootfs|timezone|tty|dev\d+")


def set_options(call: Call, given: Values) -> None:
    """Change a configuration in one write."""
    vmid = given.pop("vmid")
    digest = given.pop("digest", None)
    if not given:
        raise Died("no options specified")
    known = lxc_options.config(call.state.version)
    deleted, reverted = _names(given, "delete", known), _names(given, "revert", known)
    conf: Conf = call.conf(vmid)
    _storages(call, given)
    for name in deleted:
        if name in REQUIRED:
            raise Died(f"unable to delete required option '{name}'")
    with call.state.locked(vmid, call.err):
        conf = call.state.conf(vmid)
        if not (set(given) | set(deleted)) <= {"lock"}:
            values.locked(conf)
        if digest is not None and digest != digest_of(conf):
            raise Died("detected modified configuration - file changed by other user? Try again.")
        for name in reverted:
            _revert(conf, name)
        for name in deleted:
            _delete(call, vmid, conf, name)
        for name, value in given.items():
            _set(call, vmid, conf, name, value)
        call.state.store(vmid, conf)
        if LIMITS & set(given):
            call.engine.limit(vmid, conf)


def _names(given: Values, option: str, known: dict[str, schema.Option]) -> list[str]:
    names = split(given.pop(option, ""))
    for name in names:
        if name in given:
            raise refused(option, f"you can't use '-{name}' and -{option} {name}' at the same time")
        if name not in known:
            raise refused(option, f"unknown option '{name}'")
    return names


def digest_of(conf: Conf) -> str:
    """The SHA-1 of the file."""
    return hashlib.sha1(conf.text().encode(), usedforsecurity=False).hexdigest()


def _storages(call: Call, given: Values) -> None:
    for name in sorted(given):
        if re.fullmatch(r"mp\d+|rootfs", name):
            volume = trees.parts(call.state, name, given[name])["volume"]
            if not volume.startswith("/"):
                storage, _ = storages.parsed(volume)
                if "rootdir" not in storages.usable(call.state, storage).contents:
                    raise refused("storage", f"storage '{storage}' does not support container directories")
    values.existing(call, given)


def _revert(conf: Conf, name: str) -> None:
    conf.pending.pop(name, None)
    left = [other for other in split(conf.pending.get("delete", "")) if other != name]
    conf.pending.pop("delete", None)
    if left:
        conf.pending["delete"] = ",".join(left)


def _delete(call: Call, vmid: str, conf: Conf, name: str) -> None:
    if name not in conf.options and name not in conf.pending:
        call.err(f"cannot delete '{name}' - not set in current configuration!\n")
        return
    if re.fullmatch(r"mp\d+|unused\d+", name):
        values.protected(vmid, conf, f"can't remove CT {vmid} drive '{name}'")
    conf.pending.pop(name, None)
    if name not in conf.options:
        return
    if call.engine.pid(vmid) and (PENDING.fullmatch(name) or re.fullmatch(r"mp\d+", name)):
        waiting = {*split(conf.pending.get("delete", "")), name}
        conf.pending["delete"] = ",".join(sorted(waiting))
        return
    text = conf.options.pop(name)
    if name.startswith("unused"):
        volume = trees.parts(call.state, name, text)["volume"]
        if not volume.startswith("/"):
            disks.free(call, volume)
    elif re.fullmatch(r"mp\d+", name):
        keep_unused(call, conf, trees.parts(call.state, name, text)["volume"])


def keep_unused(call: Call, conf: Conf, volume: str) -> str:
    """A volume that is no longer mounted stays as unusedN."""
    if volume.startswith("/"):
        return ""
    number = next(number for number in range(256) if f"unused{number}" not in conf.options)
    conf.options[f"unused{number}"] = volume
    return f"unused{number}"


def _set(call: Call, vmid: str, conf: Conf, name: str, value: str) -> None:
    if name in READ_ONLY:
        raise Died(f"unable to modify read-only option: '{name}'")
    running = bool(call.engine.pid(vmid))
    value = values.normal(call.state, name, value, conf.get(name))
    if name == "description" and not value:
        conf.options.pop(name, None)
        return
    if running and PENDING.fullmatch(name):
        if conf.get(name) != value:
            conf.pending[name] = value
        else:
            conf.pending.pop(name, None)
        return
    conf.pending.pop(name, None)
    if re.fullmatch(r"mp\d+|rootfs", name):
        value = _volume(call, vmid, conf, name, value, running)
    elif running:
        _plug(call, conf, name, value)
    conf.options[name] = value


def _volume(call: Call, vmid: str, conf: Conf, name: str, value: str, running: bool) -> str:
    """A new disk is made; one that it replaces stays as unused."""
    parts = trees.parts(call.state, name, value)
    volume = parts["volume"]
    if name in conf.options:
        before = trees.parts(call.state, name, conf.options[name])["volume"]
        if before != volume:
            values.protected(vmid, conf, f"can't change CT {vmid} {name}")
            keep_unused(call, conf, before)
    if not volume.startswith("/"):
        storage, rest = storages.parsed(volume)
        if re.fullmatch(r"\d+(?:\.\d+)?", rest):
            size = disks.gibibytes(rest)
            parts["volume"] = disks.allocate(call, storages.get(call.state, storage), vmid, size)
            if size:
                call.out(disks.formatted(size))
                parts["size"] = disks.shown(size)
        else:
            storages.content_of(rest)
    if running and not call.state["apparmor"]:
        raise refused(
            name, f"unable to hotplug {name}: failed to change apparmor profile: Invalid argument\n"
        )
    return schema.written(lxc_options.config(call.state.version)[name], parts)


def _plug(call: Call, conf: Conf, name: str, value: str) -> None:
    """What a running container gets at once."""
    if re.fullmatch(r"net\d+", name):
        bridge = trees.parts(call.state, name, value).get("bridge")
        if bridge is not None and bridge not in call.state["bridges"]:
            raise refused(name, f"unable to hotplug {name}: bridge '{bridge}' does not exist\n")


def unlock(call: Call, given: Values) -> None:
    """Take any lock away."""
    vmid = given["vmid"]
    with call.state.locked(vmid, call.err):
        conf = call.conf(vmid)
        if not conf.get("lock"):
            raise Died("no lock found trying to remove any lock")
        del conf.options["lock"]
        call.state.store(vmid, conf)
    _release(call, vmid)


def _release(call: Call, vmid: str) -> None:
    marker = os.path.join(call.state.home, "run", f"{vmid}.mounted")
    if os.path.exists(marker):
        call.engine.unmount(call, vmid)
