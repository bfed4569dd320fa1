# SPDX-License-Identifier: Apache-2.0
"""nexcage's own configuration: the example that comes with it, and what nobody may read of it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from pytest_bdd import given, then

from step_defs.files import place
from step_defs.phrases import phrase
from step_defs.runtime import REPOSITORY

if TYPE_CHECKING:
    from step_defs.world import World


@given(phrase('the example of a configuration as "{path}"'))
def _(world: World, path: str) -> None:
    """A copy: the repository need not be root's."""
    shutil.copyfile(REPOSITORY / "packaging/config.example.json", place(world, path))


@then(phrase('neither its output nor the log "{path}" says "{text:text}"'))
def _(world: World, path: str, text: str) -> None:
    log = place(world, path)
    logged = log.read_text("utf-8") if log.exists() else ""
    for name, said in (("stdout", world.last.stdout), ("stderr", world.last.stderr), (str(log), logged)):
        if text in said:
            world.last.refuse(f"{name} not to contain {text!r}; the log: {logged}")
