"""Faults of subscriptions: their form and their life."""

from __future__ import annotations

from dataclasses import replace

from muster.protocol.sip.dialog import Dialog
from muster.protocol.sip.multipart import Part
from muster.ue.faulty.notifications import SERVER_ENDS
from muster.ue.faulty.seeded import FaultyUe, made_of
from muster.ue.reference.bodies import service_info
from muster.ue.reference.configuration import ConfigurationClient
from muster.ue.reference.groups import GroupClient
from muster.ue.reference.signalling import SUBSCRIPTION_SECONDS, SignallingClient, Subscription
from muster.ue.reference.sip_client import SipRefusal

# Form --------------------------------------------------------------------------------------------


class NoTokenForGroups(GroupClient):
    async def subscription_parts(self, group_ids: tuple[str, ...]) -> list[Part]:
        parts = await super().subscription_parts(group_ids)
        client = self.system.provisioning.instance_id
        return [service_info(self.system.names, client_id=client), *parts[1:]]


class LeavesAGroupOut(GroupClient):
    async def subscription_parts(self, group_ids: tuple[str, ...]) -> list[Part]:
        return await super().subscription_parts(group_ids[:-1])


class WrongEvent(SignallingClient):
    def subscription_headers(self, expires: int = SUBSCRIPTION_SECONDS) -> list[tuple[str, str]]:
        fields = dict(super().subscription_headers(expires))
        return list({**fields, "Event": "ua-profile"}.items())


class NoEvent(SignallingClient):
    def subscription_headers(self, expires: int = SUBSCRIPTION_SECONDS) -> list[tuple[str, str]]:
        return [pair for pair in super().subscription_headers(expires) if pair[0] != "Event"]


class NoAccept(SignallingClient):
    def subscription_headers(self, expires: int = SUBSCRIPTION_SECONDS) -> list[tuple[str, str]]:
        return [pair for pair in super().subscription_headers(expires) if pair[0] != "Accept"]


class ListAsPlainXml(ConfigurationClient):
    async def subscription_parts(self, entries: list[str]) -> list[Part]:
        info, listed = await super().subscription_parts(entries)
        return [info, replace(listed, content_type="application/xml")]


# Life of a subscription --------------------------------------------------------------------------


class NeverRefreshesSubscription(SignallingClient):
    async def _keep(self, subscription: Subscription) -> None:
        return None


class SkipsNumbersInDialog(SignallingClient):
    async def resubscribe(self, subscription: Subscription, expires: int) -> None:
        subscription.dialog.local_sequence += 5
        await super().resubscribe(subscription, expires)


class InsistsOnLostDialog(SignallingClient):
    async def _keep(self, subscription: Subscription) -> None:
        try:
            await self.resubscribe(subscription, SUBSCRIPTION_SECONDS)
        except SipRefusal:
            await self.resubscribe(subscription, SUBSCRIPTION_SECONDS)


class EndsOutsideTheDialog(SignallingClient):
    async def resubscribe(self, subscription: Subscription, expires: int) -> None:
        if expires > 0:
            await super().resubscribe(subscription, expires)
            return
        request = await self._subscribing(subscription.psi, subscription.make_parts)
        request.headers.set("Expires", "0")
        self._forget(subscription)
        subscription.dialog = Dialog.from_sent(request)
        self._subscriptions[subscription.dialog.call_id] = subscription
        await self._succeed(request)


class GivesUpDeactivated(SignallingClient):
    def ended_by_server(self, subscription: Subscription, reason: str) -> None:
        return None


class ComesBackAlways(SignallingClient):
    def ended_by_server(self, subscription: Subscription, reason: str) -> None:
        super().ended_by_server(subscription, "deactivated")


GROUP_FORM = ("updates/group_subscription.feature",)
LIFE = ("updates/subscription_life.feature",)

FAULTS = (
    FaultyUe(
        "subscribes_to_groups_without_token",
        "Leaves the access token out of its subscription to groups.",
        made_of(groups=NoTokenForGroups),
        "TS24481-6.3.13.2.1-04",
        GROUP_FORM,
    ),
    FaultyUe(
        "leaves_a_group_out_of_its_subscription",
        "Lists all groups but the last in its subscription.",
        made_of(groups=LeavesAGroupOut),
        "TS24481-6.3.13.2.1-03",
        GROUP_FORM,
        ("TS24481-6.3.13.2.1-08", "TS24481-6.3.13.2.1-09"),
    ),
    FaultyUe(
        "subscribes_without_event",
        "Does not say for which event it subscribes.",
        made_of(signalling=NoEvent),
        "RFC6665-3.1.2-01",
        GROUP_FORM,
        ("TS24484-6.3.13.2.2-01", "TS24481-6.3.13.2.1-01"),
    ),
    FaultyUe(
        "subscribes_without_accept",
        "Does not say that it understands xcap-diff.",
        made_of(signalling=NoAccept),
        "TS24481-6.3.13.2.1-07",
        GROUP_FORM,
        ("TS24484-6.3.13.2.2-03",),
    ),
    FaultyUe(
        "subscribes_to_wrong_event",
        "Subscribes to another event package.",
        made_of(signalling=WrongEvent),
        "TS24484-6.3.13.2.2-01",
        ("ue_configuration/subscription.feature",),
    ),
    FaultyUe(
        "resource_list_as_plain_xml",
        "Sends its resource list as application/xml.",
        made_of(configuration=ListAsPlainXml),
        "RFC5875-4.4-01",
        GROUP_FORM,
        (
            "TS24484-6.3.13.2.2-06",
            "TS24484-6.3.13.2.2-10",
            "TS24484-6.3.13.2.2-11",
            "TS24484-6.3.13.2.2-12",
        ),
    ),
    FaultyUe(
        "never_refreshes_subscription",
        "Lets its subscriptions expire.",
        made_of(signalling=NeverRefreshesSubscription),
        "RFC6665-4.1.2.2-01",
        LIFE,
    ),
    FaultyUe(
        "skips_numbers_in_dialog",
        "Leaves numbers out between the requests of a dialog.",
        made_of(signalling=SkipsNumbersInDialog),
        "RFC3261-12.2.1.1-01",
        LIFE,
    ),
    FaultyUe(
        "insists_on_lost_subscription",
        "Goes on in a dialog that the server said not to have.",
        made_of(signalling=InsistsOnLostDialog),
        "RFC6665-4.1.2.2-02",
        LIFE,
    ),
    FaultyUe(
        "ends_subscription_outside_its_dialog",
        "Ends a subscription by a SUBSCRIBE that belongs to no dialog.",
        made_of(signalling=EndsOutsideTheDialog),
        "RFC6665-4.1.2.3-01",
        LIFE,
        ("TS24481-6.3.13.2.1-12",),
    ),
    FaultyUe(
        "gives_up_deactivated_subscription",
        "Does not subscribe anew after a deactivation.",
        made_of(signalling=GivesUpDeactivated),
        "RFC6665-4.1.3-03",
        SERVER_ENDS,
    ),
    FaultyUe(
        "comes_back_after_rejection",
        "Subscribes anew, whyever the server ended the subscription.",
        made_of(signalling=ComesBackAlways),
        "RFC6665-4.1.3-04",
        SERVER_ENDS,
        ("RFC6665-4.1.3-05",),
    ),
)
