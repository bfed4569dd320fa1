# SPDX-License-Identifier: Apache-2.0
"""``lxc-info`` beside the tools: it finds the cluster's containers at its own lxc path, others at theirs."""

from __future__ import annotations

import os
import sys

from step_defs.stand_ins.pve.state import State, place


def main() -> int:
    """Answer for a container of the model, or let the real lxc-info answer."""
    arguments = sys.argv[1:]
    home = place()
    if home and not any(word.startswith(("-P", "--lxcpath")) for word in arguments):
        state = State(home)
        if state["containers"] == "model":
            return model(state, arguments)
        arguments = ["-P", os.path.join(home, "lxc"), *arguments]
    own = os.path.dirname(os.path.abspath(sys.argv[0]))
    for directory in os.environ.get("PATH", os.defpath).split(os.pathsep):
        program = os.path.join(directory, "lxc-info")
        if (
            os.path.realpath(program) != os.path.realpath(sys.argv[0])
            and directory != own
            and os.access(program, os.X_OK)
        ):
            os.execv(program, ["lxc-info", *arguments])
    print("lxc-info: not installed", file=sys.stderr)
    return 127


def model(state: State, arguments: list[str]) -> int:
    """-n NAME, -p, -s in the forms of the real one; -H changes sizes only."""
    name = next((arguments[at + 1] for at, word in enumerate(arguments[:-1]) if word in ("-n", "--name")), "")
    run = state.run(name)
    if not run and not os.path.exists(state.path(name)):
        print(f"{name} doesn't exist", file=sys.stderr)
        return 1
    status = "RUNNING" if run else "STOPPED"
    everything = not {"-s", "--state", "-p", "--pid"} & set(arguments)
    if everything:
        print(f"{'Name:':<16}{name}")
    if everything or {"-s", "--state"} & set(arguments):
        print(f"{'State:':<16}{status}")
    if run and (everything or {"-p", "--pid"} & set(arguments)):
        print(f"{'PID:':<16}{run['pid']}")
    return 0
