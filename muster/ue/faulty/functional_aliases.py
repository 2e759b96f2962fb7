"""UEs that do as they like with functional aliases."""

from __future__ import annotations

from muster.ue.faulty.seeded import FaultyUe, made_of
from muster.ue.reference.aliases import AliasClient
from muster.ue.reference.documents import UserProfile


class AliasesOfAllProfiles(AliasClient):
    def wanted(self, profile: UserProfile) -> tuple[str, ...]:
        known = self.system.configuration.profiles.values()
        return tuple(dict.fromkeys(uri for each in known for uri in AliasClient.wanted(self, each)))


class KeepsAliases(AliasClient):
    async def reconcile(self, profile: UserProfile) -> None:
        if not self.active:
            await super().reconcile(profile)


class AliasesAnywhere(AliasClient):
    def wanted(self, profile: UserProfile) -> tuple[str, ...]:
        return tuple(alias.uri for alias in profile.aliases)


ALIASES = ("user_profile/functional_aliases.feature",)

FAULTS = (
    FaultyUe(
        "activates_aliases_of_all_profiles",
        "Activates the functional aliases of every profile of its user.",
        made_of(aliases=AliasesOfAllProfiles),
        "TS24484-8.3.2.7-53",
        ALIASES,
        ("TS24484-8.3.2.7-54",),
    ),
    FaultyUe(
        "keeps_aliases_of_old_profile",
        "Keeps its functional aliases when another profile becomes active.",
        made_of(aliases=KeepsAliases),
        "TS24484-8.3.2.7-54",
        ALIASES,
    ),
    FaultyUe(
        "activates_aliases_anywhere",
        "Activates functional aliases without regard to the place that they are for.",
        made_of(aliases=AliasesAnywhere),
        "TS24484-8.3.2.7-55",
        ALIASES,
    ),
)
