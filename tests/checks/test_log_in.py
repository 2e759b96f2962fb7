"""Checks of the log-in, of its answers and of the code that it brings."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from muster.checks import log_in
from muster.evidence import HttpExchange, Window
from tests.checks.exchanges import FORM, Case, cases, http, post_form, sip
from tests.checks.test_identity import PARAMETERS, TOKEN_FORM, asking

WINDOW = Window(10.0, 20.0, 1.0, "the user logged in")
ENDPOINT = "https://idms.primary.example:9031/as/token"
CREDENTIALS = {"username": "alice", "password": "masked-password-1", "login_session": "s"}
JSON = ("Content-Type", "application/json")


def logging_in(accepted: bool = True, **more: Any) -> HttpExchange:
    facts = {"credentials_accepted": accepted}
    return post_form(CREDENTIALS, "/as/login", **{"facts": facts, **more})


def redeeming(name: str = "X2", at: float = 12.0, **changed: str) -> HttpExchange:
    return post_form({**TOKEN_FORM, **changed}, name=name, at=at)


by_get_or_form = log_in.authentication_is_asked_for_by_get_or_form
in_query = log_in.parameters_stand_in_the_query
spelled = log_in.scope_is_spelled_as_defined
by_password = log_in.password_is_among_the_acr_values
no_plain = log_in.never_falls_back_to_plain
posted = log_in.credentials_are_sent_by_post
accepted_one = log_in.signs_in_with_user_name_and_password
kept = log_in.password_is_for_the_identity_server
once = log_in.code_is_sent_once
no_twice = log_in.no_token_parameter_occurs_twice
allowed = log_in.verifier_is_of_the_allowed_form
configured = log_in.token_is_asked_for_at_the_configured_endpoint

BY_POST = post_form(PARAMETERS, "/as-1/authorize")
IN_JSON = http("/as-1/authorize", method="POST", server="idms", headers=(JSON,), body=b"{}")
IN_BODY = http(
    "/as-1/authorize", server="idms", headers=(FORM,), body=urlencode(PARAMETERS).encode()
)
PLAIN = asking("X2", code_challenge_method="plain")
NO_SESSION = {key: value for key, value in CREDENTIALS.items() if key != "login_session"}
IN_URL = http(f"/as/login?{urlencode(NO_SESSION)}", "X2", server="idms")
TOLD = http("/k/init", "X3", "POST", server="kms", body=b"<ClientId>masked-password-1</ClientId>")
BEFORE = redeeming(at=5.0)

ENDINGS = (
    (log_in.wrong_credentials_lead_to_no_token_request, "TS24482-6.2.1-10", logging_in(False)),
    (log_in.page_leads_to_no_token_request, "TS24482-6.2.1-09", logging_in()),
    (log_in.code_with_other_state_stays_unused, "TS33180-B.4.2.3-01", logging_in(status=302)),
    (log_in.code_without_state_stays_unused, "TS33180-B.4.2.3-02", logging_in(status=302)),
    (log_in.error_leads_to_no_token_request, "TS33180-B.4.2.3-03", logging_in(status=302)),
)

ACCEPTED = (
    *(Case(f"silence: {one}", end, (seen, [], WINDOW)) for end, one, seen in ENDINGS),
    *(Case(f"earlier sign-in: {one}", end, (seen, [BEFORE], WINDOW)) for end, one, seen in ENDINGS),
    Case(
        "refresh of an earlier sign-in after a wrong state",
        log_in.code_with_other_state_stays_unused,
        (logging_in(), [post_form({"grant_type": "refresh_token"}, at=12.0)], WINDOW),
    ),
    Case("by GET", by_get_or_form, ([asking()],)),
    Case("by POST", by_get_or_form, ([BY_POST],)),
    Case("parameters in the query", in_query, ([asking()],)),
    Case("parameters of a POST in its body", in_query, ([BY_POST],)),
    Case("scopes of several services", spelled, (asking(scope="openid 3gpp:mc:data_service"),)),
    Case("scope of nobody", spelled, (asking(scope="openid Offline_Access"),)),
    Case("no scope is another matter", spelled, (asking(scope="openid"),)),
    Case("password beside another acr", by_password, (asking(acr_values="x 3gpp:acr:password"),)),
    Case("S256 again", no_plain, ([asking(), asking("X2")],)),
    Case("plain from the beginning is another matter", no_plain, ([PLAIN, PLAIN],)),
    Case("posted", posted, (asking(), [asking(), logging_in()])),
    Case("wrong, then right", accepted_one, (asking(), [logging_in(False), logging_in()])),
    Case("identity server only", kept, (logging_in(), [logging_in(), IN_URL, http("/d")])),
    Case(
        "password in what is sent to the UE",
        kept,
        (logging_in(), [sip("NOTIFY", direction="to_ue", uri="sip:masked-password-1@x")]),
    ),
    Case("two codes", once, ([redeeming(), redeeming("X3", code="masked-other")],)),
    Case("each parameter once", no_twice, ([redeeming()],)),
    Case("verifier of 43 characters", allowed, (post_form({}, facts={"verifier_allowed": True}),)),
    Case("request that nothing is attested of", allowed, (post_form({}, status=503),)),
    Case("configured endpoint", configured, ([redeeming()], ENDPOINT)),
    Case(
        "configured endpoint, path escaped",
        configured,
        ([post_form(TOKEN_FORM, "/%61s/token")], ENDPOINT),
    ),
)

REPORTED = (
    *(
        Case(
            f"token request: {one}",
            end,
            (seen, [redeeming()], WINDOW),
            (
                (
                    one,
                    "no token request",
                    "a token request with grant_type authorization_code",
                    "X2",
                ),
            ),
        )
        for end, one, seen in ENDINGS
    ),
    Case(
        "by PUT",
        by_get_or_form,
        ([replace(asking(), method="PUT")],),
        (("TS24482-6.2.1-03", "GET, or POST of a form", "PUT", "X1"),),
    ),
    Case(
        "JSON",
        by_get_or_form,
        ([IN_JSON],),
        (("TS24482-6.2.1-03", "GET, or POST of a form", "POST of application/json", "X1"),),
    ),
    Case(
        "parameters in the body of a GET",
        in_query,
        ([BY_POST, IN_BODY],),
        (("TS24482-6.2.1-04", "parameters in the query", "a body with them", "X1"),),
    ),
    Case(
        "some parameters in the body of a GET",
        in_query,
        ([replace(IN_BODY, target="/as-1/authorize?state=s")],),
        (("TS24482-6.2.1-04", "parameters in the query", "some in a body", "X1"),),
    ),
    Case(
        "two spaces",
        spelled,
        (asking(scope="openid  3gpp:mc:ptt_service"),),
        (
            (
                "TS33180-B.4.2.2-10",
                "values with single spaces between them",
                "'openid  3gpp:mc:ptt_service'",
                "X1",
            ),
        ),
    ),
    Case(
        "tab between values",
        spelled,
        (asking(scope="openid\t3gpp:mc:ptt_service"),),
        (
            (
                "TS33180-B.4.2.2-10",
                "values with single spaces between them",
                repr("openid\t3gpp:mc:ptt_service"),
                "X1",
            ),
        ),
    ),
    Case(
        "comma",
        spelled,
        (asking(scope="openid,3gpp:mc:ptt_service"),),
        (
            (
                "TS33180-B.4.2.2-10",
                "values with single spaces between them",
                "openid,3gpp:mc:ptt_service",
                "X1",
            ),
        ),
    ),
    Case(
        "capitals",
        spelled,
        (asking(scope="OpenID"),),
        (("TS33180-B.4.2.2-10", "openid", "OpenID", "X1"),),
    ),
    Case(
        "another acr",
        by_password,
        (asking(acr_values="urn:x"),),
        (("TS33180-B.4.2.2-15", "3gpp:acr:password", "urn:x", "X1"),),
    ),
    Case(
        "plain after S256",
        no_plain,
        ([asking(), PLAIN],),
        (("RFC7636-7.2-01", "code_challenge_method=S256", "plain", "X2"),),
    ),
    Case(
        "no challenge after S256",
        no_plain,
        ([asking(), http("/as-1/authorize?state=s", "X2", server="idms")],),
        (("RFC7636-7.2-01", "code_challenge_method=S256", "no code_challenge", "X2"),),
    ),
    Case(
        "nothing sent",
        posted,
        (asking(), [asking()]),
        (("TS24482-6.2.1-06", "user name and password", "not sent", "X1"),),
    ),
    Case(
        "password in a URL",
        posted,
        (asking(), [IN_URL]),
        (("TS24482-6.2.1-06", "POST", "GET with them in its query", "X2"),),
    ),
    *(
        Case(
            f"password {what}",
            posted,
            (asking(), [http(**{"target": "/as/login", "method": method, **more})]),
            (("TS24482-6.2.1-06", "POST", f"{method} with them in its {where}", "X1"),),
        )
        for what, method, where, more in (
            ("in the URL of a POST", "POST", "query", {"target": "/as/login?password=masked"}),
            (
                "in the body of a PUT",
                "PUT",
                "body",
                {
                    "body": b"password=masked",
                    "headers": (("Content-Type", "application/x-www-form-urlencoded"),),
                },
            ),
        )
    ),
    Case(
        "wrong password again",
        accepted_one,
        (asking(), [logging_in(False)]),
        (("TS24482-5.1-01", "right user name and password", "wrong ones", "X1"),),
    ),
    Case(
        "no password",
        accepted_one,
        (asking(), [asking()]),
        (("TS24482-5.1-01", "right user name and password", "none", "X1"),),
    ),
    Case(
        "password told to the key server",
        kept,
        (logging_in(), [TOLD]),
        (
            (
                "TS24482-6.2.1-11",
                "no password",
                "sent to the kms server of primary",
                "X3",
            ),
        ),
    ),
    Case(
        "password told to the identity server of the partner",
        kept,
        (logging_in(), [logging_in(name="X2", system="partner")]),
        (
            (
                "TS24482-6.2.1-11",
                "no password",
                "sent to the idms server of partner",
                "X2",
            ),
        ),
    ),
    Case(
        "code twice",
        once,
        ([redeeming(), redeeming("X3")],),
        (("RFC6749-4.1.2-01", "each code once", "a code that was sent before", "X3"),),
    ),
    Case(
        "client_id twice",
        no_twice,
        ([replace(redeeming(), body=b"client_id=a&code=c&client_id=a")],),
        (("RFC6749-3.2-01", "client_id once", "client_id 2 times", "X2"),),
    ),
    Case(
        "empty parameter twice",
        no_twice,
        ([replace(redeeming(), body=b"client_id=a&scope=&scope=")],),
        (("RFC6749-3.2-01", "scope once", "scope 2 times", "X2"),),
    ),
    Case(
        "verifier of 16 characters",
        allowed,
        (post_form({}, facts={"verifier_allowed": False}),),
        (
            (
                "RFC7636-4.1-01",
                "43 to 128 unreserved characters",
                "a code_verifier of another form",
                "X1",
            ),
        ),
    ),
    Case(
        "endpoint of the metadata",
        configured,
        ([post_form(TOKEN_FORM, "/as/token-2")], ENDPOINT),
        (("TS24482-6.2.1-07", ENDPOINT, "idms /as/token-2", "X1"),),
    ),
)


@cases(*ACCEPTED)
def test_right_exchange_is_accepted(case: Case) -> None:
    case.judge()


@cases(*REPORTED)
def test_departure_is_reported(case: Case) -> None:
    case.judge()
