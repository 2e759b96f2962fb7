"""Checks of MCVideo clients: documents at their places, and the information body."""

from dataclasses import replace

from muster.checks import mcvideo
from tests.checks.exchanges import (
    AUTHORISING,
    INSTANCE,
    UNKNOWN_TOKEN,
    Case,
    cases,
    notify,
    publish,
    read,
    settings,
    token,
)
from tests.checks.test_services import info_of

USER = "sip:alice-video@primary.example"
UE_CONFIGURATION = f"org.3gpp.mcvideo.ue-config/users/{USER}/ue-1"
PROFILE = f"org.3gpp.mcvideo.user-profile/users/{USER}/mcvideo-user-profile-1.xml"
SERVICE_CONFIGURATION = "org.3gpp.mcvideo.service-config/global/mcvideo-service-config.xml"
OF_MCPTT = "org.3gpp.mcptt"
TOLD = notify({PROFILE: "v1", UE_CONFIGURATION: "v2"})
own = mcvideo.asks_for_own_ue_configuration
profiles = mcvideo.obtains_each_profile
service = mcvideo.obtains_the_service_configuration
presents = mcvideo.authorisation_presents_a_token_of_its_system
valid = mcvideo.information_body_is_valid
INFO = info_of("mcvideo", ("mcvideo-access-token", "masked"), ("mcvideo-client-id", INSTANCE))
RIGHT = publish([INFO, settings()])
TYPE = INFO.content_type
both = mcvideo.partner_authorisation_names_both_identities
THERE, HERE = "sip:alice-7@partner.example", USER
IDENTITIES = info_of("mcvideo", ("partner-mcvideo-id", THERE), ("primary-mcvideo-id", HERE))


def of_mcptt(selector: str) -> str:
    return selector.replace("org.3gpp.mcvideo", OF_MCPTT)


ACCEPTED = (
    Case("own UE configuration", own, (TOLD, [read(UE_CONFIGURATION)], UE_CONFIGURATION)),
    Case("each profile", profiles, (TOLD, [read(PROFILE)], [PROFILE])),
    Case(
        "profile of MCPTT beside it",
        profiles,
        (TOLD, [read(PROFILE), read(of_mcptt(PROFILE))], [PROFILE]),
    ),
    Case(
        "service configuration",
        service,
        (TOLD, [read(SERVICE_CONFIGURATION)], SERVICE_CONFIGURATION),
    ),
    Case("token of the system", presents, (RIGHT,)),
    Case("body of the service", valid, (RIGHT,)),
    Case("both identities", both, (publish([IDENTITIES]), THERE, HERE)),
)

REPORTED = (
    Case(
        "UE configuration asked for under the usage of MCPTT",
        own,
        (TOLD, [read(of_mcptt(UE_CONFIGURATION))], UE_CONFIGURATION),
        (
            (
                "TS24484-9.2.2.2-51",
                f"a request for {UE_CONFIGURATION}",
                "1 requests, none for org.3gpp.mcvideo.ue-config",
                "N1",
            ),
            (
                "TS23280-10.1.1.1-11",
                f"a request for {UE_CONFIGURATION}",
                "1 requests, none for org.3gpp.mcvideo.ue-config",
                "N1",
            ),
        ),
    ),
    Case(
        "UE configuration of another user",
        own,
        (TOLD, [read(UE_CONFIGURATION.replace("alice", "bob"))], UE_CONFIGURATION),
        (("TS24484-9.2.1A-51", USER, USER.replace("alice", "bob"), "X1"),),
    ),
    Case(
        "profile asked for under the usage of MCPTT",
        profiles,
        (TOLD, [read(of_mcptt(PROFILE))], [PROFILE]),
        (
            ("TS23280-10.1.1.1-12", f"{PROFILE} obtained", "not asked for", "N1"),
            (
                "TS24484-9.3.2.2-51",
                "org.3gpp.mcvideo.user-profile",
                f"/root/{of_mcptt(PROFILE)}",
                "X1",
            ),
        ),
    ),
    Case(
        "profile of another user",
        profiles,
        (TOLD, [read(PROFILE), read(PROFILE.replace("alice", "bob"), "X2")], [PROFILE]),
        (
            (
                "TS24484-9.3.1A-51",
                f"org.3gpp.mcvideo.user-profile/users/{USER}",
                f"/root/{PROFILE.replace('alice', 'bob')}",
                "X2",
            ),
        ),
    ),
    Case(
        "service configuration not asked for",
        service,
        (TOLD, [], SERVICE_CONFIGURATION),
        (("TS24484-9.4.2.2-51", f"a request for {SERVICE_CONFIGURATION}", "none", "N1"),),
    ),
    Case(
        "service configuration under another name",
        service,
        (TOLD, [read("org.3gpp.mcvideo.service-config/global/other.xml")], SERVICE_CONFIGURATION),
        (
            (
                "TS24484-9.4.2.9-51",
                "global/.../mcvideo-service-config.xml",
                "global/other.xml",
                "X1",
            ),
        ),
    ),
    Case(
        "token that nobody issued",
        presents,
        (replace(RIGHT, tokens=(replace(UNKNOWN_TOKEN, place="body"),)),),
        (
            (
                "TS33180-5.1.3.1-02",
                "an access token of primary",
                "a token that nobody here issued",
                "S1",
            ),
        ),
    ),
    Case(
        "token of the partner",
        presents,
        (replace(RIGHT, tokens=(token(issuer="partner", place="body"),)),),
        (("TS24281-7.1-01", "a token of primary", "the access token of partner", "S1"),),
    ),
    Case(
        "body that is cut",
        valid,
        (publish([replace(INFO, body=INFO.body[:49]), settings()]),),
        (
            (
                "TS24281-F.1-51",
                "a valid mcvideo-info body",
                "line 1 /: Premature end of data in tag mcvideoinfo line 1, line 1, column 50",
                "S1",
            ),
        ),
    ),
    Case(
        "body of MCPTT",
        valid,
        (publish([AUTHORISING, settings()]),),
        (
            (
                "TS24281-F.1-51",
                f"a body of type {TYPE}",
                f"{AUTHORISING.content_type}, application/poc-settings+xml",
                "S1",
            ),
        ),
    ),
    Case(
        "no identities",
        both,
        (RIGHT, THERE, HERE),
        (
            ("TS24281-F.1.3-51", f"partner-mcvideo-id {THERE}", "absent", "S1"),
            ("TS24281-F.1.3-51", f"primary-mcvideo-id {HERE}", "absent", "S1"),
        ),
    ),
)


@cases(*ACCEPTED, *REPORTED)
def test_mcvideo_check(case: Case) -> None:
    case.judge()
