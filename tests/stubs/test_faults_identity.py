"""Faults of the identity server: what each of them changes, and that the evidence names it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from joserfc.util import urlsafe_b64decode

from muster.protocol import oidc
from stubs import faults_identity as faults
from stubs.faults import HttpFault
from stubs.world import World
from tests.stubs.stub_helpers import (
    Reply,
    ask,
    authorization,
    last_http,
    login_session,
    redeem,
    signed_in,
)

VERIFIER = oidc.generate_verifier()
PutIn = Callable[[HttpFault], None]


@pytest.fixture
def put_in(world: World) -> Iterator[PutIn]:
    """Puts a fault into the identity server of the primary system for one test."""
    live = world.primary.faults["idms"]
    yield live.append
    live.clear()


def log_in(world: World) -> Reply:
    idms = world.primary.url("idms")
    query = urlencode(authorization(world, VERIFIER, state="state-of-this-request"))
    form = {
        "username": world.username("alice"),
        "password": world.passwords["alice"],
        "login_session": login_session(ask(world, "GET", f"{idms}/authorize?{query}")),
    }
    return ask(world, "POST", f"{idms}/login", form=form)


def handed_over(reply: Reply) -> dict[str, str]:
    query = parse_qs(urlsplit(reply.headers["Location"]).query)
    return {name: values[0] for name, values in query.items()}


def validated(world: World, answer: dict[str, Any]) -> oidc.IdToken:
    """Validate an ID token as a client has to."""
    issuer = world.primary.url("idms")
    keys = oidc.read_jwks(ask(world, "GET", f"{issuer}/jwks").json)
    return oidc.validate_id_token(answer["id_token"], keys, issuer, world.terminal.client_id)


def test_code_comes_without_state(world: World, put_in: PutIn) -> None:
    put_in(faults.AnswerWithoutState())

    assert handed_over(log_in(world)).keys() == {"code"}


def test_code_comes_with_another_state_once(world: World, put_in: PutIn) -> None:
    put_in(faults.AnswerWithOtherState(times=1))

    first, second = handed_over(log_in(world)), handed_over(log_in(world))

    assert first["code"]
    assert first["state"] != "state-of-this-request" == second["state"]


def test_error_comes_in_place_of_the_code(world: World, put_in: PutIn) -> None:
    put_in(faults.ErrorInsteadOfCode())

    answer = handed_over(log_in(world))

    assert answer == {"error": "access_denied", "state": "state-of-this-request"}


def test_page_comes_in_place_of_the_code(world: World, put_in: PutIn) -> None:
    put_in(faults.PageInsteadOfCode())

    answer = log_in(world)

    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert last_http(world).facts["credentials_accepted"] is True


@pytest.mark.parametrize("by", ["GET", "POST"])
def test_challenge_method_is_refused(world: World, put_in: PutIn, by: str) -> None:
    put_in(faults.RefusesChallengeMethod())
    asked = authorization(world, VERIFIER, state="s-1")
    url = f"{world.primary.url('idms')}/authorize"

    if by == "GET":
        answer = ask(world, "GET", f"{url}?{urlencode(asked)}")
    else:
        answer = ask(world, "POST", url, form=asked)

    told = handed_over(answer)
    assert (answer.status, told["error"], told["state"]) == (302, "invalid_request", "s-1")


def test_metadata_name_another_token_endpoint(world: World, put_in: PutIn) -> None:
    put_in(faults.OtherTokenEndpointInDiscovery())
    issuer = world.primary.url("idms")

    told = ask(world, "GET", f"{issuer}/.well-known/openid-configuration").json

    assert told["token_endpoint"] == f"{issuer}/token{faults.ELSEWHERE}"
    assert told["authorization_endpoint"] == f"{issuer}/authorize"


def test_refresh_token_is_left_out(world: World, put_in: PutIn) -> None:
    put_in(faults.NoRefreshToken())

    assert "refresh_token" not in signed_in(world)


def test_token_type_is_another(world: World, put_in: PutIn) -> None:
    put_in(faults.OtherTokenType("x-sealed"))

    assert signed_in(world)["token_type"] == "x-sealed"


def test_members_are_added(world: World, put_in: PutIn) -> None:
    put_in(faults.FurtherMembers())

    assert {"x_colour", "x_hints", "access_token", "id_token"} <= signed_in(world).keys()


def test_tokens_stand_beside_an_error(world: World, put_in: PutIn) -> None:
    put_in(faults.TokensWithError())
    code = handed_over(log_in(world))["code"]

    answer = redeem(world, code, VERIFIER)

    assert (answer.status, answer.json["error"]) == (400, "invalid_grant")
    assert answer.json["access_token"]


def test_opaque_token_opens_documents(world: World, put_in: PutIn) -> None:
    put_in(faults.OpaqueAccessToken(world.primary.tokens))
    token = signed_in(world)["access_token"]
    selector = world.ue_configuration_selector("primary", "alice")

    answer = ask(world, "GET", f"{world.primary.url('cms')}/{selector}", token=token)

    assert "." not in token
    assert answer.status == 200
    assert [use.kind for use in last_http(world).tokens] == ["access"]


def test_narrower_scope_holds_everywhere(world: World, put_in: PutIn) -> None:
    put_in(faults.NarrowerScope(world.primary.tokens, "group_management_service"))

    answer = signed_in(world)

    granted = answer["scope"]
    issued = world.ledger.find(answer["access_token"])
    assert issued is not None
    assert "group_management" not in granted
    assert "3gpp:mc:ptt_service" in granted
    assert " ".join(issued.scopes) == granted
    assert faults.claims_of(answer["access_token"])["scope"] == granted
    assert world.primary.tokens.refreshable[answer["refresh_token"]][2] == granted


def test_one_grant_is_refused(world: World, put_in: PutIn) -> None:
    put_in(faults.RefusesGrant(oidc.GRANT_REFRESH_TOKEN))
    tokens = signed_in(world)
    form = oidc.refresh_token_request(tokens["refresh_token"])

    answer = ask(world, "POST", f"{world.primary.url('idms')}/token", form=form)

    assert (answer.status, answer.json) == (400, {"error": "invalid_grant"})


def test_new_tokens_come_late_and_the_first_ones_do_not(world: World, put_in: PutIn) -> None:
    put_in(faults.LateGrant(seconds=0.3))

    tokens = signed_in(world)
    form = oidc.refresh_token_request(tokens["refresh_token"])
    answer = ask(world, "POST", f"{world.primary.url('idms')}/token", form=form)

    assert answer.status == 200
    assert [e.ended - e.started >= 0.3 for e in world.journal.exchanges[-2:]] == [False, True]


WRONG: dict[str, Callable[[World], HttpFault]] = {
    "the audience": lambda w: faults.OtherClaims(w.primary.tokens, {"aud": "other"}),
    "the audience is": lambda w: faults.OtherClaims(w.primary.tokens, {"aud": None}),
    "has expired": lambda w: faults.ExpiredIdToken(w.primary.tokens, 75),
    "nbf is to come": lambda w: faults.FutureIdToken(w.primary.tokens),
    "does not verify:": lambda w: faults.OtherIssuer(w.primary.tokens, w.systems["partner"].tokens),
    "does not verify": lambda w: faults.UnsignedIdToken(w.primary.tokens),
    "not verify": lambda w: faults.BrokenSignature(w.primary.tokens),
    "token does not verify": lambda w: faults.UnknownKey(w.primary.tokens),
    "the token does not verify": lambda w: faults.PublicKeyAsSecret(w.primary.tokens),
}


@pytest.mark.parametrize("problem", WRONG)
def test_wrong_id_token_is_no_valid_one(world: World, put_in: PutIn, problem: str) -> None:
    put_in(WRONG[problem](world))
    answer = signed_in(world)

    with pytest.raises(oidc.InvalidToken, match=problem):
        validated(world, answer)

    assert answer["id_token"].encode() not in last_http(world).response_body


RIGHT: dict[str, Callable[[World], HttpFault]] = {
    "audience in an array": lambda w: faults.OtherClaims(
        w.primary.tokens, {"aud": [w.terminal.client_id]}
    ),
    "further claims": lambda w: faults.OtherClaims(w.primary.tokens, {"x_shoe_size": 43}),
}


@pytest.mark.parametrize("kind", RIGHT)
def test_unusual_id_token_is_a_valid_one(world: World, put_in: PutIn, kind: str) -> None:
    put_in(RIGHT[kind](world))

    assert validated(world, signed_in(world)).subject == world.username("alice")


def test_token_of_another_issuer_is_right_there(world: World, put_in: PutIn) -> None:
    partner = world.systems["partner"]
    put_in(faults.OtherIssuer(world.primary.tokens, partner.tokens))
    answer = signed_in(world)
    issuer = partner.url("idms")
    keys = oidc.read_jwks(ask(world, "GET", f"{issuer}/jwks").json)

    token = oidc.validate_id_token(answer["id_token"], keys, issuer, world.terminal.client_id)

    assert token.issuer == issuer


def test_unsigned_token_says_so(world: World, put_in: PutIn) -> None:
    put_in(faults.UnsignedIdToken(world.primary.tokens))

    head, _, signature = signed_in(world)["id_token"].split(".")

    assert (json.loads(urlsafe_b64decode(head.encode()))["alg"], signature) == ("none", "")


def test_refusals_pass_token_faults_unchanged(world: World, put_in: PutIn) -> None:
    put_in(faults.FurtherMembers())

    answer = redeem(world, "no-code-of-ours", VERIFIER)

    assert answer.json.keys() == {"error", "error_description"}


def test_expired_token_is_refused_by_servers(world: World) -> None:
    token = signed_in(world)["access_token"]
    world.ledger.expire("access", "primary")
    selector = world.ue_configuration_selector("primary", "alice")

    answer = ask(world, "GET", f"{world.primary.url('cms')}/{selector}", token=token)

    assert answer.status == 401
    assert [use.expired for use in last_http(world).tokens] == [True]
