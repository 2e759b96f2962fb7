"""Faults of the validation of ID tokens: each client passes over one thing that is wrong."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping

from joserfc.util import urlsafe_b64decode

from muster.protocol import oidc
from muster.ue.faulty.seeded import FaultyUe, made_of
from muster.ue.reference.id_token import stated_issuer
from muster.ue.reference.identity import IdentityClient
from muster.ue.reference.refusal import Refusal

KNOWN_CLAIMS = {"iss", "sub", "aud", "exp", "iat", *oidc.IDENTITY_CLAIMS.values()}
MINUTES = 300


def part(id_token: str, number: int) -> dict[str, object]:
    """Header (0) or claims (1) of a token, unverified."""
    read: dict[str, object] = json.loads(urlsafe_b64decode(id_token.split(".")[number].encode()))
    return read


def verified(id_token: str, keys: bytes) -> Mapping[str, object]:
    """The claims of a token that the issuer did sign, whatever they say."""
    try:
        return oidc.verify_jwt(id_token, oidc.read_jwks(json.loads(keys)))
    except ValueError as error:
        raise Refusal(f"the ID token is not valid: {error}") from error


class Lenient(IdentityClient):
    """Changes what it does not want to see, and checks the rest."""

    def check_id_token(self, id_token: str, keys: bytes, issuer: str) -> oidc.IdToken:
        claims = self.claims(id_token, keys)
        key = oidc.generate_signing_key()
        client_id = self.system.provisioning.client_id
        try:
            changed = oidc.sign_jwt({**claims, **self.passed_over(claims)}, key)
            return oidc.validate_id_token(changed, key, issuer, client_id)
        except ValueError as error:
            raise Refusal(f"the ID token is not valid: {error}") from error

    def claims(self, id_token: str, keys: bytes) -> Mapping[str, object]:
        return verified(id_token, keys)

    def passed_over(self, claims: Mapping[str, object]) -> dict[str, object]:
        return {}


class AnyAudience(Lenient):
    def passed_over(self, claims: Mapping[str, object]) -> dict[str, object]:
        return {"aud": self.system.provisioning.client_id}


class AnyIssuer(IdentityClient):
    def issuer_of(self, id_token: str) -> str:
        return stated_issuer(id_token)


class AnyAge(Lenient):
    bearable = float("inf")

    def passed_over(self, claims: Mapping[str, object]) -> dict[str, object]:
        now, ended = time.time(), claims.get("exp")
        if isinstance(ended, int) and now - self.bearable < ended <= now:
            return {"exp": int(now) + 60}
        return {}


class MinutesOfLeeway(AnyAge):
    bearable = MINUTES


class IgnoresNotBefore(Lenient):
    def passed_over(self, claims: Mapping[str, object]) -> dict[str, object]:
        return {"nbf": 0}


class AcceptsUnsigned(Lenient):
    def claims(self, id_token: str, keys: bytes) -> Mapping[str, object]:
        unsigned = part(id_token, 0).get("alg") == "none"
        return part(id_token, 1) if unsigned else super().claims(id_token, keys)


class IgnoresSignature(Lenient):
    def claims(self, id_token: str, keys: bytes) -> Mapping[str, object]:
        signed = part(id_token, 0).get("alg") != "none"
        return part(id_token, 1) if signed else super().claims(id_token, keys)


class TakesMacForSignature(Lenient):
    def claims(self, id_token: str, keys: bytes) -> Mapping[str, object]:
        # Anybody can make such a code, so it does not matter how exactly this client checks it.
        sealed = part(id_token, 0).get("alg") == "HS256"
        return part(id_token, 1) if sealed else super().claims(id_token, keys)


class RefusesArray(IdentityClient):
    def check_id_token(self, id_token: str, keys: bytes, issuer: str) -> oidc.IdToken:
        if isinstance(part(id_token, 1).get("aud"), list):
            raise Refusal("the audience of the ID token is no string")
        return super().check_id_token(id_token, keys, issuer)


class RefusesFurtherClaims(IdentityClient):
    def check_id_token(self, id_token: str, keys: bytes, issuer: str) -> oidc.IdToken:
        if part(id_token, 1).keys() - KNOWN_CLAIMS:
            raise Refusal("the ID token has unknown claims")
        return super().check_id_token(id_token, keys, issuer)


_CLAIMS = ("identity/id_token.feature",)
_TIMES = ("identity/id_token_time.feature",)
_SIGNATURE = ("identity/id_token_signature.feature",)

FAULTS = (
    FaultyUe(
        "accepts_any_audience",
        "Believes ID tokens for other clients.",
        made_of(identity=AnyAudience),
        "TS33180-B.11.1-02",
        _CLAIMS,
        ("TS33180-B.11.1-06",),
    ),
    FaultyUe(
        "accepts_any_issuer",
        "Believes ID tokens of every server that signs them with a key of its own.",
        made_of(identity=AnyIssuer),
        "TS33180-B.11.1-01",
        _CLAIMS,
    ),
    FaultyUe(
        "accepts_expired_id_tokens",
        "Believes ID tokens however long ago they expired.",
        made_of(identity=AnyAge),
        "TS33180-B.11.1-03",
        _TIMES,
        ("TS33180-B.2.1.2-02",),
    ),
    FaultyUe(
        "bears_minutes_of_skew",
        "Believes ID tokens for five minutes after they expired.",
        made_of(identity=MinutesOfLeeway),
        "TS33180-B.2.1.2-02",
        _TIMES,
    ),
    FaultyUe(
        "ignores_not_before",
        "Believes ID tokens before their time.",
        made_of(identity=IgnoresNotBefore),
        "RFC7519-4.1.5-01",
        _TIMES,
    ),
    FaultyUe(
        "accepts_unsigned_id_tokens",
        "Believes ID tokens that say that they have no signature.",
        made_of(identity=AcceptsUnsigned),
        "TS33180-B.11.1-05",
        _SIGNATURE,
    ),
    FaultyUe(
        "ignores_the_signature",
        "Believes ID tokens whatever their signature is worth.",
        made_of(identity=IgnoresSignature),
        "TS33180-B.11.1-04",
        _SIGNATURE,
    ),
    FaultyUe(
        "takes_a_mac_for_a_signature",
        "Believes ID tokens that are authenticated with a public key.",
        made_of(identity=TakesMacForSignature),
        "TS33180-B.11.1-04",
        _SIGNATURE,
    ),
    FaultyUe(
        "refuses_an_array_of_audiences",
        "Refuses ID tokens that name their audience in an array.",
        made_of(identity=RefusesArray),
        "RFC7519-4.1.3-01",
        _CLAIMS,
    ),
    FaultyUe(
        "refuses_further_claims",
        "Refuses ID tokens with claims that it does not know.",
        made_of(identity=RefusesFurtherClaims),
        "RFC7519-4-01",
        _CLAIMS,
    ),
)
