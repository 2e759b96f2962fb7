"""What the IdM server grants: the token endpoint without sockets."""

from __future__ import annotations

import time
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from muster.masking import Masker
from muster.protocol import oidc
from muster.protocol.tokens import generate_signing_key
from stubs.grants import Account, GrantRefused, TokenService, granted_scope, signing_key
from stubs.tokens import TokenLedger

CLIENT = "client-1"
REDIRECT = "http://mcptt.example/cb"
VERIFIER = oidc.generate_verifier()
SCOPE = oidc.scope_for(["mcptt"])
HOME, AWAY = "https://idms.home.example/a", "https://idms.away.example/b"


class Cast:
    """The IdM servers of two systems that share a ledger; the second trusts the first."""

    def __init__(self) -> None:
        ledger = TokenLedger(Masker())
        clients = {CLIENT: frozenset([REDIRECT])}
        self.alice = Account("alice@home", "secret-of-alice", {"mcptt": "sip:alice@home.example"})
        self.visitor = Account(
            "alice@away",
            "",
            {"mcptt": "sip:alice-v@away.example"},
            frozenset(["sip:alice@home.example"]),
        )
        self.home = TokenService("home", HOME, frozenset([HOME]), ledger, [self.alice], clients)
        names = frozenset([AWAY, f"{AWAY}/token"])
        self.away = TokenService("away", AWAY, names, ledger, [self.visitor], clients)
        self.away.trusted[HOME] = signing_key("home")
        self.facts: dict[str, Any] = {}

    def code(self, **changes: str) -> str:
        query = {
            "client_id": CLIENT,
            "redirect_uri": REDIRECT,
            "scope": SCOPE,
            "code_challenge": oidc.code_challenge(VERIFIER),
        }
        return self.home.give_code(self.alice, {**query, **changes})

    def redeem(self, code: str, /, **changes: str) -> dict[str, Any]:
        form = oidc.code_token_request(code, CLIENT, REDIRECT, VERIFIER)
        return self.home.answer({**form, **changes}, self.facts)

    def security_token(self, **changes: str) -> str:
        access = self.redeem(self.code())["access_token"]
        form = oidc.token_exchange_request(access, f"{AWAY}/token", CLIENT)
        answer: str = self.home.answer({**form, **changes}, self.facts)["access_token"]
        return answer

    def bear(self, assertion: str) -> dict[str, Any]:
        form = oidc.jwt_bearer_request(assertion, CLIENT, SCOPE)
        return self.away.answer(form, self.facts)


@pytest.fixture
def cast() -> Cast:
    return Cast()


def claims_of(token: str, system: str = "home") -> dict[str, Any]:
    keys = KeySet.import_key_set(oidc_jwks(system))
    return dict(jwt.decode(token, keys, algorithms=["RS256"]).claims)


def oidc_jwks(system: str) -> Any:
    return oidc.public_jwks([signing_key(system)])


def test_code_gives_three_tokens(cast: Cast) -> None:
    answer = cast.redeem(cast.code())

    assert sorted(answer) == [
        "access_token",
        "expires_in",
        "id_token",
        "refresh_token",
        "scope",
        "token_type",
    ]
    assert (answer["scope"], answer["expires_in"]) == (SCOPE, 3600)
    access, identity = claims_of(answer["access_token"]), claims_of(answer["id_token"])
    assert (access["scope"], access["client_id"]) == (SCOPE, CLIENT)
    assert (identity["iss"], identity["aud"], identity["sub"]) == (HOME, CLIENT, "alice@home")
    assert access["mcptt_id"] == identity["mcptt_id"] == "sip:alice@home.example"
    assert identity["exp"] - identity["iat"] == pytest.approx(3600, abs=1)
    assert cast.facts == {
        "code_known": True,
        "code_used_before": False,
        "client_id_matches": True,
        "redirect_uri_matches": True,
        "verifier_fits": True,
        "verifier_allowed": True,
    }


def test_code_is_good_once(cast: Cast) -> None:
    code = cast.code()
    cast.redeem(code)

    with pytest.raises(GrantRefused, match="invalid_grant"):
        cast.redeem(code)
    assert cast.facts["code_used_before"] is True


@pytest.mark.parametrize(
    ("changes", "fact"),
    [
        ({"code": "other"}, "code_known"),
        ({"code_verifier": oidc.generate_verifier()}, "verifier_fits"),
        ({"code_verifier": ""}, "verifier_fits"),
        ({"client_id": "other"}, "client_id_matches"),
        ({"redirect_uri": "http://other.example/"}, "redirect_uri_matches"),
    ],
)
def test_code_with_wrong_parameter_is_refused(
    cast: Cast, changes: dict[str, str], fact: str
) -> None:
    with pytest.raises(GrantRefused, match="invalid_grant"):
        cast.redeem(cast.code(), **changes)
    assert cast.facts[fact] is False


def test_plain_challenge_fits_no_verifier(cast: Cast) -> None:
    with pytest.raises(GrantRefused, match="code_verifier"):
        cast.redeem(cast.code(code_challenge=VERIFIER))


def test_expired_code_is_refused(cast: Cast) -> None:
    code = cast.code()
    cast.home.codes[code].expires = time.time() - 1

    with pytest.raises(GrantRefused, match="expired"):
        cast.redeem(code)


@pytest.mark.parametrize("grant", ["", "password", "client_credentials"])
def test_other_grants_are_refused(cast: Cast, grant: str) -> None:
    with pytest.raises(GrantRefused, match="unsupported_grant_type"):
        cast.home.answer({"grant_type": grant}, cast.facts)


def test_refresh_token_is_replaced(cast: Cast) -> None:
    first = cast.redeem(cast.code())
    form = oidc.refresh_token_request(first["refresh_token"], CLIENT)

    second = cast.home.answer(form, cast.facts)

    assert second["refresh_token"] != first["refresh_token"]
    assert second["scope"] == SCOPE
    with pytest.raises(GrantRefused, match="unknown refresh token"):
        cast.home.answer(form, cast.facts)


def test_refresh_may_narrow_the_scope_but_not_widen_it(cast: Cast) -> None:
    narrow = "openid 3gpp:mc:ptt_service"
    first = cast.redeem(cast.code())
    form = oidc.refresh_token_request(first["refresh_token"], CLIENT)

    second = cast.home.answer({**form, "scope": narrow}, cast.facts)
    again = {**form, "refresh_token": second["refresh_token"], "scope": SCOPE}

    assert second["scope"] == claims_of(second["access_token"])["scope"] == narrow
    with pytest.raises(GrantRefused, match="invalid_scope"):
        cast.home.answer(again, cast.facts)


def test_unknown_scopes_are_not_granted() -> None:
    assert granted_scope("openid profile 3gpp:mc:ptt_service") == "openid 3gpp:mc:ptt_service"


def test_exchanged_token_names_the_partner_as_audience(cast: Cast) -> None:
    claims = claims_of(cast.security_token())

    assert claims["aud"] == [CLIENT, f"{AWAY}/token"]
    assert (claims["iss"], claims["mcptt_id"]) == (HOME, "sip:alice@home.example")
    assert cast.facts["subject_token_valid"] is True


@pytest.mark.parametrize("missing", ["resource", "subject_token", "subject_token_type"])
def test_exchange_without_a_parameter_is_refused(cast: Cast, missing: str) -> None:
    with pytest.raises(GrantRefused, match=f"missing {missing}"):
        cast.security_token(**{missing: ""})


def test_exchange_takes_access_tokens_of_its_own_system_only(cast: Cast) -> None:
    own = cast.redeem(cast.code())
    foreign = cast.bear(cast.security_token())

    for subject in (own["id_token"], own["refresh_token"], foreign["access_token"], "made-up"):
        with pytest.raises(GrantRefused, match="not a valid access token"):
            cast.security_token(subject_token=subject)
        assert cast.facts["subject_token_valid"] is False


def test_security_token_opens_the_partner(cast: Cast) -> None:
    answer = cast.bear(cast.security_token())

    assert claims_of(answer["access_token"], "away")["mcptt_id"] == "sip:alice-v@away.example"
    assert cast.facts["assertion_signed_by"] == HOME
    assert cast.facts["assertion_for_us"] is True


def test_security_token_for_another_audience_is_refused(cast: Cast) -> None:
    token = cast.security_token(resource="https://idms.third.example/token")

    with pytest.raises(GrantRefused, match="another audience"):
        cast.bear(token)
    assert cast.facts["assertion_for_us"] is False


def test_expired_security_token_is_refused(cast: Cast) -> None:
    cast.home.security_lifetime = -5

    with pytest.raises(GrantRefused, match="not a valid security token"):
        cast.bear(cast.security_token())


def test_security_token_of_an_unknown_user_is_refused(cast: Cast) -> None:
    cast.away.accounts.clear()

    with pytest.raises(GrantRefused, match="not known here"):
        cast.bear(cast.security_token())


@pytest.mark.parametrize(
    "made",
    [
        "",
        "x",
        "a.b.c",
        "....",
        "eyJhbGciOiJub25lIn0.e30.",
        "eyJhbGciOiJIUzI1NiJ9.e30.AAAA",
        "é.é.é",
    ],
)
def test_assertion_that_is_no_token_is_refused(cast: Cast, made: str) -> None:
    with pytest.raises(GrantRefused, match="not a valid security token"):
        cast.bear(made)
    assert cast.facts["assertion_signed_by"] == ""


def test_assertion_of_another_signer_is_refused(cast: Cast) -> None:
    claims = {"iss": HOME, "aud": AWAY, "exp": time.time() + 60, "sub": "alice@home"}
    key = generate_signing_key("RS256")

    with pytest.raises(GrantRefused, match="not a valid security token"):
        cast.bear(jwt.encode({"alg": "RS256"}, claims, key))


def test_assertion_of_a_trusted_key_in_anothers_name_is_refused(cast: Cast) -> None:
    claims = {"iss": "https://third.example", "aud": AWAY, "exp": time.time() + 60}

    with pytest.raises(GrantRefused, match="not a valid security token"):
        cast.bear(jwt.encode({"alg": "RS256"}, claims, signing_key("home")))


def test_visitor_without_password_cannot_sign_in(cast: Cast) -> None:
    assert cast.away.authenticate("alice@away", "") is None
    assert cast.home.authenticate("alice@home", "secret-of-alice") == cast.alice
    assert cast.home.authenticate("alice@home", "sécret") is None
