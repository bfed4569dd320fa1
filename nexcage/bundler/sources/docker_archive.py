"""``docker-archive:FILE[:TAG]``: what ``docker save`` wrote, compressed or not."""

import os

from nexcage.bundler.image import Image, archive, docker_save, layout, platform
from nexcage.bundler.image.tarindex import TarIndex
from nexcage.bundler.sources import SourceWishes, paths


def open(rest: str, work: str, wishes: SourceWishes) -> Image:
    """The image of a saved archive that has this tag."""
    path, tag = paths.split(rest)
    wanted = platform.parse(wishes.platform)
    files = TarIndex(archive.plain(os.path.abspath(paths.file(path)), work, wishes))
    image = saved(files, path, tag, wanted)
    image.name = f"docker-archive:{rest}"
    return image


def saved(files: TarIndex, name: str, tag: str, wanted: platform.Platform) -> Image:
    """The image in a saved archive, which holds manifest.json, an image layout, or both."""
    if "manifest.json" not in files and "index.json" in files:
        return layout.image(layout.Archive(files), name, tag, wanted)
    return docker_save.image(files, name, tag, wanted)
