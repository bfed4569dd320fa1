# SPDX-License-Identifier: Apache-2.0
"""Steps about what a Proxmox VE node was asked to do, and what it has. For scenarios tagged @pct."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import pytest
from pytest_bdd import then

from step_defs.phrases import phrase
from step_defs.proxmox import stand_in
from step_defs.world import eventually

if TYPE_CHECKING:
    from collections.abc import Sequence

    from step_defs.world import World

STATUS = {"RUNNING": "running", "FROZEN": "paused", "STOPPED": "stopped"}


def calls_of(world: World, tool: str, subcommand: str) -> list[list[str]]:
    """The command lines of one kind; the step fails where there was none."""
    found = [argv for argv in stand_in(world).calls() if argv[:2] == [tool, subcommand]]
    if not found:
        pytest.fail(f"nobody called {tool} {subcommand}\n{listing(world)}", pytrace=False)
    return found


def listing(world: World) -> str:
    """All calls, for a reader."""
    return "calls:\n" + "\n".join(f"  {shlex.join(argv)}" for argv in stand_in(world).calls())


def holds(argv: Sequence[str], words: Sequence[str]) -> bool:
    """Whether these words stand in it, one after the other."""
    return any(list(argv[at : at + len(words)]) == list(words) for at in range(len(argv)))


# -- calls ---------------------------------------------------------------------------------------


@then(phrase('{tool:word} {subcommand:word} was given "{words:text}"'))
def _(world: World, tool: str, subcommand: str, words: str) -> None:
    """The last such call has these words side by side, for example --memory 512."""
    wanted = shlex.split(world.expand(words))
    argv = calls_of(world, tool, subcommand)[-1]
    assert holds(argv, wanted), f"no {shlex.join(wanted)} in: {shlex.join(argv)}"


@then(phrase('{tool:word} {subcommand:word} was not given "{words:text}"'))
def _(world: World, tool: str, subcommand: str, words: str) -> None:
    """No such call has these words, and there was one."""
    wanted = shlex.split(world.expand(words))
    for argv in calls_of(world, tool, subcommand):
        assert not holds(argv, wanted), f"{shlex.join(wanted)} is in: {shlex.join(argv)}"


@then(phrase("{tool:word} {subcommand:word} was called {n:int} times"))
def _(world: World, tool: str, subcommand: str, n: int) -> None:
    """In the whole scenario."""
    seen = sum(argv[:2] == [tool, subcommand] for argv in stand_in(world).calls())
    assert seen == n, f"{seen} times\n{listing(world)}"


@then(phrase("the node's tools were started {n:int} times"))
def _(world: World, n: int) -> None:
    """By the last command: pct, pvesh and the like, each half a second on a real node; LXC's do not count."""
    seen = stand_in(world).calls_of_last()
    assert len(seen) == n, f"{len(seen)} times: {'; '.join(map(shlex.join, seen))}"


@then(phrase("the node's tools were started at most {n:int} times"))
def _(world: World, n: int) -> None:
    """By the last command."""
    seen = stand_in(world).calls_of_last()
    assert len(seen) <= n, f"{len(seen)} times: {'; '.join(map(shlex.join, seen))}"


@then(phrase('no call of the node\'s tools has "{text:text}"'))
def _(world: World, text: str) -> None:
    """Anybody on the node can read command lines."""
    wanted = world.expand(text)
    seen = stand_in(world).calls()
    assert seen, "no tool was called at all"
    told = [shlex.join(argv) for argv in seen if any(wanted in word for word in argv)]
    assert not told, f"{wanted} is in: {told[0]}"


@then(phrase("none of the node's tools is at work"))
def _(world: World) -> None:
    """None was left behind, waiting or hanging."""
    eventually(stand_in(world).tools, lambda seen: not seen, "the node's tools to end")


# -- what the node has ---------------------------------------------------------------------------


def lines(world: World, id: str) -> list[str]:
    """The lines of a container's configuration."""
    node = stand_in(world)
    vmid = world.vmid(id)
    node.conf(vmid)  # says what there is when this one is missing
    return next(node.cluster.etc.glob(f"nodes/*/lxc/{vmid}.conf")).read_text("utf-8").splitlines()


@then(phrase('the configuration of container "{id}" has the line "{line:text}"'))
def _(world: World, id: str, line: str) -> None:
    """Word by word, as in /etc/pve/lxc/VMID.conf."""
    wanted, seen = world.expand(line), lines(world, id)
    assert wanted in seen, "it has only\n  " + "\n  ".join(seen)


@then(phrase('the configuration of container "{id}" has a line like "{pattern:text}"'))
def _(world: World, id: str, pattern: str) -> None:
    """A regular expression for a whole line."""
    seen = lines(world, id)
    found = any(re.fullmatch(world.expand(pattern), line) for line in seen)
    assert found, "it has only\n  " + "\n  ".join(seen)


@then(phrase('the configuration of container "{id}" has no line like "{pattern:text}"'))
def _(world: World, id: str, pattern: str) -> None:
    """A regular expression for a whole line."""
    found = [line for line in lines(world, id) if re.fullmatch(world.expand(pattern), line)]
    assert not found, f"it has {found}"


@then(phrase('the description of container "{id}" contains "{text:text}"'))
def _(world: World, id: str, text: str) -> None:
    """As people read it on the node."""
    seen = stand_in(world).conf(world.vmid(id)).get("description")
    assert world.expand(text) in seen, f"it is {seen!r}"


@then(phrase('the node says that container "{id}" is {status:status}'))
def _(world: World, id: str, status: str) -> None:
    """By lxc-info; for LXC a container that was never started is stopped."""
    cluster, vmid = stand_in(world).cluster, str(world.vmid(id))

    def look() -> str:
        said = cluster.run("lxc-info", "-n", vmid, "-s", "-H").stdout.split()
        return STATUS.get(said[-1], said[-1]) if said else "stopped"

    eventually(look, lambda seen: seen == status, f"container {vmid} to be {status}")


@then(phrase("the node has no container"))
def _(world: World) -> None:
    """None of nexcage's or of anybody's, on any node of the cluster."""
    found = {vmid: where for vmid, where in stand_in(world).cluster.guests().items() if where[0] == "lxc"}
    assert not found, f"it has {found}"


@then(phrase("the node has {n:int} containers"))
def _(world: World, n: int) -> None:
    """This node, somebody's included."""
    found = stand_in(world).cluster.state.containers()
    assert len(found) == n, f"it has {found}"


@then(phrase('the node has container "{number}"'))
def _(world: World, number: str) -> None:
    """By its number, {vmid} or 131, on any node of the cluster."""
    found = stand_in(world).cluster.guests()
    assert int(world.expand(number)) in found, f"it has {found}"


@then(phrase("nothing is left on the node"))
def _(world: World) -> None:
    """No configuration, volume, archive, process or cgroup but what Given steps put there."""
    found = stand_in(world).left()
    assert not found, "there is\n  " + "\n  ".join(found)
