"""HTTPS of the UE: verified TLS, own source address, redirects never followed."""

import asyncio
import socket
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import ip_address
from typing import ClassVar

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from muster.ue.driver import Provisioning
from muster.ue.reference.documents import BODY_LIMIT
from muster.ue.reference.refusal import Refusal

USUAL_SECONDS = 20.0
"""How long an answer is waited for."""
LONGEST_PAUSE = 5.0
"""Seconds that the UE is ready to wait for a server that is busy."""
_CHUNK = 65536
_KNOWN = frozenset(map(int, HTTPStatus))


@dataclass(frozen=True)
class WebAnswer:
    """An HTTP response, read to its end."""

    url: str
    status: int
    headers: CIMultiDictProxy[str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The Content-Type without its parameters."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()


class HostsResolver(AbstractResolver):
    """Resolves the names that the UE is provisioned with, and no others."""

    def __init__(self, hosts: Mapping[str, str]) -> None:
        self._hosts = hosts

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Look the name up in the hosts map."""
        address = address_of(host, self._hosts)
        kind = family_of(address)
        return [
            ResolveResult(hostname=host, host=address, port=port, family=kind, proto=0, flags=0)
        ]

    async def close(self) -> None:
        """Nothing to release."""


def address_of(host: str, hosts: Mapping[str, str]) -> str:
    """Return the address of a name, or the host itself where it is an address."""
    try:
        return hosts.get(host.lower()) or str(ip_address(host.strip("[]")))
    except ValueError:
        # OSError is what a resolver raises for a name that it does not know.
        raise OSError(f"the name {host} is not known") from None


def family_of(address: str) -> socket.AddressFamily:
    """The family of an IP address."""
    return socket.AF_INET6 if ip_address(address).version == 6 else socket.AF_INET


class Web:
    """The HTTP client of the UE for one MC system."""

    keeps_connections: ClassVar[bool] = True

    def __init__(self, provisioning: Provisioning) -> None:
        self._provisioning = provisioning
        self._proxy = ""
        self._past_proxy: Sequence[str] = ()
        connector = aiohttp.TCPConnector(
            ssl=self.tls(),
            resolver=HostsResolver(provisioning.hosts),
            socket_factory=self.own_socket,
            force_close=not self.keeps_connections,
            happy_eyeballs_delay=None,
        )
        self._session = aiohttp.ClientSession(connector=connector)
        self.is_in_a_hurry = False
        """Whether it waits no longer than it is provisioned to: once its user is to migrate."""

    def go_through(self, proxy: str, besides: Sequence[str]) -> None:
        """Send all requests to an HTTP proxy, but for those to the servers of some URLs."""
        self._proxy, self._past_proxy = proxy, besides

    def _routed(self, target: URL, headers: Mapping[str, str]) -> tuple[URL, Mapping[str, str]]:
        """Where a request is sent, with the Host that tells the proxy whom it is for."""
        url = str(target)
        if not self._proxy or any(same_origin(url, other) for other in self._past_proxy):
            return target, headers
        origin = str(_https(self._proxy).origin())
        return URL(f"{origin}{target.raw_path_qs}", encoded=True), {
            "Host": target.raw_authority,
            **headers,
        }

    async def get(self, url: str, headers: Mapping[str, str] | None = None) -> WebAnswer:
        """GET a URL as it is written: no normalisation of its path."""
        return await self.send("GET", url, headers or {}, None)

    async def post_form(self, url: str, body: str) -> WebAnswer:
        """POST a form that is encoded already."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return await self.send("POST", url, headers, body.encode("ascii"))

    async def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> WebAnswer:
        """Send a request; a GET that is put off is repeated once the server wants it."""
        answer = await self.send_once(method, url, headers, body)
        pause = self.pause(answer) if method == "GET" else None
        if pause is None:
            return answer
        await asyncio.sleep(pause)
        return await self.send_once(method, url, headers, body)

    async def send_once(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> WebAnswer:
        """Send one request and read its response, at most BODY_LIMIT octets of it."""
        target = _https(url)
        place, fields = self._routed(target, headers)
        try:
            async with self._session.request(
                method,
                place,
                headers=self.arrange(fields),
                data=body,
                allow_redirects=False,
                timeout=self.timeout(),
            ) as response:
                content = await self.read(response)
                return WebAnswer(url, self.understood(response.status), response.headers, content)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            told = str(error) or type(error).__name__
            raise Refusal(f"{method} {_shown(target)}: {told}") from error

    def timeout(self) -> aiohttp.ClientTimeout:
        """How long an answer is waited for."""
        seconds = patience(self._provisioning, USUAL_SECONDS)
        return aiohttp.ClientTimeout(total=seconds if self.is_in_a_hurry else USUAL_SECONDS)

    def pause(self, answer: WebAnswer) -> float | None:
        """How long a server that is busy asks to wait; None where it asks nothing or too much."""
        asked = answer.headers.get("Retry-After", "")
        if answer.status != 503 or not (asked.isascii() and asked.isdigit()):
            return None
        return float(asked) if float(asked) <= LONGEST_PAUSE else None

    def understood(self, status: int) -> int:
        """A status code that this UE does not know is the x00 of its class (RFC 9110, 15)."""
        return status if status in _KNOWN else status // 100 * 100

    def tls(self) -> ssl.SSLContext:
        """The TLS of every connection."""
        return client_tls(self._provisioning)

    def own_socket(self, place: aiohttp.AddrInfoType) -> socket.socket:
        """A socket at the UE's own address, where that is of the family of the server's."""
        family, kind, protocol, _, _ = place
        made = socket.socket(family, kind, protocol)
        own = self._provisioning.source_address
        if family == family_of(own):
            made.bind((own, 0))
        return made

    async def read(self, response: aiohttp.ClientResponse) -> bytes:
        """Read the whole body, unless it is longer than any document."""
        content = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK):
            content += chunk
            if len(content) > BODY_LIMIT:
                raise Refusal(f"{_shown(response.url)}: the body exceeds {BODY_LIMIT} octets")
        return bytes(content)

    def arrange(self, headers: Mapping[str, str]) -> CIMultiDict[str]:
        """Put the headers in the order in which they are sent."""
        return CIMultiDict(headers)

    async def close(self) -> None:
        """Close all connections."""
        await self._session.close()
        # The TLS transports finish closing in the passes of the loop that follow.
        await asyncio.sleep(0)


def patience(provisioning: Provisioning, usual: float) -> float:
    """How long an answer is waited for, in seconds: less where the UE is provisioned so."""
    return min(usual, float(provisioning.options.get("patience_seconds", usual)))


def client_tls(provisioning: Provisioning) -> ssl.SSLContext:
    """TLS 1.2 or later; the server proves its name with a certificate of a trusted CA."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(cadata=provisioning.trusted_ca_pem.decode("ascii"))
    return context


def expect(answer: WebAnswer, status: int, media_type: str | None = None) -> WebAnswer:
    """Refuse an answer with another status or another media type."""
    shown = _shown(URL(answer.url, encoded=True))
    if answer.status != status:
        raise Refusal(f"{shown}: answered {answer.status}")
    if media_type is not None and answer.media_type != media_type:
        raise Refusal(f"{shown}: answered with {answer.media_type or 'no media type'}")
    return answer


def same_origin(one: str, other: str) -> bool:
    """Whether two URLs have scheme, host and port in common."""
    try:
        return URL(one, encoded=True).origin() == URL(other, encoded=True).origin()
    except ValueError:
        return False


def _https(url: str) -> URL:
    try:
        target = URL(url, encoded=True)
    except ValueError as error:
        raise Refusal(f"not a URL: {url!r}") from error
    if target.scheme != "https" or not target.host:
        raise Refusal(f"not an https URL: {url!r}")
    return target


def _shown(url: URL) -> str:
    # Queries and fragments can hold codes and tokens; reasons end up in reports.
    return str(url.with_query(None).with_fragment(None))
