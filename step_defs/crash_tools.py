# SPDX-License-Identifier: Apache-2.0
"""crun and runc that are killed or fail at one verb: a program of their name is found first on PATH.

crun is killed exactly, at each of its own effects. runc is many threads of which now one and now another
acts: it is killed after some time.
"""

from __future__ import annotations

import shlex
import shutil
import signal
import time
from functools import partial
from typing import TYPE_CHECKING

import pytest
from pytest_bdd import when

from step_defs import crash_points
from step_defs.crash import PATIENCE, Crashes, some
from step_defs.phrases import phrase
from step_defs.runtime import BASE_ENVIRONMENT
from step_defs.world import eventually

if TYPE_CHECKING:
    from collections.abc import Callable

    from step_defs.world import World

# the fault is in a file of its own, for nexcage looks when the program was changed; it comes once
WRAPPER = """#!/bin/sh
[ ! -e {fault} ] || . {fault}
exec {program} "$@"
"""
FAULT = """for word; do
    if [ "$word" = {verb} ]; then
        rm {fault}
        {words}
    fi
done
"""
GIVING_UP = 10.0  # seconds in which nexcage has to end when it is told to
ENDED = (-signal.SIGTERM, 128 + signal.SIGTERM)
MOMENTS = 10  # after which runc is killed, spread over the time that it takes


class Tool:
    """The scenario's driver, with a fault that it will have once."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.name = world.runtime.driver
        self.program = shutil.which(self.name, path=BASE_ENVIRONMENT["PATH"]) or self.name
        self.place = world.dir / "tools"
        self.file = world.dir / "trace" / "fault"
        self.log = world.dir / "trace" / "tool"
        self.place.mkdir(exist_ok=True)
        wrapper = self.place / self.name
        wrapper.write_text(WRAPPER.format(fault=self.file, program=self.program))
        wrapper.chmod(0o755)
        world.env["PATH"] = f"{self.place}:{BASE_ENVIRONMENT['PATH']}"

    def fault(self, verb: str, words: str) -> None:
        """What the next call of the verb will do in place of its work: words of a shell."""
        self.file.write_text(FAULT.format(verb=verb, words=words, fault=self.file))

    def traced(self, verb: str, *more: str) -> None:
        """The next call of the verb is traced; strace is not its parent (-D): nexcage knows no difference."""
        tracing = crash_points.trace(self.log, *more)
        self.fault(verb, shlex.join(["exec", tracing[0], "-D", *tracing[1:], self.program]) + ' "$@"')

    def ended(self) -> None:
        """Wait until the call that was to be killed has ended, and with it its strace."""
        deadline = time.monotonic() + PATIENCE
        while "+++ " not in (said := self.log.read_text() if self.log.exists() else ""):
            if time.monotonic() > deadline:
                raise crash_points.Missed(f"{self.name} has not ended: {said[-300:]}")
            time.sleep(0.01)
        if "+++ killed by SIGKILL" not in said:
            raise crash_points.Missed(f"{self.name} was not killed: {said[-300:]}")


@pytest.fixture
def tool(world: World, crashes: Crashes) -> Tool:
    """The driver of the scenario, found first on PATH; ``crashes`` has made its places."""
    return Tool(world)


def moments(crashes: Crashes, tool: Tool, argv: list[str], verb: str) -> list[tuple[str, Callable[[], None]]]:
    """Times after which the driver is killed."""
    crashes.survey(argv)
    crashes.prepare()
    began = time.monotonic()
    crashes.world.begin_exactly(argv, "timed").wait(crashes.world.context)
    longest = time.monotonic() - began
    crashes.clear()

    def arm(seconds: float) -> Callable[[], None]:
        kill = f'exec timeout --foreground --signal KILL {seconds:.4f} {tool.program} "$@"'
        return lambda: tool.fault(verb, kill)

    times = [longest * number / MOMENTS for number in range(1, MOMENTS + 1)]
    return [(f"after {1000 * seconds:.1f} ms of {tool.name} {verb}", arm(seconds)) for seconds in times]


def effects(crashes: Crashes, tool: Tool, argv: list[str], verb: str) -> list[tuple[str, Callable[[], None]]]:
    """Effects of the driver at which it is killed."""
    crashes.survey(argv)
    crashes.prepare()
    tool.traced(verb)
    crashes.world.begin_exactly(argv, "traced").wait(crashes.world.context)
    eventually(
        lambda: tool.log.read_text() if tool.log.exists() else "", lambda text: "+++ " in text, "a trace"
    )
    points = crash_points.of(tool.log, (str(crashes.world.dir), "/sys/fs/cgroup", "/proc/"))
    crashes.clear()

    def arm(point: crash_points.Point) -> Callable[[], None]:
        inject = f"inject={point.call}:signal=SIGKILL:when={point.when}"
        return lambda: tool.traced(verb, "-e", inject)

    return [(f"{tool.name} {verb} {point}", arm(point)) for point in points]


def kill_tool(crashes: Crashes, tool: Tool, call: str, verb: str, most: int | None, *, both: bool) -> None:
    """Kill the driver at each point, or at ``most`` so many; ``both``: nexcage too, while it waits."""
    world, argv = crashes.world, crashes.words(call)
    exact = tool.name == "crun"
    strokes = (effects if exact else moments)(crashes, tool, argv, verb)
    waiting = None
    if both:
        points = crashes.points(argv)
        waiting = [point for point in points if point.call in crash_points.WAITING.split()][-1]
    crashes.by_itself, crashes.fewest = not both, 1  # an update writes one limit

    def happen(arm: Callable[[], None]) -> None:
        arm()
        tool.log.unlink(missing_ok=True)
        if waiting is None:
            world.results.append(world.begin_exactly(argv, "cut").wait(world.context))
        else:
            crash_points.kill_at(world, argv, waiting, world.dir / "trace" / "both")
        if exact:
            tool.ended()

    chosen = crash_points.chosen(strokes, most)
    crashes.strike([(name, partial(happen, arm)) for name, arm in chosen], strict=False)


@when(phrase('the driver\'s "{verb}" is killed at some of its effects during "{call:text}"'))
def _(request: pytest.FixtureRequest, crashes: Crashes, tool: Tool, call: str, verb: str) -> None:
    """The driver, not nexcage; what the driver has started lives on. In the end repair is called."""
    kill_tool(crashes, tool, call, verb, some(request), both=False)


@when(phrase('nexcage and the driver\'s "{verb}" are killed at some of its effects during "{call:text}"'))
def _(request: pytest.FixtureRequest, crashes: Crashes, tool: Tool, call: str, verb: str) -> None:
    """Both: nexcage while it waits for the driver. In the end repair is called."""
    kill_tool(crashes, tool, call, verb, some(request), both=True)


@when(phrase('the driver\'s "{verb}" says {status:int} before and after its work during "{call:text}"'))
def _(crashes: Crashes, tool: Tool, call: str, verb: str, status: int) -> None:
    """It does nothing, or all, and exits with this status each time; it prints no reason."""
    argv = crashes.words(call)
    crashes.survey(argv)
    crashes.by_itself, crashes.fewest = True, 2

    def happen(words: str) -> None:
        tool.fault(verb, words)
        result = crashes.world.begin_exactly(argv, "failing").wait(crashes.world.context)
        crashes.world.results.append(result)
        if tool.file.exists():
            raise crash_points.Missed(f"{tool.name} {verb} was not called: {result.stderr}")
        if result.code != 1 or not result.stderr.startswith("nexcage: "):
            crashes.outcomes[-1].alone.append(result.explain("an error of nexcage's"))

    faults = {"before": f"exit {status}", "after": f'{tool.program} "$@"; exit {status}'}
    strokes = [(f"{verb} fails {name} its work", partial(happen, words)) for name, words in faults.items()]
    crashes.strike(strokes)


@when(phrase('the driver\'s "{verb}" hangs before and after its work during "{call:text}", and is given up'))
def _(crashes: Crashes, tool: Tool, call: str, verb: str) -> None:
    """It does nothing, or all, and does not end; then the caller asks nexcage, and nobody else, to end."""
    world, argv = crashes.world, crashes.words(call)
    crashes.survey(argv)
    crashes.by_itself, crashes.fewest = True, 2
    hangs = world.dir / "trace" / "hangs"

    def happen(words: str) -> None:
        hangs.unlink(missing_ok=True)
        tool.fault(verb, f"{words}: >{hangs}; exec sleep 1000")
        running = world.begin_exactly(argv, "hanging")
        eventually(hangs.exists, bool, f"{tool.name} {verb} to hang")
        running.process.terminate()
        result = running.wait(world.context, GIVING_UP)
        world.results.append(result)
        if result.code not in ENDED:
            crashes.outcomes[-1].alone.append(result.explain("to end as it was told to"))

    faults = {"before": "", "after": f'{tool.program} "$@"; '}
    crashes.strike(
        [(f"while {verb} hangs {name} its work", partial(happen, words)) for name, words in faults.items()]
    )
