# SPDX-License-Identifier: Apache-2.0
"""Let pytest collect ``.feature`` files: ``pytest features/`` runs the specification.

Node ids read ``features/lifecycle/create.feature::test_name_of_the_scenario[crun]``.
"""

from __future__ import annotations

import types
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from step_defs.world import World

BIND = "from pytest_bdd import scenarios; scenarios(__file__)"


class FeatureFile(pytest.Module):
    """A ``.feature`` file presented to pytest as the module that binds its scenarios."""

    def _getobj(self) -> types.ModuleType:
        module = types.ModuleType(self.path.stem)
        module.__file__ = str(self.path)
        exec(compile(BIND, str(self.path), "exec"), vars(module))  # noqa: S102  # pytest-bdd looks at its caller
        return module


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.suffix == ".feature":
        return FeatureFile.from_parent(parent, path=file_path)
    return None


@pytest.fixture(autouse=True)
def _every_scenario_has_a_world(world: World) -> None:
    """Build and sweep the world even for a scenario whose steps never ask for it."""
