"""OpenID Connect as TS 33.180 annex B profiles it: PKCE, scopes, requests; no I/O.

The identity management client and the IdM server both build on it. The tokens themselves are in
`tokens`, whose names are offered here too.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from muster.protocol.tokens import (
    LEEWAY,
    SIGNATURE_ALGORITHMS,
    IdToken,
    InvalidToken,
    check_times,
    generate_signing_key,
    public_jwks,
    read_jwks,
    sign_jwt,
    validate_id_token,
    verify_jwt,
)

__all__ = [
    "ACR_PASSWORD",
    "AUTHORIZATION_PARAMETERS",
    "CHALLENGE_METHOD",
    "FORM_MEDIA_TYPE",
    "GRANT_AUTHORIZATION_CODE",
    "GRANT_JWT_BEARER",
    "GRANT_REFRESH_TOKEN",
    "GRANT_TOKEN_EXCHANGE",
    "IDENTITY_CLAIMS",
    "LEEWAY",
    "OPENID",
    "SCOPES",
    "SIGNATURE_ALGORITHMS",
    "TOKEN_TYPE_JWT",
    "AuthorizationRefused",
    "IdToken",
    "InvalidToken",
    "ServiceScopes",
    "authorization_request",
    "authorization_response",
    "check_times",
    "code_challenge",
    "code_token_request",
    "generate_signing_key",
    "generate_state",
    "generate_verifier",
    "jwt_bearer_request",
    "public_jwks",
    "read_authorization_response",
    "read_jwks",
    "refresh_token_request",
    "scope_for",
    "sign_jwt",
    "token_exchange_request",
    "validate_id_token",
    "verifier_allowed",
    "verifier_fits",
    "verify_jwt",
    "with_query",
]

GRANT_AUTHORIZATION_CODE = "authorization_code"
GRANT_REFRESH_TOKEN = "refresh_token"
GRANT_TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
GRANT_JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
TOKEN_TYPE_JWT = "urn:ietf:params:oauth:token-type:jwt"
ACR_PASSWORD = "3gpp:acr:password"
CHALLENGE_METHOD = "S256"
OPENID = "openid"
FORM_MEDIA_TYPE = "application/x-www-form-urlencoded"

AUTHORIZATION_PARAMETERS = (
    "response_type",
    "client_id",
    "scope",
    "redirect_uri",
    "state",
    "acr_values",
    "code_challenge",
    "code_challenge_method",
)
"""All of them are required (B.4.2.2)."""

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}", re.ASCII)


class ServiceScopes(NamedTuple):
    """The scopes of one MC service, a resource server each."""

    service: str
    key_management: str
    configuration_management: str
    group_management: str


def _scopes(prefix: str) -> ServiceScopes:
    kinds = ("", "key_management_", "config_management_", "group_management_")
    return ServiceScopes(*(f"3gpp:mc:{prefix}_{kind}service" for kind in kinds))


SCOPES: Mapping[str, ServiceScopes] = {
    "mcptt": _scopes("ptt"),
    "mcvideo": _scopes("video"),
    "mcdata": _scopes("data"),
}
IDENTITY_CLAIMS: Mapping[str, str] = {service: f"{service}_id" for service in SCOPES}


class AuthorizationRefused(ValueError):
    """The authorization response brings no code that may be used."""


def scope_for(services: Iterable[str]) -> str:
    """The scope that signs in to the services and everything they need."""
    return " ".join([OPENID, *(scope for service in services for scope in SCOPES[service])])


def generate_state() -> str:
    return secrets.token_urlsafe(24)


def generate_verifier() -> str:
    """A PKCE code verifier of 43 characters (RFC 7636, 4.1)."""
    return secrets.token_urlsafe(32)


def code_challenge(verifier: str) -> str:
    """The S256 challenge of a verifier; ValueError for what RFC 7636, 4.1 does not allow."""
    if not _VERIFIER.fullmatch(verifier):
        raise ValueError("a code verifier has 43 to 128 unreserved characters")
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def verifier_allowed(verifier: str) -> bool:
    """Whether the verifier has the length and the characters of RFC 7636, 4.1."""
    return _VERIFIER.fullmatch(verifier) is not None


def verifier_fits(verifier: str, challenge: str) -> bool:
    """Whether the verifier is allowed and hashes to the challenge."""
    if not verifier_allowed(verifier):
        return False
    return hmac.compare_digest(code_challenge(verifier).encode(), challenge.encode())


def authorization_request(
    client_id: str,
    scope: str,
    redirect_uri: str,
    state: str,
    challenge: str,
    acr_values: str = ACR_PASSWORD,
) -> str:
    """The query of an Authentication Request (B.4.2.2)."""
    values = (
        "code",
        client_id,
        scope,
        redirect_uri,
        state,
        acr_values,
        challenge,
        CHALLENGE_METHOD,
    )
    return urlencode(dict(zip(AUTHORIZATION_PARAMETERS, values, strict=True)))


def with_query(uri: str, query: str) -> str:
    """The URI with more query, whatever query it has (RFC 6749, 3.1 and 3.1.2)."""
    parts = urlsplit(uri)
    return parts._replace(query="&".join(filter(None, (parts.query, query)))).geturl()


def authorization_response(redirect_uri: str, code: str, state: str) -> str:
    """The Location that hands the code to the client (B.4.2.3)."""
    return with_query(redirect_uri, urlencode({"code": code, "state": state}))


def read_authorization_response(location: str, redirect_uri: str, state: str) -> str:
    """The code; AuthorizationRefused if the answer is an error, or is not for this request."""
    try:
        target = urlsplit(location)
    except ValueError as error:
        raise AuthorizationRefused("the redirection leads to no URI") from error
    if target._replace(query="") != urlsplit(redirect_uri)._replace(query=""):
        raise AuthorizationRefused("the redirection leads elsewhere than the redirect_uri")
    pairs = parse_qsl(target.query, keep_blank_values=True)
    parameters = dict(pairs)
    if len(parameters) != len(pairs):
        raise AuthorizationRefused("the redirection repeats a parameter")
    if not hmac.compare_digest(parameters.get("state", "").encode(), state.encode()):
        raise AuthorizationRefused("the state is not that of the request")
    if "error" in parameters:
        raise AuthorizationRefused(f"the server answers {parameters['error']}")
    if not parameters.get("code"):
        raise AuthorizationRefused("the redirection carries no code")
    return parameters["code"]


def code_token_request(
    code: str, client_id: str, redirect_uri: str, verifier: str
) -> dict[str, str]:
    """The form of a Token Request with a code (B.4.2.4)."""
    return {
        "grant_type": GRANT_AUTHORIZATION_CODE,
        "code": code,
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
    }


def refresh_token_request(
    refresh_token: str, client_id: str | None = None, scope: str | None = None
) -> dict[str, str]:
    """The form that refreshes an access token (B.5.2); a scope may only narrow the first one."""
    optional = {"client_id": client_id, "scope": scope}
    form = {"grant_type": GRANT_REFRESH_TOKEN, "refresh_token": refresh_token}
    return form | {name: value for name, value in optional.items() if value is not None}


def token_exchange_request(
    subject_token: str, resource: str, client_id: str | None = None
) -> dict[str, str]:
    """The form that asks the primary IdMS for a security token (B.7.2, RFC 8693)."""
    form = {
        "grant_type": GRANT_TOKEN_EXCHANGE,
        "resource": resource,
        "subject_token": subject_token,
        "subject_token_type": TOKEN_TYPE_JWT,
    }
    return form if client_id is None else form | {"client_id": client_id}


def jwt_bearer_request(assertion: str, client_id: str, scope: str) -> dict[str, str]:
    """The form that gives a security token to the partner IdMS (B.7.4, RFC 7523)."""
    return {
        "grant_type": GRANT_JWT_BEARER,
        "assertion": assertion,
        "client_id": client_id,
        "scope": scope,
    }
