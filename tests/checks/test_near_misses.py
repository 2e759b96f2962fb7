"""What is right in an unusual spelling, and what is nearly right and yet wrong."""

from dataclasses import replace

from muster.checks import (
    authorisation,
    bootstrap,
    configuration,
    documents,
    group_documents,
    identity,
    log_in,
    partner_access,
    profiles,
    publications,
    robustness,
    sequence,
    services,
    subscriptions,
    tokens,
)
from muster.evidence import HttpExchange, SipAnswer
from tests.checks.exchanges import (
    AUTHORISING,
    CONTACT,
    FORM,
    GROUP,
    GROUPS,
    OTHER_PROFILE,
    OWN_SETTINGS,
    PROFILE,
    WINDOW,
    Case,
    cases,
    contact,
    http,
    notify,
    publish,
    read,
    register,
    resource_list,
    settings,
    sip,
    subscribe,
    token,
)
from tests.checks.test_documents import conditional
from tests.checks.test_identity import ENDPOINT, ENTERED, PARAMETERS, asking
from tests.checks.test_log_in import redeeming
from tests.checks.test_publications import LOST, REFUSED
from tests.checks.test_sequence import IN_REGISTRATION, NEVER, TITLE, seen
from tests.checks.test_services import BOTH as BOTH_SERVICES
from tests.checks.test_services import info_of, registers

TOLD = notify({PROFILE: "v1", OTHER_PROFILE: "v2"})
DIRECTORY = PROFILE.rpartition("/")[0]
SIMILAR = DIRECTORY.replace("alice", "alice2")
FIRST_LETTERS = f"{GROUPS}/byGroupID/sip:com"
SUBSCRIPTIONS = (
    configuration.subscription_has_its_form,
    subscriptions.group_subscription_has_its_form,
)
fetches = configuration.fetches_what_the_first_notification_names
every = documents.every_profile_is_obtained
lists = subscriptions.group_subscriptions_list_each_group
extended = group_documents.extended_group_is_used
old_tls = bootstrap.speaks_no_tls_before_1_2
unasked = profiles.nothing_is_updated_unasked
unused = publications.refused_service_is_not_used
leaves = services.stopped_service_leaves_the_registration
source = partner_access.partner_is_reached_over_its_pdn_connection
bearer = tokens.access_token_is_shown_as_bearer
fresh = identity.verifier_is_made_anew
WITH_TENANT = f"{ENDPOINT}?tenant=county"
IN_REGISTER = register(
    name="R2", at=14.0, parts=(AUTHORISING, settings()), tokens=[token(place="body")]
)


def over(version: str) -> HttpExchange:
    return replace(http("/x"), tls=version)


def doubled(name: str) -> HttpExchange:
    body = "&".join([*(f"{key}=v" for key in PARAMETERS), f"{name}=w"]).encode()
    return http("/as-1/authorize", method="POST", server="idms", headers=(FORM,), body=body)


ACCEPTED = (
    *(
        Case(
            f"event with a parameter, and {ranges} accepted: {one.name}",  # type: ignore[attr-defined]
            one,
            (subscribe(PROFILE, fields={"Event": "xcap-diff ;id=7", "Accept": ranges}),),
        )
        for one in SUBSCRIPTIONS
        for ranges in ("text/plain, application/*", "*/*;q=0.5")
    ),
    Case(
        "publication of an event with a parameter",
        authorisation.publication_has_its_form,
        (publish(fields={"Event": "poc-settings;id=7"}),),
    ),
    Case("directory of what was announced", fetches, (TOLD, [read(f"{DIRECTORY}/")])),
    Case(
        "authentication endpoint that has a query",
        identity.asks_the_named_identity_server,
        (asking(), WITH_TENANT),
    ),
    Case(
        "token endpoint that has a query",
        log_in.token_is_asked_for_at_the_configured_endpoint,
        ([redeeming()], "https://idms.primary.example:9031/as/token?tenant=county"),
    ),
    Case(
        "what a partner sends to the UE comes from its own address",
        source,
        (
            read(PROFILE),
            [
                replace(
                    sip("NOTIFY", system="partner", direction="to_ue"),
                    facts={"remote": "127.0.0.1:5060"},
                )
            ],
            "partner",
            "127.0.0.9",
        ),
    ),
    Case(
        "request sent again after a failure that is no failure of the log-in",
        fresh,
        ([asking(status=500), asking("X2")], [ENTERED]),
    ),
    Case(
        "service deregistered by Expires, then nothing",
        leaves,
        (
            register(BOTH_SERVICES),
            [
                *registers(CONTACT),
                replace(
                    register(BOTH_SERVICES, name="R2"),
                    headers=(*register(BOTH_SERVICES).headers, ("Expires", "0")),
                ),
            ],
            "mcvideo",
        ),
    ),
    Case(
        "profile read, and another document changed",
        unasked,
        (TOLD, [read(GROUP, method="PUT"), read(PROFILE)], WINDOW),
    ),
    Case(
        "registration that asked for authorisation too and was refused",
        sequence.authorisation_follows_registration_there,
        seen(replace(IN_REGISTRATION, responses=(SipAnswer(403, "", (), b""),))),
    ),
    Case(
        "service used once a registration has authorised it",
        unused,
        (REFUSED, [IN_REGISTER, sip("INVITE", name="S9", at=20.0)], WINDOW),
    ),
)

REPORTED = (
    Case(
        "longer feature tag instead of that of the service",
        authorisation.register_names_the_service,
        (register(CONTACT.replace("+g.3gpp.mcptt;", "+g.3gpp.mcptt.more;")),),
        (
            (
                "TS24379-7.2.1-01",
                "+g.3gpp.mcptt in Contact",
                CONTACT.replace("+g.3gpp.mcptt;", "+g.3gpp.mcptt.more;"),
                "S1",
            ),
        ),
    ),
    *(
        Case(
            f"request over {version}",
            old_tls,
            (over("TLSv1.2 X"), [over("TLSv1.2 X"), over(version)]),
            (("RFC8996-5-01", "TLS 1.2 or later", version, "X1"),),
        )
        for version in ("TLSv1 X", "TLSv1.1 X", "SSLv3 X")
    ),
    Case(
        "connection left open without a word",
        bootstrap.takes_no_half_for_a_whole,
        (
            http("/b-1/x", server="bootstrap"),
            [contact("bootstrap", 11.5, event="open"), contact("idms", 12.0, event="open")],
        ),
        (
            (
                "RFC9112-6.3-01",
                "a document without its end left alone",
                "a connection to primary idms",
                "X1",
            ),
        ),
    ),
    Case(
        "directory of another user",
        fetches,
        (TOLD, [read(f"{SIMILAR}/")]),
        tuple(
            ("RFC5875-4.8-01", f"{selector} obtained", "not asked for", "N1")
            for selector in (PROFILE, OTHER_PROFILE)
        ),
    ),
    Case(
        "one profile of two, and the directory of another user",
        every,
        (TOLD, [read(PROFILE), read(f"{SIMILAR}/", "X2")], [PROFILE, OTHER_PROFILE]),
        (("TS23280-10.1.1.1-12", f"{OTHER_PROFILE} obtained", "not obtained", "N1"),),
    ),
    Case(
        "entry that a group's name only begins with",
        lists,
        ([subscribe(FIRST_LETTERS)], [GROUP]),
        (("TS24481-6.3.13.2.1-03", f"an entry for {GROUP}", FIRST_LETTERS, "S1"),),
    ),
    Case(
        "entry that the name of the extended group only begins with, and another directory",
        extended,
        (read(GROUP), [subscribe(FIRST_LETTERS, "org.openmobilealliance.groups/users/")], GROUP),
        (
            (
                "TS24481-7.2.2-51",
                f"an entry for {GROUP}",
                f"{FIRST_LETTERS}, org.openmobilealliance.groups/users/",
                "X1",
            ),
        ),
    ),
    Case(
        "parameter twice in the body of a POST",
        identity.no_parameter_occurs_twice,
        (doubled("state"),),
        (("RFC6749-3.1-01", "state once", "state 2 times", "X1"),),
    ),
    Case(
        "value of an earlier log-in, twice more",
        fresh,
        ([asking(), asking("X2"), asking("X3")], [ENTERED]),
        tuple(
            ("RFC7636-4.1-02", "a fresh code_challenge", "one used before", name)
            for name in ("X2", "X3")
        ),
    ),
    *(
        Case(
            f"profile changed by {method}",
            unasked,
            (TOLD, [read(PROFILE), read(PROFILE, "X2", method=method)], WINDOW),
            (
                (
                    "TS23280-10.1.4.5-01",
                    "no change of a user profile",
                    f"{method} /root/{PROFILE}",
                    "X2",
                ),
            ),
        )
        for method in ("DELETE", "PATCH")
    ),
    Case(
        "settings under the lost entity tag are no publication anew",
        publications.lost_publication_is_made_anew,
        (LOST, [publish([OWN_SETTINGS, settings()], fields={"SIP-If-Match": "t1"})], WINDOW),
        (("RFC3903-4.6-02", "an initial publication", "none", "S3"),),
    ),
    *(
        Case(
            f"refused service used by {method}",
            unused,
            (REFUSED, [sip(method, name="S9", at=20.0)], WINDOW),
            (
                (
                    "TS24379-7.3.3-01",
                    "no use of the service",
                    f"{method} sip:server@primary.example",
                    "S9",
                ),
            ),
        )
        for method in ("INVITE", "MESSAGE")
    ),
    Case(
        "NOTIFY redirected",
        robustness.ignores_unknown_sip_fields,
        (notify({PROFILE: "v2"}, 300),),
        (("RFC3261-8.2.2-01", "200", "300", "N1"),),
    ),
    Case(
        "authorisation that was refused, before any registration",
        sequence.authorisation_follows_registration_there,
        seen(publish(name="A", system="partner", statuses=(403,))),
        (("TS33180-5.1.1-02", f"after: {TITLE['registration']}", NEVER, "A"),),
    ),
    Case(
        "version that a NOTIFY named of another document",
        documents.condition_names_a_version_that_was_received,
        ([conditional('"v2"')], [TOLD]),
        (("RFC9110-13.1.2-01", '"v1"', '"v2"', "X9"),),
    ),
    Case(
        "refresh token as Bearer",
        bearer,
        ([read(PROFILE, tokens=[token("refresh")])],),
        (
            (
                "TS33180-B.10-02",
                "an access token as Bearer",
                "the refresh token of primary",
                "X1",
            ),
        ),
    ),
    Case(
        "information of another service for MCPTT",
        configuration.subscription_has_its_form,
        (subscribe(parts=[info_of("mcvideo"), resource_list(PROFILE)]),),
        (
            (
                "TS24484-6.3.13.2.2-06",
                "a body of type application/vnd.3gpp.mcptt-info+xml",
                "application/resource-lists+xml, application/vnd.3gpp.mcvideo-info+xml",
                "S1",
            ),
        ),
    ),
)


@cases(*ACCEPTED, *REPORTED)
def test_near_miss(case: Case) -> None:
    case.judge()
