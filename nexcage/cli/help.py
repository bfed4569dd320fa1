"""Explain a verb, an error, or list all verbs.

"help errors" lists the codes of all errors, as JSON log lines have them;
"help errors CODE" says what one means, where it comes from and what to do.
"""

import sys

from nexcage.cli.call import GLOBALS, Call
from nexcage.cli.options import Option, unknown
from nexcage.cli.output import columns, wrapped
from nexcage.cli.verbs import GROUPS, PACKAGES, VERBS, module_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

OPTIONS = ()
OPERANDS = "[VERB... | errors [CODE]]"
EXAMPLES = (
    ("explain create", "nexcage help create"),
    ("explain an error", "nexcage help errors container-missing"),
)


def run(call: Call) -> int:
    """Print help to standard output."""
    if not call.operands:
        print(overview())
        return 0
    if call.operands[0] == "errors":
        from nexcage.cli import catalogue

        call.operand("errors")
        code = call.operand("the code") if call.operands else ""
        call.no_more()
        print(catalogue.text(code))
        return 0
    verb = " ".join(call.operands)
    if verb in PACKAGES:
        print(package_help(verb))
        return 0
    if verb not in VERBS:
        raise unknown("verb", verb, [*VERBS, *PACKAGES])
    name = module_name(verb)
    __import__(name)
    print(verb_help(verb, sys.modules[name]))
    return 0


def package_help(name: str) -> str:
    """The verbs of two words that begin with ``name``."""
    lines = [f"Usage: nexcage {name} VERB ...", "", "Verbs:"]
    lines += [f"  {verb:<16} {text}" for verb, (_, text) in VERBS.items() if verb.startswith(name + " ")]
    lines += ["", f'See "nexcage help {name} VERB" for the options of a verb.']
    return "\n".join(lines)


def overview() -> str:
    """All verbs by group, and the global options."""
    lines = [
        "nexcage: one command for containers on pct, crun, runc and jail",
        "",
        "Usage: nexcage [OPTION...] VERB ...",
    ]
    for group, title in GROUPS.items():
        lines += ["", title + ":"]
        width = max(len(verb) for verb, (of, _) in VERBS.items() if of == group)
        width = max(width, 12)
        mine = [(verb, text) for verb, (of, text) in VERBS.items() if of == group]
        lines += [f"  {verb:<{width}} {wrapped(text, width + 3, columns())}" for verb, text in mine]
    lines += ["", "Global options, before or after the verb:", *_options(GLOBALS)]
    lines += ["", 'See "nexcage help VERB" for the options of a verb.']
    return "\n".join(lines)


def verb_help(verb: str, module: "ModuleType") -> str:
    """Usage, explanation, options and examples of one verb, from its module."""
    usage = " ".join(part for part in ("nexcage", verb, "[OPTION...]", module.OPERANDS) if part)
    lines = [f"Usage: {usage}", "", _reflowed((module.__doc__ or "").strip(), columns())]
    if module.OPTIONS:
        lines += ["", "Options:", *_options(module.OPTIONS)]
    lines += ["", "Examples:"]
    for what, command in module.EXAMPLES:
        lines += [f"  # {what}", f"  {command}"]
    lines += ["", 'Global options: see "nexcage help".']
    return "\n".join(lines)


def _reflowed(text: str, room: int) -> str:
    """``text`` with the paragraphs that a terminal of ``room`` columns would break set anew; lists stay."""
    paragraphs = text.split("\n\n")
    for i, paragraph in enumerate(paragraphs):
        rows = paragraph.split("\n")
        if room and max(map(len, rows)) > room and not any(row.startswith(" ") for row in rows):
            paragraphs[i] = wrapped(" ".join(rows), 0, room)
    return "\n\n".join(paragraphs)


def _options(options: "Sequence[Option]") -> list[str]:
    heads = [
        (f"-{o.short}, " if o.short else "    ") + f"--{o.name}" + (f" {o.metavar}" if o.metavar else "")
        for o in options
    ]
    width = min(max(map(len, heads)), 34)
    rows = []
    for head, option in zip(heads, options, strict=True):
        text = wrapped(option.help + (" (repeatable)" if option.many else ""), width + 4, columns())
        rows.append(
            f"  {head:<{width}}  {text}" if len(head) <= width else f"  {head}\n  {'':<{width}}  {text}"
        )
    return rows
