# SPDX-License-Identifier: Apache-2.0
"""Faults that a scenario put in: of the list in ``faults.json`` the first that fits a call happens."""

from __future__ import annotations

import json
import os
import signal
import time
from typing import TYPE_CHECKING, Any

from step_defs.stand_ins.pve.state import write

if TYPE_CHECKING:
    from collections.abc import Callable

    from step_defs.stand_ins.pve.call import Call

FILE = "faults.json"
Fault = dict[str, Any]


def add(home: str, fault: Fault) -> None:
    """Put a fault in."""
    write(os.path.join(home, FILE), json.dumps([*_all(home), fault], indent=2))


def clear(home: str) -> None:
    """Take all out."""
    write(os.path.join(home, FILE), "[]")


def _all(home: str) -> list[Fault]:
    try:
        with open(os.path.join(home, FILE), encoding="utf-8") as file:
            found: list[Fault] = json.load(file)
            return found
    except FileNotFoundError:
        return []


def take(home: str, tool: str, words: list[str], middle: bool) -> Fault | None:
    """The fault for this call; one with ``times`` is used up."""
    found = _all(home)
    for fault in found:
        fits = fault["tool"] == tool and fault["words"] == words[: len(fault["words"])]
        if fits and bool(fault.get("middle")) == middle and fault.get("times", 1) != 0:
            if fault.get("times") is not None:
                fault["times"] -= 1
                write(os.path.join(home, FILE), json.dumps(found, indent=2))
            return fault
    return None


def before(call: Call, words: list[str]) -> int | None:
    """Fail, hang or die instead of doing anything; the exit status, None to go on."""
    fault = take(call.state.home, call.tool, words, middle=False)
    return None if fault is None else _happen(call, fault)


def middle(call: Call, half: Callable[[], None]) -> None:
    """In the middle of a create: ``half`` leaves what a killed one leaves."""
    fault = take(call.state.home, call.tool, ["create"], middle=True)
    if fault is not None:
        half()
        _happen(call, fault)


def _happen(call: Call, fault: Fault) -> int:
    call.out(fault.get("stdout", ""))
    call.err(fault.get("text", ""))
    if fault.get("hang"):
        time.sleep(float(fault["hang"]))
    if fault.get("kill"):
        os.kill(os.getpid(), signal.SIGKILL)
    return int(fault.get("exit", 255))
