"""Named misbehaviours around a migration: entries that do not tell, refusals, negative results."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from aiohttp import web
from lxml import etree

from muster.documents.parse import parse
from muster.protocol.oidc import GRANT_TOKEN_EXCHANGE
from muster.protocol.sip.endpoint import Flow
from muster.protocol.sip.message import SipRequest, SipResponse, response_to
from stubs import sip_bodies as bodies
from stubs.faults import Handler, HttpFault, NoAnswer
from stubs.grants import GrantRefused, TokenService
from stubs.http_server import FACTS
from stubs.sip import SipFault, SipHandler, SipServer

TOLD_BY = {
    "idms": ("idms-auth-endpoint", "idms-token-endpoint"),
    "sip": ("Server-URI",),
    "cms": ("cms", "CMS-XCAP-root-URI"),
    "gms": ("gms", "GMS-URI", "GMS-XCAP-root-URI"),
}
"""Elements of an initial configuration that tell where a server is."""
PDN_REFERENCES = ("MCPTT-to-con-ref", "MC-common-core-to-con-ref", "MC-ID-to-con-ref")
ROOT = "mcptt-UE-initial-configuration"


SIGN_OF_LIFE = 0.02
"""Seconds between looks at whether a client still waits."""


# Servers that say nothing ------------------------------------------------------------------------


@dataclass
class Silence(HttpFault):
    """Requests get no answer for as long as the client waits; `grant`: only those token requests.

    Ends with the connection, or after `seconds`.
    """

    grant: str = ""
    seconds: float = 60.0

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not await _asks(request, self.grant):
            return await handler(request)
        end = time.monotonic() + self.seconds
        while time.monotonic() < end and not _is_gone(request):
            await asyncio.sleep(SIGN_OF_LIFE)
        raise NoAnswer


@dataclass
class BrokenGrant(HttpFault):
    """Token requests of one grant type get no answer: the connection is closed."""

    grant: str

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if await _asks(request, self.grant):
            raise NoAnswer
        return await handler(request)


@dataclass
class OtherAudience(HttpFault):
    """Security tokens are made for another system than the one that was named."""

    service: TokenService
    resource: str

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not await _asks(request, GRANT_TOKEN_EXCHANGE):
            return await handler(request)
        form = {key: str(value) for key, value in (await request.post()).items()}
        try:
            answer = self.service.answer({**form, "resource": self.resource}, request[FACTS])
        except GrantRefused:
            return await handler(request)
        return web.json_response(answer, headers={"Cache-Control": "no-store"})


async def _asks(request: web.Request, grant: str) -> bool:
    return not grant or (await request.post()).get("grant_type") == grant


def _is_gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


@dataclass
class SipSilence(SipFault):
    """Requests of a method get no answer; the end of something, Expires 0, is let pass."""

    method: str
    with_token: bool = False
    """Only those that present an access token."""

    async def around(
        self, request: SipRequest, flow: Flow, handler: SipHandler
    ) -> SipResponse | None:
        presents = any(info.access_token for info in bodies.service_infos(request))
        ends = request.headers.get("Expires") == "0"
        if request.method != self.method or ends or (self.with_token and not presents):
            return await handler(request, flow)
        return None


@dataclass
class SipBreaksOff(SipFault):
    """A request that presents an access token is not answered, and its connection is closed."""

    server: SipServer

    async def around(
        self, request: SipRequest, flow: Flow, handler: SipHandler
    ) -> SipResponse | None:
        presents = any(info.access_token for info in bodies.service_infos(request))
        if not presents or request.method == "SUBSCRIBE" or request.headers.get("Expires") == "0":
            return await handler(request, flow)
        await self.server.break_off(flow)
        return None


# Entries of a partner list -----------------------------------------------------------------------


def without_address(system_id: str, server: str) -> Callable[[bytes], bytes]:
    """The entry of that partner does not tell where the server is."""

    def change(body: bytes) -> bytes:
        root = parse(body)
        for access in _entries(root, system_id):
            for element in _named(access, TOLD_BY[server]):
                _removed(element)
        return _written(root)

    return change


def with_unusable_address(system_id: str, server: str) -> Callable[[bytes], bytes]:
    """The entry of that partner tells something about the server that is no address."""

    def change(body: bytes) -> bytes:
        root = parse(body)
        for access in _entries(root, system_id):
            for element in _named(access, TOLD_BY[server]):
                if (element.text or "").startswith("https:"):
                    element.text = "to-be-announced"
        return _written(root)

    return change


def with_pdn_connection(system_id: str, name: str) -> Callable[[bytes], bytes]:
    """The entry of that partner names this PDN connection for all that goes there."""

    def change(body: bytes) -> bytes:
        root = parse(body)
        for access in _entries(root, system_id):
            for element in _named(access, PDN_REFERENCES):
                element.text = name
        return _written(root)

    return change


def without_access(system_id: str) -> Callable[[bytes], bytes]:
    """The entry of that partner names it and tells nothing else."""

    def change(body: bytes) -> bytes:
        root = parse(body)
        for access in _entries(root, system_id):
            _removed(access)
        return _written(root)

    return change


def with_list_off_network(body: bytes) -> bytes:
    """The list of partners stands where the profile tells of off-network use."""
    root = parse(body)
    on_network = next(iter(root.iter("{*}OnNetwork")))
    space = etree.QName(on_network).namespace
    listed = [one for one in on_network.iter(etree.Element) if _is_entry(one)]
    aside = etree.SubElement(root, f"{{{space}}}OffNetwork", index="9")
    extension = etree.SubElement(aside, f"{{{space}}}anyExt")
    for entry in listed:
        extension.append(entry)
    return _written(root)


def _is_entry(element: etree._Element) -> bool:
    return etree.QName(element).localname.startswith("MigratablePartner")


def _entries(root: etree._Element, system_id: str) -> list[etree._Element]:
    """Return the embedded configurations of the entries of that partner."""
    found = []
    for access in list(root.iter(f"{{*}}{ROOT}")):
        entry = access.getparent()
        texts = [child.text for child in entry] if entry is not None else []
        if system_id in texts:
            found.append(access)
    return found


def _named(access: etree._Element, names: Iterable[str]) -> list[etree._Element]:
    return [element for name in names for element in list(access.iter(f"{{*}}{name}"))]


def _removed(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


# Service authorisation ---------------------------------------------------------------------------


@dataclass
class NegativeMigrationResult(SipFault):
    """A request for service authorisation is answered, and its result says no."""

    service: str = "mcptt"

    async def around(
        self, request: SipRequest, flow: Flow, handler: SipHandler
    ) -> SipResponse | None:
        infos = bodies.service_infos(request)
        if request.method == "SUBSCRIBE" or not any(info.access_token for info in infos):
            return await handler(request, flow)
        headers = [
            ("Content-Type", f"application/vnd.3gpp.{self.service}-info+xml"),
            ("SIP-ETag", secrets.token_hex(6)),
            ("Expires", request.headers.get("Expires") or "3600"),
        ]
        return response_to(request, 200, headers=headers, body=_negative(self.service))


def _negative(service: str) -> bytes:
    result = f"<{service}Boolean>false</{service}Boolean>"
    return (
        f'<{service}info xmlns="urn:3gpp:ns:{service}Info:1.0"><{service}-Params><anyExt>'
        f'<migration-auth-result type="Normal">{result}</migration-auth-result>'
        f"</anyExt></{service}-Params></{service}info>"
    ).encode()
