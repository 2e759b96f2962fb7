"""The sockets of a SIP endpoint as asyncio protocols: datagrams, streams, and the way into TLS."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator
from typing import Any, Protocol, cast

from .framing import PING, PONG, FramingError, StreamFramer
from .message import SipSyntaxError
from .observer import Flow

DATAGRAM_LIMIT = 65_507
"""Octets that an IPv4 datagram can carry."""
AT_ONCE = 64
"""Datagrams that are taken in one pass of the loop; asyncio itself takes one."""
TLS_GOODBYE_SECONDS = 1.0
"""How long a TLS peer may take to answer our close; the same for its part of a handshake at end."""

Place = tuple[str, int]


class Receiver(Protocol):
    """What an endpoint does with what arrives."""

    def message(self, flow: Flow, data: bytes) -> None:
        """A datagram, or one message of a stream."""

    def junk(self, flow: Flow, data: bytes, error: SipSyntaxError) -> None:
        """Octets of a stream that cannot be cut into messages; its connection will be closed."""

    def connection(self, flow: Flow, event: str) -> None:
        """A connection was opened, closed or reset."""

    def lost(self, flow: Flow, error: Exception) -> None:
        """What was sent on the flow will get no answer."""


class Channel(Protocol):
    """A socket, as its home needs it."""

    def serves_only(self, flow: Flow) -> bool: ...
    async def close(self) -> None: ...


class Home(Protocol):
    """What keeps the channels and their flows."""

    receiver: Receiver

    def new_flow(
        self, transport: str, local: Place, remote: Place, sender: Callable[[Flow, bytes], None]
    ) -> Flow: ...
    def knows(self, flow: Flow) -> bool: ...
    def forget(self, flow: Flow) -> None: ...
    def enter(self, channel: Channel) -> bool: ...
    def leave(self, channel: Channel) -> None: ...


class Datagrams(asyncio.DatagramProtocol):
    """A UDP socket, shared by all peers or connected to one."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._flows: dict[Place, Flow] = {}
        self._sending: Flow | None = None
        self._waiting: socket.socket | None = None
        """The same socket once more, to read what else has come."""
        self._gone = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)
        self.local = _place(transport.get_extra_info("sockname"))
        self._peer = transport.get_extra_info("peername")
        if not self._home.enter(self):
            transport.close()
        elif not self._peer:  # many peers can send at once
            self._waiting = transport.get_extra_info("socket").dup()
            self._waiting.setblocking(False)

    def flow(self, address: Any) -> Flow:
        remote = _place(address)
        known = self._flows.get(remote)
        if known is None or not self._home.knows(known):
            known = self._home.new_flow("udp", self.local, remote, self._send)
            self._flows[remote] = known
        return known

    def peer_flow(self) -> Flow:
        return self.flow(self._peer)

    def datagram_received(self, data: bytes, addr: Any) -> None:
        """Take a datagram with those that wait behind it: else a busy loop falls behind them."""
        self._take(data, addr)
        for more, whence in self._behind():
            self._take(more, whence)

    def _behind(self) -> Iterator[tuple[bytes, Any]]:
        for _ in range(AT_ONCE - 1):
            if self._waiting is None or self._transport.is_closing():
                return
            try:
                yield self._waiting.recvfrom(DATAGRAM_LIMIT)
            except OSError:  # nothing waits, or it is an error that the transport meets, too
                return

    def _take(self, data: bytes, addr: Any) -> None:
        # Line breaks alone keep a NAT binding alive and say nothing.
        if data.strip(b"\r\n"):
            self._home.receiver.message(self.flow(addr), data)

    def error_received(self, exc: Exception) -> None:
        # A connected socket hears ICMP; a shared one only of the datagram that it is sending.
        concerned = self._sending or (self.peer_flow() if self._peer else None)
        if concerned is not None:
            self._home.receiver.lost(concerned, exc)

    def serves_only(self, flow: Flow) -> bool:
        return bool(self._peer) and self.peer_flow() == flow

    def connection_lost(self, exc: Exception | None) -> None:
        for flow in self._flows.values():
            self._home.forget(flow)
        self._home.leave(self)
        if self._waiting is not None:
            self._waiting.close()
        if not self._gone.done():
            self._gone.set_result(None)

    def _send(self, flow: Flow, data: bytes) -> None:
        if len(data) > DATAGRAM_LIMIT:
            raise ValueError(f"{len(data)} octets do not fit a datagram")
        self._sending = flow
        try:
            self._transport.sendto(data, None if self._peer else flow.remote)
        finally:
            self._sending = None

    async def close(self) -> None:
        self._transport.close()
        await asyncio.shield(self._gone)


class Stream(asyncio.Protocol):
    """One TCP or TLS connection."""

    flow: Flow

    def __init__(self, home: Home, transport: str, accepted: bool) -> None:
        self._home = home
        self._name = transport
        self._accepted = accepted
        self._framer = StreamFramer()
        self._broken = False
        self._made = False
        self._early = b""
        self._gone = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        local, remote = (transport.get_extra_info(name) for name in ("sockname", "peername"))
        self.flow = self._home.new_flow(self._name, _place(local), _place(remote), self._send)
        self._made = True
        self._home.receiver.connection(self.flow, "open")
        if not self._home.enter(self):
            self._transport.abort()
        if self._early:
            self.data_received(self._early)
        if self._gone.done():
            self.connection_lost(None)

    def data_received(self, data: bytes) -> None:
        if not self._made:
            # Behind a gate: a TLS client may send its first message with the end of its handshake,
            # and hang up.
            self._early += data
            return
        if self._broken:
            return
        try:
            for message in self._framer.feed(data):
                if message is not PING:
                    self._home.receiver.message(self.flow, message)
                elif self._accepted:
                    # RFC 5626 4.4.1: who opened the connection pings; two pongs are no ping.
                    self._transport.write(PONG)
        except FramingError as error:
            self._broken = True
            self._home.receiver.junk(self.flow, error.data, error)
            # Behind the answers to the messages before it.
            asyncio.get_running_loop().call_soon(self._transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._gone.done():
            self._gone.set_result(None)
        if not self._made:
            return
        receiver = self._home.receiver
        if self._framer.rest and not self._broken:
            error = SipSyntaxError("the connection ended inside a message")
            receiver.junk(self.flow, self._framer.rest, error)
        self._home.forget(self.flow)
        self._home.leave(self)
        event = "reset" if exc else "closed"
        receiver.connection(self.flow, event)
        receiver.lost(self.flow, ConnectionError(f"connection to {self.flow.remote} {event}"))

    def _send(self, flow: Flow, data: bytes) -> None:
        if self._transport.is_closing():
            raise ConnectionError(f"the connection to {flow.remote} is closing")
        self._transport.write(data)

    def serves_only(self, flow: Flow) -> bool:
        return self.flow == flow

    async def close(self) -> None:
        # A peer that does not read must not hold us: what it has not taken is dropped.
        if self._transport.get_write_buffer_size():
            self._transport.abort()
        else:
            self._transport.close()
        await asyncio.shield(self._gone)


class TlsGate(asyncio.Protocol):
    """An accepted connection until TLS stands: a handshake that fails is told, not swallowed."""

    def __init__(self, home: Home, context: ssl.SSLContext) -> None:
        self._home = home
        self._context = context

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        # The ClientHello is for the TLS protocol that takes our place.
        self._transport.pause_reading()
        if self._home.enter(self):
            self._shaking = asyncio.get_running_loop().create_task(self._shake_hands())
        else:
            self._transport.abort()
            self._home.leave(self)

    async def _shake_hands(self) -> None:
        stream = Stream(self._home, "tls", accepted=True)
        try:
            secured = await asyncio.get_running_loop().start_tls(
                self._transport,
                stream,
                self._context,
                server_side=True,
                ssl_shutdown_timeout=TLS_GOODBYE_SECONDS,
            )
        except OSError as error:
            self._tell(error)
            self._transport.abort()
        else:
            if secured is None:  # the peer hung up without a word
                self._tell(ConnectionAbortedError())
            else:
                stream.connection_made(secured)
        finally:
            self._home.leave(self)

    def _tell(self, error: OSError) -> None:
        local, remote = (self._transport.get_extra_info(n) for n in ("sockname", "peername"))
        flow = self._home.new_flow("tls", _place(local), _place(remote), _refuse_to_send)
        self._home.forget(flow)
        alert = getattr(error, "reason", None) or type(error).__name__
        self._home.receiver.connection(flow, f"handshake failed: {alert}")

    def serves_only(self, flow: Flow) -> bool:
        return False

    async def close(self) -> None:
        self._transport.abort()
        self._shaking.cancel()
        await asyncio.wait([self._shaking])


def _refuse_to_send(flow: Flow, data: bytes) -> None:
    raise ConnectionError(f"there is no TLS with {flow.remote}")


def _place(address: Any) -> Place:
    """Host and port of a socket address; IPv6 has flow and scope behind them."""
    return str(address[0]), int(address[1])
