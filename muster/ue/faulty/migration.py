"""Faults of migration: wrong order, wrong system, wrong tokens, wrong profile."""

from __future__ import annotations

import asyncio

from muster.ue.driver import Credentials
from muster.ue.faulty.seeded import FaultyUe, made_of, migrating
from muster.ue.reference.documents import PartnerSystem, UserProfile
from muster.ue.reference.groups import GroupClient
from muster.ue.reference.identity import IdentityClient
from muster.ue.reference.migration import MigrationClient
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.service import ServiceClient
from muster.ue.reference.system import SystemSession
from muster.ue.reference.xcap import XcapClient

LATE_SECONDS = 1.5
"""How long after a migration a late request leaves: past the answer to the stimulus."""


class PrimaryTokenAtPartnerCms(XcapClient):
    def identity(self, url: str) -> IdentityClient:
        home = self.system.home
        if home is None or not url.startswith(self.system.access.cms_xcap_root):
            return super().identity(url)
        return home.identity


class RemembersPassword(IdentityClient):
    credentials: Credentials | None = None

    async def sign_in(self, credentials: Credentials) -> None:
        self.credentials = credentials
        await super().sign_in(credentials)


class SignsInAtPartner(MigrationClient):
    async def authenticate(self, session: SystemSession, home: SystemSession) -> None:
        remembered = home.identity
        if isinstance(remembered, RemembersPassword) and remembered.credentials is not None:
            try:
                await session.identity.sign_in(remembered.credentials)
            except Refusal:
                # Where the partner does not know the user, the rest goes on as it should.
                await super().authenticate(session, home)


class PrimaryGroupsAtPartner(GroupClient):
    def wanted(self, profile: UserProfile) -> tuple[str, ...]:
        home = self.system.home
        used = home.active_profile() if home is not None else None
        return super().wanted(used or profile)

    async def fetch(self, group_id: str) -> None:
        try:
            await super().fetch(group_id)
        except Refusal as error:
            if self.system.home is None:
                raise
            self.system.activity.problems.append(str(error))


class AuthorisesBeforeGroups(MigrationClient):
    async def arrive(self, session: SystemSession) -> None:
        await session.keys.obtain()
        await session.signalling.open()
        await session.signalling.register()
        await session.configuration.obtain()
        await session.service.authorise()
        await session.groups.reconcile(session.configuration.preselected())


class PrimaryGroupsWhileMigrated(MigrationClient):
    async def arrive(self, session: SystemSession) -> None:
        await super().arrive(session)
        home = session.home
        if home is not None:
            await _fetch_groups_of(home)


class PartnerOfOtherProfile(MigrationClient):
    def find(self, home: SystemSession, partner: str, profile: int) -> PartnerSystem:
        others = [other for other in home.configuration.profiles.values() if other.index != profile]
        for entry in (entry for other in others for entry in other.partners):
            if entry.system_id == partner:
                return entry
        return super().find(home, partner, profile)


class LateAtPrimary(MigrationClient):
    async def arrive(self, session: SystemSession) -> None:
        await super().arrive(session)
        if session.home is not None:
            session.activity.spawn(_ask_late(session.home))


async def _ask_late(home: SystemSession) -> None:
    await asyncio.sleep(LATE_SECONDS)
    await _fetch_groups_of(home)


async def _fetch_groups_of(home: SystemSession) -> None:
    profile = home.active_profile()
    for group_id in home.groups.wanted(profile) if profile is not None else ():
        await home.groups.fetch(group_id)


class OldProfileAtPartner(ServiceClient):
    def index_at_authorisation(self) -> int:
        home = self.system.home
        used = home.service.active_index if home is not None else None
        return super().index_at_authorisation() if used is None else used


UNUSED = "migration/primary_unused.feature"
CONFIGURATION = "migration/configuration.feature"
AUTHORISATION = "migration/authorisation.feature"
IDENTITY = "migration/identity.feature"
ACCESS = "migration/access.feature"

FAULTS = (
    FaultyUe(
        "primary_token_at_partner_cms",
        "Shows the partner CMS the access token of the primary.",
        made_of(xcap=PrimaryTokenAtPartnerCms),
        "TS33180-B.7.1-01",
        (IDENTITY,),
        (
            "TS33180-B.9-01",
            "TS23280-10.1.1.2-23",
            "TS23280-10.1.1.2-24",
            "TS23280-10.1.4.3.2-01",
        ),
    ),
    FaultyUe(
        "authorises_before_groups_at_partner",
        "Becomes service authorised at the partner before it has the groups.",
        migrating(AuthorisesBeforeGroups),
        "TS23280-10.1.1.2-30",
        (AUTHORISATION,),
    ),
    FaultyUe(
        "fetches_primary_groups_while_migrated",
        "Goes on fetching group documents from the primary GMS after migration.",
        migrating(PrimaryGroupsWhileMigrated),
        "TS23280-10.1.1.2-32",
        (UNUSED,),
    ),
    FaultyUe(
        "contacts_partner_of_other_profile",
        "Takes the partner from the list of another profile than the chosen one.",
        migrating(PartnerOfOtherProfile),
        "TS23280-10.1.1.2-04",
        (ACCESS,),
    ),
    FaultyUe(
        "uses_primary_profile_groups_at_partner",
        "Asks the partner GMS for the groups of the primary's profile.",
        made_of(groups=PrimaryGroupsAtPartner),
        "TS23280-10.1.1.2-26",
        (CONFIGURATION,),
        ("TS23280-10.1.1.2-32", "TS23280-10.1.1.2-30", "TS23280-10.1.1.2-38"),
    ),
    FaultyUe(
        "password_to_partner",
        "Signs in at the partner with the user's password.",
        migrating(SignsInAtPartner, identity=RemembersPassword),
        "TS23280-10.6.3-01",
        (IDENTITY,),
        ("TS33180-C.2-02",),
    ),
    FaultyUe(
        "contacts_wrong_system_late",
        "Asks the primary's group server for its groups a second and a half after the migration.",
        migrating(LateAtPrimary),
        "TS23280-10.1.1.2-32",
        (UNUSED,),
    ),
    FaultyUe(
        "primary_profile_index_at_partner",
        "Keeps the primary's active profile index at the partner, whatever is pre-selected there.",
        made_of(service=OldProfileAtPartner),
        "TS23280-10.1.1.2-33",
        (AUTHORISATION,),
        ("TS23280-10.1.1.2-36", "TS23280-10.1.1.2-34"),
    ),
)
