# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the benchmarks: a place to work in, the contenders, and the table at the end."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from benchmarks import budgets as budget_file
from benchmarks import layered_image, places
from benchmarks.budgets import Budget, Results, Row
from benchmarks.contenders import Contender, install, make_contenders
from benchmarks.unpacking import need
from step_defs.bundle_store import BundleStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.timing import Spread

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
RESULTS = pytest.StashKey[Results]()


def duration(text: str) -> float:
    """Read ``30s``, ``10m``, ``24h``; a bare number is seconds."""
    number, unit = (text[:-1], text[-1:]) if text[-1:] in UNITS else (text, "s")
    try:
        return float(number) * UNITS[unit]
    except ValueError:
        raise pytest.UsageError(f'--soak takes a duration such as 30s, 10m or 24h, not "{text}"') from None


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("nexcage benchmarks")
    group.addoption("--rounds", type=int, default=30, help="how often each command is timed")
    group.addoption("--soak", type=duration, metavar="DURATION", help="run the leak tests for 30s, 24h, ...")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[RESULTS] = Results()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    results = config.stash[RESULTS]
    if results.rows:
        terminalreporter.section("budgets (budgets.toml)")
        for line in results.lines():
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def budgets() -> dict[str, Budget]:
    return budget_file.load()


@pytest.fixture(scope="session")
def rounds(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--rounds"))


@pytest.fixture
def judge(request: pytest.FixtureRequest) -> Callable[[str, Spread, str, Budget | None], None]:
    """Put a measurement into the table; fail the test when its median is above the budget."""

    def add(what: str, spread: Spread, unit: str, budget: Budget | None = None) -> None:
        row = Row(what, spread.median, spread.least, spread.most, unit, budget)
        request.config.stash[RESULTS].add(row)
        if budget is not None and row.median > budget.limit:
            pytest.fail(
                f"{what}: {row.median:.3g} {unit}, the budget is {budget.at_most:g} (of {len(spread.values)}"
                f" measurements: least {row.least:.3g}, most {row.most:.3g})\n"
                f"budget: {budget.what} ({budget.source})\nmeasured: {budget.how}; see benchmarks/README.md",
                pytrace=False,
            )

    return add


@pytest.fixture(scope="session")
def work(_clean_machine: None) -> Iterator[Path]:
    """A directory on the disk, for bundles and the installed package."""
    try:
        places.check_machine()
    except places.Unsuitable as error:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(str(error))
    with places.disk() as directory:
        yield directory


@pytest.fixture(scope="session")
def cgroup(work: Path) -> str:
    return places.cgroup_of(work)


@pytest.fixture(scope="session")
def roots(work: Path) -> Iterator[Path]:  # noqa: ARG001  # which checks the machine
    """A directory in memory, for records and driver states."""
    with places.records() as directory:
        yield directory


@pytest.fixture(scope="session")
def launcher(work: Path) -> str:
    return str(install(work / "lib"))


@pytest.fixture(scope="session")
def bundles(work: Path, cgroup: str) -> BundleStore:
    return BundleStore(work, cgroup)


@pytest.fixture(scope="session")
def contenders(roots: Path, launcher: str) -> dict[str, Contender]:
    return make_contenders(roots, launcher)


@pytest.fixture(scope="session")
def images(work: Path) -> Path:
    """The large image by gzip and by zstd, a layout each, and its layers uncompressed."""
    need("umoci")
    need("zstd")
    directory = work / "large"
    directory.mkdir()
    facts = layered_image.large(directory, ("gzip", "zstd"))
    assert facts.layers == len(layered_image.LAYERS), facts
    assert facts.whiteouts > 200, facts
    # less only where a machine has nothing to make it of
    assert facts.size > 280 * layered_image.MB, facts
    assert facts.entries > 12_000, facts
    return directory
