"""Where a partner is: each address from the chosen profile's entry, and servers that prove it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from muster.checks.migration import MIGRATION_ELEMENTS
from muster.checks.reading import came_from
from muster.evidence import Contact, Departure, Exchange, HttpExchange, Window
from muster.judging import check
from muster.procedure import asked

FORMER = "former-"
"""Before the name of a server: where it was, as only an entry that was not chosen still says."""


def _at(
    exchanges: Sequence[Exchange],
    partner: str,
    server: str,
    triggers: Sequence[Exchange],
    service: str = "mcptt",
) -> Iterator[Departure]:
    """Report a server reached at an address that the chosen entry does not give, or not at all.

    A UE that reached anything of the partner has read the entry: its names have proven themselves.
    """
    elsewhere = [e for e in exchanges if (e.system, e.server) == (partner, FORMER + server)]
    expected = f"the {server} server of {partner} where the chosen entry has it"
    for exchange in elsewhere[:1]:
        yield Departure(expected, "reached where another entry has it", exchange=exchange)
    there = any((e.system, e.server) == (partner, server) for e in exchanges)
    if triggers and not there and not elsewhere:
        acted = any(e.system == partner for e in exchanges)
        read = () if acted else MIGRATION_ELEMENTS.get(service, ())
        yield Departure(expected, "not reached", exchange=triggers[0], through=read)


@check("TS23280-10.1.1.2-07")
def identity_server_is_where_the_entry_has_it(
    profile: HttpExchange,
    exchanges: Sequence[Exchange],
    partner: str,
    triggers: Sequence[Exchange],
    service: str = "mcptt",
) -> Iterator[Departure]:
    """The partner's identity server is reached at the address of the chosen entry.

    `triggers` are exchanges after which the UE has all that it needs to turn to the server.
    """
    yield from _at(exchanges, partner, "idms", triggers, service)


@check("TS23280-10.1.1.2-08")
def signalling_is_where_the_entry_has_it(
    profile: HttpExchange,
    exchanges: Sequence[Exchange],
    partner: str,
    triggers: Sequence[Exchange],
    service: str = "mcptt",
) -> Iterator[Departure]:
    """Signalling of the partner is reached at the address of the chosen entry."""
    yield from _at(exchanges, partner, "sip", triggers, service)


@check("TS23280-10.1.1.2-09")
def configuration_server_is_where_the_entry_has_it(
    profile: HttpExchange,
    exchanges: Sequence[Exchange],
    partner: str,
    triggers: Sequence[Exchange],
    service: str = "mcptt",
) -> Iterator[Departure]:
    """The partner's configuration server is reached at the address of the chosen entry."""
    yield from _at(exchanges, partner, "cms", triggers, service)


@check("TS23280-10.1.1.2-10")
def group_server_is_where_the_entry_has_it(
    profile: HttpExchange,
    exchanges: Sequence[Exchange],
    partner: str,
    triggers: Sequence[Exchange],
    service: str = "mcptt",
) -> Iterator[Departure]:
    """The partner's group server is reached at the address of the chosen entry."""
    yield from _at(exchanges, partner, "gms", triggers, service)


@check("TS23280-10.1.1.2-11")
def key_server_is_where_the_entry_has_it(
    profile: HttpExchange, exchanges: Sequence[Exchange], partner: str
) -> Iterator[Departure]:
    """Keys are asked of the partner, if at all, at the address of the chosen entry."""
    yield from _at(exchanges, partner, "kms", ())


@check("TS23280-10.1.1.2-15")
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


@check("TS23280-10.1.1.2-14")
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
    seen = [e for e in exchanges if e.system == system]
    came = [contact for contact in contacts if contact.system == system]
    if seen:
        observed = f"{seen[0].summary[:160]} at the {seen[0].server} server of {system}"
        yield Departure(expected, observed, exchange=seen[0])
    elif came:
        observed = f"a connection to the {came[0].server} server of {system} ({came[0].event})"
        yield Departure(expected, observed, exchange=evidence)


def _guessed(exchanges: Sequence[Exchange], partner: str, server: str) -> Iterator[Departure]:
    for exchange in exchanges:
        if exchange.system == partner and exchange.server in (server, FORMER + server):
            expected = f"the {server} server of {partner} left alone: the entry does not tell of it"
            yield Departure(expected, exchange.summary[:160], exchange=exchange)
            return


@check("TS23280-10.1.1.2-07")
def missing_identity_server_is_not_guessed(
    profile: HttpExchange, exchanges: Sequence[Exchange], partner: str, window: Window
) -> Iterator[Departure]:
    """An identity server that the chosen entry does not tell of is not reached."""
    yield from _guessed(exchanges, partner, "idms")


@check("TS23280-10.1.1.2-08")
def missing_signalling_is_not_guessed(
    profile: HttpExchange, exchanges: Sequence[Exchange], partner: str, window: Window
) -> Iterator[Departure]:
    """Signalling that the chosen entry does not tell of is not reached."""
    yield from _guessed(exchanges, partner, "sip")


@check("TS23280-10.1.1.2-09")
def missing_configuration_server_is_not_guessed(
    profile: HttpExchange, exchanges: Sequence[Exchange], partner: str, window: Window
) -> Iterator[Departure]:
    """A configuration server that the chosen entry does not tell of is not reached."""
    yield from _guessed(exchanges, partner, "cms")


@check("TS23280-10.1.1.2-10")
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


@check("TS23280-10.1.1.2-06")
def partner_is_reached_over_its_pdn_connection(
    profile: HttpExchange, exchanges: Sequence[Exchange], partner: str, source: str
) -> Iterator[Departure]:
    """All that goes to the partner comes from the address of the PDN connection of its entry.

    `source` is that address, as the IXIT has it.
    """
    for exchange in exchanges:
        if exchange.system != partner or getattr(exchange, "direction", "from_ue") != "from_ue":
            continue
        came = came_from(exchange)
        if came and came != source:
            yield Departure(f"from {source}", f"from {came}", exchange=exchange)
            return


# Lists that give no access -----------------------------------------------------------------------


@check("TS23280-10.1.1.2-01")
def no_migration_without_a_profile(
    evidence: Exchange,
    exchanges: Sequence[Exchange],
    contacts: Sequence[Contact],
    systems: Sequence[str],
    window: Window,
) -> Iterator[Departure]:
    """Before the primary gave a user profile nothing is done about migration.

    `systems` are the partners of the world. No profile was obtained before the window ends.
    """
    for exchange in asked("exchange", exchanges, ""):
        yield Departure("no migration without a profile", exchange.summary[:160], exchange=exchange)
        return
    for contact in contacts:
        if contact.system in systems:
            observed = f"a connection to the {contact.server} server of {contact.system}"
            yield Departure("no migration without a profile", observed, exchange=evidence)
            return


@check("TS23280-10.1.6.1-01", through=("FACT-migration-elements-place",))
def access_is_told_on_network(
    profile: HttpExchange,
    exchanges: Sequence[Exchange],
    contacts: Sequence[Contact],
    partner: str,
    window: Window,
) -> Iterator[Departure]:
    """A partner that only the off-network part of the profile tells of is not reached."""
    expected = f"{partner} left alone: the on-network part of the profile does not tell of it"
    yield from _reached(profile, exchanges, contacts, partner, expected)
