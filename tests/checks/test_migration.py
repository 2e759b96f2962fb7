"""Checks of migration to a partner MC system."""

from typing import Any

from muster.checks import migration
from muster.evidence import Exchange, HttpExchange, SipExchange
from tests.checks.exchanges import (
    GROUP,
    GROUPS,
    PROFILE,
    WINDOW,
    Case,
    cases,
    contact,
    http,
    notify,
    post_form,
    publish,
    read,
    read_group,
    register,
    settings,
    sip,
    subscribe,
    token,
)

VISITOR = "sip:visitor@partner.example"
HOME = "sip:ims-subscriber@primary.example"
DIRECTORY = f"org.3gpp.mcptt.user-profile/users/{VISITOR}"
FIVE, FOUR = (f"{DIRECTORY}/mcptt-user-profile-{index}.xml" for index in (5, 4))
JOINT = f"{GROUPS}/byGroupID/sip:joint@partner.example"
LIAISON = f"{GROUPS}/byGroupID/sip:liaison@partner.example"
EXCHANGE_FORM = {
    "grant_type": migration.TOKEN_EXCHANGE,
    "resource": "https://idms.partner.example/as/token",
    "subject_token": "masked-access",
    "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
}
BEARER_FORM = {
    "grant_type": migration.JWT_BEARER,
    "assertion": "masked-security",
    "client_id": "client-1",
    "scope": "openid",
}
profile = read(PROFILE, "P1", at=1.0)
TOLD = notify({FIVE: "v1", FOUR: "v2"}, system="partner")


def exchanging(drop: str = "", valid: bool = True, **more: Any) -> HttpExchange:
    form = {key: value for key, value in EXCHANGE_FORM.items() if key != drop}
    members = {
        "tokens": [token(place="body")],
        "facts": {"subject_token_valid": valid} if not drop else {},
        **more,
    }
    return post_form(form, **members)


def presenting(drop: str = "", **more: Any) -> HttpExchange:
    form = {key: value for key, value in BEARER_FORM.items() if key != drop}
    members = {
        "name": "X2",
        "system": "partner",
        "tokens": [token("security", "primary", "body")],
        "at": 20.0,
        **more,
    }
    return post_form(form, **members)


def at_partner(selector: str, name: str = "X3", **more: Any) -> HttpExchange:
    server = "gms" if GROUPS in selector else "cms"
    return read(selector, name, **{"system": "partner", "server": server, "at": 30.0, **more})


def authorising(**more: Any) -> SipExchange:
    return publish(**{"name": "S5", "system": "partner", "at": 50.0, **more})


EVERYTHING: list[Exchange] = [
    presenting(),
    register(system="partner", to=VISITOR),
    at_partner(FIVE),
    at_partner(JOINT),
    authorising(),
]
TRIGGERS: dict[str, list[Exchange]] = {
    "idms": [exchanging(name="T1")],
    "sip": [presenting(name="T2")],
    "cms": [TOLD],
    "gms": [at_partner(FIVE, "T4")],
}
reaches = migration.reaches_the_servers_of_the_chosen_entry
before = migration.partner_is_not_contacted_before_the_choice
unlisted = migration.unlisted_partner_is_not_contacted
chosen_only = migration.only_the_chosen_partner_is_contacted
exchange_form = migration.token_exchange_has_its_form
request_form = migration.partner_token_request_has_its_form
between = migration.exchange_comes_between_profile_and_partner
own_token = migration.partner_is_asked_with_its_own_token
registers = migration.registers_at_the_partner
downloads = migration.partner_profiles_are_downloaded
configured_after = migration.configuration_follows_authentication
group_documents = migration.partner_groups_are_obtained
not_primary = migration.primary_groups_are_not_asked_for
last = migration.partner_authorisation_comes_last
named = migration.partner_profile_is_named_active
preselected = migration.partner_preselected_profile_becomes_active
GOT = ([at_partner(FIVE)], [at_partner(JOINT, "X4")])

ACCEPTED = (
    Case("all servers reached", reaches, (profile, TRIGGERS, EVERYTHING, "partner")),
    Case("server without trigger is not judged", reaches, (profile, {}, [], "partner")),
    Case(
        "partner contacted after the choice",
        before,
        (profile, [contact("idms", 12.0, "partner"), contact("cms", 2.0)], 10.0, ["partner"]),
    ),
    Case(
        "unlisted partner left alone",
        unlisted,
        (profile, EVERYTHING, [contact("idms", 12.0, "partner")], "neighbour", WINDOW),
    ),
    Case("other partner left alone", chosen_only, (profile, EVERYTHING, [], "neighbour", WINDOW)),
    Case("token exchange", exchange_form, (exchanging(),)),
    Case("security token presented", request_form, (exchanging(), [presenting()])),
    Case(
        "client authenticated by a JWT as well",
        request_form,
        (
            exchanging(),
            [
                presenting(
                    tokens=[
                        token("unknown", "", "body"),
                        token("security", "primary", "body"),
                    ]
                )
            ],
        ),
    ),
    Case("no security token, none presented", request_form, (exchanging(status=400), [])),
    Case("exchange between profile and partner", between, (profile, exchanging(), [presenting()])),
    Case(
        "keys of the partner's identity server read early",
        between,
        (profile, exchanging(), [http("/as/jwks", "X9", system="partner", at=2.0), presenting()]),
    ),
    Case("own tokens", own_token, (EVERYTHING, "partner")),
    Case(
        "SIP without a token claims nothing",
        own_token,
        ([sip("PUBLISH", [settings()], system="partner"), TOLD, profile], "partner"),
    ),
    Case("registered as visitor", registers, (presenting(), [register(to=VISITOR)], HOME)),
    Case(
        "registered as visitor of a domain that begins like that of home",
        registers,
        (presenting(), [register(to=f"{HOME}.net")], HOME),
    ),
    Case("each profile", downloads, (TOLD, [at_partner(FIVE), at_partner(FOUR)], [FIVE, FOUR])),
    Case("directory of profiles", downloads, (TOLD, [at_partner(DIRECTORY + "/")], [FIVE, FOUR])),
    Case("configuration last", configured_after, (presenting(), [at_partner(FIVE)])),
    Case(
        "groups after the profile",
        group_documents,
        (at_partner(FIVE), [at_partner(JOINT.replace("ID/", "/"), at=40.0)], [JOINT]),
    ),
    Case("groups of the partner only", not_primary, (profile, EVERYTHING, [GROUP], WINDOW)),
    Case(
        "subscription to a primary group ended",
        not_primary,
        (profile, [subscribe(GROUP, fields={"Expires": "0"})], [GROUP], WINDOW),
    ),
    Case(
        "primary group announced by its server",
        not_primary,
        (profile, [notify({GROUP: "v2"})], [GROUP], WINDOW),
    ),
    Case("authorisation last", last, ([authorising()], *GOT)),
    Case(
        "authorisation by REGISTER",
        last,
        ([register(system="partner", to=VISITOR, at=50.0)], *GOT),
    ),
    Case(
        "documents read again afterwards",
        last,
        ([authorising()], [*GOT[0], at_partner(FIVE, "X8", at=60.0, status=304)], GOT[1]),
    ),
    Case("profile of the partner", named, ([authorising(parts=[settings("5")])], [4, 5])),
    Case("no index", named, ([authorising(parts=[settings(None)])], [4, 5])),
    Case("pre-selected one", preselected, ([authorising(parts=[settings("5")])], 5)),
    Case(
        "pre-selected one, told in a second request",
        preselected,
        ([authorising(parts=[settings(None)]), authorising(parts=[settings("5")])], 5),
    ),
)

AT_NEIGHBOUR = http("/as/token", "X9", "POST", system="neighbour", server="idms")
REPORTED = (
    *(
        Case(
            f"{server} not reached",
            reaches,
            (
                profile,
                TRIGGERS,
                [e for e in EVERYTHING if e.server != server],
                "partner",
            ),
            (
                (
                    requirement,
                    f"the {server} server of partner reached",
                    f"of partner only {', '.join(sorted(set(TRIGGERS) - {server}))} reached",
                    TRIGGERS[server][0].name,
                ),
            ),
        )
        for server, requirement in migration.REACHED.items()
    ),
    Case(
        "partner contacted before the choice",
        before,
        (profile, [contact("idms", 9.0, "partner")], 10.0, ["partner"]),
        (
            (
                "TS23280-10.1.1.2-13",
                "no contact before the choice",
                "a connection to partner idms",
                "P1",
            ),
        ),
    ),
    Case(
        "unlisted partner asked",
        unlisted,
        (profile, [AT_NEIGHBOUR], [], "neighbour", WINDOW),
        (("TS23280-10.1.1.2-04", "neighbour not contacted", "POST /as/token", "X9"),),
    ),
    Case(
        "unlisted partner connected to",
        unlisted,
        (profile, [], [contact("sip", 12.0, "neighbour", "open")], "neighbour", WINDOW),
        (
            (
                "TS23280-10.1.1.2-04",
                "neighbour not contacted",
                "a connection to its sip server (open)",
                "P1",
            ),
        ),
    ),
    Case(
        "partner of another profile asked",
        chosen_only,
        (profile, [AT_NEIGHBOUR], [], "neighbour", WINDOW),
        tuple(
            (requirement, "neighbour not contacted", "POST /as/token", "X9")
            for requirement in ("TS23280-10.1.1.2-05",)
        ),
    ),
    Case(
        "exchange by PUT",
        exchange_form,
        (exchanging(method="PUT"),),
        (("TS33180-B.7.2-01", "POST", "PUT", "X1"),),
    ),
    Case(
        "exchange without form",
        exchange_form,
        (exchanging(headers=(), facts={}),),
        (
            ("TS33180-B.7.2-02", "a form-urlencoded body", "none", "X1"),
            ("TS33180-B.7.2-04", "resource", "absent", "X1"),
            ("TS33180-B.7.2-06", "subject_token", "absent", "X1"),
            ("TS33180-B.7.2-08", "subject_token_type", "absent", "X1"),
        ),
    ),
    *(
        Case(
            f"exchange without {name}",
            exchange_form,
            (exchanging(name),),
            ((requirement, name, "absent", "X1"),),
        )
        for name, requirement in (
            ("resource", "TS33180-B.7.2-04"),
            ("subject_token", "TS33180-B.7.2-06"),
            ("subject_token_type", "TS33180-B.7.2-08"),
        )
    ),
    Case(
        "exchange without grant type",
        exchange_form,
        (exchanging("grant_type"),),
        (("TS33180-B.7.2-03", migration.TOKEN_EXCHANGE, "absent", "X1"),),
    ),
    Case(
        "subject token of another type",
        exchange_form,
        (post_form({**EXCHANGE_FORM, "subject_token_type": "urn:other"}),),
        (("TS33180-B.7.2-09", migration.TOKEN_TYPE_JWT, "urn:other", "X1"),),
    ),
    Case(
        "no scope asked for",
        request_form,
        (exchanging(), [presenting("scope")]),
        (("TS33180-B.7.4-06", "scope", "absent", "X2"),),
    ),
    Case(
        "refresh token as subject",
        exchange_form,
        (exchanging(valid=False, tokens=[token("refresh", place="body")]),),
        (
            (
                "TS33180-B.7.2-07",
                "the access token of primary",
                "the refresh token of primary",
                "X1",
            ),
        ),
    ),
    Case(
        "security token not presented",
        request_form,
        (exchanging(), []),
        (
            (
                "TS33180-B.7.4-01",
                "a token request at the partner",
                "no token request at the partner",
                "X1",
            ),
        ),
    ),
    Case(
        "presented by GET",
        request_form,
        (exchanging(), [presenting(method="GET")]),
        (("TS33180-B.7.4-01", "POST", "GET", "X2"),),
    ),
    Case(
        "no grant type",
        request_form,
        (exchanging(), [presenting("grant_type")]),
        (("TS33180-B.7.4-02", migration.JWT_BEARER, "absent", "X2"),),
    ),
    Case(
        "no assertion",
        request_form,
        (exchanging(), [presenting("assertion")]),
        (("TS33180-B.7.4-03", "assertion", "absent", "X2"),),
    ),
    Case(
        "access token as assertion",
        request_form,
        (exchanging(), [presenting(tokens=[token(place="body")])]),
        (
            (
                "TS33180-B.7.4-04",
                "the security token of primary",
                "the access token of primary",
                "X2",
            ),
        ),
    ),
    Case(
        "exchange before the profile",
        between,
        (read(PROFILE, "P1", at=15.0), exchanging(), []),
        (("TS33180-C.2-01", "after the profile [P1]", "before it", "X1"),),
    ),
    Case(
        "partner before the exchange",
        between,
        (profile, exchanging(), [presenting(at=10.5)]),
        (("TS33180-C.2-02", "after the security token [X1]", "before it", "X2"),),
    ),
    Case(
        "token of the primary at each server",
        own_token,
        (
            [
                at_partner(FIVE, tokens=[token()]),
                at_partner(JOINT, "X4", tokens=()),
                authorising(tokens=[token(place="body")]),
            ],
            "partner",
        ),
        (
            ("TS33180-B.9-01", "an access token of partner", "the access token of primary", "X3"),
            ("TS33180-B.9-02", "an access token of partner", "no token", "X4"),
            ("TS33180-B.9-04", "an access token of partner", "the access token of primary", "S5"),
        ),
    ),
    Case(
        "token of the primary after a request without one",
        own_token,
        (
            [
                sip("PUBLISH", [settings()], system="partner"),
                at_partner(FIVE, tokens=[token()]),
            ],
            "partner",
        ),
        (("TS33180-B.9-01", "an access token of partner", "the access token of primary", "X3"),),
    ),
    Case(
        "no registration",
        registers,
        (presenting(), [], HOME),
        (("TS23280-10.1.1.2-19", "a REGISTER at the partner", "none", "X2"),),
    ),
    Case(
        "registered as at home",
        registers,
        (presenting(), [register(to=HOME)], HOME),
        (("TS23280-10.1.6.2-03", "an identity of the partner", f"<{HOME}>", "S1"),),
    ),
    Case(
        "no profile",
        downloads,
        (TOLD, [read(FIVE)], [FIVE]),
        (
            ("TS23280-10.1.1.2-23", f"a profile of {DIRECTORY}", "none obtained", "N1"),
            ("TS23280-10.1.4.3.2-01", f"a profile of {DIRECTORY}", "none obtained", "N1"),
            ("TS23280-10.1.1.2-24", f"{FIVE} obtained", "not obtained", "N1"),
        ),
    ),
    Case(
        "one of two profiles",
        downloads,
        (TOLD, [at_partner(FIVE)], [FIVE, FOUR]),
        (("TS23280-10.1.1.2-24", f"{FOUR} obtained", "not obtained", "N1"),),
    ),
    Case(
        "configuration first",
        configured_after,
        (presenting(at=30.0), [at_partner(FIVE)]),
        (
            (
                "TS23280-10.1.1.2-18",
                "after the token of the partner [X2]",
                "before it",
                "X3",
            ),
        ),
    ),
    Case(
        "group not asked for",
        group_documents,
        (at_partner(FIVE), [], [JOINT]),
        (("TS23280-10.1.1.2-26", f"{JOINT} obtained", "not asked for", "X3"),),
    ),
    Case(
        "group asked of the primary",
        group_documents,
        (at_partner(FIVE), [read_group(JOINT, status=404, at=40.0)], [JOINT]),
        (("TS23280-10.1.1.2-27", f"{JOINT} obtained", "asked of primary gms: 404", "X1"),),
    ),
    Case(
        "group before the profile",
        group_documents,
        (at_partner(FIVE), [at_partner(JOINT, "X4", at=29.0)], [JOINT]),
        (("TS23280-10.1.1.2-28", "after the profile [X3]", "before it", "X4"),),
    ),
    Case(
        "group of the primary asked for",
        not_primary,
        (profile, [read_group(GROUP)], [GROUP], WINDOW),
        (
            (
                "TS23280-10.1.1.2-32",
                "no group of the primary's profile",
                f"GET /root/{GROUP} at primary",
                "X1",
            ),
        ),
    ),
    Case(
        "group of the primary subscribed to under the other spelling",
        not_primary,
        (profile, [subscribe("/" + GROUP.replace("ID/", "/"), system="partner")], [GROUP], WINDOW),
        (
            (
                "TS23280-10.1.1.2-32",
                "no group of the primary's profile",
                "SUBSCRIBE sip:server@primary.example at partner",
                "S1",
            ),
        ),
    ),
    Case(
        "authorisation before the profile",
        last,
        ([authorising(at=20.0)], [at_partner(FIVE)], [at_partner(JOINT, "X4", at=10.0)]),
        (
            (
                "TS23280-10.1.1.2-29",
                "each profile before it",
                "profile X3 came later",
                "S5",
            ),
        ),
    ),
    Case(
        "authorisation before one of the groups",
        last,
        ([authorising()], GOT[0], [*GOT[1], at_partner(LIAISON, "X7", at=60.0)]),
        (("TS23280-10.1.1.2-30", "each group before it", "group X7 came later", "S5"),),
    ),
    Case(
        "authorisation without groups",
        last,
        ([authorising()], GOT[0], []),
        (("TS23280-10.1.1.2-30", "each group before it", "no group before it", "S5"),),
    ),
    Case(
        "no authorisation",
        last,
        ([], *GOT),
        (
            (
                "TS23280-10.1.1.2-31",
                "service authorisation asked of the partner",
                "not asked",
                "X3",
            ),
        ),
    ),
    Case(
        "profile of the primary active",
        named,
        ([authorising(parts=[settings("1")])], [4, 5]),
        (("TS23280-10.1.1.2-33", "one of 4, 5", "profile index 1", "S5"),),
    ),
    Case(
        "other profile of the partner active",
        preselected,
        ([authorising(parts=[settings("4")])], 5),
        (("TS23280-10.1.1.2-36", "profile index 5", "profile index 4", "S5"),),
    ),
)


@cases(*ACCEPTED)
def test_right_exchange_is_accepted(case: Case) -> None:
    case.judge()


@cases(*REPORTED)
def test_departure_is_reported(case: Case) -> None:
    case.judge()
