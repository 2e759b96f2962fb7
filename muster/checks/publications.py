"""How long things last: publications and registrations, refreshed, changed, lost and removed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from muster.checks.reading import INFO_TYPE, body_token, field, info_value, parts
from muster.evidence import Departure, Exchange, HttpExchange, SipExchange, Window
from muster.judging import check


def is_removal(publish: SipExchange) -> bool:
    return (publish.header("Expires") or "").strip() == "0"


def authorises(publish: SipExchange) -> bool:
    """Whether a token is presented: an authorisation, and as a publication a new one."""
    return body_token(publish) is not None or any(
        info_value(publish, f"{service}-access-token", service) for service in INFO_TYPE
    )


def entity_tag(publish: SipExchange) -> str:
    """The entity tag that the last answer gave; empty when there is none."""
    return (publish.responses[-1].header("SIP-ETag") or "") if publish.responses else ""


# Publications (RFC 3903) -----------------------------------------------------------------------


@check("RFC3903-4.2-01")
def authorisation_is_an_initial_publication(
    authorisations: Sequence[SipExchange],
) -> Iterator[Departure]:
    """What asks for service authorisation anew changes no publication of before."""
    for one in authorisations:
        named = field(one, "SIP-If-Match")
        if one.method == "PUBLISH" and named:
            yield Departure("no SIP-If-Match", f"SIP-If-Match: {named}", exchange=one)


@check("RFC3903-4.3-02")
def publication_is_refreshed(
    granted: SipExchange, publishes: Sequence[SipExchange], lifetime: float, window: Window
) -> Iterator[Departure]:
    """A publication is refreshed, changed or made anew before the lifetime that it was given ends.

    `granted` was answered with that lifetime, `publishes` are later.
    """
    in_time = [p for p in publishes if p.started <= granted.ended + lifetime]
    if not any(not is_removal(p) for p in in_time):
        yield Departure(f"a refresh within {lifetime:g} s", "none")


@check("RFC3903-4.3-01")
def refresh_names_the_publication(
    granted: SipExchange, publishes: Sequence[SipExchange]
) -> Iterator[Departure]:
    """A refresh carries the entity tag that the publication has."""
    wanted = entity_tag(granted)
    for one in publishes:
        if authorises(one) or is_removal(one):
            continue
        if field(one, "SIP-If-Match") != wanted:
            observed = field(one, "SIP-If-Match") or "no SIP-If-Match"
            yield Departure(f"SIP-If-Match: {wanted}", observed, exchange=one)
        wanted = entity_tag(one) or wanted


@check("RFC3903-4.4-01")
def change_names_the_last_publication(
    before: Sequence[SipExchange], change: SipExchange
) -> Iterator[Departure]:
    """A change carries the entity tag of the last answer, and says what is so from now on.

    `before` are the publications before the change, in their order.
    """
    wanted = next((tag for one in reversed(before) if (tag := entity_tag(one))), "")
    observed = field(change, "SIP-If-Match") or "no SIP-If-Match"
    if observed != wanted:
        yield Departure(f"SIP-If-Match: {wanted}", observed, exchange=change)
    if not parts(change):
        yield Departure("a body", "none", exchange=change)


@check("RFC3903-4.6-01")
def lost_entity_tag_is_not_sent_again(
    refused: SipExchange, publishes: Sequence[SipExchange], window: Window
) -> Iterator[Departure]:
    """After the server said that it knows no such publication, its entity tag is not sent again."""
    lost = field(refused, "SIP-If-Match")
    for one in publishes:
        if field(one, "SIP-If-Match") == lost:
            expected = "no SIP-If-Match, or another"
            yield Departure(expected, f"SIP-If-Match: {lost}", exchange=one)


@check("RFC3903-4.6-02")
def lost_publication_is_made_anew(
    refused: SipExchange, publishes: Sequence[SipExchange], window: Window
) -> Iterator[Departure]:
    """After the server lost a publication, the state is published anew."""
    if not any(not field(one, "SIP-If-Match") and parts(one) for one in publishes):
        yield Departure("an initial publication", "none")


@check("TS24379-7.2.1A-07", "TS24379-7.2.1A-08")
def settings_are_removed(publishes: Sequence[SipExchange], tag: str) -> Iterator[Departure]:
    """The PUBLISH that ends the service authorisation removes the publication that there is.

    `publishes` are those after the user ended the service: without a token, none is a new one.
    """
    for one in publishes:
        if not is_removal(one):
            observed = f"Expires: {one.header('Expires') or 'none'}"
            yield Departure("Expires: 0", observed, "TS24379-7.2.1A-07", one)
        if field(one, "SIP-If-Match") != tag:
            observed = field(one, "SIP-If-Match") or "no SIP-If-Match"
            yield Departure(f"SIP-If-Match: {tag}", observed, "TS24379-7.2.1A-08", one)


# Registrations (RFC 3261 clause 10) ------------------------------------------------------------


@check("RFC3261-10.2.4-01")
def registration_is_refreshed(
    granted: SipExchange, registers: Sequence[SipExchange], lifetime: float, window: Window
) -> Iterator[Departure]:
    """A registration is refreshed before the lifetime that it was given ends."""
    if not any(one.started <= granted.ended + lifetime for one in registers):
        yield Departure(f"a REGISTER within {lifetime:g} s", "none")


@check("RFC3261-10.2-01")
def registrations_are_numbered(
    granted: SipExchange, registers: Sequence[SipExchange]
) -> Iterator[Departure]:
    """Of two registrations with one Call-ID the later has the next number."""
    last = {granted.header("Call-ID"): _number(granted)}
    for one in registers:
        call_id, number = one.header("Call-ID"), _number(one)
        before = last.get(call_id)
        if before is not None and number != before + 1:
            yield Departure(f"CSeq: {before + 1} REGISTER", f"CSeq: {number}", exchange=one)
        last[call_id] = number


def _number(request: SipExchange) -> int:
    value = (request.header("CSeq") or "").strip().partition(" ")[0]
    return int(value) if value.isascii() and value.isdigit() else -1


# Refusals --------------------------------------------------------------------------------------


@check("RFC3261-21.4.4-01")
def forbidden_request_is_not_repeated(
    refused: SipExchange, requests: Sequence[SipExchange], window: Window
) -> Iterator[Departure]:
    """A request that was forbidden is not sent again on the UE's own account.

    `requests` are later ones for the same.
    """
    for one in requests:
        expected = f"no further {refused.method} for service authorisation"
        yield Departure(expected, one.summary, exchange=one)


@check("RFC3261-21.5.4-01")
def unavailable_server_is_left_in_peace(
    refused: SipExchange, requests: Sequence[SipExchange], seconds: float, window: Window
) -> Iterator[Departure]:
    """A server that said for how long it is not available is not asked again before that."""
    for one in requests:
        waited = one.started - refused.ended
        if waited < seconds:
            expected = f"nothing for {seconds:g} s"
            yield Departure(expected, f"{one.method} before that", exchange=one)


def leads_into_service(exchange: Exchange) -> bool:
    """Whether an exchange makes use of the MC service, as only the authorised may.

    A request for service authorisation does not, nor does what ends something.
    """
    if _asks_for_groups(exchange):
        return True
    if not isinstance(exchange, SipExchange) or not _goes_on(exchange):
        return False
    if exchange.method == "PUBLISH":
        return not authorises(exchange)
    return exchange.method in ("INVITE", "MESSAGE")


def _asks_for_groups(exchange: Exchange) -> bool:
    if isinstance(exchange, HttpExchange):
        return exchange.server == "gms"
    subscribes = exchange.method == "SUBSCRIBE" and b"groups/" in exchange.body
    return subscribes and _goes_on(exchange)


def _goes_on(exchange: SipExchange) -> bool:
    return exchange.direction == "from_ue" and not is_removal(exchange)


def _used_after(exchanges: Sequence[Exchange]) -> Iterator[Exchange]:
    """What makes use of the service before a later service authorisation succeeds."""
    for one in sorted(exchanges, key=lambda exchange: exchange.started):
        if _gives_authorisation(one):
            return
        if leads_into_service(one):
            yield one


def _used_in_spite(refused: SipExchange, exchanges: Sequence[Exchange]) -> Iterator[Departure]:
    """What makes use of a service that was refused.

    Who began with the groups before the refusal came goes on with them unauthorised or not: no
    text read forbids to obtain them beforehand.
    """
    later = [one for one in exchanges if one.started > refused.ended]
    begun = any(_asks_for_groups(one) for one in exchanges if one.started <= refused.ended)
    for one in _used_after(later):
        if not (begun and _asks_for_groups(one)):
            yield Departure("no use of the service", one.summary[:160], exchange=one)


def _gives_authorisation(exchange: Exchange) -> bool:
    return (
        isinstance(exchange, SipExchange)
        and exchange.direction == "from_ue"
        and exchange.status == 200
        and exchange.method in ("PUBLISH", "REGISTER")
        and authorises(exchange)
    )


@check("TS24379-7.3.3-01")
def refused_service_is_not_used(
    refused: SipExchange, exchanges: Sequence[Exchange], window: Window
) -> Iterator[Departure]:
    """A UE whose service authorisation was refused does not use the service."""
    yield from _used_in_spite(refused, exchanges)


@check("TS24379-7.3.3-02")
def service_is_not_used_where_there_are_too_many(
    refused: SipExchange, exchanges: Sequence[Exchange], window: Window
) -> Iterator[Departure]:
    """A UE of a user with too many service authorisations does not use the service."""
    yield from _used_in_spite(refused, exchanges)


@check("TS24379-7.3.4-01")
def lost_authorisation_is_asked_for_again(
    refused: SipExchange, exchanges: Sequence[Exchange], window: Window
) -> Iterator[Departure]:
    """A UE that the server does not know asks for service authorisation, or uses no service."""
    for one in _used_after(exchanges):
        expected = "service authorisation first"
        yield Departure(expected, one.summary[:160], exchange=one)
