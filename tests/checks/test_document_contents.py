"""Checks of what becomes of configuration documents."""

from muster.checks import document_contents as contents
from muster.protocol.sip.multipart import Part
from tests.checks.exchanges import (
    GROUP,
    PROFILE,
    SERVICE_CONFIGURATION,
    UE_CONFIGURATION,
    WINDOW,
    Case,
    cases,
    info,
    publish,
    read,
    read_group,
)

DOCUMENT = read(PROFILE, "D1", at=5.0)
BROKEN = read(PROFILE, "D2", at=5.0)
UE_DOCUMENT = read(UE_CONFIGURATION, "D3", at=5.0)
SERVICE_DOCUMENT = read(SERVICE_CONFIGURATION, "D4", at=5.0)
SECRET = info(("mcptt-access-token", "x"), kind=' type="Encrypted"')
WRAPPED = Part(
    "application/vnd.3gpp.mcptt-info+xml",
    b'<a xmlns="urn:x"><EncryptedData xmlns="http://www.w3.org/2001/04/xmlenc#"/></a>',
)
extended = contents.extended_profile_is_used
reordered = contents.reordered_profile_is_used
alone = contents.profile_without_partners_is_used
ue_configuration = contents.extended_ue_configuration_is_used
service = contents.extended_service_configuration_is_used
contradictory = contents.contradictory_answer_is_not_used
broken = contents.broken_profile_is_not_used
foreign = contents.foreign_document_is_not_used
plain = contents.bodies_are_sent_unprotected
USED = ((extended, "51"), (reordered, "52"), (alone, "53"))

ACCEPTED = (
    *(
        Case(f"groups of the profile, {number}", one, (DOCUMENT, [read_group()], [GROUP]))
        for one, number in USED
    ),
    Case("authorisation follows", ue_configuration, (UE_DOCUMENT, [publish()])),
    Case("service follows", service, (SERVICE_DOCUMENT, [publish()])),
    Case("answer let be", contradictory, (BROKEN, [read_group()], [PROFILE], WINDOW)),
    Case("group of another profile", broken, (BROKEN, [read_group()], [PROFILE], WINDOW)),
    Case("nothing of it asked for", foreign, (BROKEN, [], [GROUP], WINDOW)),
    Case("plain bodies", plain, (SERVICE_DOCUMENT, [publish()])),
    Case("protected before", plain, (SERVICE_DOCUMENT, [publish([SECRET], at=1.0)])),
    Case("body that cannot be read", plain, (SERVICE_DOCUMENT, [publish([Part("a/b", b"<")])])),
)

REPORTED = (
    *(
        Case(
            f"group not asked for, {number}",
            one,
            (DOCUMENT, [], [GROUP]),
            ((f"TS24484-8.3.2.3-{number}", f"{GROUP} obtained", "not obtained", "D1"),),
        )
        for one, number in USED
    ),
    Case(
        "no authorisation",
        ue_configuration,
        (UE_DOCUMENT, []),
        (("TS24484-8.2.2.3-51", "a request for service authorisation", "none", "D3"),),
    ),
    Case(
        "no service",
        service,
        (SERVICE_DOCUMENT, []),
        (("TS24484-8.4.2.3-51", "a request for service authorisation", "none", "D4"),),
    ),
    Case(
        "group of the answer with two lengths",
        contradictory,
        (BROKEN, [read_group()], [GROUP], WINDOW),
        (
            (
                "RFC9112-6.3-02",
                "no use of an answer that states two lengths",
                f"{GROUP} asked for",
                "X1",
            ),
        ),
    ),
    Case(
        "group of the broken profile",
        broken,
        (BROKEN, [read_group()], [GROUP], WINDOW),
        (
            (
                "XML1.0-1.2-01",
                "no use of a profile that is not well-formed",
                f"{GROUP} asked for",
                "X1",
            ),
        ),
    ),
    Case(
        "group of the foreign document",
        foreign,
        (BROKEN, [read_group()], [GROUP], WINDOW),
        (
            (
                "TS24484-8.3.2.4-51",
                "no use of a document that is no user profile",
                f"{GROUP} asked for",
                "X1",
            ),
        ),
    ),
    *(
        Case(
            f"encrypted {what}",
            plain,
            (
                SERVICE_DOCUMENT,
                [publish([SECRET], name="S0", at=1.0), publish([part], at=20.0)],
            ),
            (
                (
                    "TS24484-8.4.2.6-51",
                    "a plain body of type application/vnd.3gpp.mcptt-info+xml",
                    "an encrypted one",
                    "S1",
                ),
            ),
        )
        for what, part in (("element", SECRET), ("data", WRAPPED))
    ),
)


@cases(*ACCEPTED)
def test_right_exchange_is_accepted(case: Case) -> None:
    case.judge()


@cases(*REPORTED)
def test_departure_is_reported(case: Case) -> None:
    case.judge()
