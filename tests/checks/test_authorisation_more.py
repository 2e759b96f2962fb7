"""Checks of the request for service authorisation in all its parts."""

from dataclasses import replace

from muster.checks import authorisation
from muster.evidence import TokenUse
from muster.protocol.sip.multipart import Part
from tests.checks.exchanges import (
    ALICE,
    AUTHORISING,
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

SCOPE = "3gpp:mc:ptt_service"
asks = authorisation.publication_asks_for_the_service
own = authorisation.settings_are_of_this_terminal
types = authorisation.bodies_have_their_media_types
kinds = authorisation.information_is_of_its_kind
shows = authorisation.authorisation_shows_who_signed_in
registers = authorisation.registration_asks_for_service

ASKING = {"Accept-Contact": "*;+g.3gpp.mcptt;require;explicit"}
OWN_TOKEN = token(place="body", scopes=("openid", SCOPE))
BOBS_TOKEN = TokenUse(
    "masked-access", "access", "primary", "sip:bob@primary.example", (SCOPE,), False, "body"
)
NARROW_TOKEN = token(place="body", scopes=("openid",))
URI_AS_STRING = replace(OWN_SETTINGS, body=OWN_SETTINGS.body.replace(b"mcpttURI", b"mcpttString"))
ENCRYPTED = Part(
    AUTHORISING.content_type,
    b'<mcpttinfo xmlns="urn:3gpp:ns:mcpttInfo:1.0"><mcptt-Params>'
    b'<mcptt-access-token type="Encrypted"><x:EncryptedData xmlns:x="urn:x"/>'
    b"</mcptt-access-token></mcptt-Params></mcpttinfo>",
)
PLAIN_INFO = replace(AUTHORISING, content_type="application/xml")
PLAIN_SETTINGS = replace(settings(), content_type="application/xml")

ACCEPTED = (
    Case("tag, require and explicit", asks, (publish(fields=ASKING),)),
    Case(
        "more than one tag",
        asks,
        (publish(fields={"Accept-Contact": "*;Explicit;Require;+g.3gpp.mcptt, *;+x"}),),
    ),
    Case("own entity", own, (publish(), INSTANCE)),
    Case("own entity in capitals", own, (publish(), INSTANCE.upper())),
    Case("two media types", types, (publish(),)),
    Case("typed children", kinds, (publish(),)),
    Case("URI of the user", kinds, (publish([OWN_SETTINGS]),)),
    Case("protected content", kinds, (publish([ENCRYPTED]),)),
    Case("her token", shows, (publish(tokens=[OWN_TOKEN]), ALICE, SCOPE)),
    Case("token and client", registers, (sip("REGISTER", [AUTHORISING]),)),
)

REPORTED = (
    Case(
        "no Accept-Contact",
        asks,
        (publish(),),
        tuple(
            ("TS24379-7.2.1A-05", f"Accept-Contact with {one}", "no Accept-Contact", "S1")
            for one in ("+g.3gpp.mcptt", "require", "explicit")
        ),
    ),
    Case(
        "tag of another service",
        asks,
        (publish(fields={"Accept-Contact": "*;+g.3gpp.mcvideo;require;explicit"}),),
        (
            (
                "TS24379-7.2.1A-05",
                "Accept-Contact with +g.3gpp.mcptt",
                "*;+g.3gpp.mcvideo;require;explicit",
                "S1",
            ),
        ),
    ),
    Case(
        "entity of another",
        own,
        (publish(), "urn:uuid:1"),
        (("TS24379-7.2.1A-06", "entity urn:uuid:1", INSTANCE, "S1"),),
    ),
    Case(
        "plain media types",
        types,
        (publish([Part("text/plain", b"no XML"), PLAIN_INFO, PLAIN_SETTINGS]),),
        (
            (
                "TS24379-F.1-54",
                "application/vnd.3gpp.mcptt-info+xml",
                "application/xml",
                "S1",
            ),
            (
                "TS24379-7.4.1.2.2-53",
                "application/poc-settings+xml",
                "application/xml",
                "S1",
            ),
        ),
    ),
    Case(
        "URI as a string",
        kinds,
        (publish([URI_AS_STRING]),),
        (("TS24379-F.1-52", "mcptt-request-uri in mcpttURI", "mcpttString", "S1"),),
    ),
    Case(
        "ID token",
        shows,
        (publish(tokens=[token("id", place="body")]), ALICE, SCOPE),
        (
            (
                "TS23280-10.6.1-02",
                f"an access token of {ALICE}",
                "the id token of primary",
                "S1",
            ),
        ),
    ),
    Case(
        "token of another user",
        shows,
        (publish(tokens=[BOBS_TOKEN]), ALICE, SCOPE),
        (
            (
                "TS23280-10.6.1-02",
                f"an access token of {ALICE}",
                "one of sip:bob@primary.example",
                "S1",
            ),
        ),
    ),
    Case(
        "token for something else",
        shows,
        (publish(tokens=[NARROW_TOKEN]), ALICE, SCOPE),
        (("TS23280-10.6.1-02", f"a token for {SCOPE}", "one for openid", "S1"),),
    ),
    Case(
        "nothing in the registration",
        registers,
        (register(),),
        (
            ("TS24379-7.2.1-03", "mcptt-access-token in an mcptt-info body", "absent", "S1"),
            ("TS24379-7.2.1-04", "mcptt-client-id in an mcptt-info body", "absent", "S1"),
        ),
    ),
    Case(
        "token alone",
        registers,
        (sip("REGISTER", [info(("mcptt-access-token", "m"))]),),
        (("TS24379-7.2.1-04", "mcptt-client-id in an mcptt-info body", "absent", "S1"),),
    ),
)


@cases(*ACCEPTED)
def test_right_exchange_is_accepted(case: Case) -> None:
    case.judge()


@cases(*REPORTED)
def test_departure_is_reported(case: Case) -> None:
    case.judge()
