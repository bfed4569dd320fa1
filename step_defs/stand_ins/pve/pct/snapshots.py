# SPDX-License-Identifier: Apache-2.0
"""``pct snapshot``, ``delsnapshot``, ``rollback``, ``listsnapshot`` (PVE::AbstractConfig, PVE::GuestHelpers).

Directory storages have none. On one of type btrfs they are copies of the volume's tree beside it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from typing import TYPE_CHECKING

from step_defs.stand_ins.pve import storages
from step_defs.stand_ins.pve.conf import Section
from step_defs.stand_ins.pve.engine import trees
from step_defs.stand_ins.pve.pct import values
from step_defs.stand_ins.pve.refusals import Died

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call, Task
    from step_defs.stand_ins.pve.conf import Conf
    from step_defs.stand_ins.pve.schema import Values

ABLE = {"btrfs"}
OWN = {"snaptime", "description", "lock"}  # of a section, or of what is now: never copied between them


def snapshot(call: Call, given: Values) -> Task:
    """Refused on raw images and directories."""
    vmid, name = given["vmid"], given["snapname"]
    if name == "current":
        raise Died(f"unable to use snapshot name '{name}' (reserved name)")

    def work() -> None:
        conf = call.conf(vmid)
        values.locked(conf)
        if name in conf.snapshots:
            raise Died(f"snapshot name '{name}' already used")
        for tree in _trees(call, conf):
            _copy(tree, f"{tree}@{name}")
        kept = {key: value for key, value in conf.options.items() if key not in OWN}
        kept["snaptime"] = str(int(time.time()))
        if given.get("description"):
            kept["description"] = given["description"] + "\n"
        conf.snapshots[name] = Section(kept, list(conf.raw))
        conf.options["parent"] = name
        call.state.store(vmid, conf)

    return call.task("vzsnapshot", vmid, work)


def _trees(call: Call, conf: Conf) -> list[str]:
    """The directories of all volumes, each of which must be able to have snapshots."""
    rootfs = trees.parts(call.state, "rootfs", conf.get("rootfs"))
    found = []
    for parts in (rootfs, *(parts for _, parts in trees.mounts(call.state, conf))):
        volume = parts["volume"]
        if volume.startswith("/") or storages.get(call.state, storages.parsed(volume)[0]).type not in ABLE:
            raise Died("snapshot feature is not available")
        found.append(trees.of_volume(call.state, volume))
    return found


def _copy(tree: str, target: str) -> None:
    subprocess.run(
        ["cp", "-a", "--reflink=auto", "--", tree, target], check=True, env={"PATH": "/usr/bin:/bin"}
    )


def _named(conf: Conf, name: str) -> Section:
    if name not in conf.snapshots:
        raise Died(f"snapshot '{name}' does not exist")
    return conf.snapshots[name]


def delete(call: Call, given: Values) -> Task:
    """Those that came from it come from its parent then."""
    vmid, name = given["vmid"], given["snapname"]

    def work() -> None:
        conf = call.conf(vmid)
        parent = _named(conf, name).options.get("parent", "")
        values.locked(conf)
        for tree in _trees(call, conf):
            shutil.rmtree(f"{tree}@{name}")
        del conf.snapshots[name]
        for section in (conf, *conf.snapshots.values()):
            if section.options.get("parent") == name:
                section.options.pop("parent")
                section.options |= {"parent": parent} if parent else {}
        call.state.store(vmid, conf)

    return call.task("vzdelsnapshot", vmid, work)


def rollback(call: Call, given: Values) -> Task:
    """What runs is stopped hard; the description stays."""
    vmid, name = given["vmid"], given["snapname"]

    def work() -> None:
        conf = call.conf(vmid)
        kept = _named(conf, name)
        values.locked(conf)
        found = _trees(call, conf)
        if call.engine.pid(vmid):
            call.engine.stop(call, vmid)
        for tree in found:
            for entry in os.scandir(tree):
                shutil.rmtree(entry) if entry.is_dir(follow_symlinks=False) else os.unlink(entry)
            _copy(f"{tree}@{name}/.", tree)
        about = {key: conf.options[key] for key in OWN & set(conf.options)}
        conf.options = {key: value for key, value in kept.options.items() if key not in OWN} | about
        conf.options["parent"] = name
        conf.raw = list(kept.raw)
        call.state.store(vmid, conf)
        if given.get("start") == "1":
            call.engine.start(call, vmid, conf, debug=False)

    return call.task("vzrollback", vmid, work)


def list_all(call: Call, given: Values) -> None:
    """The tree of snapshots, the oldest first; "current" is where the container is."""
    conf = call.conf(given["vmid"])
    _print(call, conf, "", "`->")


def _print(call: Call, conf: Conf, parent: str, prefix: str) -> None:
    children = [
        (int(kept.options["snaptime"]), name)
        for name, kept in conf.snapshots.items()
        if kept.options.get("parent", "") == parent
    ]
    width = max(30 - len(prefix), 0)
    for when, name in sorted(children):
        about = conf.snapshots[name].options.get("description", "").split("\n")[0] or "no-description"
        shown = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(when))
        call.out(f"{prefix} {name:<{width}} {shown:<23} {about}\n")
        _print(call, conf, name, f"    {prefix}")
    if conf.get("parent") == parent:
        call.out(f"{prefix} {'current':<{width}} {'':<23} You are here!\n")
