# SPDX-License-Identifier: Apache-2.0
"""The one program behind all tools: it finds the cluster, keeps the record of calls, and chooses the tool."""

from __future__ import annotations

import io
import json
import os
import sys
import time
from importlib import import_module
from typing import TYPE_CHECKING

from step_defs.stand_ins.pve import broadcast, faults, frame, members
from step_defs.stand_ins.pve.call import Call
from step_defs.stand_ins.pve.engine import chosen
from step_defs.stand_ins.pve.refusals import CallRefused, Died
from step_defs.stand_ins.pve.state import PLACE, State, place

if TYPE_CHECKING:
    from types import ModuleType

PACKAGE = "step_defs.stand_ins.pve"
IPCC = "".join(f"ipcc_send_rec[{number}] failed: @\n" for number in (1, 2, 3))
IPCC += "Unable to load access control list: @\n"
REFUSED = 111
MODULES = {
    "pct": "pct.commands",
    "pvesh": "pvesh.commands",
    "pvesm": "pvesm.commands",
    "pveam": "pveam",
    "pvecm": "pvecm",
}


def perform(call: Call, argv: list[str]) -> int:
    """One call; its exit status."""
    try:
        if call.tool == "pveversion":
            from step_defs.stand_ins.pve import pveversion

            return pveversion.run(call, argv)
        module = import_module(f"{PACKAGE}.{MODULES[call.tool]}")
        return _command(call, module, argv)
    except frame.Unknown as unknown:
        call.err(str(unknown))
    except Died as died:
        call.err(f"{died.text}\n")
        return died.status
    return 255


def _command(call: Call, module: ModuleType, argv: list[str]) -> int:
    """A tool with subcommands: unknown ones are noticed before the cluster is asked."""
    rest = module.prepare(call, argv) if hasattr(module, "prepare") else argv
    command, words = frame.find(call.tool, module.GROUPS, rest)
    if (os.geteuid() != 0 and not call.state["root"]) or call.state.settings.get("uid"):
        call.err(IPCC.replace("@", "Unknown error -1"))
        return 255
    if not call.state["pmxcfs"]:
        call.err(IPCC.replace("@", "Connection refused"))
        return REFUSED
    broadcast.tick(call)
    try:
        status: int = module.run(call, command, words)
        return status
    except CallRefused as refused:
        usage = module.usage(call, command) if hasattr(module, "usage") else command.usage(call.tool)
        call.err(refused.told(usage))
        return 255


def main() -> int:
    """What bin/NAME runs."""
    tool = os.path.basename(sys.argv[0])
    argv = sys.argv[1:]
    home = place()
    if not home:
        print(f"{tool}: {PLACE} names no cluster", file=sys.stderr)
        return 255
    state = State(home)
    members.refresh(state)  # somebody may have written to etc/pve
    started = time.time()
    streams = (sys.stdin.buffer, sys.stdout.buffer, sys.stderr.buffer)
    call = Call(tool, state, chosen(state), streams)
    record = {"argv": [tool, *argv], "time": started, "pid": os.getpid()}
    with open(os.path.join(home, "calls.jsonl"), "a", encoding="utf-8") as file:
        file.write(json.dumps(record) + "\n")
    time.sleep(float(state["delay"]))
    status = faults.before(call, argv)
    if status is not None:
        return status
    try:
        return perform(call, argv)
    finally:
        members.refresh(State(home))


def in_process(
    home: str, argv: list[str], stdin: bytes = b"", environment: dict[str, str] | None = None
) -> tuple[int, str, str]:
    """The same without a process: exit status, standard output, standard error."""
    state = State(home)
    out, err = io.BytesIO(), io.BytesIO()
    call = Call(argv[0], state, chosen(state), (io.BytesIO(stdin), out, err))
    if environment is not None:
        call.environment = environment
    status = perform(call, argv[1:])
    return (
        status,
        out.getvalue().decode("utf-8", "surrogateescape"),
        err.getvalue().decode("utf-8", "surrogateescape"),
    )
