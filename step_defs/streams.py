# SPDX-License-Identifier: Apache-2.0
"""Steps about standard input and the descriptors that the caller of the runtime has open."""

from __future__ import annotations

import shlex
import time
from typing import TYPE_CHECKING

from pytest_bdd import given, then, when

from step_defs.phrases import phrase
from step_defs.world import eventually, named

if TYPE_CHECKING:
    from pathlib import Path

    from step_defs.world import World


@given(phrase('the caller has "{path}" open as descriptor {n:int}'))
def _(world: World, path: str, n: int) -> None:
    """For reading, in every further call of the runtime."""
    world.descriptors[n] = world.dir / world.expand(path)


@when(phrase('container "{id}" is run with the input "{text}"'))
def _(world: World, id: str, text: str) -> None:
    world.finish(world.make("run", id, stdin=text + "\n"))


@when(phrase('container "{id}" is created with the input "{text}"'))
def _(world: World, id: str, text: str) -> None:
    world.finish(world.make("create", id, stdin=text + "\n"))


@when(phrase('"{command:text}" is executed in container "{id}" and given the input "{text}"'))
def _(world: World, command: str, id: str, text: str) -> None:
    world.call("exec", *named(id), *shlex.split(command), stdin=text + "\n")


@when(phrase('file "{path}" has begun to grow'))
def _(world: World, path: str) -> None:
    file = world.dir / world.expand(path)
    eventually(lambda: file.exists() and file.stat().st_size, bool, f"{file} to be written")


@then(phrase('file "{path}" does not grow'))
def _(world: World, path: str) -> None:
    stands_still(world.dir / world.expand(path))


@then(phrase("it prints {n:int} lines"))
def _(world: World, n: int) -> None:
    seen = len(world.last.stdout.splitlines())
    if seen != n:
        world.last.refuse(f"{n} lines on stdout, not {seen}")


@then(phrase('the output of container "{id}" grows'))
def _(world: World, id: str) -> None:
    output = world.container(id).output
    before = output.stat().st_size
    eventually(lambda: output.stat().st_size, lambda size: size > before, "the output to grow")


@then(phrase('the output of container "{id}" does not grow'))
def _(world: World, id: str) -> None:
    stands_still(world.container(id).output)


def stands_still(output: Path) -> None:
    """Fail when a file that grew every hundredth of a second goes on growing."""
    before = output.stat().st_size
    time.sleep(0.15)
    seen = output.stat().st_size
    assert before, "there is no output at all: this would prove nothing"
    assert seen == before, f"{seen - before} bytes more after 0.15 s"
