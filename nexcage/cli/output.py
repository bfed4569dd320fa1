"""What goes to standard output: tables and plans. JSON is printed by the verbs themselves."""

import os
import sys

from nexcage.host.process import paste
from nexcage.plan import Act, Plan, Run


def table(heading: list[str], rows: list[list[str]], *, tabs: bool = False) -> None:
    """Print columns, as wide as they need to be; with ``tabs`` separated by one tab each."""
    lines = [heading, *rows]
    if tabs:
        sys.stdout.write("".join("\t".join(line) + "\n" for line in lines))
        return
    widths = [max(len(line[i]) for line in lines) for i in range(len(heading))]
    for line in lines:
        cells = [cell.ljust(width) for cell, width in zip(line, widths, strict=True)]
        sys.stdout.write("   ".join(cells).rstrip() + "\n")


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
