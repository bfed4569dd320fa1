# SPDX-License-Identifier: Apache-2.0
"""Steps that spoil something: bundle files, records, disks; and commands that are cut short."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest
from pytest_bdd import given, then, when

from step_defs import documents
from step_defs.phrases import phrase
from step_defs.traces import drivers_at_work
from step_defs.world import eventually

if TYPE_CHECKING:
    from pathlib import Path

    from step_defs.world import World

# says that it has begun, then takes long
SLOW = """#!/bin/sh
echo begun >{begun}
exec sleep 60
"""


# -- the bundle ----------------------------------------------------------------------------------


@given(phrase("its config.json is a directory"))
def _(world: World) -> None:
    world.bundle.config.unlink()
    world.bundle.config.mkdir()


@given(phrase("its config.json is a pipe that nobody writes to"))
def _(world: World) -> None:
    world.bundle.config.unlink()
    os.mkfifo(world.bundle.config)


@given(phrase("its config.json is {n:int} MiB of blanks longer"))
def _(world: World, n: int) -> None:
    with world.bundle.config.open("ab") as file:
        file.write(b" " * (n << 20))


@given(phrase("its config.json nests {n:int} arrays"))
def _(world: World, n: int) -> None:
    world.bundle.config.write_text("[" * n + "]" * n)


@given(phrase("its config.json has an annotation that nests {n:int} arrays"))
def _(world: World, n: int) -> None:
    text = world.bundle.config.read_text("utf-8").rstrip().removesuffix("}")
    world.bundle.config.write_text(text + ', "org.example.deep": ' + "[" * n + "]" * n + "}")


@given(phrase("its config.json has the byte {byte:int} in its host name"))
def _(world: World, byte: int) -> None:
    text = world.bundle.config.read_bytes()
    assert b'"box"' in text
    world.bundle.config.write_bytes(text.replace(b'"box"', b'"b' + bytes([byte]) + b'x"'))


@given(phrase("its config.json has a createRuntime hook that takes long"))
def _(world: World) -> None:
    """It takes a minute; "is being created" waits until it has begun."""
    script = world.dir / "slow"
    script.write_text(SLOW.format(begun=world.dir / "begun"))
    script.chmod(0o755)
    document = world.bundle.read()
    documents.append(document, "$.hooks.createRuntime", {"path": str(script)})
    world.bundle.write(document)


# -- records -------------------------------------------------------------------------------------


def record(world: World, id: str) -> Path:
    """Return the path of a container's record."""
    return world.runtime.root / id / "record.json"


@given(phrase('the record of container "{id}" reads "{text:text}"'))
def _(world: World, id: str, text: str) -> None:
    record(world, id).write_text(text)


@given(phrase('the record of container "{id}" is cut short'))
def _(world: World, id: str) -> None:
    text = record(world, id).read_text("utf-8")
    record(world, id).write_text(text[: len(text) // 2])


@given(phrase('the record of container "{id}" is lost'))
def _(world: World, id: str) -> None:
    """As by a crash between the making of its directory and the writing of the record."""
    record(world, id).unlink()


@given(phrase('the record of container "{id}" has {path:path} {value:json}'))
def _(world: World, id: str, path: str, value: object) -> None:
    document = json.loads(record(world, id).read_text("utf-8"))
    documents.put(document, path, value)
    record(world, id).write_text(json.dumps(document))


@given(phrase('the driver has forgotten container "{id}"'))
def _(world: World, id: str) -> None:
    """As after an administrator has used the driver itself."""
    driver, root = world.runtime.driver, world.runtime.root
    argv = [driver, "--root", str(root / f"@{driver}"), "delete", "--force", id]
    subprocess.run(argv, check=True, capture_output=True)


@given(phrase('another process holds the lock of container "{id}"'))
def _(world: World, id: str) -> None:
    handle = os.open(world.runtime.root / id / "lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(handle, fcntl.LOCK_EX)
    world.closers.insert(0, lambda: os.close(handle))


@when(phrase('the lock of container "{id}" is let go'))
def _(world: World, id: str) -> None:
    """The counterpart of "another process holds the lock"."""
    world.closers.pop(0)()


# -- disks ---------------------------------------------------------------------------------------


def mount_root(world: World, options: str) -> None:
    """Put the root on a file system of its own."""
    root = world.runtime.root
    root.mkdir(mode=0o700, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "root", str(root)], check=True)
    world.closers.append(lambda: subprocess.run(["umount", "-l", str(root)], check=True))


@given(phrase("the root is on a file system of {n:int} KiB"))
def _(world: World, n: int) -> None:
    mount_root(world, f"size={n}k,mode=700")


@given(phrase("the root is on a file system with room for {n:int} files"))
def _(world: World, n: int) -> None:
    mount_root(world, f"nr_inodes={n},mode=700")


@given(phrase("the root is on a file system that cannot be written"))
def _(world: World) -> None:
    mount_root(world, "ro,mode=700")


# -- commands that are cut short -----------------------------------------------------------------


@when(phrase('container "{id}" is being created'))
def _(world: World, id: str) -> None:
    """The create goes on in the background and waits for its slow hook."""
    world.runs[id] = world.make("create", id)
    begun = world.dir / "begun"
    eventually(begun.exists, bool, "the slow hook to begin")


@when(phrase('the create of container "{id}" is sent signal "{name}"'))
def _(world: World, id: str, name: str) -> None:
    """To the runtime's own process only."""
    world.runs[id].process.send_signal(signal.Signals[f"SIG{name}"])


@then(phrase('the create of container "{id}" ends with status {code:int} within {n:int} seconds'))
def _(world: World, id: str, code: int, n: int) -> None:
    """A negative status is the number of the signal that killed it."""
    result = world.runs[id].wait(world.context, n)
    world.results.append(result)
    if result.code != code:
        result.refuse(f"the create to end with status {code}")


@when(phrase('the driver that runs container "{id}" is killed'))
def _(world: World, id: str) -> None:
    """The process that the foreground run waits for."""
    found = [pid for pid, words in drivers_at_work(world) if f"{world.runtime.driver} --root" in words]
    if not found:
        pytest.fail(f'no driver works on container "{id}"', pytrace=False)
    for pid in found:
        with contextlib.suppress(ProcessLookupError):  # one was the child of another
            os.kill(pid, signal.SIGKILL)
