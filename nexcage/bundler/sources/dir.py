"""``dir:PATH``: a directory, copied as it is."""

import os

from nexcage.bundler.copy import copy_tree, refuse_inside
from nexcage.bundler.image import Tree
from nexcage.bundler.sources import SourceWishes, paths


def open(rest: str, _work: str, wishes: SourceWishes) -> Tree:
    """The tree of ``rest``, which cannot be copied into itself."""
    source = os.path.abspath(paths.directory(rest))

    def fill(directory: str) -> None:
        refuse_inside(source, directory)
        wishes.progress.say(f"copying {source}")
        copy_tree(source, directory)

    return Tree(f"dir:{source}", [], fill)
