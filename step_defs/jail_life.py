# SPDX-License-Identifier: Apache-2.0
"""Steps about containers on a FreeBSD host: their processes, and what happens at once or from outside."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_bdd import given, then, when

from step_defs.jail import freebsd, given_things, stand_in, tool
from step_defs.phrases import phrase
from step_defs.stand_ins.jail import devices
from step_defs.traces import drivers_at_work
from step_defs.world import eventually

if TYPE_CHECKING:
    from step_defs.world import World


# -- processes -----------------------------------------------------------------------------------


def processes(world: World, id_: str) -> dict[int, str]:
    """Pid → state (R, S, T, ...) of what is in the jail of a container, by ps; {} when it is empty."""
    node = freebsd(world)
    jid = node.jail(id_)["jid"]
    said = node.run("ps", "--libxo", "json", "-o", "pid,state", "-J", jid).stdout
    rows = json.loads(said or "{}").get("process-information", {}).get("process", [])
    return {int(row["pid"]): str(row["state"]) for row in rows}


@then(phrase('the file "{name}" names the process of container "{id}" in its jail'))
def _(world: World, name: str, id: str) -> None:
    """The first one, which is the held one until start, with the same number before and after."""
    written = (world.dir / name).read_text("ascii")
    pid = (world.state(id) or {}).get("pid")
    assert written == str(pid), f"the file holds {written!r}, state says {pid}"
    assert pid in processes(world, id), f"pid {pid}, in the jail are {processes(world, id)}"


@then(phrase('the file "{name}" names another process in the jail of container "{id}"'))
def _(world: World, name: str, id: str) -> None:
    """For example of a detached exec."""
    pid = int((world.dir / name).read_text("ascii"))
    first = (world.state(id) or {}).get("pid")
    assert pid != first, f"{pid} is the container's first process"
    assert pid in processes(world, id), f"pid {pid}, in the jail are {processes(world, id)}"


@then(phrase('all {n:int} processes in the jail of container "{id}" stand still'))
def _(world: World, n: int, id: str) -> None:
    """Stopped by a signal, as ps says."""
    found = processes(world, id)
    assert len(found) == n, f"in the jail are {found}"
    assert all(state[:1] == "T" for state in found.values()), f"not all are stopped: {found}"


@then(phrase('none of {n:int} processes in the jail of container "{id}" stands still'))
def _(world: World, n: int, id: str) -> None:
    """They run, or wait for something of their own."""
    found = processes(world, id)
    assert len(found) == n, f"in the jail are {found}"
    assert all(state[:1] != "T" for state in found.values()), f"stopped are some of {found}"


@then(phrase('the process of container "{id}" in its jail can gain no privileges'))
def _(world: World, id: str) -> None:
    """As the kernel under a stand-in says; a real host has procctl(2) for it."""
    stand_in(world)
    pid = (world.state(id) or {}).get("pid")
    status = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
    assert "NoNewPrivs:\t1\n" in status, status


@given(phrase('container "{id}" also runs "{command:text}"'))
def _(world: World, id: str, command: str) -> None:
    """A second program in its jail, not a child of the first."""
    result = world.ask("exec", "--detach", id, *shlex.split(command))
    if result.code != 0:
        result.refuse("a second program to run")


@given(phrase("the bundle has a copy for each of {n:int} containers"))
def _(world: World, n: int) -> None:
    """Made now: what a first container has mounted below its root must not be copied for the second."""
    for number in range(n):
        world.bundles.for_container(f"c{number}")


# -- at once, and in the middle ------------------------------------------------------------------


@when(phrase('{n:int} creates of container "{id}" run at once'))
def _(world: World, n: int, id: str) -> None:
    """The result of the one that succeeded becomes the last one, if there is exactly one."""
    started = [world.make("create", id) for _ in range(n)]
    results = [world.finish(running) for running in started]
    winners = [result for result in results if result.code == 0]
    if len(winners) != 1:
        results[-1].refuse(f"one of {n} creates to succeed, not {len(winners)}; the last:")
    told = [result for result in results if "already exists" in result.stderr or result.code == 0]
    others = [result for result in results if result not in told]
    if others:
        others[0].refuse("the other creates to say that it already exists")
    world.results.append(winners[0])


@when(phrase('container "{id}" is being run while "{command}" hangs'))
def _(world: World, id: str, command: str) -> None:
    """The run goes on in the background; a step before has said that the call will hang."""
    node, wanted = stand_in(world), shlex.split(command)
    world.runs[id] = world.make("run", id)
    eventually(
        lambda: any(set(wanted) <= set(argv) for argv in node.calls()), bool, f"{command} to be called"
    )


@when(phrase('the foreground run of container "{id}" is killed'))
def _(world: World, id: str) -> None:
    """By signal KILL: it has no time for anything. What it runs goes on."""
    world.runs[id].process.kill()
    world.runs[id].process.wait()
    eventually(
        lambda: drivers_at_work(world),
        lambda found: all(str(world.runs[id].process.pid) != str(pid) for pid, _ in found),
        "it to be gone",
    )


# -- from outside --------------------------------------------------------------------------------


@when(phrase("the FreeBSD host reboots"))
def _(world: World) -> None:
    """Jails, processes, mounts, limits, rule sets and loaded modules are gone; files are there."""
    node = stand_in(world)
    with given_things(world) as host:
        host.end()
        host.set(rules=[], rulesets=devices.DEFAULT_RULES, modules=["kernel"])
    root = world.runtime.root
    records = list(root.glob("[!@.]*/record.json"))
    if not records:
        pytest.fail("no container has a record", pytrace=False)
    for record in records:
        document = json.loads(record.read_text("utf-8"))
        document["boot_id"] = "0" * 32  # that of the boot before
        record.write_text(json.dumps(document))
    assert not node.jails()


@when(phrase('somebody makes the jail "{name}" with the number that the jail of container "{id}" had'))
def _(world: World, name: str, id: str) -> None:
    """After that one was removed by hand."""
    jid = str(freebsd(world).jail(id)["jid"])
    tool(world, "jail", "-R", jid)
    tool(world, "jail", "-c", f"jid={jid}", f"name={name}", "path=/", "persist")


@then(phrase("the list names {n:int} containers as {status:status}"))
def _(world: World, n: int, status: str) -> None:
    """Of the last command, list --format json."""
    rows = json.loads(world.last.stdout)
    found = sorted(row["id"] for row in rows if row["status"] == status)
    if len(found) != n:
        world.last.refuse(f"{n} containers to be {status}, not {found}")


@then(phrase('the list has the jail number of container "{id}"'))
def _(world: World, id: str) -> None:
    """Its jid, as a number."""
    rows = {row["id"]: row for row in json.loads(world.last.stdout)}
    wanted = int(freebsd(world).jail(id)["jid"])
    seen = rows.get(id, {}).get("jid")
    assert seen == wanted, f"jid {seen!r}, the jail has {wanted}: {rows.get(id)}"
