# SPDX-License-Identifier: Apache-2.0
"""JSON as libxo writes it."""

from __future__ import annotations

import json
from typing import Any


def style(argv: list[str]) -> tuple[str, list[str]]:
    """(text, json, json,pretty or xml; the words without --libxo)."""
    rest, found = [], "text"
    words = iter(argv)
    for word in words:
        if word == "--libxo":
            found = next(words, "")
        elif word.startswith("--libxo"):
            found = word[7:].lstrip("=")
        else:
            rest.append(word)
    return found, rest


def render(value: Any, how: str) -> str:
    """A document."""
    if "pretty" in how:
        return json.dumps(value, indent=2, ensure_ascii=False).replace('"2",\n', '"2", \n') + "\n"
    return _compact(value) + "\n"


def _compact(value: Any) -> str:
    if isinstance(value, dict) and not any(isinstance(one, (dict, list)) for one in value.values()):
        return "{" + ",".join(f"{json.dumps(key)}:{_leaf(one)}" for key, one in value.items()) + "}"
    if isinstance(value, dict):
        text = ""
        for key, one in value.items():
            nested = isinstance(one, (dict, list)) or key == "__version"
            comma = (", " if nested else ",") if text else ""
            text += f"{comma}{json.dumps(key)}:{' ' if nested else ''}{_compact(one)}"
        return "{" + text + "}"
    if isinstance(value, list):
        joint = ", " if value and isinstance(value[0], dict) else ","
        return "[" + joint.join(_compact(one) for one in value) + "]"
    return _leaf(value)


def _leaf(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
