"""UEs with one seeded fault each: the suite has to catch every one of them."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from lxml import etree

from muster.protocol.sip.multipart import Part
from muster.ue.driver import Credentials
from muster.ue.reference.configuration import ConfigurationClient
from muster.ue.reference.documents import PartnerSystem, UserProfile, XcapDiff
from muster.ue.reference.groups import GroupClient
from muster.ue.reference.identity import IdentityClient
from muster.ue.reference.migration import MigrationClient
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.service import ServiceClient
from muster.ue.reference.system import Clients, SystemSession
from muster.ue.reference.ue import ReferenceUe
from muster.ue.reference.web import WebAnswer
from muster.ue.reference.xcap import StoredDocument, XcapClient

LATE_SECONDS = 0.5
"""How long after a migration a late request leaves: past the answer to the stimulus."""


@dataclass(frozen=True)
class FaultyUe:
    """A UE that is wrong in one way."""

    name: str
    description: str
    ue: type[ReferenceUe]


# Identity


class _NoPkce(IdentityClient):
    def authorization_query(self, state: str, verifier: str) -> str:
        query = parse_qsl(super().authorization_query(state, verifier))
        return urlencode([pair for pair in query if not pair[0].startswith("code_challenge")])

    def code_parameters(self, code: str, verifier: str) -> dict[str, str]:
        parameters = super().code_parameters(code, verifier)
        del parameters["code_verifier"]
        return parameters


class _ReusesState(IdentityClient):
    def new_state(self) -> str:
        return "c3RhdGUtb2YtdGhlLWZpcnN0LWRheQ"


class _RemembersPassword(IdentityClient):
    credentials: Credentials | None = None

    async def sign_in(self, credentials: Credentials) -> None:
        self.credentials = credentials
        await super().sign_in(credentials)


class _SignsInAtPartner(MigrationClient):
    async def authenticate(self, session: SystemSession, home: SystemSession) -> None:
        remembered = home.identity
        if isinstance(remembered, _RemembersPassword) and remembered.credentials is not None:
            try:
                await session.identity.sign_in(remembered.credentials)
            except Refusal:
                # Where the partner does not know the user, the rest goes on as it should.
                await super().authenticate(session, home)


# Bootstrap


class _TokenInBootstrap(ReferenceUe):
    def bootstrap_headers(self) -> Mapping[str, str]:
        return {**super().bootstrap_headers(), "Authorization": "Bearer left-over-from-last-time"}


# Documents


class _TokenInUrl(XcapClient):
    async def get_once(self, url: str, token: str, condition: Mapping[str, str]) -> WebAnswer:
        separator = "&" if "?" in url else "?"
        return await super().get_once(f"{url}{separator}access_token={token}", token, condition)


class _NoIfNoneMatch(XcapClient):
    def condition(self, held: StoredDocument | None) -> Mapping[str, str]:
        return {}


class _PrimaryTokenAtPartnerCms(XcapClient):
    def identity(self, url: str) -> IdentityClient:
        home = self.system.home
        if home is None or not url.startswith(self.system.access.cms_xcap_root):
            return super().identity(url)
        return home.identity


# Configuration


class _IgnoresPreselectedMark(ConfigurationClient):
    def preselected(self) -> UserProfile:
        usable = [profile for profile in self.profiles.values() if profile.is_enabled]
        unmarked = [profile for profile in usable if not profile.is_preselected]
        return min(unmarked or usable, key=lambda profile: profile.index)


class _NeverFetchesAfterNotify(ConfigurationClient):
    async def notified(self, diff: XcapDiff) -> None:
        return None


class _GroupsNeverFetchedAfterNotify(GroupClient):
    async def notified(self, diff: XcapDiff) -> None:
        return None


class _WrongUeConfigurationName(ConfigurationClient):
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


# Groups


class _SkipsAGroup(GroupClient):
    def wanted(self, profile: UserProfile) -> tuple[str, ...]:
        return super().wanted(profile)[:-1]


class _PrimaryGroupsAtPartner(GroupClient):
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


# Service authorisation


class _MalformedMcpttInfo(ServiceClient):
    async def authorisation_info(self) -> Part:
        part = await super().authorisation_info()
        root = etree.fromstring(part.body)
        parameters = root[0]
        # The token is the first element of the schema's sequence, not the last.
        parameters.append(parameters[0])
        return replace(part, body=etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


# Migration


class _AuthorisesBeforeGroups(MigrationClient):
    async def arrive(self, session: SystemSession) -> None:
        await session.keys.obtain()
        await session.signalling.open()
        await session.signalling.register()
        await session.configuration.obtain()
        await session.service.authorise()
        await session.groups.reconcile(session.configuration.preselected())


class _PrimaryGroupsWhileMigrated(MigrationClient):
    async def arrive(self, session: SystemSession) -> None:
        await super().arrive(session)
        home = session.home
        profile = home.active_profile() if home is not None else None
        if home is not None and profile is not None:
            for group_id in home.groups.wanted(profile):
                await home.groups.fetch(group_id)


class _PartnerOfOtherProfile(MigrationClient):
    def find(self, home: SystemSession, partner: str, profile: int) -> PartnerSystem:
        others = [other for other in home.configuration.profiles.values() if other.index != profile]
        for entry in (entry for other in others for entry in other.partners):
            if entry.system_id == partner:
                return entry
        return super().find(home, partner, profile)


class _LateAtPrimary(MigrationClient):
    async def arrive(self, session: SystemSession) -> None:
        await super().arrive(session)
        if session.home is not None:
            session.activity.spawn(_ask_late(session.home))


async def _ask_late(home: SystemSession) -> None:
    await asyncio.sleep(LATE_SECONDS)
    entry = home.configuration.entries()[0]
    await home.xcap.get(f"{home.access.cms_xcap_root}/{entry}", {})


class _OldProfileAtPartner(ServiceClient):
    def index_at_authorisation(self) -> int:
        home = self.system.home
        used = home.service.active_index if home is not None else None
        return super().index_at_authorisation() if used is None else used


def _made_of(**clients: type) -> type[ReferenceUe]:
    return _with(ReferenceUe, clients=Clients(**clients))


def _migrating(migration: type[MigrationClient], **clients: type) -> type[ReferenceUe]:
    return _with(ReferenceUe, migration_client=migration, clients=Clients(**clients))


def _with(ue: type[ReferenceUe], **attributes: object) -> type[ReferenceUe]:
    return type(ue.__name__, (ue,), attributes)


_ALL = (
    FaultyUe(
        "ignores_preselected_mark",
        "Makes a profile without the pre-selected mark active at service authorisation.",
        _made_of(configuration=_IgnoresPreselectedMark),
    ),
    FaultyUe(
        "primary_token_at_partner_cms",
        "Shows the partner CMS the access token of the primary.",
        _made_of(xcap=_PrimaryTokenAtPartnerCms),
    ),
    FaultyUe(
        "authorises_before_groups_at_partner",
        "Becomes service authorised at the partner before it has the groups.",
        _migrating(_AuthorisesBeforeGroups),
    ),
    FaultyUe("no_pkce", "Signs in without PKCE.", _made_of(identity=_NoPkce)),
    FaultyUe(
        "fetches_primary_groups_while_migrated",
        "Goes on fetching group documents from the primary GMS after migration.",
        _migrating(_PrimaryGroupsWhileMigrated),
    ),
    FaultyUe(
        "never_fetches_after_notify",
        "Answers notifications of changed documents, and fetches nothing.",
        _made_of(configuration=_NeverFetchesAfterNotify, groups=_GroupsNeverFetchedAfterNotify),
    ),
    FaultyUe(
        "contacts_partner_of_other_profile",
        "Takes the partner from the list of another profile than the chosen one.",
        _migrating(_PartnerOfOtherProfile),
    ),
    FaultyUe(
        "malformed_mcptt_info",
        "Puts the elements of mcptt-info in an order that its schema does not allow.",
        _made_of(service=_MalformedMcpttInfo),
    ),
    FaultyUe(
        "token_in_bootstrap",
        "Shows a token when it fetches its initial configuration.",
        _TokenInBootstrap,
    ),
    FaultyUe(
        "wrong_ue_configuration_name",
        "Asks for the UE configuration of another terminal.",
        _made_of(configuration=_WrongUeConfigurationName),
    ),
    FaultyUe(
        "skips_a_profile_group",
        "Leaves out the last group of the active profile.",
        _made_of(groups=_SkipsAGroup),
    ),
    FaultyUe(
        "reuses_state", "Uses the same state in every sign-in.", _made_of(identity=_ReusesState)
    ),
    FaultyUe(
        "sends_token_in_url",
        "Repeats the access token in the query of document URLs.",
        _made_of(xcap=_TokenInUrl),
    ),
    FaultyUe(
        "no_if_none_match",
        "Fetches documents unconditionally although it holds a version of them.",
        _made_of(xcap=_NoIfNoneMatch),
    ),
    FaultyUe(
        "uses_primary_profile_groups_at_partner",
        "Asks the partner GMS for the groups of the primary's profile.",
        _made_of(groups=_PrimaryGroupsAtPartner),
    ),
    FaultyUe(
        "password_to_partner",
        "Signs in at the partner with the user's password.",
        _migrating(_SignsInAtPartner, identity=_RemembersPassword),
    ),
    FaultyUe(
        "contacts_wrong_system_late",
        "Asks the primary CMS for a document some time after the migration.",
        _migrating(_LateAtPrimary),
    ),
    FaultyUe(
        "primary_profile_index_at_partner",
        "Keeps the primary's active profile index at the partner, whatever is pre-selected there.",
        _made_of(service=_OldProfileAtPartner),
    ),
)

FAULTY: Mapping[str, FaultyUe] = {faulty.name: faulty for faulty in _ALL}
