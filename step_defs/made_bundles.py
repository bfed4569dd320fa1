# SPDX-License-Identifier: Apache-2.0
"""Steps of ``nexcage bundle create``, ``delete`` and ``prune``, and what they make and leave.

Every scenario has a cache of its own, {dir}/cache. Bundles that are left are deleted when it ends.
"""

from __future__ import annotations

import json
import shlex
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from pytest_bdd import given, then, when

from step_defs import documents, logfiles, trees
from step_defs.bundle_store import Bundle
from step_defs.image_making import entries
from step_defs.phrases import phrase
from step_defs.world import mounts_below

if TYPE_CHECKING:
    from pathlib import Path

    from step_defs.runtime import Running
    from step_defs.world import World


def begin(
    world: World, name: str, source: str, options: str = "", *before: str, logged: bool = True
) -> Running:
    """Start to create {dir}/NAME; the cache is the scenario's own unless the environment says else.

    Errors are also logged, for their codes. A log takes warnings away from stderr.
    """
    world.env.setdefault("NEXCAGE_CACHE", str(world.dir / "cache"))
    directory = world.dir / name
    if name not in world.bundles.all:
        world.bundles.all[name] = Bundle(name, directory)
        world.closers.insert(0, lambda: remove(world, directory))
    world.bundles.select(name)
    words = ["--from", world.expand(source)] if source else []
    chosen, _, command = f" {options}".partition(" -- ")
    words += [*shlex.split(world.expand(chosen)), str(directory)]
    words += ["--", *shlex.split(world.expand(command))] if command else []
    log: list[str] = []
    if logged:
        world.places["{log}"] = world.dir / f"{name.replace('/', '-')}.log"
        log = ["--log", str(world.places["{log}"]), "--log-format", "json"]
    argv = [*before, *world.runtime.argv((*log, "bundle", "create", *words))]
    return world.begin_exactly(argv, f"bundle-{name}")


def remove(world: World, directory: Path) -> None:
    """Delete a bundle that is left at the end, and with it its mounts."""
    if (directory / ".nexcage").exists():
        world.ask("bundle", "delete", str(directory))


def create(world: World, name: str, source: str, options: str = "") -> None:
    """Create a bundle and wait for the end."""
    world.finish(begin(world, name, source, options))


@given(phrase('the bundle "{name}" of "{source}"'))
def _(world: World, name: str, source: str) -> None:
    """Created without options; it has to succeed."""
    create(world, name, source)
    if world.last.code != 0:
        world.last.refuse("this step of the preparation to succeed")


@given(phrase('the bundle "{name}" of "{source}" with "{options:text}"'))
def _(world: World, name: str, source: str, options: str) -> None:
    create(world, name, source, options)
    if world.last.code != 0:
        world.last.refuse("this step of the preparation to succeed")


@when(phrase('bundle "{name}" is created from "{source}"'))
def _(world: World, name: str, source: str) -> None:
    """In {dir}/NAME, with the cache {dir}/cache."""
    create(world, name, source)


@when(phrase('bundle "{name}" is created from "{source}" with "{options:text}"'))
def _(world: World, name: str, source: str, options: str) -> None:
    """Options of bundle create; words after " -- " become the command."""
    create(world, name, source, options)


@when(phrase('bundle "{name}" is created from nothing that is named'))
def _(world: World, name: str) -> None:
    """Without --from."""
    create(world, name, "")


@when(phrase('bundle "{name}" is deleted'))
def _(world: World, name: str) -> None:
    world.call("bundle", "delete", str(world.dir / name))


@when(phrase("the cache is pruned"))
def _(world: World) -> None:
    world.call("bundle", "prune")


@when(phrase('bundle "{bundle}" is run as container "{id}"'))
def _(world: World, bundle: str, id: str) -> None:
    """In the foreground, and in the scenario's cgroup."""
    own_cgroup(world, bundle)
    world.finish(world.make("run", id))


@when(phrase('bundle "{bundle}" is created as container "{id}"'))
def _(world: World, bundle: str, id: str) -> None:
    own_cgroup(world, bundle)
    world.finish(world.make("create", id))


def own_cgroup(world: World, name: str) -> None:
    """Put a bundle's container where the scenario is swept."""
    bundle = world.bundles.select(name)
    if not bundle.config.exists():
        world.last.refuse(f"bundle {name} to have a config.json")
    document = bundle.read()
    document.setdefault("linux", {})["cgroupsPath"] = f"{world.cgroup}/{name}"
    bundle.write(document)


@then(phrase('the error has the code "{code:word}"'))
def _(world: World, code: str) -> None:
    """In the JSON log of the creation: what programs go by."""
    errors = logfiles.of_level(world, str(world.places["{log}"]), "error")
    if not errors or errors[-1].get("code") != code:
        world.last.refuse(f"an error with the code {code}, not {errors[-1:]}")


# -- what was made -------------------------------------------------------------------------------


@then(phrase('the config.json of bundle "{name}" has {path:path} {value:json}'))
def _(world: World, name: str, path: str, value: Any) -> None:
    document = world.bundles.select(name).read()
    try:
        seen = documents.get(document, path)
    except LookupError as error:
        pytest.fail(str(error), pytrace=False)
    expected = json.loads(world.expand(json.dumps(value)))
    assert seen == expected, f"{path} is {seen!r}, not {expected!r}"


@then(phrase('the config.json of bundle "{name}" has no {path:path}'))
def _(world: World, name: str, path: str) -> None:
    document = world.bundles.select(name).read()
    try:
        seen = documents.get(document, path)
    except LookupError:
        return
    pytest.fail(f"{path} is {seen!r}", pytrace=False)


@then(phrase('the root of bundle "{name}" holds'))
def _(world: World, name: str, docstring: str) -> None:
    """Entries as in layers; only what a line says is compared. "absent PATH" is not there."""
    root = world.dir / name / "rootfs"
    wrong = [line for wanted in entries.parse(world.expand(docstring)) for line in trees.unlike(root, wanted)]
    if wrong:
        world.last.refuse("the root to be as the lines say:\n  " + "\n  ".join(wrong))


@then(phrase('the roots of bundles "{one}" and "{other}" are the same'))
def _(world: World, one: str, other: str) -> None:
    """Names, modes, owners, times, content, links, attributes."""
    compare(world.dir / one / "rootfs", world.dir / other / "rootfs")


@then(phrase('the files "{names}" of bundles "{one}" and "{other}" are the same'))
def _(world: World, names: str, one: str, other: str) -> None:
    for name in names.split():
        first, second = ((world.dir / bundle / name).read_bytes() for bundle in (one, other))
        assert first == second, f"{name} differs between {one} and {other}"


@then(phrase('the root of bundle "{name}" is what umoci unpacks from "{reference}"'))
def _(world: World, name: str, reference: str) -> None:
    """LAYOUT:TAG; every name, mode, owner, time, attribute, link and content."""
    peer = world.dir / "umoci"
    argv = ["umoci", "unpack", "--image", world.expand(reference), str(peer)]
    subprocess.run(argv, check=True, capture_output=True)
    compare(peer / "rootfs", world.dir / name / "rootfs")


def compare(one: Path, other: Path) -> None:
    """Fail with all the differences of two trees."""
    found = trees.differences(trees.see(one), trees.see(other))
    if found:
        lines = "\n  ".join(found[:40])
        pytest.fail(f"{one} and {other} differ in {len(found)} things:\n  {lines}", pytrace=False)


@then(phrase('bundle "{name}" is mounted'))
def _(world: World, name: str) -> None:
    root = str(world.dir / name / "rootfs")
    assert root in mounts_below(world.dir), f"nothing is mounted on {root}"


@then(phrase('bundle "{name}" is not mounted'))
def _(world: World, name: str) -> None:
    left = mounts_below(world.dir / name)
    assert not left, f"still mounted: {left}"


@when(phrase('the root of bundle "{name}" is unmounted by hand'))
def _(world: World, name: str) -> None:
    """As a reboot of the machine would do it."""
    subprocess.run(["umount", world.dir / name / "rootfs"], check=True)


@then(phrase('bundle "{name}" itself takes less than {n:int} KiB'))
def _(world: World, name: str, n: int) -> None:
    """Without what it shares with others by a mount."""
    words = ["du", "-skx", "--exclude=rootfs", str(world.dir / name)]
    shared = str(world.dir / name / "rootfs") in mounts_below(world.dir)
    argv = words if shared else [word for word in words if not word.startswith("--exclude")]
    used = int(subprocess.run(argv, capture_output=True, text=True, check=True).stdout.split()[0])
    assert used < n, f"{world.dir / name} takes {used} KiB"
