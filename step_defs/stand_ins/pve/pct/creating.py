# SPDX-License-Identifier: Apache-2.0
"""The task of ``pct create``: disks, archive, operating system, configuration; all undone when it fails."""

from __future__ import annotations

import contextlib
import os
import random
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from step_defs.stand_ins.pve import archives, disks, faults, schema, storages
from step_defs.stand_ins.pve.conf import Conf
from step_defs.stand_ins.pve.engine import trees
from step_defs.stand_ins.pve.pct import images
from step_defs.stand_ins.pve.refusals import Died, folded
from step_defs.stand_ins.pve.tables import lxc_options
from step_defs.stand_ins.pve.tables.versions import NESTING_WARNING, OCI

if TYPE_CHECKING:
    from collections.abc import Iterator

    from step_defs.stand_ins.pve.call import Call
    from step_defs.stand_ins.pve.schema import Values

NUMBER = re.compile(r"\d+(?:\.\d+)?")
UNDETECTED = "/etc/os-release file not found and autodetection failed, falling back to 'unmanaged'\n"
FALLBACK = "Falling back to amd64.\nUse `pct set VMID --arch ARCH` to change.\n"


@dataclass
class Plan:
    """What is to be made."""

    vmid: str
    template: str
    restore: bool
    given: Values
    options: Values = field(default_factory=dict)
    volumes: dict[str, Values] = field(default_factory=dict)
    unprivileged: bool = True
    made: list[str] = field(default_factory=list)
    raw: list[tuple[str, str]] = field(default_factory=list)


def reserve(call: Call, plan: Plan) -> None:
    """Take the VMID: of two callers one wins."""
    path = call.state.path(plan.vmid)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    try:
        with open(path, "x", encoding="utf-8") as file:
            file.write("lock: create\n")
    except FileExistsError:
        raise Died(f"CT {plan.vmid} already exists on node '{call.state.node}'") from None


def work(call: Call, plan: Plan) -> None:
    """Make the container, or leave nothing."""
    verb = "restore" if plan.restore else "create"
    try:
        conf = Conf()
        allocate(call, plan, conf)
        faults.middle(call, lambda: half(call, plan, conf))
        tree = trees.root(call.state, conf)
        with mounted(call, plan, conf):
            fill(call, plan, conf, tree)
            for volid in plan.made:
                call.engine.own(trees.of_volume(call.state, volid), plan.unprivileged)
        describe(call, plan, conf, tree)
        call.state.store(plan.vmid, conf)
    except Died as died:
        undo(call, plan)
        raise Died(f"unable to {verb} CT {plan.vmid} - {folded(died.text)}") from None
    if plan.given.get("start") == "1":
        from step_defs.stand_ins.pve.pct.lifecycle import start

        start(call, {"vmid": plan.vmid})


def half(call: Call, plan: Plan, conf: Conf) -> None:
    """What a killed create leaves: no lock, no hostname, no memory."""
    left = Conf({key: conf.options[key] for key in conf.options if re.fullmatch(r"rootfs|mp\d+", key)})
    left.options["ostype"] = plan.options.get("ostype", "debian")
    left.options["arch"] = plan.options.get("arch", "amd64")
    if plan.unprivileged:
        left.options["unprivileged"] = "1"
    call.state.store(plan.vmid, left)


def undo(call: Call, plan: Plan) -> None:
    """No disk and no configuration stay."""
    for volid in plan.made:
        disks.free(call, volid)
    call.state.remove(plan.vmid)


def allocate(call: Call, plan: Plan, conf: Conf) -> None:
    """Disks that are asked for by size are made; the others must be there."""
    table = lxc_options.config(call.state.version)
    for name, parts in plan.volumes.items():
        kept = dict(parts)
        volume = parts["volume"]
        if not volume.startswith("/"):
            storage, rest = storages.parsed(volume)
            if NUMBER.fullmatch(rest):
                size = disks.gibibytes(rest)
                kept["volume"] = disks.allocate(call, storages.get(call.state, storage), plan.vmid, size)
                plan.made.append(kept["volume"])
                kept.pop("size", None)
                if size:
                    call.out(disks.formatted(size))
                    kept["size"] = disks.shown(size)
            else:
                storages.content_of(rest)
                if storages.missing(call.state, volume):
                    raise Died(f"volume '{volume}' does not exist")
        else:
            kept.pop("size", None)
        conf.options[name] = schema.written(table[name], kept)


@contextlib.contextmanager
def mounted(call: Call, plan: Plan, conf: Conf) -> Iterator[None]:
    """The disks are mounted to be filled: a directory that is missing shows here."""
    for parts in plan.volumes.values():
        volume = parts["volume"]
        if volume.startswith("/") and not os.path.isdir(call.state.host(volume)):
            call.out("mounting container failed\n")
            raise Died(f"directory '{volume}' does not exist")
    yield


def located(call: Call, template: str) -> str:
    """The path of an archive; one that is missing is said in the log too."""
    path = template
    try:
        if ":" in template and not template.startswith("/") and "/" not in template.partition(":")[0]:
            path = storages.volume_path(call.state, template)
            if storages.missing(call.state, template):
                raise Died(f"volume '{template}' does not exist")
        elif not os.path.isfile(call.state.host(template)) or not template.startswith("/"):
            raise Died(f"can't find file '{template}'")
    except Died as died:
        call.out(f"{died.text}\n")
        raise
    return path


def fill(call: Call, plan: Plan, conf: Conf, tree: str) -> None:
    """Unpack the template, an image where this version can."""
    path = located(call, plan.template)
    if call.state.version >= OCI and archives.is_oci(call, path):
        call.out("Detected OCI archive\n")
        images.unpack(call, plan, path, tree)
        return
    rootfs = trees.parts(call.state, "rootfs", conf.get("rootfs"))
    limit = storages.room(call.state, rootfs["volume"], disks.size_of(rootfs.get("size", "0")))
    try:
        archives.extract(call, path, plan.vmid, tree, plan.unprivileged, limit)
    except Died:
        if plan.given.get("ignore-unpack-errors") != "1":
            raise


def describe(call: Call, plan: Plan, conf: Conf, tree: str) -> None:
    """Which system it is, and the configuration that follows."""
    options = plan.options
    known = archives.facts(call.state, storage_file(plan.template))
    if "oci" in known and call.state.version < OCI:
        known = {}  # an older version takes the layout for the tree itself
    found = (
        known.get("os", "") if known.get("total") and not os.path.exists(os.path.join(tree, "etc")) else ""
    )
    found = found or archives.system_of(tree)
    wanted = options.get("ostype")
    if wanted is None:
        if found == "?":
            raise Died("unable to detect OS distribution")
        if not found:
            call.out(UNDETECTED)
        options["ostype"] = found or "unmanaged"
    elif wanted != "unmanaged" and found not in ("", "?") and wanted != found:
        call.out(f"got unexpected ostype ({found} != {wanted})\n")
    if "arch" not in options:
        options["arch"] = _architecture(call, tree, known, options["ostype"] == "unmanaged")
    if known.get("ssh_keys"):
        _keys(call, options.get("hostname", "localhost"))
    systemd = known.get("systemd", 0) or archives.systemd_of(tree)
    for name in [name for name in options if name not in conf.options]:
        conf.options[name] = options[name]
    if plan.unprivileged:
        conf.options["unprivileged"] = "1"
    else:
        conf.options.pop("unprivileged", None)
    for name, value in (("hostname", f"CT{plan.vmid}"), ("memory", "512"), ("swap", "512")):
        conf.options.setdefault(name, value)
    conf.raw += plan.raw
    if options["ostype"] != "unmanaged":
        warn_of_systemd(call, conf, systemd)


def storage_file(template: str) -> str:
    """The file's name of a template."""
    return template.rpartition("/")[2]


def _architecture(call: Call, tree: str, known: dict[str, object], unmanaged: bool) -> str:
    found = "" if unmanaged else str(known.get("arch", "")) or archives.architecture_of(tree)
    if not found:
        call.out(FALLBACK)
        return "amd64"
    call.out(f"Detected container architecture: {found}\n")
    return found


def _keys(call: Call, hostname: str) -> None:
    for kind in random.sample(["rsa", "ecdsa", "ed25519"], 3):
        call.out(f"Creating SSH host key 'ssh_host_{kind}_key' - this may take some time ...\n")
        fingerprint = "".join(
            random.sample("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/", k=43)
        )
        call.out(f"done: SHA256:{fingerprint} root@{hostname}\n")


def warn_of_systemd(call: Call, conf: Conf, systemd: int) -> None:
    """A systemd that needs nesting in an unprivileged container without it."""
    nesting = "nesting=1" in conf.get("features").split(",")
    if (
        systemd >= 257
        and conf.get("unprivileged") == "1"
        and not nesting
        and call.state.version >= NESTING_WARNING
    ):
        call.warn(f"Systemd {systemd} detected. You may need to enable nesting.")
