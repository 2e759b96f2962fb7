"""Identity: the authentication request, the token request, and whose tokens go where."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qsl, unquote

from muster.evidence import Departure, HttpExchange
from muster.judging import check

PARAMETERS = {
    "response_type": "TS33180-B.4.2.2-01",
    "client_id": "TS33180-B.4.2.2-02",
    "scope": "TS33180-B.4.2.2-03",
    "redirect_uri": "TS33180-B.4.2.2-04",
    "state": "TS33180-B.4.2.2-05",
    "acr_values": "TS33180-B.4.2.2-06",
    "code_challenge": "TS33180-B.4.2.2-07",
    "code_challenge_method": "TS33180-B.4.2.2-08",
}
"""The eight required parameters of an authentication request (B.4.2.2) and who demands each."""

S256_VALUE = re.compile(r"[A-Za-z0-9_-]{43}")

SCOPES_OF_A_SERVICE = {
    "service": "TS33180-B.4.2.2-11",
    "key_management_service": "TS33180-B.4.2.2-12",
    "config_management_service": "TS33180-B.4.2.2-13",
    "group_management_service": "TS33180-B.4.2.2-14",
}
"""The scopes of one MC service, by what follows 3gpp:mc: and its name, and who demands each."""


def authentication_parameters(request: HttpExchange) -> dict[str, str]:
    """Return the parameters of an authentication request, by GET or by POST (NOTE 2)."""
    return request.form if request.method == "POST" else request.query


@check(*PARAMETERS.values())
def authentication_request_is_complete(
    request: HttpExchange, client_id: str, redirect_uri: str
) -> Iterator[Departure]:
    """All eight parameters are there, and those with a fixed value have it."""
    found = authentication_parameters(request)
    fixed = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "code_challenge_method": "S256",
    }
    for name, requirement in PARAMETERS.items():
        value = found.get(name, "")
        if not value:
            yield Departure(f"{name}", "absent or empty", requirement)
        elif name in fixed and value != fixed[name]:
            yield Departure(f"{name}={fixed[name]}", f"{name}={value}", requirement)


@check("TS33180-B.4.2.2-16")
def code_challenge_is_a_sha256_value(request: HttpExchange) -> Iterator[Departure]:
    """The code_challenge has the form of a base64url-encoded SHA-256 value without padding."""
    challenge = authentication_parameters(request).get("code_challenge", "")
    if not S256_VALUE.fullmatch(challenge):
        yield Departure("43 characters of base64url", challenge or "no code_challenge")


@check("TS33180-B.4.2.2-09", *SCOPES_OF_A_SERVICE.values())
def scope_covers_the_service(
    requests: Sequence[HttpExchange], service: str = "mcptt"
) -> Iterator[Departure]:
    """The scope holds openid, and the four scopes of the MC service are asked for.

    A UE may sign in for each service on its own: the last of `requests` to ask for the service
    is judged, else the last one.
    """
    named = f"3gpp:mc:{service.removeprefix('mc')}_"
    asked = [one for one in requests if named in authentication_parameters(one).get("scope", "")]
    if not requests:
        yield Departure("an authentication request", "none")
        return
    request = (asked or requests)[-1]
    scope = authentication_parameters(request).get("scope", "").split()
    of_service = {
        f"3gpp:mc:{service.removeprefix('mc')}_{what}": requirement
        for what, requirement in SCOPES_OF_A_SERVICE.items()
    }
    for name, requirement in {"openid": "TS33180-B.4.2.2-09", **of_service}.items():
        if name not in scope:
            observed = " ".join(scope) or "no scope"
            yield Departure(f"scope with {name}", observed, requirement, request)


@check("RFC6749-3.1-01")
def no_parameter_occurs_twice(request: HttpExchange) -> Iterator[Departure]:
    """No parameter occurs more than once in an authentication request."""
    given = request.target.partition("?")[2]
    if request.method == "POST":
        given = request.body.decode("utf-8", "replace")
    counts = Counter(name for name, _ in parse_qsl(given, keep_blank_values=True))
    for name, count in counts.items():
        if count > 1:
            yield Departure(f"{name} once", f"{name} {count} times")


@check(
    "TS33180-B.4.2.4-01",
    "TS33180-B.4.2.4-02",
    "TS33180-B.4.2.4-03",
    "TS33180-B.4.2.4-04",
    "TS33180-B.4.2.4-05",
    "TS33180-B.4.2.4-06",
)
def token_request_redeems_the_code(request: HttpExchange, client_id: str) -> Iterator[Departure]:
    """The code of the answer is redeemed with client_id and redirect_uri of the request."""
    form = request.form
    if request.method != "POST":
        yield Departure("POST", request.method, "TS33180-B.4.2.4-01")
    if not form:
        body = request.header("Content-Type") or "no Content-Type"
        yield Departure("a form-urlencoded body", body, "TS33180-B.4.2.4-02")
    if form.get("grant_type") != "authorization_code":
        grant = form.get("grant_type", "absent")
        yield Departure("grant_type=authorization_code", grant, "TS33180-B.4.2.4-03")
    if not form.get("code"):
        yield Departure("code", "absent", "TS33180-B.4.2.4-04")
    elif request.facts.get("code_known") is False:
        yield Departure("the code that was given out", "another code", "TS33180-B.4.2.4-04")
    if form.get("client_id") != client_id:
        given = form.get("client_id", "absent")
        yield Departure(f"client_id={client_id}", given, "TS33180-B.4.2.4-05")
    if request.facts.get("redirect_uri_matches") is False:
        given = form.get("redirect_uri", "absent")
        yield Departure("the redirect_uri of the request", given, "TS33180-B.4.2.4-06")


@check("TS33180-B.4.2.1-01", "TS33180-B.4.2.4-07", "TS33180-B.4.2.4-08")
def code_is_bound_by_pkce(
    authentication: HttpExchange, exchanges: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """The code is asked for with a challenge and redeemed with the verifier that fits it.

    `exchanges` are the token requests that redeem a code. Without a challenge a server gives no
    code, so that a request without it is reported where it is made.
    """
    if not authentication_parameters(authentication).get("code_challenge"):
        yield Departure("a code_challenge", "none", "TS33180-B.4.2.1-01", exchange=authentication)
    for request in exchanges:
        if not request.form.get("code_verifier"):
            yield Departure("code_verifier", "absent", "TS33180-B.4.2.4-07", exchange=request)
        elif request.facts.get("verifier_fits") is False:
            expected = "a code_verifier that fits the code_challenge"
            yield Departure(expected, "another verifier", "TS33180-B.4.2.4-08", exchange=request)


@check("RFC7636-4.1-02")
def verifier_is_made_anew(
    requests: Sequence[HttpExchange], log_ins: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """Each authentication request has a code_verifier of its own, so challenges differ.

    As long as nobody logged in with it, a request may be sent again as it was (RFC 9110 9.2.2):
    after a failure, or by a browser that loads a page before it is shown.
    """
    for request in _with_value_of_an_earlier(requests, log_ins, "code_challenge"):
        yield Departure("a fresh code_challenge", "one used before", exchange=request)


def _with_value_of_an_earlier(
    requests: Sequence[HttpExchange], log_ins: Sequence[HttpExchange], parameter: str
) -> Iterator[HttpExchange]:
    """Yield the requests whose parameter has a value that a log-in had before."""
    for place, request in enumerate(requests):
        value = authentication_parameters(request).get(parameter, "")
        for earlier in requests[:place]:
            served = earlier.status is not None and earlier.status < 500
            same = value and authentication_parameters(earlier).get(parameter, "") == value
            between = any(earlier.started <= one.started <= request.started for one in log_ins)
            if served and same and between:
                yield request
                break


@check("RFC6749-10.12-01")
def state_is_made_anew(
    requests: Sequence[HttpExchange], log_ins: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """Each authentication request has a state of its own."""
    for request in _with_value_of_an_earlier(requests, log_ins, "state"):
        yield Departure("a fresh state", "one used before", exchange=request)


@check("TS24482-6.2.1-02", "TS23280-10.1.1.1-02")
def asks_the_named_identity_server(request: HttpExchange, endpoint: str) -> Iterator[Departure]:
    """The request goes to the endpoint that the initial configuration names."""
    path = "/" + endpoint.partition("://")[2].partition("/")[2].partition("?")[0]
    if request.decoded_path != unquote(path) or request.server != "idms":
        for requirement in ("TS24482-6.2.1-02", "TS23280-10.1.1.1-02"):
            yield Departure(endpoint, f"{request.server} {request.path}", requirement)
