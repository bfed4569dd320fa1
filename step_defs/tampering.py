# SPDX-License-Identifier: Apache-2.0
"""Steps that put something else in the place of nexcage's files, and say how that has to be refused."""

from __future__ import annotations

import json
import os
import shutil
import socket
import stat
from typing import TYPE_CHECKING

import pytest
from pytest_bdd import given, then

from step_defs.files import place
from step_defs.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from step_defs.runtime import Result
    from step_defs.world import World

SOON = 2.0  # seconds in which every refusal has to come
OTHERS = 1234  # a user that is nobody here
# what a verb needs besides the id
ARGUMENTS = {"kill": ["WINCH"], "exec": ["true"], "delete": []}


# -- what takes the place ------------------------------------------------------------------------


def _bytes(make: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def spoil(file: Path) -> None:
        file.write_bytes(make(file.read_bytes()))

    return spoil


def _moved(make: Callable[[Path], object]) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
        make(path)

    return spoil


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))


def _newer(file: Path) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), "format": 2}), "utf-8")


SPOILERS: dict[str, Callable[[Path], None]] = {
    "empty": _bytes(lambda _: b""),
    "half of it": _bytes(lambda text: text[: len(text) // 2]),
    "random bytes": _bytes(lambda _: b"\xff\xfe\0" + os.urandom(500)),
    "other JSON": _bytes(lambda _: b'{"format": 1, "id": 7, "driver": [], "handle": {}, "entries": 5}'),
    "an array": _bytes(lambda _: b"[]"),
    "100000 brackets": _bytes(lambda _: b"[" * 100_000),
    "100 MiB large": lambda file: os.truncate(file, 100 << 20),
    "of a newer nexcage": _newer,
    "a pipe": _moved(lambda path: os.mkfifo(path, 0o600)),
    "a directory": _moved(lambda path: path.mkdir(0o700)),
    "a socket": _moved(_socket),
    "a device": _moved(lambda path: os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 5))),
    "a link to itself": _moved(lambda path: path.symlink_to(path)),
    "another user's": lambda path: os.chown(path, OTHERS, OTHERS),
    "open to everybody": lambda path: path.chmod(0o777 if path.is_dir() else 0o666),
}
LINK = "a link to "


@pytest.fixture
def led_to() -> dict[Path, str]:
    """Where links of the scenario lead, and what was there before."""
    return {}


def content(path: Path) -> str:
    """What is at a path: the bytes of a file, the names and files of a directory."""
    if path.is_dir():
        return "\n".join(f"{one}: {content(path / one)}" for one in sorted(os.listdir(path)))
    if not path.is_file():
        return "nothing" if not path.exists() else "no file"
    facts = path.stat()
    return f"{facts.st_mode:o} {facts.st_uid} {facts.st_mtime_ns} {path.read_bytes()!r}"


@given(phrase('"{path}" becomes {what:text}'))
def _(world: World, led_to: dict[Path, str], path: str, what: str) -> None:
    """One of the SPOILERS of this module, or "a link to" a path."""
    spoil(world, led_to, place(world, path), what)


def spoil(world: World, led_to: dict[Path, str], path: Path, what: str) -> None:
    """Put something else there."""
    if what in SPOILERS:
        SPOILERS[what](path)
        return
    assert what.startswith(LINK), f"{what!r} is none of {', '.join(SPOILERS)}, {LINK}PATH"
    target = place(world, what.removeprefix(LINK))
    led_to[target] = content(target)
    _moved(lambda at: at.symlink_to(target))(path)


# -- how it is refused ---------------------------------------------------------------------------


def refused(result: Result, message: str, hint: str) -> None:
    """One line that names it and one hint, at once, status 1, and nothing on stdout."""
    __tracebackhide__ = True
    lines = result.stderr.splitlines()
    if result.code != 1 or result.stdout:
        result.refuse(f"status 1 and nothing on stdout: {message}")
    if len(lines) != 2 or message not in lines[0] or not (lines[1].startswith("hint: ") and hint in lines[1]):
        result.refuse(f"one line with: {message}\n          and a hint with: {hint}")
    if result.seconds > SOON:
        result.refuse(f"an end within {SOON:g} s")


def call(world: World, verb: str, id: str) -> Result:
    """Ask for one verb on a container."""
    return world.ask(verb, id, *ARGUMENTS.get(verb, []))


@then(phrase('"{verbs}" of container "{id}" are refused: {message:text}'))
def _(world: World, verbs: str, id: str, message: str) -> None:
    """Each with one line and the hint to delete it by force, within 2 seconds."""
    for verb in verbs.split():
        refused(call(world, verb, id), world.expand(message), f"nexcage delete --force {id}")


@then(phrase('"{verbs}" of container "{id}" are left to a newer nexcage: {message:text}'))
def _(world: World, verbs: str, id: str, message: str) -> None:
    """Each with one line and a hint that does not say to delete anything."""
    for verb in verbs.split():
        result = call(world, verb, id)
        refused(result, world.expand(message), "use the nexcage that has made the container, or a newer one")
        if "delete --force" in result.stderr:
            result.refuse("no hint to delete what a newer nexcage has made")


@then(phrase('container "{id}" goes on beside the error: {message:text}'))
def _(world: World, id: str, message: str) -> None:
    """It is listed as running, with status 1 for the other one, and can be used."""
    listed = world.ask("list", "--format", "json")
    if listed.code != 1 or world.expand(message) not in listed.stderr or "internal" in listed.stderr:
        listed.refuse(f"status 1 and: {world.expand(message)}")
    goes_on(world, id, listed)


@then(phrase('container "{id}" goes on'))
def _(world: World, id: str) -> None:
    """It is listed as running and can be used."""
    goes_on(world, id, world.ask("list", "--format", "json"))


def goes_on(world: World, id: str, listed: Result) -> None:
    """Listed and by itself; each within 2 seconds."""
    rows = {row["id"]: row["status"] for row in json.loads(listed.stdout)}
    if rows.get(id) != "running" or listed.seconds > SOON:
        listed.refuse(f'container "{id}" as running within {SOON:g} s, not {rows}')
    for words in (["state", id], ["exec", id, "true"]):
        used = world.ask(*words)
        if used.code or used.stderr or used.seconds > SOON:
            used.refuse("success within 2 s")


@then(phrase("what links lead to is as it was, and was not printed"))
def _(world: World, led_to: dict[Path, str]) -> None:
    """In no output of the scenario there is a line of it, except that of the container that has it."""
    assert led_to, "no step has made a link"
    printed = "".join(out.read_text("utf-8", "replace") for out in world.dir.glob("*.out*"))
    for target, before in led_to.items():
        assert content(target) == before, f"{target} has changed"
        secret = target.is_file() and world.runtime.root not in target.parents
        for line in target.read_text("utf-8", "replace").splitlines() if secret else ():
            assert len(line) < 8 or line not in printed, f"a line of {target} was printed"


@then(phrase("listing, checking and creating refuse the root: {message:text}"))
def _(world: World, message: str) -> None:
    """Each names it, with a hint, within 2 seconds; nothing is made in it."""
    wanted = world.expand(message)
    bundle = ["--bundle", str(world.bundle.dir)]
    for words in (["list"], ["state", "web"], ["delete", "--force", "web"], ["create", *bundle, "web"]):
        result = world.ask(*words)
        if result.code != 1 or wanted not in result.stderr or "hint: " not in result.stderr:
            result.refuse(f"status 1, a hint and: {wanted}")
        if result.seconds > SOON:
            result.refuse(f"an end within {SOON:g} s")
    checked = world.ask("check", "state")
    if checked.code != 2 or wanted not in checked.stdout:
        checked.refuse(f"status 2 and: {wanted}")
