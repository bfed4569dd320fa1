"""JSON text to values and back, for code that cannot afford ``import json``.

``json`` imports ``re`` and costs as much as starting the interpreter. The C
scanner under it does not, so the usual path uses that alone; ``json`` comes in
only to say where a text is malformed. Stricter than ``json`` where a second
reader could see something else: duplicate keys, ``NaN`` and lone surrogates
are refused.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import ClassVar

try:
    from _json import encode_basestring_ascii as quote
    from _json import make_scanner
except ImportError:  # an interpreter without the C accelerator
    from json.encoder import py_encode_basestring_ascii as quote
    from json.scanner import py_make_scanner as make_scanner  # type: ignore[attr-defined,no-redef]

__all__ = ["Malformed", "dumps", "loads", "quote"]

BLANK = " \t\n\r"
_INFINITY = float("inf")


class Malformed(ValueError):
    """The text is no JSON: ``reason`` with ``line`` and ``column``, counted from 1."""

    def __init__(self, reason: str, line: int, column: int) -> None:
        super().__init__(f"line {line}, column {column}: {reason}")
        self.reason = reason
        self.line = line
        self.column = column


class _Refused(ValueError):
    pass


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Refused(f"duplicate key {quote(twice)}")
    return result


def _constant(name: str) -> object:
    raise _Refused(f"{name} is not allowed")


class _Context:
    """What the scanner reads its settings from (the attributes of ``json.JSONDecoder``)."""

    strict = True
    object_hook = None
    array_hook = None
    object_pairs_hook = staticmethod(_object)
    parse_float = float
    parse_int = int
    parse_constant = staticmethod(_constant)
    memo: "ClassVar[dict[str, str]]" = {}  # noqa: RUF012


def loads(data: bytes) -> object:
    """Parse UTF-8 JSON text; raise `Malformed` with the position of the first fault."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line, column = _position(data[: error.start].decode(), error.start)
        raise Malformed("not UTF-8", line, column) from None
    start = len(text) - len(text.lstrip(BLANK))
    try:
        value, end = make_scanner(_Context)(text, start)  # type: ignore[arg-type]
    except StopIteration:
        raise _explain(text) from None
    except RecursionError:
        raise Malformed("nested too deeply", 1, 1) from None
    except _Refused as error:
        raise Malformed(str(error), *_find(text)) from None
    except (ValueError, SystemError):  # SystemError: CPython 3.11's scanner, while json.decoder is not loaded
        raise _explain(text) from None
    if text[end:].strip(BLANK) or "\\ud" in text or "\\uD" in text:
        _second_look(text, value)
    return value


def _find(text: str) -> tuple[int, int]:
    """Where the first duplicate key or refused constant of a text stands that has no other fault before."""
    import re
    from json.decoder import scanstring  # type: ignore[attr-defined]

    seen: list[set[str]] = []  # the keys of each open object; of an array always none
    token = re.compile(r'[{}\[\]]|-?Infinity|NaN|"(?:[^"\\]|\\.)*"(?P<colon>\s*:)?')
    for found in token.finditer(text):
        word = found[0]
        if word in "{[":
            seen.append(set())
        elif word in "}]":
            seen.pop()
        elif word[0] != '"':
            return _position(text, found.start())
        elif found["colon"]:
            key = scanstring(text, found.start() + 1)[0]
            if key in seen[-1]:
                return _position(text, found.start())
            seen[-1].add(key)
    return 1, 1


def _position(text: str, index: int) -> tuple[int, int]:
    index = min(index, len(text))
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def _explain(text: str) -> Malformed:
    import json

    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        reason = error.msg[0].lower() + error.msg[1:]
        return Malformed(reason, error.lineno, error.colno)
    except ValueError as error:
        return Malformed(str(error), 1, 1)
    return Malformed("a number is too large", 1, 1)


def _second_look(text: str, value: object) -> None:
    """Refuse text after the value, and escapes that are half a character."""
    import json

    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        raise Malformed("extra data after the value", error.lineno, error.colno) from None
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        index = max(text.lower().find("\\ud"), 0)
        raise Malformed("lone surrogate escape", *_position(text, index)) from None


def dumps(value: object, indent: int = 0) -> str:
    """JSON text of ``value``, ASCII only; one line, or ``indent`` spaces a level."""
    return "".join(_chunks(value, "\n" if indent else "", " " * indent))


def _chunks(value: object, newline: str, step: str) -> "Iterable[str]":
    if isinstance(value, str):
        yield quote(value)
    elif value is None:
        yield "null"
    elif value is True:
        yield "true"
    elif value is False:
        yield "false"
    elif isinstance(value, int):
        yield repr(value)
    elif isinstance(value, float):
        # a number too large for a float was read as infinity; JSON has no word for that
        yield repr(value) if abs(value) != _INFINITY else "1e999" if value > 0 else "-1e999"
    elif isinstance(value, dict):
        yield from _members(((quote(str(k)) + ": ", v) for k, v in value.items()), "{}", newline, step)
    elif isinstance(value, list | tuple):
        yield from _members((("", v) for v in value), "[]", newline, step)
    else:
        raise TypeError(f"no JSON for {type(value).__name__}")


def _members(
    items: "Iterable[tuple[str, object]]", brackets: str, newline: str, step: str
) -> "Iterable[str]":
    inner = newline + step if newline else ""
    before = inner
    yield brackets[0]
    for prefix, value in items:
        yield before + prefix
        yield from _chunks(value, inner, step)
        before = "," + inner if inner else ", "
    yield (newline if before != inner else "") + brackets[1]
