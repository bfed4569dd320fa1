# SPDX-License-Identifier: Apache-2.0
"""Load every module of step_defs as a pytest plugin: steps, options, fixtures and the report."""

import pkgutil
import signal
from pathlib import Path

import pytest

pytest.register_assert_rewrite("step_defs")
pytest_plugins = sorted(
    f"step_defs.{found.name}" for found in pkgutil.iter_modules([str(Path(__file__).parent / "step_defs")])
)


# In the background and under nohup some signals are ignored, and every program that a test starts would
# inherit that. A handler is not inherited, and does nothing here either.
for ignored in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
    if signal.getsignal(ignored) is signal.SIG_IGN:
        signal.signal(ignored, lambda *_: None)
