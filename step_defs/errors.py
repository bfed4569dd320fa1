# SPDX-License-Identifier: Apache-2.0
"""Steps about how a command ended: status, messages, hints, what it printed."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING

from pytest_bdd import then, when

from step_defs import documents
from step_defs.phrases import phrase

if TYPE_CHECKING:
    from step_defs.world import World


@when(phrase('the runtime is called with "{arguments:text}"'))
def _(world: World, arguments: str) -> None:
    """With this scenario's --root before the arguments."""
    world.call(*shlex.split(world.expand(arguments)))


@when(phrase('the bare runtime is called with "{arguments:text}"'))
def _(world: World, arguments: str) -> None:
    """With nothing added, not even --root."""
    argv = [*world.runtime.command, *shlex.split(world.expand(arguments))]
    world.finish(world.begin_exactly(argv, "bare"))


@when(phrase('the runtime is called with "{arguments:text}" and the input'))
def _(world: World, arguments: str, docstring: str) -> None:
    world.call(*shlex.split(world.expand(arguments)), stdin=world.expand(docstring))


@then(phrase("it succeeds"))
def _(world: World) -> None:
    if world.last.code != 0:
        world.last.refuse("status 0")


@then(phrase("it fails"))
def _(world: World) -> None:
    if world.last.code <= 0:
        world.last.refuse("a status other than 0")


@then(phrase("it exits with status {code:int}"))
def _(world: World, code: int) -> None:
    if world.last.code != code:
        world.last.refuse(f"status {code}")


@then(phrase("it has taken less than {seconds:seconds} seconds"))
def _(world: World, seconds: float) -> None:
    if world.last.seconds >= seconds:
        world.last.refuse(f"an end before {seconds:g} s")


@then(phrase('the error says "{text:text}"'))
def _(world: World, text: str) -> None:
    if world.expand(text) not in world.last.stderr:
        world.last.refuse(f"stderr to contain: {world.expand(text)}")


@then(phrase('the error does not say "{text:text}"'))
def _(world: World, text: str) -> None:
    if world.expand(text) in world.last.stderr:
        world.last.refuse(f"stderr not to contain: {world.expand(text)}")


@then(phrase('the error is the line "{text:text}"'))
def _(world: World, text: str) -> None:
    """The only line on stderr, apart from a hint."""
    lines = [line for line in world.last.stderr.splitlines() if not line.startswith("hint: ")]
    if lines != [world.expand(text)]:
        world.last.refuse(f"stderr to be this line: {world.expand(text)}")


@then(phrase("the error is one line"))
def _(world: World) -> None:
    lines = [line for line in world.last.stderr.splitlines() if not line.startswith("hint: ")]
    if len(lines) != 1:
        world.last.refuse("one line on stderr (a hint may follow)")


@then(phrase('the hint says "{text:text}"'))
def _(world: World, text: str) -> None:
    hints = [line for line in world.last.stderr.splitlines() if line.startswith("hint: ")]
    if not any(world.expand(text) in hint for hint in hints):
        world.last.refuse(f"a hint that contains: {world.expand(text)}")


@then(phrase('it warns "{text:text}"'))
def _(world: World, text: str) -> None:
    warnings = [line for line in world.last.stderr.splitlines() if "warning" in line]
    if not any(world.expand(text) in warning for warning in warnings):
        world.last.refuse(f"a warning that contains: {world.expand(text)}")


@then(phrase("nothing is printed"))
def _(world: World) -> None:
    """On stdout."""
    if world.last.stdout:
        world.last.refuse("nothing on stdout")


@then(phrase("nothing is said"))
def _(world: World) -> None:
    """On stdout or stderr."""
    if world.last.stdout or world.last.stderr:
        world.last.refuse("nothing on stdout and stderr")


@then(phrase('it prints "{text:text}"'))
def _(world: World, text: str) -> None:
    """All of stdout, without the line's end."""
    if world.last.stdout.rstrip("\n") != world.expand(text):
        world.last.refuse(f"stdout to be: {world.expand(text)}")


@then(phrase('it prints something with "{text:text}"'))
def _(world: World, text: str) -> None:
    if world.expand(text) not in world.last.stdout:
        world.last.refuse(f"stdout to contain: {world.expand(text)}")


@then(phrase('it prints a line like "{pattern:text}"'))
def _(world: World, pattern: str) -> None:
    """A regular expression that one whole line of stdout matches."""
    if not any(re.fullmatch(world.expand(pattern), line) for line in world.last.stdout.splitlines()):
        world.last.refuse(f"a line on stdout that matches: {world.expand(pattern)}")


@then(phrase("it prints JSON with {path:path} {value:json}"))
def _(world: World, path: str, value: object) -> None:
    expected = json.loads(world.expand(json.dumps(value)))
    try:
        seen = documents.get(json.loads(world.last.stdout), path)
    except (ValueError, LookupError) as error:
        world.last.refuse(f"JSON on stdout with {path}: {error}")
    if seen != expected:
        world.last.refuse(f"{path} to be {expected!r}, not {seen!r}")


@then(phrase("it prints JSON with {path:path}"))
def _(world: World, path: str) -> None:
    try:
        documents.get(json.loads(world.last.stdout), path)
    except (ValueError, LookupError) as error:
        world.last.refuse(f"JSON on stdout with {path}: {error}")
