"""Checks of service authorisation and of the active profile."""

from muster.checks import authorisation
from muster.protocol.sip.multipart import Part
from tests.checks.exchanges import (
    ALICE,
    AUTHORISING,
    CONTACT,
    ICSI,
    INSTANCE,
    OWN_SETTINGS,
    Case,
    cases,
    info,
    publish,
    register,
    settings,
    sip,
    token,
)

form = authorisation.publication_has_its_form
goes = authorisation.publication_goes_to_the_server
info_valid = authorisation.information_body_is_valid
settings_valid = authorisation.settings_body_is_valid
pre_selected = authorisation.pre_selected_profile_becomes_active
presents = authorisation.authorisation_presents_a_token_of_its_system
follows = authorisation.authorisation_follows_registration
names = authorisation.register_names_the_service
told = authorisation.chosen_profile_is_told
only = authorisation.settings_only_have_their_form

PSI = "sip:server@primary.example"
IN_REGISTER = register(name="R1", tokens=[token(place="body")], parts=[AUTHORISING])
CHANGE = publish([OWN_SETTINGS, settings("0")], fields={"SIP-If-Match": "tag1"})
INDEX_ELSEWHERE = settings("1", namespace="urn:example:settings")
NO_TYPE = info(("mcptt-access-token", "m"), ("mcptt-client-id", INSTANCE), kind="")

ACCEPTED = (
    Case(
        "white space where it is free",
        names,
        (register(CONTACT.replace("ref=", "ref = ")),),
    ),
    Case("publication", form, (publish(),)),
    Case(
        "header fields in another order, bodies too",
        form,
        (publish([settings(), AUTHORISING], drop="Event", fields={"event": "poc-settings"}),),
    ),
    Case("removal", form, (publish(fields={"Expires": "0"}),)),
    Case("named server", goes, (publish(), PSI)),
    Case(
        "named server, with port and transport",
        goes,
        (publish(uri="sip:server@primary.example:5060;transport=tcp"), PSI),
    ),
    Case("information", info_valid, (publish(),)),
    Case("information in REGISTER", info_valid, (IN_REGISTER,)),
    Case("settings", settings_valid, (publish(),)),
    Case("settings without index", settings_valid, (publish([AUTHORISING, settings(None)]),)),
    Case("pre-selected profile", pre_selected, (publish(), [publish()], 1)),
    Case("leading zero in the index", pre_selected, (publish(), [publish([settings("01")])], 1)),
    Case(
        "authorised by REGISTER, settings later",
        pre_selected,
        (IN_REGISTER, [publish([OWN_SETTINGS, settings()])], 1),
    ),
    Case(
        "changed later by the user",
        pre_selected,
        (publish(), [publish(), publish([OWN_SETTINGS, settings("0")], name="S2")], 1),
    ),
    Case("token of the system", presents, (publish(),)),
    Case("token of the system in REGISTER", presents, (IN_REGISTER,)),
    Case("after registration", follows, (publish(at=12.0), [register(at=10.0)])),
    Case("within registration", follows, (IN_REGISTER, [IN_REGISTER])),
    Case("both tags", names, (register(),)),
    Case("tags in capitals", names, (register(CONTACT.replace("g.3gpp", "G.3GPP")),)),
    Case("chosen profile", told, ([CHANGE], 0, publish())),
    Case("chosen profile after another word", told, ([publish(), CHANGE], 0, publish())),
    Case("settings only", only, (CHANGE, ALICE, "tag1")),
)

REPORTED = (
    Case(
        "another event package",
        form,
        (publish(fields={"Event": "presence"}),),
        (("TS24379-7.2.1A-02", "Event: poc-settings", "presence", "S1"),),
    ),
    Case(
        "no service",
        form,
        (publish(drop="P-Preferred-Service"),),
        (("TS24379-7.2.1A-03", f"P-Preferred-Service: {ICSI}", "none", "S1"),),
    ),
    Case(
        "one hour",
        form,
        (publish(fields={"Expires": "3600"}),),
        (("TS24379-7.2.1A-04", "Expires: 4294967295", "3600", "S1"),),
    ),
    Case(
        "no token",
        form,
        (publish([info(("mcptt-client-id", INSTANCE)), settings()]),),
        (("TS24379-7.2.2-01", "mcptt-access-token in an mcptt-info body", "absent", "S1"),),
    ),
    Case(
        "no client",
        form,
        (publish([info(("mcptt-access-token", "m")), settings()]),),
        (("TS24379-7.2.2-02", "mcptt-client-id in an mcptt-info body", "absent", "S1"),),
    ),
    Case(
        "no settings",
        form,
        (publish([AUTHORISING]),),
        (("TS24379-7.2.2-03", "a body of type application/poc-settings+xml", "none", "S1"),),
    ),
    Case(
        "another server",
        goes,
        (publish(uri="sip:cms@primary.example"), PSI),
        (("TS24379-7.2.1A-01", PSI, "sip:cms@primary.example", "S1"),),
    ),
    Case(
        "no information",
        info_valid,
        (publish([settings()]),),
        (("TS24379-F.1-51", "an mcptt-info body", "none", "S1"),),
    ),
    Case(
        "no settings to be valid",
        settings_valid,
        (publish([AUTHORISING]),),
        (("TS24379-7.4.1.2.2-51", "a poc-settings body", "none", "S1"),),
    ),
    Case(
        "unprotected content without type",
        info_valid,
        (publish([NO_TYPE]),),
        tuple(
            ("TS24379-F.1-53", 'type="Normal"', f"no type on {element}", "S1")
            for element in ("mcptt-access-token", "mcptt-client-id")
        ),
    ),
    Case(
        "index in another namespace",
        settings_valid,
        (publish([INDEX_ELSEWHERE]),),
        (
            (
                "TS24379-7.4.1.2.2-52",
                "selected-user-profile-index/user-profile-index in urn:3gpp:mcsSettings:1.0",
                "an index elsewhere",
                "S1",
            ),
        ),
    ),
    Case(
        "no index in the settings",
        pre_selected,
        (publish(), [publish([settings(None)])], 1),
        (("TS24379-7.2.2-04", "profile index 1", "no index", "S1"),),
    ),
    Case(
        "another profile",
        pre_selected,
        (publish(), [publish([settings("0")], name="S2")], 1),
        (
            ("TS23280-10.1.1.1-17", "profile index 1", "profile index 0", "S2"),
            ("TS24379-7.2.2-05", "profile index 1", "profile index 0", "S2"),
        ),
    ),
    Case(
        "ID token",
        presents,
        (publish(tokens=[token("id", place="body")]),),
        (
            (
                "TS33180-5.1.3.1-02",
                "an access token of primary",
                "the id token of primary",
                "S1",
            ),
        ),
    ),
    Case(
        "token of the home system at the partner",
        presents,
        (publish(system="partner", tokens=[token(place="body")]),),
        (
            (
                "TS24379-7.2.2-06",
                "a token of partner",
                "the access token of primary",
                "S1",
            ),
        ),
    ),
    Case(
        "before registration",
        follows,
        (publish(at=10.0), [register(at=20.0), register(statuses=[403], at=1.0)]),
        (("TS33180-5.1.1-02", "a registration that succeeded before", "none", "S1"),),
    ),
    Case(
        "tag of no service",
        names,
        (register(f'<sip:ue@h>;+g.3gpp.icsi-ref="{ICSI.replace(":", "%3A")}"'),),
        (
            (
                "TS24379-7.2.1-01",
                "+g.3gpp.mcptt in Contact",
                f'<sip:ue@h>;+g.3gpp.icsi-ref="{ICSI.replace(":", "%3A")}"',
                "S1",
            ),
        ),
    ),
    Case(
        "no service identifier",
        names,
        (register("<sip:ue@h>;+g.3gpp.mcptt"),),
        (
            (
                "TS24379-7.2.1-02",
                f"+g.3gpp.icsi-ref with {ICSI} in Contact",
                "<sip:ue@h>;+g.3gpp.mcptt",
                "S1",
            ),
        ),
    ),
    Case(
        "choice not told",
        told,
        ([], 0, publish()),
        tuple(
            (requirement, "profile index 0", "no settings", "S1")
            for requirement in ("TS23280-10.1.1.1-23", "TS24379-7.2.3-04")
        ),
    ),
    Case(
        "old profile told again",
        told,
        ([publish(name="S2")], 0, publish()),
        tuple(
            (requirement, "profile index 0", "profile index 1", "S2")
            for requirement in ("TS23280-10.1.1.1-23", "TS24379-7.2.3-04")
        ),
    ),
    Case(
        "settings of nobody",
        only,
        (publish([settings("0")]), ALICE, "tag1"),
        (
            ("TS24379-7.2.3-01", f"mcptt-request-uri {ALICE}", "absent", "S1"),
            ("TS24379-7.2.3-02", "mcptt-client-id", "absent", "S1"),
            ("TS24379-7.2.3-03", "SIP-If-Match: tag1", "no SIP-If-Match", "S1"),
        ),
    ),
    Case(
        "settings of an older publication",
        only,
        (CHANGE, ALICE, "tag2"),
        (("TS24379-7.2.3-03", "SIP-If-Match: tag2", "tag1", "S1"),),
    ),
)


def test_invalid_information_is_reported_with_the_place() -> None:
    body = AUTHORISING.body.replace(b"mcpttString", b"mcpttText")
    judgement = info_valid(publish([Part(AUTHORISING.content_type, body)]))

    assert {f.requirement for f in judgement.findings} == {"TS24379-F.1-51"}
    assert all(f.observed.startswith("line 1 ") for f in judgement.findings)


def test_protected_content_needs_no_typed_child_to_be_marked() -> None:
    part = info(("mcptt-client-id", INSTANCE), kind=' type="Encrypted"')
    judgement = info_valid(publish([part]))

    assert "TS24379-F.1-53" not in {f.requirement for f in judgement.findings}


def test_settings_that_are_no_settings_are_reported() -> None:
    part = Part("application/poc-settings+xml", b"<settings/>")
    judgement = settings_valid(publish([AUTHORISING, part]))

    assert {f.requirement for f in judgement.findings} == {"TS24379-7.4.1.2.2-51"}


def test_answer_to_other_method_is_no_registration() -> None:
    judgement = follows(publish(), [])

    assert [f.exchange for f in judgement.findings] == ["S1"]
    assert follows(sip("REGISTER"), []).findings == ()


@cases(*ACCEPTED)
def test_right_exchange_is_accepted(case: Case) -> None:
    case.judge()


@cases(*REPORTED)
def test_departure_is_reported(case: Case) -> None:
    case.judge()
