"""``oci-archive:FILE[:TAG]``: an image layout in a tar, compressed or not; layers are read where they lie."""

import os

from nexcage.bundler.image import Image, archive, layout, platform
from nexcage.bundler.image.tarindex import TarIndex
from nexcage.bundler.sources import SourceWishes, paths


def open(rest: str, work: str, wishes: SourceWishes) -> Image:
    """The image of an archived layout that has this tag."""
    path, tag = paths.split(rest)
    wanted = platform.parse(wishes.platform)
    files = TarIndex(archive.plain(os.path.abspath(paths.file(path)), work, wishes))
    image = layout.image(layout.Archive(files), path, tag, wanted)
    image.name = f"oci-archive:{rest}"
    return image
