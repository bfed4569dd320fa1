# SPDX-License-Identifier: Apache-2.0
"""Making a bundle of an image of 300 MB, against umoci: processor, wall, and that the trees are the same.

Both verify what they unpack and write a manifest with the SHA-256 of every file.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from benchmarks import layered_image, trees
from benchmarks.timing import Rivals, Spread, until_clear, work_time
from benchmarks.unpacking import Unpacker, unpacker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytest_benchmark.fixture import BenchmarkFixture

    from benchmarks.budgets import Budget
    from benchmarks.contenders import Contender
    from step_defs.bundle_store import BundleStore

    Judge = Callable[[str, Spread, str, Budget | None], None]

ROUNDS = {"memory": 3, "disk": 1}
MORE = 9  # rounds, while the verdict is not clear
ROOM = 1_200 * layered_image.MB  # two trees and the cache
SECONDS = 12  # bundles of an image whose layers are cached


@pytest.fixture(params=["memory", "disk"])
def where(request: pytest.FixtureRequest, launcher: str, images: Path) -> Iterator[tuple[str, Unpacker]]:
    """A file system to unpack to."""
    kind = request.param
    if kind == "memory":
        roots: Path = request.getfixturevalue("roots")
        room = os.statvfs(roots)
        if room.f_bavail * room.f_frsize < ROOM:
            (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{roots} has no room for {ROOM} bytes")
        place = roots / "unpack"
    else:
        place = images / "unpack"
    with unpacker(launcher, images, place) as made:
        yield kind, made


@pytest.fixture
def on_disk(launcher: str, images: Path) -> Iterator[Unpacker]:
    """The disk, where attributes of every kind can be set."""
    with unpacker(launcher, images, images / "trees") as made:
        yield made


def test_the_tree_is_umocis(on_disk: Unpacker) -> None:
    on_disk.umoci()
    expected = on_disk.bundle("umoci") / "rootfs"
    for how in ("gzip", "zstd"):
        on_disk.copy(how)
        assert not trees.differences(on_disk.bundle(f"copy-{how}") / "rootfs", expected), f"copied from {how}"
        on_disk.delete(f"copy-{how}")
    on_disk.overlay()
    assert not trees.differences(on_disk.bundle("overlay") / "rootfs", expected), "as an overlay"


@pytest.mark.benchmark(group="unpack", timer=work_time)
def test_unpack(
    benchmark: BenchmarkFixture, judge: Judge, budgets: dict[str, Budget], where: tuple[str, Unpacker]
) -> None:
    kind, unpack = where
    rivals = Rivals(
        {
            "umoci": unpack.umoci,
            "copy": unpack.copy,
            "overlay": unpack.overlay,
            "zstd": lambda: unpack.copy("zstd"),
        }
    )
    unpack.copy()  # page cache and byte code
    benchmark.pedantic(  # type: ignore[no-untyped-call]
        lambda: rivals.take("copy"),
        setup=lambda: rivals.take("umoci", "overlay", "zstd"),
        rounds=ROUNDS[kind],
    )
    limits = [budgets[name] if kind == "memory" else None for name in ("unpack_wall", "unpack_cpu")]

    def ratios() -> list[Spread]:
        pairs = [(took("copy"), took("umoci")) for took in (rivals.spread, rivals.cpu)]
        return [ours.over(theirs) for ours, theirs in pairs]

    def verdicts() -> list[tuple[Spread, float]]:
        return [(found, limit.limit) for found, limit in zip(ratios(), limits, strict=True) if limit]

    until_clear(verdicts, lambda: rivals.take("umoci", "copy"), MORE)
    place = "in memory" if kind == "memory" else "on disk"
    names = {
        "umoci": "umoci unpack",
        "copy": "bundle create, copy",
        "overlay": "bundle create, overlay, no cache",
    }
    names["zstd"] = "bundle create, copy, zstd"
    for name, what in names.items():
        judge(f"{what}, {place}: processor", rivals.cpu(name), "s", None)
        judge(f"{what}, {place}: wall", rivals.spread(name), "s", None)
    wall, cpu = ratios()
    benchmark.extra_info.update(cpu=cpu.median, wall=wall.median)
    judge(f"unpack {place}, wall: nexcage / umoci", wall, "ratio", limits[0])
    judge(f"unpack {place}, processor: nexcage / umoci", cpu, "ratio", limits[1])


@pytest.mark.benchmark(group="second bundle", timer=work_time)
def test_second_bundle(
    benchmark: BenchmarkFixture,
    judge: Judge,
    budgets: dict[str, Budget],
    on_disk: Unpacker,
    contenders: dict[str, Contender],
    bundles: BundleStore,
) -> None:
    source = f"oci:{on_disk.images / 'gzip'}"
    true = bundles.render("second-bundle", "base", args=["/bin/true"])
    on_disk.overlay()
    rivals = Rivals(
        {
            "runc": lambda: contenders["runc"].run(true),
            "second": lambda: on_disk.create("second", source, "overlay"),
        }
    )
    rivals.warm_up()
    benchmark.pedantic(  # type: ignore[no-untyped-call]
        lambda: rivals.take("second"), setup=lambda: rivals.take("runc"), rounds=SECONDS
    )
    took = Spread(tuple(value * 1000 for value in rivals.spread("second").values))
    judge("bundle create, overlay, layers cached: wall", took, "ms", None)
    ratio = rivals.spread("second").over(rivals.spread("runc"))
    judge("second bundle / runc run /bin/true", ratio, "ratio", budgets["second_bundle"])


def test_second_bundle_copies_nothing(on_disk: Unpacker) -> None:
    on_disk.overlay()
    on_disk.create("warm", f"oci:{on_disk.images / 'gzip'}", "overlay")
    on_disk.delete("warm")
    before = trees.Extent(on_disk.place)
    on_disk.create("second", f"oci:{on_disk.images / 'gzip'}", "overlay")
    after = trees.Extent(on_disk.place)
    added = {path.removeprefix(f"{on_disk.place}/"): size for path, size in after.added(before).items()}
    lease = next(path for path in added if path.startswith("cache/leases/"))
    files = {f"second/.nexcage/{name}" for name in ("bundle.json", "manifest.mtree", "lease")}
    directories = {f"second{name}" for name in ("", "/.nexcage", "/.nexcage/upper", "/.nexcage/work")}
    directories.add("second/.nexcage" + "/work" * 2)
    assert added.keys() == files | directories | {lease, "second/config.json", "second/hosts"}
    manifest = added["second/.nexcage/manifest.mtree"]
    assert sum(added.values()) - manifest < 64_000, added
    assert (after.blocks - before.blocks) * 512 < manifest + 128_000, "blocks for more than the manifest"
