"""Service authorisation at a partner: what the request names, and what a refusal means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from muster.checks.reading import INFO_TYPE, info_value, part_of_type, profile_index, root_of
from muster.evidence import Departure, Exchange, SipExchange, Window
from muster.judging import check

MESSAGE = ("FACT-migration-info-elements", "FACT-migration-authorisation-message")


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
    part = part_of_type(request, INFO_TYPE["mcptt"])
    root = root_of(part.body) if part else None
    found = (
        root.findtext(".//{*}selected-user-profile-index/{*}user-profile-index")
        if (root is not None)
        else None
    )
    named = (found or "").strip()
    known = [str(index) for index in indexes]
    if not named.isdigit() or str(int(named)) not in known:
        yield Departure(f"one of {', '.join(known)}", named or "no index")


def _goes_on(
    refused: SipExchange, exchanges: Sequence[Exchange], partner: str
) -> Iterator[Departure]:
    """Report settings that lean on an authorisation which the partner did not give."""
    for exchange in exchanges:
        if not isinstance(exchange, SipExchange) or exchange.system != partner:
            continue
        if exchange.started < refused.ended or exchange.method != "PUBLISH":
            continue
        asks_again = info_value(exchange, "mcptt-access-token") is not None
        if profile_index(exchange) is not None and not asks_again:
            expected = "no migrated service after the refusal"
            yield Departure(expected, "settings of an authorised user", exchange=exchange)
            return


@check("TS23280-10.6.3.2.1-05", "TS24379-7.3.3-01")
def refused_authorisation_gives_no_service(
    refused: SipExchange, exchanges: Sequence[Exchange], partner: str, window: Window
) -> Iterator[Departure]:
    """After the partner refused service authorisation the UE does not act as authorised there."""
    for departure in _goes_on(refused, exchanges, partner):
        for requirement in ("TS23280-10.6.3.2.1-05", "TS24379-7.3.3-01"):
            yield Departure(departure.expected, departure.observed, requirement, departure.exchange)


@check("TS24379-F.1.3-54", through=MESSAGE)
def negative_result_gives_no_service(
    refused: SipExchange, exchanges: Sequence[Exchange], partner: str, window: Window
) -> Iterator[Departure]:
    """A negative result of migration service authorisation is taken as a refusal."""
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
