# SPDX-License-Identifier: Apache-2.0
"""Steps that compare two ways to the same answer, and what the driver was given with what was asked."""

from __future__ import annotations

import json
import resource
import subprocess
from typing import TYPE_CHECKING

from pytest_bdd import given, then

from step_defs.phrases import phrase
from step_defs.runtime import REPOSITORY
from step_defs.world import eventually, named

if TYPE_CHECKING:
    from step_defs.world import World


@then(phrase('the program says the same state of container "{id}" as the launcher'))
def _(world: World, id: str) -> None:
    """Byte for byte: once through the runtime under test, once by python3 -m nexcage."""
    argv = ["/usr/bin/python3", "-m", "nexcage", "--root", str(world.runtime.root), "state", *named(id)]

    def both() -> tuple[str, str]:
        program = subprocess.run(argv, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
        return program, world.ask("state", *named(id)).stdout

    # a container that has just been killed can change between the two questions
    program, _ = eventually(both, lambda seen: seen[0] == seen[1], "both to say the same")
    assert json.loads(program)["id"] == id


@then(phrase("listing never fails while {n:int} containers are created and deleted"))
def _(world: World, n: int) -> None:
    ids = [f"c{number}" for number in range(n)]
    for verb in "create", "delete":
        creating = verb == "create"
        running = [world.make(verb, id) if creating else world.begin(verb, "--force", id) for id in ids]
        while any(one.process.poll() is None for one in running):
            listed = world.ask("list", "--format", "json")
            if listed.code != 0 or "steady" not in [entry["id"] for entry in json.loads(listed.stdout)]:
                listed.refuse("the list to show the steady container, and to succeed")
        for one in running:
            result = one.wait(world.context)
            if result.code != 0:
                result.refuse(f"{verb} to succeed")


@given(phrase("the limits of this host for open files are below {n:int}"))
def _(n: int) -> None:
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[1] < n


@then(phrase('the driver of container "{id}" was given the limit RLIMIT_NOFILE of this host'))
def _(world: World, id: str) -> None:
    """In the copy of config.json that lies in the record's directory."""
    home = world.runtime.root / id
    copy = next(place for place in (home / "config.json", home / "bundle" / "config.json") if place.exists())
    rows = json.loads(copy.read_text("utf-8"))["process"]["rlimits"]
    assert rows[0]["hard"] == resource.getrlimit(resource.RLIMIT_NOFILE)[1], rows


@then(phrase('the output does not say "{text:text}"'))
def _(world: World, text: str) -> None:
    if not world.last.stdout or world.expand(text) in world.last.stdout:
        world.last.refuse(f"stdout not to contain: {world.expand(text)}")
