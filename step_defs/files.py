# SPDX-License-Identifier: Apache-2.0
"""Steps about files on the host, in bundles and in the scenario's directory ({dir})."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

from pytest_bdd import given, then

from step_defs.phrases import phrase
from step_defs.world import eventually

if TYPE_CHECKING:
    from pathlib import Path

    from testinfra.host import Host

    from step_defs.world import World


def place(world: World, path: str) -> Path:
    """Read a path; a relative one is below the scenario's directory."""
    return world.dir / world.expand(path)


@given(phrase('a directory "{path}"'))
def _(world: World, path: str) -> None:
    place(world, path).mkdir(parents=True)


@given(phrase('a file "{path}" that says "{text}"'))
def _(world: World, path: str, text: str) -> None:
    place(world, path).parent.mkdir(parents=True, exist_ok=True)
    place(world, path).write_text(world.expand(text) + "\n", "utf-8")


@given(phrase('a file "{path}" that reads'))
def _(world: World, path: str, docstring: str) -> None:
    place(world, path).write_text(world.expand(docstring) + "\n", "utf-8")


@given(phrase('file or directory "{path}" is removed'))
def _(world: World, path: str) -> None:
    target = place(world, path)
    if target.is_dir() and not target.is_symlink():
        shutil.rmtree(target)
    else:
        target.unlink()


@given(phrase('"{path}" has mode {mode:word}'))
def _(world: World, path: str, mode: str) -> None:
    place(world, path).chmod(int(mode, 8))


@given(phrase('"{path}" is a symbolic link to "{target}"'))
def _(world: World, path: str, target: str) -> None:
    place(world, path).symlink_to(world.expand(target))


@given(phrase('a file system is mounted on "{path}" with a file "{name}"'))
def _(world: World, path: str, name: str) -> None:
    """On the host; it is unmounted when the scenario ends."""
    mount(world, path)
    (place(world, path) / name).touch()


@given(phrase('a shared file system is mounted on "{path}"'))
def _(world: World, path: str) -> None:
    """Shared: whoever binds it can learn of what is mounted below it later."""
    mount(world, path)
    subprocess.run(["mount", "--make-shared", place(world, path)], check=True)


def mount(world: World, path: str) -> None:
    """Mount an empty file system on the host until the scenario ends."""
    target = place(world, path)
    target.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", target], check=True)
    # the last mounted is to be unmounted first
    world.closers.insert(0, lambda: subprocess.run(["umount", "-l", target], check=True))


@given(phrase('its root has a directory "{path}"'))
def _(world: World, path: str) -> None:
    (world.bundle.rootfs / world.expand(path).lstrip("/")).mkdir(parents=True)


@given(phrase('its root has a file "{path}" that says "{text}"'))
def _(world: World, path: str, text: str) -> None:
    target = world.bundle.rootfs / path.lstrip("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text + "\n", "utf-8")


@given(phrase('its root has a program "{path}" that says "{text}"'))
def _(world: World, path: str, text: str) -> None:
    target = world.bundle.rootfs / path.lstrip("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(f"#!/bin/sh\necho '{text}'\n", "utf-8")
    target.chmod(0o755)


@given(phrase('its root has a symbolic link "{path}" to "{target}"'))
def _(world: World, path: str, target: str) -> None:
    (world.bundle.rootfs / path.lstrip("/")).symlink_to(world.expand(target))


@given(phrase('the variable "{name}" of the caller is "{text}"'))
def _(world: World, name: str, text: str) -> None:
    """In the environment of the runtime itself."""
    world.env[name] = world.expand(text)


@given(phrase("the umask of the caller is {mask:word}"))
def _(world: World, mask: str) -> None:
    world.umask = int(mask, 8)


@then(phrase('file "{path}" exists'))
def _(world: World, machine: Host, path: str) -> None:
    assert machine.file(str(place(world, path))).exists, f"{place(world, path)} is missing"


@then(phrase('file "{path}" does not exist'))
def _(world: World, machine: Host, path: str) -> None:
    assert not machine.file(str(place(world, path))).exists, f"{place(world, path)} is still there"


@then(phrase('file "{path}" says "{text:text}"'))
def _(world: World, path: str, text: str) -> None:
    """Sooner or later: a container may still be writing it."""
    target = place(world, path)
    eventually(
        lambda: target.read_text("utf-8").rstrip("\n") if target.exists() else "(no such file)",
        lambda seen: seen == world.expand(text),
        f"{target} to say {text!r}",
    )


@then(phrase('file "{path}" contains "{text:text}"'))
def _(world: World, path: str, text: str) -> None:
    target = place(world, path)
    eventually(
        lambda: target.read_text("utf-8") if target.exists() else "(no such file)",
        lambda seen: world.expand(text) in seen,
        f"{target} to contain {text!r}",
    )


@then(phrase('file "{path}" has mode {mode:word}'))
def _(world: World, machine: Host, path: str, mode: str) -> None:
    seen = machine.file(str(place(world, path))).mode
    assert seen == int(mode, 8), f"{place(world, path)}: expected {mode}, seen {seen:o}"


@then(phrase('nothing is mounted below "{path}"'))
def _(world: World, machine: Host, path: str) -> None:
    """In the namespace of the runtime's caller."""
    top = str(place(world, path))
    left = [point.path for point in machine.mount_point.get_mountpoints() if point.path.startswith(f"{top}/")]
    assert not left, f"still mounted: {left}"
