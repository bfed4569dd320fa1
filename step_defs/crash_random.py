# SPDX-License-Identifier: Apache-2.0
"""Kills at random moments: of nexcage alone, or of it and all that it has started.

The same seed gives the same commands, victims and moments; what the machine does at these moments differs a
little.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_bdd import then, when

from step_defs import census
from step_defs.crash import Crashes, Outcome
from step_defs.phrases import phrase

if TYPE_CHECKING:
    from step_defs.runtime import Running
    from step_defs.world import World

USUAL = 25  # kills over all drivers, without --crashes
COMMANDS = {
    "absent": ["create --bundle {bundle} web", "run --detach --bundle {bundle} web"],
    "created": ["start web", "delete --force web"],
    "running": ["stop --timeout 0 web", "delete --force web", "update --memory 64m web"],
    "stopped": ["delete web"],
}
# runc's first process writes to the runc that starts it, and dies of a write that nobody reads
UNREAD = {
    "! nexcage lists web: created -> stopped",
    "! runc lists web: created -> stopped",
    "- process /usr/sbin/runc init: 1",
}
KEPT: pytest.StashKey[Counter[tuple[str, str, str]]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--crashes`` and ``--crash-seed``."""
    group = parser.getgroup("specification")
    group.addoption(
        "--crashes",
        type=int,
        default=USUAL,
        metavar="N",
        help=f"kill commands at N random moments, over all drivers (default: {USUAL})",
    )
    group.addoption("--crash-seed", type=int, default=1, metavar="N", help="another sequence of random kills")


def pytest_configure(config: pytest.Config) -> None:
    """Count what came of the kills."""
    config.stash[KEPT] = Counter()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what came of many kills."""
    counted = config.stash[KEPT]
    if not counted or config.getoption("crashes") == USUAL:
        return
    terminalreporter.section(f"{sum(counted.values())} random kills, seed {config.getoption('crash_seed')}")
    for (command, victims, end), count in sorted(counted.items()):
        terminalreporter.line(f"{count:5}  {command:42} {victims:14} {end}")


def family(pid: int) -> list[int]:
    """A process and all below it."""
    parents: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit() and (text := census.read(Path(f"/proc/{name}/stat"))):
            parents.setdefault(int(text.rpartition(")")[2].split()[1]), []).append(int(name))
    found = [pid]
    for one in found:
        found += parents.get(one, [])
    return found


def kill(running: Running, *, everybody: bool) -> None:
    """Kill the command, and what it has started by now; stopped first, so that nobody flees."""
    victims = [running.process.pid]
    if everybody:
        with suppress(ProcessLookupError):
            os.kill(running.process.pid, signal.SIGSTOP)
        victims = family(running.process.pid)
    for pid in victims:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


class Dice:
    """Commands on one driver, each surveyed when it is thrown first."""

    def __init__(self, request: pytest.FixtureRequest, world: World) -> None:
        self.world = world
        self.counted = request.config.stash[KEPT]
        self.seed = request.config.getoption("crash_seed")
        self.random = random.Random(f"{self.seed} {world.runtime.driver}")  # noqa: S311  # no secret
        self.share = request.config.getoption("crashes") / USUAL
        self.known: dict[tuple[str, str], tuple[Crashes, float]] = {}
        self.outcomes: list[Outcome] = []
        self.late = 0  # kills of commands that were over by then

    def surveyed(self, status: str, call: str) -> tuple[Crashes, float]:
        """What the command does undisturbed, and how long that takes."""
        if (status, call) not in self.known:
            crashes = Crashes(self.world)
            crashes.on("web", status)
            crashes.survey(crashes.words(call))
            took = [one.seconds for one in self.world.results if one.argv == tuple(crashes.words(call))]
            self.known[status, call] = crashes, min(took)
        return self.known[status, call]

    def throw(self, number: int) -> None:
        """One kill and what comes of it."""
        status = self.random.choice(sorted(COMMANDS))
        call = self.random.choice(COMMANDS[status])
        everybody = self.random.random() < 0.5
        part = self.random.random()
        crashes, took = self.surveyed(status, call)
        victims = "all processes" if everybody else "nexcage"
        crashes.prepare()
        running = self.world.begin_exactly(crashes.words(call), "random")
        time.sleep(part * took)
        kill(running, everybody=everybody)
        result = running.wait(self.world.context)
        moment = f"{1000 * part * took:.1f} of {1000 * took:.1f} ms"
        outcome = Outcome(f"{number}: {call} ({status}), {victims} after {moment}, seed {self.seed}")
        crashes.judge(outcome)
        self.outcomes.append(outcome)
        end = "was over already" if result.code != -signal.SIGKILL else "mended"
        if everybody and call == "start web" and set(outcome.state) == UNREAD:
            outcome.state.clear()  # the one end that nobody can mend: it is counted, and in README.md
            end = "stopped with runc"
        self.late += end == "was over already"
        bad = [name for name in ("state", "check", "left") if getattr(outcome, name)]
        driver = self.world.runtime.driver
        self.counted[f"{driver} {call.replace('--bundle {bundle} ', '')}", victims, " ".join(bad) or end] += 1


@pytest.fixture
def dice(request: pytest.FixtureRequest, world: World) -> Dice:
    """Of the scenario's driver."""
    return Dice(request, world)


@when(phrase("random commands are killed at {n:int} random moments, and repaired"))
def _(crashes: Crashes, dice: Dice, n: int) -> None:
    """Or at so many times more as --crashes is more than 25."""
    for number in range(max(1, round(n * dice.share))):
        dice.throw(number)
        if dice.outcomes[-1].left:
            break  # what is left would be found after each of the next ones
    crashes.outcomes = dice.outcomes


@then(phrase("not nearly all of them were over before they could be killed"))
def _(dice: Dice) -> None:
    """Else the moments would prove little: less than three of four."""
    assert dice.late < len(dice.outcomes) * 3 / 4, f"{dice.late} of {len(dice.outcomes)}"
