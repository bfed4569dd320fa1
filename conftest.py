# SPDX-License-Identifier: Apache-2.0
"""Load every module of step_defs as a pytest plugin: steps, options, fixtures and the report."""

import pkgutil
from pathlib import Path

import pytest

pytest.register_assert_rewrite("step_defs")
pytest_plugins = sorted(
    f"step_defs.{found.name}" for found in pkgutil.iter_modules([str(Path(__file__).parent / "step_defs")])
)
