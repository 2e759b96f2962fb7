"""Where a SIP endpoint listens and connects: UDP and TCP on one port, TLS on another."""

from __future__ import annotations

import asyncio
import errno
import itertools
import ssl
from collections.abc import Callable, Sequence

from .channels import TLS_GOODBYE_SECONDS, Channel, Datagrams, Place, Receiver, Stream, TlsGate
from .observer import Flow

_ATTEMPTS = 64


class Transports:
    """All sockets of one endpoint, and its flows by identity."""

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver
        self.host: str | None = None
        self.ports: dict[str, int] = {}
        self._identities = itertools.count(1)
        self._senders: dict[int, Callable[[bytes], None]] = {}
        self._channels: set[Channel] = set()
        self._shared: Datagrams | None = None
        self._servers: list[asyncio.Server] = []
        self._closed = False

    async def listen(
        self, host: str, port: int, transports: Sequence[str], tls: ssl.SSLContext | None
    ) -> int:
        """Bind the transports to one port; a port of 0 is chosen so that all can have it."""
        if unknown := set(transports) - {"udp", "tcp"}:
            raise ValueError(f"no transport to listen on is named {', '.join(sorted(unknown))}")
        self.host = host
        for attempt in range(_ATTEMPTS):
            try:
                chosen = await self._bind(host, port, transports)
                break
            except OSError as error:
                if port or error.errno != errno.EADDRINUSE or attempt == _ATTEMPTS - 1:
                    raise
        if tls is not None:
            self.ports["tls"] = await self._bind_stream(host, 0, tls)
        return chosen

    async def _bind(self, host: str, port: int, transports: Sequence[str]) -> int:
        server_count = len(self._servers)
        try:
            for transport in transports:
                if transport == "udp":
                    port = await self._bind_datagrams(host, port)
                else:
                    port = await self._bind_stream(host, port)
        except OSError:
            for server in self._servers[server_count:]:
                server.close()
            del self._servers[server_count:]
            if self._shared is not None:
                await self._shared.close()
                self._shared = None
            raise
        self.ports.update(dict.fromkeys(transports, port))
        return port

    async def _bind_datagrams(self, host: str, port: int) -> int:
        loop = asyncio.get_running_loop()
        _, self._shared = await loop.create_datagram_endpoint(
            lambda: Datagrams(self), local_addr=(host, port)
        )
        return self._shared.local[1]

    async def _bind_stream(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> int:
        loop = asyncio.get_running_loop()

        def accept() -> asyncio.Protocol:
            return TlsGate(self, tls) if tls else Stream(self, "tcp", accepted=True)

        server = await loop.create_server(accept, host, port)
        self._servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    async def connect(
        self,
        transport: str,
        host: str,
        port: int,
        tls: ssl.SSLContext | None,
        server_hostname: str | None,
        local_host: str | None,
    ) -> Flow:
        """Open a flow to a peer, from the host that the endpoint listens on if it does."""
        source = local_host or self.host
        local = (source, 0) if source else None
        if transport == "udp":
            return await self._connect_datagrams(host, port, local_host, local)
        if transport not in ("tcp", "tls"):
            raise ValueError(f"no transport is named {transport!r}")
        context = (tls or ssl.create_default_context()) if transport == "tls" else None
        _, stream = await asyncio.get_running_loop().create_connection(
            lambda: Stream(self, transport, accepted=False),
            host,
            port,
            local_addr=local,
            ssl=context,
            server_hostname=(server_hostname or host) if context else None,
            ssl_shutdown_timeout=TLS_GOODBYE_SECONDS if context else None,
        )
        return stream.flow

    async def _connect_datagrams(
        self, host: str, port: int, local_host: str | None, local: Place | None
    ) -> Flow:
        loop = asyncio.get_running_loop()
        if self._shared is not None and local_host in (None, self.host):
            # The listening socket itself, so that the peer sees one address for both directions.
            found = await loop.getaddrinfo(host, port)
            return self._shared.flow(found[0][4])
        # Connected, so that a refusing host is heard (ICMP) instead of waited for.
        _, datagrams = await loop.create_datagram_endpoint(
            lambda: Datagrams(self), local_addr=local, remote_addr=(host, port)
        )
        return datagrams.peer_flow()

    def send(self, flow: Flow, data: bytes) -> None:
        """Send at once. ConnectionError if the flow is gone, ValueError if it cannot fit."""
        sender = self._senders.get(flow.identity)
        if sender is None:
            raise ConnectionError(f"the {flow.transport} flow to {flow.remote} is closed")
        sender(data)

    def new_flow(
        self, transport: str, local: Place, remote: Place, sender: Callable[[Flow, bytes], None]
    ) -> Flow:
        flow = Flow(transport, local, remote, next(self._identities))
        self._senders[flow.identity] = lambda data: sender(flow, data)
        return flow

    def knows(self, flow: Flow) -> bool:
        return flow.identity in self._senders

    def forget(self, flow: Flow) -> None:
        self._senders.pop(flow.identity, None)

    def enter(self, channel: Channel) -> bool:
        """Take a channel in; False when the endpoint has been closed meanwhile."""
        self._channels.add(channel)
        return not self._closed

    def leave(self, channel: Channel) -> None:
        self._channels.discard(channel)

    async def disconnect(self, flow: Flow) -> None:
        """Close one connection; a UDP peer of the shared socket is only forgotten."""
        for channel in list(self._channels):
            if channel.serves_only(flow):
                await channel.close()
        self.forget(flow)

    async def close(self) -> None:
        self._closed = True
        for server in self._servers:
            server.close()
        # A connection accepted this moment shows itself in the next turns of the loop.
        await asyncio.sleep(0)
        while self._channels:
            await asyncio.gather(*(channel.close() for channel in self._channels))
        self._servers.clear()
