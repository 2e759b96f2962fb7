"""One HTTPS listener of an MC system: accepts, journals connections, records every exchange.

Handlers answer and nothing else; recording is this module's middleware. Connections are accepted
here and not by aiohttp, because a TLS refusal (an alert of a client that does not trust us) and
bytes that are not HTTP never reach a handler.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import ssl
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.streams import EMPTY_PAYLOAD, StreamReader
from aiohttp.web_protocol import RequestHandler, _ErrInfo

from muster.evidence import Fields, HttpExchange, Json
from muster.journal import Journal, now
from stubs.faults import Handler, HttpFault, NoAnswer
from stubs.tls import peer_subject
from stubs.tokens import TokenLedger

BODY_LIMIT = 1024 * 1024
BACKLOG = 1024
"""Connections that may wait to be accepted; past it a client's SYN is lost and costs a second."""


KEPT = 16384
"""Octets of what no parser takes; half of them are written, so that no secret is cut in two."""
OF_THE_PEER = (HttpProcessingError, web.RequestPayloadError, ConnectionError)
"""Errors that tell what a peer did."""

_SILENT = logging.Logger("stubs.http_server")
_SILENT.addHandler(logging.NullHandler())

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
            lambda: _Accepted(self), host, port, backlog=BACKLOG
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

    def accept(self, transport: asyncio.Transport, raw: _Accepted) -> None:
        """Take a TCP connection through its TLS handshake in the background."""
        task = asyncio.get_running_loop().create_task(self._handshake(transport, raw))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _handshake(self, transport: asyncio.Transport, raw: _Accepted) -> None:
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
        protocol = _Watched(self, connection, server, loop, transport)
        client = peer_subject(secured.get_extra_info("peercert"))
        shown = {"client_certificate": client} if client else {}
        self._tell(connection, "tls-established", tls=_tls_facts(secured), **shown)
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
                connection=watched.connection if isinstance(watched, _Watched) else "",
                method=request.method,
                target=request.raw_path,
                headers=headers,
                body=body,
                status=response.status if response is not None else None,
                response_headers=tuple(response.headers.items()) if response is not None else (),
                response_body=payload if isinstance(payload, bytes) else b"",
                tls=watched.tls if isinstance(watched, _Watched) else "",
                tokens=self.watch.ledger.uses(headers, request.raw_path, body),
                facts=facts,
            )
        )


class _Accepted(asyncio.Protocol):
    """A fresh TCP connection; it reads nothing before TLS has taken it over."""

    def __init__(self, server: HttpServer) -> None:
        self.server = server
        self.early = b""
        self.gone = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.pause_reading()
        self.server.accept(transport, self)

    def data_received(self, data: bytes) -> None:
        """A request that came in one flight with the end of the handshake: kept for aiohttp."""
        self.early += data

    def connection_lost(self, exc: BaseException | None) -> None:
        self.gone = True


class _Watched(RequestHandler):
    """aiohttp's connection, with an eye on bytes that its parser refuses."""

    __slots__ = ("_begun", "_body", "_raw", "_refused", "_watching", "connection", "tls")

    def __init__(
        self,
        server: HttpServer,
        connection: str,
        manager: Any,
        loop: asyncio.AbstractEventLoop,
        raw: asyncio.Transport,
    ) -> None:
        super().__init__(manager, loop=loop, **{**manager._kwargs, "logger": _SILENT})
        self._raw = raw
        self._watching = server
        self.connection = connection
        self.tls = ""
        self._begun = b""
        """Octets of a request whose header fields are not complete, from its start."""
        self._body: StreamReader = EMPTY_PAYLOAD
        """The body of the latest request."""
        self._refused: bytes | None = None
        """What could not be parsed."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.tls = _tls_facts(transport)
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        in_body = not self._body.is_eof()
        count = len(self._messages)
        super().data_received(data)
        if self._refused is not None:
            return
        if len(self._messages) > count:
            self._take(data)
        elif not in_body and not self._upgraded:
            self._begun = (self._begun + data)[:KEPT]

    def _take(self, data: bytes) -> None:
        """Requests have begun with these octets, or the parser has given up."""
        message, body = self._messages[-1]
        if isinstance(message, _ErrInfo):
            self._refused, self._begun = (self._begun + data)[:KEPT], b""
            self._end_body(message)
        else:
            self._body = body
            self._begun = data.rpartition(b"\r\n\r\n")[2] if body is EMPTY_PAYLOAD else b""

    def _end_body(self, error: _ErrInfo) -> None:
        """A handler that waits for the rest of a body waits in vain."""
        if not self._body.is_eof() and self._body.exception() is None:
            self._watching.unparsed(self.connection, self._refused or b"", error.message)
            self._body.set_exception(web.RequestPayloadError(error.message))

    def handle_error(
        self,
        request: Any,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        if status < 500:
            told = self._begun if self._refused is None else self._refused
            self._watching.unparsed(self.connection, told, message or str(exc))
        return super().handle_error(request, status, exc, message)

    def log_exception(self, *args: Any, **more: Any) -> None:
        """A log would hold tokens; the journal tells what the peer did, and a failure of ours."""
        error = more.get("exc_info")
        if isinstance(error, Exception) and not isinstance(error, OF_THE_PEER):
            self._watching.failed(error)

    def connection_lost(self, exc: BaseException | None) -> None:
        super().connection_lost(exc)
        if self._begun.strip(b"\r\n"):
            reason = "the connection ended inside a request"
            self._watching.unparsed(self.connection, self._begun, reason, "cut-short")
        self._watching.lost(self.connection, self._raw)


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


def _tls_facts(transport: asyncio.BaseTransport) -> str:
    secured = transport.get_extra_info("ssl_object")
    if secured is None:
        return ""
    cipher = secured.cipher()
    return f"{secured.version()} {cipher[0] if cipher else ''}".strip()
