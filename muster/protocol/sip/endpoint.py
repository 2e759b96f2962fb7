"""A SIP endpoint: answers requests through a handler, sends requests, and tells an observer."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import ssl
import time
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Any

from .fields import SipSyntaxError, Via, parse_cseq, parse_via, split_list, with_parameter
from .message import (
    Headers,
    SipRequest,
    SipResponse,
    parse_first,
    refusal_to,
    response_to,
    serialise,
)
from .observer import Flow, Silence, SipObserver, SipRecord
from .transaction import (
    MAGIC_COOKIE,
    ClientTransaction,
    ServerTransaction,
    SipTimeout,
    Timers,
    server_key,
)
from .transport import Transports

__all__ = ["Flow", "Handler", "SipEndpoint", "SipObserver", "SipRecord", "SipTimeout", "Timers"]

Handler = Callable[[SipRequest, Flow], Awaitable[SipResponse | None]]

_log = logging.getLogger(__name__)


def _log_error(error: Exception) -> None:
    _log.exception("a SIP handler failed", exc_info=error)


class SipEndpoint:
    """Both sides of SIP on one set of sockets; all methods belong to the loop that started it."""

    tls_port: int | None = None
    """Port of the TLS listener, when `start` was given a context."""

    def __init__(
        self,
        handler: Handler,
        observer: SipObserver | None = None,
        timers: Timers = Timers(),  # noqa: B008, frozen
        *,
        on_error: Callable[[Exception], None] = _log_error,
        advertised_host: str | None = None,
    ) -> None:
        """`on_error` hears what the handler raises; `advertised_host` stands in Via."""
        self._handler = handler
        self._observer: SipObserver = observer or Silence()
        self._timers = timers
        self._on_error = on_error
        self._advertised_host = advertised_host
        self._transports = Transports(self)
        self._servers: dict[Hashable, ServerTransaction] = {}
        self._clients: dict[Hashable, ClientTransaction] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._expiries: dict[tuple[int, Hashable], asyncio.TimerHandle] = {}
        self._closed = False

    # Life --------------------------------------------------------------------------------------

    async def start(
        self,
        host: str,
        port: int = 0,
        transports: Sequence[str] = ("udp", "tcp"),
        *,
        tls: ssl.SSLContext | None = None,
    ) -> int:
        """Listen, and return the port that UDP and TCP share; TLS gets `tls_port`."""
        chosen = await self._transports.listen(host, port, transports, tls)
        self.tls_port = self._transports.ports.get("tls")
        return chosen

    async def connect(
        self,
        transport: str,
        host: str,
        port: int,
        *,
        ssl: ssl.SSLContext | None = None,
        server_hostname: str | None = None,
        local_host: str | None = None,
    ) -> Flow:
        """Open a flow to a peer; its requests on that flow come to the handler."""
        if self._closed:
            raise ConnectionError("the endpoint is closed")
        return await self._transports.connect(
            transport, host, port, ssl, server_hostname, local_host
        )

    async def disconnect(self, flow: Flow) -> None:
        """Close one connection."""
        await self._transports.disconnect(flow)

    async def close(self) -> None:
        """End everything at once: nothing is answered, sent or waited for any more."""
        self._closed = True
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for transaction in list(self._clients.values()):
            transaction.fail(ConnectionError("the endpoint was closed"))
        for unanswered in self._servers.values():
            unanswered.finish()
        for timer in self._expiries.values():
            timer.cancel()
        self._expiries.clear()
        self._clients.clear()
        self._servers.clear()
        await self._transports.close()

    # Sending -----------------------------------------------------------------------------------

    async def request(self, request: SipRequest, flow: Flow, *, copies: int = 0) -> SipResponse:
        """Send a request and return its final response. SipTimeout or ConnectionError otherwise.

        The request itself is not changed; Via and Max-Forwards are added to a copy if missing.
        With `copies` it is sent again when it was answered, and the last answer is returned.
        """
        outgoing, key = self._outgoing(request, flow)
        if key in self._clients:
            raise ValueError("a transaction of this branch and method is under way")
        transaction = ClientTransaction(
            flow, serialise(outgoing), self._timers, self.send, self._report, copies
        )
        self._clients[key] = transaction
        try:
            transaction.start()
            return await transaction.outcome
        except asyncio.CancelledError:
            transaction.abandon()
            raise
        finally:
            wait = 0.0 if flow.reliable else self._timers.absorption
            self._expire(self._clients, key, wait)

    def send(self, flow: Flow, data: bytes) -> None:
        """Send octets as they are, outside any transaction."""
        self._transports.send(flow, data)

    def _outgoing(self, request: SipRequest, flow: Flow) -> tuple[SipRequest, Hashable]:
        headers = Headers(request.headers.items())
        if "Via" not in headers:
            host, port = flow.local
            port = self._transports.ports.get(flow.transport, port)
            host = self._advertised_host or host
            place = f"[{host}]" if ":" in host else host
            branch = f"{MAGIC_COOKIE}{secrets.token_hex(12)}"
            via = f"SIP/2.0/{flow.transport.upper()} {place}:{port};branch={branch};rport"
            headers = Headers([("Via", via), *headers.items()])
        if "Max-Forwards" not in headers:
            headers.add("Max-Forwards", "70")
        outgoing = SipRequest(request.method, request.uri, headers, request.body)
        return outgoing, (parse_via(headers.elements("Via")[0]).branch, request.method)

    # Receiving ---------------------------------------------------------------------------------

    def message(self, flow: Flow, data: bytes) -> None:
        """Take a datagram, or one message of a stream."""
        if self._closed:
            return
        try:
            self._take(flow, data)
        except Exception as error:  # nothing that a peer sends may end us
            self._tell(self._observer.unparsed, flow, data, f"not taken: {type(error).__name__}")
            self._on_error(error)

    def _take(self, flow: Flow, data: bytes) -> None:
        try:
            message, used = parse_first(data)
        except SipSyntaxError as error:
            self._refuse(flow, data, error)
            return
        if used < len(data):
            self._tell(self._observer.unparsed, flow, data[used:], "octets beyond Content-Length")
        raw = data[:used]
        if isinstance(message, SipResponse):
            self._response(flow, message, raw)
        elif message.method == "ACK":
            now = time.time()
            self._report(SipRecord("received", flow, raw, (), now, now, 0, True))
        else:
            self._request(flow, message, raw)

    def junk(self, flow: Flow, data: bytes, error: SipSyntaxError) -> None:
        """Take octets that cannot be cut into messages."""
        self._refuse(flow, data, error)

    def connection(self, flow: Flow, event: str) -> None:
        """Take news of a connection."""
        self._tell(self._observer.connection, flow, event)

    def lost(self, flow: Flow, error: Exception) -> None:
        """Fail what waits for answers on the flow."""
        for transaction in list(self._clients.values()):
            if transaction.flow == flow:
                transaction.fail(error)

    def _refuse(self, flow: Flow, data: bytes, error: SipSyntaxError) -> None:
        self._tell(self._observer.unparsed, flow, data, str(error))
        refusal = refusal_to(data, error)
        if refusal is not None:
            with contextlib.suppress(OSError, ValueError):
                self.send(flow, serialise(refusal))

    def _response(self, flow: Flow, response: SipResponse, raw: bytes) -> None:
        branch = parse_via(response.headers.elements("Via")[0]).branch
        method = parse_cseq(response.headers.get("CSeq") or "").method
        transaction = self._clients.get((branch, method))
        if transaction is None:
            reason = "a response that belongs to no transaction"
            self._tell(self._observer.unparsed, flow, raw, reason)
        else:
            transaction.receive(response, raw)

    def _request(self, flow: Flow, request: SipRequest, raw: bytes) -> None:
        key = server_key(request, flow)
        known = self._servers.get(key)
        if known is not None:
            with contextlib.suppress(OSError):
                known.repeat()
            return
        transaction = ServerTransaction(flow, raw, self.send, self._report)
        self._servers[key] = transaction
        _note_source(request, flow)
        task = asyncio.get_running_loop().create_task(self._serve(request, transaction, key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(
        self, request: SipRequest, transaction: ServerTransaction, key: Hashable
    ) -> None:
        try:
            await self._answer(request, transaction)
        finally:
            transaction.finish()
            wait = 0.0 if transaction.flow.reliable else self._timers.lifetime
            self._expire(self._servers, key, wait)

    async def _answer(self, request: SipRequest, transaction: ServerTransaction) -> None:
        try:
            response = await self._handler(request, transaction.flow)
            data = None if response is None else serialise(response)
        except Exception as error:
            self._crashed(error, request)
            data = serialise(response_to(request, 500))
        if data is None:
            return
        # A peer that hung up gets no answer, and the record says so.
        with contextlib.suppress(ConnectionError):
            try:
                transaction.answer(data)
            except ValueError as error:
                self._answer_shortly(error, request, transaction)

    def _answer_shortly(
        self, error: ValueError, request: SipRequest, transaction: ServerTransaction
    ) -> None:
        """Answer without a body; no answer at all if what it must copy is too long already."""
        try:
            transaction.answer(serialise(response_to(request, 500)))
        except ValueError:
            return
        self._crashed(error, request)

    def _crashed(self, error: Exception, request: SipRequest) -> None:
        error.add_note(f"while answering {request.method} {request.uri}")
        self._on_error(error)

    # Bookkeeping -------------------------------------------------------------------------------

    def _expire(self, table: dict[Hashable, Any], key: Hashable, seconds: float) -> None:
        """Forget a transaction after timer J or K."""
        if seconds <= 0 or self._closed:
            table.pop(key, None)
            return
        name = (id(table), key)

        def expired() -> None:
            table.pop(key, None)
            self._expiries.pop(name, None)

        self._expiries[name] = asyncio.get_running_loop().call_later(seconds, expired)

    def _report(self, record: SipRecord) -> None:
        self._tell(self._observer.exchange, record)

    def _tell(self, listener: Callable[..., None], *news: object) -> None:
        try:
            listener(*news)
        except Exception as error:
            self._on_error(error)


def _note_source(request: SipRequest, flow: Flow) -> None:
    """Complete the top Via with where the request came from (RFC 3261 18.2.1, RFC 3581 4)."""
    first, *others = request.headers.all("Via")
    top, *rest = split_list(first)
    via = parse_via(top)
    asks_port = "rport" in via.parameters
    if not asks_port and _same_host(via, flow.remote[0]):
        return
    top = with_parameter(top, "received")
    top = with_parameter(top, "rport", f";rport={flow.remote[1]}") + f";received={flow.remote[0]}"
    request.headers.set("Via", ", ".join([top, *rest]))
    for value in others:
        request.headers.add("Via", value)


def _same_host(via: Via, remote: str) -> bool:
    return via.host.strip("[]").lower() == remote.lower()
