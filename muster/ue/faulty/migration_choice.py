"""Faults of the choice of a partner: too early, the wrong one, at the wrong address, unproven."""

from __future__ import annotations

from contextlib import suppress

from muster.ue.faulty.seeded import FaultyUe, made_of, migrating
from muster.ue.faulty.web import AnyCertificate, AnyHostName
from muster.ue.reference.configuration import ConfigurationClient
from muster.ue.reference.documents import PartnerSystem
from muster.ue.reference.migration import MigrationClient
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.system import SystemSession


async def _look_up(session: SystemSession, partner: PartnerSystem) -> None:
    """Ask a partner's identity server for anything: a contact, and no more."""
    if partner.access is not None:
        with suppress(Refusal):
            await session.web.get(partner.access.idms_auth_endpoint)


class LooksUpPartnersEarly(ConfigurationClient):
    async def fetch(self, url: str, selector: str) -> None:
        await super().fetch(url, selector)
        if self.system.home is None and "user-profile" in selector:
            for profile in list(self.profiles.values()):
                for partner in profile.partners:
                    await _look_up(self.system, partner)


class RemembersPartners(ConfigurationClient):
    """Keeps every entry that it ever read, by profile and partner."""

    def __init__(self, system: SystemSession) -> None:
        super().__init__(system)
        self.remembered: dict[int, dict[str, PartnerSystem]] = {}

    async def fetch(self, url: str, selector: str) -> None:
        await super().fetch(url, selector)
        for profile in self.profiles.values():
            kept = self.remembered.setdefault(profile.index, {})
            for partner in profile.partners:
                kept.setdefault(partner.system_id, partner)


class UsesStaleList(MigrationClient):
    def find(self, home: SystemSession, partner: str, profile: int) -> PartnerSystem:
        configuration = home.configuration
        assert isinstance(configuration, RemembersPartners)
        kept = configuration.remembered.get(profile, {})
        return kept[partner] if partner in kept else super().find(home, partner, profile)


class UsesLastEntry(MigrationClient):
    """Goes by the entry of the profile with the highest index, whichever was chosen."""

    def find(self, home: SystemSession, partner: str, profile: int) -> PartnerSystem:
        entries = [
            entry
            for known in sorted(home.configuration.profiles.values(), key=lambda p: p.index)
            for entry in known.partners
            if entry.system_id == partner and entry.access is not None
        ]
        return entries[-1] if entries else super().find(home, partner, profile)


class UsesActiveEntry(MigrationClient):
    def find(self, home: SystemSession, partner: str, profile: int) -> PartnerSystem:
        active = home.active_profile()
        listed = active.partners if active is not None else ()
        entries = [entry for entry in listed if entry.system_id == partner]
        return entries[0] if entries else super().find(home, partner, profile)


class LooksUpAllListed(MigrationClient):
    async def migrate(self, home: SystemSession, partner: PartnerSystem) -> SystemSession:
        for profile in home.configuration.profiles.values():
            if partner in profile.partners:
                for entry in profile.partners:
                    await _look_up(home, entry)
        return await super().migrate(home, partner)


class LooksUpEverybody(MigrationClient):
    async def migrate(self, home: SystemSession, partner: PartnerSystem) -> SystemSession:
        for profile in home.configuration.profiles.values():
            for entry in profile.partners:
                await _look_up(home, entry)
        return await super().migrate(home, partner)


class TakesFirstByNetwork(MigrationClient):
    """Takes the first partner that is listed as soon as the network is one of a partner."""

    def partner_of_network(self, home: SystemSession, plmn: str) -> PartnerSystem | None:
        found = super().partner_of_network(home, plmn)
        active = home.active_profile()
        return active.partners[0] if found is not None and active is not None else None


class TakesFirstListed(MigrationClient):
    def find(self, home: SystemSession, partner: str, profile: int) -> PartnerSystem:
        listed = home.configuration.profile(profile).partners
        return listed[0] if listed else super().find(home, partner, profile)


class ChoosesFromAnyList(MigrationClient):
    """Chooses by the network among the partners of all profiles."""

    def partner_of_network(self, home: SystemSession, plmn: str) -> PartnerSystem | None:
        for profile in home.configuration.profiles.values():
            for entry in profile.partners:
                if entry.access is not None and entry.access.plmn == plmn:
                    return entry
        return None


class ChoosesAnyhow(MigrationClient):
    """Chooses a partner as soon as the network is not the primary's."""

    def partner_of_network(self, home: SystemSession, plmn: str) -> PartnerSystem | None:
        found = super().partner_of_network(home, plmn)
        active = home.active_profile()
        listed = active.partners if active is not None else ()
        return found or next(iter(listed), None)


ACCESS = "migration/access.feature"
BEFORE = ("migration/before_choice.feature", "migration/changed_lists.feature")
LISTS = ("migration/lists.feature", "migration/changed_lists.feature")
SEVERAL = "migration/lists_of_several.feature"
MOVED = ("migration/moved_servers.feature", "migration/moved_document_servers.feature")
INCOMPLETE = ("migration/incomplete_entries.feature", "migration/scanty_entries.feature")
UNUSABLE = ("migration/unusable_entries.feature",)
UNTRUSTED = "migration/untrusted_servers.feature"
MISNAMED = "migration/misnamed_servers.feature"
EXPIRED = "migration/expired_servers.feature"
AUTOMATIC = ("migration/automatic_choice.feature", "migration/networks_of_no_choice.feature")
ADDRESSES = tuple(f"TS23280-10.1.1.2-{number:02d}" for number in range(7, 12))

FAULTS = (
    FaultyUe(
        "looks_up_partners_early",
        "Contacts every partner that a profile lists as soon as it has the profile.",
        made_of(configuration=LooksUpPartnersEarly),
        "TS23280-10.1.1.2-13",
        (*BEFORE, ACCESS),
        ("TS23280-10.1.1.2-04", "TS23280-10.1.1.2-05", "TS23280-10.1.1.2-14"),
    ),
    FaultyUe(
        "uses_stale_partner_list",
        "Migrates to a partner that an update took off the list.",
        migrating(UsesStaleList, configuration=RemembersPartners),
        "TS23280-10.1.1.2-04",
        LISTS,
    ),
    FaultyUe(
        "uses_entry_of_last_profile",
        "Takes the access information from the last profile that lists the partner.",
        migrating(UsesLastEntry),
        "TS23280-10.1.1.2-15",
        (SEVERAL, *MOVED, *INCOMPLETE, *UNUSABLE, *LISTS),
        ("TS23280-10.1.1.2-04", *ADDRESSES),
    ),
    FaultyUe(
        "uses_entry_of_active_profile",
        "Takes the access information from the active profile, not from the chosen one.",
        migrating(UsesActiveEntry),
        "TS23280-10.1.1.2-15",
        (SEVERAL,),
    ),
    FaultyUe(
        "looks_up_all_listed_partners",
        "Contacts every partner of the chosen profile before it migrates to one of them.",
        migrating(LooksUpAllListed),
        "TS23280-10.1.1.2-14",
        (SEVERAL, *LISTS),
    ),
    FaultyUe(
        "looks_up_partners_of_other_profiles",
        "Contacts the partners of every profile before it migrates to the chosen one.",
        migrating(LooksUpEverybody),
        "TS23280-10.1.1.2-05",
        (ACCESS,),
        ("TS23280-10.1.1.2-07", "TS23280-10.1.1.2-14", "TS23280-10.1.1.2-15"),
    ),
    FaultyUe(
        "takes_first_listed_by_network",
        "Migrates by itself to the first partner listed, in the network of another one.",
        migrating(TakesFirstByNetwork),
        "TS23280-10.1.1.2-14",
        AUTOMATIC,
        ("TS23280-10.1.1.2-07",),
    ),
    FaultyUe(
        "takes_first_listed_partner",
        "Migrates to the partner that stands first in the list, whichever was chosen.",
        migrating(TakesFirstListed),
        "TS23280-10.1.1.2-14",
        (SEVERAL, *LISTS),
        ("TS23280-10.1.1.2-07",),
    ),
    FaultyUe(
        "chooses_by_network_from_any_list",
        "Migrates by itself to the partner of the network, whichever profile lists it.",
        migrating(ChoosesFromAnyList),
        "TS23280-10.1.1.2-04",
        AUTOMATIC,
    ),
    FaultyUe(
        "chooses_a_partner_in_any_network",
        "Migrates by itself to the first partner listed, in the network of nobody too.",
        migrating(ChoosesAnyhow),
        "TS23280-10.1.1.2-13",
        AUTOMATIC,
    ),
    FaultyUe(
        "accepts_any_certificate",
        "Goes on with a server whose certificate proves nothing.",
        made_of(web=AnyCertificate),
        "TS24482-A.2.1.2-01",
        (UNTRUSTED, MISNAMED, EXPIRED),
    ),
    FaultyUe(
        "ignores_names_in_certificates",
        "Goes on with a server whose certificate is another server's.",
        made_of(web=AnyHostName),
        "TS24482-A.2.1.2-01",
        (MISNAMED,),
    ),
)
