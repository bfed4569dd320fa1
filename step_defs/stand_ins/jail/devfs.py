# SPDX-License-Identifier: Apache-2.0
"""devfs: rulesets. An unknown one exists, empty, as long as something is mounted with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from step_defs.stand_ins.jail import devices
from step_defs.stand_ins.jail.refusals import Refused, Usage

if TYPE_CHECKING:
    from step_defs.stand_ins.jail.state import State

USAGE = """usage: devfs rule [-s ruleset] ...
       devfs ruleset ...
"""


def main(state: State, argv: list[str]) -> int:
    """devfs(8)."""
    words, mount, number = list(argv), "/dev", ""
    if words[:1] == ["-m"]:
        mount, words = words[1], words[2:]
    if words[:1] != ["rule"]:
        raise Usage(USAGE)
    words = words[1:]
    if words[:1] == ["-s"]:
        number, words = words[1], words[2:]
    if words == ["showsets"]:
        used = {option[8:] for one in state["mounts"] for option in one.get("rulesets", [])}
        for one in sorted({*state["rulesets"], *used}, key=int):
            print(one)
    elif words[:1] == ["show"]:
        for rule in state["rulesets"].get(number, []):
            print(" ".join(rule))
    elif words == ["delset"]:
        with state.changing():
            state["rulesets"].pop(number, None)
    elif words[:1] == ["del"] and len(words) == 2:
        with state.changing():
            rules = state["rulesets"].get(number, [])
            rules[:] = [rule for rule in rules if rule[0] != words[1]]
    elif words[:1] == ["add"]:
        with state.changing():
            _add(state, number, words[1:])
    elif words[:1] in (["apply"], ["applyset"]):
        shown = state.shown(mount)
        if shown != "/dev" and not any(
            one["node"] == shown and one["fstype"] == "devfs" for one in state["mounts"]
        ):
            kind = "DEVFSIO_RAPPLY" if words[0] == "apply" else "DEVFSIO_SAPPLY"
            raise Refused(f"\0devfs rule: ioctl {kind}: Inappropriate ioctl for device")
        raise Refused("apply below a mount is not part of the stand-in")
    else:
        raise Usage(USAGE)
    return 0


def _add(state: State, number: str, words: list[str]) -> None:
    rules = state["rulesets"].setdefault(number, [])
    rule = devices.parsed(words, rules)
    if rule is None:
        raise Refused("\0devfs rule: unknown token " + (words[0] if words else ""))
    rules[:] = sorted([one for one in rules if one[0] != rule[0]] + [rule], key=lambda one: int(one[0]))
