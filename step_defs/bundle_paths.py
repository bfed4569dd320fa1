# SPDX-License-Identifier: Apache-2.0
"""Steps about where a bundle lies, how a caller names it, and what the caller may read."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from pytest_bdd import given, when

from step_defs.files import place
from step_defs.phrases import phrase
from step_defs.world import named

if TYPE_CHECKING:
    from step_defs.world import World


@given(phrase('the bundle is moved to "{path}"'))
@when(phrase('the bundle is moved to "{path}"'))
def _(world: World, path: str) -> None:
    """With everything in it; later steps speak of it at its new place."""
    target = place(world, path)
    target.parent.mkdir(parents=True, exist_ok=True)
    world.bundle.dir.rename(target)
    world.bundle.dir = target


@when(phrase("the bundle's config.json is removed"))
def _(world: World) -> None:
    world.bundle.config.unlink()


@when(phrase('the bundle\'s config.json is made to say "{text:text}"'))
def _(world: World, text: str) -> None:
    world.bundle.config.write_text(text, "utf-8")


@given(phrase('"{path}" belongs to user {uid:int}'))
def _(world: World, path: str, uid: int) -> None:
    os.chown(place(world, path), uid, uid)


@given(phrase('"{path}" is a link to a name of {n:int} letters'))
def _(world: World, path: str, n: int) -> None:
    """A name has 255 bytes at most (pathname(7))."""
    place(world, path).symlink_to("n" * n)


@when(phrase('container "{id}" is made in "{directory}" by "{arguments:text}"'))
def _(world: World, id: str, directory: str, arguments: str) -> None:
    """With this working directory; the arguments are the verb's and its name."""
    running = world.begin(*shlex.split(world.expand(arguments)), cwd=place(world, directory))
    world.adopt(id, running)
    world.finish(running)


@when(phrase('container "{id}" is created by a root that may not read what is another\'s'))
def _(world: World, id: str) -> None:
    """Root without the capabilities that pass over modes, as in a container or a confined service."""
    fewer = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--"]
    bundle = world.bundles.for_container(id)
    argv = world.runtime.argv(["create", "--bundle", str(bundle.dir), *named(id)])
    running = world.begin_exactly([*fewer, *argv], "create")
    world.adopt(id, running)
    world.finish(running)
