# SPDX-License-Identifier: Apache-2.0
"""The machine boots again: all that ran is gone, with mounts, cgroups and jails; the boot id is new."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import uuid
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_bdd import given, then, when

from step_defs import census, cgroup_tree, jail_host, mounting, proxmox_node
from step_defs.crash import Crashes, some
from step_defs.lifecycle import must
from step_defs.phrases import phrase
from step_defs.stand_ins.jail import devices
from step_defs.world import eventually, mounts_below

if TYPE_CHECKING:
    from step_defs.world import World

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def reboot(world: World, *, emptied: bool = False) -> None:
    """``emptied``: the root was in memory, as /run is."""
    halt(world)
    own = tuple(f"{world.dir}/{name}/" for name in census.OWN_PLACES)  # the stand-in sees to its own
    for place in mounts_below(world.dir):
        if place.startswith(own):
            continue
        subprocess.run(["umount", "-l", place], check=False, capture_output=True)
    cgroup_tree.empty(world.cgroup)
    if emptied:
        shutil.rmtree(world.runtime.root, ignore_errors=True)
    kept = world.dir / "trace" / "boot_id"
    kept.write_text(f"{uuid.uuid4()}\n")
    if not mounting.type_of(str(BOOT_ID)):
        if not mounting.is_private():
            pytest.fail(
                "this host's boot id would be covered: run ./test.sh, which has mounts of its own",
                pytrace=False,
            )
        mounting.bind(kept, BOOT_ID)
        world.closers.append(lambda: mounting.unmount(BOOT_ID))


def halt(world: World) -> None:
    """Whatever belongs to the scenario ends, on its host and on its node too."""
    if isinstance(world.node, proxmox_node.StandIn):
        world.node.cluster.end()
    if isinstance(world.node, jail_host.StandIn):
        world.node.freebsd.end()
        world.node.freebsd.set(rules=[], rulesets=devices.DEFAULT_RULES, modules=["kernel"])

    def kill() -> list[str]:
        own = census.ancestry()
        found = [name for name in os.listdir("/proc") if name.isdigit() and int(name) not in own]
        left = [name for name in found if census.belongs(world, name)]
        for name in left:
            with suppress(ProcessLookupError):
                os.kill(int(name), signal.SIGKILL)
        cgroup_tree.empty(world.cgroup)  # also what is frozen
        return left

    eventually(kill, lambda left: not left, "all processes to end")


@given(phrase("the machine boots again"))
@when(phrase("the machine boots again"))
def _(world: World, crashes: Crashes) -> None:
    """Processes, mounts, cgroups, jails and running containers of the node are gone; files are there."""
    reboot(world)


@when(phrase("the machine boots again with an empty root"))
def _(world: World, crashes: Crashes) -> None:
    """As where the root is in memory; the default one is, but for containers of Proxmox VE."""
    reboot(world, emptied=True)


@when(phrase('"{call:text}" is killed at some of its effects, and repaired after the next boot'))
def _(request: pytest.FixtureRequest, world: World, crashes: Crashes, call: str) -> None:
    """Before repair it is looked what is listed: nothing that runs."""

    def boot() -> None:
        reboot(world)
        rows = census.listed(world)
        awake = [f"{thing}: {said}" for thing, said in rows.items() if said in {"running", "paused"}]
        if awake:
            pytest.fail(f"after the boot nothing can run: {awake}", pytrace=False)

    crashes.meanwhile, crashes.spoils = boot, True
    crashes.kill_each(call, most=some(request))


@when(phrase("what was interrupted is repaired"))
def _(world: World) -> None:
    """nexcage repair --yes, which has to succeed."""
    must(world.call("repair", "--yes"))


@then(phrase("nexcage lists nothing"))
def _(world: World) -> None:
    answer = world.ask("list", "--quiet")
    if answer.code != 0 or answer.stdout.strip():
        answer.refuse("an empty list")
