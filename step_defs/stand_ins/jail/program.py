# SPDX-License-Identifier: Apache-2.0
"""The one program behind all tools: it finds the host, keeps the record of calls, and chooses the tool."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from importlib import import_module

from step_defs.stand_ins.jail import faults
from step_defs.stand_ins.jail.refusals import Refused, Usage
from step_defs.stand_ins.jail.state import INSIDE, PLACE, State

PACKAGE = "step_defs.stand_ins.jail"
TOOLS = {
    "jail": ("jail", "main"),
    "jls": ("jls", "main"),
    "jexec": ("jexec", "main"),
    "rctl": ("rctl", "main"),
    "devfs": ("devfs", "main"),
    "mount": ("mounts", "main"),
    "umount": ("mounts", "umount"),
    "kldload": ("kernel", "kldload"),
    "kldstat": ("kernel", "kldstat"),
    "sysctl": ("kernel", "sysctl"),
    "ifconfig": ("ifconfig", "main"),
    "ps": ("processes", "main"),
}
TOOLS |= {"hostname": ("kernel", "hostname"), "cpuset": ("kernel", "cpuset")}
SEARCHES = ("pkill", "pgrep")
INSIDE_ONLY = ("id", "env", "touch", "kill")


def perform(state: State, tool: str, argv: list[str]) -> int:
    """One call; its exit status."""
    try:
        status = _choose(state, tool, argv)
        sys.stdout.flush()
        return status
    except Refused as refused:
        sys.stdout.flush()
        text = refused.text
        if text != "\0":
            print(text[1:] if text.startswith("\0") else f"{tool}: {text}", file=sys.stderr)
        return refused.status
    except Usage as usage:
        sys.stderr.write(str(usage))
        return 1


def _choose(state: State, tool: str, argv: list[str]) -> int:
    if tool in TOOLS:
        module, name = TOOLS[tool]
        return int(getattr(import_module(f"{PACKAGE}.{module}"), name)(state, argv))
    if tool in SEARCHES:
        from step_defs.stand_ins.jail import processes

        return processes.grep(state, argv, tool == "pkill")
    from step_defs.stand_ins.jail import inside

    if tool == "id":
        return inside.id_(state)
    if tool == "env":
        return inside.env(argv)
    return inside.touch(state, argv) if tool == "touch" else inside.kill(state, argv)


def main(home: str) -> int:
    """What bin/NAME runs."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    tool, argv = os.path.basename(sys.argv[0]), sys.argv[1:]
    home = os.environ.get(PLACE) or home
    state = State(home)
    inside = os.environ.get(INSIDE, "")
    state.inside = int(inside.split(":")[1]) if inside else 0
    state.uid = int(os.environ.get("NEXCAGE_FREEBSD_UID", "0"))
    record = {"argv": [tool, *argv], "time": time.time(), "pid": os.getpid()}
    with open(os.path.join(home, "calls.jsonl"), "a", encoding="utf-8") as file:
        file.write(json.dumps(record) + "\n")
    fault = faults.take(state, tool, argv)
    if fault is None:
        return perform(state, tool, argv)
    if fault.get("after"):
        perform(state, tool, argv)
    return faults.happen(fault)
