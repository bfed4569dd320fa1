"""A call of a tool that failed, and how a row of a table becomes an error about it: for pct and jail alike.

A row is (pattern or patterns, class, code, message, hint); message and hint are templates over fields of the
call and groups of the pattern.
"""

import re

from nexcage.errors import CommandFailed, NexcageError
from nexcage.host import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import ClassVar

    Row = tuple[str | tuple[str, ...], type[NexcageError], str, str, str]

# how much of a text, and of a line in it, is searched: somebody else's output must not cost us minutes
_LONGEST, _LINE = 16 << 10, 1 << 10
_QUOTED = re.compile(r" \"\{(\w+)\}\"")
# words by which engines know that a program is missing: see nexcage/errors.py
_WORDS = (
    (re.compile("no such file(?: or directory)?", re.IGNORECASE), "does not exist"),
    (re.compile(r"\bnot found", re.IGNORECASE), "missing"),
    (re.compile("no such process|process already finished", re.IGNORECASE), "its process has ended"),
)


def one_line(text: str) -> str:
    """``text`` on one line, its lines separated by "; ", nothing in it that a terminal would obey."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    joined = "; ".join(line for line in lines if line)
    return "".join(c if c.isprintable() else "?" for c in joined)


def soften(text: str) -> str:
    """Foreign ``text`` without the words by which engines know that a program is missing, or a container."""
    for pattern, word in _WORDS:
        text = pattern.sub(word, text)
    return text


def clipped(text: str) -> str:
    """The end of ``text``, where a task says why it failed, with long lines shortened in their middle."""
    lines = text[-_LONGEST:].split("\n")
    half = _LINE // 2
    return "\n".join(f"{line[:half]} ... {line[-half:]}" if len(line) > _LINE else line for line in lines)


def alternatives(pattern: "str | tuple[str, ...]") -> str:
    """The regular expression of a row's pattern."""
    return pattern if isinstance(pattern, str) else "|".join(pattern)


def container(id: str, kind: str, number: "int | None") -> str:
    """'container "web" (JID 7)', as far as it is known."""
    known = f" ({kind} {number})" if number is not None else ""
    return f'container "{id}"{known}' if id else f"container{known}" if known else ""


class Call:
    """What templates say of a call; ``shown`` is its command line without secrets, ``what`` the container."""

    locks: "ClassVar[Mapping[str, str]]" = {}  # noqa: RUF012 -- locks that a tool names, in words

    def __init__(self, tool: str, shown: list[str], status: int, stderr: str, what: str) -> None:
        self.tool = tool.rsplit("/", 1)[-1]
        self.shown = shown
        self.status = status
        self.data: dict[str, object] = {"argv": process.paste(shown), "status": status, "stderr": stderr}
        self.plain = [word for word in shown[1:] if not word.startswith("-")]
        self.verb = one_line(self.plain[0]) if self.plain else ""
        self.name = f"{self.tool} {self.verb}".rstrip()
        self.what = one_line(what)
        self.fields: dict[str, str] = {}

    def prefixed(self, message: str) -> str:
        """``message`` with the container in front."""
        return f"{self.what}: {message}" if self.what else message

    def failed(self, message: str, code: str) -> NexcageError:
        """An error that no row describes."""
        error = CommandFailed(message, code=code)
        error.data = self.data
        return error

    def search(self, rows: "Iterable[Row]", text: str, **fields: str) -> NexcageError | None:
        """The error of the first row that fits ``text``."""
        text = clipped(text)
        for row in rows:
            match = re.search(alternatives(row[0]), text, re.MULTILINE)
            if match is not None:
                begin = text.rfind("\n", 0, match.start()) + 1
                line = text[begin:].partition("\n")[0]
                return self.error(
                    row, {"line": soften(one_line(line)), **fields, **_groups(match, self.locks)}
                )
        return None

    def error(self, row: "Row", fields: dict[str, str]) -> NexcageError:
        """The error that ``row`` describes."""
        _, kind, code, message, hint = row
        given = {**self.fields, **fields}
        # a quoted field that nobody knows goes with its quotes; a value that was given and is empty stays
        unknown = {name for name in _QUOTED.findall(message) if not given.get(name)} - {"value"}
        unknown |= {"value"} - given.keys()
        message = _QUOTED.sub(lambda field: "" if field[1] in unknown else field[0], message)
        text = one_line(message.format_map(_Given(given))).rstrip(" :")
        if "{what}" not in message:
            text = self.prefixed(text)
        if text.endswith(".") and not text.endswith(".."):
            text = text[:-1]
        error = kind(text, code=code, hint=one_line(hint.format_map(_Given(given))))
        error.data = self.data
        return error


class _Given(dict[str, str]):
    """Fields of a template; one that the pattern does not have is empty."""

    def __missing__(self, key: str) -> str:
        return ""


def _groups(match: re.Match[str], locks: "Mapping[str, str]") -> dict[str, str]:
    """The named groups that matched, as text for a message; ``name2`` is another place for ``name``."""
    found: dict[str, str] = {}
    for name, text in match.groupdict().items():
        key = name.rstrip("23456789")
        if text and not found.get(key):
            found[key] = soften(one_line(text)) if key in ("rest", "error") else one_line(text)
    if "lock" in found:
        found["lock"] = locks.get(found["lock"], f'"{found["lock"]}"')
    if "error" in found:
        found["error"] = found["error"].lower()
    return found
