"""Service authorisation at a partner: what it names, and what a refusal means."""

from typing import Any

from muster.checks import partner_service
from muster.evidence import SipExchange
from muster.protocol.sip.multipart import Part
from tests.checks.exchanges import (
    ALICE,
    AUTHORISING,
    OWN_SETTINGS,
    WINDOW,
    Case,
    cases,
    publish,
    settings,
)

VISITOR = "sip:visitor@partner.example"
there = partner_service.request_names_the_identity_at_the_partner
at_home = partner_service.request_names_the_identity_at_the_primary
index = partner_service.request_names_a_profile
refusal = partner_service.refused_authorisation_gives_no_service
negative = partner_service.negative_result_gives_no_service
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


AGAIN = publish((AUTHORISING, settings("5")), name="S8", system="partner", at=20.0)
NO_SERVICE = ("no migrated service after the refusal", "settings of an authorised user", "S9")

ACCEPTED = (
    Case("identity at the partner", there, (asking(), VISITOR)),
    Case("identity at the primary", at_home, (asking(), ALICE)),
    Case("profile of either system", index, (asking(profile="05"), [1, 5])),
    Case("asked again", refusal, (turned_down(), [AGAIN], "partner", WINDOW)),
    Case(
        "settings at the primary",
        refusal,
        (turned_down(), [later(system="primary")], "partner", WINDOW),
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
        (("TS23280-10.6.3.2.1-05", *NO_SERVICE), ("TS24379-7.3.3-01", *NO_SERVICE)),
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
