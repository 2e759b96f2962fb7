"""Faults of profile selection: which profile becomes active, when, and with which groups."""

from __future__ import annotations

from urllib.parse import unquote

from muster.ue.faulty.seeded import FaultyUe, made_of
from muster.ue.reference.configuration import ConfigurationClient
from muster.ue.reference.documents import UserProfile, XcapDiff
from muster.ue.reference.groups import GroupClient
from muster.ue.reference.service import ServiceClient

SEVEN_BITS = 0x7F


class IndexInSevenBits(ServiceClient):
    def index_at_authorisation(self) -> int:
        return super().index_at_authorisation() & SEVEN_BITS


class TakesTheLastAnnounced(ConfigurationClient):
    def preselected(self) -> UserProfile:
        return list(self.profiles.values())[-1]


class WritesProfilesBack(ConfigurationClient):
    async def obtain(self) -> None:
        await super().obtain()
        await self.preselect(self.preselected().index)


class NamesNoProfileWithoutMark(ServiceClient):
    def index_at_authorisation(self) -> int:
        known = self.system.configuration.profiles.values()
        if any(profile.is_preselected for profile in known):
            return super().index_at_authorisation()
        return max(profile.index for profile in known) + 1


class SelectsWhatItDoesNotHave(ServiceClient):
    async def select(self, index: int) -> None:
        await self._change([self.settings_info(), self.settings(index)], index)
        self.active_index = index


class IgnoresStatus(ConfigurationClient):
    def preselected(self) -> UserProfile:
        known = self.profiles.values()
        return min(known, key=lambda profile: (not profile.is_preselected, profile.index))


class SelectsDisabled(ServiceClient):
    async def select(self, index: int) -> None:
        self.system.configuration.profile(index)
        await self._change([self.settings_info(), self.settings(index)], index)
        self.active_index = index


class KeepsRemovedProfiles(ConfigurationClient):
    def _drop(self, url: str, selector: str) -> None:
        return None


class OffersFirstProfilesOnly(ConfigurationClient):
    async def fetch(self, url: str, selector: str) -> None:
        is_new = self._rank(selector) == 1 and unquote(selector) not in self.profiles
        if not (is_new and self.system.service.active_index is not None):
            await super().fetch(url, selector)


class FollowsTheMarkAtOnce(ConfigurationClient):
    async def notified(self, diff: XcapDiff) -> None:
        await super().notified(diff)
        marked = self.preselected().index
        if self.system.service.active_index not in (None, marked):
            await self.system.select(marked)


class RemembersTheFirstMark(ServiceClient):
    def index_at_authorisation(self) -> int:
        marks: dict[str, int] = self.system.link.__dict__.setdefault("first_marks", {})
        return marks.setdefault(self.system.names.service, super().index_at_authorisation())


class RemembersTheLastChoice(ServiceClient):
    def _choices(self) -> dict[str, int]:
        choices: dict[str, int] = self.system.link.__dict__.setdefault("last_choices", {})
        return choices

    async def select(self, index: int) -> None:
        await super().select(index)
        self._choices()[self.system.names.service] = index

    def index_at_authorisation(self) -> int:
        return self._choices().get(self.system.names.service, super().index_at_authorisation())


class KeepsGroupsOfOldProfile(GroupClient):
    def wanted(self, profile: UserProfile) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.held, *super().wanted(profile))))


class SubscribesOnce(GroupClient):
    async def _resubscribe(self, group_ids: tuple[str, ...]) -> None:
        if self._subscription is None:
            await super()._resubscribe(group_ids)


CHOICE = ("profile_selection/choice.feature", "profile_selection/profiles_not_to_choose.feature")
PRE_SELECTION = (
    "profile_selection/pre_selection.feature",
    "profile_selection/profiles_without_mark.feature",
)
MOVED = (
    "profile_selection/moved_mark.feature",
    "profile_selection/mark_by_the_user.feature",
)
GROUPS = ("profile_selection/chosen_groups.feature", "updates/changed_groups.feature")

AT_AUTHORISATION = (
    "TS23280-10.1.1.1-17",
    "TS24379-7.2.2-05",
    "TS23280-10.1.1.1-13",
    "TS24481-6.3.3.2-03",
    "TS24481-6.3.3.2-05",
    "TS23280-10.1.5.2-05",
    "TS24481-6.3.13.2.1-03",
    "TS24481-6.3.13.2.1-08",
    "TS23280-10.1.1.2-10",
    "TS23280-10.1.1.2-26",
    "TS23280-10.1.1.2-36",
)
"""What follows where another profile than the pre-selected one is made active."""

FAULTS = (
    FaultyUe(
        "writes_profiles_back",
        "Sends a user profile back to the server as soon as it has it.",
        made_of(configuration=WritesProfilesBack),
        "TS23280-10.1.4.5-01",
        ("user_profile/whose_profiles.feature",),
    ),
    FaultyUe(
        "profile_index_in_seven_bits",
        "Keeps profile indexes in seven bits.",
        made_of(service=IndexInSevenBits),
        "TS23280-10.1.1.1-19",
        PRE_SELECTION,
        ("TS24379-7.2.3-05",),
    ),
    FaultyUe(
        "takes_last_announced_profile",
        "Makes the profile active that was announced last.",
        made_of(configuration=TakesTheLastAnnounced),
        "TS23280-10.1.1.1-19",
        PRE_SELECTION,
        (*AT_AUTHORISATION, "TS24484-8.3.2.7-51", "TS23280-10.1.1.1-21"),
    ),
    FaultyUe(
        "names_unknown_profile_without_mark",
        "Names a profile that the user does not have where none is marked.",
        made_of(service=NamesNoProfileWithoutMark),
        "TS24379-7.2.3-05",
        PRE_SELECTION,
    ),
    FaultyUe(
        "selects_unknown_profile",
        "Tells the server of whatever profile index the user chose.",
        made_of(service=SelectsWhatItDoesNotHave),
        "TS24379-7.2.3-05",
        CHOICE,
        ("TS24484-8.3.2.7-51", "TS24484-6.3.13.2.2-15"),
    ),
    FaultyUe(
        "selects_disabled_profile",
        "Lets the user choose a profile that is disabled.",
        made_of(service=SelectsDisabled),
        "TS24484-8.3.2.7-51",
        CHOICE,
    ),
    FaultyUe(
        "begins_with_disabled_profile",
        "Makes the pre-selected profile active though it is disabled.",
        made_of(configuration=IgnoresStatus),
        "TS24484-8.3.2.7-51",
        PRE_SELECTION,
    ),
    FaultyUe(
        "keeps_removed_profile",
        "Goes on offering a profile whose document was removed.",
        made_of(configuration=KeepsRemovedProfiles),
        "TS24484-6.3.13.2.2-15",
        CHOICE,
    ),
    FaultyUe(
        "offers_first_profiles_only",
        "Does not take profiles into use that come during service.",
        made_of(configuration=OffersFirstProfilesOnly),
        "TS24379-7.2.3-04",
        CHOICE,
        ("TS23280-10.1.1.1-23",),
    ),
    FaultyUe(
        "follows_moved_mark_at_once",
        "Makes a profile active as soon as it is pre-selected.",
        made_of(configuration=FollowsTheMarkAtOnce),
        "TS23280-10.1.1.1-22",
        MOVED,
    ),
    FaultyUe(
        "remembers_first_mark",
        "Makes the profile active that was pre-selected when it was switched on.",
        made_of(service=RemembersTheFirstMark),
        "TS23280-10.1.1.1-21",
        MOVED,
    ),
    FaultyUe(
        "remembers_last_choice",
        "Begins with the profile that the user chose last, whatever is pre-selected.",
        made_of(service=RemembersTheLastChoice),
        "TS23280-10.1.1.1-17",
        MOVED,
        ("TS24379-7.2.2-05",),
    ),
    FaultyUe(
        "keeps_groups_of_old_profile",
        "Works on with the groups of the old profile beside those of the chosen one.",
        made_of(groups=KeepsGroupsOfOldProfile),
        "TS24481-6.3.13.2.1-12",
        GROUPS,
        ("TS24481-6.3.3.2-05",),
    ),
    FaultyUe(
        "subscribes_to_groups_once",
        "Never changes its subscription to groups.",
        made_of(groups=SubscribesOnce),
        "TS24481-6.3.13.2.1-09",
        GROUPS,
        ("TS24481-6.3.13.2.1-12",),
    ),
)
