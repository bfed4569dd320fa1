"""Explain a verb, or list all verbs."""

import sys

from nexcage.cli.call import GLOBALS, Call
from nexcage.cli.options import Option, unknown
from nexcage.cli.verbs import GROUPS, PACKAGES, VERBS, module_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

OPTIONS = ()
OPERANDS = "[VERB...]"
EXAMPLES = (("explain create", "nexcage help create"),)


def run(call: Call) -> int:
    """Print help to standard output."""
    if not call.operands:
        print(overview())
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
        "nexcage: one command for containers on pct, crun and runc",
        "",
        "Usage: nexcage [OPTION...] VERB ...",
    ]
    for group, title in GROUPS.items():
        lines += ["", title + ":"]
        width = max(len(verb) for verb, (of, _) in VERBS.items() if of == group)
        lines += [f"  {verb:<{max(width, 12)}} {text}" for verb, (of, text) in VERBS.items() if of == group]
    lines += ["", "Global options, before or after the verb:", *_options(GLOBALS)]
    lines += ["", 'See "nexcage help VERB" for the options of a verb.']
    return "\n".join(lines)


def verb_help(verb: str, module: "ModuleType") -> str:
    """Usage, explanation, options and examples of one verb, from its module."""
    usage = " ".join(part for part in ("nexcage", verb, "[OPTION...]", module.OPERANDS) if part)
    lines = [f"Usage: {usage}", "", (module.__doc__ or "").strip()]
    if module.OPTIONS:
        lines += ["", "Options:", *_options(module.OPTIONS)]
    lines += ["", "Examples:"]
    for what, command in module.EXAMPLES:
        lines += [f"  # {what}", f"  {command}"]
    lines += ["", 'Global options: see "nexcage help".']
    return "\n".join(lines)


def _options(options: "Sequence[Option]") -> list[str]:
    heads = [
        (f"-{o.short}, " if o.short else "    ") + f"--{o.name}" + (f" {o.metavar}" if o.metavar else "")
        for o in options
    ]
    width = min(max(map(len, heads)), 34)
    rows = []
    for head, option in zip(heads, options, strict=True):
        text = option.help + (" (repeatable)" if option.many else "")
        rows.append(
            f"  {head:<{width}}  {text}" if len(head) <= width else f"  {head}\n  {'':<{width}}  {text}"
        )
    return rows
