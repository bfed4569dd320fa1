"""Compare the files of a bundle with the manifest that was written when it was made.

Each line names a file and what changed: content, size, type, mode, owner,
link, device, extended attributes; what is missing and what was added. Times
of modification count with --times only, since a container that runs changes
them; directories and empty files that were made to mount on do not. Exit
status 0: nothing changed, 1: something did, 2: there is nothing to compare
with. JSON: bundle, unchanged, files, differences with path, what,
expected and actual; a backslash in a path is doubled, bytes that are not
UTF-8 are written \\xNN.
"""

import os
import sys

from nexcage.bundler.manifest.changes import sentence, shown
from nexcage.bundler.manifest.findings import Findings
from nexcage.bundler.manifest.made import verify
from nexcage.bundler.record import directory
from nexcage.cli.call import Call
from nexcage.cli.options import Option
from nexcage.jsontext import dumps, quote

OPTIONS = (
    Option("format", "text or json", "text|json", "f"),
    Option("times", "compare times of modification as well"),
)
OPERANDS = "DIR"
EXAMPLES = (
    ("what changed since web was made", "nexcage bundle verify web"),
    ("the same for programs", "nexcage bundle verify --format json web"),
)


def run(call: Call) -> int:
    """Exit status 1 when something differs."""
    given = call.operand("the bundle's directory")
    call.no_more()
    form = call.output_format("text", "json")
    bundle = directory(given)
    with verify(bundle, times=call.flag("times")) as found:
        if form == "json":
            _json(bundle, found)
        else:
            _text(given, found)
        return 0 if found.unchanged else 1


def _text(given: str, found: Findings) -> None:
    count = 0
    for count, difference in enumerate(found, 1):  # noqa: B007  # counted by the way
        told = sentence(difference)
        if difference.path == b"config.json" and difference.what == "content":
            told = "was changed"
        sys.stdout.write(f"{shown(difference.path)}: {told}\n")
    name = shown(os.fsencode(given))
    files = f"{found.files} file{'s' if found.files != 1 else ''}"
    if count:
        print(f"{name}: {files}, {count} difference{'s' if count > 1 else ''}")
    else:
        print(f"{name}: {files}, nothing changed")


def _json(bundle: str, found: Findings) -> None:
    """One difference a line, written as it goes: there can be a hundred thousand."""
    head = {"bundle": bundle, "unchanged": found.unchanged, "files": found.files}
    text = ",\n".join(f"  {quote(name)}: {dumps(value)}" for name, value in head.items())
    sys.stdout.write("{\n" + text + ',\n  "differences": [')
    between = "\n    "
    for each in found:
        row = {
            "path": shown(each.path),
            "what": each.what,
            "expected": each.expected,
            "actual": each.actual,
        }
        sys.stdout.write(between + dumps(row))
        between = ",\n    "
    sys.stdout.write(("\n  " if not found.unchanged else "") + "]\n}\n")
