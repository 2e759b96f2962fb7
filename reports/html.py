"""The report as one HTML file that loads nothing: written for the person who has to certify.

Exchanges are plain HTML while the file stays small. Beyond that they are stored compressed per
scenario and unpacked when opened, scenarios with something to look at being the last to go.
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from muster.evidence import Exchange, HttpExchange, TokenUse, header
from muster.requirements import Catalogue
from muster.results import Results, ScenarioResult
from muster.verdicts import Verdict
from reports import tally
from reports.bodies import Body, shown
from reports.chart import chart
from reports.text import colour, describe, finalize, marked, short

TEMPLATES = Path(__file__).parent / "templates"
LARGEST_PAGE = 4_800_000
BODY_LIMITS = (20_000, 3_000, 600, 120)
"""Characters of a body part that are shown; the smaller ones only if the page would not fit."""


@dataclass(frozen=True)
class Message:
    """A request or a response as it is shown."""

    start: str
    fields: tuple[tuple[str, str], ...]
    body: Body | None
    same_as: str
    """Name of the exchange of this scenario that showed the same body before."""


@dataclass(frozen=True)
class ExchangeView:
    """An exchange with all its messages, ready for the template."""

    exchange: Exchange
    messages: tuple[Message, ...]
    after: float
    """Seconds since the scenario began."""


@dataclass
class Pages:
    """Renders the parts of one report."""

    results: Results
    catalogue: Catalogue
    environment: Environment
    anchors: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        names = (scenario.id for scenario in self.results.scenarios)
        self.anchors = {name: f"s{number}" for number, name in enumerate(names, start=1)}

    def wire(self, scenario: ScenarioResult, limit: int) -> str:
        """Render the chart and the exchanges of a scenario."""
        if not scenario.exchanges:
            return ""
        tokens = tokens_of(scenario)
        return self.environment.get_template("wire.html.j2").render(
            scenario=scenario,
            anchor=self.anchors[scenario.id],
            chart=chart(scenario),
            views=exchange_views(scenario, limit),
            found={finding.exchange for finding in scenario.findings},
            marked=partial(_marked, tokens),
        )

    def page(self, wires: Mapping[str, Markup], packed: frozenset[str]) -> str:
        """Render the page around the given exchanges; those of `packed` scenarios are compressed."""
        script = Markup((TEMPLATES / "report.js").read_text(encoding="utf-8"))
        style = Markup((TEMPLATES / "report.css").read_text(encoding="utf-8"))
        return self.environment.get_template("report.html.j2").render(
            results=self.results,
            catalogue=self.catalogue,
            anchors=self.anchors,
            areas=tally.areas(self.results),
            groups=tally.finding_groups(self.results, self.catalogue),
            rows=tally.requirement_rows(self.results, self.catalogue),
            uncited=tally.uncited(self.results, self.catalogue),
            open=tally.open_scenarios(self.results),
            headline=tally.headline(self.results),
            verdicts=list(Verdict),
            wires=wires,
            packed=packed,
            script=script,
            style=style,
            policy=content_policy(script, style),
        )


def write_html(results: Results, catalogue: Catalogue, path: Path) -> None:
    """Write the report of a campaign into one file."""
    path.write_text(render(results, catalogue), encoding="utf-8", errors="backslashreplace")


def render(results: Results, catalogue: Catalogue, largest: int = LARGEST_PAGE) -> str:
    """Return the report; bodies are cut shorter until it is not larger than `largest` bytes."""
    pages = Pages(results, catalogue, make_environment())
    room = largest - _size(pages.page({}, frozenset()))
    for limit in BODY_LIMITS:
        wires = {one.id: pages.wire(one, limit) for one in results.scenarios}
        packed = choose_packed(results.scenarios, wires, room)
        if packed is not None:
            break
    else:
        packed = {name: _pack(wire) for name, wire in wires.items()}
    # Everything in `wires` was rendered with escaping, and base64 is inert.
    shown = {name: Markup(packed.get(name, wire)) for name, wire in wires.items()}
    return pages.page(shown, frozenset(packed))


def choose_packed(
    scenarios: Sequence[ScenarioResult], wires: Mapping[str, str], room: int
) -> dict[str, str] | None:
    """Choose the scenarios whose exchanges are compressed; None if not even that makes room."""
    sizes = {name: _size(wire) for name, wire in wires.items()}
    left = room - sum(sizes.values())
    packed: dict[str, str] = {}
    for scenario in sorted(scenarios, key=_attention):
        if left >= 0:
            break
        if wires[scenario.id]:
            packed[scenario.id] = _pack(wires[scenario.id])
            left += sizes[scenario.id] - len(packed[scenario.id])
    return packed if left >= 0 else None


def _attention(scenario: ScenarioResult) -> int:
    """How much a reader will want to see a scenario: nothing, warnings, open, failed."""
    if scenario.verdict in (Verdict.FAIL, Verdict.ERROR):
        return 3
    if scenario.verdict in (Verdict.INCONCLUSIVE, Verdict.NOT_RUN):
        return 2
    return 1 if scenario.findings else 0


def _pack(text: str) -> str:
    data = text.encode("utf-8", "backslashreplace")
    return base64.b64encode(zlib.compress(data, 9)).decode("ascii")


def _size(text: str) -> int:
    return len(text.encode("utf-8", "backslashreplace"))


def make_environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=finalize,
    )
    environment.filters.update(
        short=short, clock=clock, colour=colour, describe=describe, plain=_plain, kind=_kind
    )
    environment.globals.update(share=_share, counts_of=_counts)
    return environment


def content_policy(script: str, style: str) -> str:
    """A policy for the page: only this script and this style, and nothing from anywhere."""

    def digest(text: str) -> str:
        return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

    return (
        f"default-src 'none'; script-src 'sha256-{digest(script)}';"
        f" style-src 'sha256-{digest(style)}'; base-uri 'none'; form-action 'none'"
    )


def tokens_of(scenario: ScenarioResult) -> dict[str, TokenUse]:
    return {use.label: use for exchange in scenario.exchanges for use in exchange.tokens}


def exchange_views(scenario: ScenarioResult, limit: int) -> list[ExchangeView]:
    """Prepare the exchanges of a scenario; a body that was shown before is only named again."""
    seen: dict[bytes, str] = {}
    begun = scenario.started or 0.0
    views = []
    for exchange in scenario.exchanges:
        messages = tuple(
            _message(*message, exchange.name, seen, limit) for message in _messages(exchange)
        )
        views.append(ExchangeView(exchange, messages, max(0.0, exchange.started - begun)))
    return views


Raw = tuple[str, tuple[tuple[str, str], ...], bytes]


def _messages(exchange: Exchange) -> list[Raw]:
    if isinstance(exchange, HttpExchange):
        asked = (f"{exchange.method} {exchange.target}", exchange.headers, exchange.body)
        if exchange.status is None:
            return [asked]
        answer = f"{exchange.status}", exchange.response_headers, exchange.response_body
        return [asked, answer]
    asked = (f"{exchange.method} {exchange.request_uri}", exchange.headers, exchange.body)
    told = [(f"{one.status} {one.reason}", one.headers, one.body) for one in exchange.responses]
    return [asked, *told]


def _message(
    start: str,
    fields: tuple[tuple[str, str], ...],
    data: bytes,
    name: str,
    seen: dict[bytes, str],
    limit: int,
) -> Message:
    cut = tuple((short(key, 200), short(value, 2_000)) for key, value in fields[:60])
    if len(fields) > 60:
        cut = (*cut, ("…", f"{len(fields) - 60} more header fields"))
    before = seen.get(data, "") if len(data) > 200 else ""
    body = shown(data, header(fields, "Content-Type") or "", limit) if data and not before else None
    seen.setdefault(data, name)
    return Message(short(start, 4_000), cut, body, before)


def _marked(tokens: Mapping[str, TokenUse], text: str) -> Markup:
    return marked(text, tokens)


def clock(seconds: float | None) -> str:
    """Write a time as a date of the world's clock; the same for every reader of the report."""
    if seconds is None:
        return "never"
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (OverflowError, OSError, ValueError):
        return "at an impossible time"


def _plain(value: Any) -> str:
    """Write a value of the journal for a person: lists and tables in a line."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_plain(item)}" for name, item in value.items()) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(_plain(item) for item in value) or "none"
    return {True: "yes", False: "no", None: "not given"}.get(value, str(value))


def _kind(what: object) -> str:
    return type(what).__name__


def _counts(results: Results) -> dict[Verdict, int]:
    return tally.count(results.scenarios)


def _share(counts: Mapping[Verdict, int], width: int = 100) -> list[tuple[Verdict, float, float]]:
    """Lay the verdicts side by side: (verdict, start, width), those that need attention first."""
    order = (Verdict.FAIL, Verdict.ERROR, Verdict.INCONCLUSIVE, Verdict.NOT_RUN, Verdict.PASS)
    total = sum(counts.values()) or 1
    shares, at = [], 0.0
    for verdict in (*order, Verdict.NOT_APPLICABLE):
        part = counts[verdict] * width / total
        if part:
            shares.append((verdict, round(at, 3), round(part, 3)))
        at += part
    return shares
