"""The sequence chart of a scenario as plain data: who took part, and what went between them.

Where things stand on the page is the page's own affair (templates/js/chart.js).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from muster.evidence import Exchange, Window
from muster.results import Connection, ScenarioResult, Stimulus
from reports.text import short

SYSTEMS = ("primary", "partner")
SERVERS = ("bootstrap", "idms", "cms", "gms", "kms", "sip")
NOTABLE = ("tls-failed", "unparsed", "cut-short", "reset")


@dataclass(frozen=True)
class Lifeline:
    system: str
    server: str


@dataclass(frozen=True)
class Row:
    """One line of the chart."""

    kind: str
    """exchange, stimulus, connection or wait."""
    line: int
    """The lifeline that the UE spoke with, counted from 0; -1 where it acts by itself."""
    label: str = ""
    name: str = ""
    """Of the exchange, which tells the rest."""
    tone: str = ""
    """finding, refused or empty."""


@dataclass(frozen=True)
class Chart:
    lifelines: tuple[Lifeline, ...]
    rows: tuple[Row, ...]


def chart(scenario: ScenarioResult) -> Chart | None:
    """Return what went over the wire; None if nothing did."""
    seen = [event.what for event in scenario.events]
    talks = [what for what in seen if isinstance(what, Exchange) or _notable(what)]
    lifelines = _lifelines({(talk.system, talk.server) for talk in talks})  # type: ignore[union-attr]
    if not lifelines:
        return None
    found = frozenset(finding.exchange for finding in scenario.findings)
    return Chart(lifelines, tuple(_rows(seen, lifelines, found)))


def _notable(what: object) -> bool:
    return isinstance(what, Connection) and what.event in NOTABLE


def _lifelines(parties: set[tuple[str, str]]) -> tuple[Lifeline, ...]:
    def place(party: tuple[str, str]) -> tuple[int, int, str, str]:
        return _rank(party[0], SYSTEMS), _rank(party[1], SERVERS), *party

    return tuple(Lifeline(*party) for party in sorted(parties, key=place))


def _rank(name: str, order: Sequence[str]) -> int:
    return order.index(name) if name in order else len(order)


def _rows(
    seen: Sequence[object], lifelines: Sequence[Lifeline], found: frozenset[str]
) -> Iterator[Row]:
    at = {(line.system, line.server): number for number, line in enumerate(lifelines)}
    for what in seen:
        if isinstance(what, Exchange):
            yield _arrow(what, at[what.system, what.server], found)
        elif isinstance(what, Stimulus):
            tone = "" if what.answer == "done" else "refused"
            yield Row("stimulus", -1, f"{what.operation}: {what.answer}", tone=tone)
        elif isinstance(what, Window):
            yield Row("wait", len(lifelines) - 1, f"quiet for {what.ends - what.begins:.1f} s")
        elif isinstance(what, Connection) and _notable(what):
            end = at[what.system, what.server]
            yield Row("connection", end, _event_told(what), tone="refused")


def _arrow(exchange: Exchange, line: int, found: frozenset[str]) -> Row:
    refused = exchange.status is None or exchange.status >= 400
    tone = "finding" if exchange.name in found else "refused" if refused else ""
    return Row("exchange", line, "", exchange.name, tone)


def _event_told(what: Connection) -> str:
    detail = what.details.get("alert") or what.details.get("reason") or ""
    return short(f"{what.event} {detail}".strip(), 40)
