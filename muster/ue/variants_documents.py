"""Clients that retrieve documents in other ways that are right: order, spelling, method, time."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from muster.ue.reference.configuration import ConfigurationClient
from muster.ue.reference.documents import XcapDiff
from muster.ue.reference.groups import GroupClient
from muster.ue.reference.services import names_of
from muster.ue.reference.system import SystemLink, SystemSession
from muster.ue.reference.ue import ReferenceUe
from muster.ue.reference.web import WebAnswer
from muster.ue.reference.xcap import XcapClient

MANAGEMENT_REQUEST = "application/vnd.3gpp.GMOP+xml"


class ProfilesInParallel(ConfigurationClient):
    async def apply(self, diff: XcapDiff) -> None:
        one_by_one = super().apply
        profiles = [change for change in diff.changes if self._rank(change.selector) == 1]
        others = tuple(change for change in diff.changes if change not in profiles)
        await one_by_one(replace(diff, changes=others))
        each = [replace(diff, changes=(change,)) for change in profiles]
        await asyncio.gather(*(one_by_one(alone) for alone in each))


class DocumentsBackwards(ConfigurationClient):
    async def apply(self, diff: XcapDiff) -> None:
        for change in reversed(diff.changes):
            await super().apply(replace(diff, changes=(change,)))


class WholeGlobalTree(ConfigurationClient):
    def entries(self) -> list[str]:
        *own, service = super().entries()
        return [*own, service.rpartition("/")[0] + "/"]


class ByGroup(GroupClient):
    def entry(self, group_id: str) -> str:
        return super().entry(group_id).replace("/byGroupID/", "/byGroup/")


class GroupsByPost(XcapClient):
    async def get_once(self, url: str, token: str, condition: Mapping[str, str]) -> WebAnswer:
        if not url.startswith(self.system.access.gms_xcap_root):
            return await super().get_once(url, token, condition)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": MANAGEMENT_REQUEST}
        return await self.system.web.send("POST", url, {**headers, **condition}, b"")


class _GroupsFirst(SystemSession):
    async def authorise_with_groups(self) -> None:
        if self.home is None:
            await self.groups.reconcile(self.configuration.preselected())
        await super().authorise_with_groups()


class _GroupsBeside(SystemSession):
    async def authorise_with_groups(self) -> None:
        if self.home is not None:
            await super().authorise_with_groups()
            return
        obtaining = asyncio.ensure_future(self.groups.reconcile(self.configuration.preselected()))
        try:
            await asyncio.sleep(0)  # the groups are on their way when authorisation is asked for
            await self.service.authorise()
        finally:
            await obtaining
        await self.profile_changed(None)


class _Link(SystemLink):
    """A link whose sessions go another way."""

    sessions_are: type[SystemSession]

    def session(self, service: str) -> SystemSession:
        if service not in self.sessions:
            self.sessions[service] = self.sessions_are(self, names_of(service))
        return self.sessions[service]


class _LinkWithGroupsFirst(_Link):
    sessions_are = _GroupsFirst


class _LinkWithGroupsBeside(_Link):
    sessions_are = _GroupsBeside


class GroupsBeforeAuthorisation(ReferenceUe):
    link_type = _LinkWithGroupsFirst


class GroupsBesideAuthorisation(ReferenceUe):
    link_type = _LinkWithGroupsBeside


class _AllServicesFirst(SystemSession):
    async def start(self) -> None:
        if self.home is not None:
            await super().start()
            return
        await self.keys.obtain()
        await self.signalling.open()
        await self.signalling.register()
        others = [one for one in self.identity.services() if one != self.names.service]
        for one in (*map(self.link.session, others), self):
            if not one.configuration.profiles:
                await one.signalling.open()
                await one.configuration.obtain()
        await self.authorise_with_groups()


class _LinkWithAllServices(_Link):
    sessions_are = _AllServicesFirst


class DocumentsOfAllServices(ReferenceUe):
    """Obtains the configuration of its other services before that of the one that is started."""

    link_type = _LinkWithAllServices
