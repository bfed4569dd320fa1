# SPDX-License-Identifier: Apache-2.0
"""Steps about cgroups: that they exist, the limits they hold, and update."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from pytest_bdd import then, when

from step_defs import cgroup_tree
from step_defs.phrases import phrase
from step_defs.world import eventually, named

if TYPE_CHECKING:
    from step_defs.world import World


def path_of(world: World, id: str) -> str:
    """Return a container's cgroup path."""
    return world.container(id).bundle.cgroup


@when(phrase('container "{id}" is updated with "{options:text}"'))
def _(world: World, id: str, options: str) -> None:
    world.call("update", *shlex.split(world.expand(options)), *named(id))


@when(phrase('container "{id}" is updated with the resources'))
def _(world: World, id: str, docstring: str) -> None:
    """A linux.resources document on stdin, as engines send it."""
    world.call("update", "--resources", "-", *named(id), stdin=docstring)


@then(phrase('the {name:limit} limit of container "{id}" is {value:int}'))
def _(world: World, name: str, id: str, value: int) -> None:
    seen = cgroup_tree.limit(path_of(world, id), name)
    assert seen == value, f"{cgroup_tree.LIMITS[name]}: expected {value}, seen {seen}"


@then(phrase('the {name:limit} limit of container "{id}" is not set'))
def _(world: World, name: str, id: str) -> None:
    seen = cgroup_tree.limit(path_of(world, id), name)
    assert seen is None, f"{cgroup_tree.LIMITS[name]}: expected no limit, seen {seen}"


@then(phrase('the CPU share of container "{id}" is {value:int}'))
def _(world: World, id: str, value: int) -> None:
    """In v1's unit; v2's weight is converted as the runtimes do."""
    seen = cgroup_tree.limit(path_of(world, id), "CPU share")
    if (cgroup_tree.TREE / "cgroup.controllers").exists():
        value = 1 + ((value - 2) * 9999) // 262142
    assert seen == value, f"expected {value}, seen {seen}"


@then(phrase('the cgroup of container "{id}" exists'))
def _(world: World, id: str) -> None:
    assert cgroup_tree.directories(path_of(world, id)), f"no cgroup {path_of(world, id)}"


@then(phrase('the cgroup of container "{id}" is gone'))
def _(world: World, id: str) -> None:
    eventually(
        lambda: [str(place) for place in cgroup_tree.directories(path_of(world, id))],
        lambda left: not left,
        f"cgroup {path_of(world, id)} to be gone",
    )


@then(phrase('container "{id}" has run out of memory'))
def _(world: World, id: str) -> None:
    """The kernel counts it in the container's own cgroup."""
    unified = (cgroup_tree.TREE / "cgroup.controllers").exists()
    file = "memory.events" if unified else "memory.oom_control"

    def kills() -> int:
        lines = cgroup_tree.value(path_of(world, id), file).splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))

    eventually(kills, lambda count: count > 0, f"{file} to count a kill")


@then(phrase('container "{id}" has been held back'))
def _(world: World, id: str) -> None:
    """The kernel counts how often a cgroup's quota of processor time was used up."""

    def throttled() -> int:
        lines = cgroup_tree.value(path_of(world, id), "cpu.stat").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("nr_throttled "))

    eventually(throttled, lambda count: count > 0, "cpu.stat to count a throttled period")
