# SPDX-License-Identifier: Apache-2.0
"""Steps about nexcage check: what it found, from its JSON, and hosts on which it finds something."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pytest_bdd import given, then, when

from step_defs import cgroup_tree
from step_defs.calls import literally
from step_defs.files import place
from step_defs.phrases import phrase
from step_defs.proxmox import stand_in
from step_defs.runtime import BASE_ENVIRONMENT, PATIENCE

if TYPE_CHECKING:
    from step_defs.world import World

Found = dict[str, Any]
FIRST_VMID = 20_000_000  # of guests that run nowhere


# -- what it found -------------------------------------------------------------------------------


@when(phrase("{groups} are checked"))
@when(phrase("{groups} is checked"))
def _(world: World, groups: str) -> None:
    """All groups are "everything"; several have blanks between them. The answer is asked for as JSON."""
    names = [] if groups == "everything" else groups.split()
    world.call("check", *names, "--format", "json")


def results(world: World, group: str) -> list[Found]:
    """What the last command printed about a group."""
    try:
        document = json.loads(world.last.stdout)
    except ValueError:
        world.last.refuse("JSON on stdout")
    found: list[Found] = [one for one in document["results"] if one["group"] == group]
    return found


def said(world: World, group: str, status: str, text: str) -> Found:
    """The result of that status whose message contains the text."""
    wanted = world.expand(text)
    found = results(world, group)
    for one in found:
        if one["status"] == status and wanted in one["message"]:
            return one
    seen = "\n".join(f"  {one['status']}  {one['name']}: {one['message']}" for one in found)
    pytest.fail(f"{group} has no {status} with: {wanted}\nit has\n{seen or '  nothing'}", pytrace=False)


@then(phrase('check {group:word} passes "{text:text}"'))
def _(world: World, group: str, text: str) -> None:
    """A part of the message."""
    said(world, group, "pass", text)


@then(phrase('check {group:word} warns "{text:text}"'))
def _(world: World, group: str, text: str) -> None:
    """A part of the message; every warning has a hint."""
    assert said(world, group, "warn", text)["hint"], "it has no hint"


@then(phrase('check {group:word} fails "{text:text}"'))
def _(world: World, group: str, text: str) -> None:
    """A part of the message; every failure has a hint."""
    assert said(world, group, "fail", text)["hint"], "it has no hint"


@then(phrase("check {group:word} has nothing to complain of"))
def _(world: World, group: str) -> None:
    """It has looked, and all passed."""
    found = results(world, group)
    bad = [f"{one['status']}: {one['message']}" for one in found if one["status"] != "pass"]
    assert found, f"{group} was not looked at"
    assert not bad, "\n".join(bad)


@then(phrase('check {group:word} does not speak of "{text:text}"'))
def _(world: World, group: str, text: str) -> None:
    """In no message; it has looked."""
    found = results(world, group)
    assert found, f"{group} was not looked at"
    told = [one["message"] for one in found if world.expand(text) in one["message"]]
    assert not told, told[0]


@then(phrase('check {group:word} hints "{text:text}"'))
def _(world: World, group: str, text: str) -> None:
    """One of its hints contains this."""
    hints = [one["hint"] for one in results(world, group) if one["hint"]]
    assert any(world.expand(text) in hint for hint in hints), f"hints: {hints}"


@then(phrase('only the groups "{groups}" were looked at, in this order'))
def _(world: World, groups: str) -> None:
    """Separated by blanks."""
    seen = list(dict.fromkeys(one["group"] for one in json.loads(world.last.stdout)["results"]))
    assert seen == groups.split(), seen


@then(phrase("the exit status and the counts are those of the results"))
def _(world: World) -> None:
    """0, 1 or 2 for the worst of them; each has all its members, and a message of one line."""
    document = json.loads(world.last.stdout)
    names = ["pass", "warn", "fail"]
    seen = [one["status"] for one in document["results"]]
    assert document["counts"] == {name: seen.count(name) for name in names}
    worst = max(names.index(status) for status in seen)
    assert (document["status"], world.last.code) == (names[worst], worst)
    for one in document["results"]:
        assert set(one) == {"group", "name", "status", "message", "hint", "data", "repair"}, one
        assert re.fullmatch(r"[^\n]+[^\n.]", one["message"]), one
        assert one["hint"] or one["status"] == "pass", one


# -- terminals -----------------------------------------------------------------------------------


@when(phrase('{groups} are checked on a terminal with "{variables}"'))
def _(world: World, groups: str, variables: str) -> None:
    """Variables as NAME=VALUE with blanks between them; what the terminal shows goes to file "shown"."""
    ours, theirs = pty.openpty()
    given_ones = dict(one.split("=", 1) for one in variables.split())
    environment = {**BASE_ENVIRONMENT, "TERM": "xterm", **world.env, **given_ones}
    argv = world.runtime.argv(["check", *groups.split()])
    process = subprocess.Popen(argv, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    shown = b""
    while select.select([ours], [], [], PATIENCE)[0]:
        try:
            block = os.read(ours, 65536)
        except OSError:  # EIO: nobody has it open any more
            break
        shown += block
    os.close(ours)
    process.wait(PATIENCE)
    (world.dir / "shown").write_bytes(shown)


@then(phrase("the terminal was shown colours"))
def _(world: World) -> None:
    """Green, yellow or red about the status, and nothing else that moves the cursor."""
    shown = (world.dir / "shown").read_text("utf-8")
    assert re.search(r"\x1b\[3[123]m(pass|warn|fail)\s*\x1b\[0m", shown), repr(shown)


@then(phrase("the terminal was shown no colours"))
def _(world: World) -> None:
    shown = (world.dir / "shown").read_text("utf-8")
    assert re.search(r"^(pass|warn|fail) ", shown, re.MULTILINE), repr(shown)
    assert "\x1b" not in shown, repr(shown)


@given(phrase('"{path}" belongs to group {gid:int}'))
def _(world: World, path: str, gid: int) -> None:
    os.chown(place(world, path), -1, gid)


# -- hosts ---------------------------------------------------------------------------------------


@given(phrase("this host has the bridge {name:word}, which is {state:word}"))
def _(world: World, name: str, state: str) -> None:
    """Up or down, with nothing attached to it; it goes when the scenario ends."""
    subprocess.run(["ip", "link", "add", name, "type", "bridge"], check=True)
    world.closers.append(lambda: subprocess.run(["ip", "link", "del", name], check=True))
    if state == "up":
        subprocess.run(["ip", "link", "set", name, "up"], check=True)


@when(phrase("{groups} are checked where cgroups are hybrid"))
def _(world: World, groups: str) -> None:
    """As where cgroup2 stands beside the v1 hierarchies, for this call only."""
    view = 'mount -t cgroup2 none /sys/fs/cgroup/unified; exec "$@"'
    arguments = f"--root {world.runtime.root} check {groups} --format json"
    literally(world, arguments, "unshare", "--mount", "sh", "-ec", view, "sh")


@when(phrase("{groups} are checked in a cgroup of at most {n:int} {what:word}"))
def _(world: World, groups: str, n: int, what: str) -> None:
    """Processes, or bytes of memory."""
    name = {"processes": "process", "bytes": "memory"}[what]
    v1, v2 = cgroup_tree.LIMITS[name]
    (root,) = [
        r for r in cgroup_tree.hierarchies() if r == cgroup_tree.TREE or r.name == v1.partition("/")[0]
    ]
    group = root / world.cgroup.lstrip("/")
    group.mkdir(parents=True, exist_ok=True)
    (group / (v2 if root == cgroup_tree.TREE else v1.partition("/")[2])).write_text(str(n))
    enter = f'echo $$ >{group}/cgroup.procs; exec "$@"'
    arguments = f"--root {world.runtime.root} check {groups} --format json"
    try:
        literally(world, arguments, "sh", "-ec", enter, "sh")
    finally:
        group.rmdir()


@given(phrase("{n:int} containers of driver {driver:word} have records"))
def _(world: World, n: int, driver: str) -> None:
    """c1, c2, ..., as create writes them. Those of pct are on the node; others have no container."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    nowhere = str(place(world, "none"))
    fields = {"oci_version": "1.0.2", "bundle": nowhere, "rootfs": nowhere, "stdio": "null", "owner": "root"}
    fields |= {"created": "2026-01-01T00:00:00.000000Z", "boot_id": boot, "cgroup_manager": ""}
    for number in range(1, n + 1):
        name = f"c{number}"
        handle = str(FIRST_VMID + number) if driver == "pct" else name
        home = world.runtime.root / name
        home.mkdir(mode=0o700, parents=True)
        record = {"format": 1, "id": name, "driver": driver, "handle": handle, **fields, "annotations": {}}
        (home / "record.json").write_text(json.dumps(record))
        (home / "record.json").chmod(0o600)
    world.runtime.root.chmod(0o700)
    world.closers.append(lambda: forget(world, n))
    if driver == "pct":
        with stand_in(world).given() as cluster:
            for number in range(1, n + 1):
                cluster.guest(FIRST_VMID + number, hostname=f"c{number}", tags="nexcage")


def forget(world: World, n: int) -> None:
    """Take records away that no create has made."""
    for number in range(1, n + 1):
        home = world.runtime.root / f"c{number}"
        for file in home.iterdir():
            file.unlink()
        home.rmdir()
