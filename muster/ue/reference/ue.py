"""The reference UE itself: what it does on each stimulus, and what it remembers between them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from muster.ue.driver import Credentials, Provisioning
from muster.ue.reference import names
from muster.ue.reference.activity import Activity
from muster.ue.reference.documents import AccessInformation, read_initial_configuration
from muster.ue.reference.migration import MigrationClient
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.system import Clients, SystemLink, SystemSession
from muster.ue.reference.web import WebAnswer, expect


class ReferenceUe:
    """A UE of one user; other UEs are made of other clients."""

    clients: ClassVar[Clients] = Clients()
    migration_client: ClassVar[type[MigrationClient]] = MigrationClient
    link_type: ClassVar[type[SystemLink]] = SystemLink

    def __init__(self, provisioning: Provisioning) -> None:
        self.provisioning = provisioning
        self.activity = Activity()
        self.migration = self.migration_client(self)
        self.home: SystemLink | None = None
        self.partners: dict[str, SystemSession] = {}
        """By service, the partner that serves the user."""
        self.services: set[str] = set()

    # Operations

    async def power_on(self) -> None:
        """Bootstrap (TS 23.280, 10.1.1.1)."""
        if self.home is not None:
            raise Refusal("the UE is switched on already")
        self.home = self.new_link(await self.obtain_access())

    async def obtain_access(self) -> AccessInformation:
        """Learn where the servers of the primary are."""
        return self.read_access(await self.bootstrap())

    def read_access(self, answer: WebAnswer) -> AccessInformation:
        """Take the answer of the bootstrap server; Refusal if it is no configuration of this UE."""
        expect(answer, 200, names.INIT_CONFIG_TYPE)
        return read_initial_configuration(answer.body, self.provisioning.instance_id)

    async def bootstrap(self) -> WebAnswer:
        """GET the initial UE configuration, without any token."""
        web = self.clients.web(self.provisioning)
        try:
            return await web.get(self.provisioning.bootstrap_uri, self.bootstrap_headers())
        finally:
            await web.close()

    def bootstrap_headers(self) -> Mapping[str, str]:
        """Headers of the bootstrap request."""
        return {"Accept": names.INIT_CONFIG_TYPE}

    async def sign_in(self, credentials: Credentials) -> None:
        """Authenticate the user at the primary."""
        home = self._switched_on()
        if self.services:
            raise Refusal("a service is started; stop it first")
        await home.identity.sign_in(credentials)

    async def start_service(self, service: str) -> None:
        """Keys, configuration, service authorisation, groups."""
        link = self._signed_in()
        if service in self.services:
            raise Refusal(f"{service} is started already")
        if service not in link.identity.services():
            raise Refusal(f"the UE is not provisioned for {service}")
        home = link.session(service)
        try:
            await home.start()
        except BaseException:
            await home.drop()
            raise
        self.services.add(service)

    async def stop_service(self, service: str) -> None:
        """End the service, first where the user migrated to."""
        home = self._serving(service)
        self.services.discard(service)
        try:
            await self._leave_partner(service)
        finally:
            home.is_left = False
            await home.stop()

    async def select_profile(self, service: str, index: int) -> None:
        """Make another profile the active one, in the system that serves the user."""
        home = self._serving(service)
        await self.partners.get(service, home).select(index)

    async def preselect_profile(self, service: str, index: int) -> None:
        """Move the mark of pre-selection at the primary (TS 23.280, 10.1.4.6)."""
        await self._serving(service).configuration.preselect(index)

    async def migrate(self, service: str, partner: str, profile: int) -> None:
        """Migrate to a partner that a profile of the primary lists."""
        home = self._serving(service)
        entry = self.migration.find(home, partner, profile)
        await self._leave_partner(service)
        self.partners[service] = await self.migration.migrate(home, entry)

    async def enter_network(self, plmn: str) -> None:
        """Migrate each service to the partner that the serving network stands for, if any."""
        for service in sorted(self.services):
            home = self._serving(service)
            entry = self.migration.partner_of_network(home, plmn)
            serving = self.partners.get(service)
            if entry is not None and (serving is None or serving.access != entry.access):
                await self._leave_partner(service)
                self.partners[service] = await self.migration.migrate(home, entry)

    async def return_home(self) -> None:
        """End the migrated service and be served by the primary again."""
        link = self._switched_on()
        if not self.partners:
            raise Refusal("the user has not migrated")
        for service in list(self.partners):
            await self._leave_partner(service)
            await self.migration.come_home(link.session(service))

    async def sign_out(self) -> None:
        """End all services and forget the user's tokens."""
        home = self._signed_in()
        try:
            for service in sorted(self.services):
                await self.stop_service(service)
        finally:
            home.identity.forget()

    async def power_off(self) -> None:
        """Sign out where someone is signed in, and forget the system."""
        home = self._switched_on()
        try:
            if home.identity.is_signed_in:
                await self.sign_out()
        finally:
            await self.close()

    async def close(self) -> None:
        """Release everything without a word to any server."""
        await self.activity.stop()
        self.services.clear()
        links = [*(session.link for session in self.partners.values()), self.home]
        self.partners.clear()
        self.home = None
        for link in links:
            if link is not None:
                await link.close()

    # What the UE is made of and says of itself

    def new_session(self, access: AccessInformation, home: SystemSession) -> SystemSession:
        """Make the session of a service with a partner; services share what they have of it."""
        endpoint = access.idms_token_endpoint
        known = [session.link for session in self.partners.values()]
        shared = [link for link in known if link.access.idms_token_endpoint == endpoint]
        link = shared[0] if shared else self.new_link(access, home.link)
        return link.session(home.names.service)

    def new_link(self, access: AccessInformation, home: SystemLink | None = None) -> SystemLink:
        """Make what all services share of one MC system."""
        own = self.address_on(access.pdn)
        provisioning = replace(self.provisioning, source_address=own) if own else self.provisioning
        return self.link_type(self.clients, provisioning, self.activity, access, home)

    def address_on(self, pdn: str) -> str:
        """The UE's own address on a PDN connection; empty where it is not set up for that one."""
        told = self.provisioning.options.get("pdn_connections", "")
        known = dict(each.partition("=")[::2] for each in told.split(",") if each)
        return known.get(pdn, "")

    def state(self) -> dict[str, object]:
        """What the UE holds, for people to read."""
        home = self.home
        serving = {
            service: self.partners.get(service, home.session(service)).state()
            for service in sorted(self.services)
            if home is not None
        }
        return {
            "switched_on": home is not None,
            "signed_in": home is not None and home.identity.is_signed_in,
            "migrated": sorted(self.partners),
            "services": serving,
            "problems": list(self.activity.problems),
        }

    async def _leave_partner(self, service: str) -> None:
        partner = self.partners.pop(service, None)
        if partner is None:
            return
        try:
            await partner.stop()
        except Refusal as error:
            # A partner that does not let go must not keep the user from the way home.
            self.activity.problems.append(str(error))
        finally:
            await partner.close()

    def _switched_on(self) -> SystemLink:
        if self.home is None:
            raise Refusal("the UE is not switched on")
        return self.home

    def _signed_in(self) -> SystemLink:
        home = self._switched_on()
        if not home.identity.is_signed_in:
            raise Refusal("nobody is signed in")
        return home

    def _serving(self, service: str) -> SystemSession:
        home = self._signed_in()
        if service not in self.services:
            raise Refusal(f"{service} is not started")
        return home.session(service)
