# SPDX-License-Identifier: Apache-2.0
"""LXC's own tools beside those of Proxmox: they find the cluster's containers at its own lxc path."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import time
from typing import TYPE_CHECKING

from step_defs.stand_ins.pve.state import State, place

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DIRECTORIES = "/usr/bin:/bin:/usr/sbin:/sbin"
FROZEN, RUNNING, STOPPED = "FROZEN", "RUNNING", "STOPPED"


def main() -> int:
    """Answer for a container of the model, or let the real tool answer."""
    tool, arguments = os.path.basename(sys.argv[0]), sys.argv[1:]
    home = place()
    if home and not any(word.startswith(("-P", "--lxcpath")) for word in arguments):
        state = State(home)
        if state["containers"] == "model":
            return model(state, tool, arguments)
        arguments = ["-P", os.path.join(home, "lxc"), *arguments]
    program = shutil.which(tool, path=DIRECTORIES)
    if program is None:
        print(f"{tool}: not installed", file=sys.stderr)
        return 127
    os.execv(program, [tool, *arguments])
    return None


def model(state: State, tool: str, arguments: Sequence[str]) -> int:
    """What the real one would say of a container that exists on paper only."""
    name = option(arguments, "-n", "--name")
    if tool != "lxc-info" and status(state, name) == STOPPED and tool != "lxc-wait":
        print(f"{tool}: {name}: {name} is not running", file=sys.stderr)
        return 1
    return MODELLED[tool](state, name, arguments)


def option(arguments: Sequence[str], short: str, long: str) -> str:
    """The value of an option, "" when it is not there; both forms of the long one are known."""
    for at, word in enumerate(arguments):
        if word in (short, long) and at + 1 < len(arguments):
            return arguments[at + 1]
        if word.startswith(f"{long}="):
            return word.partition("=")[2]
    return ""


def status(state: State, name: str) -> str:
    """STOPPED, RUNNING or FROZEN."""
    run = state.run(name)
    return (FROZEN if run.get("frozen") else RUNNING) if run else STOPPED


def info(state: State, name: str, arguments: Sequence[str]) -> int:
    """-n NAME, -p, -s in the forms of the real one; -H leaves out the name of a field that stands alone."""
    run = state.run(name)
    if not run and not os.path.exists(state.path(name)):
        print(f"{name} doesn't exist", file=sys.stderr)
        return 1
    letters = "".join(word[1:] for word in arguments if word[:1] == "-" and word[1:2] != "-")
    asked = {
        "Name:": (False, name),
        "State:": ("s" in letters or "--state" in arguments, status(state, name)),
        "PID:": ("p" in letters or "--pid" in arguments, str(run.get("pid", ""))),
    }
    chosen = [field for field, (wanted, _) in asked.items() if wanted] or list(asked)
    bare = len(chosen) == 1 and ("H" in letters or "--no-humanize" in arguments)
    for field in chosen:
        value = asked[field][1]
        if value:
            print(value if bare else f"{field:<16}{value}")
    return 0


def freeze(state: State, name: str, _arguments: Sequence[str]) -> int:
    """Keep in mind that it is frozen."""
    state.set_run(name, {**state.run(name), "frozen": True})
    return 0


def unfreeze(state: State, name: str, _arguments: Sequence[str]) -> int:
    """Forget that it is frozen."""
    state.set_run(name, {**state.run(name), "frozen": False})
    return 0


def stop(state: State, name: str, _arguments: Sequence[str]) -> int:
    """However it is asked, it ends."""
    state.set_run(name, {})
    return 0


def wait(state: State, name: str, arguments: Sequence[str]) -> int:
    """-s STATE|STATE -t SECONDS; without -t for ever."""
    wanted = option(arguments, "-s", "--state").split("|")
    limit = float("inf")
    with contextlib.suppress(ValueError):
        limit = float(option(arguments, "-t", "--timeout"))
    until = time.monotonic() + (limit if limit >= 0 else float("inf"))
    while status(state, name) not in wanted:
        if time.monotonic() >= until:
            return 1
        time.sleep(0.02)
    return 0


def nothing_runs(_state: State, name: str, _arguments: Sequence[str]) -> int:
    """No program can run in it."""
    print(f"{name} is a model: LXC is not installed here, so nothing can run in it", file=sys.stderr)
    return 1


MODELLED: dict[str, Callable[[State, str, Sequence[str]], int]] = {
    "lxc-attach": nothing_runs,
    "lxc-console": nothing_runs,
    "lxc-freeze": freeze,
    "lxc-info": info,
    "lxc-stop": stop,
    "lxc-unfreeze": unfreeze,
    "lxc-wait": wait,
}
