"""What an endpoint tells of its traffic: flows, records of transactions, and who listens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True)
class Flow:
    """A UDP peer, or one TCP or TLS connection, as seen from an endpoint."""

    transport: str
    """udp, tcp or tls."""
    local: tuple[str, int]
    remote: tuple[str, int]
    identity: int

    @property
    def reliable(self) -> bool:
        return self.transport != "udp"


@dataclass(frozen=True)
class SipRecord:
    """One transaction: a request with its responses, raw."""

    direction: Literal["received", "sent"]
    flow: Flow
    request: bytes
    responses: tuple[bytes, ...]
    started: float
    ended: float
    retransmissions: int
    """Copies of the request that came or went before the record was made."""
    completed: bool
    """A final response was sent or received; always True for ACK, which has none."""


class SipObserver(Protocol):
    """Hears everything that arrives; called on the endpoint's loop, never raises."""

    def exchange(self, record: SipRecord) -> None:
        """A transaction has its final response, or will not get one."""

    def unparsed(self, flow: Flow, data: bytes, reason: str) -> None:
        """Octets that began or belong to no transaction."""

    def connection(self, flow: Flow, event: str) -> None:
        """A connection: "open", "closed", "reset", or "handshake failed: " and the TLS alert."""


class Silence:
    """An observer that keeps nothing."""

    def exchange(self, record: SipRecord) -> None: ...
    def unparsed(self, flow: Flow, data: bytes, reason: str) -> None: ...
    def connection(self, flow: Flow, event: str) -> None: ...
