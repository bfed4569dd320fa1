# SPDX-License-Identifier: Apache-2.0
"""Steps that spoil what nexcage check compares: records, processes, marks."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_bdd import given, then, when

from step_defs.phrases import phrase
from step_defs.proxmox import stand_in
from step_defs.spoilt import record

if TYPE_CHECKING:
    from step_defs.world import World


@given(phrase('the record of container "{id}" knows nothing of its config.json'))
def _(world: World, id: str) -> None:
    """As before records had its path and digest."""
    document = json.loads(record(world, id).read_text("utf-8"))
    for name in ("config_file", "config_digest"):
        del document[name]
    record(world, id).write_text(json.dumps(document), "utf-8")


@when(phrase('the first process of container "{id}" is killed'))
def _(world: World, id: str) -> None:
    """It alone: others that it has started live on where they have no process namespace of their own."""
    state = world.state(id)
    assert state is not None, f'container "{id}" is gone'
    os.kill(int(state["pid"]), signal.SIGKILL)
    world.await_status(id, "stopped")


@given(phrase('somebody copies the description of container "{id}" to container {vmid:int}'))
def _(world: World, id: str, vmid: int) -> None:
    """As pct clone does."""
    node = stand_in(world)
    text = node.conf(world.vmid(id)).text()
    told = "\n".join(line for line in text.splitlines() if line.startswith("#"))
    path = Path(node.cluster.state.path(vmid))
    path.write_text(f"{told}\n{path.read_text('utf-8')}", "utf-8")


@then(phrase("state never has anything to complain of while {n:int} containers are created and deleted"))
def _(world: World, n: int) -> None:
    """Records, driver and files change one after the other; what is just on its way is not wrong."""
    ids = [f"c{number}" for number in range(n)]
    for verb in "create", "delete":
        creating = verb == "create"
        running = [world.make(verb, id) if creating else world.begin(verb, "--force", id) for id in ids]
        while any(one.process.poll() is None for one in running):
            checked = world.ask("check", "state", "--quiet")
            if checked.code != 0 or checked.stdout:
                checked.refuse("nothing to complain of")
        for one in running:
            result = one.wait(world.context)
            if result.code != 0:
                result.refuse(f"{verb} to succeed")
