# SPDX-License-Identifier: Apache-2.0
"""Steps about log files, read as containerd and podman read them."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest
from pytest_bdd import then, when

from step_defs import documents
from step_defs.files import place
from step_defs.phrases import phrase

if TYPE_CHECKING:
    from step_defs.world import World


def entries(world: World, path: str) -> list[dict[str, Any]]:
    """Read a JSON log; every line has to be an entry that engines understand."""
    found = []
    for line in place(world, path).read_text("utf-8").splitlines():
        try:
            entry = json.loads(line)
            moment = dt.datetime.fromisoformat(entry["time"])
            assert moment.tzinfo is not None
            assert isinstance(entry["msg"], str)
            assert entry["level"] in {"error", "warning", "info", "debug"}
        except (ValueError, LookupError, AssertionError) as error:
            pytest.fail(f"{path}: no log entry: {error!r}\n{line}", pytrace=False)
        found.append(entry)
    return found


def of_level(world: World, path: str, level: str) -> list[dict[str, Any]]:
    """Read the entries of one level."""
    return [entry for entry in entries(world, path) if entry["level"] == level]


@then(phrase('the last error in the JSON log "{path}" says "{text:text}"'))
def _(world: World, path: str, text: str) -> None:
    """What a containerd shim shows."""
    errors = of_level(world, path, "error")
    assert errors, f"no error in {path}"
    assert world.expand(text) in errors[-1]["msg"], errors[-1]


@then(phrase('the last error in the JSON log "{path}" has {field:path} {value:json}'))
def _(world: World, path: str, field: str, value: object) -> None:
    errors = of_level(world, path, "error")
    assert errors, f"no error in {path}"
    assert documents.get(errors[-1], field) == value, errors[-1]


@then(phrase('the JSON log "{path}" has an entry of level {level:word} that says "{text:text}"'))
def _(world: World, path: str, level: str, text: str) -> None:
    found = of_level(world, path, level)
    assert any(world.expand(text) in entry["msg"] for entry in found), entries(world, path)


@then(phrase('the JSON log "{path}" has no entry of level {level:word}'))
def _(world: World, path: str, level: str) -> None:
    assert not of_level(world, path, level), of_level(world, path, level)


@then(phrase('the JSON log "{path}" has {n:int} entries'))
def _(world: World, path: str, n: int) -> None:
    assert len(entries(world, path)) == n, entries(world, path)


@then(phrase('every entry in the JSON log "{path}" has {field:path} {value:json}'))
def _(world: World, path: str, field: str, value: object) -> None:
    found = entries(world, path)
    assert len(found) > 1, found
    for entry in found:
        assert documents.get(entry, field) == value, entry


@then(phrase('the JSON log "{path}" has {n:int} requests'))
def _(world: World, path: str, n: int) -> None:
    """Every line belongs to one, and lines of one command to the same."""
    found = entries(world, path)
    assert len({entry["request"] for entry in found}) == n, found
    for request in {entry["request"] for entry in found}:
        said = [entry["msg"] for entry in found if entry["request"] == request]
        assert (said[0], said[-1]) == ("began", "ended"), said


@when(phrase('{n:int} commands log at once to "{path:text}"'))
def _(world: World, n: int, path: str) -> None:
    words = ["--debug", "--log", world.expand(path), "--log-format", "json", "start", "web"]
    started = [world.begin(*words) for _ in range(n)]
    for running in started:
        world.finish(running)


@then(phrase('the JSON log "{path}" names each command of the driver with status and duration'))
def _(world: World, path: str) -> None:
    commands = [entry for entry in of_level(world, path, "debug") if entry["msg"].startswith("ran ")]
    assert any(f"{world.runtime.driver} --root" in entry["msg"] for entry in commands), commands
    for entry in commands:
        assert isinstance(entry["status"], int), entry
        assert entry["duration_ms"] > 0, entry


@then(phrase('file "{path}" is empty or absent'))
def _(world: World, path: str) -> None:
    target = place(world, path)
    assert not target.exists() or not target.read_text("utf-8"), target.read_text("utf-8")
