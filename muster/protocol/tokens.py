"""Signed JWTs: keys, signing, verification, and the ID token (TS 33.180 B.2, OIDC Core 3.1.3.7)."""

import math
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey
from joserfc.jws import JWSRegistry

LEEWAY = 30
"""Seconds of clock skew that are borne at most (TS 33.180 B.2)."""
MAXIMUM_SUBJECT_OCTETS = 255
# Asymmetric only: what a client could have signed itself proves nothing about the server.
SIGNATURE_ALGORITHMS = ("RS256", "ES256")

Algorithm = Literal["RS256", "ES256"]
SigningKey = RSAKey | ECKey
VerificationKey = RSAKey | ECKey | KeySet
Claims = Mapping[str, Any]

# Header parameters that nobody here knows are ignored (RFC 7515, 4.2), critical ones are refused.
_REGISTRY = JWSRegistry(algorithms=SIGNATURE_ALGORITHMS, strict_check_header=False)


class InvalidToken(ValueError):
    """A token is not what its verifier can accept."""


@dataclass(frozen=True)
class IdToken:
    """A validated ID token."""

    issuer: str
    subject: str
    claims: Claims

    def identity(self, service: str) -> str | None:
        """The user's MC service ID for "mcptt", "mcvideo" or "mcdata"."""
        identity = self.claims.get(f"{service}_id")
        return identity if isinstance(identity, str) else None


def generate_signing_key(algorithm: Algorithm = "ES256", kid: str | None = None) -> SigningKey:
    """A private key for the algorithm, with a key ID."""
    kid = kid or secrets.token_hex(8)
    if algorithm == "ES256":
        return ECKey.generate_key("P-256", {"alg": algorithm, "use": "sig", "kid": kid})
    return RSAKey.generate_key(2048, {"alg": algorithm, "use": "sig", "kid": kid})


def public_jwks(keys: Iterable[SigningKey]) -> dict[str, Any]:
    """The JWK set that lets others verify: public parts only."""
    return {"keys": [key.as_dict(private=False) for key in keys]}


def read_jwks(document: Mapping[str, Any]) -> KeySet:
    """The RSA and EC keys of a JWK set; ValueError if there are none or one is malformed."""
    listed = document.get("keys")
    if not isinstance(listed, list) or not all(isinstance(key, dict) for key in listed):
        raise ValueError("the document is not a JWK set")
    usable = [key for key in listed if key.get("kty") in ("RSA", "EC")]
    if not usable:
        raise ValueError("the JWK set has no RSA or EC key")
    try:
        return KeySet.import_key_set(cast("Any", {"keys": usable}))
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise ValueError(f"the JWK set has a malformed key: {error}") from error


def sign_jwt(claims: Claims, key: SigningKey) -> str:
    """The claims as a JWS in compact form, signed as the key's type tells."""
    header = {"alg": "RS256" if isinstance(key, RSAKey) else "ES256"}
    if key.kid:
        header["kid"] = key.kid
    return jwt.encode(header, dict(claims), key, registry=_REGISTRY)


def verify_jwt(token: str, keys: VerificationKey) -> Claims:
    """The claims, the signature being good; InvalidToken otherwise. Times are not looked at."""
    try:
        return jwt.decode(token, keys, registry=_REGISTRY).claims
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise InvalidToken(f"the token does not verify: {error}") from error


def check_times(claims: Claims, now: float | None = None) -> None:
    """`exp` is there and not past, `iat` and `nbf` are not to come; 30 s of skew are borne."""
    moment = time.time() if now is None else now
    if moment >= _numeric_date(claims, "exp") + LEEWAY:
        raise InvalidToken("the token has expired")
    for name in ("iat", "nbf"):
        if name in claims and _numeric_date(claims, name) > moment + LEEWAY:
            raise InvalidToken(f"the token's {name} is to come")


def validate_id_token(
    token: str,
    keys: VerificationKey,
    issuer: str,
    client_id: str,
    now: float | None = None,
    nonce: str | None = None,
) -> IdToken:
    """The ID token, if it is this client's, by this issuer, and valid now."""
    claims = verify_jwt(token, keys)
    if claims.get("iss") != issuer:
        raise InvalidToken(f"the issuer is {claims.get('iss')!r}, not {issuer!r}")
    _check_audience(claims, client_id)
    check_times(claims, now)
    _numeric_date(claims, "iat")
    if nonce is not None and claims.get("nonce") != nonce:
        raise InvalidToken("the nonce is not that of the request")
    return IdToken(issuer, _subject(claims), claims)


def _check_audience(claims: Claims, client_id: str) -> None:
    """OIDC Core 3.1.3.7, 3 to 5: no audience beside the client is known to be trusted."""
    audience = claims.get("aud")
    if audience not in (client_id, [client_id]):
        raise InvalidToken(f"the audience is {audience!r}, not {client_id!r}")
    if claims.get("azp", client_id) != client_id:
        raise InvalidToken(f"the token was issued to {claims['azp']!r}, not {client_id!r}")


def _subject(claims: Claims) -> str:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject:
        raise InvalidToken("the token has no subject")
    if len(subject.encode("utf-8", "surrogatepass")) > MAXIMUM_SUBJECT_OCTETS:
        raise InvalidToken(f"the subject has more than {MAXIMUM_SUBJECT_OCTETS} octets")
    return subject


def _numeric_date(claims: Claims, name: str) -> float:
    value = claims.get(name)
    # A boolean is a number to Python, and NaN compares as never past.
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidToken(f"the token's {name} is not a number: {value!r}")
    if isinstance(value, float) and not math.isfinite(value):
        raise InvalidToken(f"the token's {name} is not a number: {value!r}")
    return value
