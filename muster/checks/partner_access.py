"""Where a partner is: each address from the chosen profile's entry, and servers that prove it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from muster.evidence import Contact, Departure, Exchange, HttpExchange, Window
from muster.judging import check

ENTRY = ("FACT-mcptt-migration-elements",)
FORMER = "former-"
"""Before the name of a server: where it was, as only an entry that was not chosen still says."""


def _at(
    exchanges: Sequence[Exchange], partner: str, server: str, triggers: Sequence[Exchange]
) -> Iterator[Departure]:
    """Report a server reached at an address that the chosen entry does not give, or not at all."""
    elsewhere = [e for e in exchanges if (e.system, e.server) == (partner, FORMER + server)]
    expected = f"the {server} server of {partner} where the chosen entry has it"
    for exchange in elsewhere[:1]:
        yield Departure(expected, "reached where another entry has it", exchange=exchange)
    there = any((e.system, e.server) == (partner, server) for e in exchanges)
    if triggers and not there and not elsewhere:
        yield Departure(expected, "not reached", exchange=triggers[0])


@check("TS23280-10.1.1.2-07", through=ENTRY)
def identity_server_is_where_the_entry_has_it(
    profile: HttpExchange,
    exchanges: Sequence[Exchange],
    partner: str,
    triggers: Sequence[Exchange],
) -> Iterator[Departure]:
    """The partner's identity server is reached at the address of the chosen entry.

    `triggers` are exchanges after which the UE has all that it needs to turn to the server.
    """
    yield from _at(exchanges, partner, "idms", triggers)


@check("TS23280-10.1.1.2-08", through=ENTRY)
def signalling_is_where_the_entry_has_it(
    profile: HttpExchange,
    exchanges: Sequence[Exchange],
    partner: str,
    triggers: Sequence[Exchange],
) -> Iterator[Departure]:
    """Signalling of the partner is reached at the address of the chosen entry."""
    yield from _at(exchanges, partner, "sip", triggers)


@check("TS23280-10.1.1.2-09", through=ENTRY)
def configuration_server_is_where_the_entry_has_it(
    profile: HttpExchange,
    exchanges: Sequence[Exchange],
    partner: str,
    triggers: Sequence[Exchange],
) -> Iterator[Departure]:
    """The partner's configuration server is reached at the address of the chosen entry."""
    yield from _at(exchanges, partner, "cms", triggers)


@check("TS23280-10.1.1.2-10", through=ENTRY)
def group_server_is_where_the_entry_has_it(
    profile: HttpExchange,
    exchanges: Sequence[Exchange],
    partner: str,
    triggers: Sequence[Exchange],
) -> Iterator[Departure]:
    """The partner's group server is reached at the address of the chosen entry."""
    yield from _at(exchanges, partner, "gms", triggers)


@check("TS23280-10.1.1.2-11", through=ENTRY)
def key_server_is_where_the_entry_has_it(
    profile: HttpExchange, exchanges: Sequence[Exchange], partner: str
) -> Iterator[Departure]:
    """Keys are asked of the partner, if at all, at the address of the chosen entry."""
    yield from _at(exchanges, partner, "kms", ())


@check("TS23280-10.1.1.2-15", through=ENTRY)
def access_information_is_that_of_the_chosen_profile(
    profile: HttpExchange,
    exchanges: Sequence[Exchange],
    contacts: Sequence[Contact],
    other: str,
    window: Window,
) -> Iterator[Departure]:
    """Nothing is reached that only the entry of another profile for the same partner describes.

    `other` is the system that stands where that entry says.
    """
    expected = "the partner as the chosen profile describes it"
    yield from _reached(profile, exchanges, contacts, other, expected)


@check("TS23280-10.1.1.2-14", through=ENTRY)
def only_the_chosen_of_several_is_contacted(
    profile: HttpExchange,
    exchanges: Sequence[Exchange],
    contacts: Sequence[Contact],
    other: str,
    window: Window,
) -> Iterator[Departure]:
    """Of several partners in the chosen profile, the other ones are not contacted."""
    yield from _reached(profile, exchanges, contacts, other, f"{other} not contacted")


def _reached(
    evidence: Exchange,
    exchanges: Sequence[Exchange],
    contacts: Sequence[Contact],
    system: str,
    expected: str,
) -> Iterator[Departure]:
    asked = [e for e in exchanges if e.system == system]
    came = [contact for contact in contacts if contact.system == system]
    if asked:
        observed = f"{asked[0].summary[:160]} at the {asked[0].server} server of {system}"
        yield Departure(expected, observed, exchange=asked[0])
    elif came:
        observed = f"a connection to the {came[0].server} server of {system} ({came[0].event})"
        yield Departure(expected, observed, exchange=evidence)


def _guessed(exchanges: Sequence[Exchange], partner: str, server: str) -> Iterator[Departure]:
    for exchange in exchanges:
        if exchange.system == partner and exchange.server in (server, FORMER + server):
            expected = f"the {server} server of {partner} left alone: the entry does not tell of it"
            yield Departure(expected, exchange.summary[:160], exchange=exchange)
            return


@check("TS23280-10.1.1.2-07", through=ENTRY)
def missing_identity_server_is_not_guessed(
    profile: HttpExchange, exchanges: Sequence[Exchange], partner: str, window: Window
) -> Iterator[Departure]:
    """An identity server that the chosen entry does not tell of is not reached."""
    yield from _guessed(exchanges, partner, "idms")


@check("TS23280-10.1.1.2-08", through=ENTRY)
def missing_signalling_is_not_guessed(
    profile: HttpExchange, exchanges: Sequence[Exchange], partner: str, window: Window
) -> Iterator[Departure]:
    """Signalling that the chosen entry does not tell of is not reached."""
    yield from _guessed(exchanges, partner, "sip")


@check("TS23280-10.1.1.2-09", through=ENTRY)
def missing_configuration_server_is_not_guessed(
    profile: HttpExchange, exchanges: Sequence[Exchange], partner: str, window: Window
) -> Iterator[Departure]:
    """A configuration server that the chosen entry does not tell of is not reached."""
    yield from _guessed(exchanges, partner, "cms")


@check("TS23280-10.1.1.2-10", through=ENTRY)
def missing_group_server_is_not_guessed(
    profile: HttpExchange, exchanges: Sequence[Exchange], partner: str, window: Window
) -> Iterator[Departure]:
    """A group server that the chosen entry does not tell of is not reached."""
    yield from _guessed(exchanges, partner, "gms")


@check("TS24482-A.2.1.2-01")
def partner_server_is_verified(
    evidence: Exchange, exchanges: Sequence[Exchange], partner: str, server: str, window: Window
) -> Iterator[Departure]:
    """No request is sent to a server of the partner whose certificate the UE cannot verify."""
    for exchange in exchanges:
        if (exchange.system, exchange.server) == (partner, server):
            expected = "no request to a server that does not prove its name"
            yield Departure(expected, exchange.summary[:160], exchange=exchange)
            return
