# SPDX-License-Identifier: Apache-2.0
"""Steps about what a FreeBSD host was asked to do, and what it has. For scenarios tagged @jail."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import pytest
from pytest_bdd import then

from step_defs.jail import freebsd, stand_in
from step_defs.jail_bundles import JailBundleStore, tree
from step_defs.jail_machine import OWN_SETS
from step_defs.phrases import phrase
from step_defs.world import eventually

if TYPE_CHECKING:
    from collections.abc import Sequence

    from step_defs.world import World


# -- calls ---------------------------------------------------------------------------------------


def listing(calls: Sequence[Sequence[str]]) -> str:
    """All calls, for a reader."""
    return "calls:\n" + "\n".join(f"  {shlex.join(argv)}" for argv in calls)


def alike(world: World, command: str) -> list[list[str]]:
    """Calls by nexcage of a tool with all these words, in any order."""
    tool, *words = shlex.split(world.expand(command))
    return [argv for argv in stand_in(world).calls() if argv[0] == tool and set(words) <= set(argv[1:])]


@then(phrase('the host was asked "{command:text}"'))
def _(world: World, command: str) -> None:
    """The whole command line of one call by nexcage; {jid of web} is the number of the jail "web"."""
    wanted, seen = shlex.split(world.expand(command)), stand_in(world).calls()
    assert wanted in seen, f"no {shlex.join(wanted)} in\n{listing(seen)}"


@then(phrase('the host was asked something like "{pattern:text}"'))
def _(world: World, pattern: str) -> None:
    """A regular expression for the whole command line of one call."""
    seen = stand_in(world).calls()
    found = any(re.fullmatch(world.expand(pattern), shlex.join(argv)) for argv in seen)
    assert found, f"none like {pattern} in\n{listing(seen)}"


@then(phrase('the host was never asked "{command:text}"'))
def _(world: World, command: str) -> None:
    """No call of a tool with all these words, in any order: "umount", "jail -R"; others were made."""
    assert stand_in(world).calls(), "no tool was called at all"
    found = alike(world, command)
    assert not found, listing(found)


@then(phrase('the host was asked "{command}" {n:int} times'))
def _(world: World, command: str, n: int) -> None:
    """Calls of a tool with all these words, in any order, in the whole scenario."""
    found = alike(world, command)
    assert len(found) == n, f"{len(found)} times; all {listing(stand_in(world).calls())}"


@then(phrase('the host did "{first}" before "{second}"'))
def _(world: World, first: str, second: str) -> None:
    """The first call with such words each."""
    calls = stand_in(world).calls()
    places = []
    for command in (first, second):
        found = alike(world, command)
        assert found, f"nobody called {command}\n{listing(calls)}"
        places.append(calls.index(found[0]))
    assert places[0] < places[1], listing(calls)


@then(phrase("the host's tools were called at most {n:int} times"))
def _(world: World, n: int) -> None:
    """By the last command."""
    seen = stand_in(world).calls_of_last()
    assert len(seen) <= n, f"{len(seen)} times; {listing(seen)}"


@then(phrase("none of the host's tools is at work"))
def _(world: World) -> None:
    """No tool, and nothing of nexcage, was left behind, waiting or hanging."""
    eventually(stand_in(world).programs, lambda seen: not seen, "what was called to end")


# -- jails ---------------------------------------------------------------------------------------


@then(phrase("the host has no jail"))
def _(world: World) -> None:
    """None of nexcage's or of anybody's."""
    found = freebsd(world).jails()
    assert not found, f"it has {sorted(found)}"


@then(phrase("the host has {n:int} jails"))
def _(world: World, n: int) -> None:
    """Somebody's included."""
    found = freebsd(world).jails()
    assert len(found) == n, f"it has {sorted(found)}"


@then(phrase('the host now has the jail "{name}"'))
def _(world: World, name: str) -> None:
    """By its whole name: pod.web is web in pod."""
    found = freebsd(world).jails()
    assert name in found, f"it has {sorted(found)}"


@then(phrase('the jail of container "{id}" has {name:word} "{value:text}"'))
def _(world: World, id: str, name: str, value: str) -> None:
    """A parameter as jls tells it: true or false, numbers, lists with commas; "" for an empty one."""
    found, wanted = freebsd(world).jail(id), world.expand(value)
    seen = found.get(name, "")
    assert seen == wanted, f"{name} is {seen!r}, not {wanted!r}: {found}"


@then(phrase('the jail of container "{id}" has {n:int} processes'))
def _(world: World, id: str, n: int) -> None:
    """As the host sees them, the held one included."""
    jid = int(freebsd(world).jail(id)["jid"])
    eventually(lambda: len(freebsd(world).processes(jid)), lambda seen: seen == n, f"{n} processes")


@then(phrase('the process of container "{id}" is in its jail'))
def _(world: World, id: str) -> None:
    """The pid that its state names."""
    jid = int(freebsd(world).jail(id)["jid"])
    pid = (world.state(id) or {}).get("pid")
    found = freebsd(world).processes(jid)
    assert pid in found, f"pid {pid}, in the jail are {found}"


@then(phrase('the jail of container "{id}" runs on the CPUs "{cpus}"'))
def _(world: World, id: str, cpus: str) -> None:
    """As cpuset tells them: 0, 1."""
    node = freebsd(world)
    said = node.answer("cpuset", "-g", "-j", node.jail(id)["jid"]).splitlines()[0]
    assert said.partition("mask: ")[2] == cpus, said


# -- what belongs to a jail ----------------------------------------------------------------------


@then(phrase('{kind:word} is mounted on "{path}"'))
def _(world: World, kind: str, path: str) -> None:
    """A file system of FreeBSD, such as devfs or nullfs: {rootfs}/dev."""
    place = world.expand(path)
    rows = freebsd(world).mounts()
    found = [row["fstype"] for row in rows if row["node"] == place]
    assert found == [kind], f"{place}: {found}; all {[row['node'] for row in rows]}"


@then(phrase('{kind:word} is mounted on "{path}" with "{option}"'))
def _(world: World, kind: str, path: str, option: str) -> None:
    """One of its options as mount shows them: ro, nosuid."""
    place = world.expand(path)
    found = [row for row in freebsd(world).mounts() if row["node"] == place and row["fstype"] == kind]
    assert found, f"no {kind} there: {freebsd(world).mounts()}"
    assert option in found[-1]["opts"], found


@then(phrase('the host has {n:int} mounts below "{path}"'))
def _(world: World, n: int, path: str) -> None:
    """{rootfs} itself included."""
    place = world.expand(path)
    found = [row["node"] for row in freebsd(world).mounts() if f"{row['node']}/".startswith(f"{place}/")]
    assert len(found) == n, f"{len(found)}: {found}"


@then(phrase('the host has the limit "{rule}"'))
def _(world: World, rule: str) -> None:
    """A rule as rctl shows it: jail:web:maxproc:deny=5, bytes as numbers."""
    found = freebsd(world).rules()
    assert world.expand(rule) in found, f"it has {found}"


@then(phrase("the host has {n:int} limits"))
def _(world: World, n: int) -> None:
    """Rules of rctl for anybody."""
    found = freebsd(world).rules()
    assert len(found) == n, f"it has {found}"


@then(phrase("the host has {n:int} rule sets of nexcage"))
def _(world: World, n: int) -> None:
    """Of devfs; nexcage's have numbers from 20000 to 29999."""
    found = sorted(set(freebsd(world).rule_sets()) & set(OWN_SETS))
    assert len(found) == n, f"it has {found}"


@then(phrase('a rule set of nexcage has the rule "{rule}"'))
def _(world: World, rule: str) -> None:
    """Without its number: include 1, path zero unhide mode 640."""
    found = {number: rules for number, rules in freebsd(world).rule_sets().items() if number in OWN_SETS}
    bare = [row.partition(" ")[2] for rules in found.values() for row in rules]
    assert rule in bare, f"there is {found}"


@then(phrase('the host has the interface "{name}" itself'))
def _(world: World, name: str) -> None:
    """It is in no jail."""
    found = freebsd(world).interfaces()
    assert name in found, f"it has {found}"


@then(phrase('the jail of container "{id}" has the interface "{name}"'))
def _(world: World, id: str, name: str) -> None:
    """Its own, since it has a network of its own."""
    node = freebsd(world)
    found = node.interfaces_of(int(node.jail(id)["jid"]))
    assert name in found, f"it has {found}; the host has {node.interfaces()}"


@then(phrase('the host has loaded the module "{name}"'))
def _(world: World, name: str) -> None:
    """As kldstat tells it, without .ko."""
    assert freebsd(world).run("kldstat", "-q", "-n", name).returncode == 0


# -- the end -------------------------------------------------------------------------------------


@then(phrase("nothing is left on the host"))
def _(world: World) -> None:
    """No jail, mount, limit, rule set, moved interface or program but what Given steps put there."""
    eventually(freebsd(world).left, lambda found: not found, "nothing to be left on the host", seconds=2)


@then(phrase('the root of container "{id}" holds what it held before'))
def _(world: World, id: str) -> None:
    """The same names as when it was created: mount points that were made are gone, nobody's are."""
    bundle = world.containers[id].bundle if id in world.containers else world.bundle
    if not isinstance(world.bundles, JailBundleStore) or bundle.name not in world.bundles.trees:
        pytest.fail(f'no container "{id}" was made on a FreeBSD host', pytrace=False)
    before, now = world.bundles.trees[bundle.name], tree(bundle.rootfs)
    assert now == before, f"more: {sorted(now - before)}; less: {sorted(before - now)}"
