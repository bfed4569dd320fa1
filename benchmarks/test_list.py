# SPDX-License-Identifier: Apache-2.0
"""``list`` with many records: linear, and quick enough for a person to wait for."""

from __future__ import annotations

import json
import warnings
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks.timing import Rivals, Spread, answer, call, work_time
from nexcage.state.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_benchmark.fixture import BenchmarkFixture

    from benchmarks.budgets import Budget

    Judge = Callable[[str, Spread, str, Budget | None], None]

SIZES = (0, 1_000, 10_000)
ROUNDS = 5


def fill(root: Path, count: int) -> None:
    """Write the records of ``count`` containers of this boot; the driver is asked, and knows none of them."""
    (root / "@crun").mkdir(parents=True)
    boot = Path("/proc/sys/kernel/random/boot_id").read_text("utf-8").strip()
    for number in range(count):
        name = f"container-{number:05d}"
        record = Record(
            id=name,
            driver="crun",
            handle=name,
            oci_version="1.0.2",
            bundle=f"/var/lib/containers/{name}",
            rootfs=f"/var/lib/containers/{name}/rootfs",
            created="2025-01-01T00:00:00.000000Z",
            owner="root",
            boot_id=boot,
            stdio="inherit",
            cgroup_manager="",
            annotations={"org.example.number": str(number)},
        )
        (root / name).mkdir()
        (root / name / "record.json").write_bytes(record.to_json())


@pytest.mark.benchmark(group="list", timer=work_time)
@pytest.mark.parametrize("form", ["table", "json"])
def test_list(
    benchmark: BenchmarkFixture,
    judge: Judge,
    budgets: dict[str, Budget],
    launcher: str,
    roots: Path,
    form: str,
) -> None:
    places = {size: roots / f"list-{form}-{size}" for size in SIZES}
    for size, place in places.items():
        fill(place, size)
    argv = {str(size): [launcher, "--root", str(p), "list", "--format", form] for size, p in places.items()}
    for name, command in argv.items():
        said = answer(command, roots / "list-answer")
        listed = len(json.loads(said)) if form == "json" else said.count("\n") - 1
        assert listed == int(name), f"{listed} of {name} containers listed"
    rivals = Rivals({name: partial(call, command) for name, command in argv.items()})
    none, few, many = map(str, SIZES)
    benchmark.pedantic(  # type: ignore[no-untyped-call]
        lambda: rivals.take(many), setup=lambda: rivals.take(none, few), rounds=ROUNDS
    )
    start = rivals.spread(none)
    ratio = rivals.spread(many).minus(start).over(rivals.spread(few).minus(start))
    linear = Spread(tuple(value / (SIZES[2] / SIZES[1]) for value in ratio.values))
    benchmark.extra_info["linear"] = linear.median
    judge(f"list --format {form} of 1,000", rivals.spread(few), "s", None)
    if rivals.spread(many).median > budgets["list_10000"].at_most:
        warnings.warn(f"list of 10,000 took {rivals.spread(many).median:.2f} s", stacklevel=1)
    judge(f"list --format {form} of 10,000", rivals.spread(many), "s", budgets["list_10000"])
    judge(f"list --format {form}, 10,000 / ten times 1,000", linear, "ratio", budgets["list_linear"])
