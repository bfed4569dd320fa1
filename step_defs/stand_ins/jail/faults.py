# SPDX-License-Identifier: Apache-2.0
"""Faults that a scenario put in: the first of the list that fits a call happens instead of it."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from step_defs.stand_ins.jail.state import State


def before(state: State, tool: str, argv: list[str]) -> int | None:
    """Fail, hang or die instead of doing anything; the exit status, None to go on."""
    if not state["faults"]:
        return None
    with state.changing():
        fault = next((one for one in state["faults"] if _fits(one, tool, argv)), None)
        if fault is None:
            return None
        if fault["times"] is not None:
            fault["times"] -= 1
    sys.stdout.write(fault["stdout"])
    sys.stderr.write(fault["text"])
    sys.stdout.flush()
    time.sleep(float(fault["hang"]))
    if fault["kill"]:
        os.kill(os.getpid(), signal.SIGKILL)
    return int(fault["exit"])


def _fits(fault: dict[str, object], tool: str, argv: list[str]) -> bool:
    words = fault["words"]
    assert isinstance(words, list)
    return fault["tool"] == tool and fault["times"] != 0 and all(word in argv for word in words)
