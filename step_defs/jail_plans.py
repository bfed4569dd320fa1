# SPDX-License-Identifier: Apache-2.0
"""Steps about plans for jails: they need no FreeBSD host, and so no tag @jail."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest
from pytest_bdd import given, then, when

from step_defs.jail import stand_in
from step_defs.phrases import phrase

if TYPE_CHECKING:
    from step_defs.world import World

# what only looks; whatever else is called may change the host
LOOKING = (
    *("sysctl -n ", "sysctl -i -n ", "kldstat", "jls ", "ps ", "ifconfig -l", "mount --libxo", "mount -p"),
    *("devfs rule showsets", "cpuset -g"),
)


@when(phrase('container "{id}" is planned as a jail'))
def _(world: World, id: str) -> None:
    """A dry run of create for FreeBSD, on whatever machine this is; nothing is made."""
    planned(world, id)


@when(phrase('container "{id}" is planned as a jail with "{options:text}"'))
def _(world: World, id: str, options: str) -> None:
    """Further options of nexcage, such as --format json or --permissive."""
    planned(world, id, *shlex.split(world.expand(options)))


def planned(world: World, id_: str, *options: str) -> None:
    """Ask for the plan, and look that nothing has come of it."""
    bundle = str(world.bundle.dir)
    world.call("--dry-run", "--runtime", "jail", *options, "create", "--bundle", bundle, "--", id_)
    if world.runtime.root.exists():
        pytest.fail(f"a dry run has made {world.runtime.root}", pytrace=False)


def steps(world: World) -> list[str]:
    """The lines of the last plan, a step each, without the quotes that a shell would need."""
    if world.last.code != 0:
        world.last.refuse("a plan")
    return [" ".join(shlex.split(line)) for line in world.last.stdout.splitlines()[1:]]


def creation(world: World) -> list[str]:
    """The words of the jail's making: parameters of jail(8)."""
    found = [line for line in steps(world) if line.startswith("run jail ") and " -c " in line]
    if len(found) != 1:
        world.last.refuse("a plan that makes one jail")
    return found[0].split()[4:]


@then(phrase("the plan is"))
def _(world: World, docstring: str) -> None:
    """All of its steps but those that write files of nexcage's own: a step a line."""
    wanted = world.expand(docstring).splitlines()
    seen = [line for line in steps(world) if not line.startswith(("mkdir ", "write "))]
    if seen != wanted:
        world.last.refuse("these steps:\n  " + "\n  ".join(wanted))


@then(phrase('the plan has the step "{step:text}"'))
def _(world: World, step: str) -> None:
    """The whole line, for example: run mount -t devfs -o ruleset=4 devfs {rootfs}/dev."""
    if world.expand(step) not in steps(world):
        world.last.refuse(f"this step: {world.expand(step)}")


@then(phrase('the plan has no step with "{text:text}"'))
def _(world: World, text: str) -> None:
    found = [line for line in steps(world) if world.expand(text) in line]
    if found:
        world.last.refuse(f"no step with {world.expand(text)}")


@then(phrase('the plan has "{first}" before "{second}"'))
def _(world: World, first: str, second: str) -> None:
    """Steps with these words; the last of the first kind, the first of the second."""
    lines = steps(world)
    before = [i for i, line in enumerate(lines) if world.expand(first) in line]
    after = [i for i, line in enumerate(lines) if world.expand(second) in line]
    if not before or not after or before[-1] > after[0]:
        world.last.refuse(f"{first} before {second}")


@then(phrase('the plan makes the jail with "{words:text}"'))
def _(world: World, words: str) -> None:
    """Parameters of jail(8), side by side, as they stand in the command line; "" asks for none."""
    wanted, seen = f" {world.expand(words)} ", f" {' '.join(creation(world))} "
    if words and wanted not in seen:
        world.last.refuse(f"a jail with {world.expand(words)}")


@then(phrase('the plan makes the jail without "{names:text}"'))
def _(world: World, names: str) -> None:
    """No parameter of these names, with a value or without one; "vnet" also means vnet.interface."""
    for word in creation(world):
        for name in names.split():
            if word == name or word.startswith((f"{name}=", f"{name}.")):
                world.last.refuse(f"a jail without {name}")


@then(phrase('interface "{name}" of the host has the addresses "{addresses}"'))
def _(world: World, name: str, addresses: str) -> None:
    """Without their masks, separated by blanks; what jail(8) has added to it are among them."""
    interface = stand_in(world).freebsd.state["interfaces"][name]
    found = " ".join(str(address).partition("/")[0] for address in interface["inet"])
    assert found == addresses, f"it has {found!r}: {interface}"


@then(phrase("the host was only looked at"))
def _(world: World) -> None:
    """No call by nexcage in the whole scenario could change anything."""
    calls = [" ".join(argv) for argv in stand_in(world).calls()]
    changing = [call for call in calls if not call.startswith(LOOKING) and not call.endswith(" show")]
    assert not changing, "\n".join(changing)


@given(phrase('the mount at "{path}" cannot be unmounted'))
def _(world: World, path: str) -> None:
    """umount says that the disk is broken, also when it is forced, until the host is well again."""
    place = world.expand(path)
    stand_in(world).freebsd.fault("umount", place, text=f"umount: {place}: Input/output error\n", times=None)
