"""Faults of the steps at a partner: order, what a failure means, whose configuration is used."""

from __future__ import annotations

from contextlib import suppress

from muster.protocol.sip.message import SipResponse
from muster.protocol.sip.multipart import Part
from muster.ue.faulty.seeded import FaultyUe, made_of, migrating
from muster.ue.reference.bodies import service_info
from muster.ue.reference.configuration import ConfigurationClient
from muster.ue.reference.documents import PartnerSystem, UserProfile, XcapDiff
from muster.ue.reference.identity import IdentityClient, Tokens
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


class NamesNobody(ServiceClient):
    async def authorisation_info(self) -> Part:
        return service_info(
            self.system.names,
            access_token=await self.system.identity.access_token(),
            client_id=self.system.provisioning.instance_id,
        )


class NamesNoProfile(ServiceClient):
    async def authorisation_info(self) -> Part:
        home = self.system.home
        return service_info(
            self.system.names,
            access_token=await self.system.identity.access_token(),
            client_id=self.system.provisioning.instance_id,
            partner_id=self.system.mc_service_id if home else None,
            primary_id=home.mc_service_id if home else None,
        )


class SwapsIdentities(ServiceClient):
    async def authorisation_info(self) -> Part:
        home = self.system.home
        return service_info(
            self.system.names,
            access_token=await self.system.identity.access_token(),
            client_id=self.system.provisioning.instance_id,
            partner_id=home.mc_service_id if home else None,
            primary_id=self.system.mc_service_id if home else None,
            profile_index=self.index_at_authorisation() if home else None,
        )


class IgnoresRefusal(ServiceClient):
    async def authorise_with(self, index: int) -> None:
        try:
            await super().authorise_with(index)
        except Refusal:
            if self.system.home is None:
                raise
            self.active_index = index


class IgnoresResult(SignallingClient):
    def refuses_migration(self, response: SipResponse) -> bool:
        return False


class KeepsTokensOfPartner(MigrationClient):
    """After a migration that failed, uses the partner's tokens at the primary."""

    taken: Tokens | None = None

    async def migrate(self, home: SystemSession, partner: PartnerSystem) -> SystemSession:
        try:
            return await super().migrate(home, partner)
        except Refusal:
            home.identity.tokens = self.taken or home.identity.tokens
            raise

    async def authenticate(self, session: SystemSession, home: SystemSession) -> None:
        await super().authenticate(session, home)
        self.taken = session.identity.tokens


class FollowsPrimary(ConfigurationClient):
    """Takes the primary's changes over while a partner serves the user."""

    async def notified(self, diff: XcapDiff) -> None:
        if not self.system.is_left:
            await super().notified(diff)
            return
        await self.apply(diff)
        await _fetch_groups(self.system)


async def _fetch_groups(home: SystemSession) -> None:
    profile = home.active_profile()
    for group_id in profile.groups if profile is not None else ():
        await home.groups.fetch(group_id)


class GroupsAtTheEnd(ServiceClient):
    """Takes the primary's groups up again when its service ends."""

    async def end(self) -> None:
        if self.system.home is not None:
            await _fetch_groups(self.system.home)
        await super().end()


class TellsPrimary(ServiceClient):
    """Tells the primary of a profile that the user chose at the partner."""

    async def select(self, index: int) -> None:
        home = self.system.home
        if home is None:
            await super().select(index)
            return
        await home.service._publish([home.service.settings_info(), home.service.settings(index)])


class BringsProfileHome(MigrationClient):
    index = 0

    async def migrate(self, home: SystemSession, partner: PartnerSystem) -> SystemSession:
        session = await super().migrate(home, partner)
        self.index = session.service.active_index or 0
        return session

    async def come_home(self, home: SystemSession) -> None:
        home.is_left = False
        await home.configuration.catch_up()
        await home.service.authorise_with(self.index)


class PrimaryTokenForService(ServiceClient):
    async def authorisation_info(self) -> Part:
        home = self.system.home
        identity: IdentityClient = (home or self.system).identity
        return service_info(
            self.system.names,
            access_token=await identity.access_token(),
            client_id=self.system.provisioning.instance_id,
            partner_id=self.system.mc_service_id if home else None,
            primary_id=home.mc_service_id if home else None,
            profile_index=self.index_at_authorisation() if home else None,
        )


C13 = "TS23280-10.1.1.2-"
PROFILES = "migration/partner_profiles.feature"
FAILURES = "migration/partner_failures.feature"
SIGNALLING = "migration/signalling.feature"
AUTHORISATION = "migration/partner_authorisation.feature"
MIGRATED = "migration/migrated_service.feature"
AFTER = "migration/after_migration.feature"
CERTIFICATES = tuple(
    f"migration/{which}_servers.feature" for which in ("untrusted", "misnamed", "expired")
)

FAULTS = (
    FaultyUe(
        "goes_on_unregistered",
        "Goes on at the partner whose core refused its registration.",
        made_of(signalling=GoesOnUnregistered),
        C13 + "22",
        (SIGNALLING,),
        ("TS33180-5.1.1-02",),
    ),
    FaultyUe(
        "goes_on_without_profile",
        "Asks the partner for service under the primary's profile when the partner gives none.",
        migrating(GoesOnWithoutProfile, service=AnyIndex),
        C13 + "29",
        (PROFILES, FAILURES, *CERTIFICATES),
        (C13 + "28", C13 + "30", C13 + "38"),
    ),
    FaultyUe(
        "goes_on_without_groups",
        "Asks the partner for service though its groups could not be obtained.",
        migrating(GoesOnWithoutGroups),
        C13 + "30",
        (FAILURES, *CERTIFICATES),
    ),
    FaultyUe(
        "authorises_first",
        "Asks the partner for service before anything else.",
        migrating(AuthorisesFirst, service=AnyIndex),
        C13 + "30",
        (FAILURES, AFTER),
        (C13 + "29", C13 + "25"),
    ),
    FaultyUe(
        "asks_partner_groups_before_profile",
        "Asks the partner for groups before it has a profile of it.",
        migrating(GroupsBeforeProfile),
        C13 + "28",
        (FAILURES, PROFILES),
        (C13 + "38",),
    ),
    FaultyUe(
        "needs_groups_for_service",
        "Asks for no service under a profile of the partner that lists no group.",
        migrating(NeedsGroups),
        C13 + "31",
        (PROFILES,),
    ),
    FaultyUe(
        "downloads_one_partner_profile",
        "Downloads the first of the partner's profiles only.",
        made_of(configuration=OneProfile),
        C13 + "24",
        (PROFILES,),
    ),
    FaultyUe(
        "takes_highest_partner_index",
        "Takes the partner's profile with the highest index, whichever is pre-selected.",
        made_of(configuration=HighestIndex),
        C13 + "36",
        (PROFILES,),
    ),
    FaultyUe(
        "serves_under_primary_profile",
        "Is served by the partner under the profile that is active at the primary.",
        made_of(service=PrimaryProfile),
        C13 + "25",
        (PROFILES, MIGRATED, AFTER),
        (C13 + "36", "TS24379-7.2.3-05"),
    ),
    FaultyUe(
        "names_nobody_at_partner",
        "Does not say who the user is at the two systems when it asks for service.",
        made_of(service=NamesNobody),
        "TS24379-F.1.3-51",
        (AUTHORISATION,),
        ("TS24379-F.1.3-52", "TS24379-F.1.3-53"),
    ),
    FaultyUe(
        "swaps_identities_at_partner",
        "Takes the identity at the partner for the one at the primary, and the other way round.",
        made_of(service=SwapsIdentities),
        "TS24379-F.1.3-52",
        (AUTHORISATION,),
        ("TS24379-F.1.3-51",),
    ),
    FaultyUe(
        "names_no_profile_at_partner",
        "Does not say which profile it asks for service with.",
        made_of(service=NamesNoProfile),
        "TS24379-F.1.3-53",
        (AUTHORISATION,),
    ),
    FaultyUe(
        "ignores_refused_authorisation",
        "Acts as authorised by a partner that refused service authorisation.",
        made_of(service=IgnoresRefusal),
        "TS23280-10.6.3.2.1-05",
        (AUTHORISATION,),
        ("TS24379-7.3.3-01", "TS24379-F.1.3-54"),
    ),
    FaultyUe(
        "ignores_negative_result",
        "Acts as authorised by a partner whose answer says that the user may not migrate.",
        made_of(signalling=IgnoresResult),
        "TS24379-F.1.3-54",
        (AUTHORISATION,),
    ),
    FaultyUe(
        "keeps_tokens_of_refusing_partner",
        "After a refused migration uses the partner's tokens at the primary.",
        migrating(KeepsTokensOfPartner),
        "TS24379-7.2.2-06",
        (AUTHORISATION,),
        ("TS33180-B.7.1-02", "TS33180-5.1.3.1-02"),
    ),
    FaultyUe(
        "follows_primary_while_migrated",
        "Takes changes of the primary over while a partner serves the user.",
        made_of(configuration=FollowsPrimary),
        C13 + "32",
        (MIGRATED,),
    ),
    FaultyUe(
        "takes_primary_groups_at_the_end",
        "Fetches groups of the primary when migrated service ends.",
        made_of(service=GroupsAtTheEnd),
        C13 + "32",
        (MIGRATED,),
    ),
    FaultyUe(
        "tells_primary_of_partner_profile",
        "Tells the primary of the profile that the user chose at the partner.",
        made_of(service=TellsPrimary),
        "TS23280-10.1.1.1-23",
        (MIGRATED,),
        ("TS24379-7.2.3-04",),
    ),
    FaultyUe(
        "brings_partner_profile_home",
        "After the return is served by the primary under a profile of the partner.",
        migrating(BringsProfileHome),
        "TS24379-7.2.3-05",
        (AFTER,),
    ),
    FaultyUe(
        "primary_token_for_partner_service",
        "Asks the partner for service with an access token of the primary.",
        made_of(service=PrimaryTokenForService),
        "TS24379-7.2.2-06",
        (AFTER,),
        ("TS33180-B.7.1-01", "TS33180-5.1.3.1-02"),
    ),
)
