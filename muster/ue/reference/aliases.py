"""Functional alias management client: activates the aliases that the active profile lists.

How an alias is activated is not known from any text: names and event are taken as recalled.
"""

from typing import TYPE_CHECKING

from lxml import etree

from muster.protocol.sip.multipart import Part
from muster.ue.reference import names
from muster.ue.reference.documents import UserProfile

if TYPE_CHECKING:
    from muster.ue.reference.system import SystemSession

LIFETIME = 3600


class AliasClient:
    """The functional aliases that the user has active in one MC system."""

    def __init__(self, system: "SystemSession") -> None:
        self.system = system
        self.active: tuple[str, ...] = ()
        self._entity_tag: str | None = None

    def wanted(self, profile: UserProfile) -> tuple[str, ...]:
        """Aliases that the user may activate and that wait for no place."""
        return tuple(alias.uri for alias in profile.aliases if not alias.waits_for_place)

    async def reconcile(self, profile: UserProfile) -> None:
        """Activate the aliases of the profile, and give the others up."""
        wanted = self.wanted(profile)
        if wanted == self.active:
            return
        published = await self.system.signalling.publish_state(
            "presence", [self.state(wanted)], LIFETIME, self._entity_tag
        )
        self._entity_tag = published.entity_tag or self._entity_tag
        self.active = wanted

    def state(self, aliases: tuple[str, ...]) -> Part:
        """Write the presence document that names the active aliases."""
        root = etree.Element(f"{{{names.PIDF}}}presence", entity=self.system.mc_service_id)
        holder = etree.SubElement(root, f"{{{names.PIDF}}}tuple", id="ue")
        status = etree.SubElement(holder, f"{{{names.PIDF}}}status")
        for alias in aliases:
            known = etree.SubElement(status, f"{{{names.ALIAS_PRESENCE}}}functionalAlias")
            known.set("functionalAliasID", alias)
        body = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
        return Part(names.PIDF_TYPE, body)

    async def end(self) -> None:
        """Give all aliases up."""
        if not self.active:
            return
        self.active = ()
        entity_tag, self._entity_tag = self._entity_tag, None
        await self.system.signalling.publish_state("presence", [], 0, entity_tag)
