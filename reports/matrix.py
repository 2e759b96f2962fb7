"""Which system saw what: tokens, credentials and identities of a scenario, by system.

Made of the exchanges alone; what is marked as a leak, the checks of leaks found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from muster.domains import named_system
from muster.evidence import Exchange, HttpExchange
from muster.results import ScenarioResult
from reports.story import domains_of
from reports.text import short

MASKED_SECURITY = re.compile(r"masked-security-[0-9a-f]+")
LEAK_CHECKS = "muster.checks.leaks."
HOME = "primary"
KINDS = ("access", "refresh", "id", "security", "unknown")
"""Tokens that are shown, in this order; a code is redeemed where it was given."""
OF_CREDENTIALS = ("TS23280-10.6.3-01",)
OF_TOKENS = ("TS33180-B.7.1-",)
OF_SECURITY_TOKENS = ("TS33180-B.7.1-05",)
OF_IDENTITIES = ("TS23280-10.1.6.2-", "TS23280-10.1.1.2-", "TS23280-10.16.5-")


@dataclass(frozen=True)
class Sighting:
    """Something of one system that one exchange carried."""

    what: str
    belongs_to: str
    """The system whose it is; empty when nobody's here."""
    rank: int
    """Where its row stands."""
    exchange: Exchange
    rules: tuple[str, ...]
    """Beginnings of the requirements by which it may be a leak."""


@dataclass(frozen=True)
class Cell:
    """What one system saw of a row."""

    servers: tuple[str, ...]
    exchange: str
    """The first one, or the first that leaks."""
    leaks: bool


@dataclass(frozen=True)
class Row:
    what: str
    belongs_to: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class Matrix:
    systems: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def leaks(self) -> int:
        """How many cells show a leak."""
        return sum(cell.leaks for row in self.rows for cell in row.cells if cell is not None)


def matrix(scenario: ScenarioResult) -> Matrix | None:
    """Lay out who saw what; None where one system alone was spoken to."""
    exchanges = [e for e in scenario.exchanges if e.kind == "http" or _from_ue(e)]
    systems = _systems(exchanges)
    if len(systems) < 2:
        return None
    leaked = {
        (found.exchange, found.requirement)
        for taken in scenario.judgements
        if taken.judgement.check.startswith(LEAK_CHECKS)
        for found in taken.judgement.findings
    }
    rows: dict[tuple[int, str, str], list[Sighting]] = {}
    for seen in _sightings(exchanges):
        rows.setdefault((seen.rank, seen.belongs_to, seen.what), []).append(seen)
    ordered = sorted(rows.items(), key=lambda row: (row[0][1] != HOME, *row[0]))
    return Matrix(
        systems,
        tuple(
            Row(what, owner, tuple(_cell(seen, system, leaked) for system in systems))
            for (_, owner, what), seen in ordered
        ),
    )


def _from_ue(exchange: Exchange) -> bool:
    return not isinstance(exchange, HttpExchange) and exchange.direction == "from_ue"


def _systems(exchanges: Iterable[Exchange]) -> tuple[str, ...]:
    found = {exchange.system for exchange in exchanges}
    return tuple(sorted(found, key=lambda name: (name != HOME, name)))


def _cell(seen: Sequence[Sighting], system: str, leaked: set[tuple[str, str]]) -> Cell | None:
    here = [sighting for sighting in seen if sighting.exchange.system == system]
    if not here:
        return None
    bad = [sighting for sighting in here if _leaks(sighting, leaked)]
    servers = tuple(dict.fromkeys(sighting.exchange.server for sighting in here))
    return Cell(servers, (bad or here)[0].exchange.name, bool(bad))


def _leaks(sighting: Sighting, leaked: set[tuple[str, str]]) -> bool:
    if sighting.belongs_to == sighting.exchange.system and sighting.rules != OF_SECURITY_TOKENS:
        return False
    rules = [rule for name, rule in leaked if name == sighting.exchange.name]
    return any(rule.startswith(sighting.rules) for rule in rules)


# What an exchange shows --------------------------------------------------------------------------


def _sightings(exchanges: Sequence[Exchange]) -> Iterator[Sighting]:
    owners = {
        use.owner: use.issuer for e in exchanges for use in e.tokens if use.owner and use.issuer
    }
    audiences = _audiences(exchanges)
    for exchange in exchanges:
        yield from _tokens(exchange, audiences)
        if isinstance(exchange, HttpExchange) and exchange.form.get("password"):
            yield Sighting("the user's password", HOME, 0, exchange, OF_CREDENTIALS)
        text = _text(exchange)
        for identity, system in owners.items():
            if identity in text:
                named = short(identity, 120)
                yield Sighting(named, system, len(KINDS) + 1, exchange, OF_IDENTITIES)


def _audiences(exchanges: Sequence[Exchange]) -> dict[str, str]:
    """Return for which system each security token was asked, by the token's label."""
    domains = domains_of(exchanges)
    made = {}
    for exchange in exchanges:
        if isinstance(exchange, HttpExchange) and exchange.form.get("resource"):
            resource = exchange.form["resource"]
            named = named_system(resource, {name: domain for domain, name in domains.items()})
            for label in MASKED_SECURITY.findall(exchange.response_body.decode("utf-8", "replace")):
                made[label] = named or "another system"
    return made


def _tokens(exchange: Exchange, audiences: Mapping[str, str]) -> Iterator[Sighting]:
    for use in exchange.tokens:
        if use.kind in KINDS:
            # A security token is for somebody else: who may see it, the check alone can tell.
            rules = OF_SECURITY_TOKENS if use.kind == "security" else OF_TOKENS
            named = f"{use.kind} token" if use.issuer else "a token that nobody here issued"
            if use.label in audiences:
                named = f"{named} for {audiences[use.label]}"
            yield Sighting(named, use.issuer, KINDS.index(use.kind) + 1, exchange, rules)


def _text(exchange: Exchange) -> str:
    body = exchange.body.decode("utf-8", "replace")
    if isinstance(exchange, HttpExchange):
        return f"{exchange.decoded_path}\n{body}"
    return "\n".join([*(value for _, value in exchange.headers), body])
