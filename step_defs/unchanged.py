# SPDX-License-Identifier: Apache-2.0
"""Steps that compare the user's bundle before and after."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pytest_bdd import given, then

from step_defs.phrases import phrase

if TYPE_CHECKING:
    from pathlib import Path

    from step_defs.world import World


def picture(directory: Path) -> dict[str, tuple[int, int, int]]:
    """Every file of a tree with its mode, size and time of change; access times may move."""
    found = {}
    for place, directories, files in os.walk(directory):
        for name in [".", *directories, *files]:
            facts = os.lstat(os.path.join(place, name))
            found[os.path.join(place, name)] = (facts.st_mode, facts.st_size, facts.st_mtime_ns)
    return found


@given(phrase("the bundle is kept in mind"), target_fixture="kept_bundle")
def _(world: World) -> tuple[bytes, dict[str, tuple[int, int, int]]]:
    return world.bundle.config.read_bytes(), picture(world.bundle.dir)


@then(phrase("the bundle is unchanged"))
def _(world: World, kept_bundle: tuple[bytes, dict[str, tuple[int, int, int]]]) -> None:
    """The same bytes in config.json, and no file added, removed, rewritten or given another mode."""
    text, before = kept_bundle
    assert world.bundle.config.read_bytes() == text
    assert picture(world.bundle.dir) == before
