"""Where a partner is: the address of the chosen entry, and servers that prove their names."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from muster.checks import partner_access
from muster.evidence import Contact, Exchange
from muster.protocol.oidc import GRANT_TOKEN_EXCHANGE
from tests.checks.exchanges import PROFILE, WINDOW, Case, cases, contact, http, post_form, read, sip

profile = read(PROFILE, "P1", at=1.0)
TRIGGER = http("/x", "T1", at=5.0)
AT = {
    "idms": ("TS23280-10.1.1.2-07", partner_access.identity_server_is_where_the_entry_has_it),
    "sip": ("TS23280-10.1.1.2-08", partner_access.signalling_is_where_the_entry_has_it),
    "cms": ("TS23280-10.1.1.2-09", partner_access.configuration_server_is_where_the_entry_has_it),
    "gms": ("TS23280-10.1.1.2-10", partner_access.group_server_is_where_the_entry_has_it),
}
GUESSED = {
    "idms": ("TS23280-10.1.1.2-07", partner_access.missing_identity_server_is_not_guessed),
    "sip": ("TS23280-10.1.1.2-08", partner_access.missing_signalling_is_not_guessed),
    "cms": ("TS23280-10.1.1.2-09", partner_access.missing_configuration_server_is_not_guessed),
    "gms": ("TS23280-10.1.1.2-10", partner_access.missing_group_server_is_not_guessed),
}
keys = partner_access.key_server_is_where_the_entry_has_it
entry = partner_access.access_information_is_that_of_the_chosen_profile
several = partner_access.only_the_chosen_of_several_is_contacted
verified = partner_access.partner_server_is_verified
over = partner_access.partner_is_reached_over_its_pdn_connection
unprofiled = partner_access.no_migration_without_a_profile
off_network = partner_access.access_is_told_on_network


def at(server: str, system: str = "partner") -> Exchange:
    return http("/x", "X9", system=system, server=server)


def seen(*exchanges: Exchange, triggers: Sequence[Exchange] = ()) -> tuple[Any, ...]:
    return profile, list(exchanges), "partner", list(triggers)


def reached(*exchanges: Exchange, **more: Any) -> tuple[Any, ...]:
    return profile, list(exchanges), more.get("contacts", []), "annex", WINDOW


def came(remote: str) -> list[Exchange]:
    facts = {"remote": remote} if remote else {}
    return [http("/x", "X9", system="partner", facts=facts), http("/y", "X8")]


def called(remote: str) -> list[Exchange]:
    return [replace(sip("REGISTER", name="X9", system="partner"), facts={"remote": remote})]


def before(*exchanges: Exchange, contacts: Sequence[Contact] = ()) -> tuple[Any, ...]:
    return profile, list(exchanges), list(contacts), ["partner"], WINDOW


ACCEPTED = (
    *(
        Case(f"{name} there", one, seen(at(name), triggers=[TRIGGER]))
        for name, (_, one) in AT.items()
    ),
    Case("server not needed yet", AT["cms"][1], seen()),
    Case("keys asked where they are", keys, (profile, [at("kms")], "partner")),
    Case("no keys asked for", keys, (profile, [], "partner")),
    *(
        Case(f"{name} of another system", one, (profile, [at(name, "primary")], "partner", WINDOW))
        for name, (_, one) in GUESSED.items()
    ),
    Case("chosen entry used", entry, reached(at("idms"))),
    Case("chosen partner alone", several, reached(at("idms"), contacts=[contact("idms", 12.0)])),
    Case("nothing done without a profile", unprofiled, before()),
    Case("partner left alone", off_network, reached()),
    Case(
        "all from the address of the connection",
        over,
        (profile, came("127.0.0.9") + called("127.0.0.9:5060"), "partner", "127.0.0.9"),
    ),
    Case("all over IPv6", over, (profile, came("::1") + called("::1:5060"), "partner", "::1")),
    Case(
        "other systems from another address",
        over,
        (profile, [http("/y", "X8", facts={"remote": "127.0.0.1"})], "partner", "127.0.0.9"),
    ),
    Case(
        "what the partner sends",
        over,
        (
            profile,
            [replace(one, direction="to_ue") for one in called("127.0.0.1")],
            "partner",
            "127.0.0.9",
        ),
    ),
    Case("address that nobody recorded", over, (profile, came(""), "partner", "127.0.0.9")),
    Case("proven server", verified, (profile, [at("idms")], "partner", "cms", WINDOW)),
)
REPORTED = (
    *(
        Case(
            f"{name} at its former address",
            one,
            seen(at(f"former-{name}"), triggers=[TRIGGER]),
            (
                (
                    requirement,
                    f"the {name} server of partner where the chosen entry has it",
                    "reached where another entry has it",
                    "X9",
                ),
            ),
        )
        for name, (requirement, one) in AT.items()
    ),
    Case(
        "server that is not turned to",
        AT["idms"][1],
        seen(triggers=[TRIGGER]),
        (
            (
                "TS23280-10.1.1.2-07",
                "the idms server of partner where the chosen entry has it",
                "not reached",
                "T1",
            ),
        ),
    ),
    Case(
        "keys asked at the former address",
        keys,
        (profile, [at("former-kms")], "partner"),
        (
            (
                "TS23280-10.1.1.2-11",
                "the kms server of partner where the chosen entry has it",
                "reached where another entry has it",
                "X9",
            ),
        ),
    ),
    *(
        Case(
            f"{name} guessed",
            one,
            (profile, [at(name)], "partner", WINDOW),
            (
                (
                    requirement,
                    f"the {name} server of partner left alone: the entry does not tell of it",
                    "GET /x",
                    "X9",
                ),
            ),
        )
        for name, (requirement, one) in GUESSED.items()
    ),
    Case(
        "entry of another profile used",
        entry,
        reached(at("idms", "annex")),
        (
            (
                "TS23280-10.1.1.2-15",
                "the partner as the chosen profile describes it",
                "GET /x at the idms server of annex",
                "X9",
            ),
        ),
    ),
    Case(
        "security token asked for without a profile",
        unprofiled,
        before(post_form({"grant_type": GRANT_TOKEN_EXCHANGE}, name="X9")),
        (("TS23280-10.1.1.2-01", "no migration without a profile", "POST /as/token", "X9"),),
    ),
    Case(
        "partner contacted without a profile",
        unprofiled,
        before(contacts=[contact("idms", 12.0, "partner")]),
        (
            (
                "TS23280-10.1.1.2-01",
                "no migration without a profile",
                "a connection to the idms server of partner",
                "P1",
            ),
        ),
    ),
    Case(
        "partner of the off-network list reached",
        off_network,
        reached(at("idms", "annex")),
        (
            (
                "TS23280-10.1.6.1-01",
                "annex left alone: the on-network part of the profile does not tell of it",
                "GET /x at the idms server of annex",
                "X9",
            ),
        ),
    ),
    *(
        Case(
            f"request over another connection, recorded as {remote}",
            over,
            (profile, exchanges, "partner", "127.0.0.9"),
            (("TS23280-10.1.1.2-06", "from 127.0.0.9", f"from {address}", "X9"),),
        )
        for remote, address, exchanges in (
            ("127.0.0.1", "127.0.0.1", came("127.0.0.1")),
            ("127.0.0.1:5060", "127.0.0.1", called("127.0.0.1:5060")),
            ("::1", "::1", came("::1")),
            ("::1:5060", "::1", called("::1:5060")),
        )
    ),
    Case(
        "connection to another partner of the profile",
        several,
        reached(contacts=[contact("sip", 12.0, "annex", "open")]),
        (
            (
                "TS23280-10.1.1.2-14",
                "annex not contacted",
                "a connection to the sip server of annex (open)",
                "P1",
            ),
        ),
    ),
    Case(
        "request to a server without proof",
        verified,
        (profile, [at("cms")], "partner", "cms", WINDOW),
        (
            (
                "TS24482-A.2.1.2-01",
                "no request to a server that does not prove its name",
                "GET /x",
                "X9",
            ),
        ),
    ),
)


@cases(*ACCEPTED, *REPORTED)
def test_access(case: Case) -> None:
    case.judge()
