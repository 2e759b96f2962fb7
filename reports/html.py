"""The report as one HTML file that loads nothing: written for the person who has to certify.

Summary, findings, verdicts and the coverage of requirements are plain HTML, to be read without
scripts. What lies below a scenario is data for the page's script: plain for the scenarios that
most need a look, compressed for the rest.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from muster.evidence import Exchange, HttpExchange
from muster.memory import collector_paused
from muster.requirements import Catalogue
from muster.results import Results, ScenarioResult
from muster.verdicts import Verdict
from reports import tally
from reports.excerpts import shown_findings
from reports.exchanges import preparation, unlooked
from reports.lines import Lines
from reports.payload import Chunk, known, nothing
from reports.sides import side_of_open
from reports.text import clock, differing, discreet, finalize, plain, short

TEMPLATES = Path(__file__).parent / "templates"
SCRIPTS = ("data", "elements", "chart", "exchange", "scenario", "page", "filter", "keys")
LARGEST_PAGE = 4_900_000
LARGEST_DATA = 100_000_000
"""Bytes that one element of a page may unpack to."""
PLAIN_ROOM = 500_000
"""Bytes of messages that are not compressed: to be shown, they need nothing of the browser."""
TOGETHER = 25
"""Scenarios whose data are unpacked together."""
TRIES = (
    (20_000, nothing, 275),
    (20_000, preparation, 165),
    (20_000, unlooked, 0),
    (2_000, unlooked, 0),
    (300, unlooked, 0),
)
"""Characters of a body part that are shown, what is named only where nothing was found, and how
many bytes of the page for an exchange make it worth a try: more is left out until the page fits,
and each try takes seconds."""
PLAIN_DATA = "application/json"
PACKED_DATA = "application/octet-stream"
PACKED = re.compile(
    rf'<script type="{PACKED_DATA}" class="chunk" id="(lines|c\d+)">'
    r"([A-Za-z0-9+/=]+)</script>"
)


@dataclass(frozen=True)
class Block:
    """Data as they stand in a script element of the page."""

    id: str
    packed: bool
    text: Markup


def write_html(results: Results, catalogue: Catalogue, path: Path) -> None:
    """Write the report of a campaign into one file."""
    path.write_text(render(results, catalogue), encoding="utf-8", errors="backslashreplace")


def render(results: Results, catalogue: Catalogue, largest: int = LARGEST_PAGE) -> str:
    """Return the report; bodies are cut shorter until it is not larger than `largest` bytes."""
    with collector_paused():
        return _render(results, catalogue, largest)


def _render(results: Results, catalogue: Catalogue, largest: int) -> str:
    anchors = {one.id: f"s{at}" for at, one in enumerate(results.scenarios, start=1)}
    page = _frame(results, catalogue, anchors)
    room = largest - len(page.encode("utf-8", "backslashreplace"))
    exchanges = sum(len(scenario.exchanges) for scenario in results.scenarios)
    for limit, leave_out, needed in TRIES:
        if needed and room < exchanges * needed:
            continue
        blocks, places = _blocks(results, catalogue, anchors, limit, leave_out)
        if sum(len(block.text) for block in blocks) <= room:
            break
    data = Markup("\n").join(
        _script(block.id, PACKED_DATA if block.packed else PLAIN_DATA, block.text)
        for block in blocks
    )
    index = Markup('<script type="application/json" id="places">{}</script>').format(
        Markup(json.dumps(places, separators=(",", ":")))
    )
    return page.replace("<!--data-->", f"{index}\n{data}", 1)


def unpacked(page: str) -> str:
    """Return a report with its data unpacked: equal for equal reports, whatever compressed them.

    What was packed stands there as a JSON string. Raises ValueError for data that cannot
    be unpacked or grow beyond all measure: the page may come from a stranger.
    """

    def plain_text(match: re.Match[str]) -> str:
        text = _unpacked(match[2])
        return _script(match[1], "application/x-unpacked", _inert(json.dumps(text)))

    return PACKED.sub(plain_text, page)


def _unpacked(packed: str) -> str:
    stream = zlib.decompressobj()
    try:
        data = stream.decompress(base64.b64decode(packed), LARGEST_DATA)
    except zlib.error as error:
        raise ValueError(f"the data of the page cannot be unpacked: {error}") from error
    if not stream.eof:
        raise ValueError("the data of the page are cut, or larger than any report has")
    return data.decode()


# The data of the scenarios ---------------------------------------------------------------------


def _blocks(
    results: Results,
    catalogue: Catalogue,
    anchors: Mapping[str, str],
    limit: int,
    leave_out: Callable[[ScenarioResult], frozenset[str]],
) -> tuple[list[Block], dict[str, str]]:
    """Return the data, and the block of each scenario; what needs a look most is plain."""
    scenarios = sorted(results.scenarios, key=_attention, reverse=True)
    many = _fitting(scenarios, limit)
    chunk = Chunk(catalogue, limit, leave_out)
    blocks = [_block("c0", chunk, scenarios[:many], anchors, packed=False)]
    places = dict.fromkeys(chunk.scenarios, "c0")
    lines = Lines()
    for at, begin in enumerate(range(many, len(scenarios), TOGETHER), start=1):
        chunk = Chunk(catalogue, limit, leave_out, lines)
        some = scenarios[begin : begin + TOGETHER]
        blocks.append(_block(f"c{at}", chunk, some, anchors, packed=True))
        places |= dict.fromkeys(chunk.scenarios, f"c{at}")
    if lines.table:
        blocks.append(Block("lines", True, _packed("\n".join(lines.table))))
    return blocks, places


def _block(
    name: str,
    chunk: Chunk,
    scenarios: Sequence[ScenarioResult],
    anchors: Mapping[str, str],
    packed: bool,
) -> Block:
    for scenario in scenarios:
        chunk.add(anchors[scenario.id], scenario)
    text = chunk.json(with_lines=not packed)
    return Block(name, packed, _packed(text) if packed else _inert(text))


def _fitting(scenarios: Sequence[ScenarioResult], limit: int) -> int:
    """How many scenarios fit in where data are plain."""
    room = PLAIN_ROOM
    for number, scenario in enumerate(scenarios):
        room -= sum(_weight(exchange, limit) for exchange in scenario.exchanges)
        if room < 0:
            return number
    return len(scenarios)


def _weight(exchange: Exchange, limit: int) -> int:
    answers = (
        [exchange.response_body]
        if isinstance(exchange, HttpExchange)
        else [answer.body for answer in exchange.responses]
    )
    return 1_500 + sum(min(len(body), limit) for body in (exchange.body, *answers))


def _attention(scenario: ScenarioResult) -> int:
    """How much a reader will want to see a scenario: nothing, warnings, open, failed."""
    if scenario.verdict in (Verdict.FAIL, Verdict.ERROR):
        return 3
    if scenario.verdict in (Verdict.INCONCLUSIVE, Verdict.NOT_RUN) and scenario.exchanges:
        return 2
    return 1 if scenario.findings else 0


def _packed(text: str) -> Markup:
    # Markup: base64 is inert.
    data = zlib.compress(text.encode("utf-8", "backslashreplace"), 6)
    return Markup(base64.b64encode(data).decode("ascii"))


def _inert(text: str) -> Markup:
    """Make JSON safe inside a script element: nothing in it can end the element."""
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _script(name: str, kind: str, text: Markup) -> Markup:
    return Markup('<script type="{}" class="chunk" id="{}">{}</script>').format(kind, name, text)


# The page around them --------------------------------------------------------------------------


def _frame(results: Results, catalogue: Catalogue, anchors: Mapping[str, str]) -> str:
    """Render all that can be read without scripts; the data go where <!--data--> stands."""
    scripts = [(TEMPLATES / "js" / f"{name}.js").read_text("utf-8") for name in SCRIPTS]
    script = Markup('"use strict";\n(() => {{\n{}\n}})();\n').format(Markup("\n".join(scripts)))
    style = Markup((TEMPLATES / "report.css").read_text(encoding="utf-8"))
    return (
        make_environment()
        .get_template("report.html.j2")
        .render(
            results=results,
            catalogue=catalogue,
            anchors=anchors,
            areas=(areas := tally.areas(results)),
            area_rows=[
                _TableRow(one.name, one.title, one.counts, f"#a-{one.name}") for one in areas
            ],
            service_rows=[_TableRow(**vars(one)) for one in tally.services(results)],
            client_rows=[_TableRow(**vars(one)) for one in tally.clients(results, catalogue)],
            clients_of={one.id: tally.clients_of(one, catalogue) for one in results.scenarios},
            groups=shown_findings(results, catalogue),
            rows=tally.coverage_rows(results, catalogue),
            open=[(one, side_of_open(one)) for one in tally.open_scenarios(results)],
            headline=tally.headline(results),
            verdicts=list(Verdict),
            script=script,
            style=style,
            policy=content_policy(script, style),
        )
    )


@dataclass(frozen=True)
class _TableRow(tally.Share):
    """A row of a table of verdicts; it may lead to where its scenarios stand."""

    link: str = ""


@lru_cache(maxsize=1)
def make_environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=finalize,
    )
    environment.tests["contains"] = lambda entries, entry: entry in entries
    environment.filters.update(
        short=short, clock=clock, plain=plain, known=known, discreet=discreet
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
