"""The line of the UE to one MC system: a SIP flow and the registration on it.

The clients of all MC services of the UE share them (TS 24.379, 7.1; TS 24.281 and 24.282 alike).
"""

import uuid
from dataclasses import dataclass, field
from typing import Protocol

from muster.protocol.sip.endpoint import Flow, SipEndpoint
from muster.protocol.sip.message import SipRequest, SipResponse
from muster.ue.reference.refresh import Refresh
from muster.ue.reference.services import ServiceNames


class LineClient(Protocol):
    """What the line asks of the clients that share it."""

    names: ServiceNames

    def knows(self, call_id: str) -> bool:
        """Whether a dialog is one of the client's."""

    async def answer(self, request: SipRequest, flow: Flow) -> SipResponse | None:
        """Answer a request of the system."""

    async def register(self) -> None:
        """Register for all services that are on the line."""


@dataclass
class Registration:
    """One registration; its Call-ID stays for as long as the line is open."""

    call_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    sequence: int = 0
    is_active: bool = False
    service_route: list[str] = field(default_factory=list)
    refresh: Refresh | None = None


class Line:
    """One flow with one registration, and the clients that use them."""

    def __init__(self, is_in_a_hurry: bool = False) -> None:
        self.is_in_a_hurry = is_in_a_hurry
        """Whether an answer is waited for no longer than the UE is provisioned to."""
        self.endpoint: SipEndpoint | None = None
        self.flow: Flow | None = None
        self.registration = Registration()
        self.clients: list[LineClient] = []

    def services(self) -> list[ServiceNames]:
        """The services on the line, in the order in which they came."""
        return [client.names for client in self.clients]

    def join(self, client: LineClient) -> None:
        """Take a client in, before the flow is there."""
        if client not in self.clients:
            self.clients.append(client)

    async def leave(self, client: LineClient) -> None:
        """Let a client go; the last one ends the line."""
        if client in self.clients:
            self.clients.remove(client)
        if not self.clients:
            await self.close()

    def owner(self, call_id: str) -> LineClient | None:
        """The client whose dialog it is."""
        return next((client for client in self.clients if client.knows(call_id)), None)

    async def refresh(self) -> None:
        """Register again before the registration expires."""
        if self.clients:
            await self.clients[0].register()

    async def close(self) -> None:
        """Give the flow up without a word to the server; the next one is a new registration."""
        endpoint, self.endpoint = self.endpoint, None
        if self.registration.refresh is not None:
            self.registration.refresh.cancel()
        self.flow = None
        self.registration = Registration()
        if endpoint is not None:
            await endpoint.close()
