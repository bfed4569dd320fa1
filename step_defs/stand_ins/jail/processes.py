# SPDX-License-Identifier: Apache-2.0
"""ps, pkill and pgrep: the host's processes, and which jail each is in."""

from __future__ import annotations

import getopt
import os
import pwd
import re
import signal
from typing import TYPE_CHECKING, Any

from step_defs.stand_ins.jail import libxo, running
from step_defs.stand_ins.jail.refusals import Refused, Usage

if TYPE_CHECKING:
    from step_defs.stand_ins.jail.state import State

TITLES = {"pid": "PID", "ppid": "PPID", "jid": "JID", "jail": "JAIL", "user": "USER", "state": "STAT"}
TITLES |= {
    "stat": "STAT",
    "command": "COMMAND",
    "args": "COMMAND",
    "tt": "TT",
    "time": "TIME",
    "comm": "COMMAND",
}
JSON_NAMES = {
    "jid": "jail-id",
    "jail": "jail-name",
    "tt": "terminal-name",
    "time": "cpu-time",
    "stat": "state",
}
RIGHT = ("pid", "ppid", "jid")
USAGE = "usage: ps [-aCcdeHhjlmrSTuvwXxZ] [-O fmt | -o fmt] [-J jail] [-p pid]\n"


def main(state: State, argv: list[str]) -> int:
    """ps(1)."""
    how, rest = libxo.style(argv)
    try:
        options, _ = getopt.gnu_getopt(rest, "aAcdeHhj:J:lmo:O:p:rSTt:uU:vwxXZ")
    except getopt.GetoptError:
        raise Usage(USAGE) from None
    columns = [one for flag, text in options if flag == "-o" for one in text.split(",")]
    columns = [one.partition("=")[0] for one in columns] or ["pid", "tt", "stat", "time", "command"]
    where = running.places(state)
    rows = [_row(state, pid, where) for pid in _chosen(state, options, where)]
    rows = [row for row in rows if row]
    if how != "text":
        shown = [{JSON_NAMES.get(name, name): row[name] for name in columns} for row in rows]
        document = {"process-information": {"process": shown}}
        print(libxo.render(document, how) if shown else "{ }\n", end="")
    else:
        table = [
            [TITLES.get(name, name.upper()) for name in columns],
            *([row[name] for name in columns] for row in rows),
        ]
        widths = [max(len(line[number]) for line in table) for number in range(len(columns))]
        for line in table:
            cells = [
                cell.rjust(width) if name in RIGHT else cell.ljust(width)
                for cell, width, name in zip(line, widths, columns, strict=True)
            ]
            print(" ".join(cells).rstrip())
    return 0 if rows else 1


def _chosen(state: State, options: list[tuple[str, str]], where: dict[int, int]) -> list[int]:
    """PIDs; of all processes only those in jails and this one are told."""
    found: list[int] = []
    asked = False
    for flag, text in options:
        if flag == "-J":
            asked = True
            for word in text.split(","):
                jail = state.find(word)
                if jail is None and word != "0":
                    raise Refused(f"Invalid jail id: {word}")
                found += running.members(state, jail) if jail else []
        elif flag == "-p":
            asked = True
            found += [int(word) for word in text.split(",") if os.path.exists(f"/proc/{word}")]
    if not asked:
        all_of_them = {flag for flag, _ in options} & {"-a", "-A", "-x", "-e"} and not state.inside
        found = [pid for pid, jid in where.items() if all_of_them or (jid and jid == state.inside)]
        found += [os.getpid()]
    return sorted(set(found))


def _row(state: State, pid: int, where: dict[int, int]) -> dict[str, Any]:
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            words = file.read().rstrip(b"\0").split(b"\0")
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            short, _, rest = file.read().partition("(")[2].rpartition(")")
        fields = rest.split()
        uid = os.stat(f"/proc/{pid}").st_uid
    except OSError:
        return {}
    try:
        user = pwd.getpwuid(uid).pw_name
    except KeyError:
        user = str(uid)
    jid = where.get(pid, 0)
    jail = state.find(str(jid))
    letter = fields[0] + ("J" if jid else "")
    seconds = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    row = {
        "pid": str(pid),
        "ppid": fields[1],
        "jid": str(jid),
        "jail": jail["name"] if jail else "-",
        "user": user,
    }
    row |= {"state": letter, "stat": letter, "command": b" ".join(words).decode(errors="replace"), "tt": "-"}
    row |= {"args": row["command"], "comm": short, "time": f"{int(seconds // 60)}:{seconds % 60:05.2f}"}
    return row


def grep(state: State, argv: list[str], kill: bool) -> int:
    """pkill(1) and pgrep(1)."""
    tool = "pkill" if kill else "pgrep"
    number = signal.SIGTERM
    words = list(argv)
    if kill and words and re.fullmatch(r"-([A-Z0-9]+)", words[0]):
        name = words.pop(0)[1:]
        number = (
            signal.Signals(int(name)) if name.isdigit() else signal.Signals[f"SIG{name.removeprefix('SIG')}"]
        )
    try:
        options, rest = getopt.gnu_getopt(words, "flnoqvxj:")
    except getopt.GetoptError:
        raise Refused(f"\0usage: {tool} [-signal] [-j jail] pattern ...", 2) from None
    pids: list[int] = []
    for flag, text in options:
        for word in text.split(",") if flag == "-j" else ():
            jail = state.find(word)
            if jail is None:
                raise Refused(f"Invalid jail ID or name `{word}'", 2)
            pids += running.members(state, jail)
    if not any(flag == "-j" for flag, _ in options):
        raise Refused("only a jail's processes are part of the stand-in", 3)
    where = running.places(state)
    rows = [row for pid in sorted(set(pids)) if (row := _row(state, pid, where))]
    field = "command" if ("-f", "") in options else "comm"
    rows = [row for row in rows if any(re.search(pattern, row[field]) for pattern in rest)]
    for row in rows:
        if kill:
            running.send([int(row["pid"])], number)
        else:
            print(f"{row['pid']} {row['comm']}" if ("-l", "") in options else row["pid"])
    return 0 if rows else 1
