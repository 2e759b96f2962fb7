"""Key management server: init and keyprov of TS 33.180 annex D with real key material."""

from __future__ import annotations

import base64
import functools
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import unquote

from aiohttp import web

from muster.masking import Masker
from muster.protocol import kms, mikey_sakke
from muster.protocol.kms_wrapping import TransportKey
from stubs.http_server import FACTS
from stubs.tokens import IssuedToken
from stubs.xcap import XcapServer

SCOPE = "key_management_service"
PERIOD = 2_592_000
"""Seconds: keys change every 30 days."""


@functools.cache
def kms_secrets(system: str) -> mikey_sakke.KmsSecrets:
    """The master secrets of a system's KMS, kept for the campaign."""
    return mikey_sakke.KmsSecrets.generate()


@functools.cache
def public_keys(system: str) -> tuple[bytes, bytes]:
    """(Z_T, KPAK): a SAKKE multiplication takes milliseconds, so once for the campaign."""
    master = kms_secrets(system)
    return mikey_sakke.public_encryption_key(master), mikey_sakke.public_authentication_key(master)


@functools.lru_cache(maxsize=4096)
def user_keys(system: str, identifier: bytes) -> mikey_sakke.UserKeys:
    return mikey_sakke.issue_user_keys(kms_secrets(system), identifier)


@dataclass
class KeyPolicy:
    """How a KMS gives keys out; a scenario may change it while the KMS runs."""

    periods: int = 1
    """Of how many key periods keys are given at once, from the one that was asked for on."""
    transport_key: TransportKey | None = None
    """Keys are encrypted under it."""


@dataclass
class Kms:
    """Answers POST requests below /keymanagement/identity/v1; keys only for the token's owner."""

    access: XcapServer
    """Checks tokens as CMS and GMS do, for the key management scope."""
    uri: str
    masker: Masker
    prefix: str = ""
    policy: KeyPolicy = field(default_factory=KeyPolicy)

    def routes(self, router: web.UrlDispatcher) -> None:
        router.add_post(f"{self.prefix}{kms.INIT_PATH}", self.init)
        router.add_post(f"{self.prefix}{kms.KEYPROV_PATH}", self.keyprov)
        router.add_post(f"{self.prefix}{kms.CERTCACHE_PATH}", self.certificate_cache)
        router.add_post(f"{self.prefix}{kms.CERTCACHE_PATH}/{{number}}", self.certificate_cache)
        router.add_post(f"{self.prefix}{kms.KEYPROV_PATH}/{{rest:.*}}", self.keyprov)

    async def init(self, request: web.Request) -> web.Response:
        asked, _ = await self._asked(request)
        return _answer(kms.build_init_response(asked, self._certificate("Root")))

    async def certificate_cache(self, request: web.Request) -> web.Response:
        """Certificates for traffic with other domains; here the own one stands for them (D.2.5)."""
        asked, _ = await self._asked(request)
        certificates = [self._certificate("External")]
        return _answer(kms.build_certificate_cache_response(asked, certificates, 1))

    def _certificate(self, role: str) -> kms.KmsCertificate:
        encryption, authentication = public_keys(self.access.system)
        return kms.KmsCertificate(
            kms_uri=self.uri,
            user_key_period=PERIOD,
            user_key_offset=0,
            pub_enc_key=encryption,
            pub_auth_key=authentication,
            role=role,
        )

    async def keyprov(self, request: web.Request) -> web.Response:
        asked, token = await self._asked(request)
        resource, _, moment = request.match_info.get("rest", "").partition("/")
        named = unquote(resource) or asked.user_uri
        request[FACTS]["keys_for"] = named
        if not token.belongs_to(named):
            error = kms.build_error_response(asked, 403, "keys are given to their owner only")
            return _answer(error)
        first = mikey_sakke.key_period_number(_moment(moment), PERIOD, 0)
        numbers = range(first, first + self.policy.periods)
        key = self.policy.transport_key
        issued = [self._issued(named, number) for number in numbers]
        return _answer(kms.build_keyprov_response(asked, issued, transport_key=key))

    def _issued(self, user: str, number: int) -> kms.KeySet:
        """The keys of a user for one key period."""
        identifier = mikey_sakke.uid(user, self.uri, PERIOD, 0, number)
        keys = user_keys(self.access.system, identifier)
        for secret in (keys.decrypt_key, keys.signing_key):
            for spelled in (secret.hex(), base64.b64encode(secret).decode()):
                self.masker.register(secret.hex().upper(), "private-key", spelled)
        return kms.KeySet(self.uri, user, identifier, number, keys)

    async def _asked(self, request: web.Request) -> tuple[kms.KmsRequest, IssuedToken]:
        token = self.access.authenticate(request)
        try:
            asked = kms.read_request(await request.read())
        except ValueError as error:
            request[FACTS]["kms_request_problem"] = str(error)
            raise web.HTTPBadRequest(text=str(error)) from error
        return asked, token


def _moment(written: str) -> datetime:
    """When keys are asked for: now, unless a moment was written that can be read."""
    try:
        return kms.read_ntp_time(written)
    except ValueError:
        return datetime.now(UTC)


def _answer(body: bytes) -> web.Response:
    headers = {"Cache-Control": "no-store"}
    return web.Response(body=body, content_type=kms.MEDIA_TYPE, headers=headers)
