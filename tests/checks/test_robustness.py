"""Checks of what a UE bears."""

from collections.abc import Callable
from dataclasses import replace

from muster.checks import robustness
from muster.evidence import Judgement, SipAnswer
from tests.checks.exchanges import (
    OTHER_PROFILE,
    PROFILE,
    Case,
    Report,
    cases,
    contact,
    http,
    notify,
    post_form,
    read,
    register,
    sip,
    subscribe,
    token,
)

TOLD = notify({PROFILE: "v2", OTHER_PROFILE: "v3"})
BOTH = [read(PROFILE), read(OTHER_PROFILE, "X2")]
CODE = {"grant_type": "authorization_code", "code": "masked"}
lost = post_form(CODE, status=None, tokens=[token("code", place="body")])
busy = read(PROFILE, status=503)
redirected = read(PROFILE, status=307)
put_off = register(statuses=[503])

GOES_ON: tuple[tuple[Callable[..., Judgement], str, str], ...] = (
    (robustness.decodes_chunks, "RFC9112-7.1-01", "chunks are decoded"),
    (
        robustness.goes_on_over_another_connection,
        "RFC9112-9.6-01",
        "another connection serves as well",
    ),
    (robustness.ignores_unknown_fields, "RFC9110-5.1-01", "unknown fields are ignored"),
    (robustness.takes_lists_in_several_lines, "RFC9110-5.3-01", "several lines are one list"),
    (robustness.bears_late_documents, "RFC5875-4.8-01", "a late answer is an answer"),
    (
        robustness.takes_a_long_message_whole,
        "RFC3261-18.3-01",
        "a message ends where its length says",
    ),
)


def missing(requirement: str, because: str) -> tuple[Report, ...]:
    expected = f"{OTHER_PROFILE} asked for: {because}"
    return ((requirement, expected, "not asked for", "N1"),)


UNSUPPORTED = replace(
    notify({PROFILE: "v2"}), responses=(SipAnswer(420, "", (("Unsupported", "later"),), b""),)
)
ONCE = replace(register(), ended=12.5, facts={"retransmissions": 0})

ACCEPTED = (
    Case(
        "named transport",
        robustness.registers_over_the_named_transport,
        (register(), register().transport),
    ),
    *(Case(f"{check.__name__}: all asked for", check, (TOLD, BOTH)) for check, _, _ in GOES_ON),
    Case(
        "removed document is not missed",
        robustness.decodes_chunks,
        (notify({PROFILE: ""}), []),
    ),
    Case("code redeemed late", robustness.bears_a_late_identity_server, (lost, [lost])),
    Case(
        "keys asked for late",
        robustness.bears_a_late_key_server,
        (http("/kms/init"), [http("/kms/init"), http("/kms/keyprov", "X2")]),
    ),
    Case(
        "keys of a named user asked for",
        robustness.bears_a_late_key_server,
        (http("/kms/init"), [http("/kms/init"), http("/kms/keyprov/sip:alice", "X2")]),
    ),
    Case("no repetition", robustness.waits_as_it_was_told, (busy, [], 1.0)),
    Case(
        "repetition in time",
        robustness.waits_as_it_was_told,
        (busy, [read(PROFILE, "X2", at=12.0)], 1.0),
    ),
    Case("lost code left alone", robustness.redeems_the_code_once, (lost, [])),
    Case(
        "another code",
        robustness.redeems_the_code_once,
        (lost, [replace(lost, tokens=(replace(token("code"), label="another"),))]),
    ),
    Case(
        "redirection followed without the token",
        robustness.takes_no_token_to_another_system,
        (redirected, [http("/d", "X2", system="partner")]),
    ),
    Case(
        "redirection not followed",
        robustness.stays_with_tls,
        (redirected, [contact("cms", 11.0)]),
    ),
    Case("answered at once", robustness.repeats_a_request_over_udp, (replace(ONCE, ended=10.1),)),
    Case(
        "answered within the longest T1",
        robustness.repeats_a_request_over_udp,
        (replace(ONCE, ended=11.9),),
    ),
    Case(
        "sent again",
        robustness.repeats_a_request_over_udp,
        (replace(ONCE, facts={"retransmissions": 1}),),
    ),
    Case(
        "stream that repeats nothing",
        robustness.repeats_a_request_over_udp,
        (replace(ONCE, transport="tcp"),),
    ),
    Case("NOTIFY accepted", robustness.ignores_unknown_sip_fields, (TOLD,)),
    Case(
        "extension named in the refusal",
        robustness.refuses_what_it_does_not_support,
        (UNSUPPORTED, "later"),
    ),
    Case(
        "service after the registration",
        robustness.takes_an_unknown_success_for_200,
        (register(), [subscribe(PROFILE)]),
    ),
    Case(
        "registration again in time",
        robustness.leaves_a_busy_server_alone,
        (put_off, [register(at=12.0)], 1.0),
    ),
)

REPORTED = (
    Case(
        "another transport",
        robustness.registers_over_the_named_transport,
        (register(), "tls"),
        (("RFC3263-4.1-01", "TLS", register().transport.upper(), "S1"),),
    ),
    *(
        Case(
            f"{check.__name__}: one not asked for",
            check,
            (TOLD, BOTH[:1]),
            missing(requirement, because),
        )
        for check, requirement, because in GOES_ON
    ),
    Case(
        "long NOTIFY refused",
        robustness.takes_a_long_message_whole,
        (notify({PROFILE: "v2"}, 413), []),
        (("RFC3261-18.3-01", "200", "413", "N1"),),
    ),
    Case(
        "sign-in given up",
        robustness.bears_a_late_identity_server,
        (http("/as/authorize", server="idms"), []),
        (("TS33180-B.4.2.1-01", "the code redeemed in the end", "no token request", "X1"),),
    ),
    Case(
        "keys given up",
        robustness.bears_a_late_key_server,
        (http("/kms/init"), [http("/kms/init")]),
        (("TS33180-D.2.1-04", "a request to keyprov", "none", "X1"),),
    ),
    Case(
        "repetition at once",
        robustness.waits_as_it_was_told,
        (busy, [read(PROFILE, "X2", at=11.2)], 1.0),
        (
            (
                "RFC9110-10.2.3-01",
                "1 s between refusal and repetition",
                "0.20 s",
                "X2",
            ),
        ),
    ),
    Case(
        "code sent again",
        robustness.redeems_the_code_once,
        (lost, [replace(lost, name="X2")]),
        (("RFC6749-4.1.2-01", "a code sent once", "the same code again", "X2"),),
    ),
    Case(
        "token shown to the partner",
        robustness.takes_no_token_to_another_system,
        (redirected, [http("/d", "X2", system="partner", tokens=[token()])]),
        (
            (
                "TS33180-B.7.1-01",
                "no token of primary at partner",
                "the access token of primary",
                "X2",
            ),
        ),
    ),
    Case(
        "redirection followed in the clear",
        robustness.stays_with_tls,
        (redirected, [contact("cms", 11.0, event="plain-http")]),
        (("TS33180-6.1.2-01", "HTTP over TLS", "HTTP in the clear to primary cms", "X1"),),
    ),
    Case(
        "sent once in spite of silence",
        robustness.repeats_a_request_over_udp,
        (ONCE,),
        (
            (
                "RFC3261-17.1.2.2-01",
                "sent again after 2 s at the latest",
                "sent once in 2.50 s",
                "S1",
            ),
        ),
    ),
    Case(
        "NOTIFY with an unknown field refused",
        robustness.ignores_unknown_sip_fields,
        (notify({PROFILE: "v2"}, 400),),
        (("RFC3261-8.2.2-01", "200", "400", "N1"),),
    ),
    Case(
        "required extension ignored",
        robustness.refuses_what_it_does_not_support,
        (TOLD, "later"),
        (("RFC3261-8.2.2.3-01", "420", "200", "N1"),),
    ),
    Case(
        "refusal without the name of the extension",
        robustness.refuses_what_it_does_not_support,
        (notify({PROFILE: "v2"}, 420), "later"),
        (("RFC3261-8.2.2.3-01", "Unsupported: later", "none", "N1"),),
    ),
    Case(
        "registration taken for failed",
        robustness.takes_an_unknown_success_for_200,
        (register(statuses=[299]), [register()]),
        (
            (
                "RFC3261-8.1.3.2-01",
                "service after 299",
                "no SUBSCRIBE, no PUBLISH",
                "S1",
            ),
        ),
    ),
    Case(
        "busy server asked again",
        robustness.leaves_a_busy_server_alone,
        (put_off, [sip("OPTIONS", name="S2", at=11.1)], 1.0),
        (("RFC3261-21.5.4-01", "nothing for 1 s", "OPTIONS after 0.10 s", "S2"),),
    ),
)


@cases(*ACCEPTED)
def test_right_exchange_is_accepted(case: Case) -> None:
    case.judge()


@cases(*REPORTED)
def test_departure_is_reported(case: Case) -> None:
    case.judge()
