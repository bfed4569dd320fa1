# SPDX-License-Identifier: Apache-2.0
"""Faults that a scenario put in: the first of the list that fits a call happens, then or after its work."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from step_defs.stand_ins.jail.state import State


def take(state: State, tool: str, argv: list[str]) -> dict[str, Any] | None:
    """The fault of this call."""
    if not state["faults"]:
        return None
    with state.changing():
        fault: dict[str, Any] | None = next((one for one in state["faults"] if _fits(one, tool, argv)), None)
        if fault is not None and fault["times"] is not None:
            fault["times"] -= 1
    return fault


def happen(fault: dict[str, Any]) -> int:
    """Say its words, fail, hang or die; the exit status."""
    sys.stdout.write(fault["stdout"])
    sys.stderr.write(fault["text"])
    sys.stdout.flush()
    sys.stderr.flush()
    time.sleep(float(fault["hang"]))
    if fault["kill"]:
        os.kill(os.getpid(), signal.SIGKILL)
    return int(fault["exit"])


def _fits(fault: dict[str, Any], tool: str, argv: list[str]) -> bool:
    return fault["tool"] == tool and fault["times"] != 0 and all(word in argv for word in fault["words"])
