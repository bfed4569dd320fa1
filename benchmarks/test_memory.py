# SPDX-License-Identifier: Apache-2.0
"""The peak memory of every verb, on crun.

With crun, because a command's number includes the driver it waits for: crun needs less than an interpreter,
runc more. nexcage's own part is the same on both.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from benchmarks.memory import peak_mb, reap
from benchmarks.timing import Spread, call

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.budgets import Budget
    from benchmarks.contenders import Contender
    from step_defs.bundle_store import Bundle, BundleStore

    Judge = Callable[[str, Spread, str, Budget | None], None]

REPEAT = 3
SLOW_WAY = ("--log-level", "error")  # what the launcher's short cut does not know: the interpreter starts
COLD = (
    ("list",),
    ("ps", "mem"),
    ("logs", "mem"),
    ("events", "--stats", "mem"),
    ("update", "mem", "--pids-limit", "50"),
    ("features",),
    ("version",),
    ("help",),
    ("stop", "mem", "--timeout", "0"),
)


class Subject:
    """One container and the verbs that need it, each measured in a state that it accepts."""

    def __init__(self, contender: Contender, bundle: Bundle, once: Bundle, work: Path) -> None:
        self.contender = contender
        self.bundle = bundle
        self.once = once
        self.work = work
        self.scratch = contender.root / "@answer"

    def peak(self, verb: str, *arguments: str, slow: bool = False) -> float:
        """Measure one command."""
        argv = self.contender.argv(verb, *arguments)
        if slow:
            argv[1:1] = SLOW_WAY
        return peak_mb(argv, self.scratch)

    def kill(self) -> float:
        """Kill it, and await its end."""
        pid = self._pid()
        peak = self.peak("kill", "mem", "KILL")
        reap(pid)
        return peak

    def _pid(self) -> int:
        return int((self.work / "pid").read_text("utf-8"))

    def hot(self) -> dict[str, float]:
        """Every verb that engines call, in the order of a container's life."""
        pid_file = ("--pid-file", str(self.work / "pid"))
        peaks = {"run": self.peak("run", "--bundle", str(self.once.dir), "mem")}
        for slow in (False, True):
            way = " (by the interpreter)" if slow else ""
            peaks["create"] = self.peak("create", *pid_file, "--bundle", str(self.bundle.dir), "mem")
            peaks[f"start{way}"] = self.peak("start", "mem", slow=slow)
            peaks[f"state{way}"] = self.peak("state", "mem", slow=slow)
            if not slow:
                peaks["exec"] = self.peak("exec", "mem", "true")
                peaks["pause"] = self.peak("pause", "mem")
                peaks["resume"] = self.peak("resume", "mem")
            peaks["kill"] = self.kill()
            peaks[f"delete{way}"] = self.peak("delete", "mem", slow=slow)
        return peaks

    def cold(self) -> dict[str, float]:
        """Every other verb."""
        pid_file = ("--pid-file", str(self.work / "pid"))
        options = (*pid_file, "--stdio", "log", "--bundle", str(self.bundle.dir))
        call(self.contender.argv("create", *options, "mem"))
        call(self.contender.argv("start", "mem"))
        peaks = {}
        for verb, *arguments in COLD:
            peaks[verb] = self.peak(verb, *arguments)
        (self.work / "spec" / "config.json").unlink(missing_ok=True)
        peaks["spec"] = self.peak("spec", "--bundle", str(self.work / "spec"))
        reap(self._pid())
        call(self.contender.argv("delete", "mem"))
        return peaks


@pytest.fixture
def subject(contenders: dict[str, Contender], bundles: BundleStore, work: Path) -> Iterator[Subject]:
    (work / "spec").mkdir(exist_ok=True)
    contender = contenders["nexcage-crun"]
    bundle = bundles.render("memory", "base", args=["sleep", "1000"])
    yield Subject(contender, bundle, bundles.render("memory-run", "base", args=["/bin/true"]), work)
    if os.path.exists(contender.root / "mem"):
        call(contender.argv("delete", "--force", "mem"))


@pytest.mark.parametrize("kind", ["hot", "cold"])
def test_memory(subject: Subject, judge: Judge, budgets: dict[str, Budget], kind: str) -> None:
    measured = [subject.hot() if kind == "hot" else subject.cold() for _ in range(REPEAT)]
    spreads = {verb: Spread(tuple(peaks[verb] for peaks in measured)) for verb in measured[0]}
    for verb, spread in spreads.items():
        judge(f"peak memory of {verb}", spread, "MB", None)
    most = max(spreads, key=lambda verb: spreads[verb].median)
    judge(f"peak memory of the largest {kind} verb, {most}", spreads[most], "MB", budgets[f"{kind}_memory"])
