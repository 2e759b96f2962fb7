"""Faults of what follows a notification, and of how it is answered."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from muster.protocol.sip.endpoint import Flow, SipEndpoint
from muster.protocol.sip.message import SipRequest, SipResponse, response_to
from muster.protocol.sip.transaction import server_key
from muster.ue.faulty.seeded import FaultyUe, made_of
from muster.ue.reference.configuration import ConfigurationClient
from muster.ue.reference.documents import UserProfile, XcapDiff
from muster.ue.reference.groups import GroupClient
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.signalling import SignallingClient, Subscription
from muster.ue.reference.system import SystemSession

# Notifications -----------------------------------------------------------------------------------


class TakesStrayNotifications(SignallingClient):
    async def answer(self, request: SipRequest, flow: Flow) -> SipResponse | None:
        answer = await super().answer(request, flow)
        if answer is not None and answer.status == 481:
            return response_to(request, 200)
        return answer


class RefusesEarlyNotifications(SignallingClient):
    """Knows a dialog only once the answer to its SUBSCRIBE is there."""

    async def answer(self, request: SipRequest, flow: Flow) -> SipResponse | None:
        known = self._subscriptions.get(request.headers.get("Call-ID") or "")
        if known is not None and known.dialog.remote_tag is None:
            known.first.cancel()
            return response_to(request, 481)
        return await super().answer(request, flow)

    async def _begin(self, subscription: Subscription, request: SipRequest) -> None:
        await super()._begin(subscription, request)
        if subscription.first.cancelled():
            raise Refusal("no NOTIFY after the SUBSCRIBE")


class ForgetsTransactions(SipEndpoint):
    def _request(self, flow: Flow, request: SipRequest, raw: bytes) -> None:
        self._servers.pop(server_key(request, flow), None)
        super()._request(flow, request, raw)


class AnswersCopiesAnew(SignallingClient):
    def endpoint(self) -> SipEndpoint:
        return ForgetsTransactions(self.answer)


class RefusesOldNews(ConfigurationClient):
    """Told through the signalling client of the same system, which asks it first."""

    def knows(self, diff: XcapDiff) -> bool:
        stored = self.system.xcap.stored.values()
        held = {document.etag.strip('"') for document in stored if document.etag}
        return {(change.new_etag or "").strip('"') for change in diff.changes} <= held


class RefusesNotificationsWithoutNews(SignallingClient):
    def _deliver(self, subscription: Subscription, diff: XcapDiff) -> None:
        owner = getattr(subscription.on_change, "__self__", None)
        if subscription.first.done() and isinstance(owner, RefusesOldNews) and owner.knows(diff):
            raise Refusal("a notification without news")
        super()._deliver(subscription, diff)


class FetchesWhateverIsAnnounced(ConfigurationClient):
    async def fetch(self, url: str, selector: str) -> None:
        if self._rank(selector) < 3:
            await super().fetch(url, selector)
        else:
            await self.system.xcap.get(url, {})


class FetchesWhateverGroup(GroupClient):
    async def _apply(self, diff: XcapDiff, group_ids: tuple[str, ...]) -> None:
        await super()._apply(diff, group_ids)
        root = self.system.access.gms_xcap_root
        known = {self.url(group_id) for group_id in group_ids}
        for change in diff.changes:
            url = f"{root}/{change.selector}"
            if url not in known:
                await self.system.xcap.get(url, {})


# Changes -----------------------------------------------------------------------------------------


def _first_only(diff: XcapDiff) -> XcapDiff:
    return replace(diff, changes=diff.changes[:1])


class OneChangeOfConfiguration(ConfigurationClient):
    async def notified(self, diff: XcapDiff) -> None:
        await super().notified(_first_only(diff))


class OneChangeOfGroups(GroupClient):
    async def notified(self, diff: XcapDiff) -> None:
        await super().notified(_first_only(diff))


class DeafWhileBusy(ConfigurationClient):
    def __init__(self, system: SystemSession) -> None:
        super().__init__(system)
        self.is_busy = False

    async def notified(self, diff: XcapDiff) -> None:
        if self.is_busy:
            return
        self.is_busy = True
        try:
            await super().notified(diff)
            await asyncio.sleep(0.3)  # what it makes of the change takes its time
        finally:
            self.is_busy = False


class FetchesBelowAnotherRoot(ConfigurationClient):
    async def fetch(self, url: str, selector: str) -> None:
        if self.service_configuration is None:
            await super().fetch(url, selector)
            return
        scheme, _, rest = url.partition("://")
        host = rest.partition("/")[0]
        await self.system.xcap.get(f"{scheme}://{host}/{selector}", {})


class NeverLooksAtGroupsAgain(GroupClient):
    async def reconcile(self, profile: UserProfile) -> None:
        if self._subscription is None:
            await super().reconcile(profile)


SERVER_ENDS = ("updates/subscription_end.feature",)
NOTIFICATIONS = ("updates/notifications.feature",)
CHANGES = ("updates/several_changes.feature", "updates/changed_groups.feature")

FAULTS = (
    FaultyUe(
        "takes_stray_notifications",
        "Answers notifications of subscriptions that it does not have as if it had.",
        made_of(signalling=TakesStrayNotifications),
        "RFC6665-4.1.3-02",
        SERVER_ENDS,
    ),
    FaultyUe(
        "refuses_early_notification",
        "Does not know a subscription before the answer to its SUBSCRIBE.",
        made_of(signalling=RefusesEarlyNotifications),
        "RFC6665-4.1.2.4-01",
        NOTIFICATIONS,
    ),
    FaultyUe(
        "answers_copies_anew",
        "Takes a repeated request for a new one.",
        made_of(signalling=AnswersCopiesAnew),
        "RFC3261-17.2.2-01",
        NOTIFICATIONS,
    ),
    FaultyUe(
        "refuses_notification_without_news",
        "Refuses a notification that names what it holds already.",
        made_of(signalling=RefusesNotificationsWithoutNews, configuration=RefusesOldNews),
        "RFC6665-4.1.3-01",
        NOTIFICATIONS,
    ),
    FaultyUe(
        "fetches_whatever_is_announced",
        "Fetches every document that a notification names.",
        made_of(configuration=FetchesWhateverIsAnnounced, groups=FetchesWhateverGroup),
        "TS24484-6.3.3-05",
        NOTIFICATIONS,
        ("TS24481-6.3.3.2-05",),
    ),
    FaultyUe(
        "ignores_second_change",
        "Acts on the first change of a notification alone.",
        made_of(configuration=OneChangeOfConfiguration, groups=OneChangeOfGroups),
        "TS24484-6.3.13.2.2-13",
        CHANGES,
        ("TS24481-6.3.13.2.1-10",),
    ),
    FaultyUe(
        "deaf_while_busy",
        "Does not act on a notification that comes while it is at work on another.",
        made_of(configuration=DeafWhileBusy),
        "TS24484-6.3.13.2.2-13",
        CHANGES,
    ),
    FaultyUe(
        "fetches_below_another_root",
        "Fetches what changed below the root of the server instead of the XCAP root.",
        made_of(configuration=FetchesBelowAnotherRoot),
        "TS24484-6.3.13.2.2-14",
        CHANGES,
        (
            "TS24484-6.3.13.2.2-13",
            "TS23280-10.1.1.1-14",
            "TS23280-10.1.1.1-15",
            "TS24481-6.3.3.2-03",
            "TS24481-6.3.13.2.1-12",
            "TS24484-6.3.3-05",
        ),
    ),
    FaultyUe(
        "never_looks_at_groups_again",
        "Does not follow changes of the groups that its active profile lists.",
        made_of(groups=NeverLooksAtGroupsAgain),
        "TS24481-6.3.3.2-03",
        (*CHANGES, "profile_selection/active_profile.feature"),
        (
            "TS23280-10.1.1.1-15",
            "TS24481-6.3.13.2.1-12",
            "TS24481-6.3.13.2.1-09",
            "TS24481-6.3.3.2-04",
        ),
    ),
)
