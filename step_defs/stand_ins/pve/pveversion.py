# SPDX-License-Identifier: Apache-2.0
"""pveversion: works without the cluster file system and without root."""

from __future__ import annotations

from typing import TYPE_CHECKING

from step_defs.stand_ins.pve import frame
from step_defs.stand_ins.pve.refusals import CallRefused
from step_defs.stand_ins.pve.schema import Option

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call

USAGE = "USAGE: pveversion [--verbose]\n"
FIRST = ("proxmox-ve", "pve-manager")


def run(call: Call, argv: list[str]) -> int:
    """One line, or all packages."""
    try:
        words, given = frame.getopt(argv, {"verbose": Option(type="boolean")})
    except CallRefused as refused:
        call.err(refused.before + USAGE)
        return 255
    if words:
        call.err(USAGE)
        return 255
    release = call.state.release
    packages, manager = release.packages, release.packages["pve-manager"]
    if "verbose" not in given:
        call.out(f"pve-manager/{manager}/{release.repository} (running kernel: {release.kernel})\n")
        return 0
    call.out(f"proxmox-ve: {packages['proxmox-ve']} (running kernel: {release.kernel})\n")
    call.out(f"pve-manager: {manager} (running version: {manager}/{release.repository})\n")
    for name in sorted(set(packages) - set(FIRST)):
        call.out(f"{name}: {packages[name]}\n")
    return 0
