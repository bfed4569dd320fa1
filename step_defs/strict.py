# SPDX-License-Identifier: Apache-2.0
"""Refuse what pytest-bdd lets pass in silence: a scenario that never runs, a step that never acts.

``python -m step_defs.strict`` checks the features; with ``--steps`` it prints every phrase.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import pkgutil
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from gherkin.errors import CompositeParserException
from pytest_bdd.steps import StepNamePrefix, step_function_context_registry

import step_defs
from step_defs import gherkin_tree
from step_defs.phrases import Phrase
from step_defs.tags import ISSUES, TAGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import ModuleType

FEATURES = Path(__file__).resolve().parent.parent / "features"


@dataclasses.dataclass(frozen=True)
class StepDefinition:
    """One phrase that a step function answers to."""

    kind: str | None  # given, when, then; None answers to all
    phrase: Phrase
    function: Callable[..., object]
    module: str

    @property
    def place(self) -> str:
        """Where the function is."""
        return f"{self.module}:{self.function.__code__.co_firstlineno}"


def definitions(modules: Iterable[ModuleType]) -> list[StepDefinition]:
    """Find every step that these modules define."""
    found = []
    for module in modules:
        for name, value in vars(module).items():
            if not name.startswith(StepNamePrefix.step_def.value):
                continue
            marker = getattr(value, "__wrapped__", None) or value._get_wrapped_function()
            context = step_function_context_registry[marker]
            if not isinstance(context.parser, Phrase):
                raise TypeError(f"{module.__name__}: write steps with phrase(): {context.parser.name!r}")
            found.append(StepDefinition(context.type, context.parser, context.step_func, module.__name__))
    return found


def own_modules() -> list[ModuleType]:
    """Import every module of step_defs."""
    names = [found.name for found in pkgutil.iter_modules(step_defs.__path__)]
    return [importlib.import_module(f"step_defs.{name}") for name in names]


def check_steps(steps: list[StepDefinition]) -> list[str]:
    """Find phrases that are defined twice or that shadow each other."""
    complaints = []
    for number, step in enumerate(steps):
        for other in steps[number + 1 :]:
            if step.kind and other.kind and step.kind != other.kind:
                continue
            if step.phrase.name == other.phrase.name:
                complaints.append(
                    f'{other.place}: step "{step.phrase.name}" is defined at {step.place} already'
                )
            elif step.phrase.is_matching(other.phrase.example) or other.phrase.is_matching(
                step.phrase.example
            ):
                complaints.append(
                    f'{other.place}: step "{other.phrase.name}" and "{step.phrase.name}" ({step.place})'
                    " answer to the same text"
                )
    return complaints


def check_feature(feature: gherkin_tree.Feature, where: str) -> list[str]:
    """Find what one feature lacks."""
    complaints = []
    if not feature.name:
        return [f"{where}: no feature in this file"]
    if not feature.description:
        complaints.append(f"{where}: the feature has no description")
    if not feature.scenarios:
        complaints.append(f"{where}: the feature has no scenario")
    known: dict[str, int] = {}
    for scenario in feature.scenarios:
        at = f'{where}:{scenario.line}: scenario "{scenario.name}"'
        key = scenario.name.casefold()
        if key in known:
            complaints.append(
                f"{at} has the name of the one in line {known[key]}: only one of them would run"
            )
        known[key] = scenario.line
        complaints += [f"{at} has the unknown tag @{tag}" for tag in sorted(scenario.tags - set(TAGS))]
        if not scenario.tags & set(ISSUES):
            complaints.append(f"{at} carries no issue tag, nor does its feature")
        if not scenario.tags & {"oci", "nexcage"}:
            complaints.append(f"{at} carries neither @oci nor @nexcage")
        if not any(step.kind == "then" for step in scenario.steps):
            complaints.append(f"{at} has no Then: it cannot fail")
        if any("<" in row_name for row in scenario.rows for row_name in row):
            complaints.append(f"{at} has angle brackets in the header of its examples")
        complaints += check_outline(scenario, at)
    return complaints


def check_outline(scenario: gherkin_tree.Scenario, at: str) -> list[str]:
    """Find columns of examples that no step reads: rows that differ only there test nothing."""
    columns = {name for row in scenario.rows for name in row}
    text = "\n".join(f"{step.text}\n{step.block}" for step in scenario.steps) + scenario.name
    unread = sorted(name for name in columns if f"<{name}>" not in text and name != "why")
    return [f"{at}: no step reads the column <{name}>" for name in unread]


def check_use(
    features: list[tuple[str, gherkin_tree.Feature]], steps: list[StepDefinition], *, unused: bool = True
) -> list[str]:
    """Find steps of features that no function, or more than one, answers to; and functions never used."""
    complaints, used = [], set()
    for where, feature in features:
        for scenario in feature.scenarios:
            for step in scenario.written():
                answers = [
                    one
                    for one in steps
                    if one.kind in {None, step.kind} and one.phrase.is_matching(step.text)
                ]
                used |= {one.function for one in answers}
                if not answers:
                    complaints.append(f"{where}:{step.line}: undefined step: {step.kind.title()} {step.text}")
                elif len(answers) > 1:
                    places = ", ".join(one.place for one in answers)
                    complaints.append(f"{where}:{step.line}: ambiguous step: {step.text} ({places})")
    if unused:
        complaints += [
            f'{one.place}: no feature uses the step "{one.phrase.name}"'
            for one in steps
            if one.function not in used
        ]
    return list(dict.fromkeys(complaints))


def check(directory: Path, steps: list[StepDefinition], *, unused: bool = True) -> list[str]:
    """Check all features below a directory against all steps; return the complaints."""
    complaints = check_steps(steps)
    features: list[tuple[str, gherkin_tree.Feature]] = []
    titles: dict[str, list[str]] = defaultdict(list)
    for path in sorted(directory.rglob("*.feature")):
        where = str(path.relative_to(directory.parent))
        try:
            feature = gherkin_tree.read(path)
        except CompositeParserException as error:
            complaints.append(f"{where}: {error}")
            continue
        features.append((where, feature))
        complaints += check_feature(feature, where)
        titles[f'feature "{feature.name}"'].append(where)
        for scenario in feature.scenarios:
            titles[f'scenario "{scenario.name}"'].append(where)
    for title, places in titles.items():
        if len(set(places)) > 1:
            complaints.append(f"{title} is in more than one file: {', '.join(places)}")
    return complaints + check_use(features, steps, unused=unused)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--allow-unused-steps``, for the time when a vocabulary is ahead of its features."""
    parser.getgroup("specification").addoption(
        "--allow-unused-steps", action="store_true", help="do not refuse step functions that no feature uses"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Check all features whenever any of them is run."""
    if not any(item.path.suffix == ".feature" for item in items):
        return
    unused = not config.getoption("allow_unused_steps")
    complaints = check(FEATURES, definitions(own_modules()), unused=unused)
    if complaints:
        raise pytest.UsageError("the specification is not strict:\n  " + "\n  ".join(complaints))


def cheat_sheet(steps: list[StepDefinition]) -> str:
    """List every phrase by module and kind, with what its docstring adds."""
    lines: list[str] = []
    module = ""
    for step in steps:
        if step.module != module:
            module = step.module
            lines += ["", f"# {module.replace('.', '/')}.py"]
        note = (step.function.__doc__ or "").strip().splitlines()[:1]
        lines.append(
            f"{(step.kind or 'any').title():5} {step.phrase.name}" + (f"    — {note[0]}" if note else "")
        )
    return "\n".join(lines).strip()


def main() -> int:
    """Check the features, or print the vocabulary."""
    parser = argparse.ArgumentParser(prog="python -m step_defs.strict", description=__doc__)
    parser.add_argument("--steps", action="store_true", help="print every phrase that a feature may use")
    wanted = parser.parse_args()
    steps = definitions(own_modules())
    if wanted.steps:
        print(cheat_sheet(steps))
        return 0
    complaints = check(FEATURES, steps)
    print("\n".join(complaints) or f"{len(steps)} steps, no complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
