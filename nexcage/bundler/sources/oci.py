"""``oci:DIR[:TAG]``: an image layout on disk."""

import os

from nexcage.bundler.image import Image, layout, platform
from nexcage.bundler.sources import SourceWishes, paths


def open(rest: str, _work: str, wishes: SourceWishes) -> Image:
    """The image of a layout that has this tag."""
    path, tag = paths.split(rest)
    found = layout.Directory(os.path.abspath(paths.directory(path)))
    image = layout.image(found, path, tag, platform.parse(wishes.platform))
    image.name = f"oci:{rest}"
    return image
