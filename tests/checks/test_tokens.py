"""Checks of tokens: what is taken into use, how it is renewed, and to whom it is shown."""

import json
from dataclasses import replace
from typing import Any

import pytest

from muster.checks import tokens
from muster.evidence import HttpExchange, TokenUse, Window
from tests.checks.exchanges import (
    ALICE,
    FORM,
    GROUP,
    PROFILE,
    UNKNOWN_TOKEN,
    Case,
    cases,
    http,
    post_form,
    publish,
    read,
    sip,
    token,
)

WINDOW = Window(10.0, 20.0, 1.0, "the user signed in")
CODE = {"grant_type": "authorization_code"}
SCOPE = "openid 3gpp:mc:ptt_service"


def labelled(label: str, place: str = "authorization", expired: bool = False) -> TokenUse:
    return replace(token(place=place), label=label, expired=expired)


def response(
    name: str = "X1", at: float = 10.0, form: dict[str, str] | None = None, **members: Any
) -> HttpExchange:
    """A token response; the token is named as evidence shows it."""
    told = {"access_token": "masked-access", "expires_in": 5, "scope": SCOPE, **members}
    return replace(
        post_form(CODE if form is None else form, name=name, at=at),
        response_body=json.dumps(told).encode(),
    )


def refresh(
    name: str = "X2", at: float = 20.0, used: str = "masked-refresh-1", **members: Any
) -> HttpExchange:
    form = {"grant_type": "refresh_token", "refresh_token": used}
    told = {"access_token": "masked-new", "refresh_token": "masked-refresh-2", **members}
    return response(name, at, form, **told)


def asked(
    label: str = "masked-access", name: str = "X5", at: float = 12.0, **more: Any
) -> HttpExchange:
    use = labelled(label, expired=more.pop("expired", False))
    return read(PROFILE, name, **{"tokens": (use,), "at": at, **more})


GIVEN = response()
RENEWABLE = response(refresh_token="masked-refresh-1")
USES = (asked(), publish(name="S5"))
USEFUL = (
    (tokens.response_without_refresh_token_is_accepted, "TS33180-B.4.2.5-02"),
    (tokens.token_type_is_read_without_regard_to_case, "TS33180-B.4.2.5-01"),
    (tokens.further_members_are_ignored, "RFC6749-5.1-01"),
    (tokens.access_token_is_opaque, "TS33180-B.10-01"),
    (tokens.audience_in_an_array_is_accepted, "RFC7519-4.1.3-01"),
    (tokens.further_claims_are_ignored, "RFC7519-4-01"),
)
USELESS = (
    (tokens.token_of_unknown_type_stays_unused, "RFC6749-7.1-01"),
    (tokens.tokens_beside_an_error_stay_unused, "TS33180-B.4.2.5-03"),
    (tokens.access_token_of_a_refused_id_token_stays_unused, "TS33180-B.11.1-06"),
)
NOT_BELIEVED = (
    (tokens.id_token_for_another_client_is_refused, "TS33180-B.11.1-02"),
    (tokens.id_token_of_another_issuer_is_refused, "TS33180-B.11.1-01"),
    (tokens.expired_id_token_is_refused, "TS33180-B.11.1-03"),
    (tokens.leeway_is_half_a_minute_at_most, "TS33180-B.2.1.2-02"),
    (tokens.id_token_is_refused_before_its_time, "RFC7519-4.1.5-01"),
    (tokens.id_token_that_does_not_verify_is_refused, "TS33180-B.11.1-04"),
    (tokens.unsigned_id_token_is_refused, "TS33180-B.11.1-05"),
)
UNDER_HER_ID = "no request under the MC service ID of the ID token"

in_form = tokens.refresh_request_has_its_form
no_wider = tokens.refresh_asks_for_no_more
new_token = tokens.new_access_token_is_shown
new_refresh = tokens.replaced_refresh_token_is_not_used
refused = tokens.refused_refresh_ends_the_use_of_the_token
in_time = tokens.lifetime_is_kept
fresh = tokens.service_goes_on_with_a_fresh_token
few = tokens.refused_request_is_not_repeated_without_end
as_bearer = tokens.access_token_is_shown_as_bearer
one_place = tokens.access_token_is_sent_by_one_method
at_issuer = tokens.refresh_token_is_for_its_issuer
under_id = tokens.acts_under_the_id_of_its_token

NO_ANSWER = replace(refresh(), response_body=b"", status=None)
REFUSAL = replace(refresh(), response_body=b'{"error": "invalid_grant"}', status=400)
REFUSED_ONES = [asked(name=f"X{number}", status=401) for number in range(11)]
REFRESH_TOKEN = token("refresh", place="body")

ACCEPTED = (
    *(Case(f"used over HTTP: {one}", check, (GIVEN, [USES[0]])) for check, one in USEFUL),
    *(Case(f"used over SIP: {one}", check, (GIVEN, [USES[1]])) for check, one in USEFUL),
    *(Case(f"refreshed at once: {one}", check, (RENEWABLE, [refresh()])) for check, one in USEFUL),
    *(Case(f"unused: {one}", check, (GIVEN, [http("/d")], WINDOW)) for check, one in USELESS),
    *(
        Case(f"token of another sign-in: {one}", check, (GIVEN, [asked("masked-other")], WINDOW))
        for check, one in USELESS
    ),
    *(
        Case(f"silence: {one}", check, (GIVEN, [http("/d")], ALICE, WINDOW))
        for check, one in NOT_BELIEVED
    ),
    *(
        Case(f"before it was given: {one}", check, (GIVEN, [asked(at=1.0)], ALICE, WINDOW))
        for check, one in NOT_BELIEVED
    ),
    Case(
        "told to the UE, not by it",
        tokens.unsigned_id_token_is_refused,
        (GIVEN, [sip("NOTIFY", direction="to_ue", uri=ALICE, at=12.0)], ALICE, WINDOW),
    ),
    Case("refresh", in_form, (refresh(),)),
    Case("same scope", no_wider, ([GIVEN], [post_form({"scope": SCOPE}, at=20.0)])),
    Case(
        "narrower scope, none",
        no_wider,
        ([GIVEN], [post_form({"scope": "openid"}, at=20.0), refresh()]),
    ),
    Case("new token", new_token, (refresh(), [asked(), asked("masked-new", at=22.0)])),
    Case("request under way meanwhile", new_token, (refresh(), [asked(), asked(at=20.5)])),
    Case("new refresh token", new_refresh, ([refresh(), refresh("X3", used="masked-refresh-2")],)),
    Case(
        "no new refresh token was given",
        new_refresh,
        ([refresh(refresh_token="masked-refresh-1"), refresh("X3")],),
    ),
    Case("refresh again after no answer", new_refresh, ([NO_ANSWER, refresh("X3")],)),
    Case("silence after a refusal", refused, (REFUSAL, [asked(expired=True)], WINDOW)),
    Case(
        "token of a new sign-in after a refusal",
        refused,
        (REFUSAL, [asked("masked-fresh", at=22.0)], WINDOW),
    ),
    Case("within its lifetime", in_time, ([GIVEN], [asked(at=15.0), asked(at=16.9)])),
    Case("token without a response is another matter", in_time, ([], [asked(at=99.0)])),
    Case("fresh token", fresh, (GIVEN, [asked("masked-new", at=30.0)])),
    Case("a few attempts", few, (REFUSED_ONES[:10], WINDOW)),
    Case("requests that are served", few, ([asked() for _ in range(20)], WINDOW)),
    Case("bearer", as_bearer, ([asked()],)),
    Case("no token is another matter", as_bearer, ([http("/d"), http("/d", tokens=[])],)),
    Case("header only", one_place, ([asked()],)),
    Case(
        "refresh token and access token at the identity server",
        one_place,
        ([http("/t", tokens=[labelled("a", "body"), REFRESH_TOKEN])],),
    ),
    Case("issuer only", at_issuer, ([http("/t", server="idms", tokens=[REFRESH_TOKEN]), asked()],)),
    Case("own documents", under_id, ([read(PROFILE)], ALICE)),
    Case("own documents at a path of users", under_id, ([read(f"{PROFILE}/users/x")], ALICE)),
    Case("group documents are another matter", under_id, ([read(GROUP)], ALICE)),
)

REPORTED = (
    *(
        Case(
            f"not used: {one}",
            check,
            (GIVEN, [asked("masked-other"), http("/d")]),
            ((one, "service with the access token", "no use of it", "X1"),),
        )
        for check, one in USEFUL
    ),
    *(
        Case(
            f"neither used nor refreshed: {one}",
            check,
            (RENEWABLE, [http("/d"), refresh(used="masked-refresh-of-another")]),
            ((one, "service with the access token", "no use of it", "X1"),),
        )
        for check, one in USEFUL
    ),
    *(
        Case(
            f"used: {one}",
            check,
            (GIVEN, [asked(), asked(name="X6")], WINDOW),
            ((one, "no use of the access token", f"GET /root/{PROFILE}", "X5"),),
        )
        for check, one in USELESS
    ),
    *(
        Case(
            f"in a path: {one}",
            check,
            (GIVEN, [asked(), asked(name="X6")], ALICE, WINDOW),
            ((one, UNDER_HER_ID, f"GET /root/{PROFILE}", "X5"),),
        )
        for check, one in NOT_BELIEVED
    ),
    Case(
        "in the body of a SIP request",
        tokens.unsigned_id_token_is_refused,
        (GIVEN, [sip("PUBLISH", at=12.0, headers=(("X", ALICE),))], ALICE, WINDOW),
        (("TS33180-B.11.1-05", UNDER_HER_ID, "PUBLISH sip:server@primary.example", "S1"),),
    ),
    Case(
        "by GET",
        in_form,
        (http("/as/token?grant_type=refresh_token", server="idms"),),
        (
            ("TS33180-B.5.2-01", "POST of a form", "GET, no form", "X1"),
            ("TS33180-B.5.2-02", "grant_type=refresh_token", "absent", "X1"),
            ("TS33180-B.5.2-03", "refresh_token", "absent", "X1"),
        ),
    ),
    Case(
        "form sent by PUT",
        in_form,
        (replace(refresh(), method="PUT"),),
        (
            (
                "TS33180-B.5.2-01",
                "POST of a form",
                "PUT, application/x-www-form-urlencoded",
                refresh().name,
            ),
        ),
    ),
    Case(
        "another grant type",
        in_form,
        (post_form({"grant_type": "refresh", "refresh_token": "masked"}),),
        (("TS33180-B.5.2-02", "grant_type=refresh_token", "refresh", "X1"),),
    ),
    Case(
        "no refresh token",
        in_form,
        (post_form({"grant_type": "refresh_token"}),),
        (("TS33180-B.5.2-03", "refresh_token", "absent", "X1"),),
    ),
    Case(
        "wider scope",
        no_wider,
        ([GIVEN], [post_form({"scope": f"{SCOPE} 3gpp:mc:data_service"}, name="X2", at=20.0)]),
        (("TS33180-B.5.2-04", f"no more than {SCOPE}", "3gpp:mc:data_service", "X2"),),
    ),
    Case(
        "old access token",
        new_token,
        (refresh(), [asked(), asked(name="X6", at=22.0)]),
        (("TS33180-B.5.3-01", "the new access token", "one from before it", "X6"),),
    ),
    Case(
        "old refresh token",
        new_refresh,
        ([refresh(), refresh("X3")],),
        (("RFC6749-6-01", "the new refresh token", "the one it replaced", "X3"),),
    ),
    Case(
        "old access token after a refusal",
        refused,
        (REFUSAL, [asked(at=22.0, expired=True)], WINDOW),
        (
            (
                "TS33180-B.5.3-02",
                "no use of the token that is over",
                f"GET /root/{PROFILE}",
                "X5",
            ),
        ),
    ),
    Case(
        "past its lifetime",
        in_time,
        ([GIVEN], [asked(at=18.0)]),
        (
            (
                "TS33180-B.12-01",
                "a token within its lifetime",
                f"GET /root/{PROFILE} 2.0 s after its end",
                "X5",
            ),
        ),
    ),
    Case(
        "no token any more",
        fresh,
        (GIVEN, [http("/d", "X5")]),
        (("TS33180-B.12-03", "a fresh access token", "no token", "X5"),),
    ),
    Case(
        "a token of nobody",
        fresh,
        (GIVEN, [http("/d", "X5", tokens=[UNKNOWN_TOKEN])]),
        (("TS33180-B.12-03", "a fresh access token", "a token that nobody here issued", "X5"),),
    ),
    Case(
        "the old token",
        fresh,
        (GIVEN, [asked(at=30.0)]),
        (("TS33180-B.12-03", "a fresh access token", "the one that is over", "X5"),),
    ),
    Case(
        "many attempts that are forbidden",
        few,
        ([replace(one, status=403) for one in REFUSED_ONES], WINDOW),
        (
            (
                "TS24482-A.2.3-04",
                "a few attempts at most",
                f"GET /root/{PROFILE} 11 times",
                "X0",
            ),
        ),
    ),
    Case(
        "many attempts",
        few,
        (REFUSED_ONES, WINDOW),
        (
            (
                "TS24482-A.2.3-04",
                "a few attempts at most",
                f"GET /root/{PROFILE} 11 times",
                "X0",
            ),
        ),
    ),
    Case(
        "ID token as bearer",
        as_bearer,
        ([http("/d", tokens=[token("id")])],),
        (
            (
                "TS33180-B.10-02",
                "an access token as Bearer",
                "the id token of primary",
                "X1",
            ),
        ),
    ),
    Case(
        "access token in the query",
        as_bearer,
        ([http("/d", tokens=[token(place="query")])],),
        (
            (
                "TS33180-B.10-02",
                "an access token as Bearer",
                "the access token of primary in the query",
                "X1",
            ),
        ),
    ),
    Case(
        "header and query",
        one_place,
        ([http("/d", tokens=[labelled("a"), labelled("a", "query")], headers=(FORM,))],),
        (("RFC6750-2-01", "one method", "authorization and query", "X1"),),
    ),
    Case(
        "refresh token at the key server",
        at_issuer,
        ([http("/k", server="kms", tokens=[token("refresh", place="header")])],),
        (("RFC6749-10.4-01", "no refresh token", "sent to the kms server of primary", "X1"),),
    ),
    Case(
        "refresh token at the partner",
        at_issuer,
        ([http("/t", server="idms", system="partner", tokens=[REFRESH_TOKEN])],),
        (("RFC6749-10.4-01", "no refresh token", "sent to the idms server of partner", "X1"),),
    ),
    Case(
        "documents of the user name",
        under_id,
        ([read(PROFILE.replace(ALICE, "sip:al@primary.example"))], ALICE),
        (("TS33180-B.2.1.3-02", ALICE, "sip:al@primary.example", "X1"),),
    ),
)


@cases(*ACCEPTED)
def test_right_exchange_is_accepted(case: Case) -> None:
    case.judge()


@cases(*REPORTED)
def test_departure_is_reported(case: Case) -> None:
    case.judge()


@pytest.mark.parametrize("body", [b"[]", b'"masked-access"', b"7", b"{", b"\xff", b""])
def test_answer_that_is_no_object_grants_nothing(body: bytes) -> None:
    assert tokens.granted(replace(GIVEN, response_body=body)) == {}
