"""Faults of the steps at a partner: order, what a failure means, whose configuration is used."""

from __future__ import annotations

from contextlib import suppress

from muster.ue.faulty.seeded import FaultyUe, made_of, migrating
from muster.ue.reference.configuration import ConfigurationClient
from muster.ue.reference.documents import UserProfile
from muster.ue.reference.migration import MigrationClient
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.service import ServiceClient
from muster.ue.reference.signalling import SignallingClient
from muster.ue.reference.system import SystemSession


def _used_at_home(session: SystemSession) -> UserProfile | None:
    return session.home.active_profile() if session.home is not None else None


async def _groups_of_home(session: SystemSession) -> None:
    """Ask this system for the groups of the profile that is active at the primary."""
    profile = _used_at_home(session)
    for group_id in profile.groups if profile is not None else ():
        with suppress(Refusal):
            await session.groups.fetch(group_id)


class GoesOnUnregistered(SignallingClient):
    async def register(self, *arguments: object, **more: object) -> None:
        with suppress(Refusal):
            await super().register(*arguments, **more)  # type: ignore[arg-type]


class GoesOnWithoutProfile(MigrationClient):
    """Takes the primary's profile where the partner gives none."""

    async def arrive(self, session: SystemSession) -> None:
        await session.keys.obtain()
        await session.signalling.open()
        await session.signalling.register()
        try:
            await session.configuration.obtain()
        except Refusal:
            await _groups_of_home(session)
            profile = _used_at_home(session)
            await session.service.authorise_with(profile.index if profile is not None else 0)
            return
        await session.groups.reconcile(session.configuration.preselected())
        await session.service.authorise()


class AnyIndex(ServiceClient):
    """Names a profile in any case: of the partner, or else of the primary."""

    def index_at_authorisation(self) -> int:
        try:
            return super().index_at_authorisation()
        except Refusal:
            profile = _used_at_home(self.system)
            return profile.index if profile is not None else 0


class GoesOnWithoutGroups(MigrationClient):
    async def arrive(self, session: SystemSession) -> None:
        await session.keys.obtain()
        await session.signalling.open()
        await session.signalling.register()
        await session.configuration.obtain()
        with suppress(Refusal):
            await session.groups.reconcile(session.configuration.preselected())
        await session.service.authorise()


class AuthorisesFirst(MigrationClient):
    async def arrive(self, session: SystemSession) -> None:
        await session.keys.obtain()
        await session.signalling.open()
        await session.signalling.register()
        profile = _used_at_home(session)
        await session.service.authorise_with(profile.index if profile is not None else 0)
        await session.configuration.obtain()
        await session.groups.reconcile(session.configuration.preselected())


class GroupsBeforeProfile(MigrationClient):
    async def arrive(self, session: SystemSession) -> None:
        await _groups_of_home(session)
        await super().arrive(session)


class NeedsGroups(MigrationClient):
    async def arrive(self, session: SystemSession) -> None:
        await session.keys.obtain()
        await session.signalling.open()
        await session.signalling.register()
        await session.configuration.obtain()
        profile = session.configuration.preselected()
        await session.groups.reconcile(profile)
        if profile.groups:
            await session.service.authorise()


class OneProfile(ConfigurationClient):
    async def take(self, url: str, selector: str) -> None:
        if self.system.home is None or not self.profiles or "user-profile" not in selector:
            await super().take(url, selector)


class HighestIndex(ConfigurationClient):
    def preselected(self) -> UserProfile:
        if self.system.home is None:
            return super().preselected()
        return max(self.profiles.values(), key=lambda profile: profile.index)


class PrimaryProfile(ServiceClient):
    """Is served by a partner under the profile that is active at the primary."""

    def index_at_authorisation(self) -> int:
        profile = _used_at_home(self.system)
        return super().index_at_authorisation() if profile is None else profile.index


C13 = "TS23280-10.1.1.2-"
PROFILES = ("migration/partner_profiles.feature", "migration/no_partner_profile.feature")
FAILURES = ("migration/partner_failures.feature", "migration/lost_groups.feature")
SILENT = ("migration/silent_servers.feature", "migration/silent_authorisation.feature")
SIGNALLING = ("migration/signalling.feature", "migration/signalling_failures.feature")
MIGRATED = ("migration/migrated_service.feature", "migration/primary_changes.feature")
AUTOMATIC = ("migration/automatic_choice.feature", "migration/networks_of_no_choice.feature")
NEXT = "migration/next_partner.feature"
SEVERAL = "migration/several_partner_profiles.feature"
CERTIFICATES = tuple(
    f"migration/{which}_servers.feature" for which in ("untrusted", "misnamed", "expired")
)

FAULTS = (
    FaultyUe(
        "goes_on_unregistered",
        "Goes on at the partner whose core refused its registration.",
        made_of(signalling=GoesOnUnregistered),
        C13 + "22",
        (*SIGNALLING, *SILENT, "migration/broken_links.feature"),
        ("TS33180-5.1.1-02",),
    ),
    FaultyUe(
        "goes_on_without_profile",
        "Asks the partner for service under the primary's profile when the partner gives none.",
        migrating(GoesOnWithoutProfile, service=AnyIndex),
        C13 + "29",
        (*PROFILES, *FAILURES, *SILENT, *CERTIFICATES),
        (C13 + "28", C13 + "38"),
    ),
    FaultyUe(
        "goes_on_without_groups",
        "Asks the partner for service though its groups could not be obtained.",
        migrating(GoesOnWithoutGroups),
        C13 + "30",
        (*FAILURES, "migration/silent_authorisation.feature", *CERTIFICATES),
    ),
    FaultyUe(
        "authorises_first",
        "Asks the partner for service before anything else.",
        migrating(AuthorisesFirst, service=AnyIndex),
        C13 + "30",
        (*FAILURES, NEXT, *AUTOMATIC),
        (C13 + "29", C13 + "25"),
    ),
    FaultyUe(
        "asks_partner_groups_before_profile",
        "Asks the partner for groups before it has a profile of it.",
        migrating(GroupsBeforeProfile),
        C13 + "28",
        (*FAILURES, *PROFILES),
        (C13 + "38",),
    ),
    FaultyUe(
        "needs_groups_for_service",
        "Asks for no service under a profile of the partner that lists no group.",
        migrating(NeedsGroups),
        C13 + "31",
        PROFILES,
    ),
    FaultyUe(
        "downloads_one_partner_profile",
        "Downloads the first of the partner's profiles only.",
        made_of(configuration=OneProfile),
        C13 + "24",
        (SEVERAL,),
    ),
    FaultyUe(
        "takes_highest_partner_index",
        "Takes the partner's profile with the highest index, whichever is pre-selected.",
        made_of(configuration=HighestIndex),
        C13 + "36",
        (SEVERAL,),
    ),
    FaultyUe(
        "serves_under_primary_profile",
        "Is served by the partner under the profile that is active at the primary.",
        made_of(service=PrimaryProfile),
        C13 + "25",
        (SEVERAL, *PROFILES, *MIGRATED, NEXT, *AUTOMATIC),
        (C13 + "36",),
    ),
)
