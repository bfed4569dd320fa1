# SPDX-License-Identifier: Apache-2.0
"""Steps that bring about what hardly ever happens: long paths, a missing program, what never holds still."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_bdd import given

from step_defs.jail import freebsd, stand_in
from step_defs.phrases import phrase

if TYPE_CHECKING:
    from step_defs.world import World

NAME = 200  # bytes of a directory in a long path
LINES = 20_000  # reading so many takes longer than any pause of who changes them
PAUSE = 0.0005  # seconds


@given(phrase("its root lies at a path of {n:int} bytes"))
def _(world: World, n: int) -> None:
    """At least: directories in directories, as config.json says."""
    inner = world.bundle.dir
    while len(os.fsencode(inner)) < n:
        inner /= "d" * NAME
    inner.mkdir(parents=True)
    target = inner / "rootfs"
    world.bundle.rootfs.rename(target)
    document = world.bundle.read()
    document["root"]["path"] = str(target)
    world.bundle.write(document)


@given(phrase('the caller finds all programs but "{name}"'))
def _(world: World, name: str) -> None:
    """The node's tools too."""
    programs = world.dir / "nearly-all"
    programs.mkdir()
    for place in world.env.get("PATH", os.environ["PATH"]).split(":"):
        for program in Path(place).glob("*"):
            with contextlib.suppress(FileExistsError):
                if program.name != name:
                    (programs / program.name).symlink_to(program)
    world.env["PATH"] = str(programs)


@given(phrase("what was counted changes all the time"))
def _(world: World) -> None:
    """As if many commands took the lines into the numbers at once, until the scenario ends."""
    root = world.runtime.root
    root.mkdir(parents=True, exist_ok=True)
    lines = (f"create\tcrun\tok\t{n}\n" for n in range(LINES))
    (root / "@operations").write_text("".join(lines), "ascii")
    numbers = root / "@operations.json"
    over = threading.Event()

    def change() -> None:
        while not over.wait(PAUSE):
            numbers.touch()

    thread = threading.Thread(target=change, daemon=True)
    thread.start()
    world.closers += [over.set, thread.join]


@given(phrase('ps of the host says that container "{id}" goes on, whatever is done to it'))
def _(world: World, id: str) -> None:
    """Until the host is well again."""
    pid = (world.state(id) or {}).get("pid")
    name = next(iter(freebsd(world).jails()))
    row = {"pid": str(pid), "state": "S", "jail-name": name}
    said = json.dumps({"process-information": {"process": [row]}})
    stand_in(world).freebsd.fault("ps", stdout=said, exit=0, times=None)
