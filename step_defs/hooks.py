# SPDX-License-Identifier: Apache-2.0
"""Steps about hooks: each notes its name and the state it was given, in the order in which they run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pytest_bdd import given, then

from step_defs import documents
from step_defs.phrases import phrase
from step_defs.world import eventually

if TYPE_CHECKING:
    from pathlib import Path

    from step_defs.world import World

# $1 is the directory of notes, $2 the note, $3 the status to end with
SCRIPT = """#!/bin/sh
cat >"$1/$2.state"
echo "$2" >>"$1/order"
test "$3" = 0 || echo "hook $2 says no" >&2
exit "$3"
"""


def notes(world: World) -> Path:
    """Return the directory that hooks write to."""
    directory = world.dir / "notes"
    directory.mkdir(exist_ok=True)
    directory.chmod(0o777)
    return directory


def add(world: World, kind: str, note: str, status: int) -> None:
    """Add a hook to the current bundle; startContainer hooks run inside, where the notes are mounted."""
    directory = notes(world)
    document = world.bundle.read()
    if kind == "startContainer":
        script = world.bundle.rootfs / "bin" / "note"
        command, target = "/bin/note", "/notes"
        mount = {"destination": "/notes", "type": "bind", "source": str(directory), "options": ["bind", "rw"]}
        if mount not in document["mounts"]:
            document["mounts"].append(mount)
    else:
        script = world.dir / "note"
        command, target = str(script), str(directory)
    script.write_text(SCRIPT)
    script.chmod(0o755)
    hook = {"path": command, "args": ["note", target, note, str(status)], "env": ["PATH=/usr/bin:/bin"]}
    documents.append(document, f"$.hooks.{kind}", hook)
    world.bundle.write(document)


@given(phrase('its config.json has a {kind:word} hook that notes "{note}"'))
def _(world: World, kind: str, note: str) -> None:
    add(world, kind, note, 0)


@given(
    phrase('its config.json has a {kind:word} hook that notes "{note}" and fails with status {status:int}')
)
def _(world: World, kind: str, note: str, status: int) -> None:
    add(world, kind, note, status)


@given(phrase('its config.json has a {kind:word} hook that runs "{script:text}"'))
def _(world: World, kind: str, script: str) -> None:
    """A shell script, on the host or, for startContainer, in the container."""
    document = world.bundle.read()
    env = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"]
    hook = {"path": "/bin/sh", "args": ["sh", "-c", world.expand(script)], "env": env}
    documents.append(document, f"$.hooks.{kind}", hook)
    world.bundle.write(document)


@then(phrase('the hooks have noted "{text}"'))
def _(world: World, text: str) -> None:
    """All notes in order, separated by blanks."""
    order = notes(world) / "order"
    eventually(
        lambda: order.read_text().split() if order.exists() else [],
        lambda seen: seen == text.split(),
        f"the hooks to note {text.split()}",
    )


@then(phrase("no hook has noted anything"))
def _(world: World) -> None:
    order = notes(world) / "order"
    assert not order.exists(), f"noted: {order.read_text().split()}"


def state_for(world: World, note: str) -> dict[str, Any]:
    """Return the state that a hook has read."""
    file = notes(world) / f"{note}.state"
    eventually(file.exists, bool, f'the hook "{note}" to run')
    document: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return document


@then(phrase('the hook "{note}" was given a state with {path:path} {value:json}'))
def _(world: World, note: str, path: str, value: object) -> None:
    state = state_for(world, note)
    expected = json.loads(world.expand(json.dumps(value)))
    try:
        seen = documents.get(state, path)
    except LookupError:
        seen = None
    assert seen == expected, f"{path}: expected {expected!r}, seen {seen!r} in {state}"


@then(phrase('the hook "{note}" was given a state with {path:path}'))
def _(world: World, note: str, path: str) -> None:
    state = state_for(world, note)
    try:
        documents.get(state, path)
    except LookupError as error:
        pytest.fail(f"the state that the hook was given has {error}", pytrace=False)


@then(phrase('the hook "{note}" was given the first process of container "{id}"'))
def _(world: World, note: str, id: str) -> None:
    pid = (world.state(id) or {}).get("pid")
    seen = state_for(world, note).get("pid")
    assert seen == pid, f"the hook was given pid {seen}, the container's first process is {pid}"
