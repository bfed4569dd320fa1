# SPDX-License-Identifier: Apache-2.0
"""How pvesh prints a result (PVE::CLIFormatter): json, json-pretty, yaml, and tables for people."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call
    from step_defs.stand_ins.pve.pvesh.routes import Columns
    from step_defs.stand_ins.pve.schema import Values

FINE = "┌─┬┐", "╞═╪╡", "├─┼┤", "└─┴┘", "│"
PLAIN = "+-++", "+=++", "+-++", "+-++", "|"
UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")


def show(call: Call, result: Any, given: Values, columns: Columns) -> None:
    """Print a result; None is nothing."""
    form = given.get("output-format", "text")
    if given.get("quiet") == "1" or result is None:
        return
    if form == "json":
        call.out(json.dumps(result, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n")
    elif form == "json-pretty":
        pretty = json.dumps(result, sort_keys=True, indent=3, separators=(",", " : "), ensure_ascii=False)
        call.out(f"{pretty}\n")
    elif form == "yaml":
        # the real one encodes twice
        call.out(yaml(result).encode().decode("latin-1"))
    else:
        call.out(text(result, given, columns, call.environment.get("LC_ALL", "")))


def yaml(result: Any) -> str:
    """A document."""
    if isinstance(result, dict | list) and result:
        return "---\n" + "".join(f"{line}\n" for line in _lines(result))
    return f"--- {'[]' if result == [] else '{}' if result == {} else _scalar(result)}\n"


def _lines(value: Any) -> list[str]:
    lines = []
    if isinstance(value, dict):
        for key, one in sorted(value.items()):
            if isinstance(one, dict | list) and one:
                deeper = _lines(one)
                lines += [f"{key}:", *(f"  {line}" if isinstance(one, dict) else line for line in deeper)]
            else:
                lines.append(f"{key}: {_scalar(one)}")
    else:
        for one in value:
            inner = _lines(one) if isinstance(one, dict | list) and one else [_scalar(one)]
            lines += [f"- {inner[0]}", *(f"  {line}" for line in inner[1:])]
    return lines


def _scalar(value: Any) -> str:
    if value is None:
        return "~"
    if value in ([], {}):
        return "[]" if value == [] else "{}"
    word = str(value)
    if word == "" or re.search(
        r"^[\s&*!|>'\"%@`{\[#~-]|: |\s$|^(?:y|n|yes|no|true|false|null|on|off)$", word
    ):
        return "'" + word.replace("'", "''") + "'"
    return word


def text(result: Any, given: Values, columns: Columns, locale: str) -> str:
    """A table of an object or of a list of objects; scalars as they are."""
    human = given.get("human-readable", "1") == "1"
    if isinstance(result, dict):
        rows = [
            [key, _cell(result[key], columns.get(key, ""), human)]
            for key in sorted(result)
            if not columns or key in columns
        ]
        return _box([["key", "value"], *rows], [False, False], given, locale)
    if not isinstance(result, list):
        return f"{result}\n"
    if not result:
        return ""
    if not isinstance(result[0], dict):
        return "".join(f"{one}\n" for one in sorted(map(str, result)))
    names = list(columns) or sorted({key for row in result for key in row})
    names = [name for name in names if any(row.get(name) is not None for row in result)]
    rows = [[_cell(row.get(name), columns.get(name, ""), human) for name in names] for row in result]
    rows.sort(key=lambda row: row[0])
    right = [columns.get(name, "") in ("number", "bytes", "duration", "percent", "time") for name in names]
    return _box([names, *rows], right, given, locale)


def _cell(value: Any, kind: str, human: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, dict | list):
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    if human and kind == "bytes":
        amount, unit = float(value), 0
        while amount >= 1024 and unit < len(UNITS) - 1:
            amount, unit = amount / 1024, unit + 1
        return f"{amount:.2f} {UNITS[unit]}"
    if human and kind == "duration":
        return _duration(int(value))
    if human and kind == "percent":
        return f"{float(value) * 100:.2f}%"
    return str(value).rstrip("\n")


def _duration(seconds: int) -> str:
    parts = []
    for unit, length in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= length:
            parts.append(f"{seconds // length}{unit}")
            seconds %= length
    return " ".join([*parts, f"{seconds}s"] if seconds or not parts else parts)


def _box(rows: list[list[str]], right: list[bool], given: Values, locale: str) -> str:
    border = given.get("noborder") != "1"
    header = given.get("noheader") != "1"
    widths = [
        max(len(line) for row in rows for line in (row[at].split("\n") or [""])) for at in range(len(rows[0]))
    ]
    top, double, rule, bottom, bar = FINE if "UTF-8" in locale or not locale else PLAIN
    shown = rows if header else rows[1:]
    if not border:
        return "".join(_row(row, widths, right, " ", "", "") for row in shown)
    lines = [_rule(top, widths)]
    for number, row in enumerate(shown):
        if number:
            lines.append(_rule(double if header and number == 1 else rule, widths))
        lines.append(_row(row, widths, right, f" {bar} ", f"{bar} ", f" {bar}"))
    return "".join([*lines, _rule(bottom, widths)])


def _rule(marks: str, widths: list[int]) -> str:
    left, line, cross, end = list(marks)
    return left + cross.join(line * (width + 2) for width in widths) + end + "\n"


def _row(row: list[str], widths: list[int], right: list[bool], between: str, left: str, end: str) -> str:
    cells = [cell.split("\n") for cell in row]
    lines = []
    for number in range(max(map(len, cells))):
        parts = []
        for cell, width, flush in zip(cells, widths, right, strict=True):
            word = cell[number] if number < len(cell) else ""
            parts.append(word.rjust(width) if flush else word.ljust(width))
        line = left + between.join(parts) + end
        lines.append(line if end else line.rstrip() if not right[-1] else line)
    return "".join(f"{line}\n" for line in lines)
