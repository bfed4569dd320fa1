"""What goes to standard output: tables and plans. JSON is printed by the verbs themselves.

A table on a terminal fits it; in a pipe or a file nothing is ever shortened.
"""

import os
import sys

from nexcage.host.process import paste
from nexcage.log import one_line
from nexcage.plan import Act, Plan, Run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

GAP = "   "
LEAST = 6  # what is left of a column that is shortened, in columns of the terminal


def say(text: str) -> None:
    """Print ``text``; what the terminal's character set lacks becomes an escape."""
    encoding = sys.stdout.encoding or "utf-8"
    if not text.isascii():
        text = text.encode(encoding, "backslashreplace").decode(encoding)
    sys.stdout.write(text + "\n")


def table(
    heading: list[str],
    rows: list[list[str]],
    *,
    tabs: bool = False,
    colours: "tuple[int, Mapping[str, str]] | None" = None,
) -> None:
    """Print columns, as wide as they need to be or the terminal allows; with ``tabs`` one tab between them.

    ``colours``: the number of a column, and the colours (SGR) of some of its cells on a terminal.
    """
    lines = [heading, *([one_line(cell) for cell in row] for row in rows)]
    if tabs:
        say("\n".join(["\t".join(line) for line in lines]))
        return
    room = columns()
    ways = [max(map(width, cells)) for cells in zip(*lines, strict=True)]
    widths = fitted(ways, room)
    if widths != ways:
        lines = [[shortened(cell, most) for cell, most in zip(line, widths, strict=True)] for line in lines]
    shown = [GAP.join(map(_padded, line, widths)).rstrip() for line in lines]
    if colours and sys.stdout.isatty():
        shown = [_painted(text, line, widths, *colours) for text, line in zip(shown, lines, strict=True)]
    say("\n".join(shown))


def _padded(cell: str, room: int) -> str:
    return cell.ljust(room) if cell.isascii() else cell + " " * (room - width(cell))


def _painted(text: str, line: list[str], widths: list[int], column: int, colours: "Mapping[str, str]") -> str:
    """``text`` of a whole line with the cell of ``column`` in its colour, if it has one."""
    cell = line[column]
    if cell not in colours:
        return text
    before = "".join(_padded(one, room) + GAP for one, room in zip(line[:column], widths, strict=False))
    return before + coloured(cell, colours[cell]) + text[len(before) + len(cell) :]


def columns() -> int:
    """How wide the terminal is that standard output is; 0 where it is none or does not tell."""
    if not sys.stdout.isatty():
        return 0
    given = os.environ.get("COLUMNS", "")
    if given.isascii() and given.isdigit() and 0 < len(given) < 6 and int(given):
        return int(given)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns
    except OSError:
        return 0


def fitted(widths: list[int], room: int) -> list[int]:
    """Widths of columns that fit into ``room`` with their gaps: the widest give first, none below LEAST."""
    widths = list(widths)
    over = sum(widths) + len(GAP) * (len(widths) - 1) - room if room else 0
    while over > 0:
        widest = max(widths)
        if widest <= LEAST:
            break
        widths[widths.index(widest)] -= 1
        over -= 1
    return widths


def shortened(text: str, room: int) -> str:
    """``text`` in ``room`` columns, with an ellipsis for what is left out: of a path the beginning."""
    if width(text) <= room:
        return text
    mark = "…" if (sys.stdout.encoding or "utf-8").lower().replace("-", "") == "utf8" else "~"
    path = text.startswith("/")
    while text and width(text) >= room:
        text = text[1:] if path else text[:-1]
    return mark + text if path else text + mark


def width(text: str) -> int:
    """How many columns of a terminal ``text`` takes."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def wrapped(text: str, indent: int, room: int) -> str:
    """``text`` broken at blanks so that it fits from column ``indent`` to ``room`` (0: on one line)."""
    if not room or indent + width(text) <= room:
        return text
    from textwrap import wrap

    # a place for a message that is narrower than a word or two is no use: begin again at the margin
    margin = indent if room - indent >= 30 else 4
    first = " " * max(indent, margin)
    lines = wrap(
        text, room, initial_indent=first, subsequent_indent=" " * margin,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    return "\n".join(lines)[len(first) :]


def coloured(text: str, colour: str) -> str:
    """``text`` in a colour (the parameter of SGR), on a terminal and where NO_COLOR is not set."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not sys.stdout.isatty()
    return text if plain else f"\033[{colour}m{text}\033[0m"


def plan_text(plan: Plan) -> str:
    """A plan for people: a heading, then one step a line."""
    lines = [f'{plan.verb} container "{plan.id}" with {plan.driver}:']
    for step in plan.all_steps():
        if isinstance(step, Run):
            lines.append("  run    " + paste(step.argv))
        elif isinstance(step, Act):
            lines.append(f"  {step.shown:<6} {paste(step.words)}")
        else:
            lines.append(f"  {step}")
    return "\n".join(lines)
