# SPDX-License-Identifier: Apache-2.0
"""Steps about what a command leaves behind: nothing after a failure, everything as it was after a look."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest
from pytest_bdd import given, then

from step_defs import cgroup_tree
from step_defs.files import place
from step_defs.phrases import phrase
from step_defs.world import command_line, eventually, mounts_below

if TYPE_CHECKING:
    from pathlib import Path

    from step_defs.world import World


@pytest.fixture
def remembered() -> dict[Path, dict[str, str]]:
    """What directories held when the scenario remembered them."""
    return {}


def traces(world: World) -> list[str]:
    """Name every process, cgroup, mount and record that this scenario's containers have now."""
    root = world.runtime.root
    found = [f"process {pid}: {command_line(pid)}" for pid in cgroup_tree.processes(world.cgroup)]
    found += [f"cgroup {place}" for place in cgroup_tree.below(world.cgroup)]
    found += [f"mount {place}" for place in mounts_below(world.dir) if place != str(root)]
    found += [f"driver {pid}: {words}" for pid, words in drivers_at_work(world)]
    if root.is_dir():
        found += [f"record {entry}" for entry in root.iterdir() if entry.is_dir() and entry.name[0] != "@"]
        found += [f"removed record {entry}" for entry in root.glob("@gone*")]
        found += [f"driver state {entry}" for entry in root.glob("@*/[!.]*")]
    return found


def drivers_at_work(world: World) -> list[tuple[int, str]]:
    """Find the processes that were started for this scenario's root."""
    root = f"{world.runtime.root}/"
    pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    return [(pid, words) for pid in pids if root in (words := command_line(pid)) and "pytest" not in words]


def picture(directory: Path) -> dict[str, str]:
    """Describe everything below a directory: kind, mode, owner, time, and content of files."""
    seen = {}
    for path in [directory, *sorted(directory.rglob("*"))]:
        if path.name.startswith("@operations"):
            continue  # commands are counted there
        facts = path.lstat()
        text = f"{facts.st_mode:o} {facts.st_uid}:{facts.st_gid} {facts.st_mtime_ns}"
        if stat.S_ISREG(facts.st_mode):
            text += f" {hash(path.read_bytes())}"
        seen[str(path.relative_to(directory))] = text
    return seen


@given(phrase('all that is below "{path}" is remembered'))
def _(world: World, remembered: dict[Path, dict[str, str]], path: str) -> None:
    directory = place(world, path)
    remembered[directory] = picture(directory) if directory.exists() else {}


@then(phrase('nothing below "{path}" has changed'))
def _(world: World, remembered: dict[Path, dict[str, str]], path: str) -> None:
    """Names, content, modes, owners and times."""
    directory = place(world, path)
    before, now = remembered[directory], picture(directory) if directory.exists() else {}
    changed = sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
    assert not changed, f"changed below {directory}: {changed}"


@then(phrase("nothing is left behind"))
def _(world: World) -> None:
    """No record, no driver's state, no cgroup, no mount, no process."""
    eventually(lambda: traces(world), lambda found: not found, "nothing to be left behind", 3)


@then(phrase('nothing of container "{id}" is left behind'))
def _(world: World, id: str) -> None:
    """The same, where other containers go on."""
    cgroup, root = world.container(id).bundle.cgroup, world.runtime.root

    def left() -> list[str]:
        places = [root / id, root / "@crun" / id, root / "@runc" / id]
        found = [f"{entry}" for entry in places if entry.exists()]
        return found + [f"cgroup {entry}" for entry in cgroup_tree.directories(cgroup)]

    eventually(left, lambda found: not found, f'nothing of container "{id}" to be left', 3)
