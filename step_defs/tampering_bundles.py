# SPDX-License-Identifier: Apache-2.0
"""Steps that put something else in the place of what bundles and their cache keep."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pytest_bdd import given, then

from step_defs.phrases import phrase
from step_defs.tampering import SOON, spoil

if TYPE_CHECKING:
    from pathlib import Path

    from step_defs.runtime import Result
    from step_defs.world import World


@given(phrase('the lease of bundle "{name}" becomes {what:text}'))
def _(world: World, led_to: dict[Path, str], name: str, what: str) -> None:
    """The name that it has in the cache; the one in the bundle stays."""
    own = world.dir / name / ".nexcage" / "bundle.json"
    lease = json.loads(own.read_text("utf-8"))["lease"]
    spoil(world, led_to, world.dir / "cache" / "leases" / lease, what)


@given(phrase("the facts of the cached layers become {what:text}"))
def _(world: World, led_to: dict[Path, str], what: str) -> None:
    """Of each of them."""
    found = [*(world.dir / "cache").glob("layers/*/facts")]
    assert found, "the cache has no layers"
    for facts in found:
        spoil(world, led_to, facts, what)


def failed(world: World, result: Result, wanted: str) -> None:
    """One line that names it, at once."""
    __tracebackhide__ = True
    lines = [line for line in result.stderr.splitlines() if not line.startswith("hint: ")]
    if result.code not in (1, 2) or len(lines) != 1 or world.expand(wanted) not in lines[0]:
        result.refuse(f"status 1 or 2 and one line with: {world.expand(wanted)}")
    if result.seconds > SOON:
        result.refuse(f"an end within {SOON:g} s")
    if "internal error" in result.stderr:
        result.refuse("no defect of the runtime")


@then(phrase('"{calls}" of "{path}" fail by name: {wanted:text}'))
def _(world: World, calls: str, path: str, wanted: str) -> None:
    """Several with commas; each says it in one line, within 2 seconds."""
    for words in calls.split(", "):
        failed(world, world.ask(*words.split(), world.expand(path)), wanted)


@then(phrase("it fails by name: {wanted:text}"))
def _(world: World, wanted: str) -> None:
    failed(world, world.last, wanted)


@then(phrase('"{words}" of "{path}" succeeds'))
def _(world: World, words: str, path: str) -> None:
    """Within 2 seconds."""
    result = world.ask(*words.split(), world.expand(path))
    if result.code or result.seconds > SOON:
        result.refuse("success within 2 s")
