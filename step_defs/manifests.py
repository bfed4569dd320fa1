# SPDX-License-Identifier: Apache-2.0
"""Steps that change what a bundle's manifest describes, and the manifest itself."""

from __future__ import annotations

import os
import shlex
import subprocess
from typing import TYPE_CHECKING

from pytest_bdd import given, then, when

from step_defs.files import place
from step_defs.phrases import phrase

if TYPE_CHECKING:
    from pathlib import Path

    from step_defs.world import World


def manifest(world: World, name: str) -> Path:
    """The manifest of the bundle {dir}/NAME."""
    return world.dir / name / ".nexcage" / "manifest.mtree"


@when(phrase('somebody runs "{command:text}"'))
def _(world: World, command: str) -> None:
    """On the host, behind the back of the runtime; no shell, and it has to succeed."""
    subprocess.run(shlex.split(world.expand(command)), check=True)


@when(phrase('the attribute "{name}" of "{path}" becomes "{value}"'))
def _(world: World, name: str, path: str, value: str) -> None:
    os.setxattr(place(world, path), name, value.encode(), follow_symlinks=False)


@when(phrase('the attribute "{name}" of "{path}" is removed'))
def _(world: World, name: str, path: str) -> None:
    os.removexattr(place(world, path), name, follow_symlinks=False)


@given(phrase('{n:int} files are added to directory "{path}"'))
def _(world: World, n: int, path: str) -> None:
    """Named by their numbers."""
    for number in range(n):
        (place(world, path) / str(number)).touch()


@given(phrase('the manifest of bundle "{name}" has "{new}" in place of "{old}"'))
def _(world: World, name: str, new: str, old: str) -> None:
    file = manifest(world, name)
    text = file.read_text("ascii")
    assert old in text, f"{file} has no {old!r}"
    file.write_text(text.replace(old, new, 1), "ascii")


@given(phrase('the manifest of bundle "{name}" has lost its last {n:int} bytes'))
def _(world: World, name: str, n: int) -> None:
    file = manifest(world, name)
    file.write_bytes(file.read_bytes()[:-n])


@then(phrase("no line that it prints is longer than {n:int} characters"))
def _(world: World, n: int) -> None:
    longest = max(map(len, world.last.stdout.splitlines()), default=0)
    if not 0 < longest <= n:
        world.last.refuse(f"lines of at most {n} characters, not {longest}")


@then(phrase('it prints nothing with "{text:text}"'))
def _(world: World, text: str) -> None:
    if world.expand(text) in world.last.stdout:
        world.last.refuse(f"stdout without: {world.expand(text)}")
