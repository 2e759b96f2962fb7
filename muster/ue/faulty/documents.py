"""Faults of online configuration: which documents are asked for, and what follows a change."""

from __future__ import annotations

from muster.ue.faulty.seeded import FaultyUe, made_of
from muster.ue.reference.configuration import ConfigurationClient
from muster.ue.reference.documents import UserProfile, XcapDiff
from muster.ue.reference.groups import GroupClient
from muster.ue.reference.refusal import Refusal


class NeverFetchesAfterNotify(ConfigurationClient):
    async def notified(self, diff: XcapDiff) -> None:
        return None


class GroupsNeverFetchedAfterNotify(GroupClient):
    async def notified(self, diff: XcapDiff) -> None:
        return None


class WrongUeConfigurationName(ConfigurationClient):
    def ue_configuration_name(self) -> str:
        return f"{super().ue_configuration_name()}-of-another"

    async def apply(self, diff: XcapDiff) -> None:
        await super().apply(diff)
        if not self.has_ue_configuration:
            await self._ask_for_it(diff.xcap_root)
            self.has_ue_configuration = True

    async def _ask_for_it(self, xcap_root: str) -> None:
        selector = self.entries()[0]
        try:
            await self.fetch(f"{xcap_root.rstrip('/')}/{selector}", selector)
        except Refusal as error:
            self.system.activity.problems.append(str(error))


class SkipsAGroup(GroupClient):
    def wanted(self, profile: UserProfile) -> tuple[str, ...]:
        return super().wanted(profile)[:-1]


FAULTS = (
    FaultyUe(
        "never_fetches_after_notify",
        "Answers notifications of changed documents, and fetches nothing.",
        made_of(configuration=NeverFetchesAfterNotify, groups=GroupsNeverFetchedAfterNotify),
        "TS23280-10.1.1.1-16",
        ("updates/documents.feature",),
        (
            "TS23280-10.1.5.2-04",
            "TS24481-6.3.13.2.1-10",
            "TS23280-10.1.1.1-15",
            "TS24484-6.3.13.2.2-13",
            "TS23280-10.1.1.1-14",
            "TS23280-10.1.1.2-34",
            "TS23280-10.1.1.2-35",
        ),
    ),
    FaultyUe(
        "wrong_ue_configuration_name",
        "Asks for the UE configuration of another terminal.",
        made_of(configuration=WrongUeConfigurationName),
        "TS24484-8.2.1A-51",
        ("ue_configuration/retrieval.feature",),
        ("TS24484-9.2.1A-51",),
    ),
    FaultyUe(
        "skips_a_profile_group",
        "Leaves out the last group of the active profile.",
        made_of(groups=SkipsAGroup),
        "TS24481-6.3.3.2-03",
        ("group_configuration/retrieval.feature",),
        ("TS23280-10.1.1.1-13", "TS24481-6.3.13.2.1-08", "TS23280-10.1.1.2-26"),
    ),
)
