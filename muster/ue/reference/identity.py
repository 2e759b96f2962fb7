"""Identity management client: sign-in, tokens and their renewal, and tokens for partner systems."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from muster.protocol import oidc
from muster.ue.driver import Credentials
from muster.ue.reference.forms import read_login_form
from muster.ue.reference.id_token import check_id_token, stated_issuer
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.services import services_in
from muster.ue.reference.web import WebAnswer, expect, same_origin

if TYPE_CHECKING:
    from muster.ue.reference.system import SystemLink

EARLY_SECONDS = 10.0
"""How long before its end a token is renewed, at most a fifth of its life."""


@dataclass(frozen=True)
class Tokens:
    """What an identity server gave, and until when it may be used (TS 33.180, B.12)."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    id_token: str | None = field(repr=False)
    renew_at: float
    scope: str | None = None
    """What was granted; None: all that was asked for (RFC 6749, 5.1)."""

    @property
    def is_fresh(self) -> bool:
        """Whether the access token may still be shown."""
        return time.monotonic() < self.renew_at


class IdentityClient:
    """The user's identity in one MC system."""

    def __init__(self, system: "SystemLink") -> None:
        self.system = system
        self.tokens: Tokens | None = None
        self._ids: dict[str, str] = {}
        self._turn = asyncio.Lock()

    @property
    def is_signed_in(self) -> bool:
        """Whether tokens are held."""
        return self.tokens is not None

    def mc_service_id(self, service: str) -> str:
        """The user's MC service ID here, as the ID token says it (TS 33.180, B.2.1.3)."""
        if self.tokens is None:
            raise Refusal("nobody is signed in")
        if service not in self._ids:
            raise Refusal(f"no ID token says what the user's ID for {service} is")
        return self._ids[service]

    def forget(self) -> None:
        """Drop the tokens and whose they were."""
        self.tokens = None
        self._ids.clear()

    # Sign-in with user name and password (TS 24.482, 6.2.1; TS 33.180, B.4)

    async def sign_in(self, credentials: Credentials) -> None:
        """OpenID Connect code flow with PKCE."""
        self.forget()
        state, verifier = self.new_state(), self.new_verifier()
        answer = await self.submit(await self.show_form(state, verifier), credentials)
        code = self.read_code(answer, state)
        await self.take(await self.ask_token(self.code_parameters(code, verifier)))

    async def show_form(self, state: str, verifier: str) -> WebAnswer:
        """Send the authorisation request; the answer is the form."""
        query = self.authorization_query(state, verifier)
        url = oidc.with_query(self.system.access.idms_auth_endpoint, query)
        return expect(await self.system.web.get(url), 200)

    async def submit(self, page: WebAnswer, credentials: Credentials) -> WebAnswer:
        """Send the form back, to nowhere but the server that showed it."""
        form = read_login_form(page.body, page.url)
        if not same_origin(form.action, page.url):
            raise Refusal("the login form would send the password to another server")
        return await self.system.web.post_form(form.action, form.filled_in(credentials))

    def read_code(self, answer: WebAnswer, state: str) -> str:
        """Take the code out of the redirection, which is read and never followed."""
        if answer.status == 200:
            raise Refusal("the identity server did not accept user name and password")
        if answer.status not in (302, 303):
            raise Refusal(f"the identity server answered the login form with {answer.status}")
        try:
            return oidc.read_authorization_response(
                answer.headers.get("Location", ""), self.system.provisioning.redirect_uri, state
            )
        except ValueError as error:
            raise Refusal(f"the authentication response is not valid: {error}") from error

    # Partner systems (TS 33.180, B.7)

    async def security_token(self, resource: str) -> str:
        """Exchange the access token for a security token of the partner (RFC 8693)."""
        parameters = oidc.token_exchange_request(await self.access_token(), resource)
        return _text(await self.ask_token(parameters), "access_token")

    async def present(self, security_token: str) -> None:
        """Obtain tokens here for a security token of the primary (RFC 7523)."""
        client_id = self.system.provisioning.client_id
        parameters = oidc.jwt_bearer_request(security_token, client_id, self.scope())
        await self.take(await self.ask_token(parameters))

    # Tokens in use

    async def access_token(self) -> str:
        """An access token that may be shown now."""
        if self.tokens is None:
            raise Refusal("nobody is signed in")
        if not self.tokens.is_fresh:
            await self.renew()
        return self.tokens.access_token

    async def authorised(self, send: Callable[[str], Awaitable[WebAnswer]]) -> WebAnswer:
        """Send with the access token; one that is refused is renewed once (RFC 6750, 3.1)."""
        token = await self.access_token()
        answer = await send(token)
        if answer.status == 401:
            await self.renew(token)
            answer = await send(await self.access_token())
        return answer

    async def renew(self, refused_token: str | None = None) -> None:
        """Replace the access token, unless another request has done so meanwhile."""
        async with self._turn:
            held = self.tokens
            if held is None:
                raise Refusal("nobody is signed in")
            if held.is_fresh and held.access_token != refused_token:
                return
            if held.refresh_token is not None:
                await self.take(await self.ask_token(self.refresh_parameters(held.refresh_token)))
            elif self.system.home is not None:
                home = self.system.home.identity
                resource = self.system.access.idms_token_endpoint
                await self.present(await home.security_token(resource))
            else:
                raise Refusal("the access token is used up and there is no refresh token")

    async def ask_token(self, parameters: Mapping[str, str]) -> Mapping[str, object]:
        """POST to the token endpoint; returns the token response (TS 33.180, B.4.2.5)."""
        endpoint = await self.token_endpoint()
        answer = await self.system.web.post_form(endpoint, urlencode(parameters))
        try:
            response = json.loads(answer.body)
        except ValueError:
            response = None
        if answer.status != 200:
            error = response.get("error") if isinstance(response, dict) else None
            raise Refusal(f"{endpoint}: answered {answer.status} {error or ''}".rstrip())
        if not isinstance(response, dict):
            raise Refusal(f"{endpoint}: the token response is no JSON object")
        return response

    async def token_endpoint(self) -> str:
        """Where tokens are asked for: what is configured, whatever the server's metadata say."""
        return self.system.access.idms_token_endpoint

    async def take(self, response: Mapping[str, object]) -> None:
        """Take tokens into use once they have been validated."""
        tokens = read_tokens(response)
        if tokens.id_token is not None:
            validated = await self.validate(tokens.id_token)
            told = {service: validated.identity(service) for service in self.services()}
            self._ids.update({service: name for service, name in told.items() if name})
        self._learn_from_elsewhere()
        if self.tokens is not None:
            tokens = completed(tokens, self.tokens)
        self.tokens = tokens

    async def validate(self, id_token: str) -> oidc.IdToken:
        """Validate an ID token (OpenID Connect Core, 3.1.3.7); its keys are at its issuer."""
        issuer = self.issuer_of(id_token)
        return self.check_id_token(id_token, await self.keys_of(issuer), issuer)

    def issuer_of(self, id_token: str) -> str:
        """Who issued an ID token.

        It has to be the server of the token endpoint: that is the only one the initial
        configuration vouches for.
        """
        issuer = stated_issuer(id_token)
        if not same_origin(issuer, self.system.access.idms_token_endpoint):
            raise Refusal(f"the ID token is of another issuer: {issuer}")
        return issuer

    async def keys_of(self, issuer: str) -> bytes:
        """The key set that an issuer publishes."""
        answer = await self.system.web.get(f"{issuer.rstrip('/')}/jwks")
        return expect(answer, 200).body

    def check_id_token(self, id_token: str, keys: bytes, issuer: str) -> oidc.IdToken:
        """Verify signature, issuer, audience and times."""
        client_id = self.system.provisioning.client_id
        return check_id_token(id_token, keys, issuer=issuer, client_id=client_id)

    def _learn_from_elsewhere(self) -> None:
        """Learn the IDs at a partner whose tokens do not tell them; no verified text says where."""
        options = self.system.provisioning.options
        for service in self.services() if self.system.home else ():
            offered = options.get(f"partner_{service}_id") or self.system.access.xui_uri
            if offered is not None:
                self._ids.setdefault(service, offered)
        if not self._ids:
            wanted = self.services()[0].upper()
            raise Refusal(f"no ID token says what the user's {wanted} ID is")

    # What the requests say

    def new_verifier(self) -> str:
        """A code verifier for one sign-in (RFC 7636, 4.1)."""
        return oidc.generate_verifier()

    def new_state(self) -> str:
        """A value that ties the authentication response to its request."""
        return oidc.generate_state()

    def scope(self) -> str:
        """What the access token is to be good for."""
        return oidc.scope_for(self.services())

    def services(self) -> tuple[str, ...]:
        """The services that this UE has clients for."""
        return services_in(self.system.provisioning.options.get("services", ""))

    def authorization_query(self, state: str, verifier: str) -> str:
        """The authentication request (TS 33.180, B.4.2.2)."""
        provisioning = self.system.provisioning
        return oidc.authorization_request(
            provisioning.client_id,
            self.scope(),
            provisioning.redirect_uri,
            state,
            oidc.code_challenge(verifier),
        )

    def code_parameters(self, code: str, verifier: str) -> dict[str, str]:
        """The token request (TS 33.180, B.4.2.4)."""
        provisioning = self.system.provisioning
        return oidc.code_token_request(
            code, provisioning.client_id, provisioning.redirect_uri, verifier
        )

    def refresh_parameters(self, refresh_token: str) -> dict[str, str]:
        """The request of a refresh (TS 33.180, B.5.2): for no more than was granted."""
        client_id = self.system.provisioning.client_id
        granted = self.tokens.scope if self.tokens is not None else None
        return oidc.refresh_token_request(refresh_token, client_id, granted or self.scope())


def read_tokens(response: Mapping[str, object]) -> Tokens:
    """Read a token response; without expires_in the token counts as short-lived."""
    if _text(response, "token_type").lower() != "bearer":
        raise Refusal("the access token is no bearer token")
    lifetime = response.get("expires_in", 60)
    if isinstance(lifetime, bool) or not isinstance(lifetime, int | float):
        raise Refusal("expires_in is no number of seconds")
    early = min(EARLY_SECONDS, lifetime / 5)
    return Tokens(
        access_token=_text(response, "access_token"),
        refresh_token=_text(response, "refresh_token") if "refresh_token" in response else None,
        id_token=_text(response, "id_token") if "id_token" in response else None,
        renew_at=time.monotonic() + lifetime - early,
        scope=_text(response, "scope") if response.get("scope") else None,
    )


def completed(new: Tokens, old: Tokens) -> Tokens:
    """The tokens of a refresh with what it left as it was."""
    return replace(
        new,
        refresh_token=new.refresh_token or old.refresh_token,
        scope=new.scope or old.scope,
    )


def _text(response: Mapping[str, object], name: str) -> str:
    value = response.get(name)
    if not isinstance(value, str) or not value:
        raise Refusal(f"the token response has no {name}")
    return value
