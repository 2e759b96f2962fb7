"""The identity server over HTTPS: form, code, tokens, keys."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jwt
from joserfc.jwk import KeySet
from joserfc.util import urlsafe_b64decode

from muster.protocol import oidc
from stubs.world import World
from tests.stubs.stub_helpers import (
    Reply,
    ask,
    authorization,
    code_for,
    document_url,
    last_http,
    login_session,
    redeem,
    signed_in,
)

VERIFIER = oidc.generate_verifier()


def authorize(world: World, **changes: str | None) -> Reply:
    query = urlencode(authorization(world, VERIFIER, **changes))
    return ask(world, "GET", f"{world.primary.url('idms')}/authorize?{query}")


def log_in(world: World, session: str, username: str, password: str) -> Reply:
    form = {"username": username, "password": password, "login_session": session}
    return ask(world, "POST", f"{world.primary.url('idms')}/login", form=form)


def test_right_request_is_answered_with_the_form(world: World) -> None:
    page = authorize(world)

    assert page.status == 200
    assert page.headers["Content-Type"].startswith("text/html")
    for part in (b'<form id="login" method="post"', b'name="username"', b'name="password"'):
        assert part in page.body
    assert last_http(world).facts == {"authorization_problem": ""}


def test_request_may_come_by_post(world: World) -> None:
    url = f"{world.primary.url('idms')}/authorize"

    page = ask(world, "POST", url, form=authorization(world, VERIFIER))

    assert login_session(page)


@pytest.mark.parametrize("missing", oidc.AUTHORIZATION_PARAMETERS)
def test_missing_parameter_gives_no_form(world: World, missing: str) -> None:
    reply = authorize(world, **{missing: None})

    assert reply.status in (302, 400)
    assert "code" not in parse_qs(urlsplit(reply.headers.get("Location", "")).query)
    assert last_http(world).facts["authorization_problem"]


@pytest.mark.parametrize(
    ("parameter", "value", "error"),
    [
        ("response_type", "token", "unsupported_response_type"),
        ("response_type", "code id_token", "unsupported_response_type"),
        ("scope", "3gpp:mc:ptt_service", "invalid_scope"),
        ("code_challenge_method", "plain", "invalid_request"),
    ],
)
def test_wrong_parameter_is_sent_back_as_error(
    world: World, parameter: str, value: str, error: str
) -> None:
    reply = authorize(world, **{parameter: value, "state": "kept-state"})

    location = urlsplit(reply.headers["Location"])
    answer = parse_qs(location.query)
    assert reply.status == 302
    assert reply.headers["Location"].startswith(world.terminal.redirect_uri + "?")
    assert (answer["error"], answer["state"]) == ([error], ["kept-state"])
    assert "code" not in answer


@pytest.mark.parametrize("parameter", ["client_id", "redirect_uri"])
def test_unregistered_client_is_never_redirected(world: World, parameter: str) -> None:
    reply = authorize(world, **{parameter: "http://elsewhere.example/cb"})

    assert (reply.status, "Location" in reply.headers) == (400, False)


def test_password_gives_code_and_state(world: World) -> None:
    session = login_session(authorize(world, state="state-of-this-test"))

    reply = log_in(world, session, world.username("alice"), world.passwords["alice"])

    answer = parse_qs(urlsplit(reply.headers["Location"]).query)
    assert (reply.status, answer["state"]) == (302, ["state-of-this-test"])
    assert reply.headers["Location"].startswith(world.terminal.redirect_uri)
    assert sorted(answer) == ["code", "state"]
    assert last_http(world).facts == {"credentials_accepted": True}


def test_wrong_password_shows_the_form_again(world: World) -> None:
    session = login_session(authorize(world))

    wrong = log_in(world, session, world.username("alice"), "wrong-password")
    right = log_in(world, login_session(wrong), world.username("alice"), world.passwords["alice"])

    assert (wrong.status, right.status) == (200, 302)
    assert b"is wrong" in wrong.body


@pytest.mark.parametrize("username", ["", "nobody@x.example"])
def test_unknown_user_gets_no_code(world: World, username: str) -> None:
    reply = log_in(world, login_session(authorize(world)), username, world.passwords["alice"])

    assert reply.status == 200
    assert last_http(world).facts == {"credentials_accepted": False}


def test_login_session_is_good_once(world: World) -> None:
    session = login_session(authorize(world))
    first = log_in(world, session, world.username("alice"), world.passwords["alice"])
    second = log_in(world, session, world.username("alice"), world.passwords["alice"])
    made_up = log_in(world, "made-up", world.username("alice"), world.passwords["alice"])

    assert [reply.status for reply in (first, second, made_up)] == [302, 400, 400]


def test_code_gives_tokens_that_open_the_documents(world: World) -> None:
    tokens = signed_in(world)
    selector = world.profile_selector("primary", "alice", 1)

    reply = ask(
        world,
        "GET",
        document_url(world, "primary", "cms", selector),
        token=tokens["access_token"],
    )

    assert reply.status == 200
    [use] = last_http(world).tokens
    assert (use.kind, use.owner) == ("access", world.primary.identity("alice"))


def test_token_response_is_not_stored(world: World) -> None:
    verifier = oidc.generate_verifier()

    reply = redeem(world, code_for(world, verifier), verifier)

    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.headers["Content-Type"].startswith("application/json")


def test_second_use_of_a_code_is_refused(world: World) -> None:
    verifier = oidc.generate_verifier()
    code = code_for(world, verifier)
    redeem(world, code, verifier)

    reply = redeem(world, code, verifier)

    assert (reply.status, reply.json["error"]) == (400, "invalid_grant")
    assert last_http(world).facts["code_used_before"] is True
    assert [use.kind for use in last_http(world).tokens] == ["code"]


def test_token_request_that_is_no_form_is_refused(world: World) -> None:
    reply = ask(
        world,
        "POST",
        f"{world.primary.url('idms')}/token",
        body=b'{"grant_type": "authorization_code"}',
        headers={"Content-Type": "application/json"},
    )

    assert (reply.status, reply.json["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("body", [b"", b"\xff\xfe=%ff", b"grant_type", b"&&&=&"])
def test_malformed_form_is_refused_without_a_crash(world: World, body: bytes) -> None:
    reply = ask(
        world,
        "POST",
        f"{world.primary.url('idms')}/token",
        body=body,
        headers={"Content-Type": oidc.FORM_MEDIA_TYPE},
    )

    assert reply.status == 400
    assert world.journal.crashes == []


def test_security_token_of_the_primary_opens_the_listed_partner(world: World) -> None:
    tokens = signed_in(world)
    partner = f"{world.systems['partner'].url('idms')}/token"
    exchange = oidc.token_exchange_request(
        tokens["access_token"], partner, world.terminal.client_id
    )
    security = ask(world, "POST", f"{world.primary.url('idms')}/token", form=exchange).json
    bearer = oidc.jwt_bearer_request(
        security["access_token"], world.terminal.client_id, tokens["scope"]
    )

    reply = ask(world, "POST", partner, form=bearer)

    seen = last_http(world)
    assert seen.facts == {
        "assertion_signed_by": world.primary.url("idms"),
        "assertion_for_us": True,
    }
    assert [use.kind for use in seen.tokens] == ["security"]
    claims = verified(world, "partner", reply.json["id_token"])
    assert claims["mcptt_id"] == world.systems["partner"].identity("alice")


def jwks(world: World, system: str) -> dict[str, Any]:
    issuer = world.systems[system].url("idms")
    discovery = ask(world, "GET", f"{issuer}/.well-known/openid-configuration").json
    assert discovery["issuer"] == issuer
    keys: dict[str, Any] = ask(world, "GET", discovery["jwks_uri"]).json
    return keys


def verified(world: World, system: str, token: str) -> dict[str, Any]:
    keys = KeySet.import_key_set(jwks(world, system))  # type: ignore[arg-type]
    return dict(jwt.decode(token, keys, algorithms=["RS256"]).claims)


def test_served_keys_verify_the_tokens(world: World) -> None:
    tokens = signed_in(world)

    claims = verified(world, "primary", tokens["id_token"])

    assert claims["iss"] == world.primary.url("idms")
    assert claims["aud"] == world.terminal.client_id
    assert claims["mcptt_id"] == world.primary.identity("alice")


def test_signature_holds_by_plain_rsa(world: World) -> None:
    """By RFC 7515 and RFC 8017 alone, without any library for tokens."""
    [key] = jwks(world, "primary")["keys"]
    numbers = [int.from_bytes(urlsafe_b64decode(key[name].encode())) for name in "en"]
    signed, _, signature = signed_in(world)["access_token"].rpartition(".")

    RSAPublicNumbers(*numbers).public_key().verify(
        urlsafe_b64decode(signature.encode()), signed.encode(), padding.PKCS1v15(), SHA256()
    )


def test_served_keys_are_public(world: World) -> None:
    [key] = jwks(world, "primary")["keys"]

    assert not set(key) & {"d", "p", "q", "dp", "dq", "qi", "k"}
