"""Faults of a visitor: where it looks for partners, what it calls itself, what it asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from urllib.parse import unquote

from lxml import etree

from muster.protocol.kms import KmsRequest
from muster.protocol.oidc import GRANT_JWT_BEARER, GRANT_TOKEN_EXCHANGE
from muster.protocol.sip.multipart import Part
from muster.ue.faulty.seeded import FaultyUe, made_of, migrating
from muster.ue.reference.bodies import service_info
from muster.ue.reference.configuration import ConfigurationClient
from muster.ue.reference.documents import (
    PartnerSystem,
    UserProfile,
    XcapDiff,
    parse,
    read_user_profile,
)
from muster.ue.reference.groups import GroupClient
from muster.ue.reference.identity import IdentityClient
from muster.ue.reference.keys import KeyClient
from muster.ue.reference.migration import MigrationClient
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.service import ServiceClient
from muster.ue.reference.signalling import SignallingClient
from muster.ue.reference.sip_client import Published
from muster.ue.reference.system import SystemSession
from muster.ue.reference.ue import ReferenceUe


class ExchangesBeforeItHasAProfile(ReferenceUe):
    """Makes ready for migration without knowing what is permitted."""

    async def migrate(self, service: str, partner: str, profile: int) -> None:
        if self.home is not None and service not in self.services:
            await self.home.identity.security_token(partner)
        await super().migrate(service, partner, profile)


class KeepsItsConnection(ReferenceUe):
    """Sends all from one address, whichever connection is named."""

    def address_on(self, pdn: str) -> str:
        return ""


class ReadsListsAnywhere(ConfigurationClient):
    """Goes by a list of partners wherever in the profile it stands."""

    async def fetch(self, url: str, selector: str) -> None:
        await super().fetch(url, selector)
        known = self.profiles.get(unquote(selector))
        held = self.system.xcap.stored.get(unquote(url))
        if known is not None and held is not None:
            moved = self._on_network(held.body)
            self.profiles[unquote(selector)] = replace(known, partners=moved)

    def _on_network(self, body: bytes) -> tuple[PartnerSystem, ...]:
        """Read the list as if it stood where it has to."""
        usage = self.system.names.user_profile
        root = parse(body, usage.namespace, usage.root)
        place = f"{{{usage.namespace}}}anyExt"
        here = next(root.iter(f"{{{usage.namespace}}}OnNetwork"))
        found = list(root.iter(f"{{{usage.namespace}}}OffNetwork"))
        for extension in [e for one in found for e in one.findall(place)]:
            here.append(extension)
        return read_user_profile(etree.tostring(root), self.system.names).partners


class SignallingOfHome(MigrationClient):
    """Takes the servers for signalling from the primary's configuration, not from the entry."""

    async def migrate(self, home: SystemSession, partner: PartnerSystem) -> SystemSession:
        if partner.access is not None:
            access = replace(partner.access, servers=home.access.servers)
            partner = replace(partner, access=access)
        return await super().migrate(home, partner)


class AsksForProfilesFirst(MigrationClient):
    """Asks the partner for profiles before it registers, and whether or not it can."""

    async def arrive(self, session: SystemSession) -> None:
        with suppress(Refusal):
            url = f"{session.access.cms_xcap_root}/{session.configuration.entries()[1]}"
            await session.xcap.get(url, {})
        await super().arrive(session)


class DeafConfiguration(ConfigurationClient):
    async def notified(self, diff: XcapDiff) -> None:
        if self.system.home is None:
            await super().notified(diff)


class DeafGroups(GroupClient):
    async def notified(self, diff: XcapDiff) -> None:
        if self.system.home is None:
            await super().notified(diff)


class RegistersAsGuest(SignallingClient):
    """Registers at a partner under a name that it made up."""

    @property
    def identity(self) -> str:
        if self.offered == self.provisioning.public_identity:
            return self.offered
        return f"sip:guest@{self.offered.rpartition('@')[2]}"

    @identity.setter
    def identity(self, offered: str) -> None:
        self.offered = offered


class AsksOtherServer(SignallingClient):
    """Asks the partner's server of another service."""

    async def publish(
        self, parts: Sequence[Part], expires: int, entity_tag: str | None = None
    ) -> Published:
        user, at, place = self.server_uri.partition("@")
        if self.identity != self.provisioning.public_identity:
            self.server_uri = f"{user.rpartition('-')[0] or user}-other{at}{place}"
        try:
            return await super().publish(parts, expires, entity_tag)
        finally:
            self.server_uri = f"{user}{at}{place}"


class KeysOfHome(KeyClient):
    """Asks a partner for keys of the identity that the user has at the primary."""

    def request(self, url: str) -> KmsRequest:
        request = super().request(url)
        home = self.system.home
        return request if home is None else replace(request, user_uri=home.mc_service_id)


class HomeIdentityInSettings(ServiceClient):
    """Tells a partner its settings under the identity that the user has at the primary."""

    def settings_info(self) -> Part:
        home = self.system.home
        return service_info(
            self.system.names,
            request_uri=home.mc_service_id if home is not None else self.system.mc_service_id,
            client_id=self.system.provisioning.instance_id,
        )


class KeepsFirstGroups(GroupClient):
    """At a partner takes the groups of its first profile, and never another one."""

    async def reconcile(self, profile: UserProfile) -> None:
        if self.system.home is None or not self.held:
            await super().reconcile(profile)


class Asks(IdentityClient):
    """Says something else in token requests of migration."""

    grant = ""
    instead: Mapping[str, str] = {}
    without: tuple[str, ...] = ()

    async def ask_token(self, parameters: Mapping[str, str]) -> Mapping[str, object]:
        if parameters.get("grant_type") == self.grant:
            kept = {name: text for name, text in parameters.items() if name not in self.without}
            parameters = {**kept, **self.instead}
        return await super().ask_token(parameters)


class ExchangesOtherType(Asks):
    grant = GRANT_TOKEN_EXCHANGE
    instead = {"subject_token_type": "urn:ietf:params:oauth:token-type:access_token"}  # noqa: RUF012


class ExchangesWithoutGrant(Asks):
    grant = GRANT_TOKEN_EXCHANGE
    without = ("grant_type",)


class AsksNoScope(Asks):
    grant = GRANT_JWT_BEARER
    without = ("scope",)


ACCESS = "migration/no_access.feature"
IDENTITY = "migration/identity.feature"
SERVERS = "migration/partner_servers.feature"

FAULTS = (
    FaultyUe(
        "keeps_pdn_connection_of_home",
        "Reaches the partner over the PDN connection of the primary.",
        KeepsItsConnection,
        "TS23280-10.1.1.2-06",
        ("migration/pdn_connections.feature",),
    ),
    FaultyUe(
        "takes_signalling_of_home",
        "Goes on signalling with the primary's servers when it migrates.",
        migrating(SignallingOfHome),
        "TS23280-10.1.1.2-08",
        ("migration/access.feature",),
        ("TS33180-B.7.1-02", "TS23280-10.1.1.2-38", "TS23280-10.1.1.2-19"),
    ),
    FaultyUe(
        "asks_for_profiles_unregistered",
        "Asks the partner for profiles before it registers there.",
        migrating(AsksForProfilesFirst),
        "TS23280-10.1.1.2-22",
        (
            "migration/signalling.feature",
            "migration/signalling_failures.feature",
            "migration/broken_links.feature",
        ),
    ),
    FaultyUe(
        "ignores_changes_of_partner",
        "Does not follow what the partner changes during migrated service.",
        made_of(configuration=DeafConfiguration, groups=DeafGroups),
        "TS23280-10.1.1.2-34",
        ("migration/during.feature",),
        ("TS23280-10.1.1.2-35",),
    ),
    FaultyUe(
        "exchanges_before_it_has_a_profile",
        "Asks for a security token before the primary gave any user profile.",
        ExchangesBeforeItHasAProfile,
        "TS23280-10.1.1.2-01",
        (ACCESS,),
    ),
    FaultyUe(
        "reads_off_network_lists",
        "Goes by a list of partners in the off-network part of the profile.",
        made_of(configuration=ReadsListsAnywhere),
        "TS23280-10.1.6.1-01",
        (ACCESS,),
    ),
    FaultyUe(
        "registers_as_guest",
        "Registers at the partner under an identity that nobody gave it.",
        made_of(signalling=RegistersAsGuest),
        "TS23280-10.1.6.2-02",
        ("migration/partner_identities.feature",),
    ),
    FaultyUe(
        "asks_other_server_at_partner",
        "Asks another server of the partner for service than that of the service.",
        made_of(signalling=AsksOtherServer),
        "TS23280-10.6.3.2.1-01",
        (SERVERS,),
    ),
    FaultyUe(
        "asks_partner_for_keys_of_home",
        "Asks the partner's key server for keys of the identity at the primary.",
        made_of(keys=KeysOfHome),
        "TS33180-D.2.2-03",
        ("migration/partner_keys.feature",),
        ("TS23280-10.1.1.2-08",),  # without keys it goes no further
    ),
    FaultyUe(
        "keeps_home_identity_in_settings",
        "Tells the partner its settings under the identity at the primary.",
        made_of(service=HomeIdentityInSettings),
        "TS23280-10.16.5-01",
        (
            "migration/migrated_service.feature",
            "migration/primary_changes.feature",
        ),
    ),
    FaultyUe(
        "misses_groups_that_the_partner_adds",
        "Does not obtain a group that the partner adds to its profile.",
        made_of(groups=KeepsFirstGroups),
        "TS23280-10.1.1.2-26",
        ("migration/partner_changes.feature",),
    ),
    FaultyUe(
        "exchanges_token_of_another_type",
        "Calls its access token something else than a JWT when it exchanges it.",
        made_of(identity=ExchangesOtherType),
        "TS33180-B.7.2-09",
        (IDENTITY,),
    ),
    FaultyUe(
        "exchanges_without_grant_type",
        "Leaves the grant type out when it asks for a security token.",
        made_of(identity=ExchangesWithoutGrant),
        "TS33180-B.7.2-03",
        (IDENTITY,),
    ),
    FaultyUe(
        "asks_partner_for_no_scope",
        "Does not say which services it wants a token of the partner for.",
        made_of(identity=AsksNoScope),
        "TS33180-B.7.4-06",
        (IDENTITY,),
    ),
)
