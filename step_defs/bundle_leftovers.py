# SPDX-License-Identifier: Apache-2.0
"""Steps about what creations of bundles leave: half bundles, the cache, mounts; and about full disks."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from pytest_bdd import given, then

from step_defs.files import place
from step_defs.phrases import phrase
from step_defs.world import mounts_below

if TYPE_CHECKING:
    from pathlib import Path

    from step_defs.world import World


def cached(cache: Path) -> set[str]:
    """Everything in a cache that is more than an empty directory or an empty (lock) file."""
    found = set()
    for directory, below, names in os.walk(cache):
        for name in [*below, *names]:
            path = os.path.join(directory, name)
            facts = os.lstat(path)
            if name in names and (facts.st_size or not os.path.isfile(path) or os.path.islink(path)):
                found.add(os.path.relpath(path, cache))
    return found


def beside(world: World, name: str) -> list[str]:
    """Half bundles beside a bundle."""
    target = world.dir / name
    if not target.parent.is_dir():
        return []
    return [entry for entry in os.listdir(target.parent) if entry.startswith(f".{target.name}.")]


def leftovers(world: World, name: str) -> list[str]:
    """All that a failed creation could leave."""
    target = world.dir / name
    found = [f"{target}: {sorted(os.listdir(target))}"] if target.is_dir() and os.listdir(target) else []
    found += [f"beside it: {entry}" for entry in beside(world, name)]
    found += [f"in the cache: {entry}" for entry in sorted(cached(world.dir / "cache"))[:9]]
    places = (str(target), str(target.parent / f".{target.name}."))
    return found + [f"mounted: {entry}" for entry in mounts_below(world.dir) if entry.startswith(places)]


@then(phrase('nothing of bundle "{name}" is left'))
def _(world: World, name: str) -> None:
    """No directory, no half bundle beside it, nothing in the cache, no mount."""
    if found := leftovers(world, name):
        world.last.refuse("nothing to be left, but there is\n  " + "\n  ".join(found))


@then(phrase("the cache is empty"))
def _(world: World) -> None:
    """Empty directories and lock files do not count."""
    if found := sorted(cached(world.dir / "cache")):
        world.last.refuse(f"an empty cache, but it holds {len(found)} files: {found[:9]}")


@then(phrase("the cache holds less than {n:int} files"))
def _(world: World, n: int) -> None:
    if (found := len(cached(world.dir / "cache"))) >= n:
        world.last.refuse(f"less than {n} files in the cache; there are {found}")


@then(phrase("the cache is not empty"))
def _(world: World) -> None:
    if not cached(world.dir / "cache"):
        world.last.refuse("something in the cache")


@given(phrase("the cache has room for {n:int} KiB"))
def _(world: World, n: int) -> None:
    small(world, "cache", n)


@given(phrase('"{path}" has room for {n:int} KiB'))
def _(world: World, path: str, n: int) -> None:
    """A file system of its own is mounted there."""
    small(world, path, n)


def small(world: World, path: str, kib: int) -> None:
    """Mount a small file system until the scenario ends."""
    target = place(world, path)
    target.mkdir(parents=True, mode=0o700, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kib}k,mode=700", "small", target], check=True)
    world.closers.append(lambda: subprocess.run(["umount", "-l", target], check=True))
