"""Peers, observers and messages that the tests of the SIP stack share."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

from muster.protocol.sip.endpoint import Flow, SipEndpoint, SipRecord, Timers
from muster.protocol.sip.message import Headers, SipRequest, SipResponse, response_to

QUICK = Timers(scale=0.02)
"""Timer F after 0.64 s, first retransmission after 10 ms."""


@dataclass
class Notes:
    """An observer that keeps everything and can be waited for."""

    records: list[SipRecord] = field(default_factory=list)
    scraps: list[tuple[bytes, str]] = field(default_factory=list)
    events: list[tuple[str, str]] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def exchange(self, record: SipRecord) -> None:
        self.records.append(record)
        self.changed.set()

    def unparsed(self, flow: Flow, data: bytes, reason: str) -> None:
        self.scraps.append((data, reason))
        self.changed.set()

    def connection(self, flow: Flow, event: str) -> None:
        self.events.append((flow.transport, event))
        self.changed.set()

    def failed(self, error: Exception) -> None:
        self.errors.append(error)
        self.changed.set()

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not holds():
                self.changed.clear()
                await self.changed.wait()


async def accept(request: SipRequest, flow: Flow) -> SipResponse:
    return response_to(request, 200)


Handler = Callable[[SipRequest, Flow], Awaitable[SipResponse | None]]


@contextlib.asynccontextmanager
async def endpoint(
    handler: Handler = accept, timers: Timers = QUICK
) -> AsyncIterator[tuple[SipEndpoint, Notes]]:
    notes = Notes()
    made = SipEndpoint(handler, notes, timers, on_error=notes.failed)
    try:
        yield made, notes
    finally:
        await made.close()


class Datagrams(asyncio.DatagramProtocol):
    """A bare UDP peer: it answers only what a test tells it to."""

    def __init__(self) -> None:
        self.received: asyncio.Queue[tuple[bytes, tuple[str, int]]] = asyncio.Queue()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.received.put_nowait((data, addr))

    async def next(self) -> bytes:
        async with asyncio.timeout(10):
            return (await self.received.get())[0]

    def send(self, data: bytes, place: tuple[str, int] | None = None) -> None:
        self.transport.sendto(data, place)

    @property
    def port(self) -> int:
        return self.transport.get_extra_info("sockname")[1]


@contextlib.asynccontextmanager
async def datagrams(
    host: str = "127.0.0.3", to: tuple[str, int] | None = None
) -> AsyncIterator[Datagrams]:
    _, peer = await asyncio.get_running_loop().create_datagram_endpoint(
        Datagrams, local_addr=(host, 0), remote_addr=to
    )
    try:
        yield peer
    finally:
        peer.transport.close()
        await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def stream(
    host: str, port: int
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        async with asyncio.timeout(10):
            yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


def register(number: int = 1) -> SipRequest:
    return SipRequest(
        "REGISTER",
        "sip:primary.example",
        Headers(
            [
                ("From", "<sip:alice@primary.example>;tag=alice-1"),
                ("To", "<sip:alice@primary.example>"),
                ("Call-ID", "call-1@ue.example"),
                ("CSeq", f"{number} REGISTER"),
                ("Contact", "<sip:alice@127.0.0.2:5060>"),
            ]
        ),
    )


def text(*lines: str, body: bytes = b"") -> bytes:
    """A message of these lines, with line ends and the empty line."""
    return "\r\n".join([*lines, "", ""]).encode() + body


OPTIONS = (
    "OPTIONS sip:server@primary.example SIP/2.0",
    "Via: SIP/2.0/UDP 127.0.0.3:5070;branch=z9hG4bK-one;rport",
    "From: <sip:alice@primary.example>;tag=a",
    "To: <sip:server@primary.example>",
    "Call-ID: torture-1",
    "CSeq: 7 OPTIONS",
)


def options(**changes: str | None) -> bytes:
    """OPTIONS with header fields changed (Call_ID="..") or left out (Call_ID=None)."""
    lines = []
    for line in OPTIONS:
        name = line.partition(":")[0].replace("-", "_")
        value = changes.pop(name, line)
        if value is line:
            lines.append(line)
        elif value is not None:
            lines.append(f"{name.replace('_', '-')}: {value}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in changes.items()]
    return text(*lines)
