"""MC service client: service authorisation and the active profile (TS 24.379, 7.2)."""

from typing import TYPE_CHECKING

from muster.protocol.sip.multipart import Part
from muster.ue.reference.bodies import mcptt_info, poc_settings
from muster.ue.reference.refusal import Refusal

if TYPE_CHECKING:
    from muster.ue.reference.system import SystemSession

UNLIMITED = 4294967295
"""Expires of the settings (TS 24.379, 7.2.1A)."""


class ServiceClient:
    """The client's side of one service authorisation."""

    def __init__(self, system: "SystemSession") -> None:
        self.system = system
        self.active_index: int | None = None
        self._entity_tag: str | None = None

    async def authorise(self) -> None:
        """Become service authorised with the pre-selected profile active."""
        self._refuse_protection()
        index = self.index_at_authorisation()
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
        await self._publish([self.settings_info(), self.settings(index)])
        self.active_index = index

    async def end(self) -> None:
        """End the service authorisation: settings removed, no body (TS 24.379, 7.3.5)."""
        if self.active_index is None:
            return
        self.active_index = None
        entity_tag, self._entity_tag = self._entity_tag, None
        await self.system.signalling.publish([], 0, entity_tag)

    async def authorisation_info(self) -> Part:
        """The token and who presents it; at a partner also under which identities."""
        home = self.system.home
        return mcptt_info(
            access_token=await self.system.identity.access_token(),
            client_id=self.system.provisioning.instance_id,
            partner_mcptt_id=self.system.mcptt_id if home else None,
            primary_mcptt_id=home.mcptt_id if home else None,
        )

    def settings_info(self) -> Part:
        """Whose settings they are; no token any more (TS 24.379, 7.2.3)."""
        return mcptt_info(
            request_uri=self.system.mcptt_id, client_id=self.system.provisioning.instance_id
        )

    def settings(self, index: int) -> Part:
        """The settings that name the active profile."""
        return poc_settings(self.system.provisioning.instance_id, index)

    async def _publish(self, parts: list[Part]) -> None:
        tag = await self.system.signalling.publish(parts, UNLIMITED, self._entity_tag)
        self._entity_tag = tag or self._entity_tag

    def _refuse_protection(self) -> None:
        configuration = self.system.configuration.service_configuration
        if configuration is not None and configuration.confidentiality_protection:
            raise Refusal("the service configuration asks for protection, which this UE lacks")
