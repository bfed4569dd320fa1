# SPDX-License-Identifier: Apache-2.0
"""Steps about an id that is too long to be written in a feature."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pytest_bdd import given, then, when

from step_defs.lifecycle import create, must
from step_defs.phrases import phrase

if TYPE_CHECKING:
    from step_defs.world import World

LETTERS = "0123456789abcdef"


def long_id(length: int = 1024) -> str:
    """Make an id of this many characters."""
    return (LETTERS * (length // len(LETTERS) + 1))[:length]


@when(phrase("the runtime is called with an id of {n:int} characters"))
def _(world: World, n: int) -> None:
    world.call("create", "--bundle", str(world.bundle.dir), long_id(n))


@given(phrase("a running container with an id of 1024 characters"))
def _(world: World) -> None:
    must(create(world, long_id()))
    must(world.ask("start", long_id()))
    world.await_status(long_id(), "running")


@when(phrase("the container with the long id is deleted by force"))
def _(world: World) -> None:
    world.call("delete", "--force", long_id())


@then(phrase("the list names the container with the long id as {status:status}"))
def _(world: World, status: str) -> None:
    listed = {entry["id"]: entry["status"] for entry in json.loads(world.ask("list", "-f", "json").stdout)}
    assert listed == {long_id(): status}
