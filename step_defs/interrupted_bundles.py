# SPDX-License-Identifier: Apache-2.0
"""Steps about creations of bundles that go on while something happens to them, and about several at once."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from typing import TYPE_CHECKING

import pytest
from pytest_bdd import given, then, when

from step_defs import bundle_leftovers, made_bundles
from step_defs.calls import NOBODY
from step_defs.files import place
from step_defs.phrases import phrase
from step_defs.world import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

    from step_defs.world import World


def files_so_far(world: World, name: str, enough: int) -> int:
    """Count what lies in half bundles and the cache, up to enough."""
    half = [os.path.join(world.dir, entry) for entry in bundle_leftovers.beside(world, name)]
    count = len(half)
    for top in [*half, os.path.join(world.dir, "cache")]:
        for _, below, files in os.walk(top):
            count += len(below) + len(files)
            if count >= enough:
                return count
    return count


@when(phrase('bundle "{name}" is being created from "{source}" with "{options:text}"'))
def _(world: World, name: str, source: str, options: str) -> None:
    """The creation goes on in the background."""
    world.runs[name] = made_bundles.begin(world, name, source, options)


@when(phrase('the creation of bundle "{name}" has made {n:int} files'))
def _(world: World, name: str, n: int) -> None:
    """Half bundles, layers and all that is in the cache count; it has to be still at work then."""
    eventually(
        lambda: files_so_far(world, name, n), lambda count: count >= n, f"{n} files of bundle {name}", 20
    )
    if world.runs[name].process.poll() is not None:
        world.finish(world.runs[name]).refuse("the creation to be still at work")


@when(phrase('the creation of bundle "{name}" is sent signal "{signal_name}"'))
def _(world: World, name: str, signal_name: str) -> None:
    world.runs[name].process.send_signal(signal.Signals[f"SIG{signal_name}"])


@then(phrase('the creation of bundle "{name}" ends with status {code:int} within {n:int} seconds'))
def _(world: World, name: str, code: int, n: int) -> None:
    """A negative status is the number of the signal that killed it."""
    result = world.runs[name].wait(world.context, n)
    world.results.append(result)
    if result.code != code:
        result.refuse(f"the creation to end with status {code}")


@then(phrase('bundle "{name}" does not exist'))
def _(world: World, name: str) -> None:
    assert not os.path.lexists(world.dir / name), f"{world.dir / name} is there"


@then(phrase('a half bundle "{name}" is left beside it or in the cache'))
def _(world: World, name: str) -> None:
    """What a kill -9 leaves; else the next step would prove nothing."""
    if not files_so_far(world, name, 1):
        world.last.refuse("something to be left")


@then(phrase('no half bundle "{name}" is left'))
def _(world: World, name: str) -> None:
    found = bundle_leftovers.beside(world, name)
    assert not found, f"left beside {name}: {found}"


@when(phrase('bundles "{one}" and "{other}" are created from "{source}" at the same time'))
def _(world: World, one: str, other: str, source: str) -> None:
    """Both have to succeed."""
    running = [made_bundles.begin(world, name, source) for name in (one, other)]
    for started in running:
        if world.finish(started).code != 0:
            world.last.refuse("both creations to succeed")


@then(phrase("both creations have ended alike"))
def _(world: World) -> None:
    """Both refused with the same message, or both done with the same tree."""
    one, other = world.results[-2:]
    if "internal error" in one.stderr:
        one.refuse("no defect of the runtime")
    if one.code != other.code or (one.code and one.stderr != other.stderr):
        other.refuse(f"the end of the one before: status {one.code}, {one.stderr}")
    if one.code == 0:
        first, second = list(world.bundles.all.values())[-2:]
        made_bundles.compare(first.rootfs, second.rootfs)


@when(phrase('an ordinary user creates bundle "{name}" from "{source}" with "{options:text}"'))
def _(world: World, name: str, source: str, options: str) -> None:
    """As user and group 65534, with {dir}/home as their home and the cache in it."""
    world.env |= {"HOME": str(world.dir / "home"), "NEXCAGE_CACHE": str(world.dir / "home" / "cache")}
    world.finish(made_bundles.begin(world, name, source, options, *NOBODY, logged=False))


@when(phrase('an ordinary user runs bundle "{name}" as container "{id}"'))
def _(world: World, name: str, id: str) -> None:
    """Without cgroups, which nobody has given to this user."""
    world.bundles.select(name)
    root = world.dir / "home" / "state"
    argv = [*NOBODY, *world.runtime.command, "--root", str(root), "--runtime", world.runtime.driver]
    world.finish(world.begin_exactly([*argv, "run", "--bundle", str(world.dir / name), id], "run"))


@given(phrase('an ordinary user has the directory "{path}"'))
def _(world: World, path: str) -> None:
    """Of user and group 65534."""
    (world.dir / path).mkdir(mode=0o700)
    os.chown(world.dir / path, 65534, 65534)


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A listener of loopback."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        yield listener


@given(phrase("a registry that never answers"))
def _(world: World, silent: socket.socket) -> None:
    """It takes connections at {registry} and says nothing."""
    world.places["{registry}"] = f"127.0.0.1:{silent.getsockname()[1]}"


@when(phrase("the registry has been asked"))
def _(world: World, silent: socket.socket) -> None:
    """Somebody has connected; the connection stays open until the scenario ends."""
    connection, _ = silent.accept()
    world.closers.append(connection.close)


@given(phrase('all that is below "{path}" is counted'))
def _(world: World, path: str) -> None:
    world.places[f"blocks of {path}"] = used(world, path)


@then(phrase('nothing large has come to "{path}"'))
def _(world: World, path: str) -> None:
    """Less than 256 KiB: records may be written, layers not."""
    before = world.places[f"blocks of {path}"]
    now = used(world, path)
    assert isinstance(before, int)
    assert before > 1024, f"{path} held only {before} KiB before: sharing it would prove nothing"
    assert now - before < 256, f"{path} has grown from {before} to {now} KiB"


def used(world: World, path: str) -> int:
    """KiB on disk below a directory."""
    argv = ["du", "-skx", str(place(world, path))]
    return int(subprocess.run(argv, capture_output=True, text=True, check=True).stdout.split()[0])
