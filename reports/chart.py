"""The sequence chart of a scenario: who spoke to whom, laid out in plain numbers for a template."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from muster.evidence import Exchange, HttpExchange, Window
from muster.results import Connection, ScenarioResult, Stimulus
from reports.text import short

SYSTEMS = ("primary", "partner")
SERVERS = ("bootstrap", "idms", "cms", "gms", "kms", "sip")
NOTABLE = ("tls-failed", "unparsed", "reset")

LEFT = 46
FIRST = 150
"""Room between the UE and the first server: the words of an arrow stand there."""
COLUMN = 92
TOP = 30
ROW = 34
LETTER = 67
"""Width of a letter of the chart's monospaced font, in tenths of a pixel."""


@dataclass(frozen=True)
class Lifeline:
    system: str
    server: str
    x: int


@dataclass(frozen=True)
class Row:
    """One line of the chart, from the UE (x1) to a server (x2) or the other way round."""

    kind: str
    """exchange, stimulus, connection or wait."""
    y: int
    x1: int
    x2: int
    label: str
    name: str = ""
    status: str = ""
    tone: str = ""
    """finding, refused or empty."""


@dataclass(frozen=True)
class Chart:
    width: int
    height: int
    ue: int
    lifelines: tuple[Lifeline, ...]
    rows: tuple[Row, ...]


def chart(scenario: ScenarioResult) -> Chart | None:
    """Lay out what went over the wire; None if nothing did."""
    seen = [event.what for event in scenario.events]
    talks = [what for what in seen if isinstance(what, Exchange) or _notable(what)]
    lifelines = _lifelines({(talk.system, talk.server) for talk in talks})  # type: ignore[union-attr]
    if not lifelines:
        return None
    found = frozenset(finding.exchange for finding in scenario.findings)
    rows = tuple(_rows(seen, lifelines, found))
    width = lifelines[-1].x + COLUMN // 2 + 8
    return Chart(width, TOP + ROW * (len(rows) + 1), LEFT, lifelines, rows)


def _notable(what: object) -> bool:
    return isinstance(what, Connection) and what.event in NOTABLE


def _lifelines(parties: set[tuple[str, str]]) -> tuple[Lifeline, ...]:
    def place(party: tuple[str, str]) -> tuple[int, int, str, str]:
        return _rank(party[0], SYSTEMS), _rank(party[1], SERVERS), *party

    ordered = sorted(parties, key=place)
    return tuple(Lifeline(*party, LEFT + FIRST + COLUMN * at) for at, party in enumerate(ordered))


def _rank(name: str, order: Sequence[str]) -> int:
    return order.index(name) if name in order else len(order)


def _rows(
    seen: Sequence[object], lifelines: Sequence[Lifeline], found: frozenset[str]
) -> Iterator[Row]:
    x = {(line.system, line.server): line.x for line in lifelines}
    y = TOP + ROW // 2
    for what in seen:
        y += ROW
        if isinstance(what, Exchange):
            yield _arrow(what, x[what.system, what.server], y, found)
        elif isinstance(what, Stimulus):
            told = f"{what.operation}: {what.answer}"
            yield Row(
                "stimulus", y, LEFT, LEFT, told, tone="" if what.answer == "done" else "refused"
            )
        elif isinstance(what, Window):
            quiet = f"quiet for {what.ends - what.begins:.1f} s"
            yield Row("wait", y, LEFT, lifelines[-1].x, quiet)
        elif isinstance(what, Connection) and _notable(what):
            end = x[what.system, what.server]
            yield Row("connection", y, LEFT, end, _event_told(what), tone="refused")
        else:
            y -= ROW


def _arrow(exchange: Exchange, end: int, y: int, found: frozenset[str]) -> Row:
    to_ue = not isinstance(exchange, HttpExchange) and exchange.direction == "to_ue"
    status = "no answer" if exchange.status is None else str(exchange.status)
    refused = exchange.status is None or exchange.status >= 400
    tone = "finding" if exchange.name in found else "refused" if refused else ""
    x1, x2 = (end, LEFT) if to_ue else (LEFT, end)
    room = (end - LEFT - 24) * 10 // LETTER - len(status)
    label = f"{exchange.method} {_tail(exchange)}"
    return Row("exchange", y, x1, x2, _cut(label, room), exchange.name, status, tone)


def _tail(exchange: Exchange) -> str:
    """The end of a path tells documents apart; of a SIP URI it is the user part."""
    if isinstance(exchange, HttpExchange):
        return exchange.path.rstrip("/").rpartition("/")[2] or "/"
    return exchange.request_uri.partition(":")[2].partition("@")[0]


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: max(room - 1, 6)] + "…"


def _event_told(what: Connection) -> str:
    detail = what.details.get("alert") or what.details.get("reason") or ""
    return short(f"{what.event} {detail}".strip(), 40)
