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

from muster.evidence import TokenUse
from muster.requirements import Catalogue
from muster.results import Results, ScenarioResult, Taken
from muster.verdicts import Verdict
from reports import tally
from reports.chart import chart
from reports.exchanges import exchange_views, preparation, tokens_of
from reports.matrix import matrix
from reports.narration import told
from reports.order import ladders
from reports.text import colour, describe, differing, finalize, marked, short

TEMPLATES = Path(__file__).parent / "templates"
LARGEST_PAGE = 4_800_000
AROUND_PACKED = 400
"""Bytes of the page around compressed exchanges."""
MANY_EXCHANGES = 3_000
BODY_LIMITS = (20_000, 3_000, 600, 120)
"""Characters of a body part that are shown; the smaller ones only if the page would not fit."""


@dataclass
class Pages:
    """Renders the parts of one report."""

    results: Results
    catalogue: Catalogue
    environment: Environment
    anchors: dict[str, str] = field(init=False)
    brief: bool = False
    """Exchanges that only led up to a scenario in which nothing was found are named, not shown."""

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
            matrix=matrix(scenario),
            ladders=ladders(scenario),
            told=told,
            views=exchange_views(
                scenario, limit, preparation(scenario) if self.brief else frozenset()
            ),
            found={finding.exchange for finding in scenario.findings},
            marked=partial(_marked, tokens),
        )

    def page(self, wires: Mapping[str, Markup], packed: frozenset[str]) -> str:
        """Render the page around the given exchanges; those of `packed` are compressed."""
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
    exchanges = sum(len(scenario.exchanges) for scenario in results.scenarios)
    pages = Pages(results, catalogue, make_environment(), brief=exchanges > MANY_EXCHANGES)
    room = largest - _size(pages.page({}, frozenset()))
    # Rendering takes seconds: what cannot fit is not tried.
    for limit in BODY_LIMITS[min(exchanges // MANY_EXCHANGES, len(BODY_LIMITS) - 1) :]:
        wires = {one.id: pages.wire(one, _limit(one, limit)) for one in results.scenarios}
        packed = choose_packed(results.scenarios, wires, room)
        if packed is not None:
            break
    else:
        packed = {name: _pack(wire) for name, wire in wires.items()}
    # Everything in `wires` was rendered with escaping, and base64 is inert.
    safe = {name: Markup(packed.get(name, wire)) for name, wire in wires.items()}
    return pages.page(safe, frozenset(packed))


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
            left += sizes[scenario.id] - len(packed[scenario.id]) - AROUND_PACKED
    return packed if left >= 0 else None


def _limit(scenario: ScenarioResult, limit: int) -> int:
    """Bodies of a scenario that is worth a look stay readable longer than those of the others."""
    return max(limit, BODY_LIMITS[1]) if _attention(scenario) else limit


def _attention(scenario: ScenarioResult) -> int:
    """How much a reader will want to see a scenario: nothing, warnings, open, failed."""
    if scenario.verdict in (Verdict.FAIL, Verdict.ERROR):
        return 3
    if scenario.verdict in (Verdict.INCONCLUSIVE, Verdict.NOT_RUN):
        return 2
    return 1 if scenario.findings else 0


def _pack(text: str) -> str:
    data = text.encode("utf-8", "backslashreplace")
    return base64.b64encode(zlib.compress(data, 6)).decode("ascii")


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
        departs=_departs,
        short=short,
        clock=clock,
        colour=colour,
        describe=describe,
        plain=_plain,
        kind=_kind,
    )
    environment.globals.update(share=_share, counts_of=_counts, differing=differing)
    return environment


def content_policy(script: str, style: str) -> str:
    """A policy for the page: only this script and this style, and nothing from anywhere."""

    def digest(text: str) -> str:
        return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

    return (
        f"default-src 'none'; script-src 'sha256-{digest(script)}';"
        f" style-src 'sha256-{digest(style)}'; base-uri 'none'; form-action 'none'"
    )


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
    if isinstance(value, bool):  # 1 and 0 are numbers
        return "yes" if value else "no"
    return "not given" if value is None else str(value)


def _departs(seen: Sequence[object]) -> bool:
    """True if a check among these events found what fails the UE."""
    taken = (what for what in seen if isinstance(what, Taken))
    return any(found.severity == "FAIL" for what in taken for found in what.weighed)


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
