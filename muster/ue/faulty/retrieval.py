"""Faults of retrieval: whose documents, from where, how many, with which token, which version."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, TypeVar
from urllib.parse import quote, unquote
from weakref import WeakKeyDictionary

from muster.ue.faulty.seeded import FaultyUe, made_of
from muster.ue.reference.configuration import ConfigurationClient
from muster.ue.reference.documents import XcapDiff
from muster.ue.reference.identity import IdentityClient
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.web import WebAnswer
from muster.ue.reference.xcap import StoredDocument, XcapClient, bare

if TYPE_CHECKING:
    from muster.ue.reference.system import SystemSession

Content = TypeVar("Content")

STUBBORN_TIMES = 15
"""How often a stubborn UE repeats a request: without end, but for our patience."""
MOST_PROFILES = 4
NARROW_SCOPE = "openid 3gpp:mc:ptt_service"


# Whose documents, and where ----------------------------------------------------------------------


class TakesWhateverIsAnnounced(ConfigurationClient):
    def _rank(self, selector: str) -> int:
        usages = [entry.partition("/")[0] for entry in self.entries()]
        usage = unquote(selector).lstrip("/").partition("/")[0]
        return usages.index(usage) if usage in usages else 3


class AsksInDirectoryOfAnother(ConfigurationClient):
    async def fetch(self, url: str, selector: str) -> None:
        own = self.system.mc_service_id
        if self._rank(selector) == 1:
            url = unquote(url).replace(own, own.replace(":", ":other-"))
        await super().fetch(url, selector)


class AsksUnderOtherUsage(ConfigurationClient):
    async def fetch(self, url: str, selector: str) -> None:
        await super().fetch(url.replace(".ue-config/", ".ue-configuration/"), selector)


class ServiceConfigurationOfUser(ConfigurationClient):
    async def fetch(self, url: str, selector: str) -> None:
        await super().fetch(url.replace("/global/", f"/users/{self.xui()}/"), selector)


class AsksProfilesWithoutIndex(ConfigurationClient):
    async def fetch(self, url: str, selector: str) -> None:
        directory, _, name = url.rpartition("/")
        known = name.partition("-profile")
        await super().fetch(f"{directory}/{known[0]}{known[1]}" if known[1] else url, selector)


class AsksPartnersForProfiles(ConfigurationClient):
    async def fetch(self, url: str, selector: str) -> None:
        await super().fetch(url, selector)
        profile = self.profiles.get(unquote(selector))
        partners = profile.partners if profile is not None else ()
        for access in (partner.access for partner in partners if partner.access is not None):
            try:
                await self.system.xcap.get(f"{access.cms_xcap_root}/{selector}", {})
            except Refusal as error:
                self.system.activity.problems.append(str(error))


class SticksToConfiguredRoot(ConfigurationClient):
    async def apply(self, diff: XcapDiff) -> None:
        await super().apply(replace(diff, xcap_root=self.system.access.cms_xcap_root))


# How many ----------------------------------------------------------------------------------------


class FourProfilesAtMost(ConfigurationClient):
    async def take(self, url: str, selector: str) -> None:
        if self._rank(selector) != 1 or len(self.profiles) < MOST_PROFILES:
            await super().take(url, selector)


class OneDigitIndexes(ConfigurationClient):
    async def take(self, url: str, selector: str) -> None:
        index = selector.rpartition("-")[2].partition(".")[0]
        if self._rank(selector) != 1 or len(index) == 1:
            await super().take(url, selector)


class RisingIndexes(ConfigurationClient):
    async def take(self, url: str, selector: str) -> None:
        if self._rank(selector) != 1 or all(selector > held for held in self.profiles):
            await super().take(url, selector)


class StopsAtFirstMissingProfile(ConfigurationClient):
    async def take(self, url: str, selector: str) -> None:
        await self.fetch(url, selector)


class GivesUpForGood(XcapClient):
    given_up: ClassVar[WeakKeyDictionary[SystemSession, set[str]]] = WeakKeyDictionary()

    async def get(self, url: str, condition: Mapping[str, str]) -> WebAnswer:
        hopeless = self.given_up.setdefault(self.system, set())
        if url in hopeless:
            raise Refusal(f"{url} failed before")
        answer = await super().get(url, condition)
        if answer.status >= 400:
            hopeless.add(url)
        return answer


class RepeatsRefusals(XcapClient):
    async def get(self, url: str, condition: Mapping[str, str]) -> WebAnswer:
        answer = await super().get(url, condition)
        for _ in range(STUBBORN_TIMES):
            if answer.status not in (401, 403, 404):
                break
            answer = await super().get(url, condition)
        return answer


# Tokens ------------------------------------------------------------------------------------------


class NoTokenForServiceConfiguration(XcapClient):
    async def get_once(self, url: str, token: str, condition: Mapping[str, str]) -> WebAnswer:
        if "service-config" in url:
            return await self.system.web.get(url, condition)
        return await super().get_once(url, token, condition)


class NarrowToken(XcapClient):
    """Has a second token, of less scope, for one of the servers."""

    def root(self) -> str:
        return self.system.access.cms_xcap_root

    async def get_once(self, url: str, token: str, condition: Mapping[str, str]) -> WebAnswer:
        held = self.system.identity.tokens
        if url.startswith(self.root()) and held is not None and held.refresh_token is not None:
            parameters = self.system.identity.refresh_parameters(held.refresh_token)
            narrow = {**parameters, "scope": NARROW_SCOPE}
            response = await self.system.identity.ask_token(narrow)
            token = str(response["access_token"])
        return await super().get_once(url, token, condition)


class NarrowTokenForGroups(NarrowToken):
    def root(self) -> str:
        return self.system.access.gms_xcap_root


class KeepsRefusedToken(IdentityClient):
    async def authorised(self, send: Callable[[str], Awaitable[WebAnswer]]) -> WebAnswer:
        token = await self.access_token()
        answer = await send(token)
        if answer.status == 401:
            await self.renew(token)
            answer = await send(token)
        return answer


# Versions ----------------------------------------------------------------------------------------


class StripsQuotes(XcapClient):
    def condition(self, held: StoredDocument | None) -> Mapping[str, str]:
        return {name: bare(etag) for name, etag in super().condition(held).items()}


class EscapesVersions(XcapClient):
    def condition(self, held: StoredDocument | None) -> Mapping[str, str]:
        return {name: quote(etag, safe='"/W') for name, etag in super().condition(held).items()}


class VersionOfAnother(XcapClient):
    def condition(self, held: StoredDocument | None) -> Mapping[str, str]:
        others = [one for one in self.stored.values() if one is not held]
        return super().condition(others[0] if others else held)


class StopsAtNotModified(XcapClient):
    async def fetch(self, url: str, media_type: str, read: Callable[[bytes], Content]) -> Content:
        answer = await self.get(url, self.condition(self.stored.get(unquote(url))))
        if answer.status != 304:
            return await super().fetch(url, media_type, read)
        self.forget(url)
        self.system.configuration.profiles.clear()
        await self.system.groups.end()
        await self.system.configuration.end()
        raise Refusal(f"{url}: there is no document")


UE_CONFIGURATION = "ue_configuration/use.feature"
UE_CONFIGURATION_REFUSED = "ue_configuration/refusals.feature"
NUMBER = "user_profile/number.feature"
WHOSE = "user_profile/whose_profiles.feature"
REFUSED = "user_profile/refusals.feature"
VERSIONS = "user_profile/versions.feature"
SERVICE = "service_configuration/use.feature"
SERVICE_REFUSED = "service_configuration/refusals.feature"
GROUP_REQUESTS = "group_configuration/requests.feature"
GROUP_DOCUMENTS = "group_configuration/documents.feature"
GROUPS_REFUSED = "group_configuration/refusals.feature"
GROUP_REQUESTS = "group_configuration/requests.feature"

FAULTS = (
    FaultyUe(
        "takes_whatever_is_announced",
        "Asks for every document that is announced, also for those of other users and terminals.",
        made_of(configuration=TakesWhateverIsAnnounced),
        "TS24484-6.3.3-05",
        (WHOSE, UE_CONFIGURATION),
        ("TS24484-8.2.1A-51",),
    ),
    FaultyUe(
        "asks_in_directory_of_another",
        "Asks for profiles in the directory of another user.",
        made_of(configuration=AsksInDirectoryOfAnother),
        "TS24484-8.3.1A-51",
        ("user_profile/retrieval.feature",),
        ("TS23280-10.1.1.1-12", "TS24484-9.3.1A-51", "TS24484-10.3.1A-51"),
    ),
    FaultyUe(
        "asks_under_other_usage",
        "Asks for the UE configuration under an application usage that does not exist.",
        made_of(configuration=AsksUnderOtherUsage),
        "TS24484-8.2.2.2-51",
        ("ue_configuration/retrieval.feature",),
        ("TS23280-10.1.1.1-11", "TS24484-9.2.2.2-51", "TS24484-10.2.2.2-51"),
    ),
    FaultyUe(
        "service_configuration_of_user",
        "Looks for the service configuration in the directory of the user.",
        made_of(configuration=ServiceConfigurationOfUser),
        "TS24484-8.4.2.9-51",
        ("service_configuration/retrieval.feature",),
        ("TS24484-9.4.2.9-51", "TS24484-10.4.2.9-51"),
    ),
    FaultyUe(
        "asks_profiles_without_index",
        "Asks for user profiles under a name without their index.",
        made_of(configuration=AsksProfilesWithoutIndex),
        "TS24484-8.3.1A-52",
        (NUMBER,),
        ("TS23280-10.1.1.1-12", "RFC9112-9.6-01"),
    ),
    FaultyUe(
        "asks_partners_for_profiles",
        "Asks partner systems for profiles although the user is at home.",
        made_of(configuration=AsksPartnersForProfiles),
        "TS23280-10.1.4.3.1-01",
        (WHOSE,),
        (
            "TS33180-B.7.1-01",
            "TS23280-10.1.1.2-04",
            "TS23280-10.1.1.2-13",
            "TS23280-10.1.1.2-38",
        ),
    ),
    FaultyUe(
        "sticks_to_configured_root",
        "Looks below the configured root for what is announced below another one.",
        made_of(configuration=SticksToConfiguredRoot),
        "TS24484-6.3.13.2.2-14",
        (VERSIONS,),
    ),
    FaultyUe(
        "four_profiles_at_most",
        "Obtains no more than four profiles.",
        made_of(configuration=FourProfilesAtMost),
        "TS23280-10.1.1.1-12",
        (NUMBER,),
    ),
    FaultyUe(
        "one_digit_indexes",
        "Overlooks profiles whose index has more than one digit.",
        made_of(configuration=OneDigitIndexes),
        "TS23280-10.1.1.1-12",
        (NUMBER,),
    ),
    FaultyUe(
        "rising_indexes",
        "Overlooks profiles that are announced after one with a higher index.",
        made_of(configuration=RisingIndexes),
        "TS23280-10.1.1.1-12",
        (NUMBER,),
        ("TS24484-8.3.2.7-51",),
    ),
    FaultyUe(
        "stops_at_first_missing_profile",
        "Obtains no more profiles once one cannot be had.",
        made_of(configuration=StopsAtFirstMissingProfile),
        "TS23280-10.1.1.1-12",
        (REFUSED,),
    ),
    FaultyUe(
        "gives_up_for_good",
        "Never asks again for a document that failed once.",
        made_of(xcap=GivesUpForGood),
        "TS23280-10.1.3.2-01",
        (UE_CONFIGURATION_REFUSED, REFUSED, SERVICE_REFUSED, GROUPS_REFUSED),
        ("TS23280-10.1.1.1-12", "TS24484-8.4.2.2-51", "RFC5875-4.8-01"),
    ),
    FaultyUe(
        "repeats_refusals",
        "Asks on and on for what was refused or not found.",
        made_of(xcap=RepeatsRefusals),
        "TS24482-A.2.3-04",
        (UE_CONFIGURATION_REFUSED, REFUSED, SERVICE_REFUSED, GROUPS_REFUSED, GROUP_REQUESTS),
        ("RFC9110-15.5.5-01",),
    ),
    FaultyUe(
        "no_token_for_service_configuration",
        "Asks for the service configuration without a token: it is the same for everybody.",
        made_of(xcap=NoTokenForServiceConfiguration),
        "TS24484-6.2.2-02",
        (UE_CONFIGURATION,),
    ),
    FaultyUe(
        "narrow_token_for_configuration",
        "Shows the configuration server a token that is good for the MC service alone.",
        made_of(xcap=NarrowToken),
        "TS33180-5.1.3.1-07",
        (UE_CONFIGURATION,),
    ),
    FaultyUe(
        "narrow_token_for_groups",
        "Shows the group server a token that is good for the MC service alone.",
        made_of(xcap=NarrowTokenForGroups),
        "TS33180-5.1.3.1-08",
        (GROUP_REQUESTS,),
        (
            "TS23280-10.1.1.1-16",
            "TS23280-10.1.5.2-04",
            "TS24481-6.3.13.2.1-10",
        ),
    ),
    FaultyUe(
        "keeps_refused_token",
        "Renews a refused token and shows the old one again.",
        made_of(identity=KeepsRefusedToken),
        "TS33180-B.5.3-01",
        (UE_CONFIGURATION_REFUSED, GROUP_REQUESTS),
    ),
    FaultyUe(
        "strips_quotes",
        "Names the version that it holds without the quotes.",
        made_of(xcap=StripsQuotes),
        "RFC9110-8.8.3-01",
        (VERSIONS, GROUP_DOCUMENTS),
    ),
    FaultyUe(
        "escapes_versions",
        "Escapes characters in the name of a version as if it stood in a path.",
        made_of(xcap=EscapesVersions),
        "RFC9110-8.8.3-01",
        (VERSIONS,),
    ),
    FaultyUe(
        "version_of_another",
        "Asks for a document on the condition of the version of another one.",
        made_of(xcap=VersionOfAnother),
        "RFC9110-13.1.2-01",
        (GROUP_DOCUMENTS, VERSIONS),
    ),
    FaultyUe(
        "stops_at_not_modified",
        "Takes a document that has not changed for one that is missing, and stops.",
        made_of(xcap=StopsAtNotModified),
        "TS24484-6.3.3-03",
        (VERSIONS, SERVICE_REFUSED, GROUP_DOCUMENTS),
    ),
)
