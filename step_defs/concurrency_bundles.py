# SPDX-License-Identifier: Apache-2.0
"""Steps that make and remove many bundles at once, with a cache that is pruned beside them."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from pytest_bdd import then, when

from step_defs import made_bundles
from step_defs.concurrency import ended
from step_defs.phrases import phrase

if TYPE_CHECKING:
    from step_defs.world import World


@when(
    phrase(
        '{n:int} bundles are created from "{source}" with "{options}" while the cache is pruned over and over'
    )
)
def _(world: World, n: int, source: str, options: str) -> None:
    """b0, b1, ...; each creation and each prune has to succeed."""
    running = [made_bundles.begin(world, f"b{number}", source, options, logged=False) for number in range(n)]
    pruned = 0
    while any(one.process.poll() is None for one in running):
        result = world.ask("bundle", "prune")
        pruned += 1
        if result.code or result.stderr:
            result.refuse("a prune beside creations to succeed, and to say nothing")
    for result in ended(world, running):
        if result.code:
            result.refuse(f"every one of {n} creations to succeed")
    assert pruned > 1, "the creations were over before the cache was pruned twice"


@then(phrase("the roots of all of them are the same and as their manifests say"))
def _(world: World) -> None:
    """By bundle verify, and by a look at every file."""
    names = list(world.bundles.all)
    for name in names:
        result = world.ask("bundle", "verify", str(world.dir / name))
        if result.code:
            result.refuse(f"bundle {name} to be as its manifest says")
    for name in names[1:]:
        made_bundles.compare(world.dir / names[0] / "rootfs", world.dir / name / "rootfs")


@then(phrase("the cache holds each layer at most once"))
def _(world: World) -> None:
    """As many entries as the image has layers, and no work of a command that has ended."""
    cache = world.dir / "cache"
    assert len([*cache.glob("layers/*")]) <= 2, [*cache.glob("layers/*")]
    assert not [*cache.glob("work-*")], "work is left in the cache"


@when(phrase("all of them are removed at the same time"))
def _(world: World) -> None:
    """By bundle delete."""
    argvs = [shlex.split(f"bundle delete {world.dir / name}") for name in world.bundles.all]
    for result in ended(world, [world.begin(*argv) for argv in argvs]):
        if result.code or result.stderr:
            result.refuse("each delete to succeed, and to say nothing")
