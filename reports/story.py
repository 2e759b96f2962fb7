"""The story of a scenario: what happened, sentence by sentence, in the order in which it began."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from muster.evidence import Exchange, HttpExchange, SipExchange, Window
from muster.results import Connection, ScenarioResult, Stimulus
from muster.seen import Seen, Taken
from reports.narration import SERVER_NAMES, migration_step, told
from reports.text import short

SERVICE_NAMES = {"mcptt": "MCPTT", "mcvideo": "MCVideo", "mcdata": "MCData"}
TOLD_CONNECTIONS = {
    "tls-failed": "The terminal broke off: it does not trust the certificate of the {server}.",
    "plain-http": "The terminal spoke to the {server} without TLS.",
    "unparsed": "The terminal sent the {server} something that is no message.",
    "cut-short": "The terminal broke off inside a request to the {server}.",
    "reset": "The {server} broke off the connection.",
}
"""Events of a connection that a story tells; the others are of no interest to it."""
BEFORE = "Before the scenario"
AFTERWARDS = "After the scenario: the terminal is switched off"
_DOMAIN = re.compile(r"@([\w.-]+)")


@dataclass(frozen=True)
class Line:
    """One thing that happened, in a sentence."""

    kind: str
    """message, act, wait or connection."""
    at: float
    """When it began, in seconds of the journal's clock."""
    text: str
    exchange: str = ""
    """Name of the exchange, for a message."""
    step: int = 0
    """Which step of the migration it asks for, from 1; 0: none."""
    tone: str = ""
    """refused, late (no answer came) or empty."""


@dataclass(frozen=True)
class Chapter:
    """What happened during one sentence of a scenario."""

    keyword: str
    text: str
    lines: tuple[Line, ...]


def story(scenario: ScenarioResult) -> tuple[Chapter, ...]:
    """Tell a scenario from its first message to its last, sentence by sentence.

    An act of the user stands before the messages that it caused.
    """
    domains = domains_of(scenario.exchanges)
    texts = {step.index: (step.keyword, step.text) for step in scenario.steps}
    parts: dict[int, list[Line]] = {}
    for seen, place in zip(scenario.events, _places(scenario), strict=True):
        parts.setdefault(place, []).extend(_lines(seen, domains))
    return tuple(
        Chapter(
            *texts.get(place, ("", AFTERWARDS if place > 0 else BEFORE)),
            tuple(sorted(parts[place], key=lambda line: line.at)),
        )
        for place in sorted(parts)
        if parts[place]
    )


def _places(scenario: ScenarioResult) -> list[int]:
    """Return for each event the step it belongs to; what follows the last check is afterwards."""
    judged = [at for at, seen in enumerate(scenario.events) if isinstance(seen.what, Taken)]
    last = max(judged, default=len(scenario.events))
    after = max((step.index for step in scenario.steps), default=0) + 1
    return [after if at > last else seen.step for at, seen in enumerate(scenario.events)]


def _lines(seen: Seen, domains: Mapping[str, str]) -> Iterator[Line]:
    what = seen.what
    if isinstance(what, HttpExchange | SipExchange):
        step = migration_step(what)
        yield Line("message", what.started, told(what), what.name, step, _tone(what))
    elif isinstance(what, Stimulus):
        yield Line("act", what.started, _act(what, domains))
        if what.answer != "done":
            answer = f"The terminal answers: {what.answer}, {short(what.reason, 200)}."
            yield Line("act", what.ended, answer, tone="refused")
    elif isinstance(what, Window):
        waited = f"Nothing is asked of the terminal for a while: {what.after}."
        yield Line("wait", seen.time, waited)
    elif isinstance(what, Connection) and what.event in TOLD_CONNECTIONS:
        server = f"{SERVER_NAMES.get(what.server, what.server)} of the {what.system} system"
        text = TOLD_CONNECTIONS[what.event].format(server=server)
        yield Line("connection", seen.time, text, tone="refused")


_ACTS = {
    "reset": "The terminal is made ready, and knows nothing yet.",
    "power_on": "The terminal is switched on.",
    "sign_in": "The user signs in.",
    "start_service": "The user starts {service}.",
    "stop_service": "The user stops {service}.",
    "select_profile": "The user turns to profile {profile}.",
    "preselect_profile": "The user marks profile {profile} as the one to begin with.",
    "migrate": "The user chooses to be served by {partner}, as profile {profile} allows.",
    "enter_network": "The terminal comes into the network with the code {network}.",
    "return_home": "The user returns to the primary system.",
    "sign_out": "The user signs out.",
    "power_off": "The terminal is switched off.",
}


def _act(stimulus: Stimulus, domains: Mapping[str, str]) -> str:
    arguments = stimulus.arguments
    values = list(arguments.values()) if isinstance(arguments, Mapping) else list(arguments)
    texts = [value for value in values if isinstance(value, str)]
    numbers = [str(value) for value in values if isinstance(value, int)]
    service = SERVICE_NAMES.get(texts[0], texts[0]) if texts else "the service"
    partner = _system(texts[-1], domains) if texts else "another system"
    known = _ACTS.get(stimulus.operation, f"The terminal is asked to {stimulus.operation}.")
    return known.format(
        service=service,
        partner=partner,
        network=(texts or ["?"])[-1],
        profile=(numbers or ["?"])[-1],
    )


def domains_of(exchanges: Sequence[Exchange]) -> dict[str, str]:
    """Return which system has which domain, as the owners of their tokens tell."""
    return {
        found[1]: use.issuer
        for exchange in exchanges
        for use in exchange.tokens
        if use.issuer and use.kind != "security" and (found := _DOMAIN.search(use.owner))
    }


def _system(identity: str, domains: Mapping[str, str]) -> str:
    found = _DOMAIN.search(identity)
    system = domains.get(found[1], "") if found else ""
    return f"the {system} system" if system else short(identity, 120)


def _tone(exchange: Exchange) -> str:
    if exchange.status is None:
        return "late"
    return "refused" if exchange.status >= 400 else ""
