"""Counts what the suite holds, strictly: what says the same twice counts once.

A scenario definition is a scenario or an outline with all its rows. Definitions with the same
precondition, stimulus and requirements are one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import get_args

from muster.collection import ScenarioEntry
from muster.requirements import Basis, Catalogue

MIGRATION = "migration"
"""The area that is counted apart; all others are of the primary system."""


@dataclass(frozen=True)
class Definition:
    """One scenario or outline, as far as it tells it from the others."""

    id: str
    """feature:line."""
    title: str
    area: str
    given: tuple[str, ...]
    when: tuple[str, ...]
    requirements: frozenset[str]
    """Of all rows of an outline."""
    rows: tuple[str, ...]
    """The ids of what runs."""

    @property
    def substance(self) -> tuple[tuple[str, ...], tuple[str, ...], frozenset[str]]:
        return (self.given, self.when, self.requirements)


@dataclass(frozen=True)
class Count:
    """What one part of the suite holds."""

    definitions: int
    distinct: int
    scenarios: int
    """What runs: each row of an outline is one."""
    requirements: int


def definitions(entries: Iterable[ScenarioEntry]) -> list[Definition]:
    """Put the rows of each outline together again, in the order of the features."""
    rows: dict[str, list[ScenarioEntry]] = {}
    for entry in entries:
        rows.setdefault(f"{entry.feature_name}:{entry.scenario_line}", []).append(entry)
    return [_definition(name, own) for name, own in rows.items()]


def _definition(name: str, rows: Sequence[ScenarioEntry]) -> Definition:
    first = rows[0]
    template = next(
        scenario
        for scenario in first.feature.scenarios.values()
        if scenario.line_number == first.scenario_line
    )
    return Definition(
        id=name,
        title=template.name,
        area=first.area,
        given=tuple(step.name for step in template.steps if step.type == "given"),
        when=tuple(step.name for step in template.steps if step.type == "when"),
        requirements=frozenset(one for row in rows for one in row.requirements),
        rows=tuple(row.id for row in rows),
    )


def count(found: Sequence[Definition]) -> Count:
    return Count(
        definitions=len(found),
        distinct=len({one.substance for one in found}),
        scenarios=sum(len(one.rows) for one in found),
        requirements=len({name for one in found for name in one.requirements}),
    )


def repeated(found: Iterable[Definition]) -> list[tuple[str, str]]:
    """Definitions that say what an earlier one says: (the earlier one, the later one)."""
    first: dict[object, str] = {}
    pairs = []
    for one in found:
        earlier = first.setdefault(one.substance, one.id)
        if earlier != one.id:
            pairs.append((earlier, one.id))
    return pairs


def unshaken(found: Iterable[Definition], failed: Iterable[str]) -> list[Definition]:
    """Definitions that no fault failed in any row; `failed` are ids of scenarios with findings."""
    shaken = set(failed)
    return [one for one in found if not shaken & set(one.rows)]


@dataclass
class Known:
    """How many requirements of one basis are dealt with, and how."""

    exercised: int = 0
    """By a scenario."""
    in_documents: int = 0
    """By a rule that `muster validate` applies to documents and bodies."""
    not_tested: int = 0
    """And the catalogue says why."""
    open: int = 0
    """None of these."""


def by_basis(
    catalogue: Catalogue, cited: Iterable[str], ruled: Iterable[str]
) -> dict[Basis, Known]:
    """Count the catalogue; `cited` are requirements of scenarios, `ruled` those of rules."""
    exercised, in_documents = set(cited), set(ruled)
    counts: dict[Basis, Known] = {basis: Known() for basis in get_args(Basis)}
    for name, one in catalogue.requirements.items():
        known = counts[one.basis]
        if name in exercised:
            known.exercised += 1
        elif name in in_documents:
            known.in_documents += 1
        elif one.not_tested_because:
            known.not_tested += 1
        else:
            known.open += 1
    return counts
