"""Log-in: how the user is authenticated, what an answer without a good code leads to, its code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qsl, unquote

from muster.checks.identity import PARAMETERS, authentication_parameters
from muster.evidence import Departure, Exchange, HttpExchange, SipExchange, Window
from muster.judging import check
from muster.protocol.oidc import ACR_PASSWORD, OPENID, SCOPES

PASSWORD = "masked-password-"
"""How evidence shows a password: its value is masked."""
KNOWN_SCOPES = frozenset((OPENID, *(scope for scopes in SCOPES.values() for scope in scopes)))


# The authentication request ----------------------------------------------------------------------


@check("TS24482-6.2.1-03")
def authentication_is_asked_for_by_get_or_form(
    requests: Sequence[HttpExchange],
) -> Iterator[Departure]:
    """An authentication request is an HTTP GET or a posted form."""
    for request in requests:
        if request.method not in ("GET", "POST"):
            yield Departure("GET, or POST of a form", request.method, exchange=request)
        elif request.method == "POST" and not request.form:
            body = request.header("Content-Type") or "no Content-Type"
            yield Departure("GET, or POST of a form", f"POST of {body}", exchange=request)


@check("TS24482-6.2.1-04")
def parameters_stand_in_the_query(requests: Sequence[HttpExchange]) -> Iterator[Departure]:
    """The parameters of an authentication request by GET stand in its query, form-urlencoded."""
    for request in requests:
        if request.method != "GET":
            continue
        if not request.query.keys() & PARAMETERS.keys():
            observed = "a body with them" if request.body else "none"
            yield Departure("parameters in the query", observed, exchange=request)
        elif request.form.keys() & PARAMETERS.keys():
            yield Departure("parameters in the query", "some in a body", exchange=request)


@check("TS33180-B.4.2.2-10")
def scope_is_spelled_as_defined(request: HttpExchange) -> Iterator[Departure]:
    """The values in scope stand apart by single spaces, in the case that is defined for them."""
    scope = authentication_parameters(request).get("scope", "")
    values = scope.split(" ")
    if any(not value.isascii() or not value.isprintable() or not value for value in values):
        yield Departure("values with single spaces between them", repr(scope))
    for value in values:
        spelled = next((one for one in KNOWN_SCOPES if one == value.lower()), value)
        if spelled != value:
            yield Departure(spelled, value)
        elif any(separator in value for separator in ",;"):
            yield Departure("values with single spaces between them", value)


@check("TS33180-B.4.2.2-15")
def password_is_among_the_acr_values(request: HttpExchange) -> Iterator[Departure]:
    """acr_values names authentication by user name and password."""
    values = authentication_parameters(request).get("acr_values", "")
    if ACR_PASSWORD not in values.split():
        yield Departure(ACR_PASSWORD, values or "no acr_values")


@check("RFC7636-7.2-01")
def never_falls_back_to_plain(requests: Sequence[HttpExchange]) -> Iterator[Departure]:
    """Once S256 was offered, no request offers plain or no challenge, whatever was answered."""
    offered = False
    for request in requests:
        parameters = authentication_parameters(request)
        method = parameters.get("code_challenge_method", "plain")
        if method == "S256":
            offered = True
        elif offered:
            observed = method if "code_challenge" in parameters else "no code_challenge"
            yield Departure("code_challenge_method=S256", observed, exchange=request)


# User name and password --------------------------------------------------------------------------


@check("TS24482-6.2.1-06")
def credentials_are_sent_by_post(
    page: HttpExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """After the page that asks for them, user name and password are sent by HTTP POST."""
    sent = [r for r in requests if "password" in (r.form.keys() | r.query.keys())]
    if not sent:
        yield Departure("user name and password", "not sent", exchange=page)
    for request in sent:
        if request.method != "POST" or "password" in request.query:
            where = "in its query" if "password" in request.query else "in its body"
            yield Departure("POST", f"{request.method} with them {where}", exchange=request)


@check("TS24482-5.1-01")
def signs_in_with_user_name_and_password(
    page: HttpExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """Where the right user name and password are known, the identity server is given them."""
    verdicts = [r.facts.get("credentials_accepted") for r in requests]
    if True not in verdicts:
        observed = "wrong ones" if False in verdicts else "none"
        yield Departure("right user name and password", observed, exchange=page)


@check("TS24482-6.2.1-11")
def password_is_for_the_identity_server(
    log_in: HttpExchange, exchanges: Sequence[Exchange]
) -> Iterator[Departure]:
    """The password is sent to the identity server, and to no other server."""
    for exchange in exchanges:
        at_home = exchange.server == "idms" and exchange.system == log_in.system
        if not at_home and from_ue(exchange) and PASSWORD in text_of_request(exchange):
            where = f"the {exchange.server} server of {exchange.system}"
            yield Departure("no password", f"sent to {where}", exchange=exchange)


def from_ue(exchange: Exchange) -> bool:
    """Whether the UE made the request."""
    return not isinstance(exchange, SipExchange) or exchange.direction == "from_ue"


def text_of_request(exchange: Exchange) -> str:
    """Return all that the UE wrote in a request, as text."""
    target = exchange.target if isinstance(exchange, HttpExchange) else exchange.request_uri
    fields = "\n".join(value for _, value in exchange.headers)
    return "\n".join((unquote(target), fields, exchange.body.decode("utf-8", "replace")))


@check("TS24482-6.2.1-10")
def wrong_credentials_lead_to_no_token_request(
    log_in: HttpExchange, requests: Sequence[HttpExchange], window: Window
) -> Iterator[Departure]:
    """After wrong credentials no token is asked for."""
    yield from _none_after(log_in, requests)


@check("TS24482-6.2.1-09")
def page_leads_to_no_token_request(
    log_in: HttpExchange, requests: Sequence[HttpExchange], window: Window
) -> Iterator[Departure]:
    """As long as the identity server has not redirected with a code, no token is asked for."""
    yield from _none_after(log_in, requests)


# The answer --------------------------------------------------------------------------------------


@check("TS33180-B.4.2.3-01")
def code_with_other_state_stays_unused(
    answer: HttpExchange, requests: Sequence[HttpExchange], window: Window
) -> Iterator[Departure]:
    """A code that came with a state of another request is not redeemed."""
    yield from _none_after(answer, [r for r in requests if r.form.get("code")])


@check("TS33180-B.4.2.3-02")
def code_without_state_stays_unused(
    answer: HttpExchange, requests: Sequence[HttpExchange], window: Window
) -> Iterator[Departure]:
    """A code that came without a state is not redeemed."""
    yield from _none_after(answer, [r for r in requests if r.form.get("code")])


@check("TS33180-B.4.2.3-03")
def error_leads_to_no_token_request(
    answer: HttpExchange, requests: Sequence[HttpExchange], window: Window
) -> Iterator[Departure]:
    """An error in place of the code leads to no token request."""
    yield from _none_after(answer, requests)


def _none_after(evidence: HttpExchange, requests: Sequence[HttpExchange]) -> Iterator[Departure]:
    for request in requests:
        if request.started >= evidence.started:
            observed = f"a token request with grant_type {request.form.get('grant_type', 'absent')}"
            yield Departure("no token request", observed, exchange=request)


# The token request -------------------------------------------------------------------------------


@check("RFC6749-4.1.2-01")
def code_is_sent_once(requests: Sequence[HttpExchange]) -> Iterator[Departure]:
    """A code is sent in no more than one token request."""
    seen: set[str] = set()
    for request in requests:
        code = request.form.get("code", "")
        if code and code in seen:
            yield Departure("each code once", "a code that was sent before", exchange=request)
        seen.add(code)


@check("RFC6749-3.2-01")
def no_token_parameter_occurs_twice(requests: Sequence[HttpExchange]) -> Iterator[Departure]:
    """No parameter occurs more than once in a request to the token endpoint."""
    for request in requests:
        pairs = parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)
        for name, count in Counter(name for name, _ in pairs).items():
            if count > 1:
                yield Departure(f"{name} once", f"{name} {count} times", exchange=request)


@check("RFC7636-4.1-01")
def verifier_is_of_the_allowed_form(request: HttpExchange) -> Iterator[Departure]:
    """The code_verifier has 43 to 128 characters out of the unreserved ones."""
    if request.facts.get("verifier_allowed") is False:
        yield Departure("43 to 128 unreserved characters", "a code_verifier of another form")


@check("TS24482-6.2.1-07")
def token_is_asked_for_at_the_configured_endpoint(
    requests: Sequence[HttpExchange], endpoint: str
) -> Iterator[Departure]:
    """Token requests go to the token endpoint that the initial configuration names."""
    path = unquote("/" + endpoint.partition("://")[2].partition("/")[2].partition("?")[0])
    for request in requests:
        if request.server != "idms" or request.decoded_path != path:
            yield Departure(endpoint, f"{request.server} {request.path}", exchange=request)
