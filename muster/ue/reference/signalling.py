"""SIP of the UE towards one MC system: registration, subscriptions and publications on one flow."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import unquote

from muster.protocol.sip.dialog import Dialog, DialogError
from muster.protocol.sip.endpoint import Flow, SipEndpoint, SipTimeout
from muster.protocol.sip.message import Headers, SipRequest, SipResponse, response_to
from muster.protocol.sip.multipart import Part, build_multipart
from muster.ue.driver import Provisioning
from muster.ue.reference import names
from muster.ue.reference.activity import Activity
from muster.ue.reference.documents import XcapDiff, read_xcap_diff
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.web import address_of

NOTIFY_LIMIT = 10.0
"""Seconds in which the first NOTIFY has to follow the 200 to a SUBSCRIBE."""
FAREWELL_LIMIT = 2.0
"""Seconds in which the last NOTIFY has to follow the end of a subscription."""
REGISTRATION_SECONDS = 3600
SUBSCRIPTION_SECONDS = 3600

OnChange = Callable[[XcapDiff], Awaitable[None]]


@dataclass
class Subscription:
    """One subscription to changes of documents."""

    on_change: OnChange
    first: "asyncio.Future[XcapDiff]"
    dialog: Dialog
    terminated: asyncio.Event = field(default_factory=asyncio.Event)
    is_ended: bool = False


@dataclass(frozen=True)
class ServerAddress:
    """Where all SIP of a system goes, as its Server-URI says."""

    host: str
    port: int
    transport: str | None


@dataclass
class _Registration:
    call_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    sequence: int = 0
    is_active: bool = False
    service_route: list[str] = field(default_factory=list)


class SignallingClient:
    """One registered flow and what runs over it."""

    def __init__(
        self, provisioning: Provisioning, activity: Activity, server_uri: str, identity: str
    ) -> None:
        self.provisioning = provisioning
        self.activity = activity
        self.server_uri = server_uri
        self.identity = identity
        self._endpoint = SipEndpoint(self.answer)
        self._flow: Flow | None = None
        self._registration = _Registration()
        self._subscriptions: dict[str, Subscription] = {}

    def transport(self) -> str:
        """The transport that the Server-URI names, else the UE's own choice."""
        named = server_address(self.server_uri).transport
        return named or self.provisioning.options.get("sip_transport", "udp")

    async def open(self) -> None:
        """Open the flow to the host and port of the MC service server."""
        server = server_address(self.server_uri)
        try:
            address = address_of(server.host, self.provisioning.hosts)
            self._flow = await self._endpoint.connect(
                self.transport(),
                address,
                server.port,
                local_host=self.provisioning.source_address,
            )
        except OSError as error:
            raise Refusal(f"no SIP flow to {server.host}:{server.port}: {error}") from error

    async def close(self) -> None:
        """Give the flow up without a word to the server."""
        self._flow = None
        self._registration.is_active = False
        await self._endpoint.close()

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
        response = await self._succeed(request)
        registration.is_active = expires > 0
        registration.service_route = response.headers.all("Service-Route")

    async def deregister(self) -> None:
        """End the registration, where there is one."""
        if self._registration.is_active:
            await self.register(expires=0)

    async def publish(
        self, parts: Sequence[Part], expires: int, entity_tag: str | None = None
    ) -> str | None:
        """PUBLISH poc-settings to the MC service server; returns the SIP-ETag (RFC 3903)."""
        request = self._request("PUBLISH", self.server_uri, to=self.server_uri, parts=parts)
        request.headers.add("Event", "poc-settings")
        request.headers.add("Expires", str(expires))
        if entity_tag is not None:
            request.headers.add("SIP-If-Match", entity_tag)
        response = await self._succeed(request)
        return response.headers.get("SIP-ETag")

    async def subscribe(
        self, psi: str, parts: Sequence[Part], on_change: OnChange
    ) -> tuple[Subscription, XcapDiff]:
        """SUBSCRIBE to changes of documents and wait for the first NOTIFY."""
        request = self._request("SUBSCRIBE", psi, to=psi, parts=parts)
        request.headers.add("Event", "xcap-diff")
        request.headers.add("Accept", names.XCAP_DIFF_TYPE)
        request.headers.add("Expires", str(SUBSCRIPTION_SECONDS))
        first: asyncio.Future[XcapDiff] = asyncio.get_running_loop().create_future()
        # Known before the SUBSCRIBE leaves: the NOTIFY may overtake its 200 (RFC 6665, 4.4.1).
        subscription = Subscription(on_change, first, Dialog.from_sent(request))
        self._subscriptions[subscription.dialog.call_id] = subscription
        try:
            response = await self._succeed(request)
            subscription.dialog.confirm(response)
            return subscription, await asyncio.wait_for(first, NOTIFY_LIMIT)
        except DialogError as error:
            raise Refusal(f"{psi}: the SUBSCRIBE made no dialog: {error}") from error
        except TimeoutError:
            raise Refusal(f"{psi}: no NOTIFY after the SUBSCRIBE") from None
        finally:
            first.cancel()

    async def unsubscribe(self, subscription: Subscription) -> None:
        """End a subscription and answer its last NOTIFY (RFC 6665, 4.1.2.3)."""
        subscription.is_ended = True
        headers = [("Event", "xcap-diff"), ("Expires", "0"), ("Contact", self._contact())]
        try:
            await self._succeed(subscription.dialog.request("SUBSCRIBE", headers))
        except Refusal as error:
            # Where the server knows of no subscription any more, there is none to end.
            self.activity.problems.append(str(error))
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(subscription.terminated.wait(), FAREWELL_LIMIT)

    async def answer(self, request: SipRequest, flow: Flow) -> SipResponse | None:
        """Answer a request of the system."""
        if request.method == "OPTIONS":
            return response_to(request, 200)
        if request.method != "NOTIFY":
            return response_to(request, 405, headers=[("Allow", "NOTIFY, OPTIONS")])
        subscription = self._subscriptions.get(request.headers.get("Call-ID") or "")
        if subscription is None or not subscription.dialog.matches(request):
            return response_to(request, 481)
        if (request.headers.get("Event") or "").partition(";")[0].strip() != "xcap-diff":
            return response_to(request, 489, headers=[("Allow-Events", "xcap-diff")])
        return response_to(request, self._take(subscription, request))

    def _take(self, subscription: Subscription, request: SipRequest) -> int:
        """Take a NOTIFY of a subscription; returns the status that answers it."""
        try:
            if not subscription.dialog.accept(request):
                return 500
            if (request.headers.get("Subscription-State") or "").startswith("terminated"):
                subscription.terminated.set()
            if request.body and not subscription.is_ended:
                self._deliver(subscription, read_xcap_diff(request.body))
        except (DialogError, Refusal) as error:
            self.activity.problems.append(f"NOTIFY: {error}")
            return 400
        return 200

    def _deliver(self, subscription: Subscription, diff: XcapDiff) -> None:
        if not subscription.first.done():
            subscription.first.set_result(diff)
            return
        # A task of its own: the 200 leaves before the UE acts on the change.
        self.activity.spawn(_act(subscription.on_change, diff))

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
            yield "P-Preferred-Service", names.MCPTT_ICSI
            yield "Accept-Contact", "*;+g.3gpp.mcptt;require;explicit"

    def _contact(self) -> str:
        if self._flow is None:
            raise Refusal("there is no SIP flow")
        host, port = self._flow.local
        shown = f"[{host}]" if ":" in host else host
        user = self.identity.partition(":")[2].partition("@")[0]
        instance = f'+sip.instance="<{self.provisioning.instance_id}>"'
        uri = f"sip:{user}@{shown}:{port};transport={self._flow.transport}"
        return f"<{uri}>;{instance};{names.FEATURE_TAGS}"

    async def _succeed(self, request: SipRequest) -> SipResponse:
        if self._flow is None:
            raise Refusal(f"{request.method}: there is no SIP flow")
        try:
            response = await self._endpoint.request(request, self._flow)
        except (SipTimeout, OSError) as error:
            raise Refusal(f"{request.method} {request.uri}: {error}") from error
        if not 200 <= response.status < 300:
            warning = response.headers.get("Warning") or ""
            said = f"{response.status} {response.reason} {warning}".strip()
            raise Refusal(f"{request.method} {request.uri}: answered {said}")
        return response


async def _act(on_change: OnChange, diff: XcapDiff) -> None:
    await on_change(diff)


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
