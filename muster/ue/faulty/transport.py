"""UEs whose requests over HTTP are wrong in themselves, whatever they are for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from multidict import CIMultiDict
from yarl import URL

from muster.ue.faulty.clear_text import ask_in_the_clear
from muster.ue.faulty.seeded import FaultyUe, made_of
from muster.ue.reference.web import Web, WebAnswer


class AssertsIdentity(Web):
    def arrange(self, headers: Mapping[str, str]) -> CIMultiDict[str]:
        identity = self._provisioning.public_identity
        return CIMultiDict({**headers, "X-3GPP-Asserted-Identity": f"<{identity}>"})


class GoesPastTheProxy(Web):
    def go_through(self, proxy: str, besides: Sequence[str]) -> None:
        """Whatever the configuration says, servers are asked directly."""


class SignsInThroughTheProxy(Web):
    def go_through(self, proxy: str, besides: Sequence[str]) -> None:
        super().go_through(proxy, ())


class BreaksFields(Web):
    def arrange(self, headers: Mapping[str, str]) -> CIMultiDict[str]:
        arranged = super().arrange(headers)
        if "Authorization" in headers:
            arranged.add("User Agent", "no name of a field has a space")
        return arranged


class _ClearFirst(Web):
    """Tries requests of some kind without TLS before it asks as it must."""

    def is_meant(self, method: str, url: str, body: bytes | None) -> bool:
        return False

    async def send_once(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> WebAnswer:
        if self.is_meant(method, url, body):
            bare = {"Accept": "*/*"}
            target = URL(url, encoded=True).with_query(None)
            await ask_in_the_clear(method, target, bare, self._provisioning.hosts)
        return await super().send_once(method, url, headers, body)


class AuthenticatesInTheClear(_ClearFirst):
    def is_meant(self, method: str, url: str, body: bytes | None) -> bool:
        return "code_challenge=" in url


class TokensInTheClear(_ClearFirst):
    def is_meant(self, method: str, url: str, body: bytes | None) -> bool:
        return b"grant_type=authorization_code" in (body or b"")


class KeysInTheClear(_ClearFirst):
    def is_meant(self, method: str, url: str, body: bytes | None) -> bool:
        return "/keymanagement/" in url


PROXY = ("bootstrap/http_proxy.feature",)
REQUESTS = ("robustness/requests.feature",)

FAULTS = (
    FaultyUe(
        "goes_past_the_proxy",
        "Asks configuration and group servers without the HTTP proxy of its configuration.",
        made_of(web=GoesPastTheProxy),
        "TS24482-A.2.1.2-03",
        PROXY,
    ),
    FaultyUe(
        "signs_in_through_the_proxy",
        "Asks the identity server through the HTTP proxy.",
        made_of(web=SignsInThroughTheProxy),
        "TS24482-A.2.1.2-02",
        PROXY,
    ),
    FaultyUe(
        "breaks_header_fields",
        "Sends header fields whose names cannot be read.",
        made_of(web=BreaksFields),
        "TS24482-A.2.1.1-01",
        REQUESTS,
    ),
    FaultyUe(
        "asserts_its_identity",
        "Asserts its identity as only an HTTP proxy may.",
        made_of(web=AssertsIdentity),
        "TS24482-A.2.2.2-01",
        REQUESTS,
    ),
    FaultyUe(
        "asks_for_authentication_in_the_clear",
        "Tries the authorisation endpoint without TLS first.",
        made_of(web=AuthenticatesInTheClear),
        "TS24482-6.2.1-01",
        REQUESTS,
    ),
    FaultyUe(
        "asks_for_tokens_in_the_clear",
        "Tries the token endpoint without TLS first.",
        made_of(web=TokensInTheClear),
        "TS24482-6.2.1-08",
        REQUESTS,
    ),
    FaultyUe(
        "asks_for_keys_in_the_clear",
        "Tries the key server without TLS first.",
        made_of(web=KeysInTheClear),
        "TS33180-D.1-01",
        REQUESTS,
    ),
)
