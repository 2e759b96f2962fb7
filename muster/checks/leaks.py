"""Which system saw what: tokens, credentials, identities and documents stay where they belong.

One rule set for every exchange of a migration, over the systems of the scenario's world.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from muster.checks.reading import INFO_TYPE, info_value, subscribed, told
from muster.domains import identity_hosts, named_system
from muster.evidence import Departure, Exchange, HttpExchange, SipExchange, TokenUse, Window
from muster.judging import check
from muster.protocol.oidc import GRANT_TOKEN_EXCHANGE

PRIMARY = "primary"
FROM_THE_PRIMARY = {"access": "TS33180-B.7.1-01", "refresh": "TS33180-B.7.1-03"}
TO_THE_PRIMARY = {"access": "TS33180-B.7.1-02", "refresh": "TS33180-B.7.1-07"}
BETWEEN_PARTNERS = {"access": "TS33180-B.7.1-06", "refresh": "TS33180-B.7.1-07"}
SECURITY_TOKEN = "TS33180-B.7.1-05"
CREDENTIALS = "TS23280-10.6.3-01"
IDENTITY = "TS23280-10.1.6.2-03"
DOCUMENT = "TS23280-10.1.1.2-38"
IDENTITY_IN_USE = "TS23280-10.16.5-01"
UNKNOWN = ("FACT-partner-mc-id",)
"""How a UE learns its identity at a partner, no verified text says."""
RULES = tuple(
    dict.fromkeys(
        (
            *FROM_THE_PRIMARY.values(),
            *TO_THE_PRIMARY.values(),
            *BETWEEN_PARTNERS.values(),
            SECURITY_TOKEN,
            CREDENTIALS,
            IDENTITY,
            DOCUMENT,
            IDENTITY_IN_USE,
        )
    )
)


@check(*RULES)
def no_system_sees_what_belongs_to_another(
    evidence: Exchange,
    exchanges: Sequence[Exchange],
    domains: Mapping[str, str],
    window: Window,
    aliases: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Departure]:
    """No server sees tokens, credentials, identities or documents of another MC system.

    `domains` are those of the systems of the world, by the system's name. `aliases` name the system
    that another one is: the same MC system, as another profile describes it.
    """
    targets = _targets(exchanges, domains)
    knows = _known_identities(exchanges, domains)
    for exchange in exchanges:
        here = _Here(exchange, domains, aliases, () if exchange.system in knows else UNKNOWN)
        for use in exchange.tokens:
            yield from _token_leaks(here, use, targets)
        yield from _credential_leaks(here)
        yield from _identity_leaks(here)
        yield from _document_leaks(here)


@dataclass(frozen=True)
class _Here:
    """An exchange, and whose what it shows is."""

    exchange: Exchange
    domains: Mapping[str, str]
    aliases: Mapping[str, str]
    through: tuple[str, ...] = ()
    """What a UE had to know to call itself otherwise here; nothing once it showed that it does."""

    def is_of(self, system: str) -> bool:
        """Whether the exchange is with that MC system, under whichever of its descriptions."""
        return self._one(system) == self._one(self.exchange.system)

    def owners(self, text: str) -> list[str]:
        """The systems that gave the identities in a text."""
        hosts = identity_hosts(text)
        return [name for name, domain in self.domains.items() if domain.lower() in hosts]

    def foreign(self, text: str) -> list[str]:
        """Those of them that the exchange is not with."""
        return [owner for owner in self.owners(text) if not self.is_of(owner)]

    def _one(self, system: str) -> str:
        return self.aliases.get(system) or system


def _known_identities(exchanges: Sequence[Exchange], domains: Mapping[str, str]) -> set[str]:
    """Return the systems that the UE named the identity of which they gave it."""
    return {
        exchange.system
        for exchange in exchanges
        if domains.get(exchange.system, "").lower() in identity_hosts(_said(exchange))
    }


def _said(exchange: Exchange) -> str:
    """What the UE itself said in which an identity of its user can stand."""
    if isinstance(exchange, HttpExchange):
        return exchange.decoded_path if exchange.server in ("cms", "gms") else ""
    if exchange.direction != "from_ue":
        return ""
    return " ".join([*subscribed(exchange), exchange.body.decode("utf-8", "replace")])


def _targets(exchanges: Sequence[Exchange], domains: Mapping[str, str]) -> dict[str, str]:
    """Return for whom each security token was made, where the exchange's resource tells it."""
    made = {}
    for exchange in exchanges:
        if not isinstance(exchange, HttpExchange):
            continue
        resource = exchange.form.get("resource", "")
        if exchange.form.get("grant_type") != GRANT_TOKEN_EXCHANGE or not resource:
            continue
        named = named_system(resource, domains)
        for label in _labels_given(exchange) if named else ():
            made[label] = named
    return made


def _labels_given(exchange: HttpExchange) -> Iterator[str]:
    """Yield the masked tokens of a token response."""
    for quoted in exchange.response_body.decode("utf-8", "replace").split('"'):
        if quoted.startswith("masked-security"):
            yield quoted


def _token_leaks(here: _Here, use: TokenUse, targets: Mapping[str, str]) -> Iterator[Departure]:
    exchange = here.exchange
    if use.kind == "security":
        wanted = targets.get(use.label)
        # Where the server stands, another check judges: it may have moved.
        at_idms = exchange.server.endswith("idms")
        if wanted is not None and not (here.is_of(wanted) and at_idms):
            expected = f"the security token for {wanted} at its identity server only"
            yield Departure(expected, _seen(exchange), SECURITY_TOKEN, exchange)
        return
    if not use.issuer or here.is_of(use.issuer):
        return
    rules = BETWEEN_PARTNERS
    if use.issuer == PRIMARY:
        rules = FROM_THE_PRIMARY
    elif exchange.system == PRIMARY:
        rules = TO_THE_PRIMARY
    if use.kind in rules:
        expected = f"{told(use)} at {use.issuer} only"
        yield Departure(expected, _seen(exchange), rules[use.kind], exchange)


def _credential_leaks(here: _Here) -> Iterator[Departure]:
    exchange = here.exchange
    if exchange.system == PRIMARY or not isinstance(exchange, HttpExchange):
        return
    if exchange.form.get("password") or exchange.form.get("username"):
        expected = "the user's credentials at the primary only"
        yield Departure(expected, _seen(exchange), CREDENTIALS, exchange)


def _identity_leaks(here: _Here) -> Iterator[Departure]:
    """At a partner the user goes by what the partner gave, in the core and in the service."""
    exchange = here.exchange
    if isinstance(exchange, HttpExchange) or exchange.system == PRIMARY:
        return
    if exchange.direction != "from_ue":
        return
    expected = f"an identity of {exchange.system}"
    if exchange.method == "REGISTER":
        registered = exchange.header("To") or ""
        if PRIMARY in here.owners(registered):
            yield Departure(expected, registered, IDENTITY, exchange)
    for service in INFO_TYPE:
        element = f"{service}-request-uri"
        named = info_value(exchange, element, service) if _mentions(exchange, element) else None
        if named and PRIMARY in here.owners(named):
            observed = f"{element} {named}"
            yield Departure(expected, observed, IDENTITY_IN_USE, exchange, here.through)


def _mentions(exchange: SipExchange, element: str) -> bool:
    return element.encode() in exchange.body


def _document_leaks(here: _Here) -> Iterator[Departure]:
    """A name of a document tells by the identity in it whose document it is."""
    exchange = here.exchange
    if isinstance(exchange, HttpExchange):
        names = [exchange.decoded_path]
    elif exchange.direction == "from_ue" and exchange.method == "SUBSCRIBE":
        names = subscribed(exchange)
    else:
        return
    for name in names:
        for owner in here.foreign(name):
            expected = f"documents of {exchange.system} only"
            observed = f"{name[:160]} of {owner}"
            through = here.through if owner == PRIMARY else ()
            yield Departure(expected, observed, DOCUMENT, exchange, through)


def _seen(exchange: Exchange) -> str:
    return f"at the {exchange.server} server of {exchange.system}"
