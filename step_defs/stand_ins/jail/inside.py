# SPDX-License-Identifier: Apache-2.0
"""Programs of a model's jails whose words are not those of this machine: id, env, touch, kill."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

from step_defs.stand_ins.jail import running
from step_defs.stand_ins.jail.state import INSIDE

if TYPE_CHECKING:
    from step_defs.stand_ins.jail.state import State

ORIGINAL = running.ORIGINAL


def id_(state: State) -> int:
    """id(1); without a user database no user has a name."""
    uid = int(os.environ[INSIDE].split(":")[2])
    jail = state.find(str(state.inside))
    tree = state.host(jail["path"]) if jail else ""
    name = next((name for name, number in state["users"].items() if number == uid), "")
    group = "wheel" if uid == 0 else name
    shown = f"({name})" if os.path.exists(f"{tree}/etc/pwd.db") else ""
    print(f"uid={uid}{shown} gid={uid}({group}) groups={uid}({group})")
    return 0


def env(argv: list[str]) -> int:
    """env(1) without the model's own words."""
    for name, value in os.environ.items():
        if not name.startswith("NEXCAGE_"):
            print(f"{name}={os.environ[ORIGINAL] if name == 'PATH' else value}")
    return 0


def touch(state: State, argv: list[str]) -> int:
    """touch(1), on a root that may be mounted read-only."""
    jail = state.find(str(state.inside))
    tree = jail["path"] if jail else "/"
    mounted = [one for one in state["mounts"] if (tree + "/").startswith(f"{one['node']}/")]
    for name in argv:
        if mounted and "ro" in mounted[-1]["opts"]:
            print(f"touch: {name}: Read-only file system", file=sys.stderr)
            return 1
        with open(state.host(tree) + name, "a", encoding="utf-8"):
            pass
    return 0


def kill(state: State, argv: list[str]) -> int:
    """kill(1): of processes outside the jail it sees none."""
    number = signal.SIGTERM
    if argv[:1] and argv[0].startswith("-"):
        word = argv.pop(0)[1:]
        number = (
            signal.Signals(int(word)) if word.isdigit() else signal.Signals[f"SIG{word.removeprefix('SIG')}"]
        )
    jail = state.find(str(state.inside))
    known = running.members(state, jail) if jail else []
    status = 0
    for word in argv:
        if int(word) in known:
            os.kill(int(word), number)
        else:
            print(f"kill: {word}: No such process", file=sys.stderr)
            status = 1
    return status
