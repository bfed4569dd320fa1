# SPDX-License-Identifier: Apache-2.0
"""``pct start``, ``stop``, ``shutdown``, ``reboot``, ``suspend``, ``resume``, ``mount``, ``unmount``."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from step_defs.stand_ins.pve import archives, storages
from step_defs.stand_ins.pve.engine import start_failed, trees, words
from step_defs.stand_ins.pve.pct import creating, ha, values
from step_defs.stand_ins.pve.pct.create import quorate
from step_defs.stand_ins.pve.refusals import Died

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call, Task
    from step_defs.stand_ins.pve.conf import Conf
    from step_defs.stand_ins.pve.schema import Values

SHUTDOWN_SECONDS = 60


def start(call: Call, given: Values) -> Task:
    """Run a container."""
    vmid = given["vmid"]
    quorate(call)
    if call.engine.pid(vmid):
        raise Died(f"CT {vmid} already running")
    if ha.managed(call, vmid) and call.tool == "pct" and not call.in_task:
        call.out(f"Requesting HA start for CT {vmid}\n")
        raise ha.no_manager(f"set ct:{vmid} --state started")
    return call.task("vzstart", vmid, lambda: _start(call, vmid, given))


def _start(call: Call, vmid: str, given: Values) -> None:
    with call.state.locked(vmid, call.out):
        conf: Conf = call.conf(vmid)
        if given.get("skiplock") != "1":
            values.locked(conf, allowed=("mounted",))
        if conf.get("template") == "1":
            raise Died("you can't start a CT if it's a template")
        if conf.pending and conf.get("lock") != "mounted":
            _apply(call, vmid, conf)
        _check(call, conf)
        _hook(call, vmid, conf)
        system = _systemd(call, conf)
        try:
            call.engine.start(call, vmid, conf, given.get("debug") == "1")
        except Died:
            creating.warn_of_systemd(call, conf, system)
            raise
        creating.warn_of_systemd(call, conf, system)


def _apply(call: Call, vmid: str, conf: Conf) -> None:
    """Pending changes come into force; one that cannot be stops everything."""
    rootfs = conf.pending.get("rootfs", "")
    if ":" in rootfs:
        storages.content_of(storages.parsed(trees.parts(call.state, "rootfs", rootfs)["volume"])[1])
    conf.apply_pending()
    call.state.store(vmid, conf)


def _check(call: Call, conf: Conf) -> None:
    """Volumes, devices, networks: before lxc-start."""
    for _, parts in [
        ("rootfs", trees.parts(call.state, "rootfs", conf.get("rootfs"))),
        *trees.mounts(call.state, conf),
    ]:
        volume = parts["volume"]
        if not volume.startswith("/"):
            storages.usable(call.state, storages.parsed(volume)[0])
            if storages.missing(call.state, volume):
                raise Died(f"volume '{volume}' does not exist")
    for name in sorted(conf.options):
        if re.fullmatch(r"dev\d+", name):
            values.device(call, conf.options[name], name)
    values.bridges(call, conf)


def _hook(call: Call, vmid: str, conf: Conf) -> None:
    """The pre-start hook of lxc-pve: mounts, and files that a managed system gets."""
    rootfs = trees.parts(call.state, "rootfs", conf.get("rootfs"))
    directory = rootfs["volume"].startswith("/")
    if directory and not os.path.isdir(call.state.host(rootfs["volume"])):
        raise start_failed(call, vmid, words.HOOK.format(2))
    if conf.get("unprivileged") != "1":
        for name, parts in [("rootfs", rootfs), *trees.mounts(call.state, conf)]:
            if "idmap" in parts:
                call.warn(f"'{name}' - ignoring 'idmap' option unsupported by privileged container")
    for _, parts in trees.mounts(call.state, conf):
        source = call.state.host(parts["volume"])
        if parts["volume"].startswith("/") and not os.path.isdir(source):
            raise start_failed(call, vmid, words.HOOK.format(9 if os.path.exists(source) else 2))
    shifted = "idmap" in rootfs and conf.get("unprivileged") == "1"
    if conf.get("ostype") != "unmanaged" and (rootfs.get("ro") == "1" or shifted):
        raise start_failed(call, vmid, words.HOOK.format(1))


def _systemd(call: Call, conf: Conf) -> int:
    if conf.get("ostype") == "unmanaged":
        return 0
    told: dict[str, int] = call.state.settings.get("systemd", {})
    return told.get(conf.get("ostype"), 0) or archives.systemd_of(trees.root(call.state, conf))


def _running(call: Call, vmid: str) -> None:
    if not call.engine.pid(vmid):
        raise Died(f"CT {vmid} not running")


def stop(call: Call, given: Values) -> Task:
    """Kill a container."""
    vmid = given["vmid"]
    _running(call, vmid)
    if ha.managed(call, vmid) and call.tool == "pct":
        call.out(f"Requesting HA stop for CT {vmid}\n")
        raise ha.no_manager(f"crm-command stop ct:{vmid} 0")
    return call.task("vzstop", vmid, lambda: _stop(call, vmid, given))


def _stop(call: Call, vmid: str, given: Values) -> None:
    with call.state.locked(vmid, call.out):
        conf = call.conf(vmid)
        if given.get("skiplock") != "1":
            values.locked(conf, allowed=("mounted",))
        call.engine.stop(call, vmid)
        if conf.pending:
            _apply(call, vmid, conf)


def shutdown(call: Call, given: Values) -> Task:
    """Ask a container to end."""
    vmid = given["vmid"]
    _running(call, vmid)
    return call.task("vzshutdown", vmid, lambda: _shutdown(call, vmid, given))


def _shutdown(call: Call, vmid: str, given: Values) -> None:
    timeout = int(given.get("timeout", SHUTDOWN_SECONDS))
    with call.state.locked(vmid, call.out):
        conf = call.conf(vmid)
        values.locked(conf)
        if not call.engine.shutdown(call, vmid, conf, timeout):
            kill = " --kill" if given.get("forcestop") == "1" else " --nokill"
            if given.get("forcestop") == "1":
                call.engine.stop(call, vmid)
            elif call.engine.pid(vmid):
                call.out(f"command 'lxc-stop -n {vmid}{kill} --timeout {timeout}' failed: exit code 1\n")
                raise Died("container did not stop")
            else:
                call.out(f"command 'lxc-stop -n {vmid}{kill} --timeout {timeout}' failed: exit code 1\n")
        if conf.pending:
            _apply(call, vmid, conf)


def reboot(call: Call, given: Values) -> Task:
    """Stop and start; a lock is noticed when it is too late."""
    vmid = given["vmid"]
    if not call.engine.pid(vmid):
        raise Died(f"VM {vmid} not running")

    def work() -> None:
        conf = call.conf(vmid)
        call.engine.stop(call, vmid)
        if conf.pending:
            _apply(call, vmid, conf)
        if conf.get("lock"):
            raise Died(f"startup for container '{vmid}' failed")
        _check(call, conf)
        _hook(call, vmid, conf)
        call.engine.start(call, vmid, conf, debug=False)
        creating.warn_of_systemd(call, conf, _systemd(call, conf))

    return call.task("vzreboot", vmid, work)


def suspend(call: Call, given: Values) -> Task:
    """Needs criu, which nobody has."""
    vmid = given["vmid"]
    _running(call, vmid)

    def work() -> None:
        values.locked(call.conf(vmid))
        raise Died(f"command 'lxc-checkpoint -n {vmid} -s -D /var/lib/vz/dump' failed: exit code 1")

    return call.task("vzsuspend", vmid, work)


def resume(call: Call, given: Values) -> Task:
    """Needs criu too."""
    vmid = given["vmid"]
    if call.engine.pid(vmid):
        raise Died(f"CT {vmid} already running")

    def work() -> None:
        source = "../src/lxc/tools/lxc_checkpoint.c: lxc_checkpoint_main: 299"
        call.out(f"lxc-checkpoint: {vmid}: {source} {vmid} is not defined\n")
        raise Died(
            f"command 'lxc-checkpoint -n {vmid} -r --foreground -D /var/lib/vz/dump' failed: exit code 1"
        )

    return call.task("vzresume", vmid, work)


def mount(call: Call, given: Values) -> None:
    """Show the tree to the host; the lock says so."""
    vmid = given["vmid"]
    with call.state.locked(vmid, call.err):
        conf = call.conf(vmid)
        values.locked(conf)
        _check(call, conf)
        rootfs = trees.parts(call.state, "rootfs", conf.get("rootfs"))
        for parts in (rootfs, *(parts for _, parts in trees.mounts(call.state, conf))):
            if parts["volume"].startswith("/") and not os.path.isdir(call.state.host(parts["volume"])):
                call.err("mounting container failed\n")
                raise Died(f"directory '{parts['volume']}' does not exist")
        conf.options["lock"] = "mounted"
        call.state.store(vmid, conf)
        call.engine.mount(call, vmid, conf)
    place = os.path.join(call.state.home, "lxc") if call.state["containers"] == "lxc" else "/var/lib/lxc"
    call.out(f"mounted CT {vmid} in '{place}/{vmid}/rootfs'\n")


def unmount(call: Call, given: Values) -> None:
    """Hide it again."""
    vmid = given["vmid"]
    with call.state.locked(vmid, call.err):
        conf = call.conf(vmid)
        if conf.get("lock") != "mounted":
            raise Died(
                f"CT is locked ({conf.get('lock')})"
                if conf.get("lock")
                else "no lock found trying to remove 'mounted' lock"
            )
        del conf.options["lock"]
        call.state.store(vmid, conf)
        call.engine.unmount(call, vmid)
