# SPDX-License-Identifier: Apache-2.0
"""Replay recorded runs of a host's tools on the stand-ins: ``python -m step_defs.replay pct FILE.json``.

``pct`` and ``pve-tools`` are Proxmox's, ``jail`` those of a FreeBSD host.

Ends with ``recordings N, modelled M, agree A``; exit status 1 below the goals. Where a recording shows what
its situation was and nothing else does (the text of a configuration, what a container's own program says),
the situation is taken from it: those are counted as told. --verbose shows what disagrees or is not modelled.
"""

from __future__ import annotations

import argparse
import difflib
import json
import shlex
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from step_defs.replaying.player import Outcome

DRIVERS = {
    "pct": ("create", "set", "start", "stop", "shutdown", "destroy", "list", "status", "config", "exec"),
    "pvesm": ("path", "list", "status", "alloc", "free"),
    "pvesh": ("get", "create", "set", "delete"),
    "pveversion": (),
    "jail": (),
    "jls": (),
    "jexec": (),
}
MODELLED_GOAL, AGREED_GOAL = 0.90, 0.97


def main() -> int:
    """Replay a file."""
    from step_defs.replaying import jails
    from step_defs.replaying.player import Player

    parser = argparse.ArgumentParser(prog="python -m step_defs.replay", description=__doc__)
    parser.add_argument("kind", choices=("pct", "pve-tools", "jail"))
    parser.add_argument("file", type=Path)
    parser.add_argument("--verbose", action="store_true")
    asked = parser.parse_args()
    recordings = json.loads(asked.file.read_text(encoding="utf-8"))
    memory = Path("/dev/shm")  # small files, made anew for each recording
    home = Path(tempfile.mkdtemp(prefix="replay-", dir=memory if memory.is_dir() else None))
    try:
        outcomes = jails.play(home, recordings) if asked.kind == "jail" else Player(home).play(recordings)
    finally:
        shutil.rmtree(home)
    if asked.verbose:
        for outcome in outcomes:
            show(outcome)
    return summary(outcomes)


def show(outcome: Outcome) -> None:
    """Why a recording is not modelled, or how the stand-in differs."""
    words = shlex.join(outcome.recording["argv"])
    if outcome.reason:
        print(f"#{outcome.number} not modelled ({outcome.reason}): {words}")
    elif not outcome.agrees:
        print(f"#{outcome.number} {words}   [{outcome.recording['setup']}]")
        for name, (expected, found) in outcome.streams.items():
            lines = difflib.unified_diff(
                expected.splitlines(), found.splitlines(), f"{name} recorded", "stand-in", n=1, lineterm=""
            )
            print("".join(f"    {line}\n" for line in lines), end="")


def is_drivers(recording: dict[str, list[str]]) -> bool:
    """Whether a driver makes calls of this kind."""
    argv = recording["argv"]
    return argv[0] in DRIVERS and (not DRIVERS[argv[0]] or argv[1:2] == [] or argv[1] in DRIVERS[argv[0]])


def summary(outcomes: list[Outcome]) -> int:
    """Print the figures; whether the goals are met."""
    modelled = [outcome for outcome in outcomes if not outcome.reason]
    agreed = [outcome for outcome in modelled if outcome.agrees]
    asked = [outcome for outcome in outcomes if is_drivers(outcome.recording)]
    theirs = [outcome for outcome in asked if not outcome.reason]
    fine = [outcome for outcome in theirs if outcome.agrees]
    for reason, count in Counter(outcome.reason for outcome in outcomes if outcome.reason).most_common():
        print(f"not modelled: {count} {reason}")
    print(f"told by the recording itself {sum(outcome.told for outcome in modelled)} of {len(modelled)}")
    print(f"calls that a driver makes {len(asked)}, modelled {len(theirs)}, agree {len(fine)}")
    print(f"recordings {len(outcomes)}, modelled {len(modelled)}, agree {len(agreed)}")
    enough = len(theirs) >= MODELLED_GOAL * len(asked) and len(fine) >= AGREED_GOAL * len(theirs)
    return 0 if enough and len(agreed) >= AGREED_GOAL * len(modelled) else 1


if __name__ == "__main__":
    sys.exit(main())
