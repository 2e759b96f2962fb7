"""SIP of one MC service towards one MC system: the way there, registration and publications.

The clients of all services share the line, which is one flow and one registration.
"""

import asyncio
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

from muster.protocol.sip import digest
from muster.protocol.sip.endpoint import Flow, SipEndpoint, SipTimeout, Timers
from muster.protocol.sip.message import Headers, SipRequest, SipResponse, response_to
from muster.protocol.sip.multipart import Part, build_multipart
from muster.ue.driver import Provisioning
from muster.ue.reference.activity import Activity
from muster.ue.reference.documents import refuses_migration
from muster.ue.reference.line import Line, Registration
from muster.ue.reference.refresh import Refresh
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.services import MCPTT, ServiceNames, feature_parameters
from muster.ue.reference.web import LONGEST_PAUSE, address_of, client_tls, family_of, patience

UNAUTHORIZED = 401
REGISTRATION_SECONDS = 3600


class SipRefusal(Refusal):
    """A request was answered with a failure."""

    def __init__(self, request: SipRequest, response: SipResponse) -> None:
        warning = response.headers.get("Warning") or ""
        said = f"{response.status} {response.reason} {warning}".strip()
        super().__init__(f"{request.method} {request.uri}: answered {said}")
        self.status = response.status
        self.response = response


@dataclass(frozen=True)
class Published:
    """What the server says of a publication that it took (RFC 3903)."""

    entity_tag: str | None
    lifetime: int


@dataclass(frozen=True)
class ServerAddress:
    """Where all SIP of a system goes, as its Server-URI says."""

    host: str
    port: int
    transport: str | None


class SipClient(ABC):
    """What one service sends and receives over the line of the UE, but for subscriptions."""

    def __init__(
        self,
        provisioning: Provisioning,
        activity: Activity,
        server_uri: str,
        identity: str,
        names: ServiceNames = MCPTT,
        line: Line | None = None,
    ) -> None:
        self.provisioning = provisioning
        self.activity = activity
        self.server_uri = server_uri
        self.identity = identity
        self.names = names
        self.line = self.share(line or Line())

    @property
    def _flow(self) -> Flow | None:
        return self.line.flow

    @property
    def _registration(self) -> Registration:
        return self.line.registration

    def share(self, line: Line) -> Line:
        """The line that is used: that of all services."""
        return line

    @abstractmethod
    def knows(self, call_id: str) -> bool:
        """Whether a dialog is that of a subscription of this service."""

    def endpoint(self) -> SipEndpoint:
        """The SIP stack of this UE."""
        usual = Timers()
        hurry = self.line.is_in_a_hurry
        seconds = patience(self.provisioning, usual.lifetime) if hurry else usual.lifetime
        return SipEndpoint(self.answer, timers=replace(usual, scale=seconds / usual.lifetime))

    def transport(self) -> str:
        """The transport that the Server-URI names, else the UE's own choice."""
        named = server_address(self.server_uri).transport
        return named or self.provisioning.options.get("sip_transport", "udp")

    async def open(self) -> None:
        """Open the flow to the host and port of the MC service server, where there is none yet."""
        self.line.join(self)
        if self._flow is not None:
            return
        server = server_address(self.server_uri)
        endpoint = self.line.endpoint = self.endpoint()
        try:
            address = address_of(server.host, self.provisioning.hosts)
            transport = self.transport()
            self.line.flow = await endpoint.connect(
                transport,
                address,
                server.port,
                ssl=client_tls(self.provisioning) if transport == "tls" else None,
                server_hostname=server.host,
                local_host=self._own_address(address),
            )
        except OSError as error:
            raise Refusal(f"no SIP flow to {server.host}:{server.port}: {error}") from error

    def _own_address(self, server: str) -> str | None:
        """The UE's own address, where that is of the family of the server's."""
        own = self.provisioning.source_address
        return own if family_of(own) == family_of(server) else None

    async def close(self) -> None:
        """Leave the line without a word to the server; who leaves last gives the flow up."""
        await self.line.leave(self)

    async def register(
        self, parts: Sequence[Part] = (), expires: int = REGISTRATION_SECONDS
    ) -> None:
        """Bind the flow to the public identity; with parts, also ask for service authorisation."""
        registration = self._registration
        registration.sequence += 1
        domain = self.identity.partition("@")[2] or self.identity.partition(":")[2]
        request = self._request("REGISTER", f"sip:{domain}", to=self.identity, parts=parts)
        request.headers.set("Call-ID", registration.call_id)
        request.headers.set("CSeq", f"{registration.sequence} REGISTER")
        request.headers.set("Expires", str(expires))
        try:
            response = await self._authenticated(request)
        except SipRefusal as refusal:
            pause = self.pause(refusal.response)
            if pause is None:
                raise
            await asyncio.sleep(pause)
            registration.sequence += 1
            request.headers.set("CSeq", f"{registration.sequence} REGISTER")
            response = await self._authenticated(request)
        registration.is_active = expires > 0
        registration.service_route = response.headers.all("Service-Route")
        registration.refresh = registration.refresh or Refresh(self.activity, self.line.refresh)
        registration.refresh.within(_bound_for(response, expires))

    async def _authenticated(self, request: SipRequest) -> SipResponse:
        """Send a REGISTER, and once more with the answer where it is challenged (RFC 3261 22)."""
        try:
            return await self._succeed(request)
        except SipRefusal as refusal:
            challenge = refusal.response.headers.get("WWW-Authenticate")
            known = "sip_password" in self.provisioning.options
            if refusal.status != UNAUTHORIZED or challenge is None or not known:
                raise
        try:
            answered = self.credentials(challenge, request.uri)
        except ValueError as error:
            raise Refusal(f"REGISTER {request.uri}: {error}") from error
        self._registration.sequence += 1
        request.headers.set("CSeq", f"{self._registration.sequence} REGISTER")
        request.headers.set("Authorization", answered)
        return await self._succeed(request)

    def credentials(self, challenge: str, uri: str) -> str:
        """What Authorization answers a challenge with. ValueError for one that is not known."""
        options = self.provisioning.options
        username, password = options.get("sip_username", ""), options["sip_password"]
        return digest.answer(challenge, "REGISTER", uri, username, password)

    def pause(self, response: SipResponse) -> float | None:
        """How long a server that is busy asks to wait; None where it asks nothing or too much."""
        asked = (response.headers.get("Retry-After") or "").strip()
        if response.status != 503 or not (asked.isascii() and asked.isdigit()):
            return None
        return float(asked) if float(asked) <= LONGEST_PAUSE else None

    async def deregister(self) -> None:
        """End the registration; where other services stay, register for them (TS 24.379, 7.1)."""
        if not self._registration.is_active:
            return
        stays = [client for client in self.line.clients if client is not self]
        if stays:
            self.line.clients.remove(self)
            await stays[0].register()
        else:
            await self.register(expires=0)

    async def publish(
        self, parts: Sequence[Part], expires: int, entity_tag: str | None = None
    ) -> Published:
        """PUBLISH poc-settings to the MC service server."""
        return await self.publish_state("poc-settings", parts, expires, entity_tag)

    async def publish_state(
        self, event: str, parts: Sequence[Part], expires: int, entity_tag: str | None = None
    ) -> Published:
        """PUBLISH the state of an event package to the MC service server (RFC 3903)."""
        request = self._request("PUBLISH", self.server_uri, to=self.server_uri, parts=parts)
        request.headers.add("Event", event)
        request.headers.add("Expires", str(expires))
        if entity_tag is not None:
            request.headers.add("SIP-If-Match", entity_tag)
        response = await self._succeed(request)
        return Published(response.headers.get("SIP-ETag"), granted(response, expires))

    async def answer(self, request: SipRequest, flow: Flow) -> SipResponse | None:
        """Answer a request of the system, or let the service answer whose dialog it is."""
        owner = self.line.owner(request.headers.get("Call-ID") or "")
        if owner is not None and owner is not self:
            return await owner.answer(request, flow)
        required = self.unsupported(request)
        if required:
            return response_to(request, 420, headers=[("Unsupported", ", ".join(required))])
        if request.method == "OPTIONS":
            return response_to(request, 200)
        if request.method != "NOTIFY":
            return response_to(request, 405, headers=[("Allow", "NOTIFY, OPTIONS")])
        return self.notified(request)

    @abstractmethod
    def notified(self, request: SipRequest) -> SipResponse:
        """Answer a NOTIFY of a subscription of this service."""

    def unsupported(self, request: SipRequest) -> list[str]:
        """The extensions that a request requires and this UE lacks: all (RFC 3261, 8.2.2.3)."""
        return request.headers.elements("Require")

    def _request(self, method: str, uri: str, *, to: str, parts: Sequence[Part]) -> SipRequest:
        headers = Headers()
        for name, value in self.headers(method, to):
            headers.add(name, value)
        body = b""
        if parts:
            content_type, body = build_multipart(parts)
            headers.add("Content-Type", content_type)
        return SipRequest(method, uri, headers, body)

    def headers(self, method: str, to: str) -> Iterable[tuple[str, str]]:
        """The headers that open every request, in the order in which they are sent."""
        for route in self._registration.service_route if method != "REGISTER" else ():
            yield "Route", route  # RFC 3608, 5
        yield "From", f"<{self.identity}>;tag={uuid.uuid4().hex[:12]}"
        yield "To", f"<{to}>"
        yield "Call-ID", str(uuid.uuid4())
        yield "CSeq", f"1 {method}"
        yield "Contact", self._contact()
        if method != "REGISTER":
            yield "P-Preferred-Identity", f"<{self.identity}>"
            yield "P-Preferred-Service", self.names.icsi
            yield "Accept-Contact", f"*;{self.names.feature_tags[0]};require;explicit"

    def _contact(self) -> str:
        if self._flow is None:
            raise Refusal("there is no SIP flow")
        host, port = self._flow.local
        shown = f"[{host}]" if ":" in host else host
        user = self.identity.partition(":")[2].partition("@")[0]
        instance = f'+sip.instance="<{self.provisioning.instance_id}>"'
        uri = f"sip:{user}@{shown}:{port};transport={self._flow.transport}"
        return f"<{uri}>;{instance};{feature_parameters(self.line.services())}"

    async def _succeed(self, request: SipRequest) -> SipResponse:
        if self._flow is None or self.line.endpoint is None:
            raise Refusal(f"{request.method}: there is no SIP flow")
        try:
            flow = await self.flow_for(request, self._flow)
            response = await self.line.endpoint.request(request, flow)
        except (SipTimeout, OSError) as error:
            raise Refusal(f"{request.method} {request.uri}: {error}") from error
        if not 200 <= response.status < 300 or self.refuses_migration(response):
            raise SipRefusal(request, response)
        return response

    async def flow_for(self, request: SipRequest, flow: Flow) -> Flow:
        """The flow that a request goes over: that of the registration."""
        return flow

    def refuses_migration(self, response: SipResponse) -> bool:
        """Whether an answer says that the user may not migrate, whatever its status."""
        content_type = response.headers.get("Content-Type") or ""
        return refuses_migration(content_type, response.body, self.names)


def granted(response: SipResponse, asked: int) -> int:
    """The lifetime that an answer grants; what was asked for where it does not say."""
    value = (response.headers.get("Expires") or "").strip()
    return int(value) if value.isdigit() else asked


def _bound_for(response: SipResponse, asked: int) -> int:
    """The lifetime of a registration: of its Contact, else of the answer (RFC 3261, 10.2.4)."""
    contact = response.headers.get("Contact") or ""
    value = parameter(contact.rpartition(">")[2], "expires")
    return int(value) if asked and value.isdigit() else granted(response, asked)


def parameter(text: str, name: str) -> str:
    pairs = (parameter.strip().partition("=") for parameter in text.split(";"))
    return next((value.strip().lower() for key, _, value in pairs if key.lower() == name), "")


def server_address(server_uri: str) -> ServerAddress:
    """Read host, port and transport of a SIP URI such as sip:mcptt@sip.example:5060."""
    scheme, _, rest = server_uri.partition(":")
    if scheme.lower() != "sip" or not rest:
        raise Refusal(f"not a SIP URI: {server_uri!r}")
    place, *parameters = rest.partition("?")[0].split(";")
    host, port = _host_and_port(place.rpartition("@")[2])
    values = dict(parameter.lower().partition("=")[::2] for parameter in parameters)
    return ServerAddress(host, port, values.get("transport"))


def _host_and_port(place: str) -> tuple[str, int]:
    host, colon, port = place.rpartition(":")
    if not colon or place.endswith("]"):
        return unquote(place), 5060
    if not port.isdigit():
        raise Refusal(f"not a host and port: {place!r}")
    return unquote(host), int(port)
