"""Exchanges as a report shows them: start line, header fields and readable bodies."""

from __future__ import annotations

from dataclasses import dataclass

from muster.evidence import Exchange, Fields, HttpExchange, SipExchange, TokenUse, header
from muster.results import ScenarioResult
from muster.verdicts import Verdict
from reports.bodies import Body, shown
from reports.text import short

MOST_FIELDS = 60


@dataclass(frozen=True)
class Message:
    """A request or a response as it is shown."""

    start: str
    fields: Fields
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
    brief: bool = False
    """Only named: it led up to what the scenario is about, and nothing was found."""


def tokens_of(scenario: ScenarioResult) -> dict[str, TokenUse]:
    return {use.label: use for exchange in scenario.exchanges for use in exchange.tokens}


def unlooked(scenario: ScenarioResult) -> frozenset[str]:
    """Return the exchanges of a scenario without findings that only the rule of leaks looked at.

    That rule looks at all of them. The main job is told whole in every report.
    """
    told_whole = scenario.verdict is not Verdict.PASS or scenario.findings
    if told_whole or "main_job" in scenario.tags:
        return frozenset()
    looked_at = {
        name
        for taken in scenario.judgements
        if not taken.judgement.check.startswith("muster.checks.leaks.")
        for name in taken.judgement.exchanges
    }
    return frozenset(exchange.name for exchange in scenario.exchanges) - looked_at


def preparation(scenario: ScenarioResult) -> frozenset[str]:
    """Return the exchanges of the Given steps of a scenario in which nothing was found."""
    if scenario.verdict is not Verdict.PASS or scenario.findings:
        return frozenset()
    acts = [step.index for step in scenario.steps if step.keyword in ("When", "Then")]
    first = min(acts, default=0)
    return frozenset(
        seen.what.name
        for seen in scenario.events
        if isinstance(seen.what, HttpExchange | SipExchange)
        and seen.step is not None
        and seen.step < first
    )


def exchange_views(
    scenario: ScenarioResult, limit: int, brief: frozenset[str] = frozenset(), only: str = ""
) -> list[ExchangeView]:
    """Prepare the exchanges of a scenario; a body that was shown before is only named again.

    Those of `brief` are only named. With `only`, the exchange of that name alone is prepared.
    """
    seen: dict[bytes, str] = {}
    begun = scenario.started or 0.0
    views = []
    for exchange in scenario.exchanges:
        if only and exchange.name != only:
            continue
        after = max(0.0, exchange.started - begun)
        if exchange.name in brief:
            views.append(ExchangeView(exchange, (), after, brief=True))
            continue
        messages = tuple(
            _message(*message, exchange.name, seen, limit) for message in _messages(exchange)
        )
        views.append(ExchangeView(exchange, messages, after))
    return views


def messages_of(exchange: Exchange, limit: int) -> tuple[Message, ...]:
    """Prepare the messages of an exchange that is shown by itself."""
    return tuple(_message(*message, exchange.name, {}, limit) for message in _messages(exchange))


Raw = tuple[str, Fields, bytes]


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
    fields: Fields,
    data: bytes,
    name: str,
    seen: dict[bytes, str],
    limit: int,
) -> Message:
    cut = _cut(fields) if len(fields) > MOST_FIELDS or _has_long(fields) else fields
    before = seen.get(data, "") if len(data) > 200 else ""
    body = shown(data, header(fields, "Content-Type") or "", limit) if data and not before else None
    seen.setdefault(data, name)
    return Message(short(start, 4_000), cut, body, before)


def _has_long(fields: Fields) -> bool:
    return any(len(value) > 2_000 or len(name) > 200 for name, value in fields)


def _cut(fields: Fields) -> Fields:
    cut = tuple((short(name, 200), short(value, 2_000)) for name, value in fields[:MOST_FIELDS])
    if len(fields) > MOST_FIELDS:
        return *cut, ("…", f"{len(fields) - MOST_FIELDS} more header fields")
    return cut
