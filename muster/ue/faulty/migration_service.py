"""Faults of migrated service: its authorisation and refusal, the primary meanwhile, the return."""

from __future__ import annotations

from muster.protocol.sip.message import SipResponse
from muster.protocol.sip.multipart import Part
from muster.ue.faulty.seeded import FaultyUe, made_of, migrating
from muster.ue.reference.bodies import service_info
from muster.ue.reference.configuration import ConfigurationClient
from muster.ue.reference.documents import PartnerSystem, XcapDiff
from muster.ue.reference.groups import GroupClient
from muster.ue.reference.identity import IdentityClient
from muster.ue.reference.migration import MigrationClient
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.service import ServiceClient
from muster.ue.reference.signalling import SignallingClient
from muster.ue.reference.system import SystemSession


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
        except (Refusal, OSError):
            if self.system.home is None:
                raise
            self.active_index = index
            signalling = self.system.signalling
            if signalling.transport() == "tcp":  # the connection is gone
                signalling.line.flow = None
                await signalling.open()


class IgnoresResult(SignallingClient):
    def refuses_migration(self, response: SipResponse) -> bool:
        return False


class RemembersVisits(IdentityClient):
    """Keeps the token of the last partner, and how often the user came home."""

    kept: str | None = None
    returns: int = 0


class KeepsTokenOfPartner(MigrationClient):
    async def authenticate(self, session: SystemSession, home: SystemSession) -> None:
        await super().authenticate(session, home)
        memory = home.identity
        assert isinstance(memory, RemembersVisits)
        memory.kept = await session.identity.access_token()

    async def come_home(self, home: SystemSession) -> None:
        await super().come_home(home)
        memory = home.identity
        assert isinstance(memory, RemembersVisits)
        memory.returns += 1


class PartnerTokenAtHome(ServiceClient):
    """After a migration that failed, asks the primary for service with the partner's token."""

    async def authorisation_info(self) -> Part:
        memory = self.system.identity
        kept = memory.kept if isinstance(memory, RemembersVisits) else None
        if self.system.home is not None or kept is None:
            return await super().authorisation_info()
        client_id = self.system.provisioning.instance_id
        return service_info(self.system.names, access_token=kept, client_id=client_id)


class FollowsPrimary(ConfigurationClient):
    """Takes the primary's changes over while a partner serves the user."""

    async def notified(self, diff: XcapDiff) -> None:
        if not self.system.is_left:
            await super().notified(diff)
            return
        await self.apply(diff)
        await _fetch_groups(self.system)


class FollowsPrimaryGroups(GroupClient):
    async def notified(self, diff: XcapDiff) -> None:
        left, self.system.is_left = self.system.is_left, False
        try:
            await super().notified(diff)
        finally:
            self.system.is_left = left


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


class PrimaryTokenNextTime(ServiceClient):
    """Asks a partner that it comes to again for service with the primary's token."""

    async def authorisation_info(self) -> Part:
        home = self.system.home
        memory = home.identity if home is not None else None
        if home is None or not isinstance(memory, RemembersVisits) or not memory.returns:
            return await super().authorisation_info()
        return service_info(
            self.system.names,
            access_token=await memory.access_token(),
            client_id=self.system.provisioning.instance_id,
            partner_id=self.system.mc_service_id,
            primary_id=home.mc_service_id,
            profile_index=self.index_at_authorisation(),
        )


AUTHORISATION = "migration/partner_authorisation.feature"
MIGRATED = ("migration/migrated_service.feature", "migration/primary_changes.feature")
SILENT = "migration/silent_authorisation.feature"
REFUSALS = "migration/partner_refusals.feature"
ANSWERS = "migration/partner_answers.feature"
AFTER = "migration/after_migration.feature"
STAGE_2 = "TS23280-10.6.3.2.1-"
OTHER_TOKENS = ("TS24281-7.1-01", "TS24282-7.1-01", "TS33180-5.1.3.1-02")
OF_THE_PRIMARY = "TS23280-10.1.1.2-32"

FAULTS = (
    FaultyUe(
        "names_nobody_at_partner",
        "Does not say who the user is at the two systems when it asks for service.",
        made_of(service=NamesNobody),
        "TS24379-F.1.3-51",
        (AUTHORISATION,),
        (
            "TS24379-F.1.3-52",
            "TS24379-F.1.3-53",
            "TS24281-F.1.3-51",
            STAGE_2 + "02",
            STAGE_2 + "03",
            STAGE_2 + "04",
        ),
    ),
    FaultyUe(
        "swaps_identities_at_partner",
        "Takes the identity at the partner for the one at the primary, and the other way round.",
        made_of(service=SwapsIdentities),
        "TS24379-F.1.3-52",
        (AUTHORISATION,),
        ("TS24379-F.1.3-51", "TS24281-F.1.3-51", STAGE_2 + "02", STAGE_2 + "03"),
    ),
    FaultyUe(
        "names_no_profile_at_partner",
        "Does not say which profile it asks for service with.",
        made_of(service=NamesNoProfile),
        "TS24379-F.1.3-53",
        (AUTHORISATION,),
        (STAGE_2 + "04",),
    ),
    FaultyUe(
        "ignores_refused_authorisation",
        "Acts as authorised by a partner that refused service authorisation.",
        made_of(service=IgnoresRefusal),
        "TS23280-10.6.3.2.1-05",
        (REFUSALS, ANSWERS, SILENT, "migration/broken_links.feature"),
        ("TS24379-7.3.3-01", "TS24379-F.1.3-54", "TS24281-F.1.3-52", STAGE_2 + "07"),
    ),
    FaultyUe(
        "ignores_negative_result",
        "Acts as authorised by a partner whose answer says that the user may not migrate.",
        made_of(signalling=IgnoresResult),
        "TS24379-F.1.3-54",
        (ANSWERS,),
        ("TS24281-F.1.3-52",),
    ),
    FaultyUe(
        "keeps_token_of_refusing_partner",
        "After a refused migration asks the primary for service with the partner's token.",
        migrating(KeepsTokenOfPartner, identity=RemembersVisits, service=PartnerTokenAtHome),
        "TS24379-7.2.2-06",
        (REFUSALS, "migration/during.feature"),
        ("TS33180-B.7.1-02", *OTHER_TOKENS),
    ),
    FaultyUe(
        "follows_primary_while_migrated",
        "Takes changes of the primary over while a partner serves the user.",
        made_of(configuration=FollowsPrimary, groups=FollowsPrimaryGroups),
        OF_THE_PRIMARY,
        MIGRATED,
    ),
    FaultyUe(
        "takes_primary_groups_at_the_end",
        "Fetches groups of the primary when migrated service ends.",
        made_of(service=GroupsAtTheEnd),
        OF_THE_PRIMARY,
        MIGRATED,
    ),
    FaultyUe(
        "tells_primary_of_partner_profile",
        "Tells the primary of the profile that the user chose at the partner.",
        made_of(service=TellsPrimary),
        "TS23280-10.1.1.1-23",
        MIGRATED,
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
        "primary_token_for_partner_next_time",
        "Asks a partner that it comes to again for service with the primary's token.",
        migrating(KeepsTokenOfPartner, identity=RemembersVisits, service=PrimaryTokenNextTime),
        "TS24379-7.2.2-06",
        (AFTER,),
        ("TS33180-B.7.1-01", *OTHER_TOKENS),
    ),
)
