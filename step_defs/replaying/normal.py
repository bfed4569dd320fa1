# SPDX-License-Identifier: Apache-2.0
"""What differs from run to run in the words of Proxmox's tools, taken out of them."""

from __future__ import annotations

import json
import re
from typing import Any

HEX = "[0-9A-Fa-f]"
FIGURES = "disk|diskread|diskwrite|mem|netin|netout|uptime|pid|swap|cpu|used|avail|total|used_fraction"
FIGURES += "|ctime|pstart|starttime|endtime|maxdisk|maxcpu|cpus"
REPLACED = (
    (re.compile(rf"{HEX}{{8}}-{HEX}{{4}}-{HEX}{{4}}-{HEX}{{4}}-{HEX}{{12}}"), "UUID"),
    (re.compile(rf"BC:24:11(?::{HEX}{{2}}){{3}}"), "BC:24:11:XX:XX:XX"),
    (re.compile(rf"UPID:(\w+):{HEX}+:{HEX}+:{HEX}+:"), r"UPID:\1:X:X:X:"),
    (re.compile(r"\.tmp\.\d+"), ".tmp.N"),
    (re.compile(r"(Total bytes read: \d+ \([^,]*), [^)]*\)"), r"\1)"),
    (re.compile(r"SHA256:\S+"), "SHA256:X"),
    (re.compile(rf'"digest":"{HEX}{{40}}"'), '"digest":"X"'),
    (re.compile(rf"\b{HEX}{{40}}\b"), "X" * 40),
    (re.compile(rf"(?:{HEX}{{2}}:){{31}}{HEX}{{2}}"), "FINGERPRINT"),
    (re.compile(r"running kernel: [^)]+"), "running kernel: K"),
    (re.compile(rf"^({FIGURES}): \S+$", re.MULTILINE), r"\1: N"),
    (re.compile(rf'"({FIGURES})"( ?: ?)[\d.e+-]+'), r'"\1"\2"N"'),
    (re.compile(r"^pressure(\w+): \S+$", re.MULTILINE), r"pressure\1: N"),
    # the supervisor of lxc-start notices a failure or not: both were seen for one cause
    (re.compile(r'^__lxc_start: 2127 Failed to spawn container "\d+"\n', re.MULTILINE), ""),
    (re.compile(r"^(\S+ +dir +active) .*$", re.MULTILINE), r"\1 N"),
    (re.compile(r"lookup \S+ on \S+:.*"), "lookup X"),
)
SHUFFLED = (
    re.compile(r"(?<=400 Parameter verification failed\.\n).*(?=^p\w+ )", re.MULTILINE | re.DOTALL),
    re.compile(r"(?:^(?:Creating SSH host key|done:).*\n)+", re.MULTILINE),
    re.compile(r"(?:^tar: \./.*: Cannot open: No space left on device\n)+", re.MULTILINE),
    re.compile(r"(?:^(?:vm \d+ - |unable to get PID for CT).*\n)+", re.MULTILINE),
)
LISTS = re.compile(r'"(?:content|mount)":"([^"]+)"')


def normal(text: str, table: bool = False) -> str:
    """The words with what is volatile replaced, and what comes in any order sorted."""
    for pattern, by in REPLACED:
        text = pattern.sub(by, text)
    for pattern in SHUFFLED:
        text = pattern.sub(lambda found: "".join(sorted(found[0].splitlines(keepends=True))), text)
    text = re.sub(
        r"(?:^tar: \./.*: Cannot open: No space left on device\n)+",
        "tar: NO SPACE\n",
        text,
        flags=re.MULTILINE,
    )
    if table or "┌" in text:
        return _table(text)
    return "".join(_json(line) for line in text.splitlines(keepends=True))


def _table(text: str) -> str:
    """A box: the rows sorted, and one rule of each kind; figures and widths are volatile."""
    text = re.sub(r"[─═]+", "-", text)
    text = re.sub(r" +", " ", text)
    text = re.sub(r"\b\d+(?:\.\d+)?(?: [KMGT]?i?B|s|%)|\b\d+m \d+s|\b\d+h \d+m \d+s", "N", text)
    return "".join(sorted(set(text.splitlines(keepends=True))))


def _json(line: str) -> str:
    """A line of JSON with its list sorted."""
    if line[:1] not in "[{":
        return line
    try:
        value = json.loads(line)
    except ValueError:
        return line
    return json.dumps(_sorted(value), ensure_ascii=False, sort_keys=True) + "\n"


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: ",".join(sorted(one.split(","))) if key == "content" else _sorted(one)
            for key, one in value.items()
        }
    if isinstance(value, list):
        return sorted((_sorted(one) for one in value), key=lambda one: json.dumps(one, sort_keys=True))
    return value
