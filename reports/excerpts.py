"""The findings as the first pages show them: each with its side and the line that it is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from muster.requirements import Catalogue
from muster.results import Results
from reports.exchanges import exchange_views
from reports.offending import Excerpt, excerpt, offending
from reports.sides import Side, side_of_finding
from reports.tally import FindingGroup, Occurrence, finding_groups

OPENLY = 1
"""Occurrences of a group that are shown without being asked for."""
EXCERPTS = 3
FEW_GROUPS = 30
"""With more groups than these, an excerpt is shown for the first occurrence of each only."""
LIMIT = 20_000


@dataclass(frozen=True)
class Shown:
    """One finding with what helps to judge it."""

    at: Occurrence
    side: Side
    excerpt: Excerpt | None
    """None where the exchange is not in the record, or the scenario's page shows it."""


@dataclass(frozen=True)
class ShownGroup:
    group: FindingGroup
    openly: tuple[Shown, ...]
    further: tuple[Shown, ...]

    @property
    def sides(self) -> list[Side]:
        """The different sides in this group."""
        return list(dict.fromkeys(one.side for one in (*self.openly, *self.further)))


def shown_findings(results: Results, catalogue: Catalogue) -> list[ShownGroup]:
    """Return all findings by severity and requirement, those that fail the UE first."""
    groups = finding_groups(results, catalogue)
    excerpts = EXCERPTS if len(groups) <= FEW_GROUPS else OPENLY
    return [_shown(group, catalogue, excerpts) for group in groups]


def _shown(group: FindingGroup, catalogue: Catalogue, excerpts: int) -> ShownGroup:
    shown = tuple(_each(group, catalogue, excerpts))
    return ShownGroup(group, shown[:OPENLY], shown[OPENLY:])


def _each(group: FindingGroup, catalogue: Catalogue, excerpts: int) -> Iterator[Shown]:
    for number, at in enumerate(group.occurrences):
        side = side_of_finding(at.finding, at.scenario, catalogue)
        yield Shown(at, side, _excerpt(at) if number < excerpts else None)


def _excerpt(at: Occurrence) -> Excerpt | None:
    if at.exchange is None:
        return None
    (view,) = exchange_views(at.scenario, LIMIT, only=at.exchange.name)
    return excerpt(offending(at.finding, at.exchange, view.messages), view.messages)
