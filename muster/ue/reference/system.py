"""One MC system as the UE sees it: what it holds of it, and the clients that talk to it."""

from dataclasses import dataclass
from typing import Optional

from muster.ue.driver import Provisioning
from muster.ue.reference.activity import Activity
from muster.ue.reference.aliases import AliasClient
from muster.ue.reference.configuration import ConfigurationClient
from muster.ue.reference.documents import AccessInformation, UserProfile
from muster.ue.reference.groups import GroupClient
from muster.ue.reference.identity import IdentityClient
from muster.ue.reference.keys import KeyClient
from muster.ue.reference.line import Line
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.service import ServiceClient
from muster.ue.reference.services import ServiceNames, names_of
from muster.ue.reference.signalling import SignallingClient
from muster.ue.reference.web import Web
from muster.ue.reference.xcap import XcapClient


@dataclass(frozen=True)
class Clients:
    """The classes a UE is made of; another UE has others in their places."""

    web: type[Web] = Web
    xcap: type[XcapClient] = XcapClient
    identity: type[IdentityClient] = IdentityClient
    keys: type[KeyClient] = KeyClient
    signalling: type[SignallingClient] = SignallingClient
    configuration: type[ConfigurationClient] = ConfigurationClient
    groups: type[GroupClient] = GroupClient
    service: type[ServiceClient] = ServiceClient
    aliases: type[AliasClient] = AliasClient


class SystemLink:
    """What the clients of all services share of one MC system: HTTPS, identity, SIP line."""

    def __init__(
        self,
        clients: Clients,
        provisioning: Provisioning,
        activity: Activity,
        access: AccessInformation,
        home: Optional["SystemLink"] = None,
    ) -> None:
        self.clients = clients
        self.provisioning = provisioning
        self.activity = activity
        self.access = access
        self.home = home
        """The primary's link, where this is a partner's."""
        self.web = clients.web(provisioning)
        if home is None and "http_proxy" in provisioning.options:
            identity = (access.idms_auth_endpoint, access.idms_token_endpoint)
            self.web.go_through(access.http_proxy, identity)
        self.identity = clients.identity(self)
        self.line = Line(is_in_a_hurry=home is not None)
        self.sessions: dict[str, SystemSession] = {}

    def session(self, service: str) -> "SystemSession":
        """The session of one service; made when it is asked for first."""
        if service not in self.sessions:
            self.sessions[service] = SystemSession(self, names_of(service))
        return self.sessions[service]

    async def close(self) -> None:
        """Release all connections."""
        for session in list(self.sessions.values()):
            await session.drop()
        await self.line.close()
        await self.web.close()


class SystemSession:
    """The dealings of one service with one MC system."""

    def __init__(self, link: SystemLink, names: ServiceNames) -> None:
        self.link = link
        self.names = names
        self.clients = link.clients
        self.provisioning = link.provisioning
        self.activity = link.activity
        self.access = link.access
        self.web = link.web
        self.identity = link.identity
        self.is_left = False
        """Whether the user is served by a partner, so that this system is left alone."""
        self._start_afresh()

    def _start_afresh(self) -> None:
        self.xcap = self.clients.xcap(self)
        self.keys = self.clients.keys(self)
        self.configuration = self.clients.configuration(self)
        self.groups = self.clients.groups(self)
        self.service = self.clients.service(self)
        self.aliases = self.clients.aliases(self)
        self._signalling: SignallingClient | None = None

    @property
    def home(self) -> Optional["SystemSession"]:
        """The session of the same service with the primary, where this is a partner."""
        return None if self.link.home is None else self.link.home.session(self.names.service)

    @property
    def mc_service_id(self) -> str:
        """The user's MC service ID in this system."""
        return self.identity.mc_service_id(self.names.service)

    @property
    def signalling(self) -> SignallingClient:
        """SIP towards this system; made when the user's identities are known."""
        if self._signalling is None:
            self._signalling = self.clients.signalling(
                self.provisioning,
                self.activity,
                self.access.server_uri(self.names.service),
                self.public_identity(),
                self.names,
                self.link.line,
            )
        return self._signalling

    def public_identity(self) -> str:
        """The IMS public identity; at a partner it is the partner's (TS 23.280, 10.1.6.2)."""
        if self.link.home is None:
            return self.provisioning.public_identity
        offered = self.provisioning.options.get("partner_public_identity")
        return offered or self.identity.mc_service_id(self.identity.services()[0])

    def active_profile(self) -> UserProfile | None:
        """The active user profile, once service authorised."""
        index = self.service.active_index
        return None if index is None else self.configuration.profile(index)

    async def profile_changed(self, before: UserProfile | None) -> None:
        """Bring the groups in step with the active profile where that one has changed."""
        profile = self.active_profile()
        if profile is not None and profile != before:
            await self.groups.reconcile(profile)
            await self.aliases.reconcile(profile)

    async def start(self) -> None:
        """Life at the primary: keys, signalling, configuration, authorisation, then groups."""
        await self.keys.obtain()
        await self.signalling.open()
        await self.signalling.register()
        await self.configuration.obtain()
        await self.authorise_with_groups()

    async def authorise_with_groups(self) -> None:
        """Become service authorised, then obtain the groups of the active profile."""
        await self.service.authorise()
        await self.profile_changed(None)

    async def select(self, index: int) -> None:
        """Make another profile the active one."""
        await self.service.select(index)
        profile = self.configuration.profile(index)
        await self.groups.reconcile(profile)
        await self.aliases.reconcile(profile)

    async def stop(self) -> None:
        """End authorisation, subscriptions and registration; nothing obtained is kept."""
        endings = (
            self.aliases.end,
            self.service.end,
            self.groups.end,
            self.configuration.end,
            self.signalling.deregister,
        )
        problems = []
        try:
            for end in endings:
                try:
                    await end()
                except Refusal as error:
                    problems.append(error)
        finally:
            await self.drop()
        if problems:
            raise problems[0]

    async def drop(self) -> None:
        """Leave the line and forget what was obtained over it."""
        self.service.forget()
        if self._signalling is not None:
            await self._signalling.close()
        self._start_afresh()

    async def close(self) -> None:
        """Give up a partner; what services share goes with the last of them."""
        await self.drop()
        self.link.sessions.pop(self.names.service, None)
        if not self.link.sessions:
            await self.link.close()

    def state(self) -> dict[str, object]:
        """What is held of this service in this system, for people to read."""
        return {
            "is_partner": self.home is not None,
            "domain": self.access.domain,
            "mc_service_id": self.mc_service_id if self.identity.is_signed_in else None,
            "active_profile": self.service.active_index,
            "profiles": sorted(p.index for p in self.configuration.profiles.values()),
            "groups": list(self.groups.held),
            "documents": {url: held.etag for url, held in self.xcap.stored.items()},
        }
