# SPDX-License-Identifier: Apache-2.0
"""Print what nexcage makes of recorded failures of Proxmox's tools.

``python -m step_defs.classify pct FILE.json`` (or ``pve-tools``): FILE is a list of
recordings with ``argv``, ``exit``, ``stdout`` and ``stderr``. A line for each that failed: command line, code
and message; the last line counts those and the ones that no table knows. The exit status is 1 when
these are more than 3 %.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nexcage.drivers.pct.errors import UNKNOWN, classify
from nexcage.drivers.pct.redact import secrets, shown
from nexcage.host import process

if TYPE_CHECKING:
    from nexcage.errors import NexcageError

TOLERATED = 0.03
STATUS = "program-status"  # pct exec: the program inside ended with it


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
    parser.add_argument("kind", choices=("pct", "pve-tools"))
    parser.add_argument("file", type=Path)
    given = parser.parse_args(words)
    lines, failed, unknown = report(json.loads(given.file.read_text(encoding="utf-8")))
    for line in lines:
        print(line)
    print(f"failed {failed}, unclassified {unknown}")
    return 1 if unknown > failed * TOLERATED else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
