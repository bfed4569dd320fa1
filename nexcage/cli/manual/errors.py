"""The page of section 7: what the codes of errors and warnings mean, from their catalogue."""

from nexcage.catalogue import Entry
from nexcage.cli import catalogue
from nexcage.cli.manual import roff

ABOUT = """
An error is one line on standard error: nexcage, the verb, what failed and the cause. A line with a hint may
follow, which is one action. With --log-format json it is an object with the member code, one of those
below. Codes stay the same from version to version, the words may become better.

"nexcage help errors CODE" prints one of these entries.
"""


def page(date: str) -> str:
    """nexcage-errors(7)."""
    codes: list[str] = []
    for title, entries in catalogue.grouped():
        codes += [f".Ss {roff.words(title)}"]
        codes += roff.tagged([(f"Er {entry.code}", _about(entry)) for entry in entries])
    parts = [
        ("DESCRIPTION", roff.prose(ABOUT)),
        ("CODES", codes),
        ("SEE ALSO", roff.see([("nexcage", 1), ("nexcage-help", 1), ("nexcage-config", 5)])),
    ]
    return roff.page("nexcage-errors", 7, "codes of errors and warnings of nexcage", parts, date)


def _about(entry: Entry) -> list[str]:
    lines = roff.filled(f"A warning: {entry.meaning}." if entry.warning else roff.sentence(entry.meaning))
    lines += roff.filled("Cause: " + _ended(entry.cause))
    return lines + roff.filled("Action: " + _ended(entry.action))


def _ended(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else text + "."
