# SPDX-License-Identifier: Apache-2.0
"""Jails: how often FreeBSD's tools are called, and what the process costs that waits for start.

Times are not compared: on the stand-in a tool takes the start of a Python, on FreeBSD a millisecond or two.
"""

from __future__ import annotations

import json
import os
import shlex
from typing import TYPE_CHECKING

import pytest

from benchmarks.timing import Spread, answer, call
from step_defs import mounting
from step_defs.stand_ins.jail.host import Host

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.budgets import Budget
    from step_defs.bundle_store import BundleStore

    Judge = Callable[[str, Spread, str, Budget | None], None]

# a bundle with a devfs and a tmpfs: what is asked, two mounts, the jail; and the reverse
TOOLS = {
    ("create", "--bundle", "{bundle}", "box"): 8,
    ("start", "box"): 1,
    ("state", "box"): 1,
    ("exec", "box", "true"): 1,
    ("kill", "box", "USR1"): 2,
    ("list",): 1,
    ("delete", "--force", "box"): 8,
    ("delete", "--force", "box", ""): 0,
}
MOUNTS = [
    {"destination": "/dev", "type": "devfs", "source": "devfs", "options": ["ruleset=4"]},
    {"destination": "/tmp", "type": "tmpfs", "source": "tmpfs"},  # noqa: S108
]
MANY = 20


@pytest.fixture(scope="module")
def host(work: Path) -> Iterator[Host]:
    if not mounting.is_private():
        (pytest.fail if os.environ.get("CI") else pytest.skip)("this host's mount table would be changed")
    made = Host.make(work / "freebsd", containers="real")
    try:
        yield made
    finally:
        made.end()


@pytest.fixture(scope="module")
def nexcage(launcher: str, roots: Path, work: Path, host: Host) -> list[str]:
    """nexcage on that host, with records of its own."""
    program = work / "on-freebsd"
    variables = " ".join(f"{name}={shlex.quote(value)}" for name, value in host.environment().items())
    program.write_text(f'#!/bin/sh\nexec env {variables} {launcher} --root {roots}/jail "$@"\n')
    program.chmod(0o755)
    return [str(program)]


@pytest.fixture
def bundle(bundles: BundleStore) -> Path:
    made = bundles.render("jail", "base", args=["sleep", "1000"])
    config = json.loads((made.dir / "config.json").read_text("utf-8"))
    del config["linux"]
    text = json.dumps({**config, "mounts": MOUNTS})
    (made.dir / "config.json").write_text(text, "utf-8")
    return made.dir


def test_tools(nexcage: list[str], host: Host, judge: Judge, bundle: Path) -> None:
    counted = {}
    for words in TOOLS:
        before = len(host.calls())
        choose = ["--runtime", "jail"] if words[0] == "create" else []
        call([*nexcage, *choose, *(word.format(bundle=bundle) for word in words if word)])
        counted[words] = len(host.calls()) - before
        judge(f"jail: tools of the host in {words[0]}", Spread((counted[words],)), "calls", None)
    assert counted == TOOLS


def test_held_process(
    nexcage: list[str], judge: Judge, budgets: dict[str, Budget], bundle: Path, roots: Path
) -> None:
    call([*nexcage, "--runtime", "jail", "create", "--bundle", str(bundle), "box"])
    pid = json.loads(answer([*nexcage, "state", "box"], roots / "answer"))["pid"]
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        peak = next(int(line.split()[1]) for line in file if line.startswith("VmHWM:"))
    call([*nexcage, "delete", "--force", "box"])
    judge(
        "jail: peak memory of the process that waits",
        Spread((peak * 1024 / 1e6,)),
        "MB",
        budgets["jail_held"],
    )


def test_list_of_many(nexcage: list[str], host: Host, judge: Judge, bundle: Path, roots: Path) -> None:
    """However many there are, one look at the processes of all."""
    config = json.loads((bundle / "config.json").read_text("utf-8"))
    # on a read-only alias each has mounts of its own
    text = json.dumps({**config, "root": {**config["root"], "readonly": True}})
    (bundle / "config.json").write_text(text, "utf-8")
    for number in range(MANY):
        call([*nexcage, "--runtime", "jail", "create", "--bundle", str(bundle), f"box{number}"])
    before = len(host.calls())
    listed = json.loads(answer([*nexcage, "list", "--format", "json"], roots / "answer"))
    called = len(host.calls()) - before
    call([*nexcage, "delete", "--force", *(f"box{number}" for number in range(MANY))])
    judge(f"jail: tools of the host in list of {MANY}", Spread((called,)), "calls", None)
    assert [row["status"] for row in listed] == ["created"] * MANY
    assert called == 1
