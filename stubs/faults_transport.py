"""What HTTP, TLS and SIP may do on the way: late, cut, repeated, moved, in unusual but right forms.

Each fault is put into a server's list while it runs; `times` counts down what is still to come.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from aiohttp import web

from muster.protocol.sip.endpoint import Flow
from muster.protocol.sip.message import SipRequest, SipResponse
from stubs.faults import Handler, HttpFault, NoAnswer
from stubs.faults_bootstrap import for_host
from stubs.http_server import HttpServer
from stubs.sip import SipFault, SipHandler, SipServer
from stubs.system import McSystem, random_host

ALWAYS = 1_000_000


@dataclass
class Sometimes(HttpFault):
    """Concerns requests whose path holds `path`, at most `times` of them."""

    path: str = ""
    times: int = ALWAYS

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if self.path not in request.raw_path or self.times <= 0:
            return await handler(request)
        self.times -= 1
        return await self.instead(request, handler)

    async def instead(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """What happens in place of the plain answer."""
        return await handler(request)


@dataclass
class Busy(Sometimes):
    """503 with Retry-After."""

    seconds: int = 1

    async def instead(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        return web.Response(status=503, headers={"Retry-After": str(self.seconds)})


@dataclass
class Late(Sometimes):
    """The answer comes late."""

    seconds: float = 0.5

    async def instead(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        await asyncio.sleep(self.seconds)
        return await handler(request)


@dataclass
class Redirect(Sometimes):
    """The client is sent to another URL."""

    location: str = ""
    status: int = 307

    async def instead(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        return web.Response(status=self.status, headers={"Location": self.location})


@dataclass
class OtherStatus(Sometimes):
    """The answer is as ever but for its status."""

    status: int = 299

    async def instead(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        response.set_status(self.status, "As It May")
        return response


@dataclass
class Chunked(Sometimes):
    """The body comes in chunks, without a length (RFC 9112 7.1)."""

    async def instead(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        if isinstance(response, web.Response) and response.body:
            response.enable_chunked_encoding()
        return response


@dataclass
class Closing(Sometimes):
    """The connection ends with each answer (RFC 9112 9.6)."""

    async def instead(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        response.force_close()
        return response


@dataclass
class MoreFields(Sometimes):
    """Answers carry more header fields."""

    fields: Sequence[tuple[str, str]] = ()

    async def instead(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        for name, value in self.fields:
            response.headers.add(name, value)
        return response


@dataclass
class CutShort(Sometimes):
    """The connection ends before the body has the length that was said (RFC 9112 6.3)."""

    after: bytes = b""
    """The last octets that are sent; the first half where the body does not hold them."""

    async def instead(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        body = response.body if isinstance(response, web.Response) else b""
        assert isinstance(body, bytes)
        cut = web.StreamResponse(status=response.status, headers=response.headers)
        cut.content_length = len(body)
        cut.force_close()
        await cut.prepare(request)
        end = body.find(self.after) + len(self.after) if self.after in body else len(body) // 2
        await cut.write(body[:end])
        if request.transport is not None:
            request.transport.close()
        return cut


@dataclass
class AnswerLost(Sometimes):
    """The request is acted on, and the connection ends without an answer."""

    async def instead(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        await handler(request)
        raise NoAnswer


@dataclass
class MovedTo(HttpFault):
    """A resource is at another path; the former one is as before."""

    path: str
    resource: Handler

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        return await (self.resource if request.path == self.path else handler)(request)


# SIP -------------------------------------------------------------------------------------------


@dataclass
class OtherSipStatus(SipFault):
    """Requests of a method are answered as ever but for the status."""

    method: str
    status: int = 299

    async def around(
        self, request: SipRequest, flow: Flow, handler: SipHandler
    ) -> SipResponse | None:
        response = await handler(request, flow)
        if response is None or request.method != self.method or response.status != 200:
            return response
        return SipResponse(self.status, "As It May", response.headers, response.body)


# Other places ----------------------------------------------------------------------------------


async def move_http(system: McSystem, server: str, host: str = "") -> str:
    """Let a server answer on another host; returns its URL there.

    The former listener goes on, under the name "former <server>": who still asks it is seen.
    """
    place = host or random_host()
    former = system.servers[server]
    path = urlsplit(system.url(server)).path
    moved = HttpServer(
        system.name, server, former.watch, former.routes, for_host(system, place), former.faults
    )
    await moved.start(place)
    former.server = f"former {server}"
    system.servers[f"former {server}"], system.servers[server] = former, moved
    shown = f"[{place}]" if ":" in place else place
    return f"https://{shown}:{moved.port}{path}"


async def move_sip(system: McSystem, host: str = "") -> str:
    """Let SIP of the system go to another host; returns host and port of its URIs."""
    place = host or random_host()
    former = system.sip
    moved = SipServer(system.name, former.watch, former.handler, former.faults, place)
    await moved.start(place)
    former.server = "former sip"
    system.retired.append(former)
    system.sip = system.mc_server.server = moved
    shown = f"[{place}]:{moved.port}" if ":" in place else f"{place}:{moved.port}"
    servers = {
        service: f"{uri.rpartition('@')[0]}@{shown}" for service, uri in system.psi.servers.items()
    }
    set_psi(system, servers=servers)
    return shown


async def open_sip_over_tls(system: McSystem) -> None:
    """Let SIP of the system come in over TLS, at a port of its own."""
    server = SipServer(
        system.name, system.sip.watch, system.sip.handler, system.sip.faults, system.host_name("mc")
    )
    await server.endpoint.start(system.host, tls=system.server_tls())
    assert server.endpoint.tls_port is not None
    server.port = server.endpoint.tls_port
    system.retired.append(system.sip)
    system.sip = system.mc_server.server = server
    servers = {
        service: f"{uri.rpartition(':')[0]}:{server.port}"
        for service, uri in system.psi.servers.items()
    }
    set_psi(system, servers=servers)


def set_psi(system: McSystem, **changes: object) -> None:
    """Change PSIs and XCAP roots that the SIP side of the system names."""
    system.psi = replace(system.psi, **changes)  # type: ignore[arg-type]
    system.mc_server.psi = system.psi


def token_resource(system: McSystem) -> Handler:
    """The token endpoint of a system, to be served at another path."""
    return functools.partial(_token, system)


async def _token(system: McSystem, request: web.Request) -> web.StreamResponse:
    return await system.idms.token(request)
