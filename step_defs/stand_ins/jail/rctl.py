# SPDX-License-Identifier: Apache-2.0
"""rctl: rules by the names of jails, which survive the jails."""

from __future__ import annotations

import getopt
import re
from typing import TYPE_CHECKING

from step_defs.stand_ins.jail import running
from step_defs.stand_ins.jail.refusals import Refused, Usage

if TYPE_CHECKING:
    from step_defs.stand_ins.jail.state import State

USAGE = "usage: rctl [ -h ] [-a rule | -l filter | -r filter | -u filter]\n"
OFF = "RACCT/RCTL present, but disabled; enable using kern.racct.enable=1 tunable"
RESOURCES = [
    "cputime",
    "datasize",
    "stacksize",
    "coredumpsize",
    "memoryuse",
    "memorylocked",
    "maxproc",
    "openfiles",
    "vmemoryuse",
    "pseudoterminals",
    "swapuse",
    "nthr",
    "msgqqueued",
    "msgqsize",
    "nmsgq",
    "nsem",
    "nsemop",
    "nshm",
    "shmsize",
    "wallclock",
    "pcpu",
    "readbps",
    "writebps",
    "readiops",
    "writeiops",
]
SIZES = ("datasize", "stacksize", "coredumpsize", "memoryuse", "memorylocked", "vmemoryuse", "swapuse")
THROTTLED = ("readbps", "writebps", "readiops", "writeiops")
ACTIONS = ("deny", "log", "devctl", "throttle")
SIGNALS = ("sighup", "sigint", "sigkill", "sigterm", "sigxcpu", "sigxfsz", "sigusr1", "sigusr2", "sigstop")
UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}


def main(state: State, argv: list[str]) -> int:
    """rctl(8)."""
    try:
        options, words = getopt.gnu_getopt(argv, "ahl:nru")
    except getopt.GetoptError:
        raise Usage(USAGE) from None
    flags = {flag for flag, _ in options}
    if not state["racct"]:
        raise Refused(OFF)
    if "-a" in flags:
        for word in words:
            with state.changing():
                _add(state, word)
    elif "-r" in flags:
        for word in words:
            with state.changing():
                _remove(state, word)
    elif "-u" in flags:
        _usage(state, words[0] if words else "", "-h" in flags)
    else:
        wanted = dict(options).get("-l", words[0] if words else "")
        for rule in reversed(state["rules"]):
            if _fits(rule, wanted):
                print(_shown(rule, "-h" in flags))
    return 0


def _add(state: State, rule: str) -> None:
    found = re.fullmatch(r"(\w+):([^:]*):(\w+):(\w+)=([^/]*)(/\w+)?", rule)
    problem = f"failed to add rule '{rule}': "
    if found is None:
        raise Refused(f"malformed rule '{rule}'")
    amount = re.fullmatch(r"(\d+)([kmgt]?)", found[5].lower())
    if amount is None:
        raise Refused(f"malformed rule '{rule}': invalid numeric value '{found[5]}'")
    if found[3] not in RESOURCES or found[4] not in ACTIONS + SIGNALS:
        raise Refused(f"{problem}Invalid argument")
    if (found[3] in THROTTLED) != (found[4] == "throttle"):
        raise Refused(f"{problem}Operation not supported")
    if state.uid:
        raise Refused(f"{problem}Operation not permitted")
    head = f"{found[1]}:{found[2]}:{found[3]}:{found[4]}="
    state["rules"][:] = [one for one in state["rules"] if not one.startswith(head)]
    state["rules"].append(f"{head}{int(amount[1]) * UNITS[amount[2]]}{found[6] or ''}")


def _fits(rule: str, wanted: str) -> bool:
    return all(not part or part == own for part, own in zip(wanted.split(":"), _parts(rule), strict=False))


def _parts(rule: str) -> list[str]:
    return rule.partition("=")[0].split(":")


def _remove(state: State, wanted: str) -> None:
    kept = [rule for rule in state["rules"] if not _fits(rule, wanted)]
    if len(kept) == len(state["rules"]):
        raise Refused(f"failed to remove rule '{wanted}': No such process")
    state["rules"][:] = kept


def _shown(rule: str, human: bool) -> str:
    head, _, amount = rule.partition("=")
    number, slash, per = amount.partition("/")
    return f"{head}={_human(int(number)) if human else number}{slash}{per}"


def _human(number: int) -> str:
    for unit in ("", "K", "M", "G", "T"):
        if number < 10000 and (unit == "" or number % 1024 or number < 1024):
            break
        if number < 1024:
            break
        number = round(number / 1024)
    else:
        unit = "T"
    return f"{number}{unit}"


def _usage(state: State, subject: str, human: bool) -> None:
    name = subject.partition(":")[2]
    jail = state.find(name) if subject.startswith("jail:") else None
    pids = running.members(state, jail) if jail else []
    figures = dict.fromkeys(RESOURCES, 0)
    figures["maxproc"] = figures["nthr"] = len(pids)
    for pid in pids:
        try:
            with open(f"/proc/{pid}/statm", encoding="utf-8") as file:
                size, resident, _, _, _, data, _ = (int(word) * 4096 for word in file.read().split())
        except OSError:
            continue
        figures["vmemoryuse"] += size
        figures["memoryuse"] += resident
        figures["datasize"] += data
        figures["swapuse"] += data
    for resource, figure in figures.items():
        print(f"{resource}={_human(figure) if human and resource in SIZES else figure}")
