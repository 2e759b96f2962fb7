"""A connection of an HTTPS listener: TLS facts, and octets that become no request."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Protocol

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.streams import EMPTY_PAYLOAD, StreamReader
from aiohttp.web_protocol import RequestHandler, _ErrInfo

KEPT = 16384
"""Octets of what no parser takes; half of them are written, so that no secret is cut in two."""
OF_THE_PEER = (HttpProcessingError, web.RequestPayloadError, ConnectionError)
"""Errors that tell what a peer did."""
_SILENT = logging.Logger("stubs.http_server")
_SILENT.addHandler(logging.NullHandler())


class Owner(Protocol):
    """The listener, as its connections know it."""

    def accept(self, transport: asyncio.Transport, raw: Accepted) -> None:
        """Take a TCP connection through its TLS handshake."""

    def unparsed(self, connection: str, data: bytes, reason: str, event: str = "") -> None:
        """Tell of octets that became no request."""

    def failed(self, error: Exception) -> None:
        """Tell of a failure of ours."""

    def lost(self, connection: str, transport: asyncio.Transport) -> None:
        """Tell that the connection is over."""


class Accepted(asyncio.Protocol):
    """A fresh TCP connection; it reads nothing before TLS has taken it over."""

    def __init__(self, server: Owner) -> None:
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


class Watched(RequestHandler):
    """aiohttp's connection, with an eye on bytes that its parser refuses."""

    __slots__ = ("_begun", "_body", "_raw", "_refused", "_watching", "connection", "tls")

    def __init__(
        self,
        server: Owner,
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
        self.tls = tls_facts(transport)
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


def tls_facts(transport: asyncio.BaseTransport) -> str:
    secured = transport.get_extra_info("ssl_object")
    if secured is None:
        return ""
    cipher = secured.cipher()
    return f"{secured.version()} {cipher[0] if cipher else ''}".strip()
