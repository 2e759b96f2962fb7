"""Faults of tokens and identities at partners: borrowed, kept, mixed, shown to the wrong system."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from urllib.parse import urlencode

from muster.ue.faulty.seeded import FaultyUe, made_of, migrating
from muster.ue.reference.documents import PartnerSystem
from muster.ue.reference.identity import IdentityClient, Tokens
from muster.ue.reference.keys import KeyClient
from muster.ue.reference.migration import MigrationClient
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.signalling import SignallingClient
from muster.ue.reference.system import SystemSession
from muster.ue.reference.web import WebAnswer
from muster.ue.reference.xcap import XcapClient

LATE_SECONDS = 0.3
"""How long after a stimulus a late request leaves: past the answer to it."""
SEED = 23280


class LendsIdentity(IdentityClient):
    """Lets another system's client have what the user has here."""

    def lend_to(self, other: IdentityClient) -> None:
        other.tokens = self.tokens
        other._ids = dict(self._ids)


class BorrowsPrimaryTokens(MigrationClient):
    """Where no token of the partner is given, goes on with those of the primary."""

    async def authenticate(self, session: SystemSession, home: SystemSession) -> None:
        try:
            await super().authenticate(session, home)
        except Refusal:
            lender = home.identity
            assert isinstance(lender, LendsIdentity)
            lender.lend_to(session.identity)
            await _ask_around(session)


async def _ask_around(session: SystemSession) -> None:
    for entry in session.configuration.entries()[:1]:
        with suppress(Refusal):
            await session.xcap.get(f"{session.access.cms_xcap_root}/{entry}", {})


class PresentsAccessToken(MigrationClient):
    async def authenticate(self, session: SystemSession, home: SystemSession) -> None:
        try:
            await super().authenticate(session, home)
        except Refusal:
            await session.identity.present(await home.identity.access_token())


class KeepsSecurityToken(IdentityClient):
    """Takes one security token for all partners, and for all time."""

    kept: str | None = None

    async def security_token(self, resource: str) -> str:
        if self.kept is None:
            self.kept = await super().security_token(resource)
        return self.kept


class PresentsToPrimary(MigrationClient):
    """Asks the identity server of the primary for the tokens of the partner."""

    async def authenticate(self, session: SystemSession, home: SystemSession) -> None:
        security_token = await home.identity.security_token(session.access.idms_token_endpoint)
        await home.identity.present(security_token)


class ShowsRefusedToken(IdentityClient):
    async def authorised(self, send: Callable[[str], Awaitable[WebAnswer]]) -> WebAnswer:
        token = await self.access_token()
        answer = await send(token)
        if answer.status == 401:
            await self.renew(token)
            await send(token)
            answer = await send(await self.access_token())
        return answer


class RefreshesAtPrimary(IdentityClient):
    """Asks the primary to renew the tokens of a partner, before it asks the partner."""

    async def ask_token(self, parameters: Mapping[str, str]) -> Mapping[str, object]:
        home = self.system.home
        if home is not None and parameters.get("grant_type") == "refresh_token":
            await home.web.post_form(home.access.idms_token_endpoint, urlencode(parameters))
        return await super().ask_token(parameters)


class PrimaryTokenAtPartnerKms(KeyClient):
    async def obtain(self) -> None:
        home = self.system.home
        if home is not None:
            token = await home.identity.access_token()
            headers = {"Authorization": f"Bearer {token}"}
            url = f"{self.system.access.kms.rstrip('/')}/keymanagement/identity/v1/init"
            await self.system.web.send("POST", url, headers, b"")
        await super().obtain()


class PartnerKeysOfPrimary(KeyClient):
    """Asks the key server of the primary for the keys that the partner has to give."""

    async def obtain(self) -> None:
        home = self.system.home
        if home is not None:
            token = await self.system.identity.access_token()
            headers = {"Authorization": f"Bearer {token}"}
            url = f"{home.access.kms.rstrip('/')}/keymanagement/identity/v1/init"
            await self.system.web.send("POST", url, headers, b"")
        await super().obtain()


class RegistersAsAtHome(SignallingClient):
    """Registers at every system with the identity that the terminal is provisioned with."""

    @property
    def identity(self) -> str:
        return self.provisioning.public_identity

    @identity.setter
    def identity(self, offered: str) -> None:
        self.offered = offered


class KeepsPartnerTokens(MigrationClient):
    """Asks the next partner with the tokens of the last one, where there was one."""

    last: Tokens | None = None

    async def authenticate(self, session: SystemSession, home: SystemSession) -> None:
        await super().authenticate(session, home)
        own, kept = session.identity.tokens, self.last
        if kept is not None:
            session.identity.tokens = kept
            await _ask_around(session)
        session.identity.tokens = self.last = own


class MixesTokens(XcapClient):
    """Shows either system's token, as it comes."""

    chance = random.Random(SEED)

    def identity(self, url: str) -> IdentityClient:
        home = self.system.home
        own = super().identity(url)
        return self.chance.choice([own, home.identity]) if home is not None else own


class LateWithPartnerToken(MigrationClient):
    """Some time after the return, shows the primary what the partner gave."""

    token = ""

    async def migrate(self, home: SystemSession, partner: PartnerSystem) -> SystemSession:
        session = await super().migrate(home, partner)
        self.token = await session.identity.access_token()
        return session

    async def come_home(self, home: SystemSession) -> None:
        await super().come_home(home)
        home.activity.spawn(self._ask_late(home))

    async def _ask_late(self, home: SystemSession) -> None:
        await asyncio.sleep(LATE_SECONDS)
        url = f"{home.access.cms_xcap_root}/{home.configuration.entries()[0]}"
        await home.xcap.get_once(url, self.token, {})


REFUSALS = ("migration/token_refusals.feature", "migration/identity_server_failures.feature")
SILENT = ("migration/silent_servers.feature", "migration/silent_authorisation.feature")
LIFE = ("migration/token_life.feature", "migration/security_token_life.feature")
KEYS = "migration/partner_keys.feature"
SIGNALLING = ("migration/signalling.feature", "migration/signalling_failures.feature")
AFTER = "migration/after_migration.feature"
NEXT = "migration/next_partner.feature"
LISTS = ("migration/lists.feature", "migration/changed_lists.feature")
CERTIFICATES = tuple(f"migration/{which}_servers.feature" for which in ("untrusted", "expired"))

FAULTS = (
    FaultyUe(
        "borrows_primary_tokens",
        "Goes on at the partner with the primary's tokens where the partner's are refused.",
        migrating(BorrowsPrimaryTokens, identity=LendsIdentity),
        "TS33180-B.7.5-01",
        (*REFUSALS, *SILENT, *CERTIFICATES, "migration/misnamed_servers.feature"),
        (
            "TS33180-B.7.3-01",
            "TS33180-B.7.1-01",
            "TS33180-B.7.1-03",
            "TS23280-10.1.1.2-18",
            "TS23280-10.1.1.2-38",
        ),
    ),
    FaultyUe(
        "presents_access_token_as_assertion",
        "Presents the primary's access token to the partner when it gets no security token.",
        migrating(PresentsAccessToken),
        "TS33180-C.2-02",
        (*REFUSALS, *SILENT, "migration/broken_links.feature"),
        ("TS33180-B.7.1-01",),
    ),
    FaultyUe(
        "keeps_security_token",
        "Presents one security token to every partner, and after its lifetime too.",
        made_of(identity=KeepsSecurityToken),
        "TS33180-B.7.1-04",
        (*LIFE, NEXT),
        ("TS33180-B.12-02", "TS33180-B.7.1-05", "TS33180-C.2-02"),
    ),
    FaultyUe(
        "presents_security_token_to_primary",
        "Presents the security token to the identity server of the primary.",
        migrating(PresentsToPrimary),
        "TS33180-B.7.1-05",
        (*LISTS, *LIFE),
        ("TS23280-10.1.1.2-07",),
    ),
    FaultyUe(
        "shows_refused_token_again",
        "Obtains a new access token of the partner, and shows the refused one once more.",
        made_of(identity=ShowsRefusedToken),
        "TS33180-B.5.3-01",
        LIFE,
    ),
    FaultyUe(
        "refreshes_partner_token_at_primary",
        "Shows the primary a refresh token of the partner.",
        made_of(identity=RefreshesAtPrimary),
        "TS33180-B.7.1-07",
        LIFE,
    ),
    FaultyUe(
        "primary_token_at_partner_kms",
        "Asks the partner's key server with the access token of the primary.",
        made_of(keys=PrimaryTokenAtPartnerKms),
        "TS33180-B.9-03",
        (KEYS,),
        ("TS33180-B.7.1-01",),
    ),
    FaultyUe(
        "asks_primary_kms_for_partner_keys",
        "Asks the primary's key server with the access token of the partner.",
        made_of(keys=PartnerKeysOfPrimary),
        "TS33180-B.7.1-02",
        (KEYS,),
    ),
    FaultyUe(
        "registers_as_at_home",
        "Registers at the partner with the identity that it has at the primary.",
        made_of(signalling=RegistersAsAtHome),
        "TS23280-10.1.6.2-03",
        SIGNALLING,
    ),
    FaultyUe(
        "shows_next_partner_the_last_ones_token",
        "Asks the next partner with an access token of the partner before.",
        migrating(KeepsPartnerTokens),
        "TS33180-B.7.1-06",
        (NEXT, *LIFE),
        ("TS33180-B.7.1-07",),
    ),
    FaultyUe(
        "mixes_tokens_at_random",
        "Shows the servers of a partner either system's access token, as it comes.",
        made_of(xcap=MixesTokens),
        "TS33180-B.7.1-01",
        (
            "migration/moved_servers.feature",
            "migration/moved_document_servers.feature",
            "migration/several_partner_profiles.feature",
        ),
        (
            "TS33180-B.7.1-03",
            "TS33180-B.9-01",
            "TS33180-B.9-02",
            "TS23280-10.1.1.2-10",  # a profile that is refused ends the way there
            "TS23280-10.1.1.2-23",
            "TS23280-10.1.1.2-24",
            "TS23280-10.1.1.2-26",
            "TS23280-10.1.1.2-27",
            "TS23280-10.1.4.3.2-01",
            "TS23280-10.1.1.2-31",
        ),
    ),
    FaultyUe(
        "shows_primary_partner_token_late",
        "Some time after the return shows the primary an access token of the partner.",
        migrating(LateWithPartnerToken),
        "TS33180-B.7.1-02",
        (AFTER,),
    ),
)
