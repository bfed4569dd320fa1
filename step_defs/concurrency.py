# SPDX-License-Identifier: Apache-2.0
"""Steps that start many commands at once: real processes, of which each has to end as if it were alone.

With ``--crash-points all`` there are more of them, and races last longer.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from pytest_bdd import then, when

from step_defs.files import place
from step_defs.phrases import phrase
from step_defs.runtime import PATIENCE
from step_defs.world import Container, eventually

if TYPE_CHECKING:
    from collections.abc import Sequence

    from step_defs.runtime import Result, Running
    from step_defs.world import World

LONG = 10 * PATIENCE  # seconds that one of very many commands may wait for its turn
TAKEN = re.compile(r'nexcage: create: container "[\w.-]+" (already exists|is being created)')


def is_large(request: pytest.FixtureRequest) -> bool:
    """Whether this is the large run."""
    return bool(request.config.getoption("crash_points") == "all")


@pytest.fixture
def many(request: pytest.FixtureRequest) -> list[str]:
    """The ids of the containers that are made at once."""
    return []


def ended(world: World, running: Sequence[Running]) -> list[Result]:
    """Wait for all of them; none may say that it is defective."""
    found = [one.wait(world.context, LONG) for one in running]
    for result in found:
        sane(result)
    return found


def sane(result: Result) -> None:
    """No trace of a defect, whatever the command was about."""
    __tracebackhide__ = True
    if "internal error" in result.stderr or "Traceback" in result.stderr or result.code < 0:
        result.refuse("no defect of the runtime")


def begin_create(world: World, id_: str) -> Running:
    """Begin to create a container; crun and runc get a cgroup of its own for each, and one root for all."""
    if world.runtime.driver not in ("crun", "runc"):
        return world.make("create", id_)
    config = world.dir / f"{id_}.json"
    document = world.bundle.read()
    document["linux"]["cgroupsPath"] = f"{world.cgroup}/{id_}"
    config.write_text(json.dumps(document), "utf-8")
    bundle = str(world.bundle.dir)
    running = world.begin("create", "--stdio", "null", "--bundle", bundle, "--config", str(config), id_)
    world.containers.setdefault(id_, Container(id_, world.bundle, running.out))
    return running


@when(phrase("{n:int} creates begin at once, {large:int} in the large run"))
def _(world: World, request: pytest.FixtureRequest, many: list[str], n: int, large: int) -> None:
    """Each of a container of its own; every one has to succeed."""
    many += [f"c{number}" for number in range(large if is_large(request) else n)]
    for result in ended(world, [begin_create(world, id_) for id_ in many]):
        if result.code or result.stderr:
            result.refuse(f"every one of {len(many)} creates to succeed, and to say nothing")


@then(phrase("each of them is listed once, as created"))
def _(world: World, many: list[str]) -> None:
    """And nothing else is; no number or first process is that of two."""
    listed = world.ask("list", "--format", "json")
    rows = json.loads(listed.stdout)
    if listed.code or sorted(row["id"] for row in rows) != sorted(many):
        listed.refuse(f"{len(many)} containers, each once")
    wrong = [row["id"] for row in rows if row["status"] != "created"]
    if wrong:
        listed.refuse(f"all of them as created, not {wrong[:5]}")
    key = "vmid" if world.runtime.driver == "pct" else "pid"
    if len({row[key] for row in rows}) != len(many):
        listed.refuse(f"as many different {key}s as containers")


@when(phrase("all of them are deleted at once by force"))
def _(world: World, many: list[str]) -> None:
    """Every one has to succeed."""
    for result in ended(world, [world.begin("delete", "--force", id_) for id_ in many]):
        if result.code or result.stderr:
            result.refuse(f"every one of {len(many)} deletes to succeed, and to say nothing")
    for id_ in many:
        del world.containers[id_]  # what is left of them is seen at the end all the same


@when(phrase('{n:int} creates of container "{id}" begin at once'))
def _(world: World, n: int, id: str) -> None:
    """All of the same bundle."""
    world.results += ended(world, [world.make("create", id) for _ in range(n)])


@then(phrase('exactly one of the {n:int} has won, the others say that container "{id}" is taken'))
def _(world: World, n: int, id: str) -> None:
    """In one line each: it exists, or is being created."""
    results = world.results[-n:]
    won = [result for result in results if result.code == 0]
    if len(won) != 1:
        results[0].refuse(f"exactly one to succeed; {len(won)} did, the first:")
    for result in results:
        lines = [line for line in result.stderr.splitlines() if not line.startswith("hint: ")]
        good = result.code == 1 and len(lines) == 1 and TAKEN.match(lines[0]) and f'"{id}"' in lines[0]
        if result is not won[0] and not good:
            result.refuse("status 1 and one line that says that it is taken")


@when(phrase('container "{id}" is deleted by force {n:int} times at once'))
def _(world: World, id: str, n: int) -> None:
    """By as many processes, of which each has to succeed."""
    for result in ended(world, [world.begin("delete", "--force", id) for _ in range(n)]):
        if result.code or result.stdout or result.stderr:
            result.refuse(f"each of {n} deletes to succeed, and to say nothing")


@when(phrase('container "{id}" is deleted {n:int} times at once'))
def _(world: World, id: str, n: int) -> None:
    """Without force, by as many processes."""
    world.results += ended(world, [world.begin("delete", id) for _ in range(n)])


@then(phrase("some of the {n:int} have deleted it, the others say that it does not exist"))
def _(world: World, n: int) -> None:
    """More than one where drivers take two for the same at the same time."""
    results = world.results[-n:]
    won = [result for result in results if result.code == 0]
    if not won or len(won) == n:
        results[0].refuse(f"some to succeed and some not; {len(won)} did, the first:")
    for result in results:
        if result not in won and (result.code != 1 or "does not exist" not in result.stderr):
            result.refuse("status 1, and that it does not exist")


@when(phrase('a delete of container "{id}" has come to "{path}"'))
def _(world: World, id: str, path: str) -> None:
    """It goes on in the background; the file appears when it has come so far."""
    world.runs[id] = world.begin("delete", id)
    eventually(place(world, path).exists, bool, f"{path} to appear", PATIENCE)


@then(phrase('the delete of container "{id}" ends with status {code:int}'))
def _(world: World, id: str, code: int) -> None:
    """Not as the last command."""
    result = world.runs.pop(id).wait(world.context)
    if result.code != code or result.stderr:
        result.refuse(f"status {code}, and nothing said")
