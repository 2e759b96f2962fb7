"""Functional aliases: only those that the active profile lists, by the rules that it gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from muster.checks.reading import activated_aliases
from muster.evidence import Departure, HttpExchange, SipExchange, Window
from muster.judging import check

IN_PRESENCE = "FACT-functional-alias-presence"
IN_PROFILE = "FACT-functional-alias-list"


def _others(
    publications: Sequence[SipExchange], aliases: Sequence[str], expected: str
) -> Iterator[Departure]:
    for one in publications:
        for alias in activated_aliases(one):
            if alias not in aliases:
                yield Departure(expected, alias, exchange=one)


@check("TS24484-8.3.2.7-53", through=(IN_PRESENCE, IN_PROFILE))
def only_listed_aliases_are_activated(
    profile: HttpExchange,
    publications: Sequence[SipExchange],
    aliases: Sequence[str],
    window: Window,
) -> Iterator[Departure]:
    """No functional alias is activated that the active profile does not list."""
    yield from _others(publications, aliases, "functional aliases of the active profile alone")


@check("TS24484-8.3.2.7-54", through=(IN_PRESENCE, IN_PROFILE))
def aliases_follow_the_chosen_profile(
    change: SipExchange,
    publications: Sequence[SipExchange],
    aliases: Sequence[str],
    window: Window,
) -> Iterator[Departure]:
    """In the end no functional alias is active that the chosen profile does not list.

    `publications` are all of the service, oldest first; the last one tells what is active.
    """
    yield from _others(publications[-1:], aliases, "functional aliases of the chosen profile alone")


@check("TS24484-8.3.2.7-55", through=(IN_PRESENCE, IN_PROFILE))
def alias_of_a_far_place_is_not_activated(
    profile: HttpExchange,
    publications: Sequence[SipExchange],
    alias: str,
    window: Window,
) -> Iterator[Departure]:
    """A functional alias that waits for a place is not activated where the user is elsewhere."""
    for one in publications:
        if alias in activated_aliases(one):
            yield Departure("not before that place is entered", alias, exchange=one)
