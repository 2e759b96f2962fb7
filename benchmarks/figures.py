"""The one shape of what benchmarks find: figures, each with its budget and what came of it.

A benchmark is a module with `figures(tiny) -> list[Figure]`; `tiny` is a setting of seconds, in
which it is seen to work and nothing is to be believed. As programs they all go through `main`.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

RATIO = "x"
"""The unit of a budget that compares a figure with its baseline."""


class Outcome(Enum):
    MET = "met"
    MISSED = "missed"
    NOT_MEASURED = "not measured"
    UNBOUND = "no budget"


@dataclass(frozen=True)
class Budget:
    """The bound of a figure; without `at_least` it is the most that the figure may be."""

    limit: float
    unit: str
    at_least: bool = False

    def __str__(self) -> str:
        return f"{'at least' if self.at_least else 'at most'} {shown(self.limit, self.unit)}"

    def holds(self, value: float) -> bool:
        return value >= self.limit if self.at_least else value <= self.limit


@dataclass(frozen=True)
class Amount:
    """So much of a unit, and of what: `Amount(211.0, "us", "journalled")`."""

    value: float
    unit: str
    of: str = ""

    def __str__(self) -> str:
        return f"{self.of} {shown(self.value, self.unit)}".strip()


@dataclass(frozen=True)
class Figure:
    """One thing that was measured, or why it was not."""

    what: str
    budget: Budget | None
    """None: it is told, and nothing is asked of it."""
    figure: Amount | None = None
    baseline: Amount | None = None
    compared: float | None = None
    """What the budget is about, in its unit; None: the ratio to the baseline, or the figure."""
    reason: str = ""
    """Why it was not measured."""
    note: str = ""
    """What a reader needs to know of how it was measured, or of what bounds it."""

    def __post_init__(self) -> None:
        if (self.figure is None) != bool(self.reason):
            raise ValueError(f"{self.what}: either a figure or the reason why there is none")
        if self.figure is not None:
            self._value(self.figure)

    def _value(self, figure: Amount) -> float:
        if self.compared is not None:
            return self.compared
        if self.budget is None:
            return figure.value
        if self.budget.unit != RATIO:
            if figure.unit != self.budget.unit:
                raise ValueError(f"{self.what}: {figure.unit} do not compare with {self.budget}")
            return figure.value
        if self.baseline is None or self.baseline.unit != figure.unit:
            raise ValueError(f"{self.what}: a ratio needs a baseline in {figure.unit}")
        return figure.value / self.baseline.value

    @property
    def value(self) -> float | None:
        """What is compared with the budget, in its unit; None where nothing was measured."""
        return None if self.figure is None else self._value(self.figure)

    @property
    def outcome(self) -> Outcome:
        if self.value is None:
            return Outcome.NOT_MEASURED
        if self.budget is None:
            return Outcome.UNBOUND
        return Outcome.MET if self.budget.holds(self.value) else Outcome.MISSED


def not_measured(what: str, budget: Budget | None, reason: str) -> Figure:
    return Figure(what, budget, reason=reason)


def shown(value: float, unit: str) -> str:
    """A number with its unit, in three digits or all that stand before the point."""
    digits = 0 if abs(value) >= 100 or value == int(value) else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}{'' if unit == RATIO else ' '}{unit}"


COLUMNS = ("benchmark", "what", "budget", "measured", "outcome", "figure", "baseline")


def row(benchmark: str, figure: Figure) -> list[str]:
    """The texts of `COLUMNS`."""
    return [
        benchmark,
        figure.what,
        str(figure.budget or ""),
        figure.reason or _told(figure),
        figure.outcome.value,
        str(figure.figure or ""),
        str(figure.baseline or ""),
    ]


def _told(figure: Figure) -> str:
    value = figure.value
    assert value is not None
    assert figure.figure is not None
    return shown(value, figure.budget.unit if figure.budget else figure.figure.unit)


STYLES = {
    Outcome.MET: "green",
    Outcome.MISSED: "bold red",
    Outcome.NOT_MEASURED: "yellow",
    Outcome.UNBOUND: "dim",
}


def wide() -> Console:
    """A console that is wide enough for the table where its output is read later."""
    console = Console()
    return console if console.is_terminal else Console(width=180)


def print_table(found: Sequence[tuple[str, Figure]], console: Console | None = None) -> None:
    table = Table(*COLUMNS)
    for benchmark, figure in found:
        *before, outcome, amount, baseline = row(benchmark, figure)
        style = STYLES[figure.outcome]
        table.add_row(*before, f"[{style}]{outcome}[/]", amount, baseline)
    (console or wide()).print(table)


def to_json(figure: Figure) -> dict[str, Any]:
    """All members, with value and outcome for those who only read them."""
    return {**asdict(figure), "value": figure.value, "outcome": figure.outcome.value}


def from_json(members: dict[str, Any]) -> Figure:
    """The inverse of `to_json`; value and outcome are computed again."""
    made: dict[str, Any] = {name: members[name] for name in ("what", "compared", "reason", "note")}
    for name in ("figure", "baseline"):
        made[name] = Amount(**members[name]) if members[name] else None
    budget = Budget(**members["budget"]) if members["budget"] else None
    return Figure(budget=budget, **made)


def medians(calls: Sequence[Callable[[], float]], rounds: int) -> list[float]:
    """The median of what each call tells; in turn, so that a busy machine slows all alike."""
    samples = [[call() for call in calls] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*samples, strict=True)]


def failed(found: Sequence[Figure]) -> bool:
    return any(figure.outcome is Outcome.MISSED for figure in found)


def main(name: str, figures: Callable[[bool], list[Figure]]) -> int:
    """One benchmark as a program: its table, and 1 if a budget is missed."""
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{name}")
    parser.add_argument("--tiny", action="store_true", help="only to see that it works")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    given = parser.parse_args()
    found = figures(given.tiny)
    if given.json:
        given.json.write_text(json.dumps([to_json(figure) for figure in found], indent=1), "utf-8")
    print_table([(name, figure) for figure in found])
    return 1 if failed(found) else 0
