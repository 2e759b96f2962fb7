"""Right UEs that sign in, renew their tokens or ask for keys in another way than the reference."""

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from muster.protocol.kms import keyprov_path
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
