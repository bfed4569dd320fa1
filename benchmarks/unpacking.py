# SPDX-License-Identifier: Apache-2.0
"""The commands that make a bundle of an image: umoci's and nexcage's, on one file system."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from benchmarks.timing import call, untimed

if TYPE_CHECKING:
    import resource
    from collections.abc import Iterator
    from pathlib import Path


def need(program: str) -> str:
    """The path of a program; without it the test is skipped, and in CI fails."""
    found = shutil.which(program)
    if not found:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{program} is not installed")
    return found


class Unpacker:
    """Makes bundles of the layouts below ``images`` in ``place``.

    What an earlier call made is removed off the clock.
    """

    def __init__(self, launcher: str, images: Path, place: Path) -> None:
        self.launcher = launcher
        self.images = images
        self.place = place
        self.cache = place / "cache"
        place.mkdir(exist_ok=True)

    def bundle(self, name: str) -> Path:
        """Where a bundle is made."""
        return self.place / name

    def umoci(self) -> resource.struct_rusage:
        """Have umoci unpack the image; it verifies digests and writes a manifest with SHA-256, too."""
        target = self.bundle("umoci")
        with untimed():
            shutil.rmtree(target, ignore_errors=True)
        return call([need("umoci"), "unpack", "--image", f"{self.images / 'gzip'}:latest", str(target)])

    def copy(self, how: str = "gzip") -> resource.struct_rusage:
        """Have nexcage unpack it."""
        return self.create(f"copy-{how}", f"oci:{self.images / how}", "copy")

    def overlay(self) -> resource.struct_rusage:
        """Have nexcage unpack the layers into an empty cache, and mount them."""
        with untimed():
            self.delete("overlay")
            shutil.rmtree(self.cache, ignore_errors=True)
        return self.create("overlay", f"oci:{self.images / 'gzip'}", "overlay")

    def create(self, name: str, source: str, mode: str) -> resource.struct_rusage:
        """Make the bundle ``name``."""
        with untimed():
            self.delete(name)
        return call(self.argv(name, source, mode))

    def argv(self, name: str, source: str, mode: str) -> list[str]:
        """The command that makes the bundle ``name``."""
        options = ["--cache", str(self.cache), "--rootfs", mode, "--from", source]
        return [self.launcher, "bundle", "create", *options, str(self.bundle(name))]

    def delete(self, name: str) -> None:
        """Remove a bundle if it is there."""
        if self.bundle(name).exists():
            call([self.launcher, "bundle", "delete", str(self.bundle(name))])

    def clear(self) -> None:
        """Remove all bundles and the cache."""
        for bundle in sorted(self.place.iterdir()):
            if (bundle / ".nexcage").is_dir():
                self.delete(bundle.name)
        shutil.rmtree(self.place)


@contextmanager
def unpacker(launcher: str, images: Path, place: Path) -> Iterator[Unpacker]:
    """An unpacker whose bundles are gone afterwards."""
    made = Unpacker(launcher, images, place)
    try:
        yield made
    finally:
        made.clear()
