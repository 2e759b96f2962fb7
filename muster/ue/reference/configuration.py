"""Configuration management client: the documents of the user and of one MC service."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import unquote

from muster.protocol.sip.multipart import Part
from muster.ue.reference.bodies import resource_list, service_info
from muster.ue.reference.documents import (
    ServiceConfiguration,
    UserProfile,
    XcapDiff,
    read_service_configuration,
    read_ue_configuration,
    read_user_profile,
    with_mark,
)
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.signalling import Subscription
from muster.ue.reference.xcap import below

if TYPE_CHECKING:
    from muster.ue.reference.system import SystemSession


class ConfigurationClient:
    """Obtains the configuration of one service in one MC system and keeps it up to date."""

    def __init__(self, system: "SystemSession") -> None:
        self.system = system
        self.profiles: dict[str, UserProfile] = {}
        self.service_configuration: ServiceConfiguration | None = None
        self.has_ue_configuration = False
        self._subscriptions: list[Subscription] = []
        self._turn = asyncio.Lock()
        self._missed: list[XcapDiff] = []

    # What is asked for

    def xui(self) -> str:
        """The XCAP user identifier, as it is written in paths: the MC service ID."""
        return self.system.mc_service_id

    def ue_configuration_name(self) -> str:
        """The name of the terminal's own UE configuration document."""
        return self.system.provisioning.mcs_ue_id

    def entries(self) -> list[str]:
        """What is subscribed to, relative to the XCAP root."""
        names = self.system.names
        return [
            f"{names.ue_configuration.auid}/users/{self.xui()}/{self.ue_configuration_name()}",
            f"{names.user_profile.auid}/users/{self.xui()}/",
            f"{names.service_configuration.auid}/global/{names.service_configuration_name}",
        ]

    def subscription_lists(self) -> list[list[str]]:
        """The entries of each SUBSCRIBE: one subscription proxy takes them all."""
        return [self.entries()]

    # Obtaining and keeping

    async def obtain(self) -> None:
        """Subscribe, and fetch everything that the first notifications name."""
        async with self._turn:
            for entries in self.subscription_lists():
                await self._subscribe(entries)
        if not self.profiles:
            raise Refusal("the CMS named no user profile")
        if self.system.home is not None:
            return  # a visitor is owed profiles, no more (TS 23.280, 10.1.1.2)
        if not self.has_ue_configuration:
            raise Refusal("the CMS named no UE configuration of this terminal")
        if self.service_configuration is None:
            raise Refusal("the CMS named no service configuration")

    async def subscription_parts(self, entries: list[str]) -> list[Part]:
        """The bodies of a SUBSCRIBE: who subscribes, and to what."""
        token = await self.system.identity.access_token()
        info = service_info(self.system.names, access_token=token)
        return [info, resource_list(entries)]

    async def _subscribe(self, entries: list[str]) -> None:
        subscription, diff = await self.system.signalling.subscribe(
            self.system.access.cms, lambda: self.subscription_parts(entries), self.notified
        )
        self._subscriptions.append(subscription)
        await self.apply(diff)

    async def notified(self, diff: XcapDiff) -> None:
        """Act on a later notification."""
        if self.system.is_left:
            self._missed.append(diff)
            return
        async with self._turn:
            before = self.system.active_profile()
            await self.apply(diff)
        await self.system.profile_changed(before)

    async def catch_up(self) -> None:
        """Act on what was notified while the user was served by a partner."""
        missed, self._missed = self._missed, []
        async with self._turn:
            for diff in missed:
                await self.apply(diff)

    async def apply(self, diff: XcapDiff) -> None:
        """Fetch each document of a notification that the UE does not hold in that version."""
        for change in sorted(diff.changes, key=lambda change: self._rank(change.selector)):
            url = below(self.system.access.cms_xcap_root, diff.xcap_root, change.selector)
            if change.new_etag is None:
                self._drop(url, change.selector)
            elif not self.system.xcap.holds(url, change.new_etag):
                await self.take(url, change.selector)

    async def take(self, url: str, selector: str) -> None:
        """Fetch one document; a profile that cannot be had does not stand before the others."""
        try:
            await self.fetch(url, selector)
        except Refusal as error:
            if self._rank(selector) != 1:
                raise
            self.system.activity.problems.append(str(error))

    async def fetch(self, url: str, selector: str) -> None:
        """Fetch one document and take it into use."""
        xcap, names = self.system.xcap, self.system.names
        rank = self._rank(selector)
        if rank == 0:
            await xcap.fetch(
                url,
                names.ue_configuration.media_type,
                partial(read_ue_configuration, service=names),
            )
            self.has_ue_configuration = True
        elif rank == 1:
            profile = await xcap.fetch(
                url, names.user_profile.media_type, partial(read_user_profile, service=names)
            )
            self.profiles[unquote(selector)] = profile
        elif rank == 2:
            self.service_configuration = await xcap.fetch(
                url,
                names.service_configuration.media_type,
                partial(read_service_configuration, service=names),
            )

    def _rank(self, selector: str) -> int:
        """Which entry of the subscription a document belongs to; 3: it was not asked for."""
        document = unquote(selector).lstrip("/")
        for rank, entry in enumerate(map(unquote, self.entries())):
            if document == entry or (entry.endswith("/") and document.startswith(entry)):
                return rank
        return 3

    def _drop(self, url: str, selector: str) -> None:
        self.system.xcap.forget(url)
        self.profiles.pop(unquote(selector), None)

    # Profiles

    def profile(self, index: int) -> UserProfile:
        """Return the user's profile of this index."""
        for profile in self.profiles.values():
            if profile.index == index:
                return profile
        raise Refusal(f"there is no user profile {index}")

    def preselected(self) -> UserProfile:
        """The profile that becomes active at service authorisation (TS 23.280, 10.1.1.1).

        Without a mark the user would be asked; this UE takes the lowest index.
        """
        usable = [profile for profile in self.profiles.values() if profile.is_enabled]
        if not usable:
            raise Refusal("no user profile is enabled")
        return min(usable, key=lambda profile: (not profile.is_preselected, profile.index))

    async def preselect(self, index: int) -> None:
        """Give another profile the mark: its document is replaced (TS 23.280, 10.1.4.5).

        How the mark is moved no text was seen to say; the server takes it from the other one.
        """
        wanted = self.profile(index)
        selector = next(key for key, profile in self.profiles.items() if profile is wanted)
        url = f"{self.system.access.cms_xcap_root}/{selector.lstrip('/')}"
        names = self.system.names.user_profile
        await self.system.xcap.replace(
            url, names.media_type, lambda body: with_mark(body, names.namespace)
        )

    async def end(self) -> None:
        """End the subscriptions."""
        subscriptions, self._subscriptions = self._subscriptions, []
        for subscription in subscriptions:
            await self.system.signalling.unsubscribe(subscription)
