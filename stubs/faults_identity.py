"""Faults of an identity server: wrong answers to a log-in, wrong ID tokens, odd token responses."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlencode

from aiohttp import web
from joserfc import jwt
from joserfc.util import urlsafe_b64decode

from muster.evidence import Json
from muster.protocol import oidc
from muster.protocol.tokens import SigningKey, generate_signing_key
from stubs.faults import Handler, HttpFault
from stubs.grants import TokenService, signing_key

Claims = dict[str, Json]
ELSEWHERE = "-elsewhere"
"""What the path of an endpoint ends in that is not the configured one."""


# The answer to the log-in ------------------------------------------------------------------------


@dataclass
class AnswerWithoutState(HttpFault):
    """The redirection that hands over the code carries no state."""

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        return _redirected(await handler(request), state="")


@dataclass
class AnswerWithOtherState(HttpFault):
    """The redirection that hands over the code carries a state that nobody sent."""

    times: int = 1_000_000

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        answer = await handler(request)
        if self.times <= 0 or "Location" not in answer.headers:
            return answer
        self.times -= 1
        return _redirected(answer, state="c3RhdGUtb2YtYW5vdGhlci1yZXF1ZXN0")


@dataclass
class ErrorInsteadOfCode(HttpFault):
    """The redirection carries an error in place of the code (RFC 6749 4.1.2.1)."""

    error: str = "access_denied"

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        return _redirected(await handler(request), code="", error=self.error)


@dataclass
class PageInsteadOfCode(HttpFault):
    """A right log-in is answered with a page that hands over nothing."""

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        answer = await handler(request)
        if answer.status != 302 or "code=" not in answer.headers.get("Location", ""):
            return answer
        page = "<!DOCTYPE html><html><body><p>Please come back later.</p></body></html>"
        return web.Response(text=page, content_type="text/html")


@dataclass
class RefusesChallengeMethod(HttpFault):
    """Authentication requests with S256 are refused as a server without PKCE S256 would."""

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.endswith("/authorize"):
            return await handler(request)
        asked = {**request.query, **(await _form(request))}
        if asked.get("code_challenge_method") != oidc.CHALLENGE_METHOD:
            return await handler(request)
        told = "transform algorithm not supported"
        answer = {"error": "invalid_request", "error_description": told}
        answer["state"] = asked.get("state", "")
        location = oidc.with_query(asked.get("redirect_uri", ""), urlencode(answer))
        return web.Response(status=302, headers={"Location": location})


@dataclass
class OtherTokenEndpointInDiscovery(HttpFault):
    """The metadata of the server names a token endpoint that is not the configured one."""

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        answer = await handler(request)
        told = _object(answer)
        if "token_endpoint" not in told:
            return answer
        return _json(answer, {**told, "token_endpoint": told["token_endpoint"] + ELSEWHERE})


def _redirected(answer: web.StreamResponse, **changes: str) -> web.StreamResponse:
    """Change parameters of a redirection with a code; an empty value takes one away."""
    before, mark, query = answer.headers.get("Location", "").partition("?")
    parameters = dict(parse_qsl(query))
    if not mark or "code" not in parameters:
        return answer
    changed = {name: value for name, value in {**parameters, **changes}.items() if value}
    answer.headers["Location"] = f"{before}?{urlencode(changed)}"
    return answer


# Token responses ---------------------------------------------------------------------------------


class TokenResponseFault(HttpFault):
    """Changes what the token endpoint grants; refusals pass unchanged."""

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        answer = await handler(request)
        told = _object(answer)
        if answer.status != 200 or "access_token" not in told:
            return answer
        return _json(answer, self.changed(told), self.status())

    def changed(self, told: Claims) -> Claims:
        """Return the token response as it is sent."""
        raise NotImplementedError

    def status(self) -> int:
        return 200


@dataclass
class NoRefreshToken(TokenResponseFault):
    """No refresh token comes with the access token: it is optional."""

    def changed(self, told: Claims) -> Claims:
        return {name: value for name, value in told.items() if name != "refresh_token"}


@dataclass
class OtherTokenType(TokenResponseFault):
    """token_type is another word, or the usual one in another case."""

    token_type: str

    def changed(self, told: Claims) -> Claims:
        return {**told, "token_type": self.token_type}


@dataclass
class FurtherMembers(TokenResponseFault):
    """The token response holds members that no specification names."""

    def changed(self, told: Claims) -> Claims:
        return {"x_colour": "green", "x_hints": {"depth": [1, 2, 3]}, **told}


@dataclass
class TokensWithError(TokenResponseFault):
    """An error, with its status, and yet the tokens stand beside it."""

    def changed(self, told: Claims) -> Claims:
        return {"error": "invalid_grant", "error_description": "the code is not good", **told}

    def status(self) -> int:
        return 400


@dataclass
class OpaqueAccessToken(TokenResponseFault):
    """The access token is no JWT: only the servers of the system can tell what it is."""

    service: TokenService

    def changed(self, told: Claims) -> Claims:
        opaque = secrets.token_urlsafe(40)
        return {**told, "access_token": _reissued(self.service, told["access_token"], opaque)}


@dataclass
class NarrowerScope(TokenResponseFault):
    """The access token is good for less than was asked for, and the response says so."""

    service: TokenService
    without: str
    """End of the scopes that are not granted."""

    def changed(self, told: Claims) -> Claims:
        scopes = [one for one in told["scope"].split() if not one.endswith(self.without)]
        granted = " ".join(scopes)
        claims = {**claims_of(told["access_token"]), "scope": granted}
        token = _reissued(
            self.service,
            told["access_token"],
            signed(claims, signing_key(self.service.system)),
            tuple(scopes),
        )
        refresh = told.get("refresh_token", "")
        if refresh in self.service.refreshable:
            account, client, _ = self.service.refreshable[refresh]
            self.service.refreshable[refresh] = (account, client, granted)
        return {**told, "scope": granted, "access_token": token}


@dataclass
class RefusesGrant(HttpFault):
    """Token requests of one grant type are refused."""

    grant: str
    error: str = "invalid_grant"

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if (await _form(request)).get("grant_type") != self.grant:
            return await handler(request)
        headers = {"Cache-Control": "no-store"}
        return web.json_response({"error": self.error}, status=400, headers=headers)


@dataclass
class LateGrant(HttpFault):
    """New tokens are granted a moment late.

    What a UE sent side by side with a request that was refused has come by then: who shows the old
    token afterwards has had the new one.
    """

    seconds: float
    grants: Collection[str] = (oidc.GRANT_REFRESH_TOKEN, oidc.GRANT_JWT_BEARER)

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if (await _form(request)).get("grant_type") in self.grants:
            await asyncio.sleep(self.seconds)
        return await handler(request)


# ID tokens ---------------------------------------------------------------------------------------


@dataclass
class IdTokenFault(TokenResponseFault):
    """Makes another ID token out of the claims of the right one."""

    service: TokenService

    def changed(self, told: Claims) -> Claims:
        if "id_token" not in told:
            return told
        made = self.remade(claims_of(told["id_token"]))
        return {**told, "id_token": _reissued(self.service, told["id_token"], made)}

    def remade(self, claims: Claims) -> str:
        return signed(self.claims(claims), self.key())

    def claims(self, claims: Claims) -> Claims:
        return claims

    def key(self) -> SigningKey:
        return signing_key(self.service.system)


@dataclass
class OtherClaims(IdTokenFault):
    """Some claims have other values; None takes one away."""

    values: Mapping[str, Json] = field(default_factory=dict)

    def claims(self, claims: Claims) -> Claims:
        changed = {**claims, **self.values}
        return {name: value for name, value in changed.items() if value is not None}


@dataclass
class OtherIssuer(IdTokenFault):
    """The ID token is a right one of another identity server, for the same client."""

    other: TokenService

    def claims(self, claims: Claims) -> Claims:
        return {**claims, "iss": self.other.issuer}

    def key(self) -> SigningKey:
        return signing_key(self.other.system)


@dataclass
class ExpiredIdToken(IdTokenFault):
    """The ID token expired some seconds ago."""

    seconds: int = 3600

    def claims(self, claims: Claims) -> Claims:
        now = int(time.time())
        return {**claims, "iat": now - self.seconds - 60, "exp": now - self.seconds}


@dataclass
class FutureIdToken(IdTokenFault):
    """The ID token is good from some later time on, and not before it."""

    seconds: int = 900

    def claims(self, claims: Claims) -> Claims:
        return {**claims, "nbf": int(time.time()) + self.seconds}


@dataclass
class UnsignedIdToken(IdTokenFault):
    """The ID token says that it has no signature, and has none."""

    def remade(self, claims: Claims) -> str:
        return f"{_encoded({'alg': 'none', 'typ': 'JWT'})}.{_encoded(claims)}."


@dataclass
class BrokenSignature(IdTokenFault):
    """A claim was changed after the ID token had been signed."""

    def remade(self, claims: Claims) -> str:
        header, _, signature = super().remade(claims).split(".")
        return f"{header}.{_encoded({**claims, 'sub': claims['sub'] + '-x'})}.{signature}"


@dataclass
class UnknownKey(IdTokenFault):
    """The ID token is signed with a key that the identity server does not publish."""

    def key(self) -> SigningKey:
        return generate_signing_key("ES256", kid="nobody-knows-this-key")


@dataclass
class PublicKeyAsSecret(IdTokenFault):
    """The ID token is authenticated by HS256 with the public key: anybody could have done it."""

    def remade(self, claims: Claims) -> str:
        public = signing_key(self.service.system)
        head = {"alg": "HS256", "typ": "JWT", "kid": public.kid or ""}
        text = f"{_encoded(head)}.{_encoded(claims)}"
        code = hmac.new(public.as_pem(private=False), text.encode(), hashlib.sha256)
        return f"{text}.{base64.urlsafe_b64encode(code.digest()).rstrip(b'=').decode()}"


def claims_of(token: str) -> Claims:
    """Return the claims of a JWT of ours, unverified."""
    claims: Claims = json.loads(urlsafe_b64decode(token.split(".")[1].encode()))
    return claims


def signed(claims: Claims, key: SigningKey) -> str:
    algorithm = "ES256" if key.key_type == "EC" else "RS256"
    return jwt.encode({"alg": algorithm, "kid": key.kid, "typ": "JWT"}, claims, key)


def _encoded(value: Json) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _reissued(
    service: TokenService, before: str, value: str, scopes: tuple[str, ...] | None = None
) -> str:
    """Make the ledger know a token that takes the place of another."""
    issued = service.ledger.find(before)
    assert issued is not None
    scopes = issued.scopes if scopes is None else scopes
    service.ledger.issue(replace(issued, value=value, scopes=scopes))
    return value


# Messages ----------------------------------------------------------------------------------------


async def _form(request: web.Request) -> dict[str, str]:
    """Return the fields of a form; nothing for any other body, which the handler judges."""
    if request.content_type != oidc.FORM_MEDIA_TYPE:
        return {}
    text = (await request.read()).decode("utf-8", "replace")
    return dict(parse_qsl(text, keep_blank_values=True))


def _object(answer: web.StreamResponse) -> Claims:
    """Return the JSON object that an answer carries; empty for any other answer."""
    if answer.content_type != "application/json" or not isinstance(answer, web.Response):
        return {}
    told = json.loads(answer.body) if isinstance(answer.body, bytes) else {}
    return told if isinstance(told, dict) else {}


def _json(before: web.StreamResponse, told: Claims, status: int = 200) -> web.Response:
    headers = {name: before.headers[name] for name in ("Cache-Control",) if name in before.headers}
    return web.json_response(told, status=status, headers=headers)
