# SPDX-License-Identifier: Apache-2.0
"""Steps that make a Proxmox VE node, and do to it what people and bad days do. For scenarios tagged @pct."""

from __future__ import annotations

import shlex
import subprocess
from typing import TYPE_CHECKING

import pytest
from pytest_bdd import given, when

from step_defs.phrases import phrase
from step_defs.proxmox_node import StandIn
from step_defs.stand_ins.pve.tables.versions import RELEASES
from step_defs.world import eventually

if TYPE_CHECKING:
    from step_defs.world import World

FOREVER = 3600.0
COMPRESSED = {"gz": "--gzip", "tgz": "--gzip", "xz": "--xz", "zst": "--zstd", "bz2": "--bzip2"}


def stand_in(world: World) -> StandIn:
    """The node, which must be none of somebody's: this step would spoil it."""
    if world.node is None:
        pytest.fail("a scenario about a Proxmox VE node is tagged @pct", pytrace=False)
    if not isinstance(world.node, StandIn):
        pytest.skip("this machine is a real node, and the scenario needs one that may be spoilt")
    return world.node


# -- what there is -------------------------------------------------------------------------------


@given(phrase("a Proxmox VE {version:word} node"))
def _(world: World, version: str) -> None:
    """8.4, 9.0, 9.1 or now (the newest known), which is also what there is without this step."""
    if version not in RELEASES:
        pytest.fail(f"known are {', '.join(RELEASES)}", pytrace=False)
    stand_in(world).cluster.set(version=version)


@given(phrase("a Proxmox VE node where LXC is only a model"))
def _(world: World) -> None:
    """Nothing runs; what is asked of LXC is kept in mind."""
    stand_in(world).cluster.set(containers="model")


@given(phrase('the storage "{name}"'))
def _(world: World, name: str) -> None:
    """A directory storage for everything, beside "local"."""
    with stand_in(world).given() as cluster:
        cluster.storage(name)


@given(phrase('the storage "{name}" of {size:word}'))
def _(world: World, name: str, size: str) -> None:
    """It is full when it holds so much: 30M, 1G; directories (volumes of size 0) notice, images do not."""
    with stand_in(world).given() as cluster:
        cluster.storage(name, size=size)


@given(phrase('the storage "{name}" holds only "{content}"'))
def _(world: World, name: str, content: str) -> None:
    """Of images, rootdir, vztmpl, iso, backup, snippets; several with commas."""
    with stand_in(world).given() as cluster:
        cluster.storage(name, content=content)


@given(phrase('container {vmid:int} on node "{node}"'))
def _(world: World, vmid: int, node: str) -> None:
    """Somebody's, on another node of the cluster."""
    with stand_in(world).given() as cluster:
        cluster.guest(vmid, node=node)


@given(phrase("container {vmid:int} of somebody else"))
def _(world: World, vmid: int) -> None:
    """On this node, stopped, and not nexcage's."""
    with stand_in(world).given() as cluster:
        cluster.guest(vmid)


@given(phrase('a guest with the number "{number}" of somebody else'))
def _(world: World, number: str) -> None:
    """The same, where the number is {vmid}: the one that the next container would get."""
    with stand_in(world).given() as cluster:
        cluster.guest(int(world.expand(number)))


@given(phrase("virtual machine {vmid:int}"))
def _(world: World, vmid: int) -> None:
    """On this node; machines and containers share their numbers."""
    with stand_in(world).given() as cluster:
        cluster.guest(vmid, kind="qemu")


@given(phrase('a template "{file}" of the bundle\'s rootfs in storage "{storage}"'))
def _(world: World, file: str, storage: str) -> None:
    """Packed by tar; the name's ending says how it is compressed."""
    archive = world.dir / file
    how = COMPRESSED.get(file.rpartition(".")[2])
    subprocess.run(
        ["tar", "-C", world.bundle.rootfs, *([how] if how else []), "-cf", archive, "."], check=True
    )
    with stand_in(world).given() as cluster:
        cluster.template(archive, storage)
    archive.unlink()


@given(phrase('the node has the bridge "{name}"'))
def _(world: World, name: str) -> None:
    """As far as the tools check; without this step there is vmbr0."""
    cluster = stand_in(world).cluster
    cluster.set(bridges={**cluster.state["bridges"], name: 1500})


# -- what goes wrong -----------------------------------------------------------------------------


def fault(world: World, command: str, **what: object) -> None:
    """Spoil the next call of a tool."""
    tool, _, subcommand = command.partition(" ")
    stand_in(world).cluster.fault(tool, subcommand, **what)  # type: ignore[arg-type]


@given(phrase('"{command}" will fail with "{text:text}"'))
@when(phrase('"{command}" will fail with "{text:text}"'))
def _(world: World, command: str, text: str) -> None:
    """The next such call, for example "pct create", says it on stderr and exits with 255."""
    fault(world, command, text=world.expand(text) + "\n")


@given(phrase('"{command}" will always fail with "{text:text}"'))
def _(world: World, command: str, text: str) -> None:
    """Each such call."""
    fault(world, command, text=world.expand(text) + "\n", times=None)


@given(phrase('"{command}" will exit with status {code:int} after it said "{text:text}"'))
def _(world: World, command: str, code: int, text: str) -> None:
    """On stderr; status 0 is no failure."""
    fault(world, command, text=world.expand(text) + "\n", exit=code)


@given(phrase('"{command}" will exit with status {code:int} after it printed "{text:text}"'))
def _(world: World, command: str, code: int, text: str) -> None:
    """On stdout, as a task that failed; with status 0 it is an answer nobody expects."""
    fault(world, command, stdout=world.expand(text) + "\n", exit=code)


@given(phrase('"{command}" will hang'))
def _(world: World, command: str) -> None:
    """Until somebody ends it."""
    fault(world, command, hang=FOREVER)


@given(phrase('"{command}" will be killed'))
def _(world: World, command: str) -> None:
    """Before it has done anything."""
    fault(world, command, kill=True)


@given(phrase('"pct create" will be killed in the middle'))
def _(world: World) -> None:
    """Its disks are made; the configuration has no lock, no name and no memory."""
    fault(world, "pct create", kill=True, middle=True)


@given(phrase('"pct create" will hang in the middle'))
def _(world: World) -> None:
    """With its disks made, until somebody ends it."""
    fault(world, "pct create", hang=FOREVER, middle=True)


@given(phrase("each of the node's tools takes {n:seconds} seconds"))
def _(world: World, n: float) -> None:
    """As on a busy node; 0.5 to 0.8 are usual."""
    stand_in(world).cluster.set(delay=n)


@given(phrase("the cluster has no quorum"))
@when(phrase("the cluster has no quorum"))
def _(world: World) -> None:
    """/etc/pve can be read, not written."""
    stand_in(world).without_quorum()


@given(phrase("pmxcfs is down"))
@when(phrase("pmxcfs is down"))
def _(world: World) -> None:
    """/etc/pve is empty."""
    stand_in(world).without_files()


@when(phrase("the cluster is well again"))
def _(world: World) -> None:
    """Quorum, cluster file system; no faults, no locks."""
    stand_in(world).heal()


@given(phrase('container "{id}" is locked by "{kind}"'))
@when(phrase('container "{id}" is locked by "{kind}"'))
def _(world: World, id: str, kind: str) -> None:
    """The configuration says so: backup, migrate, snapshot, rollback, create, mounted, ..."""
    stand_in(world).cluster.lock(world.vmid(id), kind)


@given(phrase('container "{id}" is protected'))
def _(world: World, id: str) -> None:
    """By the option protection: it and its disks cannot be removed."""
    stand_in(world).cluster.change(world.vmid(id), protection="1")


@given(phrase('somebody works on the configuration of container "{id}"'))
def _(world: World, id: str) -> None:
    """And holds the file that is locked for it."""
    stand_in(world).hold(world.vmid(id))


@when(phrase('container "{id}" is being created by pct'))
def _(world: World, id: str) -> None:
    """The create goes on in the background, and pct create has made a volume."""
    node = stand_in(world)
    before = node.cluster.volumes()
    world.runs[id] = world.make("create", id)
    eventually(
        lambda: ["pct", "create"] in [argv[:2] for argv in node.calls()] and node.cluster.volumes() != before,
        bool,
        "pct create to have made a volume",
    )


# -- what others do ------------------------------------------------------------------------------


@when(phrase('somebody moves container "{id}" to node "{node}"'))
def _(world: World, id: str, node: str) -> None:
    stand_in(world).move(world.vmid(id), node)


@when(phrase('somebody destroys container "{id}" with pct'))
def _(world: World, id: str) -> None:
    tool(world, "pct", "destroy", str(world.vmid(id)), "--force", "1", "--purge", "1")


@given(phrase('somebody calls "{command:text}" on the node'))
@when(phrase('somebody calls "{command:text}" on the node'))
def _(world: World, command: str) -> None:
    """A tool of the node, which must succeed; {vmid of web} is the number of container "web"."""
    tool(world, *shlex.split(world.expand(command)))


def tool(world: World, *argv: str) -> None:
    """Call one of the node's tools."""
    node = stand_in(world)
    with node.given():
        done = node.run(*argv)
    if done.returncode:
        pytest.fail(
            f"{shlex.join(argv)}: status {done.returncode}\n{done.stdout}{done.stderr}", pytrace=False
        )
