"""Tokens verify under the key that signed them only, and an ID token for its own client only."""

import base64
import hmac
import json

import pytest
from joserfc import jws

from muster.protocol import tokens
from muster.protocol.tokens import IdToken, InvalidToken

ISSUER = "https://idms.primary.example:9031"
CLIENT = "mcptt_client"
NOW = 1_790_000_000
CLAIMS = {
    "iss": ISSUER,
    "sub": "alice",
    "aud": CLIENT,
    "exp": NOW + 3600,
    "iat": NOW,
    "mcptt_id": "sip:alice@primary.example",
}
KEY = tokens.generate_signing_key("ES256", kid="key-1")
RSA = tokens.generate_signing_key("RS256", kid="key-2")
JWKS = tokens.read_jwks(json.loads(json.dumps(tokens.public_jwks([KEY, RSA]))))


def encoded(value: object) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(payload: bytes, **header: object) -> str:
    return jws.serialize_compact({"alg": "ES256", "kid": "key-1", **header}, payload, KEY)


def validated(claims: dict[str, object], now: float = NOW, nonce: str | None = None) -> IdToken:
    token = tokens.sign_jwt(claims, KEY)
    return tokens.validate_id_token(token, JWKS, ISSUER, CLIENT, now, nonce)


@pytest.mark.parametrize("key", [KEY, RSA], ids=["ES256", "RS256"])
def test_signed_claims_come_back(key):
    token = tokens.sign_jwt(CLAIMS, key)

    assert tokens.verify_jwt(token, key) == CLAIMS
    assert tokens.verify_jwt(token, JWKS) == CLAIMS


def test_published_keys_are_public():
    members = [set(key) for key in tokens.public_jwks([KEY, RSA])["keys"]]

    assert members == [
        {"kty", "crv", "x", "y", "alg", "use", "kid"},
        {"kty", "n", "e", "alg", "use", "kid"},
    ]


def test_symmetric_key_of_a_set_is_left_out():
    document = tokens.public_jwks([KEY])
    document["keys"].append({"kty": "oct", "k": encoded(b"0" * 32), "kid": "shared"})

    assert [key.kid for key in tokens.read_jwks(document)] == ["key-1"]


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"keys": None},
        {"keys": []},
        {"keys": ["key"]},
        {"keys": [{"kty": "oct", "k": "AAAA"}]},
        {"keys": [{"kty": "EC", "crv": "P-256", "x": "AA"}]},
        {"keys": [{"kty": "RSA", "n": 5, "e": "AQAB"}]},
    ],
)
def test_malformed_key_set_is_refused(document):
    with pytest.raises(ValueError, match="JWK set"):
        tokens.read_jwks(document)


@pytest.mark.parametrize("part", [0, 1, 2], ids=["header", "claims", "signature"])
def test_tampered_token_is_refused(part):
    parts = tokens.sign_jwt(CLAIMS, KEY).split(".")
    others = tokens.sign_jwt({**CLAIMS, "sub": "bob"}, RSA).split(".")
    parts[part] = others[part]

    with pytest.raises(InvalidToken):
        tokens.verify_jwt(".".join(parts), JWKS)


def test_token_of_another_server_is_refused():
    stranger = tokens.generate_signing_key("ES256", kid="key-1")

    with pytest.raises(InvalidToken, match="bad_signature"):
        tokens.verify_jwt(tokens.sign_jwt(CLAIMS, stranger), JWKS)


def test_unsigned_token_is_refused():
    token = f"{encoded({'alg': 'none'})}.{encoded(CLAIMS)}."

    with pytest.raises(InvalidToken, match="unsupported_algorithm"):
        tokens.verify_jwt(token, JWKS)


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_token_with_a_mac_is_refused(algorithm):
    # The attack: the public key, which everybody has, serves as the secret of the MAC.
    secret = KEY.as_pem(private=False)
    signed_part = f"{encoded({'alg': algorithm, 'kid': 'key-1'})}.{encoded(CLAIMS)}"
    mac = hmac.digest(secret, signed_part.encode(), algorithm.replace("HS", "sha"))

    with pytest.raises(InvalidToken, match="unsupported_algorithm"):
        tokens.verify_jwt(f"{signed_part}.{encoded(mac)}", JWKS)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b.c",
        "a.b.c.d.e",
        "é.é.é",
        "\ud800.a.b",
        f"{encoded([])}.e30.AA",
        f"{encoded({'alg': ['ES256']})}.e30.AA",
        f"{encoded({'alg': 'ES256', 'kid': 5})}.e30.AA",
        f"{encoded(b'[' * 100_000)}.e30.AA",
    ],
)
def test_what_is_no_token_is_refused(token):
    with pytest.raises(InvalidToken):
        tokens.verify_jwt(token, JWKS)


@pytest.mark.parametrize("payload", [b"", b"[]", b'"claims"', b"\xff", b"[" * 90_000])
def test_payload_that_is_no_object_is_refused(payload):
    with pytest.raises(InvalidToken):
        tokens.verify_jwt(signed(payload), JWKS)


def test_unknown_header_parameter_is_ignored():
    registry = jws.JWSRegistry(strict_check_header=False)
    header = {"alg": "ES256", "kid": "key-1", "vendor": "x"}
    token = jws.serialize_compact(header, b'{"sub":"alice"}', KEY, registry=registry)

    assert tokens.verify_jwt(token, JWKS) == {"sub": "alice"}


def test_valid_id_token_is_accepted():
    token = validated(CLAIMS)

    assert token == IdToken(ISSUER, "alice", CLAIMS)
    assert token.identity("mcptt") == "sip:alice@primary.example"
    assert token.identity("mcdata") is None


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": [CLIENT]},
        {"azp": CLIENT},
        {"exp": NOW - 29.5},
        {"iat": NOW + 30},
        {"nbf": NOW},
        {"sub": "é" * 127},
        {"nonce": "not asked for"},
    ],
    ids=str,
)
def test_id_token_within_the_rules_is_accepted(claims):
    assert validated(CLAIMS | claims).issuer == ISSUER


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": ISSUER + "/"}, "issuer"),
        ({"aud": "other_client"}, "audience"),
        ({"aud": []}, "audience"),
        ({"aud": [CLIENT, "other_client"]}, "audience"),
        ({"azp": "other_client"}, "issued to"),
        ({"exp": NOW - 30}, "expired"),
        ({"exp": str(NOW + 3600)}, "exp is not a number"),
        ({"exp": True}, "exp is not a number"),
        ({"exp": float("nan")}, "exp is not a number"),
        ({"exp": float("inf")}, "exp is not a number"),
        ({"iat": NOW + 31}, "iat is to come"),
        ({"iat": None}, "iat is not a number"),
        ({"nbf": NOW + 31}, "nbf is to come"),
        ({"sub": ""}, "no subject"),
        ({"sub": 7}, "no subject"),
        ({"sub": "é" * 128}, "255 octets"),
    ],
    ids=str,
)
def test_id_token_against_a_rule_is_refused(claims, reason):
    with pytest.raises(InvalidToken, match=reason):
        validated(CLAIMS | claims)


@pytest.mark.parametrize("missing", ["iss", "sub", "aud", "exp", "iat"])
def test_id_token_without_a_required_claim_is_refused(missing):
    with pytest.raises(InvalidToken):
        validated({name: value for name, value in CLAIMS.items() if name != missing})


@pytest.mark.parametrize("nonce", [None, "other"])
def test_nonce_that_was_sent_must_come_back(nonce):
    with pytest.raises(InvalidToken, match="nonce"):
        validated(CLAIMS | ({} if nonce is None else {"nonce": nonce}), nonce="sent")


def test_times_are_checked_against_the_clock():
    with pytest.raises(InvalidToken, match="expired"):
        tokens.check_times({"exp": 0})
