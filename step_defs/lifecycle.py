# SPDX-License-Identifier: Apache-2.0
"""Steps of a container's life: create, start, state, pause, resume, delete, run."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

import pytest
from pytest_bdd import given, then, when

from step_defs import documents
from step_defs.phrases import phrase
from step_defs.world import eventually, named

if TYPE_CHECKING:
    from step_defs.runtime import Result
    from step_defs.world import World


def must(result: Result) -> None:
    """Fail unless the command succeeded: a Given that does not hold proves nothing."""
    __tracebackhide__ = True
    if result.code != 0:
        result.refuse("this step of the preparation to succeed")


def create(world: World, id: str, *options: str) -> Result:
    """Create a container from the current bundle."""
    return world.finish(world.make("create", id, *options))


# -- preparation ---------------------------------------------------------------------------------


@given(phrase('a created container "{id}"'))
def _(world: World, id: str) -> None:
    must(create(world, id))


@given(phrase('a running container "{id}"'))
def _(world: World, id: str) -> None:
    must(create(world, id))
    must(world.ask("start", *named(id)))
    world.await_status(id, "running")


@given(phrase('a running container "{id}" that obeys signal TERM'))
def _(world: World, id: str) -> None:
    """An init ignores signals that it does not handle, so this one handles TERM and says when it is ready."""
    trapping(world)
    must(create(world, id))
    must(world.ask("start", *named(id)))
    await_ready(world, id)


# on one line and with one kind of quotes: configurations of Proxmox VE hold no others
TRAP = (
    "for name in HUP INT QUIT USR1 USR2 WINCH; do trap 'echo '$name $name; done; "
    "trap 'echo TERM; exit 0' TERM; echo ready; while :; do sleep 0.05; done"
)


def await_ready(world: World, id: str) -> None:
    """Wait until the program has set its traps."""
    output = world.container(id).output
    eventually(output.read_text, lambda text: "ready" in text, f'container "{id}" to say "ready"')


def trapping(world: World) -> None:
    """Make the bundle of a program that names each signal it gets, and ends by TERM."""
    world.bundles.render("trap", "base", args=["sh", "-c", TRAP])


@given(phrase("a bundle that reports the signals it gets"))
def _(world: World) -> None:
    trapping(world)


@given(phrase('a stopped container "{id}"'))
def _(world: World, id: str) -> None:
    must(create(world, id))
    must(world.ask("start", *named(id)))
    world.ask("kill", *named(id), "KILL")
    world.await_status(id, "stopped")


@given(phrase('a paused container "{id}"'))
def _(world: World, id: str) -> None:
    must(create(world, id))
    must(world.ask("start", *named(id)))
    must(world.ask("pause", *named(id)))
    world.await_status(id, "paused")


# -- verbs ---------------------------------------------------------------------------------------


@when(phrase('container "{id}" is created'))
def _(world: World, id: str) -> None:
    create(world, id)


@when(phrase('container "{id}" is created with "{options:text}"'))
def _(world: World, id: str, options: str) -> None:
    create(world, id, *shlex.split(world.expand(options)))


@when(phrase('container "{id}" is created from the bundle\'s directory'))
def _(world: World, id: str) -> None:
    """Without --bundle: the working directory is the bundle."""
    running = world.begin("create", *named(id), cwd=world.bundles.for_container(id).dir)
    world.finish(running)
    world.adopt(id, running)


@when(phrase("{n:int} containers are created at the same time"))
def _(world: World, n: int) -> None:
    started = [world.make("create", f"c{number}") for number in range(n)]
    for running in started:
        world.finish(running)
    failed = [result for result in world.results[-n:] if result.code != 0]
    if failed:
        failed[0].refuse(f"all {n} containers to be created; {len(failed)} were not, the first:")


@when(phrase('container "{id}" is started'))
def _(world: World, id: str) -> None:
    world.call("start", *named(id))
    if id in world.containers:
        world.seen = world.containers[id].output


@when(phrase("all containers are started"))
def _(world: World) -> None:
    for id in world.containers:
        must(world.call("start", id))


@when(phrase('container "{id}" is {verb:action}'))
def _(world: World, id: str, verb: str) -> None:
    world.call({"deleted": "delete", "paused": "pause", "resumed": "resume"}[verb], *named(id))


@when(phrase('container "{id}" is deleted by force'))
def _(world: World, id: str) -> None:
    world.call("delete", "--force", *named(id))


@when(phrase("all containers are deleted by force"))
def _(world: World) -> None:
    for id in world.containers:
        must(world.call("delete", "--force", id))


@when(phrase('container "{id}" is run'))
def _(world: World, id: str) -> None:
    world.finish(world.make("run", id))


@when(phrase('container "{id}" is run with "{options:text}"'))
def _(world: World, id: str, options: str) -> None:
    world.finish(world.make("run", id, *shlex.split(world.expand(options))))


@when(phrase('container "{id}" is run in the background'))
def _(world: World, id: str) -> None:
    """Leave the foreground run waiting; further steps signal it and see how it ends."""
    world.runs[id] = world.make("run", id)
    world.await_status(id, "running")


@when(phrase('the program of container "{id}" is ready'))
def _(world: World, id: str) -> None:
    await_ready(world, id)


@when(phrase('the program of container "{id}" has ended'))
def _(world: World, id: str) -> None:
    world.await_status(id, "stopped")


@when(phrase('the state of container "{id}" is asked for'))
def _(world: World, id: str) -> None:
    world.call("state", *named(id))


@when(phrase("the list of containers is asked for"))
def _(world: World) -> None:
    world.call("list", "--format", "json")


# -- outcomes ------------------------------------------------------------------------------------


@then(phrase('container "{id}" is {status:status}'))
def _(world: World, id: str, status: str) -> None:
    world.await_status(id, status)


@then(phrase('container "{id}" stays {status:status}'))
def _(world: World, id: str, status: str) -> None:
    """At once, without waiting for it: what was just done must not have changed it."""
    seen = (world.state(id) or {}).get("status")
    assert seen == status, f'container "{id}" was to stay {status}, but is {seen or "gone"}'


@then(phrase('container "{id}" does not exist'))
def _(world: World, id: str) -> None:
    world.await_status(id, None)


@then(phrase("all containers are {status:status}"))
def _(world: World, status: str) -> None:
    for id in world.containers:
        world.await_status(id, status)


@then(phrase("{n:int} containers do not exist any more"))
def _(world: World, n: int) -> None:
    assert len(world.containers) == n
    for id in world.containers:
        world.await_status(id, None)


@then(phrase('the state of container "{id}" has {path:path} {value:json}'))
def _(world: World, id: str, path: str, value: object) -> None:
    result = world.ask("state", *named(id))
    if result.code != 0:
        result.refuse(f'container "{id}" to have a state')
    document = json.loads(result.stdout)
    try:
        seen = documents.get(document, path)
    except LookupError:
        seen = None
    expected = json.loads(world.expand(json.dumps(value)))
    if seen != expected:
        result.refuse(f"{path} to be {expected!r}, not {seen!r}")


@then(phrase('the state of container "{id}" has {path:path}'))
def _(world: World, id: str, path: str) -> None:
    result = world.ask("state", *named(id))
    try:
        documents.get(json.loads(result.stdout), path)
    except (ValueError, LookupError):
        result.refuse(f"state to have {path}")


@then(phrase('the state of container "{id}" names its bundle'))
def _(world: World, id: str) -> None:
    bundle = str(world.container(id).bundle.dir)
    seen = (world.state(id) or {}).get("bundle")
    assert seen == bundle, f"the bundle is {bundle}, state says {seen}"


@then(phrase('the list names container "{id}" as {status:status}'))
def _(world: World, id: str, status: str) -> None:
    listed = {entry["id"]: entry["status"] for entry in json.loads(world.last.stdout) or []}
    if listed.get(id) != status:
        world.last.refuse(f'container "{id}" to be listed as {status}, seen: {listed}')


@then(phrase("the list is empty"))
def _(world: World) -> None:
    """An empty JSON array; runc writes null."""
    if json.loads(world.last.stdout) not in ([], None):
        world.last.refuse("an empty list")


@then(phrase('the run of container "{id}" ends with status {code:int}'))
def _(world: World, id: str, code: int) -> None:
    if id not in world.runs:
        pytest.fail(f'no step runs container "{id}" in the background', pytrace=False)
    result = world.finish(world.runs[id])
    if result.code != code:
        result.refuse(f"the run to end with status {code}")


@then(phrase('the output of container "{id}" is "{text:text}"'))
def _(world: World, id: str, text: str) -> None:
    output = world.container(id).output
    eventually(
        output.read_text, lambda seen: seen.rstrip("\n") == world.expand(text), f"the output to be {text!r}"
    )


@then(phrase('the output of container "{id}" contains "{text:text}"'))
def _(world: World, id: str, text: str) -> None:
    output = world.container(id).output
    eventually(output.read_text, lambda seen: world.expand(text) in seen, f"the output to contain {text!r}")
