# SPDX-License-Identifier: Apache-2.0
"""The peak memory of the bundle verbs, whatever the image: large, of many files, one giant, all headers.

Each image is made when its turn comes and removed after it. Not measured: what skopeo or a docker daemon
need for images that are not on this machine.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from benchmarks import layered_image
from benchmarks.memory import peak_mb
from benchmarks.timing import Spread
from benchmarks.unpacking import Unpacker, unpacker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.budgets import Budget
    from step_defs.image_making.entries import Entry

    Judge = Callable[[str, Spread, str, Budget | None], None]

ODD: dict[str, Callable[[], Iterator[Entry | bytes]]] = {
    "100,000 files": layered_image.many_files,
    "one sparse file of 2 GB": layered_image.sparse_file,
    "100 MB of extended headers": layered_image.heavy_headers,
}


class Peaks:
    """Measures commands, and keeps the largest for the budget."""

    def __init__(self, unpack: Unpacker, judge: Judge) -> None:
        self.unpack = unpack
        self.judge = judge
        self.found: dict[str, float] = {}

    def of(self, what: str, *arguments: str) -> None:
        """Measure a bundle verb."""
        argv = [self.unpack.launcher, "bundle", *arguments]
        self.found[what] = peak_mb(argv, self.unpack.place / "answer")
        self.judge(f"peak memory of bundle {what}", Spread((self.found[what],)), "MB", None)

    def create(self, what: str, source: str, mode: str = "copy") -> None:
        """Measure the making of a bundle; it stays until `end`."""
        verb, *options = self.unpack.argv("bundle", source, mode)[2:]
        self.of(f"create, {what}, {mode}", verb, *options, "--", "/bench")  # a tar names no program

    def look(self, what: str) -> None:
        """Measure the verbs that read the bundle, and remove it."""
        bundle = str(self.unpack.bundle("bundle"))
        for verb in ("verify", "validate", "inspect", "delete"):
            self.of(f"{verb}, {what}", verb, bundle)

    def end(self) -> None:
        """Remove the bundle, and what is cached for it."""
        self.unpack.delete("bundle")
        shutil.rmtree(self.unpack.cache, ignore_errors=True)


@pytest.fixture
def peaks(launcher: str, work: Path, roots: Path, judge: Judge) -> Iterator[Peaks]:
    # files in memory are nobody's resident memory, and 100,000 of them take a disk a minute
    with unpacker(launcher, work / "large", roots / "peaks") as made:
        yield Peaks(made, judge)


def test_memory_of_the_large_image(
    peaks: Peaks, images: Path, judge: Judge, budgets: dict[str, Budget]
) -> None:
    layers = sorted(images.glob("layer*.tar"))
    archive = images / "docker.tar"
    layered_image.docker_archive(archive, layers)
    peaks.create("300 MB", f"oci:{images / 'gzip'}")
    peaks.look("300 MB copied")
    peaks.create("300 MB", f"oci:{images / 'gzip'}", "overlay")
    peaks.look("300 MB as an overlay")
    peaks.of("prune", "prune", "--cache", str(peaks.unpack.cache))
    sources = {
        "300 MB by zstd": f"oci:{images / 'zstd'}",
        "a docker archive of 300 MB": f"docker-archive:{archive}",
        "a tar of 160 MB": f"tar:{layers[0]}",
        "programs of the host": "host:sh,ls,tar",
    }
    for what, source in sources.items():
        peaks.create(what, source)
        peaks.end()
    peaks.unpack.create("tree", f"oci:{images / 'gzip'}", "copy")
    peaks.create("a directory of 300 MB", f"dir:{peaks.unpack.bundle('tree') / 'rootfs'}")
    peaks.end()
    archive.unlink()
    judge_most(peaks, judge, budgets)


@pytest.mark.parametrize("name", ODD)
def test_memory_of_an_odd_image(
    peaks: Peaks, work: Path, judge: Judge, budgets: dict[str, Budget], name: str
) -> None:
    layout = layered_image.odd_one(work, "odd-image", ODD[name]())
    try:
        for mode in ("overlay", "copy"):
            peaks.create(name, f"oci:{layout}", mode)
            if mode == "overlay":
                peaks.end()
        peaks.look(name)
    finally:
        shutil.rmtree(layout)
    judge_most(peaks, judge, budgets)


def judge_most(peaks: Peaks, judge: Judge, budgets: dict[str, Budget]) -> None:
    """Hold the largest to the budget."""
    most = max(peaks.found, key=lambda what: peaks.found[what])
    judge(f"largest peak: bundle {most}", Spread((peaks.found[most],)), "MB", budgets["cold_memory"])
