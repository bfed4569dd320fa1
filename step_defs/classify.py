# SPDX-License-Identifier: Apache-2.0
"""Print what nexcage makes of recorded failures of Proxmox's and FreeBSD's tools.

``python -m step_defs.classify pct FILE.json`` (or ``pve-tools``, ``jail``): FILE is a list of
recordings with ``argv``, ``exit``, ``stdout`` and ``stderr``. A line for each that failed: command line, code
and message; the last line counts those and the ones that no table knows. The exit status is 1 when
these are more than 3 %. Of ``jail``, a chroot around a tool is looked through; a script (``sh -c``) is
not one call: what the tools in it said is noted, and not counted.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nexcage.drivers.jail import errors as jail
from nexcage.drivers.pct.errors import UNKNOWN, classify
from nexcage.host import process
from nexcage.redact import secrets, shown

if TYPE_CHECKING:
    from nexcage.errors import NexcageError

TOLERATED = 0.03
STATUS = "program-status"  # pct exec, jexec: the program inside ended with it
NONE = "no-process"  # ps, pkill: that is all that they say
SCRIPT = "script"


def error_of(recording: dict[str, Any]) -> NexcageError | None:
    """The error of one recording, for a container with the id "web"; None when it succeeded."""
    argv = [str(word) for word in recording["argv"]]
    tool = argv[0].rsplit("/", 1)[-1]
    return classify(
        tool,
        argv,
        int(recording["exit"]),
        recording.get("stdout") or "",
        recording.get("stderr") or "",
        id="web",
        vmid=vmid(argv),
    )


def vmid(argv: list[str]) -> int | None:
    """The VMID that a command line speaks of."""
    if argv[0].rsplit("/", 1)[-1] == "pct":
        number = argv[2] if len(argv) > 2 else ""
    else:
        path = argv[2] if len(argv) > 2 else ""
        number = path.partition("/lxc/")[2].partition("/")[0]
        if not number and "--vmid" in argv[:-1]:
            number = argv[argv.index("--vmid") + 1]
    return int(number) if number.isascii() and number.isdigit() else None


def jail_argv(argv: list[str]) -> list[str]:
    """The call of a tool itself: without a chroot around it, and by its name."""
    if argv[0].rsplit("/", 1)[-1] == "chroot":
        place = 1
        while argv[place : place + 1] and argv[place].startswith("-"):
            place += 2
        argv = argv[place + 1 :] or argv
    return [argv[0].rsplit("/", 1)[-1], *argv[1:]]


def jail_error_of(recording: dict[str, Any]) -> NexcageError | None:
    """The error of one recording of FreeBSD's tools, for a container with the id "web" in jail 7."""
    argv = jail_argv([str(word) for word in recording["argv"]])
    texts = recording.get("stdout") or "", recording.get("stderr") or ""
    return jail.classify(argv[0], argv, int(recording["exit"]), *texts, id="web", jid=7)


def jail_notes(script: dict[str, Any]) -> list[str]:
    """The codes of what the tools in a script said, a tool's lines at a time."""
    lines = (script.get("stderr") or "").splitlines()
    said = [(line.partition(":")[0].split(" ")[0].split("_")[0], line) for line in lines]
    calls = [(tool, line) for tool, line in said if tool in jail.TOOLS and ": " in line]
    found = [jail.classify(tool, [tool], 1, "", line, id="web", jid=7) for tool, line in calls]
    return list(dict.fromkeys(error.code for error in found if error))


def jail_report(recordings: list[dict[str, Any]]) -> tuple[list[str], int, int]:
    """As `report`, with a note for each script."""
    lines = []
    failed = unknown = 0
    for recording in recordings:
        argv = [str(word) for word in recording["argv"]]
        words = " ".join(process.paste(argv).split())
        status = int(recording["exit"])
        if jail_argv(argv)[0] == "sh":
            notes = jail_notes(recording)
            if status or notes:
                lines.append(
                    f"{words}: {SCRIPT}: {process.ending(status)}; {', '.join(notes) or 'no errors'}"
                )
            continue
        if not status:
            continue
        error = jail_error_of(recording)
        code, message = NONE, "nothing fits"
        if error is not None:
            code, message = error.code, error.message
        elif jail_argv(argv)[0] == "jexec":
            code, message = STATUS, f"the program in the container: {process.ending(status)}"
        failed += 1
        unknown += code == jail.UNKNOWN
        lines.append(f"{words}: {code}: {message}")
    return lines, failed, unknown


def report(recordings: list[dict[str, Any]]) -> tuple[list[str], int, int]:
    """Lines for the failed ones, their number, and the number of those that are not known."""
    lines = []
    unknown = 0
    for recording in recordings:
        error = error_of(recording)
        status = int(recording["exit"])
        if error is None and status == 0:
            continue
        argv = [str(word) for word in recording["argv"]]
        words = process.paste(shown(argv, secrets(argv)))
        code = error.code if error else STATUS
        message = error.message if error else f"the program in the container: {process.ending(status)}"
        unknown += code == UNKNOWN
        lines.append(f"{' '.join(words.split())}: {code}: {message}")
    return lines, len(lines), unknown


def main(words: list[str]) -> int:
    """Read the file, print the report."""
    parser = argparse.ArgumentParser(prog="python -m step_defs.classify", description=__doc__)
    parser.add_argument("kind", choices=("pct", "pve-tools", "jail"))
    parser.add_argument("file", type=Path)
    given = parser.parse_args(words)
    recordings = json.loads(given.file.read_text(encoding="utf-8"))
    lines, failed, unknown = (jail_report if given.kind == "jail" else report)(recordings)
    for line in lines:
        print(line)
    print(f"failed {failed}, unclassified {unknown}")
    return 1 if unknown > failed * TOLERATED else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
