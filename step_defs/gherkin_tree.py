# SPDX-License-Identifier: Apache-2.0
"""Feature files as plain data, for the checks of ``strict`` and for the report."""

from __future__ import annotations

import dataclasses
import textwrap
from typing import TYPE_CHECKING, Any, cast

from gherkin.parser import Parser

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KINDS = {"Context": "given", "Action": "when", "Outcome": "then"}


@dataclasses.dataclass(frozen=True)
class Step:
    """One step as written, with the kind that And and But inherit."""

    keyword: str
    kind: str
    text: str
    block: str  # a doc string or a table, as written
    line: int


@dataclasses.dataclass(frozen=True)
class Scenario:
    """A scenario, or an outline with its rows."""

    name: str
    description: str
    tags: frozenset[str]  # with those of rule and feature
    own_tags: tuple[str, ...]
    background: tuple[Step, ...]
    steps: tuple[Step, ...]
    rows: tuple[dict[str, str], ...]  # of all examples; empty for a plain scenario
    line: int

    def written(self) -> Iterator[Step]:
        """All steps as they run: an outline once per row, its holes filled."""
        for row in self.rows or ({},):
            for step in (*self.background, *self.steps):
                text = step.text
                for name, value in row.items():
                    text = text.replace(f"<{name}>", value)
                yield dataclasses.replace(step, text=text)


@dataclasses.dataclass(frozen=True)
class Rule:
    """A rule with the scenarios that show it; the first, nameless one holds those outside any rule."""

    name: str
    description: str
    scenarios: tuple[Scenario, ...]


@dataclasses.dataclass(frozen=True)
class Feature:
    """One feature file."""

    path: Path
    name: str
    description: str
    tags: tuple[str, ...]
    rules: tuple[Rule, ...]

    @property
    def scenarios(self) -> list[Scenario]:
        """All scenarios in the order of the file."""
        return [scenario for rule in self.rules for scenario in rule.scenarios]


def read(path: Path) -> Feature:
    """Parse a feature file; syntax errors are gherkin's own exceptions."""
    document = cast("dict[str, Any]", Parser().parse(path.read_text("utf-8")))
    feature: dict[str, Any] = document.get("feature") or {"name": "", "tags": [], "children": []}
    tags = names(feature)
    background: tuple[Step, ...] = ()
    loose: list[Scenario] = []
    rules: list[Rule] = []
    for child in feature["children"]:
        if "background" in child:
            background = steps_of(child["background"])
        elif "scenario" in child:
            loose.append(scenario_of(child["scenario"], tags, background))
        else:
            rule = child["rule"]
            inner, inside = background, []
            for grandchild in rule["children"]:
                if "background" in grandchild:
                    inner = (*background, *steps_of(grandchild["background"]))
                else:
                    inside.append(scenario_of(grandchild["scenario"], [*tags, *names(rule)], inner))
            rules.append(Rule(rule["name"], prose(rule), tuple(inside)))
    if loose:
        rules.insert(0, Rule("", "", tuple(loose)))
    return Feature(path, feature["name"], prose(feature), tuple(tags), tuple(rules))


def names(node: dict[str, Any]) -> list[str]:
    """Return a node's tags without the at sign."""
    return [tag["name"].removeprefix("@") for tag in node["tags"]]


def prose(node: dict[str, Any]) -> str:
    """Return the free text of a node."""
    return textwrap.dedent(node.get("description") or "").strip()


def scenario_of(node: dict[str, Any], inherited: list[str], background: tuple[Step, ...]) -> Scenario:
    """Read a scenario or an outline."""
    rows: list[dict[str, str]] = []
    tags = [*inherited, *names(node)]
    for examples in node["examples"]:
        tags += names(examples)
        header = [cell["value"] for cell in examples.get("tableHeader", {}).get("cells", [])]
        rows += [
            dict(zip(header, (cell["value"] for cell in row["cells"]), strict=True))
            for row in examples.get("tableBody", [])
        ]
    return Scenario(
        node["name"],
        prose(node),
        frozenset(tags),
        tuple(names(node)),
        background,
        steps_of(node),
        tuple(rows),
        node["location"]["line"],
    )


def steps_of(node: dict[str, Any]) -> tuple[Step, ...]:
    """Read the steps of a scenario or background."""
    kind, found = "given", []
    for step in node["steps"]:
        kind = KINDS.get(step["keywordType"], kind)
        block = step.get("docString", {}).get("content", "")
        if "dataTable" in step:
            table = [[cell["value"] for cell in row["cells"]] for row in step["dataTable"]["rows"]]
            block = "\n".join("| " + " | ".join(row) + " |" for row in table)
        found.append(Step(step["keyword"].strip(), kind, step["text"], block, step["location"]["line"]))
    return tuple(found)
