# SPDX-License-Identifier: Apache-2.0
"""Commands that are killed at each of their effects, and what repair makes of it.

Each time the machine is first brought to where the scenario wants it, then the command is killed at one
point, then nexcage repair is called. All that went wrong at any of the points is told together.
"""

from __future__ import annotations

import dataclasses
import os
import shlex
import shutil
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from pytest_bdd import given, then, when

from step_defs import census, cgroup_tree, crash_points, facts, jail_host, proxmox_node
from step_defs.lifecycle import must
from step_defs.phrases import phrase
from step_defs.world import Container, eventually, mounts_below, named

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from step_defs.census import Census
    from step_defs.crash_points import Point
    from step_defs.world import World

PATIENCE = 2.0  # seconds in which what was killed has to be gone
MOST_LINES = 12  # of what is wrong after one kill
LONGEST_REPAIR = 30.0
SOME = 4  # points, where some will do
FEW = 3  # on stand-ins, whose tools are slow
CACHED = "+ file {dir}/cache/"
FEWEST = 3  # points of a command that does anything
TRIES = 5  # to come to a point: what a command does depends a little on the moment
SAME = 3  # of these, before an earlier point is taken


@dataclasses.dataclass
class Outcome:
    """What was wrong after one kill, by the Then that asks for it."""

    point: str
    alone: list[str] = dataclasses.field(default_factory=list)
    state: list[str] = dataclasses.field(default_factory=list)
    check: list[str] = dataclasses.field(default_factory=list)
    left: list[str] = dataclasses.field(default_factory=list)


class Crashes:
    """The machine that a scenario wants, how to come back to it, and what came of the kills."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.id = ""
        self.status = "absent"
        self.outcomes: list[Outcome] = []
        self.removing: list[list[str]] = []  # commands after which nothing may be left
        self.fewest = FEWEST  # points that a command has at least
        self.meanwhile: Callable[[], None] = lambda: None  # between the kill and the repair
        self.spoils = False  # whether that changes what was prepared
        self.by_itself = False  # whether nexcage goes on, and has to bring things in order without repair
        self.empty: Census = {}
        self.before: Census = {}
        self.after: Census = {}
        (world.dir / "trace").mkdir(exist_ok=True)
        (world.dir / "tmp").mkdir(exist_ok=True)
        world.env |= {census.MARK: str(world.dir), "TMPDIR": str(world.dir / "tmp")}
        world.env.setdefault("NEXCAGE_CACHE", str(world.dir / "cache"))

    def on(self, id_: str, status: str) -> None:
        """A machine on which a container has this status."""
        self.id, self.status = id_, status
        world = self.world
        bundle = world.bundles.for_container(id_)
        world.containers.setdefault(id_, Container(id_, bundle, world.dir / "none"))
        self.removing = [["delete", "--force", *named(id_)]]

    def call(self, *arguments: str) -> None:
        """A command of the preparation."""
        must(self.world.ask(*arguments))

    def prepare(self) -> None:
        """Bring the machine to where the scenario wants it; it is empty before."""
        if self.status == "absent":
            return
        world = self.world
        self.call("create", "--bundle", str(world.bundles.for_container(self.id).dir), *named(self.id))
        if self.status != "created":
            self.call("start", *named(self.id))
            world.await_status(self.id, "running")
        if self.status == "stopped":
            self.call("stop", "--timeout", "0", *named(self.id))
            if world.runtime.driver != facts.NODE_DRIVER:  # where LXC is a model nobody knows that it has run
                world.await_status(self.id, "stopped")
        if self.status == "paused":
            self.call("pause", *named(self.id))

    def clear(self) -> list[str]:
        """The commands after which nothing may be left; what they complain of."""
        there = [argv for argv in self.removing if argv[1] != "delete" or os.path.lexists(argv[2])]
        done = [self.world.ask(*argv) for argv in there]
        return [f"{shlex.join(one.argv)}: {one.stderr.strip()}" for one in done if one.code != 0]

    def survey(self, argv: list[str], before: Sequence[str] = ()) -> None:
        """See the machine empty, before the command and after it; ``before`` are words that trace it."""
        world = self.world
        # for all that stays: the root, directories of the driver, and what the second create finds out
        for _ in range(2 if self.status == "absent" else 1):
            self.prepare()
            world.results.append(world.begin_exactly(argv, "first").wait(world.context))
            must(world.last)
            self.clear()
        self.empty = self.settled(self.empty)
        self.prepare()
        self.meanwhile()
        self.before = self.settled(self.before)
        if self.spoils:
            self.clear()
            self.prepare()
        must(world.begin_exactly([*before, *argv], "clean").wait(world.context))
        self.meanwhile()
        self.after = self.settled(self.after)
        self.clear()
        if unlike := self.unlike(self.empty):
            pytest.fail("it is not removable even without a kill:\n  " + "\n  ".join(unlike), pytrace=False)

    def points(self, argv: list[str]) -> list[Point]:
        """Where a command of nexcage's can be killed."""
        log = self.world.dir / "trace" / "clean"
        self.survey(argv, crash_points.trace(log))
        return crash_points.of(log, (str(self.world.dir), "/etc/pve/"))

    def settled(self, last: Census) -> Census:
        """What there is, as soon as two looks are the same."""
        deadline = time.monotonic() + PATIENCE
        while (now := census.take(self.world)) != last and time.monotonic() < deadline:
            last = now
            time.sleep(0.03)
        return now

    def unlike(self, *wanted: Census) -> list[str]:
        """How the machine differs from the nearest of these, when it does so for long."""
        # after some failures nobody waits any more to be sure
        deadline = time.monotonic() + (PATIENCE if self.failures() < 3 else 0.3)
        while True:
            now = census.take(self.world)
            found = min((self.compare(one, now) for one in wanted), key=len)
            if not found or time.monotonic() > deadline:
                return found
            time.sleep(0.05)

    def failures(self) -> int:
        """How many kills have come out badly so far."""
        return sum(bool(one.state or one.check or one.left) for one in self.outcomes)

    def compare(self, wanted: Census, now: Census) -> list[str]:
        """The differences that count.

        What is whole in the cache may stay there for the next command, and the empty cgroups of a stopped
        container may go: a delete of crun's that was cut short has begun with them, and nobody misses them.
        """
        lines = census.difference(wanted, now)
        stopped = now.get(f"nexcage lists {self.id}") == "stopped"
        return [
            line
            for line in lines
            if not (stopped and line.startswith("- cgroup "))
            and not (line.startswith(CACHED) and self.whole(line))
        ]

    def whole(self, line: str) -> bool:
        """Whether something new is just what the command puts there when nothing disturbs it."""
        thing, _, said = line.removeprefix("+ ").partition(": ")
        return self.after.get(thing) == said

    def words(self, call: str) -> list[str]:
        """A call of the runtime as the whole command."""
        return self.world.runtime.argv(shlex.split(self.world.expand(call)))

    def kill_each(self, call: str, *, most: int | None = None) -> None:
        """Kill nexcage at each point, or at ``most`` so many."""
        world, argv = self.world, self.words(call)

        points = self.points(argv)

        def strike(at: int) -> Callable[[], None]:
            tries = iter([at] * SAME + [max(at - back, 0) for back in range(1, TRIES)])

            def happen() -> None:
                point = points[next(tries)]
                self.outcomes[-1].point = str(point)
                crash_points.kill_at(world, argv, point, world.dir / "trace" / f"{point.call}-{point.when}")

            return happen

        chosen = crash_points.chosen(range(len(points)), most)
        self.strike([(str(points[at]), strike(at)) for at in chosen])

    def strike(self, strokes: Sequence[tuple[str, Callable[[], None]]], *, strict: bool = True) -> None:
        """Let each of these happen on a machine as the scenario wants it, and see what comes of it.

        ``strict``: each has to be reached. What a driver does depends a little on the moment.
        """
        if len(strokes) < self.fewest:
            pytest.fail(f"only {len(strokes)} points: {strokes}", pytrace=False)
        for name, happen in strokes:
            outcome = Outcome(name)
            self.outcomes.append(outcome)
            for attempt in range(TRIES):
                self.prepare()
                try:
                    happen()
                    self.meanwhile()
                    self.judge(outcome)
                    break
                except crash_points.Missed as missed:
                    self.clear()
                    if attempt == TRIES - 1 and strict:
                        outcome.state.append(f"never reached: {missed}")
                    elif attempt == TRIES - 1:
                        self.outcomes.remove(outcome)
        if len(self.outcomes) < max(self.fewest, len(strokes) // 2):
            pytest.fail(f"only {len(self.outcomes)} of {len(strokes)} points were reached", pytrace=False)

    def judge(self, outcome: Outcome) -> None:
        """Repair, compare, check, remove, compare; then the machine is empty again by all means."""
        world = self.world
        if self.by_itself:
            outcome.alone = self.unlike(self.before, self.after)
        repaired = world.ask("repair", "--yes")
        if repaired.code != 0 or repaired.seconds > LONGEST_REPAIR:
            outcome.state.append(repaired.explain("repair to succeed, and soon").replace("\n", "\n    "))
        outcome.state += self.unlike(self.before, self.after)
        checked = world.ask("check", "state", "bundles", "--quiet")
        if checked.code != 0:
            outcome.check.append((checked.stdout + checked.stderr).strip())
        outcome.left = self.clear()
        if left := self.unlike(self.empty):
            outcome.left += left
            wipe(world)

    def refuse(self, kind: str, wanted: str) -> None:
        """Fail with all points at which something of this kind was wrong."""
        __tracebackhide__ = True
        if not self.outcomes:
            pytest.fail("no command has been killed yet in this scenario", pytrace=False)
        bad = [(one.point, lines[:MOST_LINES]) for one in self.outcomes if (lines := getattr(one, kind))]
        if bad:
            told = "\n".join(f"killed {point}\n    " + "\n    ".join(lines) for point, lines in bad)
            pytest.fail(
                f"{wanted}; {len(bad)} of {len(self.outcomes)} kills say else:\n{told}", pytrace=False
            )


def wipe(world: World) -> None:
    """Remove by all means what a failure has left, so that the next point begins on an empty machine."""
    kept = {str(world.runtime.root), *(str(world.dir / name) for name in census.OWN_PLACES)}
    for place in mounts_below(world.dir):
        if place not in kept:
            subprocess.run(["umount", "-l", place], check=False, capture_output=True)
    cgroup_tree.empty(world.cgroup)
    if isinstance(world.node, jail_host.StandIn):
        world.node.freebsd.end()
    if isinstance(world.node, proxmox_node.StandIn):
        for vmid in world.node.cluster.state.containers():
            world.node.run("pct", "destroy", str(vmid), "--force", "1")
    for entry in (*world.runtime.root.glob("*"), *(world.dir / "cache").glob("*"), *world.dir.glob(".*")):
        if census.FOR_SPEED.fullmatch(entry.name):
            continue  # else the next command would do more than the first
        with suppress(OSError):
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


@pytest.fixture
def crashes(world: World) -> Crashes:
    """The kills of one scenario."""
    return Crashes(world)


@given(phrase('a machine on which container "{id}" is {status:word}'))
def _(crashes: Crashes, id: str, status: str) -> None:
    """Absent, created, running, stopped or paused; made again for each kill."""
    if status not in {"absent", "created", "running", "stopped", "paused"}:
        pytest.fail(f"no such status: {status}", pytrace=False)
    crashes.on(id, status)


@given(phrase('a machine on which bundle "{name}" does not exist'))
def _(world: World, crashes: Crashes, name: str) -> None:
    """It is to be made by "bundle create"; nothing is cached when it is tried again."""
    place = str(world.dir / name)
    crashes.removing = [["bundle", "delete", place], ["bundle", "prune"]]


def some(request: pytest.FixtureRequest) -> int | None:
    """How many points "some" are."""
    if request.config.getoption("crash_points") == "all":
        return None
    return FEW if request.getfixturevalue("driver") in (facts.NODE_DRIVER, facts.JAIL_DRIVER) else SOME


@when(phrase('"{call:text}" is killed at each of its effects, each time on such a machine, and repaired'))
def _(crashes: Crashes, call: str) -> None:
    """Nexcage itself, not the tools that it has called: they go on while repair works."""
    crashes.kill_each(call)


@when(phrase('"{call:text}" is killed at some of its effects, each time on such a machine, and repaired'))
def _(request: pytest.FixtureRequest, crashes: Crashes, call: str) -> None:
    """At three or four of them; at all with --crash-points all."""
    crashes.kill_each(call, most=some(request))


@when(phrase('"{call:text}" is killed at each of its effects, and repaired when what it started has ended'))
def _(world: World, crashes: Crashes, call: str) -> None:
    """For a program that ends by itself: while it runs, repair leaves it alone."""
    crashes.meanwhile = lambda: over(world)
    crashes.kill_each(call)


def over(world: World) -> None:
    """Wait until nothing of the scenario runs."""
    eventually(lambda: census.processes(world), lambda found: not found, "what was started to end", 10)


@then(phrase("each time all was so before repair was called"))
def _(crashes: Crashes) -> None:
    """Nexcage itself was not killed, and has brought everything in order."""
    crashes.refuse("alone", "nexcage was to bring all in order by itself")


@then(phrase("each time all is as it was before, or as it would have become"))
def _(crashes: Crashes) -> None:
    """Containers, processes, mounts, cgroups, files; repair has succeeded within 30 seconds."""
    crashes.refuse("state", "all was to be as before the command or as after it")


@then(phrase("each time check has nothing to complain of"))
def _(crashes: Crashes) -> None:
    """In the groups state and bundles."""
    crashes.refuse("check", "check was to have nothing to complain of")


@then(phrase("each time nothing is left when it is removed"))
def _(crashes: Crashes) -> None:
    """By "delete --force" for containers, "bundle delete" and "bundle prune" for bundles."""
    crashes.refuse("left", "nothing was to be left after it was removed")
