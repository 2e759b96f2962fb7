"""Service authorisation at a partner: what it names, and what a refusal means."""

from dataclasses import replace
from typing import Any

import pytest

from muster.checks import partner_service
from muster.evidence import SipAnswer, SipExchange
from muster.protocol.sip.multipart import Part
from tests.checks.exchanges import (
    ALICE,
    AUTHORISING,
    OWN_SETTINGS,
    WINDOW,
    Case,
    cases,
    publish,
    register,
    settings,
    sip,
)

VISITOR = "sip:visitor@partner.example"
there = partner_service.request_names_the_identity_at_the_partner
at_home = partner_service.request_names_the_identity_at_the_primary
index = partner_service.request_names_a_profile
refusal = partner_service.refused_authorisation_gives_no_service
both = partner_service.request_names_both_identities
any_index = partner_service.request_names_a_profile_of_the_user
given = partner_service.registers_under_an_identity_that_was_given
server = partner_service.request_is_sent_to_the_service_server
forbidden = partner_service.refused_service_is_not_used
unanswered = partner_service.unanswered_authorisation_gives_no_service
negative = partner_service.negative_result_gives_no_service
negative_video = partner_service.negative_mcvideo_result_gives_no_service
in_use = partner_service.profile_in_use_is_of_the_partner
returned = partner_service.profile_after_return_is_of_the_primary


def asking(partner: str = VISITOR, primary: str = ALICE, profile: str = "5") -> SipExchange:
    def named(element: str, uri: str) -> str:
        return f'<{element} type="Normal"><mcpttURI>{uri}</mcpttURI></{element}>' if uri else ""

    selected = (
        "<selected-user-profile-index><user-profile-index>"
        f"{profile}</user-profile-index></selected-user-profile-index>"
    )
    extension = named("partner-mcptt-id", partner) + named("primary-mcptt-id", primary)
    body = (
        '<mcpttinfo xmlns="urn:3gpp:ns:mcpttInfo:1.0"><mcptt-Params>'
        '<mcptt-access-token type="Normal"><mcpttString>masked-access</mcpttString>'
        f"</mcptt-access-token><anyExt>{extension}{selected if profile else ''}</anyExt>"
        "</mcptt-Params></mcpttinfo>"
    )
    info = Part("application/vnd.3gpp.mcptt-info+xml", body.encode())
    return publish([info, settings("5")], name="A", system="partner", at=10.0)


def turned_down(status: int = 403) -> SipExchange:
    return publish(name="A", system="partner", statuses=(status,), at=10.0)


def later(number: str | None = "5", **more: Any) -> SipExchange:
    members = {"name": "S9", "system": "partner", "tokens": (), "at": 20.0, **more}
    return publish((OWN_SETTINGS, settings(number)), **members)


SERVER = asking().request_uri
NO = SipAnswer(
    200,
    "OK",
    (),
    b"<migration-auth-result><mcpttBoolean>false</mcpttBoolean></migration-auth-result>",
)
AGAIN = publish((AUTHORISING, settings("5")), name="S8", system="partner", at=20.0)
NO_SERVICE = (
    "no migrated service without an authorisation",
    "settings of an authorised user",
    "S9",
)

ACCEPTED = (
    Case("identity at the partner", there, (asking(), VISITOR)),
    Case("identity at the primary", at_home, (asking(), ALICE)),
    Case("profile of either system", index, (asking(profile="05"), [1, 5])),
    Case("identities at both systems", both, (asking(), VISITOR, ALICE, "mcptt")),
    Case("profile of either system, by its index", any_index, (asking(), [1, 5], "mcptt")),
    Case("server of the service, with or without port", server, (asking(), f"{SERVER}:5060")),
    Case("registration goes to the domain", server, (register(system="partner"), SERVER)),
    Case(
        "settings once it was granted after all",
        refusal,
        (turned_down(), [AGAIN, later(at=30.0)], "partner", WINDOW),
    ),
    Case("silence and nothing more", unanswered, (turned_down(), [], "partner", WINDOW)),
    Case("service not used", forbidden, (turned_down(), [], "partner", WINDOW)),
    Case("MCVideo not used", negative_video, (turned_down(200), [], "partner", WINDOW)),
    Case(
        "identity that was given",
        given,
        ([register(system="partner", to=VISITOR)], [VISITOR, "sip:other@partner.example"]),
    ),
    Case(
        "identity that was given, with a port and a name before it",
        given,
        ([sip("REGISTER", headers=(("To", f'"V" <{VISITOR}:5060>'),))], [VISITOR]),
    ),
    Case("asked again", refusal, (turned_down(), [AGAIN], "partner", WINDOW)),
    Case(
        "settings at the primary",
        refusal,
        (turned_down(), [later(system="primary")], "partner", WINDOW),
    ),
    Case(
        "settings removed",
        refusal,
        (turned_down(), [later(fields={"Expires": "0"})], "partner", WINDOW),
    ),
    Case(
        "settings that were on the way when the refusal came",
        refusal,
        (turned_down(), [later(at=9.0)], "partner", WINDOW),
    ),
    Case("no settings", negative, (turned_down(200), [later(None)], "partner", WINDOW)),
    Case("profile of the partner", in_use, (turned_down(), [later(), later(None)], [4, 5])),
    Case("profile of the primary", returned, ([later("1", system="primary")], [0, 1])),
)
REPORTED = (
    Case(
        "other identity at the partner",
        there,
        (asking(partner=ALICE), VISITOR),
        (("TS24379-F.1.3-51", f"partner-mcptt-id {VISITOR}", ALICE, "A"),),
    ),
    Case(
        "no identity at the primary",
        at_home,
        (asking(primary=""), ALICE),
        (("TS24379-F.1.3-52", f"primary-mcptt-id {ALICE}", "absent", "A"),),
    ),
    Case(
        "no profile",
        index,
        (asking(profile=""), [1, 5]),
        (("TS24379-F.1.3-53", "one of 1, 5", "no index", "A"),),
    ),
    Case(
        "profile that nobody has",
        index,
        (asking(profile="9"), [1, 5]),
        (("TS24379-F.1.3-53", "one of 1, 5", "9", "A"),),
    ),
    Case(
        "service after a refusal",
        refusal,
        (turned_down(), [later()], "partner", WINDOW),
        (("TS23280-10.6.3.2.1-05", *NO_SERVICE),),
    ),
    *(
        Case(
            f"service after a refusal, and {before.method} before it",
            refusal,
            (turned_down(), [before, later(at=30.0)], "partner", WINDOW),
            (("TS23280-10.6.3.2.1-05", *NO_SERVICE),),
        )
        for before in (
            register(system="partner", at=15.0),
            later(name="S7", fields={"Expires": "0"}),
        )
    ),
    Case(
        "settings after it was refused again",
        refusal,
        (turned_down(), [replace(AGAIN, responses=()), later(at=30.0)], "partner", WINDOW),
        (("TS23280-10.6.3.2.1-05", *NO_SERVICE),),
    ),
    Case(
        "settings after the result was negative again",
        negative,
        (turned_down(200), [replace(AGAIN, responses=(NO,)), later(at=30.0)], "partner", WINDOW),
        (("TS24379-F.1.3-54", *NO_SERVICE),),
    ),
    *(
        Case(
            f"settings of an authorised user: {requirement}",
            one,
            (turned_down(), [later()], "partner", WINDOW),
            ((requirement, *NO_SERVICE),),
        )
        for one, requirement in (
            (forbidden, "TS24379-7.3.3-01"),
            (unanswered, "TS23280-10.6.3.2.1-07"),
            (negative_video, "TS24281-F.1.3-52"),
        )
    ),
    Case(
        "identities in each other's place",
        both,
        (asking(ALICE, VISITOR), VISITOR, ALICE, "mcptt"),
        (
            ("TS23280-10.6.3.2.1-02", f"partner-mcptt-id {VISITOR}", ALICE, "A"),
            ("TS23280-10.6.3.2.1-03", f"primary-mcptt-id {ALICE}", VISITOR, "A"),
        ),
    ),
    Case(
        "no index of a profile",
        any_index,
        (asking(profile=""), [1, 5], "mcptt"),
        (("TS23280-10.6.3.2.1-04", "one of 1, 5", "no index", "A"),),
    ),
    Case(
        "identity that nobody gave",
        given,
        ([register(system="partner", to="sip:guest@partner.example")], [VISITOR]),
        (
            (
                "TS23280-10.1.6.2-02",
                f"one of {VISITOR}",
                "<sip:guest@partner.example>",
                "S1",
            ),
        ),
    ),
    Case(
        "server of another service",
        server,
        (asking(), "sip:other@partner.example"),
        (("TS23280-10.6.3.2.1-01", "sip:other@partner.example", SERVER, "A"),),
    ),
    Case(
        "service after a negative result",
        negative,
        (turned_down(200), [later()], "partner", WINDOW),
        (("TS24379-F.1.3-54", *NO_SERVICE),),
    ),
    Case(
        "profile of the primary in use at the partner",
        in_use,
        (turned_down(), [later("1")], [4, 5]),
        (("TS23280-10.1.1.2-25", "one of 4, 5", "profile index 1", "S9"),),
    ),
    Case(
        "profile of the partner in use after the return",
        returned,
        ([later("5", system="primary")], [0, 1]),
        (("TS24379-7.2.3-05", "one of 0, 1", "profile index 5", "S9"),),
    ),
)


@cases(*ACCEPTED, *REPORTED)
def test_service_at_a_partner(case: Case) -> None:
    case.judge()


@pytest.mark.parametrize(
    ("service", "fact"),
    [
        ("mcptt", "FACT-migration-info-elements"),
        ("mcvideo", "FACT-mcvideo-migration-info-elements"),
        ("mcdata", "FACT-mcdata-migration-info-elements"),
    ],
)
def test_names_of_each_service_have_a_basis_of_their_own(service: str, fact: str) -> None:
    found = both(publish((), name="A"), VISITOR, ALICE, service).findings

    assert [finding.through[0] for finding in found] == [fact, fact]
