"""MC service client: service authorisation and the active profile (TS 24.379, 7.2)."""

from typing import TYPE_CHECKING

from muster.protocol.sip.multipart import Part
from muster.ue.reference.bodies import poc_settings, service_info
from muster.ue.reference.refresh import Refresh
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.sip_client import SipRefusal

if TYPE_CHECKING:
    from muster.ue.reference.system import SystemSession

UNLIMITED = 4294967295
"""Expires of the settings (TS 24.379, 7.2.1A)."""
LOST_STATUSES = (404, 412)
"""Answers to settings of a server that knows nothing of the publication any more."""


class ServiceClient:
    """The client's side of one service authorisation."""

    def __init__(self, system: "SystemSession") -> None:
        self.system = system
        self.active_index: int | None = None
        self.publication_is_lost = False
        """Whether the server lost the publication alone, and not the authorisation with it."""
        self._entity_tag: str | None = None
        self._refresh = Refresh(system.activity, self.refresh)

    async def authorise(self) -> None:
        """Become service authorised with the pre-selected profile active."""
        self._refuse_protection()
        await self.authorise_with(self.index_at_authorisation())

    async def authorise_with(self, index: int) -> None:
        """Present the token, and say which profile is active."""
        self._entity_tag = None  # an authorisation is an initial publication (TS 24.379, 7.2.2)
        if self.authorises_by_register():
            await self.system.signalling.register([await self.authorisation_info()])
            await self._publish([self.settings_info(), self.settings(index)])
        else:
            await self._publish([await self.authorisation_info(), self.settings(index)])
        self.active_index = index

    def index_at_authorisation(self) -> int:
        """The profile that becomes active at service authorisation."""
        return self.system.configuration.preselected().index

    def authorises_by_register(self) -> bool:
        """Whether the token goes in a REGISTER; either is right (TS 24.379, 7.1)."""
        return self.system.provisioning.options.get("service_authorisation") == "register"

    async def select(self, index: int) -> None:
        """Tell the server which profile is active from now on."""
        if self.active_index is None:
            raise Refusal("the service is not authorised")
        profile = self.system.configuration.profile(index)
        if not profile.is_enabled:
            raise Refusal(f"user profile {index} is not enabled")
        await self._change([self.settings_info(), self.settings(index)], index)
        self.active_index = index

    async def refresh(self) -> None:
        """Refresh the publication before it expires: no body (RFC 3903, 4.3)."""
        if self.active_index is not None:
            await self._change([], self.active_index)

    async def _change(self, parts: list[Part], index: int) -> None:
        """Publish to what the server holds; where that is lost, begin anew (RFC 3903, 4.6)."""
        try:
            await self._publish(parts)
        except SipRefusal as error:
            if error.status not in LOST_STATUSES:
                raise
            self.publication_is_lost = error.status == 412
            await self.lost(index)

    async def lost(self, index: int) -> None:
        """Ask for service authorisation again: the server knows nothing of the last one."""
        self.active_index = None
        await self.authorise_with(index)

    def forget(self) -> None:
        """Let the publication expire."""
        self._refresh.cancel()

    async def end(self) -> None:
        """End the service authorisation: settings removed, no body (TS 24.379, 7.3.5)."""
        self._refresh.cancel()
        if self.active_index is None:
            return
        self.active_index = None
        entity_tag, self._entity_tag = self._entity_tag, None
        await self.system.signalling.publish([], 0, entity_tag)

    async def authorisation_info(self) -> Part:
        """The token and who presents it; at a partner also under which identities."""
        home = self.system.home
        return service_info(
            self.system.names,
            access_token=await self.system.identity.access_token(),
            client_id=self.system.provisioning.instance_id,
            partner_id=self.system.mc_service_id if home else None,
            primary_id=home.mc_service_id if home else None,
            profile_index=self.index_at_authorisation() if home else None,
        )

    def settings_info(self) -> Part:
        """Whose settings they are; no token any more (TS 24.379, 7.2.3)."""
        return service_info(
            self.system.names,
            request_uri=self.system.mc_service_id,
            client_id=self.system.provisioning.instance_id,
        )

    def settings(self, index: int) -> Part:
        """The settings that name the active profile."""
        return poc_settings(self.system.provisioning.instance_id, index)

    async def _publish(self, parts: list[Part]) -> None:
        published = await self.system.signalling.publish(parts, UNLIMITED, self._entity_tag)
        self._entity_tag = published.entity_tag or self._entity_tag
        self._refresh.within(published.lifetime)

    def _refuse_protection(self) -> None:
        configuration = self.system.configuration.service_configuration
        if configuration is not None and configuration.confidentiality_protection:
            raise Refusal("the service configuration asks for protection, which this UE lacks")
