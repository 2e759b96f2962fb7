"""Faults of service authorisation and of the active profile."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from muster.protocol.sip.multipart import Part
from muster.ue.faulty.seeded import FaultyUe, made_of
from muster.ue.reference.configuration import ConfigurationClient
from muster.ue.reference.documents import UserProfile
from muster.ue.reference.service import ServiceClient


class IgnoresPreselectedMark(ConfigurationClient):
    def preselected(self) -> UserProfile:
        usable = [profile for profile in self.profiles.values() if profile.is_enabled]
        unmarked = [profile for profile in usable if not profile.is_preselected]
        return min(unmarked or usable, key=lambda profile: profile.index)


class MalformedMcpttInfo(ServiceClient):
    async def authorisation_info(self) -> Part:
        part = await super().authorisation_info()
        root = etree.fromstring(part.body)
        parameters = root[0]
        # The token is the first element of the schema's sequence, not the last.
        parameters.append(parameters[0])
        return replace(part, body=etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


FAULTS = (
    FaultyUe(
        "ignores_preselected_mark",
        "Makes a profile without the pre-selected mark active at service authorisation.",
        made_of(configuration=IgnoresPreselectedMark),
        "TS23280-10.1.1.1-17",
        ("service_authorisation/authorisation.feature",),
        (
            "TS24379-7.2.2-05",
            "TS23280-10.1.1.1-13",
            "TS24481-6.3.3.2-03",
            "TS24481-6.3.3.2-05",
            "TS24481-6.3.13.2.1-08",
            "TS23280-10.1.1.2-10",
            "TS23280-10.1.1.2-26",
            "TS23280-10.1.1.2-36",
        ),
    ),
    FaultyUe(
        "malformed_mcptt_info",
        "Puts the elements of mcptt-info in an order that its schema does not allow.",
        made_of(service=MalformedMcpttInfo),
        "TS24379-F.1-51",
        ("service_authorisation/authorisation.feature",),
    ),
)
