"""The SIP listener of an MC system: passes requests on and journals each transaction."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from muster.evidence import Fields, SipAnswer, SipExchange
from muster.journal import now
from muster.protocol.sip.endpoint import Flow, SipEndpoint, SipRecord
from muster.protocol.sip.message import SipRequest, SipResponse, parse
from stubs.http_server import Watch

SipHandler: TypeAlias = Callable[[SipRequest, Flow], Awaitable[SipResponse | None]]


class SipFault:
    """Wraps the handler of every SIP request of one system; the base class changes nothing."""

    async def around(
        self, request: SipRequest, flow: Flow, handler: SipHandler
    ) -> SipResponse | None:
        return await handler(request, flow)


@dataclass
class SipServer:
    """One endpoint over UDP and TCP; an observer of its own traffic for the journal."""

    system: str
    watch: Watch
    handler: SipHandler
    faults: list[SipFault] = field(default_factory=list)
    advertised_host: str | None = None
    port: int = 0
    server: str = "sip"
    """What this listener is called in the journal."""
    copies: dict[str, int] = field(default_factory=dict)
    """How often a request of a method is repeated after its answer, as if that had been lost."""
    more_fields: dict[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    """Header fields that requests of a method carry besides their own."""

    def __post_init__(self) -> None:
        self.endpoint = SipEndpoint(
            self._answer, self, on_error=self._crashed, advertised_host=self.advertised_host
        )

    async def start(self, host: str, port: int = 0) -> int:
        self.port = await self.endpoint.start(host, port)
        return self.port

    async def stop(self) -> None:
        await self.endpoint.close()

    async def break_off(self, flow: Flow) -> None:
        """Close the connection of a flow; over UDP there is none."""
        if flow.reliable:
            await self.endpoint.disconnect(flow)

    async def request(self, request: SipRequest, flow: Flow) -> SipResponse:
        """Send a request on a flow that the UE opened. SipTimeout, ConnectionError."""
        copies = 0 if flow.reliable else self.copies.get(request.method, 0)
        for name, value in self.more_fields.get(request.method, ()):
            request.headers.add(name, value)
        return await self.endpoint.request(request, flow, copies=copies)

    async def _answer(self, request: SipRequest, flow: Flow) -> SipResponse | None:
        handler = self.handler
        for fault in reversed(self.faults):
            handler = _wrapped(fault, handler)
        return await handler(request, flow)

    def _crashed(self, error: Exception) -> None:
        self.watch.journal.crash(f"{self.system} sip", error)

    # What the endpoint tells -------------------------------------------------------------------

    def exchange(self, record: SipRecord) -> None:
        request = parse(record.request, limited=False)
        assert isinstance(request, SipRequest)
        # The endpoint stamps with the wall clock; the journal's clock never runs backwards.
        shift = now() - time.time()
        headers: Fields = tuple(request.headers.items())
        self.watch.journal.exchange(
            SipExchange(
                name="",
                started=min(record.started, record.ended) + shift,
                ended=record.ended + shift,
                system=self.system,
                server=self.server,
                connection=self._connection(record.flow),
                direction="from_ue" if record.direction == "received" else "to_ue",
                transport=record.flow.transport,
                method=request.method,
                request_uri=request.uri,
                headers=headers,
                body=request.body,
                responses=tuple(_answered(raw) for raw in record.responses),
                tokens=self.watch.ledger.uses(headers, request.uri, request.body),
                facts={
                    "retransmissions": record.retransmissions,
                    "remote": f"{record.flow.remote[0]}:{record.flow.remote[1]}",
                },
            )
        )

    def unparsed(self, flow: Flow, data: bytes, reason: str) -> None:
        journal = self.watch.journal
        self.watch.ledger.learn(data[:8192])
        kept = journal.body(journal.masker.mask_bytes(data[:8192]))
        self._tell(flow, "unparsed", reason=reason, bytes=kept)

    def connection(self, flow: Flow, event: str) -> None:
        self._tell(flow, event, peer=f"{flow.remote[0]}:{flow.remote[1]}")

    def _tell(self, flow: Flow, event: str, **more: str) -> None:
        journal = self.watch.journal
        journal.connection(self.system, self.server, self._connection(flow), event, **more)

    def _connection(self, flow: Flow) -> str:
        return f"{self.system}-sip-{flow.transport}-{flow.identity}"


def _wrapped(fault: SipFault, handler: SipHandler) -> SipHandler:
    async def answer(request: SipRequest, flow: Flow) -> SipResponse | None:
        return await fault.around(request, flow, handler)

    return answer


def _answered(raw: bytes) -> SipAnswer:
    response = parse(raw, limited=False)
    assert isinstance(response, SipResponse)
    headers = tuple(response.headers.items())
    return SipAnswer(response.status, response.reason, headers, response.body)
