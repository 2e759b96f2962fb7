"""Right UEs that use SIP for more than their configuration, or ask for more than they need."""

import json
import time
from collections.abc import Sequence
from contextlib import suppress

from muster.protocol import oidc
from muster.protocol.kms import CERTCACHE_PATH
from muster.protocol.sip.endpoint import Flow
from muster.protocol.sip.message import SipRequest, SipResponse, response_to
from muster.protocol.sip.multipart import Part
from muster.protocol.tokens import LEEWAY
from muster.ue.reference.identity import IdentityClient
from muster.ue.reference.keys import KeyClient
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.signalling import SignallingClient
from muster.ue.reference.sip_client import REGISTRATION_SECONDS, SipRefusal

KEEP_ALIVE = b"\r\n\r\n"
PACKAGES = ("reg", "presence")


class Lively(SignallingClient):
    """Sends all that a UE in the field sends beside its configuration."""

    is_new = True

    async def register(
        self, parts: Sequence[Part] = (), expires: int = REGISTRATION_SECONDS
    ) -> None:
        await super().register(parts, expires)
        if self.is_new and expires:
            self.is_new = False
            await self.live()

    async def live(self) -> None:
        """Keep the flow alive, watch the registration, affiliate, look around, call somebody."""
        endpoint, flow = self.line.endpoint, self.line.flow
        assert endpoint is not None
        assert flow is not None
        endpoint.send(flow, KEEP_ALIVE)
        for package in PACKAGES:
            request = self._request("SUBSCRIBE", self.identity, to=self.identity, parts=())
            request.headers.add("Event", package)
            request.headers.add("Expires", "600")
            await self._succeed(request)
        await self.publish_state("presence", [Part("application/pidf+xml", b"<presence/>")], 600)
        for method in ("OPTIONS", "MESSAGE", "INVITE"):
            with suppress(SipRefusal):
                to = self.server_uri
                await self._succeed(self._request(method, to, to=to, parts=()))

    async def answer(self, request: SipRequest, flow: Flow) -> SipResponse | None:
        event = (request.headers.get("Event") or "").partition(";")[0].strip()
        if request.method == "NOTIFY" and event in PACKAGES:
            return response_to(request, 200)
        return await super().answer(request, flow)


class AsksForCertificates(KeyClient):
    """Also asks for certificates of other key servers (TS 33.180, D.2.5)."""

    async def obtain(self) -> None:
        await super().obtain()
        await self.ask(CERTCACHE_PATH)
        with suppress(Refusal):
            await self.ask(f"{CERTCACHE_PATH}/1")


class StrictClock(IdentityClient):
    """Gives no leeway to the end of an ID token."""

    def check_id_token(self, id_token: str, keys: bytes, issuer: str) -> oidc.IdToken:
        try:
            known = oidc.read_jwks(json.loads(keys))
            client = self.system.provisioning.client_id
            strict = time.time() + LEEWAY
            return oidc.validate_id_token(id_token, known, issuer, client, now=strict)
        except ValueError as error:
            raise Refusal(f"the ID token is not valid: {error}") from error
