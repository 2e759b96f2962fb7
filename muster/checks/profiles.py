"""The active profile: which one the settings name, at service authorisation and after a choice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from muster.checks.reading import SERVED_NAMES, info_value, names_document, profile_index
from muster.evidence import Departure, Exchange, HttpExchange, SipExchange, Window
from muster.judging import check

IN_SETTINGS = "FACT-profile-index-in-settings"
MARKED = "FACT-pre-selected-indication"


@check("TS23280-10.1.4.5-01")
def nothing_is_updated_unasked(
    evidence: Exchange, requests: Sequence[HttpExchange], window: Window
) -> Iterator[Departure]:
    """User profiles in the network are changed only when the user makes the UE do so."""
    for request in requests:
        if request.method in ("PUT", "DELETE", "PATCH") and "user-profile" in request.decoded_path:
            observed = f"{request.method} {request.decoded_path}"
            yield Departure("no change of a user profile", observed, exchange=request)


def _first_named(settings: Sequence[SipExchange]) -> tuple[SipExchange, str] | None:
    named = [(one, index) for one in settings if (index := profile_index(one)) is not None]
    return named[0] if named else None


def _another_first(
    settings: Sequence[SipExchange], index: int, service: str
) -> Iterator[Departure]:
    """Yield the first index that settings name, if it is another: the mark may be unreadable."""
    first, read = _first_named(settings), SERVED_NAMES.get(service, ())
    if first is not None and first[1] != str(index):
        observed = f"profile index {first[1]}"
        yield Departure(f"profile index {index}", observed, exchange=first[0], through=read)


@check("TS23280-10.1.1.1-19", through=(MARKED, IN_SETTINGS))
def pre_selected_profile_is_active_wherever_it_stands(
    authorisation: SipExchange,
    settings: Sequence[SipExchange],
    index: int,
    service: str = "mcptt",
) -> Iterator[Departure]:
    """The first settings name the pre-selected profile, whatever its index and place.

    Settings without an index leave it to the server, which knows the mark itself.
    """
    yield from _another_first(settings, index, service)


@check("TS23280-10.1.1.1-21", through=(MARKED, IN_SETTINGS))
def moved_mark_holds_at_the_next_authorisation(
    announcement: Exchange,
    settings: Sequence[SipExchange],
    index: int,
    service: str = "mcptt",
) -> Iterator[Departure]:
    """After the mark was moved, the next service authorisation names the profile that has it.

    `settings` are those from that service authorisation on.
    """
    yield from _another_first(settings, index, service)


@check("TS23280-10.1.1.1-22", through=(MARKED, IN_SETTINGS))
def moved_mark_leaves_the_active_profile(
    announcement: Exchange,
    settings: Sequence[SipExchange],
    requests: Sequence[HttpExchange],
    index: int,
    selectors: Sequence[str],
    window: Window,
) -> Iterator[Departure]:
    """Moving the mark does not change the profile that is active in the running service.

    `selectors` are the groups that only the newly marked profile lists.
    """
    for one in settings:
        named = profile_index(one)
        if named not in (None, str(index)):
            expected = f"profile index {index} as before"
            yield Departure(expected, f"profile index {named}", exchange=one)
    for request in requests:
        if any(names_document(request, selector) for selector in selectors):
            expected = "no group of the newly marked profile"
            yield Departure(expected, request.decoded_path, exchange=request)


@check("TS23280-10.1.1.1-17", "TS24379-7.2.2-05", through=(MARKED, IN_SETTINGS))
def pre_selected_profile_is_active_again(
    choice: SipExchange, settings: Sequence[SipExchange], index: int
) -> Iterator[Departure]:
    """A profile that the user chose during service does not outlast it.

    `choice` told the server of it; `settings` are those from the next service authorisation on.
    """
    first = _first_named(settings)
    if first is not None and first[1] != str(index):
        for requirement in ("TS23280-10.1.1.1-17", "TS24379-7.2.2-05"):
            observed = f"profile index {first[1]}"
            yield Departure(f"profile index {index}", observed, requirement, first[0])


@check("TS24379-7.2.3-05", through=(IN_SETTINGS,))
def settings_name_a_profile_of_the_user(
    evidence: Exchange, settings: Sequence[SipExchange], indexes: Sequence[int], window: Window
) -> Iterator[Departure]:
    """No settings name a profile that the user does not have."""
    known = {str(index) for index in indexes}
    for one in settings:
        named = profile_index(one)
        if named is not None and named not in known:
            expected = f"one of {', '.join(map(str, indexes))}"
            yield Departure(expected, f"profile index {named}", exchange=one)


@check("TS24484-8.3.2.7-51", through=(IN_SETTINGS,))
def disabled_profile_is_not_made_active(
    evidence: Exchange, settings: Sequence[SipExchange], index: int, window: Window
) -> Iterator[Departure]:
    """No settings name a profile that is disabled."""
    for one in settings:
        if profile_index(one) == str(index):
            yield Departure("an enabled profile", f"profile index {index}", exchange=one)


@check("TS24484-6.3.13.2.2-15", through=(IN_SETTINGS,))
def removed_profile_is_not_used(
    announcement: SipExchange, settings: Sequence[SipExchange], index: int, window: Window
) -> Iterator[Departure]:
    """A profile whose document was removed is not made active any more."""
    for one in settings:
        if profile_index(one) == str(index):
            expected = "a profile that is still there"
            yield Departure(expected, f"profile index {index}", exchange=one)


@check("TS24379-7.2.3-02")
def settings_are_of_the_authorised_client(
    authorisation: SipExchange, settings: Sequence[SipExchange]
) -> Iterator[Departure]:
    """Settings that follow carry the client ID that the service authorisation was given with."""
    client = info_value(authorisation, "mcptt-client-id")
    for one in settings:
        named = info_value(one, "mcptt-client-id")
        if named != client:
            observed = named or "absent"
            yield Departure(f"mcptt-client-id {client}", observed, exchange=one)
