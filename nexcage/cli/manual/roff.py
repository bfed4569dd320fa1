"""mdoc(7): the few macros that the pages need, and text that cannot be taken for one."""

import re
from textwrap import wrap

WIDTH = 78
MACRO = re.compile(r"[A-Z%][A-Za-z][a-z]?")  # what mdoc could read as one of its macros
SENTENCE = re.compile(r"(?<=[.:?!])\s+(?=[A-Z\"(])")
OPTION = re.compile(r"(?<![\w-])--?(?=[a-zA-Z-])")


def escaped(text: str) -> str:
    """``text`` with what roff would obey made harmless; dashes of options stay dashes."""
    text = text.replace("\\", "\\e")
    text = OPTION.sub(lambda found: "\\-" * len(found[0]), text)
    return text.replace("…", "...")


def word(text: str) -> str:
    """One argument of a macro."""
    made = escaped(text).replace('"', "\\(dq")
    if MACRO.fullmatch(text) or text in "()[].,:;|?!":
        made = "\\&" + made
    return f'"{made}"' if " " in made or not made else made


def words(text: str) -> str:
    """Arguments of a macro, separated by blanks."""
    return " ".join(map(word, text.split()))


def filled(text: str) -> list[str]:
    """Lines of running text: each sentence begins a new one."""
    lines: list[str] = []
    for sentence in SENTENCE.split(" ".join(text.split())):
        found = wrap(escaped(sentence), WIDTH, break_long_words=False, break_on_hyphens=False)
        lines += ["\\&" + line if line[0] in ".'" else line for line in found]
    return lines


def sentence(text: str) -> str:
    """``text`` as a sentence of its own; a first word that is a name stays as it is."""
    first = text.partition(" ")[0]
    text = text[0].upper() + text[1:] if first.isalpha() and first.islower() else text
    return text if text.endswith((".", "?", "!")) else text + "."


def literal(lines: list[str]) -> list[str]:
    """A display of lines as they are."""
    made = [line.replace("\\", "\\e").replace("-", "\\-") for line in lines]
    return [".Bd -literal -offset indent", *("\\&" + m if m[:1] in (".", "'") else m for m in made), ".Ed"]


def prose(text: str) -> list[str]:
    """Paragraphs with blank lines between them; from its first indented line on, one is shown as it is."""
    lines: list[str] = []
    for paragraph in re.split(r"\n[ \t]*\n", text.strip("\n")):
        rows = paragraph.split("\n")
        shown = next((i for i, row in enumerate(rows) if row.startswith("  ")), len(rows))
        if shown:
            lines += ([".Pp"] if lines else []) + filled(" ".join(rows[:shown]))
        if shown < len(rows):
            lines += literal([row.removeprefix("  ") for row in rows[shown:]])
    return lines


def tagged(items: list[tuple[str, list[str]]]) -> list[str]:
    """A list: the arguments of ``.It`` and the lines below each."""
    lines = [".Bl -tag -width indent"]
    for head, body in items:
        lines += [".It " + head, *body]
    return [*lines, ".El"]


def page(name: str, section: int, summary: str, parts: list[tuple[str, list[str]]], date: str) -> str:
    """A whole page; parts are headings and their lines."""
    lines = [
        ".\\\" made by python -m nexcage.cli.manual: change the program's own texts, not this file",
        f".Dd {date}",
        f".Dt {name.upper()} {section}",
        ".Os",
        ".Sh NAME",
        f".Nm {name}",
        f".Nd {words(summary)}",
    ]
    for heading, body in parts:
        lines += [f".Sh {heading}", *body]
    return "\n".join(lines) + "\n"


def see(names: list[tuple[str, int]]) -> list[str]:
    """Lines of SEE ALSO: by section, then by name."""
    known = sorted(names, key=lambda name: (name[1], name[0]))
    return [f".Xr {name} {section}" + " ," * (i < len(known) - 1) for i, (name, section) in enumerate(known)]
