# SPDX-License-Identifier: Apache-2.0
"""The specification as a report: what was promised, what was kept, on which machine. HTML and JSON.

Built from pytest's own reports: pytest-bdd's cucumber file leaves out skipped and undefined scenarios.
"""

from __future__ import annotations

import dataclasses
import json
import re
import shlex
import time
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import pytest
from pytest_bdd.scenario import scenario_wrapper_template_registry

from step_defs import facts, gherkin_tree
from step_defs.tags import ISSUES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

HERE = Path(__file__).resolve().parent
FEATURES = HERE.parent / "features"
TARGET = HERE.parent / "report"
HOST: pytest.StashKey[Callable[[], str]] = pytest.StashKey()  # what kind of host a scenario runs on
# the worst outcome of a scenario's phases is its outcome
SEVERITY = ("passed", "skipped", "failed")


@dataclasses.dataclass
class Run:
    """One run of a scenario: on one driver, with one row of examples."""

    file: str
    scenario: str
    driver: str
    example: str
    host: str = "real"  # a stand-in says so: the report never calls it real
    outcome: str = "passed"
    reason: str = ""
    seconds: float = 0.0
    steps: list[dict[str, Any]] = dataclasses.field(default_factory=list)


class Recorder:
    """Collects runs. Steps travel on the test reports, so that pytest-xdist's workers can send them."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.runs: dict[str, Run] = {}
        self.steps: dict[str, list[dict[str, Any]]] = {}
        self.began = time.monotonic()

    # -- in the process that runs the scenario

    @pytest.hookimpl
    def pytest_bdd_before_step(self, request: pytest.FixtureRequest, step: Any) -> None:
        """Note that a step begins."""
        noted = {"keyword": step.keyword, "text": step.name, "outcome": "passed", "began": time.monotonic()}
        self.steps.setdefault(request.node.nodeid, []).append(noted)

    @pytest.hookimpl
    def pytest_bdd_after_step(self, request: pytest.FixtureRequest) -> None:
        """Note that it passed, and its time."""
        self._end_step(request.node.nodeid, "passed")

    @pytest.hookimpl
    def pytest_bdd_step_error(self, request: pytest.FixtureRequest) -> None:
        """Note that it failed."""
        self._end_step(request.node.nodeid, "failed")

    @pytest.hookimpl
    def pytest_bdd_step_func_lookup_error(self, request: pytest.FixtureRequest, step: Any) -> None:
        """Note a step that nobody has defined."""
        noted = {"keyword": step.keyword, "text": step.name, "outcome": "undefined", "seconds": 0.0}
        self.steps.setdefault(request.node.nodeid, []).append(noted)

    def _end_step(self, nodeid: str, outcome: str) -> None:
        noted = self.steps[nodeid][-1]
        noted |= {"outcome": outcome, "seconds": round(time.monotonic() - noted.pop("began"), 4)}

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Any:
        """Send along who the scenario is and what its steps did."""
        outcome = yield
        function = getattr(item, "function", None)
        template = scenario_wrapper_template_registry.get(function) if function else None
        if template is None:
            return
        report = outcome.get_result()
        callspec = getattr(item, "callspec", None)
        parameters = callspec.params if callspec else {}
        report.scenario = {
            "file": str(item.path.relative_to(FEATURES))
            if item.path.is_relative_to(FEATURES)
            else item.path.name,
            "scenario": template.name,
            "driver": parameters.get("driver", "none"),
            "host": item.stash[HOST]() if HOST in item.stash and report.when != "teardown" else "",
            "example": ", ".join(parameters.get("_pytest_bdd_example", {}).values()),
            "steps": self.steps.get(item.nodeid, []) if report.when == "call" else [],
        }

    # -- in the process that writes the report

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Join the phases of one run."""
        noted = getattr(report, "scenario", None)
        if noted is None:
            return
        run = self.runs.setdefault(
            report.nodeid, Run(noted["file"], noted["scenario"], noted["driver"], noted["example"])
        )
        run.host = noted["host"] or run.host
        run.seconds += report.duration
        run.steps = noted["steps"] or run.steps
        if SEVERITY.index(report.outcome) > SEVERITY.index(run.outcome):
            run.outcome = report.outcome
            run.reason = reason_of(report)

    @pytest.hookimpl
    def pytest_sessionfinish(self) -> None:
        """Write both reports, when any scenario ran."""
        if not self.runs or hasattr(self.config, "workerinput"):
            return
        target = Path(self.config.getoption("spec_report"))
        target.mkdir(parents=True, exist_ok=True)
        document = build(
            FEATURES, self.runs.values(), subject_of(self.config), facts.read(), time.monotonic() - self.began
        )
        (target / "nexcage-spec.json").write_text(json.dumps(document, indent=1) + "\n", "utf-8")
        (target / "nexcage-spec.html").write_text(render(document), "utf-8")

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say where the report is."""
        if self.runs and not hasattr(self.config, "workerinput"):
            target = Path(self.config.getoption("spec_report")) / "nexcage-spec.html"
            terminalreporter.write_line(f"specification report: {target}")


def reason_of(report: pytest.TestReport) -> str:
    """Return why a scenario was skipped or failed."""
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return report.longreprtext


def subject_of(config: pytest.Config) -> dict[str, str]:
    """Name what was tested and where."""
    hosts = str(config.getoption("hosts", None) or "local://")
    return {
        "runtime": shlex.join(config.option.runtime_command),
        "kind": str(config.option.runtime_kind),
        "host": hosts,
    }


def reading_order(directory: Path) -> list[Path]:
    """Order features as features/README.md mentions them; the others follow."""
    readme = directory / "README.md"
    mentioned = re.findall(r"[\w/-]+\.feature", readme.read_text("utf-8")) if readme.exists() else []
    rank = {name: number for number, name in enumerate(dict.fromkeys(mentioned))}
    paths = directory.rglob("*.feature")
    return sorted(paths, key=lambda path: (rank.get(str(path.relative_to(directory)), len(rank)), str(path)))


def worst(outcomes: Iterable[str]) -> str:
    """Judge a scenario by its runs: skipped only when every run was."""
    seen = set(outcomes)
    return next((name for name in ("failed", "passed", "skipped") if name in seen), "not run")


def build(
    directory: Path, runs: Iterable[Run], subject: dict[str, str], machine: facts.Facts, seconds: float
) -> dict[str, Any]:
    """Join features and runs to one document."""
    by_scenario: dict[tuple[str, str], list[Run]] = defaultdict(list)
    for run in runs:
        by_scenario[run.file, run.scenario].append(run)
    features: list[dict[str, Any]] = []
    issues: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for path in reading_order(directory):
        file = str(path.relative_to(directory))
        feature = gherkin_tree.read(path)
        rules: list[dict[str, Any]] = []
        for rule in feature.rules:
            scenarios: list[dict[str, Any]] = []
            for scenario in rule.scenarios:
                own = by_scenario.get((file, scenario.name), [])
                entry = {
                    "name": scenario.name,
                    "anchor": re.sub(r"\W+", "-", f"{file}-{scenario.name}").lower(),
                    "description": scenario.description,
                    "tags": sorted(scenario.tags),
                    "steps": [dataclasses.asdict(step) for step in (*scenario.background, *scenario.steps)],
                    "examples": list(scenario.rows),
                    "outcome": worst(run.outcome for run in own),
                    "seconds": round(sum(run.seconds for run in own), 3),
                    "runs": [dataclasses.asdict(run) for run in own],
                }
                scenarios.append(entry)
                for tag in sorted(scenario.tags & set(ISSUES)):
                    issues[tag].append({key: entry[key] for key in ("name", "anchor", "outcome")})
            rules.append({"name": rule.name, "description": rule.description, "scenarios": scenarios})
        outcomes = [scenario["outcome"] for rule in rules for scenario in rule["scenarios"]]
        features.append(
            {
                "file": file,
                "name": feature.name,
                "description": feature.description,
                "tags": list(feature.tags),
                "rules": rules,
                "outcome": worst(outcome for outcome in outcomes if outcome != "not run"),
                "counts": dict(Counter(outcomes)),
            }
        )
    every = [run for own in by_scenario.values() for run in own]
    return {
        "title": "nexcage specification",
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 1),
        "subject": subject,
        "machine": {**machine.as_rows(), **hosts_of(every)},
        "counts": {
            "scenarios": dict(
                Counter(s["outcome"] for f in features for r in f["rules"] for s in r["scenarios"])
            ),
            "runs": dict(Counter(run.outcome for run in every)),
            "drivers": {
                driver: dict(Counter(run.outcome for run in every if run.driver == driver))
                for driver in sorted({run.driver for run in every})
            },
        },
        "skips": dict(Counter(run.reason for run in every if run.outcome == "skipped")),
        "issues": {
            tag: {"meaning": ISSUES[tag], "scenarios": issues[tag]} for tag in ISSUES if tag in issues
        },
        "features": features,
    }


def hosts_of(runs: Iterable[Run]) -> dict[str, str]:
    """Rows that say how many runs were on a node, and of which kind."""
    counts = Counter(run.host for run in runs if run.host != "real" and run.outcome != "skipped")
    if not counts:
        return {}
    return {"Proxmox VE": "; ".join(f"{number} runs: {host}" for host, number in sorted(counts.items()))}


def render(document: dict[str, Any]) -> str:
    """Make one HTML file that needs no other."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2").render(**document)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--spec-report``."""
    parser.getgroup("specification").addoption(
        "--spec-report", metavar="DIR", default=str(TARGET), help="where the report goes (default: report/)"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Start to record."""
    config.pluginmanager.register(Recorder(config), "nexcage-spec-recorder")
