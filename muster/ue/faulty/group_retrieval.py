"""Faults of group configuration: which groups are asked for, where, when, and how."""

from __future__ import annotations

from collections.abc import Mapping

from muster.ue.driver import Provisioning
from muster.ue.faulty.seeded import FaultyUe, changed, made_of
from muster.ue.reference.documents import UserProfile, XcapDiff
from muster.ue.reference.groups import GroupClient
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.ue import ReferenceUe
from muster.ue.reference.web import WebAnswer
from muster.ue.reference.xcap import XcapClient

MOST_GROUPS = 10


class GroupsOfAllProfiles(GroupClient):
    def wanted(self, profile: UserProfile) -> tuple[str, ...]:
        every = (profile, *self.system.configuration.profiles.values())
        return tuple(dict.fromkeys(group for one in every for group in one.groups))


class TenGroupsAtMost(GroupClient):
    def wanted(self, profile: UserProfile) -> tuple[str, ...]:
        return super().wanted(profile)[:MOST_GROUPS]


class DropsRepeatedGroups(GroupClient):
    def wanted(self, profile: UserProfile) -> tuple[str, ...]:
        return tuple(one for one in super().wanted(profile) if profile.groups.count(one) == 1)


class StopsAtFirstMissingGroup(GroupClient):
    async def obtain(self, group_id: str) -> None:
        await self.fetch(group_id)


class OtherUsage(GroupClient):
    def entry(self, group_id: str) -> str:
        return super().entry(group_id).replace("org.openmobilealliance.groups", "org.3gpp.groups")


class UserTree(GroupClient):
    def entry(self, group_id: str) -> str:
        return super().entry(group_id).replace("/global/byGroupID/", "/users/groups/")


class IdWithoutScheme(GroupClient):
    def segment(self, group_id: str) -> str:
        return super().segment(group_id.partition(":")[2])


class DoesNotEscape(GroupClient):
    def segment(self, group_id: str) -> str:
        return group_id


class NoTokenForGroups(XcapClient):
    async def get_once(self, url: str, token: str, condition: Mapping[str, str]) -> WebAnswer:
        if "org.openmobilealliance.groups" in url:
            return await self.system.web.get(url, condition)
        return await super().get_once(url, token, condition)


class SearchesForGroups(XcapClient):
    async def get_once(self, url: str, token: str, condition: Mapping[str, str]) -> WebAnswer:
        if "org.openmobilealliance.groups" in url:
            headers = {"Authorization": f"Bearer {token}"}
            return await self.system.web.send("SEARCH", url, headers, None)
        return await super().get_once(url, token, condition)


class RemembersGroups(ReferenceUe):
    """Fetches the groups of the last time as soon as the service is started again."""

    def __init__(self, provisioning: Provisioning) -> None:
        super().__init__(provisioning)
        self.remembered: tuple[str, ...] = ()

    async def start_service(self, service: str) -> None:
        session = self._signed_in().session(service)
        for group_id in self.remembered:
            try:
                await session.groups.fetch(group_id)
            except Refusal as error:
                self.activity.problems.append(str(error))
        await super().start_service(service)
        self.remembered = session.groups.held


LISTS = "group_configuration/lists.feature"
REQUESTS = "group_configuration/requests.feature"
REFUSALS = "group_configuration/refusals.feature"


class KnowsOneGroupServer(GroupClient):
    def wanted(self, profile: UserProfile) -> tuple[str, ...]:
        return tuple(dict.fromkeys(profile.groups))

    async def reconcile_elsewhere(self, profile: UserProfile) -> None:
        return None


class SubscribesElsewhereOnly(GroupClient):
    async def notified_elsewhere(self, diff: XcapDiff) -> None:
        root = self.system.access.gms_xcap_root
        for change in diff.changes:
            await self.system.xcap.get(f"{root}/{change.selector}", {})


FAULTS = (
    FaultyUe(
        "knows_one_group_server",
        "Asks the configured group server for every group.",
        made_of(groups=KnowsOneGroupServer),
        "TS24484-9.3.2.1-51",
        ("group_configuration/group_servers.feature",),
    ),
    FaultyUe(
        "obtains_groups_from_one_server",
        "Subscribes where a group is kept, and asks the configured server for it.",
        made_of(groups=SubscribesElsewhereOnly),
        "TS24484-9.3.2.1-52",
        ("group_configuration/group_servers.feature",),
    ),
    FaultyUe(
        "groups_of_all_profiles",
        "Asks for the groups of every profile, whichever is active.",
        made_of(groups=GroupsOfAllProfiles),
        "TS24481-6.3.3.2-05",
        (LISTS, "group_configuration/retrieval.feature"),
    ),
    FaultyUe(
        "ten_groups_at_most",
        "Asks for no more than ten groups.",
        made_of(groups=TenGroupsAtMost),
        "TS24481-6.3.3.2-03",
        (LISTS,),
    ),
    FaultyUe(
        "drops_repeated_groups",
        "Leaves out a group that the profile lists twice.",
        made_of(groups=DropsRepeatedGroups),
        "TS24481-6.3.3.2-03",
        (LISTS,),
    ),
    FaultyUe(
        "stops_at_first_missing_group",
        "Asks for no more groups once one cannot be had.",
        made_of(groups=StopsAtFirstMissingGroup),
        "TS24481-6.3.3.2-03",
        (REFUSALS,),
    ),
    FaultyUe(
        "groups_under_other_usage",
        "Asks for groups under another application usage.",
        made_of(groups=OtherUsage),
        "TS24481-7.2.3-51",
        (REQUESTS,),
    ),
    FaultyUe(
        "groups_in_user_tree",
        "Asks for groups in the tree of users.",
        made_of(groups=UserTree),
        "TS24481-6.2.2.2-01",
        (REQUESTS,),
    ),
    FaultyUe(
        "group_id_without_scheme",
        "Leaves the scheme of a group ID out of the path.",
        made_of(groups=IdWithoutScheme),
        "TS24481-7.2.10.2-51",
        (REQUESTS,),
        (
            "TS24481-6.3.3.2-03",
            "TS24481-6.3.13.2.1-03",
            "TS24481-6.3.13.2.1-08",
            "TS24481-6.3.13.2.1-09",
        ),
    ),
    FaultyUe(
        "does_not_escape",
        "Writes group IDs into a path as they are.",
        made_of(groups=DoesNotEscape),
        "RFC3986-3.3-01",
        (REQUESTS,),
    ),
    FaultyUe(
        "no_token_for_groups",
        "Asks for groups without a token.",
        made_of(xcap=NoTokenForGroups),
        "TS24481-6.3.3.2-02",
        ("group_configuration/retrieval.feature",),
        (
            "TS24484-8.3.2.3-51",
            "TS24484-8.3.2.3-52",
            "TS24484-8.3.2.3-53",
            "TS23280-10.1.1.1-13",
            "TS24481-6.3.3.2-03",
            "TS24481-6.3.3.2-04",
        ),
    ),
    FaultyUe(
        "searches_for_groups",
        "Asks for groups with a method that retrieves no document.",
        made_of(xcap=SearchesForGroups),
        "TS24481-6.3.3.2-01",
        (REQUESTS,),
    ),
    FaultyUe(
        "remembers_groups",
        "Asks for the groups of the last time before it has registered.",
        changed(RemembersGroups),
        "TS23280-10.1.5.2-02",
        (REQUESTS,),
    ),
)
