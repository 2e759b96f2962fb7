"""Faults of a key server: errors in KMS responses, bodies that are none, additions to them."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web
from lxml import etree

from muster.protocol import kms
from stubs.faults import Handler, HttpFault

FOREIGN = "urn:example:of-another-namespace"


@dataclass
class KmsErrorAnswer(HttpFault):
    """Requests whose path holds `path` are answered with a KmsError in place of a KmsMessage."""

    path: str
    code: int = 5
    """What the codes mean no specification says."""

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if self.path not in request.raw_path:
            return await handler(request)
        answer = await handler(request)
        if answer.status != 200:
            return answer
        asked = kms.read_request(await request.read())
        body = kms.build_error_response(asked, self.code, "the key server cannot do this now")
        return web.Response(body=body, content_type=kms.MEDIA_TYPE)


@dataclass
class MalformedKmsAnswer(HttpFault):
    """Requests whose path holds `path` are answered with the first half of the right response."""

    path: str

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        answer = await handler(request)
        if self.path not in request.raw_path or not isinstance(answer, web.Response):
            return answer
        body = answer.body if isinstance(answer.body, bytes) else b""
        return web.Response(
            status=answer.status, body=body[: len(body) // 2], content_type=kms.MEDIA_TYPE
        )


@dataclass
class RefusesGoodToken(HttpFault):
    """The first request whose path holds `path` is told that its token is invalid."""

    path: str
    told: bool = False

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if self.told or self.path not in request.raw_path:
            return await handler(request)
        self.told = True
        challenge = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
        return web.Response(status=401, headers=challenge)


@dataclass
class KmsExtension(HttpFault):
    """KMS responses carry an element of another namespace at their end (TS 33.180 D.1)."""

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        answer = await handler(request)
        if answer.status != 200 or not isinstance(answer, web.Response):
            return answer
        assert isinstance(answer.body, bytes)
        root = etree.fromstring(answer.body)
        addition = etree.SubElement(root, f"{{{FOREIGN}}}Addition")
        etree.SubElement(addition, f"{{{FOREIGN}}}Colour").text = "green"
        body = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
        return web.Response(body=body, content_type=kms.MEDIA_TYPE)
