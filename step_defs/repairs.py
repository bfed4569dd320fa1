# SPDX-License-Identifier: Apache-2.0
"""Commands that were cut short, by the journals that they leave, and a person who is asked."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
from typing import TYPE_CHECKING

from pytest_bdd import given, then, when

from step_defs.phrases import phrase
from step_defs.proxmox import stand_in
from step_defs.runtime import BASE_ENVIRONMENT
from step_defs.world import eventually

if TYPE_CHECKING:
    from pathlib import Path

    from step_defs.world import World

PATIENCE = 10.0


def cut_short(world: World, id: str, verb: str, *steps: int, **intent: object) -> None:
    """Leave the journal of ``verb`` as a command that was killed would, after ``steps`` had begun."""
    values = {"format": 1, "pid": 1, "verb": verb, "id": id, **intent}
    text = json.dumps(values) + "\n" + "".join(f"{step}\n" for step in steps)
    (world.runtime.root / id / f"journal-{verb}").write_text(text, encoding="utf-8")


@given(phrase('the delete of container "{id}" was cut short'))
def _(world: World, id: str) -> None:
    cut_short(world, id, "delete", 0)


@given(phrase('the delete of container "{id}" was cut short before its first step'))
def _(world: World, id: str) -> None:
    cut_short(world, id, "delete")


@given(phrase('the update of container "{id}" to {n:int} processes was cut short'))
def _(world: World, id: str, n: int) -> None:
    cut_short(world, id, "update", 0, limits={"pids": {"limit": n}}, options={})


@given(phrase('the stop of container "{id}" was cut short'))
def _(world: World, id: str) -> None:
    cut_short(world, id, "stop", 0, 1, seconds=1)


@given(phrase('the run of container "{id}" until its {until:word} was cut short'))
def _(world: World, id: str, until: str) -> None:
    intent = {"format": 1, "pid": 1, "verb": "create", "id": id, "until": until}
    (world.runtime.root / id / "journal").write_text(json.dumps(intent) + "\n", encoding="utf-8")


@given(phrase('the pause of container "{id}" was cut short'))
def _(world: World, id: str) -> None:
    cut_short(world, id, "pause", 0)


@when(phrase("pct and its worker are killed"))
def _(world: World) -> None:
    """What they were making stays, without their lock."""
    node = stand_in(world)
    for pid in node.tools():
        os.kill(pid, signal.SIGKILL)
    eventually(node.tools, lambda seen: not seen, "the node's tools to end")
    for conf in _unnamed(world):
        text = conf.read_text("utf-8")
        conf.write_text(text.replace("lock: create\n", ""), "utf-8")


@when(phrase("pct has not come to its end"))
def _(world: World) -> None:
    """It holds the lock of what it makes."""
    for conf in _unnamed(world):
        conf.write_text("lock: create\n" + conf.read_text("utf-8"), "utf-8")


@when(phrase("the power is cut while pct works"))
def _(world: World) -> None:
    """The lock stays, and the configuration is older than this boot."""
    node = stand_in(world)
    for pid in node.tools():
        os.kill(pid, signal.SIGKILL)
    for conf in _unnamed(world):
        conf.write_text("lock: create\n" + conf.read_text("utf-8"), "utf-8")
        os.utime(conf, (1, 1))


def _unnamed(world: World) -> list[Path]:
    """The configurations of containers that are in the making."""
    confs = stand_in(world).cluster.etc.glob("nodes/*/lxc/*.conf")
    found = [conf for conf in confs if "hostname:" not in conf.read_text("utf-8")]
    assert found, "no container is in the making"
    return found


@then(phrase("state has nothing left to mend"))
def _(world: World) -> None:
    """By the check, which finds nothing, and by repair, which does nothing."""
    checked = world.call("check", "state", "--format", "json")
    wrong = [row for row in json.loads(checked.stdout)["results"] if row["status"] != "pass"]
    assert not wrong, json.dumps(wrong, indent=2)
    again = world.call("repair", "--yes")
    assert (again.code, again.stdout) == (0, "nothing to mend\n"), again.stdout + again.stderr


@when(phrase("repair is called on a terminal"))
def _(world: World) -> None:
    ours, theirs = pty.openpty()
    environment = {**BASE_ENVIRONMENT, "TERM": "xterm", **world.env}
    argv = world.runtime.argv(["repair"])
    process = subprocess.Popen(argv, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    world.closers.append(process.kill)
    world.closers.append(lambda: os.close(ours))
    world.asked = Asked(ours, process)


class Asked:
    """A command that waits for an answer on a terminal, our end of which is ``handle``."""

    def __init__(self, handle: int, process: subprocess.Popen[bytes]) -> None:
        self.handle = handle
        self.process = process
        self.shown = ""

    def until(self, text: str) -> bool:
        """Read until it has shown ``text``."""
        while text not in self.shown and select.select([self.handle], [], [], PATIENCE)[0]:
            try:
                self.shown += os.read(self.handle, 65536).decode()
            except OSError:  # EIO: nobody has it open any more
                break
        return text in self.shown


@then(phrase('repair asks "{text:text}"'))
def _(world: World, text: str) -> None:
    assert world.asked.until(text), f"it has shown: {world.asked.shown}"


@when(phrase('repair is answered "{text}"'))
def _(world: World, text: str) -> None:
    os.write(world.asked.handle, f"{text}\n".encode())


@then(phrase("repair ends with status {status:int}"))
def _(world: World, status: int) -> None:
    world.asked.until("\0")  # to the end
    seen = world.asked.process.wait(PATIENCE)
    assert seen == status, f"status {seen}: {world.asked.shown}"
