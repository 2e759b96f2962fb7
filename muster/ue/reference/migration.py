"""Migration to a partner system: which one, with which token, and in which order."""

from typing import TYPE_CHECKING

from muster.ue.reference.documents import PartnerSystem
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.system import SystemSession

if TYPE_CHECKING:
    from muster.ue.reference.ue import ReferenceUe


class MigrationClient:
    """Takes the user from the primary system to a partner, and back.

    The flow and the subscriptions at the primary stay as they are while the user is away:
    notifications are answered, but nothing is fetched until the user is back.
    """

    def __init__(self, ue: "ReferenceUe") -> None:
        self.ue = ue

    def find(self, home: SystemSession, partner: str, profile: int) -> PartnerSystem:
        """Find the partner in the list of the chosen profile (TS 23.280, 10.1.1.2)."""
        for entry in home.configuration.profile(profile).partners:
            if entry.system_id == partner:
                return entry
        raise Refusal(f"{partner} is not in the list of profile {profile}")

    def partner_of_network(self, home: SystemSession, plmn: str) -> PartnerSystem | None:
        """Choose by the serving network, from the list of the active profile (NOTE 1)."""
        active = home.active_profile()
        for entry in active.partners if active is not None else ():
            if entry.access is not None and entry.access.plmn == plmn:
                return entry
        return None

    async def migrate(self, home: SystemSession, partner: PartnerSystem) -> SystemSession:
        """Become served by the partner; where that fails, the user stays where they were."""
        if partner.access is None:
            raise Refusal(f"the profile does not tell how to reach {partner.system_id}")
        session = self.ue.new_session(partner.access, home)
        home.web.is_in_a_hurry = session.web.is_in_a_hurry = True
        try:
            await self.authenticate(session, home)
            home.is_left = True
            await self.arrive(session)
        except BaseException:
            home.is_left = False
            await session.close()
            raise
        return session

    async def authenticate(self, session: SystemSession, home: SystemSession) -> None:
        """Obtain tokens of the partner on the strength of the primary's (TS 33.180, B.7).

        Another service of the user may have obtained them already: they are good for all.
        """
        if session.identity.is_signed_in:
            return
        resource = session.access.idms_token_endpoint
        security_token = await home.identity.security_token(resource)
        await session.identity.present(security_token)

    async def arrive(self, session: SystemSession) -> None:
        """At the partner, profiles and groups come before the service authorisation."""
        await session.keys.obtain()
        await session.signalling.open()
        await session.signalling.register()
        await session.configuration.obtain()
        await session.groups.reconcile(session.configuration.preselected())
        await session.service.authorise()

    async def come_home(self, home: SystemSession) -> None:
        """Be served by the primary again: its news first, then a fresh authorisation."""
        home.is_left = False
        await home.configuration.catch_up()
        await home.authorise_with_groups()
