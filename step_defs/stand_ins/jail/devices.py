# SPDX-License-Identifier: Apache-2.0
"""The nodes of /dev, and which of them a devfs ruleset leaves visible."""

from __future__ import annotations

import fnmatch
from typing import Any

Rulesets = dict[str, list[list[str]]]
HIDDEN = [
    "acpi",
    "apm",
    "apmctl",
    "audit",
    "auditpipe",
    "bpf",
    "bpf0",
    "console",
    "ctty",
    "cuau0",
    "cuau0.init",
    "cuau0.lock",
    "cuau1",
    "cuau1.init",
    "cuau1.lock",
    "devctl",
    "devctl2",
    "devstat",
    "fido",
    "full",
    "geom.ctl",
    "hpet0",
    "io",
    "klog",
    "kmem",
    "mdctl",
    "mem",
    "pci",
    "pfil",
    "reroot",
    "ttyu0",
    "ttyu0.init",
    "ttyu0.lock",
    "ttyu1",
    "ttyu1.init",
    "ttyu1.lock",
    "ufssuspend",
    "vtbd0",
]
BASIC = ["null", "zero", "random", "urandom"]
LOGIN = ["fd", "stdin", "stdout", "stderr"]
NODES = sorted([*HIDDEN, *BASIC, *LOGIN])
FOLDERS = ("fd", "reroot", "shm")
DEPTH = 1  # vfs.devfs.rule_depth: includes of included rulesets are lost without a word
DEFAULT_RULES: Rulesets = {
    "1": [["100", "hide"]],
    "2": [
        ["100", "path", "null", "unhide"],
        ["200", "path", "zero", "unhide"],
        ["300", "path", "crypto", "unhide"],
        ["400", "path", "random", "unhide"],
        ["500", "path", "urandom", "unhide"],
    ],
    "3": [
        ["100", "path", "ptyp*", "unhide"],
        ["1000", "path", "fd", "unhide"],
        ["1100", "path", "fd/*", "unhide"],
        ["1200", "path", "stdin", "unhide"],
        ["1300", "path", "stdout", "unhide"],
        ["1400", "path", "stderr", "unhide"],
    ],
    "4": [
        ["100", "include", "1"],
        ["200", "include", "2"],
        ["300", "include", "3"],
        ["400", "path", "fuse", "unhide"],
        ["500", "path", "zfs", "unhide"],
    ],
    "5": [["100", "include", "4"]],
}


def visible(rulesets: Rulesets, number: int) -> dict[str, int]:
    """Node → mode of what is seen through a ruleset; an unknown one hides nothing."""
    hidden: dict[str, bool] = dict.fromkeys(NODES, False)
    modes: dict[str, int] = {name: 0o666 if name in (*BASIC, "full") else 0o600 for name in NODES}
    _apply(rulesets, str(number), hidden, modes, 0)
    return {name: modes[name] for name in NODES if not hidden[name]}


def _apply(
    rulesets: Rulesets, number: str, hidden: dict[str, bool], modes: dict[str, int], depth: int
) -> None:
    for _, *words in rulesets.get(number, []):
        if words[0] == "include":
            if depth < DEPTH:
                _apply(rulesets, words[1], hidden, modes, depth + 1)
            continue
        pattern = words[words.index("path") + 1] if "path" in words else "*"
        for name in fnmatch.filter(NODES, pattern):
            if "hide" in words:
                hidden[name] = True
            if "unhide" in words:
                hidden[name] = False
            if "mode" in words:
                modes[name] = int(words[words.index("mode") + 1], 8)


def parsed(words: list[str], rules: list[list[str]]) -> list[str] | None:
    """A rule as it is kept: its number, its condition, its actions in devfs's order; None when it is none."""
    number = int(rules[-1][0]) // 100 * 100 + 100 if rules else 100
    if words and words[0].isdigit():
        number, words = int(words[0]), words[1:]
    if len(words) == 2 and words[0] == "include":
        return [str(number), *words]
    found: dict[str, Any] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word in ("hide", "unhide"):
            found["seen"] = word
        elif word in ("path", "type", "mode", "user", "group") and rest:
            found[word] = rest.pop(0)
        else:
            return None
    kept = [str(number)]
    for key in ("path", "type"):
        kept += [key, found[key]] if key in found else []
    kept += [found["seen"]] if "seen" in found else []
    kept += ["user", found["user"]] if "user" in found else []
    kept += ["group", found["group"]] if "group" in found else []
    kept += ["mode", f"{int(found['mode'], 8):o}"] if "mode" in found else []
    return kept
