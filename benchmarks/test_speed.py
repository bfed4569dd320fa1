# SPDX-License-Identifier: Apache-2.0
"""Each operation of nexcage against the same one of runc, in turns, as ratios of neighbours in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.timing import Rivals, until_clear, work_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_benchmark.fixture import BenchmarkFixture

    from benchmarks.budgets import Budget
    from benchmarks.contenders import Contender
    from benchmarks.timing import Spread
    from step_defs.bundle_store import BundleStore

    Judge = Callable[[str, Spread, str, Budget | None], None]

REFERENCE = "runc"
JUDGED = "nexcage-crun"
MOST = 5


class Race:
    """Rivals under pytest-benchmark: its rounds are those of nexcage on crun, the rivals run between them."""

    def __init__(
        self, benchmark: BenchmarkFixture, judge: Judge, budgets: dict[str, Budget], rounds: int
    ) -> None:
        self.benchmark = benchmark
        self.judge = judge
        self.budgets = budgets
        self.rounds = rounds

    def run(self, what: str, actions: dict[str, Callable[[], object]]) -> None:
        """Measure, report every rival, judge the one that has a budget.

        While chance could turn the verdict, more rounds are run, up to `MOST` times as many.
        """
        rivals = Rivals(actions)
        rivals.warm_up()
        others = [name for name in actions if name != JUDGED]

        def rest_of_round() -> None:
            rivals.take(*others)
            others.append(others.pop(0))  # so that nobody always follows the same one

        self.benchmark.pedantic(  # type: ignore[no-untyped-call]
            lambda: rivals.take(JUDGED), setup=rest_of_round, rounds=self.rounds
        )

        def another() -> None:
            rest_of_round()
            rivals.take(JUDGED)

        def verdicts() -> list[tuple[Spread, float]]:
            return [(rivals.spread(JUDGED).over(rivals.spread(REFERENCE)), self.budgets[what].limit)]

        until_clear(verdicts, another, (MOST - 1) * self.rounds)
        reference = rivals.spread(REFERENCE)
        for name in actions:
            spread = rivals.spread(name)
            ratios = spread.over(reference)
            self.benchmark.extra_info[name] = {
                "median_ms": spread.median * 1000,
                "ratio_to_runc": {"median": ratios.median, "min": ratios.least, "max": ratios.most},
            }
            print(f"{what}: {name} {spread.median * 1000:.1f} ms, {ratios.median:.2f} of runc")
        for name in (*others, JUDGED):
            if name != REFERENCE:
                budget = self.budgets[what] if name == JUDGED else None
                self.judge(f"{what}, {name} / runc", rivals.spread(name).over(reference), "ratio", budget)


@pytest.fixture
def race(benchmark: BenchmarkFixture, judge: Judge, budgets: dict[str, Budget], rounds: int) -> Race:
    return Race(benchmark, judge, budgets, rounds)


@pytest.mark.benchmark(group="run", timer=work_time)
def test_run(race: Race, contenders: dict[str, Contender], bundles: BundleStore) -> None:
    def action(contender: Contender) -> Callable[[], object]:
        bundle = bundles.render(f"run-{contender.name}", "base", args=["/bin/true"])
        return lambda: contender.run(bundle)

    race.run("run", {name: action(contender) for name, contender in contenders.items()})


@pytest.mark.benchmark(group="lifecycle", timer=work_time)
def test_lifecycle(race: Race, contenders: dict[str, Contender], bundles: BundleStore) -> None:
    def action(contender: Contender) -> Callable[[], object]:
        bundle = bundles.render(f"life-{contender.name}", "base", args=["sleep", "1000"])
        return lambda: contender.lifecycle(bundle)

    race.run("lifecycle", {name: action(contender) for name, contender in contenders.items()})


@pytest.fixture
def running(contenders: dict[str, Contender], bundles: BundleStore) -> Iterator[dict[str, Contender]]:
    """One running container each."""
    for contender in contenders.values():
        contender.create(bundles.render(f"state-{contender.name}", "base", args=["sleep", "1000"]))
    yield contenders
    for contender in contenders.values():
        contender.remove()


@pytest.mark.benchmark(group="state", timer=work_time)
def test_state(race: Race, running: dict[str, Contender]) -> None:
    race.run("state", {name: contender.ask_state for name, contender in running.items()})
