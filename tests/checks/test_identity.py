"""Checks of sign-in."""

from typing import Any
from urllib.parse import urlencode

from muster.checks import identity
from muster.evidence import HttpExchange
from tests.checks.exchanges import FORM, Case, cases, http, post_form

ENDPOINT = "https://idms.primary.example:9031/as-1/authorize"
REDIRECT = "http://mcptt.example/cb"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
OF_MCPTT = {f"3gpp:mc:ptt_{what}": one for what, one in identity.SCOPES_OF_A_SERVICE.items()}
SCOPES = ("openid", *OF_MCPTT)
PARAMETERS = {
    "response_type": "code",
    "client_id": "client-1",
    "scope": " ".join(SCOPES),
    "redirect_uri": REDIRECT,
    "state": "s1",
    "acr_values": "3gpp:acr:password",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}
TOKEN_FORM = {
    "grant_type": "authorization_code",
    "code": "masked-code",
    "client_id": "client-1",
    "redirect_uri": REDIRECT,
    "code_verifier": "masked-verifier",
}
ATTESTED = {"code_known": True, "redirect_uri_matches": True, "verifier_fits": True}


def asking(name: str = "X1", drop: str = "", status: int = 200, **changed: str) -> HttpExchange:
    query = {key: value for key, value in {**PARAMETERS, **changed}.items() if key != drop}
    target = f"/as-1/authorize?{urlencode(query)}"
    return http(target, name, server="idms", status=status)


ENTERED = post_form({"username": "alice", "password": "masked-password-1"}, name="X9")


def redeeming(drop: str = "", facts: dict[str, Any] | None = None, **more: Any) -> HttpExchange:
    changed = more.pop("form", {})
    form = {key: value for key, value in {**TOKEN_FORM, **changed}.items() if key != drop}
    return post_form(form, facts={**ATTESTED, **(facts or {})}, **more)


BY_POST = post_form(PARAMETERS, "/as-1/authorize")
complete = identity.authentication_request_is_complete
redeems = identity.token_request_redeems_the_code
bound = identity.code_is_bound_by_pkce

ACCEPTED = (
    Case("complete", complete, (asking(), "client-1", REDIRECT)),
    Case("complete by POST", complete, (BY_POST, "client-1", REDIRECT)),
    Case(
        "further parameters in another order",
        complete,
        (
            http("/as-1/authorize?nonce=n&" + urlencode(dict(reversed(PARAMETERS.items())))),
            "client-1",
            REDIRECT,
        ),
    ),
    Case("SHA-256 challenge", identity.code_challenge_is_a_sha256_value, (asking(),)),
    Case("SHA-256 challenge by POST", identity.code_challenge_is_a_sha256_value, (BY_POST,)),
    Case(
        "scopes in any order and more",
        identity.scope_covers_the_service,
        ([asking(scope=" ".join(["3gpp:mc:video_service", *reversed(SCOPES)]))],),
    ),
    Case(
        "scopes of another service in a request of their own",
        identity.scope_covers_the_service,
        ([asking(scope="openid 3gpp:mc:video_service"), asking("X2")],),
    ),
    Case("each parameter once", identity.no_parameter_occurs_twice, (asking(),)),
    Case("each parameter once by POST", identity.no_parameter_occurs_twice, (BY_POST,)),
    Case("code redeemed", redeems, (redeeming(), "client-1")),
    Case(
        "charset beside the media type",
        redeems,
        (redeeming(headers=((FORM[0], FORM[1] + "; charset=UTF-8"),)), "client-1"),
    ),
    Case(
        "request that a fault answered: nothing is attested of its code",
        redeems,
        (post_form(TOKEN_FORM, status=503), "client-1"),
    ),
    Case("bound by PKCE", bound, (asking(), [redeeming()])),
    Case("no code given, none redeemed", bound, (asking(), [])),
    Case(
        "verifiers differ",
        identity.verifier_is_made_anew,
        ([asking(), asking("X2", code_challenge=CHALLENGE[::-1])], [ENTERED]),
    ),
    Case(
        "request sent again after a failure of the server",
        identity.verifier_is_made_anew,
        ([asking(status=503), asking("X2")], [ENTERED]),
    ),
    Case(
        "two requests without challenge are another matter",
        identity.verifier_is_made_anew,
        ([asking(drop="code_challenge"), asking("X2", drop="code_challenge")], [ENTERED]),
    ),
    Case(
        "page loaded again before anybody logged in",
        identity.verifier_is_made_anew,
        ([asking(), asking("X2")], []),
    ),
    Case(
        "page loaded again with the same state",
        identity.state_is_made_anew,
        ([asking(), asking("X2")], []),
    ),
    Case(
        "states differ",
        identity.state_is_made_anew,
        ([asking(), asking("X2", state="s2")], [ENTERED]),
    ),
    Case(
        "state sent again after a failure of the server",
        identity.state_is_made_anew,
        ([asking(status=503), asking("X2")], [ENTERED]),
    ),
    Case("named endpoint", identity.asks_the_named_identity_server, (asking(), ENDPOINT)),
    Case(
        "named endpoint, path escaped",
        identity.asks_the_named_identity_server,
        (http("/as%2D1/authorize", server="idms"), ENDPOINT),
    ),
)

ABSENT = tuple(
    Case(
        f"{name} absent",
        complete,
        (asking(drop=name), "client-1", REDIRECT),
        ((requirement, name, "absent or empty", "X1"),),
    )
    for name, requirement in identity.PARAMETERS.items()
)
WITHOUT_SCOPE = tuple(
    Case(
        f"scope without {name}",
        identity.scope_covers_the_service,
        ([asking(scope=" ".join(s for s in SCOPES if s != name))],),
        (
            (
                {"openid": "TS33180-B.4.2.2-09", **OF_MCPTT}[name],
                f"scope with {name}",
                " ".join(s for s in SCOPES if s != name),
                "X1",
            ),
        ),
    )
    for name in SCOPES
)

REPORTED = (
    *ABSENT,
    *WITHOUT_SCOPE,
    Case(
        "plain challenge",
        complete,
        (asking(code_challenge_method="plain"), "client-1", REDIRECT),
        (
            (
                "TS33180-B.4.2.2-08",
                "code_challenge_method=S256",
                "code_challenge_method=plain",
                "X1",
            ),
        ),
    ),
    Case(
        "empty state",
        complete,
        (asking(state=""), "client-1", REDIRECT),
        (("TS33180-B.4.2.2-05", "state", "absent or empty", "X1"),),
    ),
    *(
        Case(
            f"another {name}",
            complete,
            (asking(**{name: "other"}), "client-1", REDIRECT),
            ((identity.PARAMETERS[name], f"{name}={right}", f"{name}=other", "X1"),),
        )
        for name, right in (
            ("response_type", "code"),
            ("client_id", "client-1"),
            ("redirect_uri", REDIRECT),
        )
    ),
    Case(
        "nobody asked for scopes",
        identity.scope_covers_the_service,
        ([],),
        (("TS33180-B.4.2.2-09", "an authentication request", "none", ""),),
    ),
    Case(
        "scopes of MCPTT, then of MCVideo, for MCVideo",
        identity.scope_covers_the_service,
        ([asking(scope="openid 3gpp:mc:video_service"), asking("X2")], "mcvideo"),
        tuple(
            (
                requirement,
                f"scope with 3gpp:mc:video_{what}",
                "openid 3gpp:mc:video_service",
                "X1",
            )
            for what, requirement in identity.SCOPES_OF_A_SERVICE.items()
            if what != "service"
        ),
    ),
    Case(
        "padded challenge",
        identity.code_challenge_is_a_sha256_value,
        (asking(code_challenge=CHALLENGE + "="),),
        (("TS33180-B.4.2.2-16", "43 characters of base64url", CHALLENGE + "=", "X1"),),
    ),
    Case(
        "state twice",
        identity.no_parameter_occurs_twice,
        (http(f"/a?{urlencode(PARAMETERS)}&state=s2"),),
        (("RFC6749-3.1-01", "state once", "state 2 times", "X1"),),
    ),
    Case(
        "empty parameter twice",
        identity.no_parameter_occurs_twice,
        (http(f"/a?{urlencode(PARAMETERS)}&hint=&hint="),),
        (("RFC6749-3.1-01", "hint once", "hint 2 times", "X1"),),
    ),
    Case(
        "twice, and a question mark in the query",
        identity.no_parameter_occurs_twice,
        (http(f"/a?{urlencode(PARAMETERS)}&hint=a&hint=b?"),),
        (("RFC6749-3.1-01", "hint once", "hint 2 times", "X1"),),
    ),
    Case(
        "code redeemed by GET",
        redeems,
        (redeeming(method="GET"), "client-1"),
        (("TS33180-B.4.2.4-01", "POST", "GET", "X1"),),
    ),
    Case(
        "JSON body",
        redeems,
        (redeeming(headers=(("Content-Type", "application/json"),)), "client-1"),
        (
            ("TS33180-B.4.2.4-02", "a form-urlencoded body", "application/json", "X1"),
            ("TS33180-B.4.2.4-03", "grant_type=authorization_code", "absent", "X1"),
            ("TS33180-B.4.2.4-04", "code", "absent", "X1"),
            ("TS33180-B.4.2.4-05", "client_id=client-1", "absent", "X1"),
        ),
    ),
    Case(
        "another grant type",
        redeems,
        (post_form({**TOKEN_FORM, "grant_type": "password"}), "client-1"),
        (("TS33180-B.4.2.4-03", "grant_type=authorization_code", "password", "X1"),),
    ),
    Case(
        "another code",
        redeems,
        (redeeming(facts={"code_known": False}), "client-1"),
        (("TS33180-B.4.2.4-04", "the code that was given out", "another code", "X1"),),
    ),
    Case(
        "another client",
        redeems,
        (redeeming(form={"client_id": "other"}), "client-1"),
        (("TS33180-B.4.2.4-05", "client_id=client-1", "other", "X1"),),
    ),
    Case(
        "another redirect_uri",
        redeems,
        (redeeming(drop="redirect_uri", facts={"redirect_uri_matches": False}), "client-1"),
        (("TS33180-B.4.2.4-06", "the redirect_uri of the request", "absent", "X1"),),
    ),
    Case(
        "no challenge",
        bound,
        (asking(drop="code_challenge"), []),
        (("TS33180-B.4.2.1-01", "a code_challenge", "none", "X1"),),
    ),
    Case(
        "no verifier",
        bound,
        (asking(), [redeeming("code_verifier", name="X2")]),
        (("TS33180-B.4.2.4-07", "code_verifier", "absent", "X2"),),
    ),
    Case(
        "another verifier",
        bound,
        (asking(), [redeeming(facts={"verifier_fits": False}, name="X2")]),
        (
            (
                "TS33180-B.4.2.4-08",
                "a code_verifier that fits the code_challenge",
                "another verifier",
                "X2",
            ),
        ),
    ),
    Case(
        "verifier used before",
        identity.verifier_is_made_anew,
        ([asking(), asking("X2")], [ENTERED]),
        (("RFC7636-4.1-02", "a fresh code_challenge", "one used before", "X2"),),
    ),
    Case(
        "state used before",
        identity.state_is_made_anew,
        ([asking(), asking("X2")], [ENTERED]),
        (("RFC6749-10.12-01", "a fresh state", "one used before", "X2"),),
    ),
    Case(
        "only the end of the endpoint's path",
        identity.asks_the_named_identity_server,
        (http("/authorize", server="idms"), ENDPOINT),
        (
            ("TS24482-6.2.1-02", ENDPOINT, "idms /authorize", "X1"),
            ("TS23280-10.1.1.1-02", ENDPOINT, "idms /authorize", "X1"),
        ),
    ),
    Case(
        "another server",
        identity.asks_the_named_identity_server,
        (http("/as-1/authorize", server="cms"), ENDPOINT),
        (
            ("TS24482-6.2.1-02", ENDPOINT, "cms /as-1/authorize", "X1"),
            ("TS23280-10.1.1.1-02", ENDPOINT, "cms /as-1/authorize", "X1"),
        ),
    ),
)


@cases(*ACCEPTED)
def test_right_exchange_is_accepted(case: Case) -> None:
    case.judge()


@cases(*REPORTED)
def test_departure_is_reported(case: Case) -> None:
    case.judge()
