# SPDX-License-Identifier: Apache-2.0
"""Steps that make a FreeBSD host, and do to it what people and bad days do. For scenarios tagged @jail."""

from __future__ import annotations

import contextlib
import shlex
from typing import TYPE_CHECKING

import pytest
from pytest_bdd import given, when

from step_defs.jail_host import StandIn
from step_defs.jail_machine import FreeBSD
from step_defs.phrases import phrase
from step_defs.world import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

    from step_defs.stand_ins.jail.host import Host
    from step_defs.world import World

FOREVER = 3600.0


def freebsd(world: World) -> FreeBSD:
    """The host, a stand-in or a real one."""
    if not isinstance(world.node, FreeBSD):
        pytest.fail("a scenario about a FreeBSD host is tagged @jail", pytrace=False)
    return world.node


def stand_in(world: World) -> StandIn:
    """The host, which must be none of somebody's: this step would spoil it."""
    host = freebsd(world)
    if not isinstance(host, StandIn):
        pytest.skip("this machine is a real FreeBSD host, and the scenario needs one that may be spoilt")
    return host


@contextlib.contextmanager
def given_things(world: World) -> Iterator[Host]:
    """What appears on the host meanwhile is no leak; it goes when all containers are deleted."""
    node = stand_in(world)
    if node.undo not in world.closers:
        world.closers.append(node.undo)
    with node.given() as host:
        yield host


# -- what there is -------------------------------------------------------------------------------


@given(phrase("a FreeBSD {release:word} host"))
def _(world: World, release: str) -> None:
    """15.1 is what there is without this step; 14.x has no meta, 13.x also no JSON of mount."""
    stand_in(world).freebsd.set(release=release)


@given(phrase("the host does not count resources"))
def _(world: World) -> None:
    """kern.racct.enable is 0, as it is on every new FreeBSD."""
    stand_in(world).freebsd.set(racct=False)


@given(phrase("the host has {n:int} CPUs"))
def _(world: World, n: int) -> None:
    """As far as cpuset and hw.ncpu know."""
    stand_in(world).freebsd.set(cpus=n)


@given(phrase('the host has the interface "{name}"'))
def _(world: World, name: str) -> None:
    """For example epair0b; it carries nothing."""
    with given_things(world) as host:
        host.set(interfaces={**host.state["interfaces"], name: {"jid": 0, "inet": [], "up": False}})


@given(phrase('interface "{name}" vanishes as soon as somebody touches it'))
def _(world: World, name: str) -> None:
    """It is listed; the first ifconfig that names it does not find it any more."""
    host = stand_in(world).freebsd
    host.set(vanishing=[*host.state["vanishing"], name])


@given(phrase("the host has the rule set {number:int} without rules"))
def _(world: World, number: int) -> None:
    """devfs lists it, and it hides nothing."""
    with given_things(world) as host:
        host.set(rulesets={**host.state["rulesets"], str(number): []})


@given(phrase('the host has the jail "{name}"'))
def _(world: World, name: str) -> None:
    """Somebody's, without children; its root is the host's."""
    tool(world, "jail", "-c", f"name={name}", "path=/", "persist")


@given(phrase('the host has the jail "{name}" with "{parameters:text}"'))
def _(world: World, name: str, parameters: str) -> None:
    """Parameters of jail(8) separated by blanks, for example children.max=2."""
    words = shlex.split(world.expand(parameters))
    tool(world, "jail", "-c", f"name={name}", "path=/", "persist", *words)


# -- what goes wrong -----------------------------------------------------------------------------


@given(phrase('the mount at "{path}" is busy'))
@when(phrase('the mount at "{path}" is busy'))
def _(world: World, path: str) -> None:
    """umount says "Device busy" unless it is forced; {rootfs}/dev and the like, also before it is mounted."""
    host = stand_in(world).freebsd
    host.set(busy=[*host.state["busy"], world.expand(path)])


@given(phrase("processes of the host's jails ignore signal TERM"))
def _(world: World) -> None:
    """What jail -r and -R send before they wait."""
    stand_in(world).freebsd.set(stubborn=True)


@given(phrase("jails of the host go on dying for {n:seconds} seconds"))
@when(phrase("jails of the host go on dying for {n:seconds} seconds"))
def _(world: World, n: float) -> None:
    """jls hides a removed jail, jls -d shows it; its name can be used again."""
    stand_in(world).freebsd.set(dying=n)


def fault(world: World, command: str, **what: object) -> None:
    """Spoil the next call of a tool with these words."""
    tool, *words = shlex.split(command)
    stand_in(world).freebsd.fault(tool, *words, **what)  # type: ignore[arg-type]


@given(phrase('the host\'s "{command}" will fail with "{text:text}"'))
@when(phrase('the host\'s "{command}" will fail with "{text:text}"'))
def _(world: World, command: str, text: str) -> None:
    """The next call of a tool with these words, for example "jail -c", says it on stderr; its status is 1."""
    fault(world, command, text=world.expand(text) + "\n")


@given(phrase('the host\'s "{command}" will always fail with "{text:text}"'))
@when(phrase('the host\'s "{command}" will always fail with "{text:text}"'))
def _(world: World, command: str, text: str) -> None:
    """Each such call until the scenario ends."""
    fault(world, command, text=world.expand(text) + "\n", times=None)


@given(phrase('the host\'s "{command}" will do its work and fail with "{text:text}"'))
def _(world: World, command: str, text: str) -> None:
    """What it makes is there, though it says that it failed."""
    fault(world, command, text=world.expand(text) + "\n", after=True)


@given(phrase('the host\'s "{command}" will exit with status {code:int} after it printed "{text}"'))
def _(world: World, command: str, code: int, text: str) -> None:
    """On stdout, without doing anything; with status 0 it is an answer nobody expects."""
    fault(world, command, stdout=world.expand(text) + "\n", exit=code)


@given(phrase('the host\'s "{command}" will hang'))
@when(phrase('the host\'s "{command}" will hang'))
def _(world: World, command: str) -> None:
    """Before it has done anything, until somebody ends it."""
    fault(world, command, hang=FOREVER)


@given(phrase('the host\'s "{command}" will hang when its work is done'))
def _(world: World, command: str) -> None:
    """Until somebody ends it."""
    fault(world, command, hang=FOREVER, after=True)


@given(phrase('the host\'s "{command}" will be killed'))
@when(phrase('the host\'s "{command}" will be killed'))
def _(world: World, command: str) -> None:
    """Before it has done anything."""
    fault(world, command, kill=True)


@given(phrase('the host\'s "{command}" will be killed when its work is done'))
def _(world: World, command: str) -> None:
    """By signal KILL, with nothing said."""
    fault(world, command, kill=True, after=True)


@when(phrase("the host is well again"))
def _(world: World) -> None:
    """No faults, nothing busy, no stubborn processes."""
    stand_in(world).heal()


@when(phrase('container "{id}" is being created while "{command}" hangs'))
def _(world: World, id: str, command: str) -> None:
    """The create goes on in the background; a step before has said that the call will hang."""
    node = stand_in(world)
    wanted = shlex.split(command)
    world.runs[id] = world.make("create", id)
    eventually(
        lambda: any(set(wanted) <= set(argv) for argv in node.calls()), bool, f"{command} to be called"
    )


# -- what others do ------------------------------------------------------------------------------


@given(phrase('somebody calls "{command:text}" on the FreeBSD host'))
@when(phrase('somebody calls "{command:text}" on the FreeBSD host'))
def _(world: World, command: str) -> None:
    """A tool of the host, which must succeed; {jid of web} is the number of the jail "web"."""
    tool(world, *shlex.split(world.expand(command)))


def tool(world: World, *argv: str) -> None:
    """Call one of the host's tools."""
    with given_things(world):
        done = stand_in(world).run(*argv)
    if done.returncode:
        pytest.fail(
            f"{shlex.join(argv)}: status {done.returncode}\n{done.stdout}{done.stderr}", pytrace=False
        )
