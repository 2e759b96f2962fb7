"""Checks of configuration documents and of the subscription to them."""

from dataclasses import replace

from muster.checks import configuration
from tests.checks.exchanges import (
    ALICE,
    CONTACT,
    ICSI,
    OTHER_PROFILE,
    PROFILE,
    SERVICE_CONFIGURATION,
    UE_CONFIGURATION,
    UNKNOWN_TOKEN,
    Case,
    cases,
    http,
    info,
    notify,
    read,
    resource_list,
    subscribe,
    token,
)

ROOT = "https://cms.primary.example:8444/root"
TOLD = notify({PROFILE: "v1", OTHER_PROFILE: "v2", UE_CONFIGURATION: "v3"})
USERS = f"org.3gpp.mcptt.user-profile/users/{ALICE}"
BOTH = [read(PROFILE), read(OTHER_PROFILE, "X2")]
own = configuration.asks_for_own_ue_configuration
profiles = configuration.obtains_each_profile
service = configuration.obtains_the_service_configuration
below = configuration.retrieves_below_the_named_root
first = configuration.fetches_what_the_first_notification_names
form = configuration.subscription_has_its_form
psi = configuration.subscription_goes_to_the_named_psi
covers = configuration.subscriptions_cover_the_configuration
ALL = (f"org.3gpp.mcptt.ue-config/users/{ALICE}/ue-1", USERS + "/", SERVICE_CONFIGURATION)
OF_ANOTHER_SERVICE = replace(info(), content_type="application/vnd.3gpp.mcvideo-info+xml")
OF_MCVIDEO = read("org.3gpp.mcvideo.user-profile/users/sip:alice-video@primary.example/p.xml")


def escaped(selector: str) -> str:
    return selector.replace(":", "%3A").replace("@", "%40")


ACCEPTED = (
    Case("own UE configuration", own, (TOLD, [read(UE_CONFIGURATION)], UE_CONFIGURATION)),
    Case(
        "user escaped in the path",
        own,
        (TOLD, [read(escaped(UE_CONFIGURATION))], UE_CONFIGURATION),
    ),
    Case(
        "part of the document by a node selector",
        own,
        (TOLD, [read(f"{UE_CONFIGURATION}/~~/mcptt-UE-configuration")], UE_CONFIGURATION),
    ),
    Case(
        "whole directory",
        own,
        (TOLD, [read(f"org.3gpp.mcptt.ue-config/users/{ALICE}/")], UE_CONFIGURATION),
    ),
    Case(
        "named server",
        configuration.asks_the_named_configuration_server,
        ([read(PROFILE)], "primary"),
    ),
    Case("token in the header", configuration.presents_a_configuration_token, (BOTH,)),
    Case("each profile", profiles, (TOLD, BOTH, [PROFILE, OTHER_PROFILE])),
    Case(
        "directory of profiles at once",
        profiles,
        (TOLD, [read(USERS + "/")], [PROFILE, OTHER_PROFILE]),
    ),
    Case(
        "profile held already",
        profiles,
        (TOLD, [read(PROFILE, status=304)], [PROFILE]),
    ),
    Case(
        "profile of another service beside it",
        profiles,
        (TOLD, [*BOTH, OF_MCVIDEO], [PROFILE, OTHER_PROFILE]),
    ),
    Case(
        "service configuration",
        service,
        (TOLD, [read(SERVICE_CONFIGURATION)], SERVICE_CONFIGURATION),
    ),
    Case(
        "service configuration of the organisation",
        service,
        (
            TOLD,
            [read("org.3gpp.mcptt.service-config/global/org-1/service-config.xml")],
            SERVICE_CONFIGURATION,
        ),
    ),
    Case("below the root", below, (BOTH, ROOT)),
    Case("root with a slash at its end", below, (BOTH, ROOT + "/")),
    Case("root without path", below, ([read(PROFILE, root="")], "https://cms.primary.example")),
    Case("version asked for by HEAD", below, ([read(PROFILE, method="HEAD")], ROOT)),
    Case(
        "each announced document",
        first,
        (TOLD, [*BOTH, read(escaped(UE_CONFIGURATION), "X3", status=304)]),
    ),
    Case("removed document", first, (notify({PROFILE: ""}), [])),
    Case("form of the subscription", form, (subscribe(*ALL),)),
    Case(
        "white space where it is free, and names in upper case",
        form,
        (
            subscribe(
                *ALL,
                fields={
                    "Contact": CONTACT.replace("ref=", "ref = "),
                    "P-Preferred-Service": ICSI.replace("urn:urn", "URN:URN"),
                },
            ),
        ),
    ),
    Case(
        "header fields in another order and case",
        form,
        (
            subscribe(
                drop="Contact",
                fields={
                    "contact": CONTACT.replace("+g.3gpp", "+G.3GPP"),
                    "accept": "application/*, message/external-body",
                },
            ),
        ),
    ),
    Case("token in the body", configuration.subscription_presents_the_token, (subscribe(),)),
    Case(
        "PSI with port and transport",
        psi,
        (
            subscribe(uri="sip:cms@PRIMARY.example:5060;transport=tcp"),
            "sip:cms@primary.example",
        ),
    ),
    Case("all documents in one subscription", covers, ([subscribe(*ALL)],)),
    Case(
        "a subscription for each document",
        covers,
        ([subscribe("/" + entry) for entry in ALL],),
    ),
)

REPORTED = (
    Case(
        "no request for a UE configuration",
        own,
        (TOLD, BOTH, UE_CONFIGURATION),
        tuple(
            (
                requirement,
                f"a request for {UE_CONFIGURATION}",
                "2 requests, none for org.3gpp.mcptt.ue-config",
                "N1",
            )
            for requirement in ("TS24484-8.2.2.2-51", "TS23280-10.1.1.1-11")
        ),
    ),
    Case(
        "UE configuration of another user",
        own,
        (TOLD, [read(UE_CONFIGURATION.replace("alice", "bob"))], UE_CONFIGURATION),
        (("TS24484-8.2.1-51", ALICE, "sip:bob@primary.example", "X1"),),
    ),
    Case(
        "UE configuration of another terminal",
        own,
        (TOLD, [read(UE_CONFIGURATION[:-1] + "2")], UE_CONFIGURATION),
        (("TS24484-8.2.1A-51", "ue-1", "ue-2", "X1"),),
    ),
    Case(
        "another server",
        configuration.asks_the_named_configuration_server,
        ([read(PROFILE, server="gms")], "primary"),
        (
            (
                "TS23280-10.1.1.1-03",
                "the configuration server of primary",
                "the gms server of primary",
                "X1",
            ),
        ),
    ),
    Case(
        "no token in the header",
        configuration.presents_a_configuration_token,
        ([read(PROFILE, tokens=[token(place="query")])],),
        (("TS33180-B.10-02", "Authorization: Bearer", "none", "X1"),),
    ),
    Case(
        "ID token instead of access token",
        configuration.presents_a_configuration_token,
        ([read(PROFILE, tokens=[token("id")])],),
        (
            (
                "TS33180-5.1.3.1-03",
                "an access token of primary",
                "the id token of primary",
                "X1",
            ),
        ),
    ),
    Case(
        "token of nobody",
        configuration.presents_a_configuration_token,
        ([read(PROFILE, tokens=[UNKNOWN_TOKEN])],),
        (
            (
                "TS33180-5.1.3.1-03",
                "an access token of primary",
                "a token that nobody here issued",
                "X1",
            ),
        ),
    ),
    Case(
        "one of two profiles",
        profiles,
        (TOLD, BOTH[:1], [PROFILE, OTHER_PROFILE]),
        (("TS23280-10.1.1.1-12", f"{OTHER_PROFILE} obtained", "not asked for", "N1"),),
    ),
    Case(
        "profile refused",
        profiles,
        (TOLD, [read(PROFILE, status=403)], [PROFILE]),
        (("TS23280-10.1.1.1-12", f"{PROFILE} obtained", "not asked for", "N1"),),
    ),
    Case(
        "profiles of a user with a longer name",
        profiles,
        (
            TOLD,
            [
                *BOTH,
                read(PROFILE.replace("mcptt", "mcvideo")),
                read(PROFILE.replace("example/", "example2/"), "X3"),
            ],
            [PROFILE],
        ),
        (
            (
                "TS24484-8.3.1A-51",
                USERS,
                "/root/" + PROFILE.replace("example/", "example2/"),
                "X3",
            ),
        ),
    ),
    Case(
        "another application usage",
        profiles,
        (TOLD, [*BOTH, read("user-profile/users/p.xml", "X3")], [PROFILE]),
        (
            (
                "TS24484-8.3.2.2-51",
                "org.3gpp.mcptt.user-profile",
                "/root/user-profile/users/p.xml",
                "X3",
            ),
        ),
    ),
    Case(
        "no request for the service configuration",
        service,
        (TOLD, BOTH, SERVICE_CONFIGURATION),
        (
            (
                "TS24484-8.4.2.2-51",
                f"a request for {SERVICE_CONFIGURATION}",
                "none",
                "N1",
            ),
        ),
    ),
    Case(
        "service configuration in the user's tree",
        service,
        (
            TOLD,
            [read("org.3gpp.mcptt.service-config/users/a/service-config.xml")],
            SERVICE_CONFIGURATION,
        ),
        (
            (
                "TS24484-8.4.2.9-51",
                "global/.../service-config.xml",
                "users/a/service-config.xml",
                "X1",
            ),
        ),
    ),
    Case(
        "retrieval by POST",
        below,
        ([read(PROFILE, method="POST")], ROOT),
        (("TS24484-6.3.3-01", "GET", "POST", "X1"),),
    ),
    Case(
        "beside the root",
        below,
        ([http("/rootless/x")], ROOT),
        (("TS24484-6.3.3-04", "/root/...", "/rootless/x", "X1"),),
    ),
    Case(
        "announced document left alone",
        first,
        (TOLD, BOTH),
        (("RFC5875-4.8-01", f"{UE_CONFIGURATION} obtained", "not asked for", "N1"),),
    ),
    Case(
        "another event package",
        form,
        (subscribe(fields={"Event": "ua-profile"}),),
        (("TS24484-6.3.13.2.2-01", "Event: xcap-diff", "ua-profile", "S1"),),
    ),
    Case(
        "xcap-diff not accepted",
        form,
        (subscribe(fields={"Accept": "text/plain"}),),
        (
            (
                "TS24484-6.3.13.2.2-03",
                "Accept: application/xcap-diff+xml",
                "text/plain",
                "S1",
            ),
        ),
    ),
    Case(
        "no service",
        form,
        (subscribe(drop="P-Preferred-Service"),),
        (("TS24484-6.3.13.2.2-04", f"P-Preferred-Service: {ICSI}", "none", "S1"),),
    ),
    Case(
        "contact of another service",
        form,
        (subscribe(fields={"Contact": CONTACT.replace("icsi.mcptt", "icsi.mcvideo")}),),
        (
            (
                "TS24484-6.3.13.2.2-05",
                f"g.3gpp.icsi-ref with {ICSI} in Contact",
                CONTACT.replace("icsi.mcptt", "icsi.mcvideo"),
                "S1",
            ),
        ),
    ),
    Case(
        "no resource list",
        form,
        (subscribe(parts=[info(("mcptt-access-token", "m"))]),),
        (
            (
                "TS24484-6.3.13.2.2-06",
                "a body of type application/resource-lists+xml",
                "application/vnd.3gpp.mcptt-info+xml",
                "S1",
            ),
        ),
    ),
    Case(
        "information of another service",
        form,
        (subscribe(parts=[OF_ANOTHER_SERVICE, resource_list(*ALL)]),),
        (
            (
                "TS24484-6.3.13.2.2-06",
                "a body of type application/vnd.3gpp.mcptt-info+xml",
                "application/resource-lists+xml, application/vnd.3gpp.mcvideo-info+xml",
                "S1",
            ),
        ),
    ),
    Case(
        "no token in the body",
        configuration.subscription_presents_the_token,
        (subscribe(tokens=()),),
        (("TS24484-6.3.13.2.2-07", "an access token of primary", "no token", "S1"),),
    ),
    Case(
        "token of another system in the body",
        configuration.subscription_presents_the_token,
        (subscribe(tokens=(token(place="body", issuer="partner"),)),),
        (
            (
                "TS24484-6.3.13.2.2-07",
                "an access token of primary",
                "the access token of partner",
                "S1",
            ),
        ),
    ),
    Case(
        "refresh token in the body",
        configuration.subscription_presents_the_token,
        (subscribe(tokens=(token("refresh", place="body"),)),),
        (
            (
                "TS24484-6.3.13.2.2-07",
                "an access token of primary",
                "the refresh token of primary",
                "S1",
            ),
        ),
    ),
    Case(
        "another PSI",
        psi,
        (subscribe(uri="sip:gms@primary.example"), "sip:cms@primary.example"),
        (("TS24484-6.3.13.2.2-02", "sip:cms@primary.example", "sip:gms@primary.example", "S1"),),
    ),
    *(
        Case(
            f"{usage} not covered",
            covers,
            ([subscribe(*(e for e in ALL if usage not in e))],),
            (
                (
                    requirement,
                    f"an entry for {usage} documents",
                    ", ".join(e for e in ALL if usage not in e),
                    "S1",
                ),
            ),
        )
        for usage, requirement in configuration.COVERED.items()
    ),
    Case(
        "absolute entry",
        covers,
        ([subscribe(*ALL, f"{ROOT}/{PROFILE}")],),
        (
            (
                "TS24484-6.3.13.2.2-09",
                "an entry relative to the XCAP root",
                f"{ROOT}/{PROFILE}",
                "S1",
            ),
        ),
    ),
)


@cases(*ACCEPTED)
def test_right_exchange_is_accepted(case: Case) -> None:
    case.judge()


@cases(*REPORTED)
def test_departure_is_reported(case: Case) -> None:
    case.judge()
