"""Right UEs that sign in, renew their tokens or ask for keys in another way than the reference."""

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from muster.protocol import oidc
from muster.protocol.kms import INIT_PATH, KmsRequest, keyprov_path
from muster.ue.driver import Credentials
from muster.ue.reference.identity import IdentityClient
from muster.ue.reference.keys import KeyClient
from muster.ue.reference.web import WebAnswer, expect


class AuthenticationByPost(IdentityClient):
    async def show_form(self, state: str, verifier: str) -> WebAnswer:
        endpoint = self.system.access.idms_auth_endpoint
        query = self.authorization_query(state, verifier)
        return expect(await self.system.web.post_form(endpoint, query), 200)


class RefreshesEarly(IdentityClient):
    async def take(self, response: Mapping[str, object]) -> None:
        await super().take(response)
        if self.tokens is not None and self.tokens.refresh_token is not None:
            self.tokens = replace(self.tokens, renew_at=time.monotonic())


class KeysOfNamedUser(KeyClient):
    def keys_path(self) -> str:
        return keyprov_path(self.system.mc_service_id)


class KeysOfNamedUserNow(KeyClient):
    def keys_path(self) -> str:
        return keyprov_path(self.system.mc_service_id, datetime.now(UTC))


class SignsInForEachService(IdentityClient):
    """Signs in for its first service alone, and then for all of them."""

    is_narrow = False

    async def sign_in(self, credentials: Credentials) -> None:
        self.is_narrow = True
        try:
            await super().sign_in(credentials)
        finally:
            self.is_narrow = False
        await super().sign_in(credentials)

    def scope(self) -> str:
        return oidc.scope_for(self.services()[:1]) if self.is_narrow else super().scope()


class LoadsPageTwice(IdentityClient):
    async def show_form(self, state: str, verifier: str) -> WebAnswer:
        await super().show_form(state, verifier)
        return await super().show_form(state, verifier)


class KeysOfAllServices(KeyClient):
    """Asks for the keys of all IDs of its user, whichever service is started."""

    for_whom: str | None = None

    async def obtain(self) -> None:
        identity = self.system.identity
        others = identity.services() if self.system.home is None else ()
        for service in others:
            self.for_whom = identity.mc_service_id(service)
            if self.for_whom != self.system.mc_service_id:
                await self.ask(INIT_PATH)
                await self.ask(self.keys_path())
        self.for_whom = None
        await super().obtain()

    def request(self, url: str) -> KmsRequest:
        request = super().request(url)
        return replace(request, user_uri=self.for_whom) if self.for_whom else request
