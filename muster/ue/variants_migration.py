"""UEs that migrate in another way that the specifications leave free."""

import asyncio
from contextlib import suppress

from muster.protocol.sip.multipart import Part
from muster.ue.reference.bodies import service_info
from muster.ue.reference.configuration import ConfigurationClient
from muster.ue.reference.documents import PartnerSystem
from muster.ue.reference.identity import IdentityClient
from muster.ue.reference.migration import MigrationClient
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.service import ServiceClient
from muster.ue.reference.system import Clients, SystemSession
from muster.ue.reference.ue import ReferenceUe

PAUSE_SECONDS = 0.05


class RegistersBeforeKeys(MigrationClient):
    """Registers at the partner at once, and asks for keys afterwards."""

    async def arrive(self, session: SystemSession) -> None:
        await session.signalling.open()
        await session.signalling.register()
        await session.keys.obtain()
        await session.configuration.obtain()
        await session.groups.reconcile(session.configuration.preselected())
        await session.service.authorise()


class RegistersMeanwhile(MigrationClient):
    """Registers at the partner while it asks for tokens (TS 33.180 5.1.1: in parallel)."""

    async def authenticate(self, session: SystemSession, home: SystemSession) -> None:
        if "partner_public_identity" not in session.provisioning.options:
            await super().authenticate(session, home)
            await self.register(session)
            return
        registering = asyncio.ensure_future(self.register(session))
        try:
            await super().authenticate(session, home)
        finally:
            await registering

    async def register(self, session: SystemSession) -> None:
        await session.signalling.open()
        await session.signalling.register()

    async def arrive(self, session: SystemSession) -> None:
        await session.keys.obtain()
        await session.configuration.obtain()
        await session.groups.reconcile(session.configuration.preselected())
        await session.service.authorise()


class LeavesPrimary(MigrationClient):
    """Ends its service at the primary before it goes, and asks for it anew on return."""

    async def migrate(self, home: SystemSession, partner: PartnerSystem) -> SystemSession:
        session = await super().migrate(home, partner)
        with suppress(Refusal):
            await home.service.end()
        return session


class KeysLast(MigrationClient):
    """Asks for keys at the partner once service is authorised: no text puts them earlier."""

    async def arrive(self, session: SystemSession) -> None:
        await session.signalling.open()
        await session.signalling.register()
        await session.configuration.obtain()
        await session.groups.reconcile(session.configuration.preselected())
        await session.service.authorise()
        await session.keys.obtain()


class TakesItsTime(MigrationClient):
    async def authenticate(self, session: SystemSession, home: SystemSession) -> None:
        await asyncio.sleep(PAUSE_SECONDS)
        await super().authenticate(session, home)
        await asyncio.sleep(PAUSE_SECONDS)


class RefreshesBeforeExchange(IdentityClient):
    """Renews the primary's access token before it gives it away for a security token."""

    async def security_token(self, resource: str) -> str:
        await self.renew(await self.access_token())
        return await super().security_token(resource)


class NamesIssuer(IdentityClient):
    """Names the partner's identity server by its issuer, not by its token endpoint."""

    async def security_token(self, resource: str) -> str:
        return await super().security_token(resource.rpartition("/")[0])


class NamesPrimaryIndex(ServiceClient):
    """Names the profile of the primary that gave access: either may be meant."""

    async def authorisation_info(self) -> Part:
        home = self.system.home
        return service_info(
            self.system.names,
            access_token=await self.system.identity.access_token(),
            client_id=self.system.provisioning.instance_id,
            partner_id=self.system.mc_service_id if home else None,
            primary_id=home.mc_service_id if home else None,
            profile_index=home.configuration.preselected().index if home else None,
        )


class ProfilesOnly(ConfigurationClient):
    """Asks a partner for profiles alone: a visitor needs no more."""

    def entries(self) -> list[str]:
        every = super().entries()
        return every if self.system.home is None else every[1:2]

    def _rank(self, selector: str) -> int:
        rank = super()._rank(selector)
        return rank if self.system.home is None or rank else 1


def _migrating(
    migration: type[MigrationClient] = MigrationClient, **clients: type
) -> type[ReferenceUe]:
    """Make a UE that migrates in another way."""
    members = {"migration_client": migration, "clients": Clients(**clients)}
    return type(ReferenceUe.__name__, (ReferenceUe,), members)


MIGRATION_VARIANTS: tuple[tuple[str, str, type[ReferenceUe]], ...] = (
    (
        "registers_before_keys_at_partner",
        "Registers at the partner before it asks its key server.",
        _migrating(RegistersBeforeKeys),
    ),
    (
        "registers_meanwhile_at_partner",
        "Registers at the partner while it asks for tokens of the partner.",
        _migrating(RegistersMeanwhile),
    ),
    (
        "leaves_primary_at_migration",
        "Ends its service at the primary once a partner serves it.",
        _migrating(LeavesPrimary),
    ),
    (
        "keys_last_at_partner",
        "Asks for keys at the partner after service authorisation.",
        _migrating(KeysLast),
    ),
    (
        "takes_its_time_to_migrate",
        "Pauses before and after its authentication at the partner.",
        _migrating(TakesItsTime),
    ),
    (
        "refreshes_before_exchange",
        "Renews its access token before it exchanges it for a security token.",
        _migrating(identity=RefreshesBeforeExchange),
    ),
    (
        "names_issuer_as_resource",
        "Names the partner's identity server by its issuer when it exchanges tokens.",
        _migrating(identity=NamesIssuer),
    ),
    (
        "names_primary_index_at_partner",
        "Names the primary's profile when it asks the partner for service.",
        _migrating(service=NamesPrimaryIndex),
    ),
    (
        "profiles_only_at_partner",
        "Subscribes at a partner to its profiles, and to no other configuration.",
        _migrating(configuration=ProfilesOnly),
    ),
)
"""Name, description and UE of each; `muster/ue/variants.py` lists them with the others."""
