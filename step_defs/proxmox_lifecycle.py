# SPDX-License-Identifier: Apache-2.0
"""Steps about the life of a container of a Proxmox VE node, as nexcage's callers see it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from pytest_bdd import given, then

from step_defs.phrases import phrase
from step_defs.proxmox import stand_in

if TYPE_CHECKING:
    from step_defs.world import World


@given(phrase('the storage "{name}", which can make snapshots'))
def _(world: World, name: str) -> None:
    """Of type btrfs, for everything."""
    with stand_in(world).given() as cluster:
        cluster.storage(name, type="btrfs")


@given(phrase('the record of container "{id}" is gone'))
def _(world: World, id: str) -> None:
    """As on another node of the cluster, which has records of its own; the container stays."""
    vmid = world.vmid(id)  # heard while the record is there
    shutil.rmtree(world.runtime.root / id)
    world.closers.append(lambda: stand_in(world).run("pct", "destroy", str(vmid), "--force", "1"))


@then(phrase('container "{id}" has printed the bytes "{text}"'))
def _(world: World, id: str, text: str) -> None:
    r"""All of a foreground run's stdout; \n and \r stand for what printf(1) makes of them."""
    wanted = text.encode().decode("unicode_escape").encode()
    seen = world.containers[id].output.read_bytes()
    if seen != wanted:
        world.last.refuse(f"the bytes {wanted!r}, not {seen!r}")
