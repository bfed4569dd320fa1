"""The catalogue of error codes, as ``nexcage help errors``, docs/errors.md and the manual show it."""

from nexcage.catalogue import Entry, entries
from nexcage.cli.options import unknown

CODES: dict[str, Entry] = {entry.code: entry for entry in entries()}
_DOCUMENT = """\
# Error codes

Each error is one line, `nexcage: VERB: what failed: cause`, and often a second one, `hint: ` with one action.
With `--log-format json` it is an object with `code`, which stays the same from version to version; the words
may become better. `nexcage help errors CODE` prints one entry. A warning is never the end of a command.

Exit status: 0 done; 1 the operation failed; 2 the command line, the configuration or the bundle cannot be
used; `run` and `exec` end with the program's status, 128 and the number for a signal.

This page is made by `python -m nexcage.cli.catalogue >docs/errors.md`.
"""


def text(code: str = "") -> str:
    """The entry of ``code``, or a line for each; `UsageError` names the nearest code to an unknown one."""
    if not code:
        return _overview()
    if code not in CODES:
        raise unknown("error code", code, list(CODES))
    entry = CODES[code]
    head = entry.code + (": a warning" if entry.warning else "")
    return f"{head}\n  meaning: {entry.meaning}\n  cause:   {entry.cause}\n  action:  {entry.action}"


def _overview() -> str:
    lines = []
    for title, those in grouped():
        lines += ["", f"{title}:"]
        lines += [f"  {entry.code:<30} {entry.meaning}" for entry in those]
    return "\n".join([*lines[1:], "", 'See "nexcage help errors CODE" for cause and action.'])


def grouped() -> list[tuple[str, list[Entry]]]:
    """The titles with their entries, by name."""
    groups: dict[str, list[Entry]] = {}
    for entry in CODES.values():
        groups.setdefault(entry.group, []).append(entry)
    return [(title, sorted(those, key=lambda entry: entry.code)) for title, those in groups.items()]


def document() -> str:
    """The page docs/errors.md."""
    parts = [_DOCUMENT]
    for title, those in grouped():
        rows = ["| code | meaning | cause | action |", "|---|---|---|---|"]
        for entry in those:
            meaning = entry.meaning + (" (warning)" if entry.warning else "")
            cells = (f"`{entry.code}`", meaning, entry.cause, entry.action)
            rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
        parts.append(f"## {title}\n\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    import sys

    sys.stdout.write(document())
