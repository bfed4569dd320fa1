# SPDX-License-Identifier: Apache-2.0
"""Hundreds of lifecycles leave everything exactly as it was. ``--soak 24h`` does the same for a day.

One lifecycle is create, start, state, kill, delete; on crun and on runc in turn.
"""

from __future__ import annotations

import io
import json
import os
import sys
import time
from contextlib import contextmanager, redirect_stdout
from typing import TYPE_CHECKING

import pytest

from benchmarks.contenders import PACKAGE, await_end
from benchmarks.leaks import Samples, holdings
from benchmarks.timing import Spread, answer, call
from nexcage.cli.main import main
from step_defs.facts import DRIVERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.budgets import Budget
    from step_defs.bundle_store import BundleStore

    Judge = Callable[[str, Spread, str, Budget | None], None]

LIBRARY_CYCLES = 500
COMMAND_CYCLES = 200
WARM_UP = 20  # cycles until imports, caches and free lists have what they need
SAMPLES = 50
SHOWN = 20
PER_LOCATION = "8 KB"  # 500 cycles that lose one small object each lose 28 kB in one place


class Lifecycles:
    """One lifecycle after another; a subclass says how a command is run."""

    def __init__(self, root: Path, bundles: BundleStore, cgroup: str) -> None:
        self.root = root
        self.cgroup = cgroup
        self.bundles = {name: bundles.render(f"leak-{name}", "base") for name in DRIVERS}
        self.places = [root, *(bundle.dir for bundle in self.bundles.values())]
        root.mkdir(exist_ok=True)

    def do(self, *arguments: str) -> None:
        """Run one command."""
        raise NotImplementedError

    def ask(self, *arguments: str) -> str:
        """Run one command and return what it prints."""
        raise NotImplementedError

    def once(self, number: int) -> None:
        """Bring one container into being, and out of it."""
        driver = DRIVERS[number % len(DRIVERS)]
        self.do("create", "--runtime", driver, "--bundle", str(self.bundles[driver].dir), "leak")
        self.do("start", "leak")
        pid = json.loads(self.ask("state", "leak"))["pid"]
        self.do("kill", "leak", "KILL")
        await_end(pid)
        self.do("delete", "leak")

    def many(self, count: int, seconds: float | None = None) -> Samples:
        """Repeat ``count`` times, or for some seconds, and measure on the way."""
        samples = Samples()
        began = time.monotonic()
        every = max(count // SAMPLES, 1) if not seconds else 100
        cycle = 0
        while time.monotonic() - began < seconds if seconds else cycle < count:
            if cycle % every == 0:
                samples.take(cycle)
            self.once(cycle)
            cycle += 1
        samples.take(cycle)
        print(f"{cycle} lifecycles in {time.monotonic() - began:.0f} s")
        return samples

    def compare(self, repeat: Callable[[], Samples]) -> tuple[Samples, list[str]]:
        """Warm up and repeat; returns the measurements, and by name what is not as it was before."""
        for number in range(WARM_UP):
            self.once(number)
        before = holdings(self.cgroup, self.places)
        samples = repeat()
        deadline = time.monotonic() + 2  # the kernel removes cgroups and processes a moment later
        while (now := holdings(self.cgroup, self.places)) != before and time.monotonic() < deadline:
            time.sleep(0.02)
        return samples, now.lost_and_left(before)


def same(wrong: list[str]) -> None:
    """Fail when anything is not as it was."""
    if wrong:
        shown = "\n  ".join(wrong[:SHOWN])
        more = f"\n  and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
        pytest.fail(f"not as it was before the lifecycles:\n  {shown}{more}", pytrace=False)


class ByLibrary(Lifecycles):
    """All in this process, as a daemon would."""

    def do(self, *arguments: str) -> None:
        status = main(["--root", str(self.root), *arguments])
        if status:
            pytest.fail(f"status {status}: nexcage {' '.join(arguments)}", pytrace=False)

    def ask(self, *arguments: str) -> str:
        with redirect_stdout(io.StringIO()) as said:
            self.do(*arguments)
        return said.getvalue()


class ByCommand(Lifecycles):
    """Each command a process of its own."""

    def __init__(self, launcher: str, root: Path, bundles: BundleStore, cgroup: str) -> None:
        super().__init__(root, bundles, cgroup)
        self.prefix = [launcher, "--root", str(root)]
        self.scratch = root.with_name("leak-answer")

    def do(self, *arguments: str) -> None:
        call([*self.prefix, *arguments])

    def ask(self, *arguments: str) -> str:
        return answer([*self.prefix, *arguments], self.scratch)


@contextmanager
def null_stdio() -> Iterator[None]:
    """Give this process /dev/null for its descriptors 0 to 2, which containers inherit; and back."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept = [os.dup(number) for number in range(3)]
    null = os.open(os.devnull, os.O_RDWR)
    try:
        for number in range(3):
            os.dup2(null, number)
        yield
    finally:
        for number, handle in enumerate(kept):
            os.dup2(handle, number)
            os.close(handle)
        os.close(null)


@pytest.fixture
def soak(request: pytest.FixtureRequest) -> float | None:
    given = request.config.getoption("--soak")
    return None if given is None else float(given)


@pytest.fixture
def by_library(roots: Path, bundles: BundleStore, cgroup: str) -> Iterator[ByLibrary]:
    with null_stdio():
        yield ByLibrary(roots / "leak-library", bundles, cgroup)


@pytest.fixture
def warm(by_library: ByLibrary) -> ByLibrary:
    """Warm before memray looks: what the first cycles allocate for good is no leak."""
    for number in range(WARM_UP):
        by_library.once(number)
    return by_library


def test_library(
    by_library: ByLibrary,
    soak: float | None,
    judge: Judge,
    budgets: dict[str, Budget],
    subtests: pytest.Subtests,
) -> None:
    samples, wrong = by_library.compare(lambda: by_library.many(LIBRARY_CYCLES, soak))
    for column, name in (("resident kB", "leak_rss"), ("objects", "leak_objects")):
        with subtests.test(column):
            slope = Spread((samples.slope(column),))
            judge(f"growth of {column} over 1,000 lifecycles", slope, budgets[name].unit, budgets[name])
    with subtests.test("descriptors, mounts, cgroups, processes, files"):
        same(wrong)


def inside_nexcage(stack: object) -> bool:
    """Whether memory was allocated by nexcage, not by this test."""
    return any(frame.filename.startswith(f"{PACKAGE}/") for frame in stack.frames)  # type: ignore[attr-defined]


@pytest.mark.limit_leaks(PER_LOCATION, filter_fn=inside_nexcage)
def test_library_heap(warm: ByLibrary, soak: float | None) -> None:
    if soak:
        pytest.skip("memray's own record would grow for the whole soak")
    for number in range(LIBRARY_CYCLES):
        warm.once(number)


def test_commands(launcher: str, roots: Path, bundles: BundleStore, cgroup: str, soak: float | None) -> None:
    commands = ByCommand(launcher, roots / "leak-command", bundles, cgroup)
    same(commands.compare(lambda: commands.many(COMMAND_CYCLES, soak))[1])
