"""Tokens: which of them a client takes into use, how it renews them, and to whom it shows them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from muster.checks.log_in import from_ue, text_of_request
from muster.checks.reading import bearer, told
from muster.evidence import Departure, Exchange, HttpExchange, Json, TokenUse, Window
from muster.judging import check

GRACE = 1.0
"""Seconds between the end of a lifetime and a request that is late for sure."""
MANY = 10
"""The same request more often than this is no attempt any more."""


def granted(response: HttpExchange) -> Mapping[str, Json]:
    """Return the members of a token response; tokens are masked. Empty for what is none."""
    try:
        members = json.loads(response.response_body)
    except ValueError:
        return {}
    return members if isinstance(members, dict) else {}


def access_tokens(exchange: Exchange) -> list[TokenUse]:
    """Return the access tokens that a UE shows in a request."""
    return [use for use in exchange.tokens if use.kind == "access"] if from_ue(exchange) else []


def _shown(response: HttpExchange, exchanges: Sequence[Exchange]) -> Iterator[Exchange]:
    """Yield the requests that show the access token of a token response."""
    label = granted(response).get("access_token")
    for exchange in exchanges:
        if any(use.label == label for use in access_tokens(exchange)):
            yield exchange


# Token responses that are right in an unusual way ------------------------------------------------


def is_in_use(response: HttpExchange, exchanges: Sequence[Exchange]) -> bool:
    """Shown to a server, or refreshed at once: a client may renew its token when it likes."""
    refresh_token = granted(response).get("refresh_token")
    renewed = any(
        isinstance(exchange, HttpExchange) and exchange.form.get("refresh_token") == refresh_token
        for exchange in exchanges
        if refresh_token
    )
    return renewed or any(_shown(response, exchanges))


def _taken_into_use(response: HttpExchange, exchanges: Sequence[Exchange]) -> Iterator[Departure]:
    if not is_in_use(response, exchanges):
        yield Departure("service with the access token", "no use of it", exchange=response)


@check("TS33180-B.4.2.5-02")
def response_without_refresh_token_is_accepted(
    response: HttpExchange, exchanges: Sequence[Exchange]
) -> Iterator[Departure]:
    """A token response without a refresh token is taken into use."""
    yield from _taken_into_use(response, exchanges)


@check("TS33180-B.4.2.5-01")
def token_type_is_read_without_regard_to_case(
    response: HttpExchange, exchanges: Sequence[Exchange]
) -> Iterator[Departure]:
    """A token response is taken into use in whatever case token_type is written."""
    yield from _taken_into_use(response, exchanges)


@check("RFC6749-5.1-01")
def further_members_are_ignored(
    response: HttpExchange, exchanges: Sequence[Exchange]
) -> Iterator[Departure]:
    """A token response is taken into use whatever members it has beside the known ones."""
    yield from _taken_into_use(response, exchanges)


@check("TS33180-B.10-01")
def access_token_is_opaque(
    response: HttpExchange, exchanges: Sequence[Exchange]
) -> Iterator[Departure]:
    """An access token that the client cannot read is taken into use."""
    yield from _taken_into_use(response, exchanges)


@check("RFC7519-4.1.3-01")
def audience_in_an_array_is_accepted(
    response: HttpExchange, exchanges: Sequence[Exchange]
) -> Iterator[Departure]:
    """A sign-in whose ID token names the client in an array of one audience is taken into use."""
    yield from _taken_into_use(response, exchanges)


@check("RFC7519-4-01")
def further_claims_are_ignored(
    response: HttpExchange, exchanges: Sequence[Exchange]
) -> Iterator[Departure]:
    """A sign-in is taken into use whatever claims its ID token has beside the known ones."""
    yield from _taken_into_use(response, exchanges)


# Token responses that are not to be used ---------------------------------------------------------


def _stays_unused(response: HttpExchange, exchanges: Sequence[Exchange]) -> Iterator[Departure]:
    for exchange in _shown(response, exchanges):
        yield Departure("no use of the access token", exchange.summary, exchange=exchange)
        return


@check("RFC6749-7.1-01")
def token_of_unknown_type_stays_unused(
    response: HttpExchange, exchanges: Sequence[Exchange], window: Window
) -> Iterator[Departure]:
    """An access token of a type that the client cannot know is not used."""
    yield from _stays_unused(response, exchanges)


@check("TS33180-B.4.2.5-03")
def tokens_beside_an_error_stay_unused(
    response: HttpExchange, exchanges: Sequence[Exchange], window: Window
) -> Iterator[Departure]:
    """A token response that is an error leads to no use of any token."""
    yield from _stays_unused(response, exchanges)


@check("TS33180-B.11.1-06")
def access_token_of_a_refused_id_token_stays_unused(
    response: HttpExchange, exchanges: Sequence[Exchange], window: Window
) -> Iterator[Departure]:
    """The access token that came with an ID token that is not to be accepted is not used."""
    yield from _stays_unused(response, exchanges)


# ID tokens that are not to be accepted -----------------------------------------------------------


def _is_believed(
    response: HttpExchange, exchanges: Sequence[Exchange], identity: str
) -> Iterator[Departure]:
    """The client can know the MC service ID of its user from the ID token only."""
    for exchange in exchanges:
        late = exchange.started >= response.started
        if late and from_ue(exchange) and identity and identity in text_of_request(exchange):
            expected = "no request under the MC service ID of the ID token"
            yield Departure(expected, exchange.summary, exchange=exchange)
            return


@check("TS33180-B.11.1-02", through=("FACT-mc-service-id-claim",))
def id_token_for_another_client_is_refused(
    response: HttpExchange, exchanges: Sequence[Exchange], identity: str, window: Window
) -> Iterator[Departure]:
    """An ID token whose aud does not name the client is not accepted."""
    yield from _is_believed(response, exchanges, identity)


@check("TS33180-B.11.1-01", through=("FACT-mc-service-id-claim",))
def id_token_of_another_issuer_is_refused(
    response: HttpExchange, exchanges: Sequence[Exchange], identity: str, window: Window
) -> Iterator[Departure]:
    """An ID token of another issuer than the identity server is not accepted."""
    yield from _is_believed(response, exchanges, identity)


@check("TS33180-B.11.1-03", through=("FACT-mc-service-id-claim",))
def expired_id_token_is_refused(
    response: HttpExchange, exchanges: Sequence[Exchange], identity: str, window: Window
) -> Iterator[Departure]:
    """An ID token that has expired is not accepted."""
    yield from _is_believed(response, exchanges, identity)


@check("TS33180-B.2.1.2-02", through=("FACT-mc-service-id-claim",))
def leeway_is_half_a_minute_at_most(
    response: HttpExchange, exchanges: Sequence[Exchange], identity: str, window: Window
) -> Iterator[Departure]:
    """An ID token that expired more than half a minute ago is not accepted."""
    yield from _is_believed(response, exchanges, identity)


@check("RFC7519-4.1.5-01", through=("FACT-mc-service-id-claim",))
def id_token_is_refused_before_its_time(
    response: HttpExchange, exchanges: Sequence[Exchange], identity: str, window: Window
) -> Iterator[Departure]:
    """An ID token is not accepted before the time that its nbf names."""
    yield from _is_believed(response, exchanges, identity)


@check("TS33180-B.11.1-04", through=("FACT-mc-service-id-claim",))
def id_token_that_does_not_verify_is_refused(
    response: HttpExchange, exchanges: Sequence[Exchange], identity: str, window: Window
) -> Iterator[Departure]:
    """An ID token that no key of the identity server has signed is not accepted."""
    yield from _is_believed(response, exchanges, identity)


@check("TS33180-B.11.1-05", through=("FACT-mc-service-id-claim",))
def unsigned_id_token_is_refused(
    response: HttpExchange, exchanges: Sequence[Exchange], identity: str, window: Window
) -> Iterator[Departure]:
    """An ID token without a signature is not accepted."""
    yield from _is_believed(response, exchanges, identity)


# Refresh -----------------------------------------------------------------------------------------


@check("TS33180-B.5.2-01", "TS33180-B.5.2-02", "TS33180-B.5.2-03")
def refresh_request_has_its_form(request: HttpExchange) -> Iterator[Departure]:
    """A refresh is asked for by a posted form with grant_type and refresh_token."""
    form = request.form
    if request.method != "POST" or not form:
        body = request.header("Content-Type") or "no form"
        yield Departure("POST of a form", f"{request.method}, {body}", "TS33180-B.5.2-01")
    if form.get("grant_type") != "refresh_token":
        observed = form.get("grant_type", "absent")
        yield Departure("grant_type=refresh_token", observed, "TS33180-B.5.2-02")
    if not form.get("refresh_token"):
        yield Departure("refresh_token", "absent", "TS33180-B.5.2-03")


@check("TS33180-B.5.2-04")
def refresh_asks_for_no_more(
    responses: Sequence[HttpExchange], requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """The scope of a refresh holds nothing that was not granted at first.

    `responses` are those to the sign-ins: a UE may sign in more than once.
    """
    for request in requests:
        before = [one for one in responses if one.ended <= request.started]
        first = [scope for one in before for scope in str(granted(one).get("scope", "")).split()]
        more = set(request.form.get("scope", "").split()) - set(first)
        if more:
            expected = f"no more than {' '.join(dict.fromkeys(first))}"
            yield Departure(expected, " ".join(sorted(more)), exchange=request)


@check("TS33180-B.5.3-01")
def new_access_token_is_shown(
    refresh: HttpExchange, exchanges: Sequence[Exchange]
) -> Iterator[Departure]:
    """After a refresh the access token that it gave is shown, and no earlier one."""
    earlier = {
        use.label
        for exchange in exchanges
        if exchange.started < refresh.started
        for use in access_tokens(exchange)
    }
    for exchange in exchanges:
        late = exchange.started > refresh.ended
        if late and any(use.label in earlier for use in access_tokens(exchange)):
            yield Departure("the new access token", "one from before it", exchange=exchange)


@check("RFC6749-6-01")
def replaced_refresh_token_is_not_used(requests: Sequence[HttpExchange]) -> Iterator[Departure]:
    """A refresh token that a refresh has replaced is not used again."""
    replaced: set[str] = set()
    for request in requests:
        used = request.form.get("refresh_token", "")
        if used in replaced:
            yield Departure("the new refresh token", "the one it replaced", exchange=request)
        if granted(request).get("refresh_token", used) != used:
            replaced.add(used)


@check("TS33180-B.5.3-02")
def refused_refresh_ends_the_use_of_the_token(
    refusal: HttpExchange, exchanges: Sequence[Exchange], window: Window
) -> Iterator[Departure]:
    """After a refused refresh the access token that is over is not shown again."""
    for exchange in exchanges:
        over = [use for use in access_tokens(exchange) if use.expired]
        if over and exchange.started > refusal.ended:
            yield Departure("no use of the token that is over", exchange.summary, exchange=exchange)


def ends_of_lifetimes(responses: Sequence[HttpExchange]) -> dict[str, float]:
    """When the tokens of token responses are over, in seconds since 1970, by their labels."""
    ends = {}
    for response in responses:
        lifetime = granted(response).get("expires_in")
        if isinstance(lifetime, int | float):
            ends[str(granted(response).get("access_token"))] = response.ended + lifetime
    return ends


@check("TS33180-B.12-01")
def lifetime_is_kept(
    responses: Sequence[HttpExchange], exchanges: Sequence[Exchange]
) -> Iterator[Departure]:
    """An access token is not shown after the lifetime that its response gave it."""
    ends = ends_of_lifetimes(responses)
    for exchange in exchanges:
        for use in access_tokens(exchange):
            late = exchange.started - ends.get(use.label, exchange.started)
            if late > GRACE:
                observed = f"{exchange.summary} {late:.1f} s after its end"
                yield Departure("a token within its lifetime", observed, exchange=exchange)


@check("TS33180-B.12-03")
def service_goes_on_with_a_fresh_token(
    response: HttpExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """Once the access token is over, requests show one that was obtained since."""
    over = granted(response).get("access_token")
    for request in requests:
        token = bearer(request)
        if token is None or token.kind != "access":
            yield Departure("a fresh access token", told(token), exchange=request)
        elif token.label == over:
            yield Departure("a fresh access token", "the one that is over", exchange=request)


@check("TS24482-A.2.3-04")
def refused_request_is_not_repeated_without_end(
    requests: Sequence[HttpExchange], window: Window
) -> Iterator[Departure]:
    """A request that was answered 401 or 403 is not sent again and again."""
    counts = Counter((r.method, r.path) for r in requests if r.status in (401, 403))
    for (method, path), count in counts.items():
        if count > MANY:
            refused = next(r for r in requests if (r.method, r.path) == (method, path))
            observed = f"{method} {path} {count} times"
            yield Departure("a few attempts at most", observed, exchange=refused)


# Where tokens are shown --------------------------------------------------------------------------


@check("TS33180-B.10-02")
def access_token_is_shown_as_bearer(requests: Sequence[HttpExchange]) -> Iterator[Departure]:
    """What is shown to a management server is an access token, in the Authorization header."""
    for request in requests:
        shown = [use for use in request.tokens if use.kind in ("access", "id", "refresh")]
        token = bearer(request)
        if shown and (token is None or token.kind != "access"):
            observed = told(token) if token else f"{told(shown[0])} in the {shown[0].place}"
            yield Departure("an access token as Bearer", observed, exchange=request)


@check("RFC6750-2-01")
def access_token_is_sent_by_one_method(requests: Sequence[HttpExchange]) -> Iterator[Departure]:
    """A request transmits its access token by no more than one method."""
    for request in requests:
        places = sorted({use.place for use in access_tokens(request)})
        if len(places) > 1:
            yield Departure("one method", " and ".join(places), exchange=request)


@check("RFC6749-10.4-01")
def refresh_token_is_for_its_issuer(exchanges: Sequence[Exchange]) -> Iterator[Departure]:
    """A refresh token is shown to the identity server that issued it, and to nobody else."""
    for exchange in exchanges:
        for use in exchange.tokens:
            at_home = exchange.server == "idms" and exchange.system == use.issuer
            if use.kind == "refresh" and not at_home:
                where = f"the {exchange.server} server of {exchange.system}"
                yield Departure("no refresh token", f"sent to {where}", exchange=exchange)


@check("TS33180-B.2.1.3-02", through=("FACT-mc-service-id-claim",))
def acts_under_the_id_of_its_token(
    requests: Sequence[HttpExchange], identity: str
) -> Iterator[Departure]:
    """The documents of the user are asked for under the MC service ID that the ID token names."""
    for request in requests:
        _, found, rest = request.decoded_path.partition("/users/")
        user = rest.partition("/")[0]
        if found and user != identity:
            yield Departure(identity, user, exchange=request)
