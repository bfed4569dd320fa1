# SPDX-License-Identifier: Apache-2.0
"""Steps of ``bundle validate``: what it says of a bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import given, then, when

from step_defs.phrases import phrase

if TYPE_CHECKING:
    from step_defs.world import World


@given(phrase("its root is removed"))
def _(world: World) -> None:
    """Only its name is left in config.json."""
    world.bundle.rootfs.rename(world.dir / "removed-root")


@when(phrase("the bundle is validated"))
def _(world: World) -> None:
    world.call("bundle", "validate", str(world.bundle.dir))


@when(phrase('the bundle is validated for "{driver}"'))
def _(world: World, driver: str) -> None:
    world.call("bundle", "validate", "--for", driver, str(world.bundle.dir))


@when(phrase('the bundle is validated for "{driver}" as JSON'))
def _(world: World, driver: str) -> None:
    world.call("bundle", "validate", "--for", driver, "--format", "json", str(world.bundle.dir))


@then(phrase("it prints the lines"))
def _(world: World, docstring: str) -> None:
    """All of stdout; {dir}, {bundle} and the like are replaced."""
    if world.last.stdout.rstrip("\n") != world.expand(docstring):
        world.last.refuse(f"stdout to be:\n{world.expand(docstring)}")
