# SPDX-License-Identifier: Apache-2.0
"""A tool of FreeBSD that hangs is ended, and said to have hung."""

import os
import time

import pytest

from nexcage.drivers.jail import tools
from nexcage.errors import Timeout


def test_a_tool_that_hangs_is_ended(tmp_path, monkeypatch):
    noted = tmp_path / "pid"
    program = tmp_path / "jls"
    program.write_text(f"#!/bin/sh\necho $$ > {noted}\nexec sleep 60\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(tools, "PATIENCE", 0.3)
    began = time.monotonic()
    with pytest.raises(Timeout, match="jls"):
        tools.Tools("web").run(["jls"])
    assert time.monotonic() - began < 20
    with pytest.raises(ProcessLookupError):
        os.kill(int(noted.read_text()), 0)
