# SPDX-License-Identifier: Apache-2.0
"""jail.conf, as far as drivers write it: blocks, values, lists, variables, comments, the wildcard."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from step_defs.stand_ins.jail.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

Word = tuple[str, str, list[tuple[str, bool]]]  # name, operator, (text, may hold variables)
TOKEN = re.compile(
    r"""(?P<skip>\s+|\#[^\n]*|//[^\n]*|/\*.*?\*/)|(?P<mark>\+=|[{};,=])|"(?P<double>(?:[^"\\]|\\.)*)\""""
    r"""|'(?P<single>(?:[^'\\]|\\.)*)'|(?P<bare>(?:[^\s{};,="'\#+]|\+(?!=))+)""",
    re.DOTALL,
)
VARIABLE = re.compile(r"\\(.)|\$(?:\{([^}]*)\}|([A-Za-z_][\w]*))", re.DOTALL)


@dataclass
class Block:
    """One jail's part of a file."""

    name: str
    words: list[Word] = field(default_factory=list)

    def parameters(self) -> list[tuple[str, str, str | None]]:
        """Its words with the variables put in. Raise `Refused` for one that is not known."""
        values = {"name": self.name}
        for name, _, texts in self.words:
            if texts:
                values[name.lstrip("$")] = texts[-1][0]
        found: list[tuple[str, str, str | None]] = []
        for name, operator, texts in self.words:
            if name.startswith("$"):
                continue
            for number, (text, variable) in enumerate(texts):
                whole = self._filled(name, text, values) if variable else text
                found.append((name, "+=" if number else operator, whole))
            if not texts:
                found.append((name, "=", None))
        return found

    def _filled(self, parameter: str, text: str, values: dict[str, str]) -> str:
        def value(found: re.Match[str]) -> str:
            if found[1]:
                return found[1]
            name = found[2] or found[3]
            if name not in values:
                raise Refused(f'{self.name}: {parameter}: variable "{name}" not found')
            return values[name]

        return VARIABLE.sub(value, text)


def parse(text: str, file: str) -> list[Block]:
    """The jails of a file, each with what is global to it. Raise `Refused`."""
    tokens = list(_tokens(text, file))
    common: list[Word] = []
    blocks: list[Block] = []
    inside: Block | None = None
    place = 0
    while place < len(tokens):
        start = place
        while place < len(tokens) and tokens[place] not in ((";", False), ("{", False), ("}", False)):
            place += 1
        words = tokens[start:place]
        ending = tokens[place][0] if place < len(tokens) else ""
        place += 1
        if ending == "{":
            inside = Block(words[0][0])
        elif words and ending == "":
            raise Refused(f"{file}: unexpected EOF")
        elif words:
            (common if inside is None else inside.words).append(_word(words))
        if ending == "}" and inside is not None:
            blocks.append(inside)
            inside = None
    if inside is not None:
        raise Refused(f"{file}: unexpected EOF")
    wild = [word for block in blocks if block.name == "*" for word in block.words]
    return [Block(one.name, [*common, *wild, *one.words]) for one in blocks if one.name != "*"]


def _tokens(text: str, file: str) -> Iterator[tuple[str, bool | None]]:
    """(text, None for bare, True for double quotes; False marks punctuation)."""
    place = 0
    while place < len(text):
        found = TOKEN.match(text, place)
        if found is None:
            raise Refused(f"{file}: unexpected EOF")
        place = found.end()
        if found["mark"]:
            yield found["mark"], False
        elif found["bare"] is not None:
            yield found["bare"], None
        elif found["double"] is not None:
            yield found["double"], True
        elif found["single"] is not None:
            yield f"\0{found['single']}", None


def _word(words: list[tuple[str, bool | None]]) -> Word:
    name = words[0][0]
    if len(words) == 1:
        return name, "=", []
    texts = [
        (text.lstrip("\0"), not text.startswith("\0"))
        for text, kind in words[2:]
        if (text, kind) != (",", False)
    ]
    return name, words[1][0], texts
