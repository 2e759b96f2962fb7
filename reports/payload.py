"""What the page knows of each scenario beyond its title, as JSON for the page's own script.

Nothing here is markup: the script puts every text on the page as text, and gives a sign in place
of each character that would act. Messages are runs of lines (`reports.lines`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from muster.evidence import Exchange, Finding, HttpExchange, TokenUse, Window
from muster.requirements import Catalogue, Requirement
from muster.results import Connection, Crash, ScenarioResult, Seen, Stimulus, Taken
from reports.bodies import Body
from reports.chart import chart
from reports.exchanges import ExchangeView, Message, exchange_views, tokens_of
from reports.lines import Lines
from reports.offending import offending
from reports.sides import side_of_finding
from reports.story import Chapter, story
from reports.tables import Table, tables_of
from reports.text import clock, colour, describe, plain, short

Json = Any
QUIET = ("accepted", "tls-established", "closed", "open")
"""What becomes of a connection in the ordinary way: not worth a word."""
MOST_EXCHANGES_NAMED = 12


def nothing(scenario: ScenarioResult) -> frozenset[str]:
    """Leave nothing out."""
    return frozenset()


@dataclass
class Chunk:
    """Some scenarios, and the bodies that their exchanges carried."""

    catalogue: Catalogue
    limit: int
    """Characters of a body part that are kept."""
    leave_out: Callable[[ScenarioResult], frozenset[str]] = nothing
    """The exchanges of a scenario that are named, and not told."""
    lines: Lines = field(default_factory=Lines)
    """Shared by several chunks, or of this one alone."""
    bodies: list[Json] = field(default_factory=list)
    scenarios: dict[str, Json] = field(default_factory=dict)
    _known: dict[str, int] = field(default_factory=dict)

    def add(self, anchor: str, scenario: ScenarioResult) -> None:
        """Take a scenario in."""
        views = exchange_views(scenario, self.limit, self.leave_out(scenario))
        lines = _offending_lines(scenario, views)
        checks = {id(taken): at for at, taken in enumerate(scenario.judgements)}
        uses: dict[TokenUse, int] = {}
        exchanges = [self._exchange(view, uses, scenario.incomplete) for view in views]
        chapters = story(scenario)
        told_of = {line.exchange: line for one in chapters for line in one.lines}
        for exchange in exchanges:
            line = told_of[exchange["name"]]
            exchange |= {"told": line.text, "step": line.step}
            if exchange["name"] in lines:
                exchange["lines"] = lines[exchange["name"]]
        self.scenarios[anchor] = {
            "worker": scenario.worker,
            "started": clock(scenario.started) if scenario.started else "",
            "findings": [self._finding(found, scenario) for found in scenario.findings],
            "steps": [[step.keyword, step.text, step.status] for step in scenario.steps],
            "events": [
                told for seen in scenario.events if (told := _event(seen, checks)) is not None
            ],
            "tokens": {
                label: [describe(use), colour(use)] for label, use in tokens_of(scenario).items()
            },
            "chart": _chart(scenario),
            "tables": [_table(table) for table in tables_of(scenario)],
            "uses": [_token(use) for use in uses],
            "exchanges": exchanges,
            "story": [_chapter(chapter) for chapter in chapters],
            "checks": [_check(taken) for taken in scenario.judgements],
        }

    def json(self, with_lines: bool) -> str:
        """Return the chunk as ASCII; `with_lines` if its table of lines is its own."""
        members = {"bodies": self.bodies, "scenarios": self.scenarios}
        lines = {"lines": self.lines.table} if with_lines else {}
        return json.dumps(lines | members, separators=(",", ":"))

    def _finding(self, finding: Finding, scenario: ScenarioResult) -> Json:
        side = side_of_finding(finding, scenario, self.catalogue)
        return {
            "severity": finding.severity,
            "requirement": finding.requirement,
            "known": known(self.catalogue.requirements.get(finding.requirement)),
            "expected": short(finding.expected, 1500),
            "observed": short(finding.observed, 1500),
            "through": list(finding.through),
            "exchange": finding.exchange,
            "side": [side.who, side.why],
        }

    def _exchange(
        self, view: ExchangeView, uses: dict[TokenUse, int], gaps: frozenset[str]
    ) -> dict[str, Json]:
        """Return an exchange; each use of a token is kept once, in `uses`, by its number."""
        exchange = view.exchange
        http = isinstance(exchange, HttpExchange)
        told_of = {
            "name": exchange.name,
            "system": exchange.system,
            "server": exchange.server,
            "to_ue": not http and getattr(exchange, "direction", "") == "to_ue",
            "status": exchange.status,
            "facts": "" if view.brief else _circumstances(view, exchange),
            "tokens": [uses.setdefault(use, len(uses)) for use in exchange.tokens],
            "messages": [self._message(message) for message in view.messages],
        }
        if exchange.name in gaps:
            told_of["gap"] = True
        if view.brief:
            told_of |= {"brief": True, "summary": short(exchange.summary, 300)}
        return told_of

    def _message(self, message: Message) -> Json:
        head = [message.start, *[f"{name}: {value}" for name, value in message.fields]]
        if "\n" in "".join(head):
            head = [line.replace("\n", "␊") for line in head]
        return [
            self.lines.add(head),
            self._body(message.body) if message.body else -1,
            message.same_as,
        ]

    def _body(self, body: Body) -> int:
        key = f"{body.hash} {body.parts[0].media_type if body.parts else ''}"
        if key not in self._known:
            self._known[key] = len(self.bodies)
            parts = [
                [
                    short(part.media_type, 200) or "no media type",
                    part.size,
                    part.note,
                    [] if part.form else self.lines.add(part.text.split("\n")),
                    part.form,
                ]
                for part in body.parts
            ]
            # A digest does not compress: it is whole only where the page has less than the file.
            whole = not any(part.trimmed for part in body.parts)
            self.bodies.append([body.hash[:8] if whole else body.hash, parts])
        return self._known[key]


def known(requirement: Requirement | None) -> str:
    """Say clause, level and basis of a requirement."""
    if requirement is None:
        return "not listed in this version's catalogue"
    return f"{requirement.clause} · {requirement.level} · {requirement.basis}"


def _chapter(chapter: Chapter) -> Json:
    """What happened during one sentence: names of exchanges, and words for what is none."""
    lines = [line.exchange or [line.kind, line.text, line.tone] for line in chapter.lines]
    return [chapter.keyword, chapter.text, lines]


def _offending_lines(
    scenario: ScenarioResult, views: Sequence[ExchangeView]
) -> Mapping[str, list[Json]]:
    lines: dict[str, list[Json]] = {}
    shown = {view.exchange.name: view for view in views}
    for finding in scenario.findings:
        view = shown.get(finding.exchange)
        if view is not None and view.messages:
            line = offending(finding, view.exchange, view.messages)
            told_of = [line.message, line.part, line.number, line.why]
            lines.setdefault(finding.exchange, []).append(told_of)
    return lines


def _event(seen: Seen, checks: Mapping[int, int]) -> Json | None:
    say = _WORDS.get(type(seen.what))
    if isinstance(seen.what, Exchange):
        return [seen.step, "exchange", seen.what.name]
    if isinstance(seen.what, Taken):
        return [seen.step, "check", checks[id(seen.what)]]
    words = say(seen.what) if say else None
    return None if words is None else [seen.step, *words]


def _stimulus(what: Stimulus) -> Json:
    arguments = short(plain(what.arguments), 200) if what.arguments else ""
    reason = f": {short(what.reason, 300)}" if what.reason else ""
    return ["act", f"{what.operation}({arguments}) → {what.answer}{reason}"]


def _window(what: Window) -> Json:
    seconds = what.ends - what.begins
    return ["act", f"waited {seconds:.1f} s at clock scale {what.scale}, after {what.after[:200]}"]


def _crash(what: Crash) -> Json:
    return ["bad", f"{what.where}: {short(what.error, 1000)}"]


def _connection(what: Connection) -> Json | None:
    if what.event in QUIET:
        return None
    details = f" ({short(plain(what.details), 300)})" if what.details else ""
    connection = f"{what.system} {what.server}, connection {what.connection}"
    return ["bad", f"{connection}: {what.event}{details}"]


_WORDS: dict[type, Callable[[Any], Json | None]] = {
    Stimulus: _stimulus,
    Window: _window,
    Crash: _crash,
    Connection: _connection,
}


def _circumstances(view: ExchangeView, exchange: Exchange) -> str:
    """When, how long, over what, and what the stub attested: one line."""
    took = (exchange.ended - exchange.started) * 1000
    over = exchange.tls or "no TLS" if isinstance(exchange, HttpExchange) else exchange.transport
    told = [f"+{view.after:.3f} s, {took:.0f} ms", f"connection {exchange.connection}", over]
    if exchange.facts:
        told.append(f"attested by the stub: {short(plain(exchange.facts), 1000)}")
    return " · ".join(told)


def _token(use: TokenUse) -> Json:
    owner = f" · {short(use.owner, 40)}" if use.owner else ""
    issuer = use.issuer or "unknown issuer"
    scopes = " ".join(use.scopes) or "none"
    expired = " · expired" if use.expired else ""
    told = f"{use.kind} · {issuer}{owner}{expired}"
    return [told, f"{describe(use)}, in {use.place}; scopes: {scopes}", colour(use), use.expired]


def _check(taken: Taken) -> Json:
    judgement = taken.judgement
    outcome = [found.severity for found in taken.weighed]
    unweighed = "departure without weight" if judgement.findings else "holds"
    return {
        "requirements": list(judgement.requirements),
        "statement": judgement.statement,
        "check": judgement.check,
        "exchanges": list(judgement.exchanges[:MOST_EXCHANGES_NAMED]),
        "more": max(0, len(judgement.exchanges) - MOST_EXCHANGES_NAMED),
        "found": [[found.severity, found.requirement] for found in taken.weighed],
        "outcome": outcome or [unweighed],
    }


def _chart(scenario: ScenarioResult) -> Json:
    drawn = chart(scenario)
    if drawn is None:
        return None
    return {
        "lines": [[short(line.system, 14), short(line.server, 14)] for line in drawn.lifelines],
        "rows": [[row.kind, row.line, row.label or row.name, row.tone] for row in drawn.rows],
    }


def _table(table: Table) -> Json:
    rows = [[[c.text, c.facts, c.exchange, c.bad] for c in row] for row in table.rows]
    return {
        "title": table.title,
        "warning": table.warning,
        "head": list(table.head),
        "rows": rows,
    }
