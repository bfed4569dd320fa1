"""``scratch``: nothing at all, to be filled by mounts or by hand."""

from nexcage.bundler.image import Tree
from nexcage.bundler.sources import SourceWishes


def open(_rest: str, _work: str, _wishes: SourceWishes) -> Tree:
    """The empty tree."""
    return Tree("scratch", [], lambda _directory: None)
