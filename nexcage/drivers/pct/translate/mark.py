"""The owner's mark in a container: the tag ``nexcage``, and the last line of its description.

It outlives nexcage's own records, so that they can be made again from the node.
"""

TAG = "nexcage"
_FIRST = "nexcage id="


def mark(text: str, id: str, **fields: str) -> str:
    """The description: the user's ``text``, then the line ``nexcage id=ID KEY=VALUE...``.

    Values are percent-encoded, so blanks, line ends and "=" in them part nothing.
    """
    from urllib.parse import quote

    line = _FIRST + quote(id, safe="")
    for key, value in fields.items():
        line += f" {key}={quote(value, safe='/:,@+')}"
    return f"{text}\n{line}" if text else line


def unmark(description: str) -> dict[str, str]:
    """The fields of the mark in a description (`node.description` decodes it); {} when it has none.

    Only the last line counts: a user's text may hold a line that looks like a mark.
    """
    from urllib.parse import unquote

    # not splitlines: it also ends lines at characters that may stand in a text
    line = description.rstrip("\n").rpartition("\n")[2]
    if not line.startswith(_FIRST):
        return {}
    found = {}
    for word in line.removeprefix("nexcage ").split(" "):
        key, equals, value = word.partition("=")
        if equals:
            found[key] = unquote(value)
    return found


def text(description: str) -> str:
    """A description without the mark."""
    if not unmark(description):
        return description
    return description.rstrip("\n").rpartition("\n")[0]
