# SPDX-License-Identifier: Apache-2.0
"""Steps about what a shell's script is told that the last word can become."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import then

from step_defs.phrases import phrase

if TYPE_CHECKING:
    from step_defs.world import World


@then(phrase('the words that fit are "{words}"'))
def _(world: World, words: str) -> None:
    """All of them, in this order, separated by blanks."""
    lines = world.last.stdout.splitlines()
    if not lines or lines[0] not in ("none", "files", "dirs"):
        world.last.refuse("a first line that says whether files fit")
    if [line.partition("\t")[0] for line in lines[1:]] != words.split():
        world.last.refuse(f"these words: {words}")
