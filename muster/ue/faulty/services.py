"""Faults of clients for MCVideo and MCData, and of several services on one UE."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote

from lxml import etree

from muster.protocol.sip.multipart import Part
from muster.ue.faulty.seeded import FaultyUe, made_of
from muster.ue.reference.bodies import service_info
from muster.ue.reference.configuration import ConfigurationClient
from muster.ue.reference.identity import IdentityClient
from muster.ue.reference.line import Line
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.service import ServiceClient
from muster.ue.reference.services import MCPTT
from muster.ue.reference.signalling import SignallingClient


class McpttUsageForMcvideo(ConfigurationClient):
    async def fetch(self, url: str, selector: str) -> None:
        usage = self.system.names.user_profile.auid
        if self.system.names.service == "mcvideo" and usage in selector:
            try:
                await super().fetch(url.replace(usage, MCPTT.user_profile.auid), selector)
            except Refusal as error:
                self.system.activity.problems.append(str(error))
        else:
            await super().fetch(url, selector)


class McpttNameOfServiceConfiguration(ConfigurationClient):
    async def fetch(self, url: str, selector: str) -> None:
        own = self.system.names.service_configuration_name
        try:
            await super().fetch(url.replace(own, MCPTT.service_configuration_name), selector)
        except Refusal:
            if not unquote(selector).endswith(own):
                raise
            # What it wants is not there; that does not keep it from the right one.
            await super().fetch(url, selector)


class McpttIdForMcdata(ConfigurationClient):
    async def fetch(self, url: str, selector: str) -> None:
        own = self.system.mc_service_id
        mcptt_id = self.system.identity.mc_service_id("mcptt")
        if self.system.names.service == "mcdata" and own in unquote(url):
            try:
                await super().fetch(unquote(url).replace(own, mcptt_id), selector)
            except Refusal as error:
                self.system.activity.problems.append(str(error))
        await super().fetch(url, selector)


class McpttInfoForMcdata(ServiceClient):
    async def authorisation_info(self) -> Part:
        if self.system.names.service != "mcdata":
            return await super().authorisation_info()
        return service_info(
            MCPTT,
            access_token=await self.system.identity.access_token(),
            client_id=self.system.provisioning.instance_id,
        )


class MalformedMcvideoInfo(ServiceClient):
    async def authorisation_info(self) -> Part:
        part = await super().authorisation_info()
        if self.system.names.service != "mcvideo":
            return part
        root = etree.fromstring(part.body)
        # The token is the first element of the schema's sequence, not the last.
        root[0].append(root[0][0])
        return replace(part, body=etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


class NoIdentitiesAtPartner(ServiceClient):
    async def authorisation_info(self) -> Part:
        return service_info(
            self.system.names,
            access_token=await self.system.identity.access_token(),
            client_id=self.system.provisioning.instance_id,
        )


class OwnLine(SignallingClient):
    def share(self, line: Line) -> Line:
        return Line()


class StaysRegistered(SignallingClient):
    async def deregister(self) -> None:
        if len(self.line.clients) < 2:
            await super().deregister()


class ScopesOfMcpttAlone(IdentityClient):
    def scope(self) -> str:
        own = ("openid", "3gpp:mc:ptt_")
        return " ".join(scope for scope in super().scope().split() if scope.startswith(own))


SEVERAL = "service_authorisation/several_services.feature"

FAULTS = (
    FaultyUe(
        "mcvideo_asks_mcptt_usage",
        "Asks for MCVideo user profiles under the application usage of MCPTT.",
        made_of(configuration=McpttUsageForMcvideo),
        "TS24484-9.3.2.2-51",
        ("user_profile/retrieval.feature",),
        ("TS23280-10.1.1.1-12", "RFC5875-4.8-01"),
    ),
    FaultyUe(
        "asks_mcptt_name_of_service_configuration",
        "Asks for the service configuration of each service under the name that MCPTT has for it.",
        made_of(configuration=McpttNameOfServiceConfiguration),
        "TS24484-9.4.2.9-51",
        ("service_configuration/retrieval.feature",),
        ("TS24484-10.4.2.9-51",),
    ),
    FaultyUe(
        "asks_mcdata_by_mcptt_id",
        "Asks for MCData documents in the directory of the user's MCPTT ID.",
        made_of(configuration=McpttIdForMcdata),
        "TS24484-10.3.1A-51",
        ("user_profile/retrieval.feature", "ue_configuration/retrieval.feature"),
        ("TS24484-10.2.1-51",),
    ),
    FaultyUe(
        "mcptt_info_for_mcdata",
        "Asks for MCData service authorisation with an information body of MCPTT.",
        made_of(service=McpttInfoForMcdata),
        "TS24282-D.1-51",
        (SEVERAL,),
    ),
    FaultyUe(
        "malformed_mcvideo_info",
        "Puts the elements of mcvideo-info in an order that its schema does not allow.",
        made_of(service=MalformedMcvideoInfo),
        "TS24281-F.1-51",
        (SEVERAL,),
    ),
    FaultyUe(
        "no_mcvideo_identities_at_partner",
        "Asks the partner for service authorisation without its user's identities.",
        made_of(service=NoIdentitiesAtPartner),
        "TS24281-F.1.3-51",
        ("migration/partner_authorisation.feature",),
        (
            "TS24379-F.1.3-51",
            "TS24379-F.1.3-52",
            "TS24379-F.1.3-53",
            "TS23280-10.6.3.2.1-02",
            "TS23280-10.6.3.2.1-03",
            "TS23280-10.6.3.2.1-04",
        ),
    ),
    FaultyUe(
        "second_service_registers_again",
        "Makes a registration of its own for each service.",
        made_of(signalling=OwnLine),
        "TS24379-7.1-02",
        (SEVERAL,),
        ("TS24379-7.1-04",),
    ),
    FaultyUe(
        "keeps_stopped_service_registered",
        "Leaves the registration as it is when one of several services is stopped.",
        made_of(signalling=StaysRegistered),
        "TS24379-7.1-04",
        (SEVERAL,),
    ),
    FaultyUe(
        "scopes_of_mcptt_alone",
        "Signs in for all services with the scopes of MCPTT.",
        made_of(identity=ScopesOfMcpttAlone),
        "TS33180-B.4.2.2-11",
        ("identity/sign_in.feature",),
        ("TS33180-B.4.2.2-12", "TS33180-B.4.2.2-13", "TS33180-B.4.2.2-14"),
    ),
)
