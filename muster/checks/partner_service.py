"""Service authorisation at a partner: what the request names, and what a refusal means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from muster.checks.publications import is_removal
from muster.checks.reading import (
    INFO_TYPE,
    address,
    info_value,
    part_of_type,
    profile_index,
    registered_identity,
    root_of,
)
from muster.evidence import Departure, Exchange, SipExchange, Window
from muster.judging import check
from muster.procedure import presents_token

MESSAGE = ("FACT-migration-info-elements", "FACT-migration-authorisation-message")
ELEMENTS = {
    "mcptt": "FACT-migration-info-elements",
    "mcvideo": "FACT-mcvideo-migration-info-elements",
    "mcdata": "FACT-mcdata-migration-info-elements",
}
"""By service the fact that names what the information body of a migrating UE holds."""

NEGATIVE = re.compile(
    rb"<(?:[\w.-]+:)?migration-auth-result\b.{0,300}?>\s*(?:false|0)\s*<", re.DOTALL
)


def _through(service: str, *more: str) -> tuple[str, ...]:
    known = ELEMENTS.get(service)
    return (*([known] if known else []), "FACT-migration-authorisation-message", *more)


@check("TS23280-10.6.3.2.1-01", through=("FACT-server-uri",))
def request_is_sent_to_the_service_server(
    request: SipExchange, server_uri: str
) -> Iterator[Departure]:
    """A PUBLISH for service authorisation is addressed to the partner's MC service server.

    A REGISTER is addressed to the domain (RFC 3261 10.2): the core passes it on.
    """
    if request.method == "PUBLISH" and address(request.request_uri) != address(server_uri):
        yield Departure(server_uri, request.request_uri)


@check("TS23280-10.6.3.2.1-02", "TS23280-10.6.3.2.1-03")
def request_names_both_identities(
    request: SipExchange, partner_id: str, primary_id: str, service: str
) -> Iterator[Departure]:
    """The request for service authorisation names the user as both systems know her."""
    wanted = (
        (f"partner-{service}-id", partner_id, "TS23280-10.6.3.2.1-02", ("FACT-partner-mc-id",)),
        (f"primary-{service}-id", primary_id, "TS23280-10.6.3.2.1-03", ()),
    )
    for element, identity, requirement, more in wanted:
        named = info_value(request, element, service)
        if named != identity:
            through = _through(service, *more)
            yield Departure(f"{element} {identity}", named or "absent", requirement, None, through)


@check("TS23280-10.6.3.2.1-04")
def request_names_a_profile_of_the_user(
    request: SipExchange, indexes: Sequence[int], service: str
) -> Iterator[Departure]:
    """The request for service authorisation names a profile of the user, of either system."""
    through = _through(service)
    for departure in _profile_named(request, indexes, service):
        yield Departure(departure.expected, departure.observed, through=through)


@check("TS24379-F.1.3-51", through=(*MESSAGE, "FACT-partner-mc-id"))
def request_names_the_identity_at_the_partner(
    request: SipExchange, identity: str
) -> Iterator[Departure]:
    """The request for service authorisation names the user as the partner knows her."""
    yield from _names(request, "partner-mcptt-id", identity)


@check("TS24379-F.1.3-52", through=MESSAGE)
def request_names_the_identity_at_the_primary(
    request: SipExchange, identity: str
) -> Iterator[Departure]:
    """The request for service authorisation names the user as her primary system knows her."""
    yield from _names(request, "primary-mcptt-id", identity)


def _names(request: SipExchange, element: str, identity: str) -> Iterator[Departure]:
    named = info_value(request, element)
    if named != identity:
        yield Departure(f"{element} {identity}", named or "absent")


@check("TS24379-F.1.3-53", through=MESSAGE)
def request_names_a_profile(request: SipExchange, indexes: Sequence[int]) -> Iterator[Departure]:
    """The request for service authorisation names a profile of the user by its index.

    Whether the primary's or the partner's is meant, no text says: either will do.
    """
    yield from _profile_named(request, indexes, "mcptt")


def _profile_named(
    request: SipExchange, indexes: Sequence[int], service: str
) -> Iterator[Departure]:
    part = part_of_type(request, INFO_TYPE.get(service, ""))
    root = root_of(part.body) if part else None
    path = ".//{*}selected-user-profile-index/{*}user-profile-index"
    named = ((root.findtext(path) if root is not None else None) or "").strip()
    known = [str(index) for index in indexes]
    if not named.isdigit() or str(int(named)) not in known:
        yield Departure(f"one of {', '.join(known)}", named or "no index")


def _is_granted(request: SipExchange) -> bool:
    body = request.responses[-1].body if request.responses else b""
    return request.status == 200 and not NEGATIVE.search(body)


def _goes_on(
    refused: SipExchange, exchanges: Sequence[Exchange], partner: str
) -> Iterator[Departure]:
    """Report settings that lean on an authorisation which the partner did not give."""
    for exchange in exchanges:
        if not isinstance(exchange, SipExchange) or exchange.system != partner:
            continue
        if exchange.started < refused.ended or exchange.method != "PUBLISH":
            continue
        if is_removal(exchange):
            continue  # who was refused may tidy up
        if presents_token(exchange):
            if _is_granted(exchange):
                return  # asked again, and with success
            continue
        if profile_index(exchange) is not None:
            expected = "no migrated service without an authorisation"
            yield Departure(expected, "settings of an authorised user", exchange=exchange)
            return


@check("TS23280-10.6.3.2.1-05")
def refused_authorisation_gives_no_service(
    refused: SipExchange, exchanges: Sequence[Exchange], partner: str, window: Window
) -> Iterator[Departure]:
    """After the partner refused service authorisation the UE does not act as authorised there."""
    yield from _goes_on(refused, exchanges, partner)


@check("TS24379-7.3.3-01")
def refused_service_is_not_used(
    refused: SipExchange, exchanges: Sequence[Exchange], partner: str, window: Window
) -> Iterator[Departure]:
    """After a failure response to the request the MCPTT client does not use the service."""
    yield from _goes_on(refused, exchanges, partner)


@check("TS23280-10.6.3.2.1-07")
def unanswered_authorisation_gives_no_service(
    unanswered: SipExchange, exchanges: Sequence[Exchange], partner: str, window: Window
) -> Iterator[Departure]:
    """Without an answer to the request the UE does not act as authorised by the partner."""
    yield from _goes_on(unanswered, exchanges, partner)


@check("TS24379-F.1.3-54", through=MESSAGE)
def negative_result_gives_no_service(
    refused: SipExchange, exchanges: Sequence[Exchange], partner: str, window: Window
) -> Iterator[Departure]:
    """A negative result of migration service authorisation is taken as a refusal."""
    yield from _goes_on(refused, exchanges, partner)


@check(
    "TS24281-F.1.3-52",
    through=("FACT-mcvideo-migration-info-elements", "FACT-migration-authorisation-message"),
)
def negative_mcvideo_result_gives_no_service(
    refused: SipExchange, exchanges: Sequence[Exchange], partner: str, window: Window
) -> Iterator[Departure]:
    """A negative result of MCVideo migration service authorisation is taken as a refusal."""
    yield from _goes_on(refused, exchanges, partner)


@check("TS23280-10.1.1.2-25")
def profile_in_use_is_of_the_partner(
    evidence: Exchange, settings: Sequence[SipExchange], indexes: Sequence[int]
) -> Iterator[Departure]:
    """The profile in use during migrated service is one that the partner gave."""
    for setting in settings:
        index = profile_index(setting)
        if index is not None and index not in {str(known) for known in indexes}:
            expected = f"one of {', '.join(map(str, indexes))}"
            yield Departure(expected, f"profile index {index}", exchange=setting)


@check("TS24379-7.2.3-05")
def profile_after_return_is_of_the_primary(
    settings: Sequence[SipExchange], indexes: Sequence[int]
) -> Iterator[Departure]:
    """After the return the settings name a profile that the user has at the primary."""
    for setting in settings:
        index = profile_index(setting)
        if index is not None and index not in {str(known) for known in indexes}:
            expected = f"one of {', '.join(map(str, indexes))}"
            yield Departure(expected, f"profile index {index}", exchange=setting)


@check("TS23280-10.1.6.2-02", through=("FACT-partner-sip-identity",))
def registers_under_an_identity_that_was_given(
    registers: Sequence[SipExchange], identities: Sequence[str]
) -> Iterator[Departure]:
    """The UE registers at the partner under an identity that it was given for the partner.

    `identities` are all that it was given: in tokens, and by the one who provisioned it.
    """
    given = {address(identity) for identity in identities}
    for register in registers:
        if registered_identity(register) not in given:
            expected = f"one of {', '.join(identities)}"
            yield Departure(expected, register.header("To") or "", exchange=register)
