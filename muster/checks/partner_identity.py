"""Tokens for a partner when something goes wrong: refusals, lifetimes, and the next partner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from muster.checks.reading import bearer, told
from muster.checks.tokens import GRACE, ends_of_lifetimes
from muster.evidence import Contact, Departure, Exchange, HttpExchange, Window
from muster.judging import check
from muster.protocol.oidc import GRANT_JWT_BEARER, GRANT_TOKEN_EXCHANGE

SERVICES = ("cms", "gms", "kms")
"""What is asked with tokens of a partner from the first. A terminal may register with the core
before, after or while it obtains them (TS 33.180 5.1.1)."""


def _served_without_token(
    refused: HttpExchange, contacts: Sequence[Contact], partner: str
) -> Iterator[Departure]:
    for contact in contacts:
        of_partner = contact.system == partner and contact.server in SERVICES
        if of_partner and contact.time >= refused.ended:
            observed = f"a connection to its {contact.server} server ({contact.event})"
            yield Departure(f"no service of {partner} contacted", observed, exchange=refused)
            return


@check("TS33180-B.7.3-01")
def refused_exchange_ends_the_migration(
    refused: HttpExchange, contacts: Sequence[Contact], partner: str, window: Window
) -> Iterator[Departure]:
    """After the primary refused the exchange no service of the partner is contacted."""
    yield from _served_without_token(refused, contacts, partner)


@check("TS33180-B.7.5-01")
def refused_token_request_ends_the_migration(
    refused: HttpExchange, contacts: Sequence[Contact], partner: str, window: Window
) -> Iterator[Departure]:
    """After the partner refused the security token no service of it is contacted."""
    yield from _served_without_token(refused, contacts, partner)


@check("TS33180-B.12-02")
def security_token_is_used_within_its_lifetime(
    responses: Sequence[HttpExchange], requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """A security token is not presented after the lifetime that its response gave it.

    `responses` are those to the token exchanges.
    """
    ends = ends_of_lifetimes(responses)
    for request in requests:
        for use in request.tokens:
            late = request.started - ends.get(use.label, request.started)
            if use.kind == "security" and late > GRACE:
                expected = "a security token within its lifetime"
                yield Departure(expected, "one that has expired", exchange=request)


@check("TS33180-B.7.1-04")
def exchange_is_done_for_each_partner(
    first: HttpExchange, requests: Sequence[HttpExchange], partner: str
) -> Iterator[Departure]:
    """The next partner is asked for tokens with a security token of an exchange of its own.

    `requests` are those to identity servers since the user chose the next partner.
    """
    asked = [r for r in requests if r.system == partner and _grant(r) == GRANT_JWT_BEARER]
    exchanged = [r for r in requests if r.system == "primary" and _grant(r) == GRANT_TOKEN_EXCHANGE]
    for request in asked[:1]:
        if not any(e.ended <= request.started for e in exchanged):
            expected = f"an exchange for {partner} before"
            yield Departure(expected, "the security token of another one", exchange=request)


def _grant(request: HttpExchange) -> str:
    return request.form.get("grant_type", "")


@check("TS33180-B.9-03")
def partner_key_server_sees_tokens_of_the_partner(
    requests: Sequence[HttpExchange], partner: str
) -> Iterator[Departure]:
    """The partner's key server is asked with an access token of the partner."""
    for request in requests:
        token = bearer(request)
        if token is None or token.kind != "access" or token.issuer != partner:
            yield Departure(f"an access token of {partner}", told(token), exchange=request)


@check("TS33180-B.5.3-01")
def refreshed_token_replaces_the_refused_one(
    refused: HttpExchange, refresh: HttpExchange, exchanges: Sequence[Exchange]
) -> Iterator[Departure]:
    """After the partner gave a new access token, the refused one is not presented any more."""
    old = bearer(refused)
    for exchange in exchanges:
        if old is None or exchange.started < refresh.ended or exchange.system != refused.system:
            continue
        if any(use.label == old.label for use in exchange.tokens):
            yield Departure("the new access token", "the refused one", exchange=exchange)
            return
