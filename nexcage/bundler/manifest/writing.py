"""A manifest written line by line, for trees that are too large to be held in memory."""

from nexcage.bundler.manifest.entry import Header, foot, head

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def write(lines: "Iterable[bytes]", header: Header, path: str) -> int:
    """Write ``lines``, sorted already, to the new manifest ``path``; returns how many there were."""
    count = 0
    with open(path, "xb") as file:
        file.write(head(header))
        for count, text in enumerate(lines, 1):  # noqa: B007  # counted by the way
            file.write(text)
        file.write(foot(count))
    return count
