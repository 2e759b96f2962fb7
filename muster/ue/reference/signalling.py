"""Subscriptions of one MC service to changes of documents, beside all else that its SIP does."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property

from muster.protocol.sip.dialog import Dialog, DialogError
from muster.protocol.sip.message import SipRequest, SipResponse, response_to
from muster.protocol.sip.multipart import Part, build_multipart
from muster.ue.reference import names
from muster.ue.reference.documents import XcapDiff, read_xcap_diff
from muster.ue.reference.refresh import Refresh
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.sip_client import SipClient, SipRefusal, granted, parameter

NOTIFY_LIMIT = 10.0
"""Seconds in which the first NOTIFY has to follow the 200 to a SUBSCRIBE."""
FAREWELL_LIMIT = 2.0
"""Seconds in which the last NOTIFY has to follow the end of a subscription."""
SUBSCRIPTION_SECONDS = 3600

FINAL_REASONS = ("rejected", "noresource", "invariant")
"""Why a subscription ends for good (RFC 6665, 4.1.3)."""
GONE_STATUSES = (404, 405, 410, 416, *range(480, 486), 489, 501, 604)
"""Answers to a refresh that say that there is no such subscription (RFC 6665, 4.1.2.2)."""

OnChange = Callable[[XcapDiff], Awaitable[None]]
MakeParts = Callable[[], Awaitable[Sequence[Part]]]


@dataclass
class Subscription:
    """One subscription to changes of documents; renewed, it has a dialog of its own again."""

    psi: str
    make_parts: MakeParts
    on_change: OnChange
    first: "asyncio.Future[XcapDiff]"
    dialog: Dialog
    refresh: Refresh
    terminated: asyncio.Event = field(default_factory=asyncio.Event)
    is_ended: bool = False


class SignallingClient(SipClient):
    """A client of the line that is told of changes of documents."""

    @cached_property
    def _subscriptions(self) -> dict[str, Subscription]:
        """Those that are known, by the Call-ID of their dialog."""
        return {}

    def knows(self, call_id: str) -> bool:
        return call_id in self._subscriptions

    async def close(self) -> None:
        for subscription in self._subscriptions.values():
            subscription.refresh.cancel()
        await super().close()

    async def subscribe(
        self, psi: str, make_parts: MakeParts, on_change: OnChange
    ) -> tuple[Subscription, XcapDiff]:
        """SUBSCRIBE to changes of documents and wait for the first NOTIFY."""
        first: asyncio.Future[XcapDiff] = asyncio.get_running_loop().create_future()
        request = await self._subscribing(psi, make_parts)
        subscription = Subscription(
            psi,
            make_parts,
            on_change,
            first,
            Dialog.from_sent(request),
            Refresh(self.activity, lambda: self._keep(subscription)),
        )
        try:
            await self._begin(subscription, request)
            return subscription, await asyncio.wait_for(first, NOTIFY_LIMIT)
        except TimeoutError:
            raise Refusal(f"{psi}: no NOTIFY after the SUBSCRIBE") from None
        finally:
            first.cancel()

    async def _subscribing(self, psi: str, make_parts: MakeParts) -> SipRequest:
        request = self._request("SUBSCRIBE", psi, to=psi, parts=await make_parts())
        for name, value in self.subscription_headers():
            request.headers.add(name, value)
        return request

    def subscription_headers(self, expires: int = SUBSCRIPTION_SECONDS) -> list[tuple[str, str]]:
        """What a SUBSCRIBE says of its subscription."""
        return [
            ("Event", "xcap-diff"),
            ("Accept", names.XCAP_DIFF_TYPE),
            ("Expires", str(expires)),
        ]

    async def _begin(self, subscription: Subscription, request: SipRequest) -> None:
        # Known before the SUBSCRIBE leaves: the NOTIFY may overtake its 200 (RFC 6665, 4.4.1).
        self._subscriptions[subscription.dialog.call_id] = subscription
        response = await self._succeed(request)
        try:
            subscription.dialog.confirm(response)
        except DialogError as error:
            raise Refusal(f"{request.uri}: the SUBSCRIBE made no dialog: {error}") from error
        subscription.refresh.within(granted(response, SUBSCRIPTION_SECONDS))

    async def _keep(self, subscription: Subscription) -> None:
        """Refresh a subscription within its dialog; one that the server lost is begun anew."""
        try:
            await self.resubscribe(subscription, SUBSCRIPTION_SECONDS)
        except SipRefusal as error:
            if error.status not in GONE_STATUSES:
                raise
            self._forget(subscription)
            await self.renew(subscription)

    async def resubscribe(self, subscription: Subscription, expires: int) -> None:
        """SUBSCRIBE within the dialog (RFC 6665, 4.1.2.2 and 4.1.2.3)."""
        await self.send_within(subscription, expires, ())

    async def send_within(
        self, subscription: Subscription, expires: int, parts: Sequence[Part]
    ) -> None:
        """SUBSCRIBE within the dialog; parts replace what the subscription is for."""
        headers = [*self.subscription_headers(expires), ("Contact", self._contact())]
        body = b""
        if parts:
            content_type, body = build_multipart(parts)
            headers.append(("Content-Type", content_type))
        response = await self._succeed(subscription.dialog.request("SUBSCRIBE", headers, body))
        if not subscription.is_ended:
            subscription.refresh.within(granted(response, expires))

    async def renew(self, subscription: Subscription) -> None:
        """Subscribe anew, in a dialog of its own, to the same documents."""
        if subscription.is_ended:
            return
        request = await self._subscribing(subscription.psi, subscription.make_parts)
        subscription.dialog = Dialog.from_sent(request)
        subscription.terminated.clear()
        await self._begin(subscription, request)

    def _forget(self, subscription: Subscription) -> None:
        subscription.refresh.cancel()
        self._subscriptions.pop(subscription.dialog.call_id, None)

    def ended_by_server(self, subscription: Subscription, reason: str) -> None:
        """Act on a last NOTIFY that the UE did not ask for (RFC 6665, 4.1.3)."""
        if reason not in FINAL_REASONS:
            self.activity.spawn(self.renew(subscription))

    async def unsubscribe(self, subscription: Subscription) -> None:
        """End a subscription and answer its last NOTIFY (RFC 6665, 4.1.2.3)."""
        subscription.is_ended = True
        subscription.refresh.cancel()
        if subscription.terminated.is_set():
            return
        try:
            await self.resubscribe(subscription, 0)
        except Refusal as error:
            # Where the server knows of no subscription any more, there is none to end.
            self.activity.problems.append(str(error))
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(subscription.terminated.wait(), FAREWELL_LIMIT)

    def notified(self, request: SipRequest) -> SipResponse:
        """Answer a NOTIFY of a subscription of this service."""
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
            state, _, rest = (request.headers.get("Subscription-State") or "").partition(";")
            if state.strip().lower() == "terminated":
                subscription.terminated.set()
                self._forget(subscription)
                if not subscription.is_ended:
                    self.ended_by_server(subscription, parameter(rest, "reason"))
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


async def _act(on_change: OnChange, diff: XcapDiff) -> None:
    await on_change(diff)
