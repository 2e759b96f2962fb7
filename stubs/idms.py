"""Identity management server: OpenID Connect endpoints over the decisions of `stubs.grants`."""

from __future__ import annotations

import html
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from urllib.parse import urlencode

from aiohttp import web

from muster.protocol import oidc
from stubs.grants import GrantRefused, TokenService, signing_key
from stubs.http_server import FACTS

FORM = Template(Path(__file__).with_name("login.html").read_text(encoding="utf-8"))
NOT_STORED = {"Cache-Control": "no-store", "Pragma": "no-cache"}


@dataclass
class Idms:
    """The endpoints of one IdM server under a path prefix that is new in each run."""

    service: TokenService
    prefix: str
    """As "/as-3fa2"; endpoints are <prefix>/authorize, <prefix>/token, <prefix>/jwks."""
    logins: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def routes(self, router: web.UrlDispatcher) -> None:
        router.add_get(f"{self.prefix}/authorize", self.authorize)
        router.add_post(f"{self.prefix}/authorize", self.authorize)
        router.add_post(f"{self.prefix}/login", self.log_in)
        router.add_post(f"{self.prefix}/token", self.token)
        router.add_get(f"{self.prefix}/jwks", self.jwks)
        router.add_get(f"{self.prefix}/.well-known/openid-configuration", self.discovery)

    async def authorize(self, request: web.Request) -> web.Response:
        """TS 24.482 6.3.1: a right request is answered with the form, whatever the client sends."""
        form = await _form(request) if request.method == "POST" else {}
        query = {**request.query, **form}
        problem = self.service.authorization_problem(query)
        request[FACTS]["authorization_problem"] = problem[1] if problem else ""
        if problem is None:
            session = secrets.token_urlsafe(16)
            self.logins[session] = query
            return self._form(session, "")
        return _refusal(query, problem, self.service)

    async def log_in(self, request: web.Request) -> web.Response:
        form = await _form(request)
        session = form.get("login_session", "")
        query = self.logins.get(session)
        if query is None:
            raise web.HTTPBadRequest(text="the login session is unknown or over")
        account = self.service.authenticate(form.get("username", ""), form.get("password", ""))
        request[FACTS]["credentials_accepted"] = account is not None
        if account is None:
            return self._form(session, "User name or password is wrong.")
        del self.logins[session]
        code = self.service.give_code(account, query)
        location = oidc.authorization_response(query["redirect_uri"], code, query["state"])
        return web.Response(status=302, headers={"Location": location, **NOT_STORED})

    async def token(self, request: web.Request) -> web.Response:
        if request.content_type != oidc.FORM_MEDIA_TYPE:
            return _error("invalid_request", f"the body is not {oidc.FORM_MEDIA_TYPE}")
        form = await _form(request)
        try:
            answer = self.service.answer(form, request[FACTS])
        except GrantRefused as refusal:
            return _error(refusal.error, refusal.description)
        return web.json_response(answer, headers=NOT_STORED)

    async def jwks(self, request: web.Request) -> web.Response:
        return web.json_response(oidc.public_jwks([signing_key(self.service.system)]))

    async def discovery(self, request: web.Request) -> web.Response:
        issuer = self.service.issuer
        return web.json_response(
            {
                "issuer": issuer,
                "authorization_endpoint": f"{issuer}/authorize",
                "token_endpoint": f"{issuer}/token",
                "jwks_uri": f"{issuer}/jwks",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
                "acr_values_supported": [oidc.ACR_PASSWORD],
            }
        )

    def _form(self, session: str, notice: str) -> web.Response:
        page = FORM.substitute(
            notice=html.escape(notice), session=session, action=f"{self.prefix}/login"
        )
        return web.Response(text=page, content_type="text/html", headers=NOT_STORED)


async def _form(request: web.Request) -> dict[str, str]:
    try:
        return {name: str(value) for name, value in (await request.post()).items()}
    except (ValueError, LookupError, AssertionError) as error:  # wrong octets, charset, parts
        raise web.HTTPBadRequest(text=f"the form cannot be read: {error}") from error


def _refusal(
    query: Mapping[str, str], problem: tuple[str, str], service: TokenService
) -> web.Response:
    """RFC 6749 4.1.2.1: never redirect to an address that is not registered."""
    redirect = query.get("redirect_uri", "")
    if redirect not in service.clients.get(query.get("client_id", ""), frozenset()):
        return web.Response(status=400, text=f"{problem[0]}: {problem[1]}")
    answer = {"error": problem[0], "error_description": problem[1]}
    if query.get("state"):
        answer["state"] = query["state"]
    location = oidc.with_query(redirect, urlencode(answer))
    return web.Response(status=302, headers={"Location": location})


def _error(error: str, description: str) -> web.Response:
    body = {"error": error, "error_description": description}
    return web.json_response(body, status=400, headers=NOT_STORED)
