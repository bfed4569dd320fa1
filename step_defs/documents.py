# SPDX-License-Identifier: Apache-2.0
"""Places in JSON documents, written as ``$.process.env[0]`` or ``$.annotations["org.example"]``."""

from __future__ import annotations

import re
from typing import Any

PART = re.compile(r"""\.(?P<name>[\w-]+)|\["(?P<quoted>[^"]*)"\]|\[(?P<index>-?\d+)\]""")


def parts(path: str) -> list[str | int]:
    """Split a path into keys and indices."""
    if not path.startswith("$"):
        raise ValueError(f"{path}: a path begins with $")
    found: list[str | int] = []
    end = 1
    while end < len(path):
        part = PART.match(path, end)
        if part is None:
            raise ValueError(f"{path}: cannot read {path[end:]!r}")
        found.append(int(part["index"]) if part["index"] is not None else part["name"] or part["quoted"])
        end = part.end()
    return found


def get(document: Any, path: str) -> Any:
    """Return the value at a path; LookupError names the part that is absent."""
    for part in parts(path):
        try:
            document = document[part]
        except (KeyError, IndexError, TypeError) as error:
            raise LookupError(f"{path}: no {part!r} in {document!r}") from error
    return document


def put(document: Any, path: str, value: Any) -> None:
    """Set the value at a path; objects on the way are made."""
    *way, last = parts(path)
    for part in way:
        document = document.setdefault(part, {}) if isinstance(document, dict) else document[part]
    document[last] = value


def remove(document: Any, path: str) -> None:
    """Remove what is at a path; it has to be there."""
    *way, last = parts(path)
    for part in way:
        document = document[part]
    del document[last]


def append(document: Any, path: str, value: Any) -> None:
    """Append to the list at a path; an absent list is made."""
    try:
        place = get(document, path)
    except LookupError:
        put(document, path, place := [])
    place.append(value)
