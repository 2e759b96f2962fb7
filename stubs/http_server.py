"""One HTTPS listener of an MC system: accepts, journals connections, records every exchange.

Handlers answer and nothing else; recording is this module's middleware. Connections are accepted
here and not by aiohttp, because a TLS refusal (an alert of a client that does not trust us) and
bytes that are not HTTP never reach a handler.
"""

from __future__ import annotations

import asyncio
import itertools
import ssl
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from muster.evidence import Fields, HttpExchange, Json
from muster.journal import Journal, now
from stubs.faults import Handler, HttpFault, NoAnswer
from stubs.http_connection import KEPT, Accepted, Watched, tls_facts
from stubs.tls import peer_subject
from stubs.tokens import TokenLedger

BODY_LIMIT = 1024 * 1024
BACKLOG = 1024
"""Connections that may wait to be accepted; past it a client's SYN is lost and costs a second."""


FACTS = web.RequestKey("facts", dict[str, Json])
"""Key of a request under which handlers attest facts about secrets (DESIGN 4, Journal)."""

_connection_numbers = itertools.count(1)


@dataclass
class Watch:
    """What every server of a world shares: the journal and the ledger of tokens."""

    journal: Journal
    ledger: TokenLedger
    tells_peers: bool = False
    """Whether it is recorded from which address each request came."""


@dataclass
class HttpServer:
    """Serves one aiohttp application for one server role of one system."""

    system: str
    server: str
    watch: Watch
    routes: Callable[[web.UrlDispatcher], None]
    tls: ssl.SSLContext | Callable[[], ssl.SSLContext]
    """The certificate of the server, or what issues it when the first client comes."""
    faults: list[HttpFault] = field(default_factory=list)
    port: int = 0

    def __post_init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._raw: set[asyncio.Transport] = set()
        self._listener: asyncio.Server | None = None
        self._runner: web.AppRunner | None = None
        self._making = asyncio.Lock()

    async def start(self, host: str, port: int = 0) -> int:
        """Listen; return the port. Raises OSError when a fixed port is taken."""
        self._listener = await asyncio.get_running_loop().create_server(
            lambda: Accepted(self), host, port, backlog=BACKLOG
        )
        self.port = self._listener.sockets[0].getsockname()[1]
        return self.port

    async def _application(self) -> web.Server:
        """What serves; it is made when the first client comes, as most servers see none."""
        async with self._making:
            if self._runner is None:
                application = web.Application(
                    middlewares=[self._recording], client_max_size=BODY_LIMIT, handler_args=None
                )
                self.routes(application.router)
                runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.2)
                await runner.setup()
                assert runner.server is not None
                self._serve_odd_expectations(runner.server)
                self._runner = runner
        assert self._runner.server is not None
        return self._runner.server

    async def stop(self) -> None:
        if self._listener is None:
            return
        self._listener.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._runner is not None:
            await self._runner.cleanup()
        for transport in list(self._raw):
            transport.abort()
        await self._listener.wait_closed()

    # Connections -------------------------------------------------------------------------------

    def accept(self, transport: asyncio.Transport, raw: Accepted) -> None:
        """Take a TCP connection through its TLS handshake in the background."""
        task = asyncio.get_running_loop().create_task(self._handshake(transport, raw))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _handshake(self, transport: asyncio.Transport, raw: Accepted) -> None:
        connection = f"{self.system}-{self.server}-C{next(_connection_numbers)}"
        self._raw.add(transport)
        peer = transport.get_extra_info("peername")
        self._tell(connection, "accepted", peer=f"{peer[0]}:{peer[1]}" if peer else "")
        loop = asyncio.get_running_loop()
        try:
            context = self.tls() if callable(self.tls) else self.tls
            secured = await loop.start_tls(
                transport, raw, context, server_side=True, ssl_handshake_timeout=20
            )
        except (OSError, asyncio.CancelledError) as error:
            transport.abort()
            self._raw.discard(transport)
            if isinstance(error, asyncio.CancelledError):
                self._tell(connection, "closed")  # by us: the server stops
                raise
            reason = getattr(error, "reason", None) or str(error) or type(error).__name__
            self._tell(connection, "tls-failed", alert=reason)
            if reason == "HTTP_REQUEST":
                self._tell(connection, "plain-http")  # instead of a handshake
            return
        if secured is None or raw.gone:
            self.lost(connection, transport)
            return
        try:
            server = await self._application()
        except Exception as error:
            self.failed(error)
            transport.abort()
            return
        protocol = Watched(self, connection, server, loop, transport)
        client = peer_subject(secured.get_extra_info("peercert"))
        shown = {"client_certificate": client} if client else {}
        self._tell(connection, "tls-established", tls=tls_facts(secured), **shown)
        secured.set_protocol(protocol)
        protocol.connection_made(secured)
        if raw.early:
            protocol.data_received(raw.early)

    def _tell(self, connection: str, event: str, **more: Json) -> None:
        self.watch.journal.connection(self.system, self.server, connection, event, **more)

    def unparsed(self, connection: str, data: bytes, reason: str, event: str = "unparsed") -> None:
        """Octets that became no request: none can be made of them, or the rest did not come."""
        journal = self.watch.journal
        self.watch.ledger.learn(data)
        clean = journal.masker.mask_bytes(data)[: KEPT // 2]
        self._tell(connection, event, reason=reason, bytes=journal.body(clean))

    def failed(self, error: Exception) -> None:
        """Something of ours failed outside of any handler: the suite's error."""
        self.watch.journal.crash(f"{self.system} {self.server}", error)

    def lost(self, connection: str, transport: asyncio.Transport) -> None:
        self._raw.discard(transport)
        self._tell(connection, "closed")

    # Exchanges ---------------------------------------------------------------------------------

    @web.middleware
    async def _recording(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        started = now()
        request[FACTS] = {}
        response: web.StreamResponse | None = None
        try:
            response = await self._answer(request, handler)
            return response
        except NoAnswer:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=444)
        finally:
            self._record_or_tell(request, response, started)

    def _serve_odd_expectations(self, server: web.Server) -> None:
        """An unknown Expect is refused before any middleware: recorded here (RFC 9110 10.1.1)."""
        handle = server.request_handler

        async def answer(request: Any) -> web.StreamResponse:
            started = now()
            try:
                return await handle(request)
            except web.HTTPExpectationFailed:
                response = web.Response(status=417)
                request[FACTS] = {}
                self._record_or_tell(request, response, started)
                return response

        server.request_handler = answer

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            await self._read(request)
            return await _through(self.faults, handler)(request)
        except web.HTTPException as answer:
            return web.Response(
                status=answer.status,
                reason=answer.reason,
                body=answer.body if isinstance(answer.body, bytes) else None,
                headers=_without_length(answer.headers),
            )
        except (NoAnswer, ConnectionResetError, asyncio.CancelledError):
            raise
        except Exception as error:  # a handler of ours failed: the suite's error, never the UE's
            self.watch.journal.crash(f"{self.system} {self.server} {request.path}", error)
            return web.Response(status=500)

    async def _read(self, request: web.Request) -> None:
        """Read the body. HTTPBadRequest when it is not coded as its header fields say."""
        try:
            await request.read()
        except web.RequestPayloadError as error:
            request[FACTS]["body_unreadable"] = str(error)
            raise web.HTTPBadRequest from error
        except ConnectionResetError:
            request[FACTS]["body_cut_short"] = True
            raise

    def _record_or_tell(
        self, request: web.Request, response: web.StreamResponse | None, started: float
    ) -> None:
        """An exchange that could not be recorded is missing evidence: the suite's error."""
        try:
            self._record(request, request._read_bytes or b"", response, started)
        except Exception as error:
            self.watch.journal.crash(f"{self.system} {self.server} recording", error)

    def _record(
        self,
        request: web.Request,
        body: bytes,
        response: web.StreamResponse | None,
        started: float,
    ) -> None:
        headers = _fields(request.raw_headers)
        facts: dict[str, Json] = request[FACTS]
        if self.watch.tells_peers and request.remote:
            facts["remote"] = request.remote
        payload = getattr(response, "body", None)
        watched = request.protocol
        self.watch.journal.exchange(
            HttpExchange(
                name="",
                started=started,
                ended=now(),
                system=self.system,
                server=self.server,
                connection=watched.connection if isinstance(watched, Watched) else "",
                method=request.method,
                target=request.raw_path,
                headers=headers,
                body=body,
                status=response.status if response is not None else None,
                response_headers=tuple(response.headers.items()) if response is not None else (),
                response_body=payload if isinstance(payload, bytes) else b"",
                tls=watched.tls if isinstance(watched, Watched) else "",
                tokens=self.watch.ledger.uses(headers, request.raw_path, body),
                facts=facts,
            )
        )


def _through(faults: Iterable[HttpFault], handler: Handler) -> Handler:
    """Wrap a handler in faults; the first fault is the outermost."""
    for fault in reversed(list(faults)):
        handler = _wrapped(fault, handler)
    return handler


def _wrapped(fault: HttpFault, handler: Handler) -> Handler:
    def answer(request: web.Request) -> Awaitable[web.StreamResponse]:
        return fault.around(request, handler)

    return answer


def _fields(raw: Iterable[tuple[bytes, bytes]]) -> Fields:
    return tuple((name.decode("latin-1"), value.decode("utf-8", "replace")) for name, value in raw)


def _without_length(headers: Any) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers.items() if name.lower() != "content-length"]
