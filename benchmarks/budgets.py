# SPDX-License-Identifier: Apache-2.0
"""Budgets as data, and the table of what was measured against them."""

from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path

FILE = Path(__file__).with_name("budgets.toml")


@dataclasses.dataclass(frozen=True)
class Budget:
    """One table of budgets.toml."""

    what: str
    at_most: float
    goal: float
    unit: str
    source: str
    how: str
    slack: float = 1.0  # how far above, by noise alone, a session may be

    @property
    def limit(self) -> float:
        """The value above which a test fails."""
        return self.at_most * self.slack


@dataclasses.dataclass(frozen=True)
class Row:
    """One line of the table; ``budget`` None is for information."""

    what: str
    median: float
    least: float
    most: float
    unit: str
    budget: Budget | None = None

    @property
    def verdict(self) -> str:
        """What the budget says of the median."""
        if self.budget is None:
            return ""
        if self.median > self.budget.limit:
            return f"ABOVE {self.budget.at_most:g}"
        if self.median > self.budget.at_most:
            return f"above {self.budget.at_most:g}, but within its noise"
        word = "goal met" if self.median <= self.budget.goal else "ok"
        return f"{word}: at most {self.budget.at_most:g}, goal {self.budget.goal:g}"


class Results:
    """The rows of one session."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def add(self, row: Row) -> Row:
        """Keep a row for the table."""
        self.rows.append(row)
        return row

    def lines(self) -> list[str]:
        """Render the table."""
        cells = [["measured", "median", "least", "most", "unit", "budget"]]
        for row in self.rows:
            numbers = [f"{number:.2f}" for number in (row.median, row.least, row.most)]
            cells.append([row.what, *numbers, row.unit, row.verdict])
        widths = [max(len(cell[i]) for cell in cells) for i in range(6)]
        return [
            "  ".join(
                cell[i].rjust(widths[i]) if i in {1, 2, 3} else cell[i].ljust(widths[i]) for i in range(6)
            ).rstrip()
            for cell in cells
        ]


def load() -> dict[str, Budget]:
    """Read budgets.toml."""
    tables = tomllib.loads(FILE.read_text("utf-8"))
    return {name: Budget(**table) for name, table in tables.items()}
