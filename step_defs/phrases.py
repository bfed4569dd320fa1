# SPDX-License-Identifier: Apache-2.0
"""The language of steps: literal text with ``{name:type}`` holes that cannot swallow each other.

pytest-bdd's own ``parse`` lets ``{id}`` run across quotes, so one step can match the text of another.
Here a hole matches only what its type allows, and a phrase always matches the whole step.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from pytest_bdd.parsers import StepParser

if TYPE_CHECKING:
    from collections.abc import Callable

# type: (what it matches, how it is converted, an example of it)
HOLES: dict[str, tuple[str, Callable[[str], Any], str]] = {
    "quoted": (r'[^"]*', str, "x"),  # the default: anything but a quote
    "text": (r".*", str, "x"),  # may itself hold quotes; at most one per phrase
    "int": (r"-?\d+", int, "1"),
    "word": (r"[\w.+-]+", str, "x"),
    "json": (r".+", json.loads, "1"),
    "path": (r"\$\S*", str, "$.x"),  # a place in a JSON document
    "status": (r"created|running|stopped|paused", str, "running"),
    "action": (r"deleted|paused|resumed", str, "deleted"),
    "limit": (r"memory|process|CPU quota|CPU period", str, "memory"),
    "capset": (r"bounding|effective|permitted|inheritable|ambient", str, "bounding"),
    "filekind": (r"file|directory|device|symbolic link", str, "file"),
    "blob": (r"layer \d+|config|manifest", str, "config"),
    "seconds": (r"\d+(?:\.\d+)?", float, "1"),
}
HOLE = re.compile(r"\{(?P<name>\w+)(?::(?P<type>\w+))?\}")


class Phrase(StepParser):
    """One step's text, for example ``container "{id}" is started``."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        pattern, end = "", 0
        self.converters: dict[str, Callable[[str], Any]] = {}
        for hole in HOLE.finditer(name):
            matches, convert, _ = HOLES[hole["type"] or "quoted"]
            self.converters[hole["name"]] = convert
            pattern += re.escape(name[end : hole.start()]) + f"(?P<{hole['name']}>{matches})"
            end = hole.end()
        self.pattern = re.compile(pattern + re.escape(name[end:]))

    def parse_arguments(self, name: str) -> dict[str, Any] | None:
        """Return the values of the holes, converted, or None when the text is another step's."""
        found = self.pattern.fullmatch(name)
        if found is None:
            return None
        return {hole: self.converters[hole](text) for hole, text in found.groupdict().items()}

    def is_matching(self, name: str) -> bool:
        """Tell whether the text is this phrase."""
        return self.pattern.fullmatch(name) is not None

    @property
    def example(self) -> str:
        """A shortest text that this phrase matches; used to find phrases that shadow each other."""
        return HOLE.sub(lambda hole: HOLES[hole["type"] or "quoted"][2], self.name)


def phrase(text: str) -> Phrase:
    """Make the parser of one step's text."""
    return Phrase(text)
