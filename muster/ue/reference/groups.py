"""Group management client: the groups of the active user profile, and nothing else."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from muster.protocol.sip.multipart import Part
from muster.ue.reference import names
from muster.ue.reference.bodies import resource_list, service_info
from muster.ue.reference.documents import UserProfile, XcapDiff, read_group
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.signalling import Subscription
from muster.ue.reference.xcap import below

if TYPE_CHECKING:
    from muster.ue.reference.system import SystemSession


class GroupClient:
    """Keeps the group documents of one MC system in step with the active profile."""

    def __init__(self, system: "SystemSession") -> None:
        self.system = system
        self.held: tuple[str, ...] = ()
        self._subscription: Subscription | None = None
        self._elsewhere: list[Subscription] = []
        self._turn = asyncio.Lock()

    def wanted(self, profile: UserProfile) -> tuple[str, ...]:
        """The group IDs whose documents the configured server has for the UE."""
        return tuple(g for g in dict.fromkeys(profile.groups) if g not in profile.group_servers)

    def entry(self, group_id: str) -> str:
        """A group document, relative to the XCAP root of the GMS."""
        return f"{names.GROUPS_AUID}/global/byGroupID/{self.segment(group_id)}"

    def segment(self, group_id: str) -> str:
        """A group ID as one segment of a path: what may not stand in it is escaped (RFC 3986)."""
        return quote(group_id, safe=":@!$&'()*+,;=~")

    def url(self, group_id: str) -> str:
        """Where a group document is."""
        return f"{self.system.access.gms_xcap_root}/{self.entry(group_id)}"

    async def reconcile(self, profile: UserProfile) -> None:
        """Obtain the groups of the profile, drop the others, subscribe to what is held."""
        async with self._turn:
            wanted = self.wanted(profile)
            for group_id in self.held:
                if group_id not in wanted:
                    self.system.xcap.forget(self.url(group_id))
            for group_id in wanted:
                await self.obtain(group_id)
            if wanted != self.held or self._subscription is None:
                await self._resubscribe(wanted)
            self.held = wanted
            await self.reconcile_elsewhere(profile)

    async def reconcile_elsewhere(self, profile: UserProfile) -> None:
        """Obtain the groups that servers of their own keep, from where these say they are."""
        await self._end_elsewhere()
        for server in dict.fromkeys(profile.group_servers.values()):
            group_ids = tuple(g for g, s in profile.group_servers.items() if s == server)
            subscription, diff = await self.system.signalling.subscribe(
                server, partial(self.subscription_parts, group_ids), self.notified_elsewhere
            )
            self._elsewhere.append(subscription)
            await self.notified_elsewhere(diff)

    async def notified_elsewhere(self, diff: XcapDiff) -> None:
        """Fetch what a group server of its own announces."""
        for change in diff.changes:
            url = below(self.system.access.gms_xcap_root, diff.xcap_root, change.selector)
            if change.new_etag is None:
                self.system.xcap.forget(url)
            elif not self.system.xcap.holds(url, change.new_etag):
                await self.system.xcap.fetch(url, names.GROUP_TYPE, read_group)

    async def _end_elsewhere(self) -> None:
        ended, self._elsewhere = self._elsewhere, []
        for subscription in ended:
            await self.system.signalling.unsubscribe(subscription)

    async def obtain(self, group_id: str) -> None:
        """Fetch one group; at the primary one that cannot be had does not stand before the rest.

        At a partner the groups come before service authorisation, which waits for them all.
        """
        try:
            await self.fetch(group_id)
        except Refusal as error:
            if self.system.home is not None:
                raise
            self.system.activity.problems.append(str(error))

    async def fetch(self, group_id: str) -> None:
        """Fetch one group document."""
        await self.system.xcap.fetch(self.url(group_id), names.GROUP_TYPE, _reader(group_id))

    async def _resubscribe(self, group_ids: tuple[str, ...]) -> None:
        await self.end()
        if not group_ids:
            return
        self._subscription, diff = await self.system.signalling.subscribe(
            self.system.access.gms_uri, lambda: self.subscription_parts(group_ids), self.notified
        )
        await self._apply(diff, group_ids)

    async def subscription_parts(self, group_ids: tuple[str, ...]) -> list[Part]:
        """The bodies of a SUBSCRIBE: who subscribes, and to which groups."""
        token = await self.system.identity.access_token()
        info = service_info(self.system.names, access_token=token)
        return [info, resource_list(map(self.entry, group_ids))]

    async def notified(self, diff: XcapDiff) -> None:
        """Act on a later notification; groups of a left system wait for the return."""
        if self.system.is_left:
            return
        async with self._turn:
            await self._apply(diff, self.held)

    async def _apply(self, diff: XcapDiff, group_ids: tuple[str, ...]) -> None:
        by_url = {unquote(self.url(group_id)): group_id for group_id in group_ids}
        for change in diff.changes:
            url = below(self.system.access.gms_xcap_root, diff.xcap_root, change.selector)
            group_id = by_url.get(unquote(url))
            if group_id is None:
                continue
            if change.new_etag is None:
                self.system.xcap.forget(self.url(group_id))
            elif not self.system.xcap.holds(self.url(group_id), change.new_etag):
                await self.obtain(group_id)

    async def end(self) -> None:
        """End the subscriptions, where there are any."""
        await self._end_elsewhere()
        subscription, self._subscription = self._subscription, None
        if subscription is not None:
            await self.system.signalling.unsubscribe(subscription)


def _reader(group_id: str) -> Callable[[bytes], str]:
    def read(body: bytes) -> str:
        uri = read_group(body)
        if uri != group_id:
            raise Refusal(f"asked for the group {group_id}, was given {uri}")
        return uri

    return read
