"""Named misbehaviours of a system's SIP servers, and what they may do on their own account."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from muster.protocol.sip.endpoint import Flow, SipTimeout
from muster.protocol.sip.message import Headers, SipRequest, SipResponse, response_to
from stubs import sip_bodies as bodies
from stubs import sip_fields as fields
from stubs.mc_server import McServer
from stubs.sip import SipFault, SipHandler
from stubs.subscription import Subscription
from stubs.xcap import DocumentStore

ALWAYS = 1_000_000


@dataclass
class SipRefusal(SipFault):
    """Requests of a method are refused with a status, at most `times` times.

    The end of something, Expires 0, is let pass: who was refused may leave.
    """

    method: str
    status: int
    warning: str = ""
    """Code and text of a Warning (TS 24.379 4.4)."""
    retry_after: int = 0
    with_token: bool | None = None
    """Only requests that present an access token (or that present none); None: all."""
    times: int = ALWAYS
    seconds: float = 0.0
    """How late the refusal comes: what was sent side by side with the request has come by then."""

    async def around(
        self, request: SipRequest, flow: Flow, handler: SipHandler
    ) -> SipResponse | None:
        if self.times <= 0 or not self._concerns(request):
            return await handler(request, flow)
        self.times -= 1
        await asyncio.sleep(self.seconds)
        headers = []
        if self.warning:
            headers.append(("Warning", f'399 {flow.local[0]} "{self.warning}"'))
        if self.retry_after:
            headers.append(("Retry-After", str(self.retry_after)))
        return response_to(request, self.status, headers=headers)

    def _concerns(self, request: SipRequest) -> bool:
        contact = next(iter(request.headers.elements("Contact")), "")
        if request.method != self.method or fields.lifetime(request, contact) == 0:
            return False
        if request.method == "PUBLISH" and fields.package(request) != "poc-settings":
            return False
        presents = any(info.access_token for info in bodies.service_infos(request))
        return self.with_token is None or presents is self.with_token


@dataclass
class LateAnswer(SipFault):
    """Requests of a method are acted on at once and answered late."""

    method: str
    seconds: float

    async def around(
        self, request: SipRequest, flow: Flow, handler: SipHandler
    ) -> SipResponse | None:
        answer = await handler(request, flow)
        if request.method == self.method:
            await asyncio.sleep(self.seconds)
        return answer


@dataclass
class ForgottenPublication(SipFault):
    """The server has lost a publication: the next entity tag that is named is refused for good."""

    lost: str = ""

    async def around(
        self, request: SipRequest, flow: Flow, handler: SipHandler
    ) -> SipResponse | None:
        named = request.headers.get("SIP-If-Match")
        if request.method != "PUBLISH" or not named or request.headers.get("Expires") == "0":
            return await handler(request, flow)
        self.lost = self.lost or named
        return response_to(request, 412) if named == self.lost else await handler(request, flow)


def subscriptions_to(server: McServer, store: DocumentStore) -> list[Subscription]:
    """The subscriptions to documents of one store."""
    return [one for one in server.subscriptions.values() if one.store is store]


def forget_subscriptions(server: McServer, store: DocumentStore) -> None:
    """Lose the subscriptions without a word, as a server that started afresh has."""
    for one in subscriptions_to(server, store):
        del server.subscriptions[one.dialog.call_id]


def end_subscriptions(server: McServer, store: DocumentStore, reason: str) -> None:
    """End the subscriptions to a store, and say why."""
    for one in subscriptions_to(server, store):
        server.terminate(one, reason)


def announce(server: McServer, store: DocumentStore, changes: Iterable[bodies.Change]) -> None:
    """Tell those who subscribed to documents of a store of changes, whether they are so or not."""
    told = list(changes)
    for one in subscriptions_to(server, store):
        server.notify(one, told)


async def send_stray_notification(server: McServer, flow: Flow, contact: str, body: bytes) -> None:
    """Notify on a flow of a subscription that nobody has."""
    fields = [
        ("From", f"<{server.psi.cms}>;tag={secrets.token_hex(4)}"),
        ("To", f"<{contact}>;tag={secrets.token_hex(4)}"),
        ("Call-ID", secrets.token_hex(12)),
        ("CSeq", "1 NOTIFY"),
        ("Contact", f"<{server.psi.cms}>"),
        ("Event", "xcap-diff"),
        ("Subscription-State", "active;expires=600"),
        ("Content-Type", bodies.XCAP_DIFF_TYPE),
    ]
    await _send(server, SipRequest("NOTIFY", contact, Headers(fields), body), flow)


async def send_within(server: McServer, subscription: Subscription, body: bytes) -> None:
    """Notify within the dialog of a subscription, whether that goes on or not."""
    request = subscription.dialog.request(
        "NOTIFY",
        [
            ("Event", "xcap-diff"),
            ("Subscription-State", "active;expires=600"),
            ("Content-Type", bodies.XCAP_DIFF_TYPE),
        ],
        body,
    )
    await _send(server, request, subscription.flow)


async def _send(server: McServer, request: SipRequest, flow: Flow) -> None:
    assert server.server is not None
    try:
        await server.server.request(request, flow)
    except (SipTimeout, ConnectionError, OSError):
        return  # the exchange is journalled without an answer
