# SPDX-License-Identifier: Apache-2.0
"""Steps about creates on a Proxmox VE node that go on in the background. For scenarios tagged @pct."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import given, then, when

from step_defs.files import place
from step_defs.lifecycle import create, must
from step_defs.phrases import phrase
from step_defs.proxmox import fault, stand_in
from step_defs.stand_ins.pve import storages
from step_defs.world import eventually

if TYPE_CHECKING:
    from step_defs.world import World


@given(phrase('a created container "{id}" on a volume'))
def _(world: World, id: str) -> None:
    """Its files are on the storage local."""
    must(create(world, id, "--rootfs-size", "1"))


@then(phrase('the volume of container "{id}" is there'))
def _(world: World, id: str) -> None:
    """As the configuration names it."""
    node = stand_in(world)
    volume = node.conf(world.vmid(id)).get("rootfs").split(",")[0]
    state = node.cluster.state
    assert not storages.missing(state, volume), f"{volume} is gone"


@then(phrase('file "{path}" has the owners {uid:int}:{gid:int} on the host'))
def _(world: World, path: str, uid: int, gid: int) -> None:
    """As the container's files look from outside."""
    facts = place(world, path).stat()
    assert (facts.st_uid, facts.st_gid) == (uid, gid), f"{facts.st_uid}:{facts.st_gid}"


@given(phrase("the node's version is known"))
def _(world: World) -> None:
    """From an earlier command: nexcage asks for it once."""
    plan = ["--dry-run", "create", "--bundle", str(world.bundle.dir), "earlier"]
    must(world.ask(*plan))


@given(phrase('"{command}" will fail and say'))
def _(world: World, command: str, docstring: str) -> None:
    """Several lines on stderr, as a list of bad parameters; the next such call exits with 255."""
    fault(world, command, text=world.expand(docstring) + "\n")


@when(phrase('"pct create" of container "{id}" with "{options}" hangs in the middle'))
def _(world: World, id: str, options: str) -> None:
    """The create goes on in the background, and has made what it leaves when it is killed."""
    world.runs[id] = world.make("create", id, *options.split())
    places = stand_in(world).cluster.etc

    def half_made() -> bool:
        return any("lock:" not in conf.read_text("utf-8") for conf in places.glob("nodes/*/lxc/*.conf"))

    eventually(half_made, bool, "pct create to come to its middle")
