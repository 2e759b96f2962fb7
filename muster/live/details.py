"""An exchange with all that is known of it, for the moment when somebody wants to see it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from muster.evidence import Exchange, HttpExchange
from muster.journal import exchange_from_event
from muster.journal_files import Bodies, Event
from muster.live.follow import Place, read_again
from muster.live.kept import Evidence, encoded
from muster.live.rows import Item, readable
from muster.seen import findings_of
from reports.bodies import Part
from reports.exchanges import Message, messages_of
from reports.narration import told
from reports.text import describe, short

LONGEST_BODY = 20_000
MOST_CHECKS = 60


def details(folder: Path, evidence: Evidence, requirement: Callable[[str], Item]) -> str | None:
    """Return an exchange and its checks as JSON; None if the journal does not hold it any more."""
    event = read_again(evidence.exchange)
    if event is None or event["kind"] != "exchange":
        return None
    bodies = Bodies(folder / "bodies")
    exchange = exchange_from_event(event, bodies.load)
    item = _of_exchange(exchange)
    item["s"] = evidence.scenario
    item["gaps"] = bodies.notes + bodies.altered
    places = evidence.judgements[:MOST_CHECKS]
    item["checks"] = [_check(exchange, place, requirement) for place in places]
    item["more_checks"] = len(evidence.judgements) - len(places)
    return encoded(item)


def _of_exchange(exchange: Exchange) -> Item:
    if isinstance(exchange, HttpExchange):
        line, to_ue = exchange.tls or "no TLS", False
    else:
        line, to_ue = exchange.transport.upper(), exchange.direction == "to_ue"
    facts = [[name, short(readable(value), 1000)] for name, value in exchange.facts.items()]
    return {
        "name": exchange.name,
        "told": readable(told(exchange), 500),
        "system": exchange.system,
        "server": exchange.server,
        "in": to_ue,
        "line": f"{line}, connection {exchange.connection}",
        "milliseconds": round((exchange.ended - exchange.started) * 1000, 1),
        "tokens": [f"{describe(use)}, in the {use.place}" for use in exchange.tokens],
        "facts": facts,
        "messages": [_of_message(one) for one in messages_of(exchange, LONGEST_BODY)],
    }


def _of_message(message: Message) -> Item:
    parts = message.body.parts if message.body else ()
    return {
        "start": readable(message.start, 4_000),
        "fields": [[name, readable(value, 2_000)] for name, value in message.fields],
        "parts": [_of_part(part) for part in parts],
    }


def _of_part(part: Part) -> Item:
    return {
        "media_type": short(part.media_type, 200) or "no media type",
        "size": part.size,
        "note": part.note,
        "form": [[name, readable(value, 5_000)] for name, value in part.form],
        "text": readable(part.text, LONGEST_BODY),
    }


def _check(exchange: Exchange, place: Place, requirement: Callable[[str], Item]) -> Item:
    event: Event = read_again(place) or {}
    found = findings_of(event.get("weighed", ()))
    return {
        "check": str(event.get("check", "")).rpartition(".")[2].replace("_", " "),
        "statement": short(str(event.get("statement", "")), 500),
        "requirements": [requirement(name) for name in event.get("requirements", ())],
        "findings": [
            {
                "severity": one.severity,
                "requirement": one.requirement,
                "expected": short(one.expected, 2_000),
                "observed": short(one.observed, 2_000),
                "here": one.exchange == exchange.name,
                "exchange": one.exchange,
            }
            for one in found
        ],
    }
