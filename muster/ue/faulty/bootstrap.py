"""Faults of the bootstrap: which document the UE takes, and what of it."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import aiohttp
from lxml import etree

from muster.ue.faulty.seeded import FaultyUe, made_of
from muster.ue.faulty.web import CERTIFICATES, NO_FURTHER, PLACES, REFUSED
from muster.ue.reference import names
from muster.ue.reference.configuration import ConfigurationClient
from muster.ue.reference.documents import (
    AccessInformation,
    XcapDiff,
    read_initial_configuration,
)
from muster.ue.reference.identity import IdentityClient
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.ue import ReferenceUe
from muster.ue.reference.web import Web, WebAnswer

# Which document --------------------------------------------------------------------------------


class OldConfigurationWhereNoneCame(ReferenceUe):
    """What it was told once survives a reset."""

    remembered: ClassVar[dict[str, AccessInformation]] = {}

    async def obtain_access(self) -> AccessInformation:
        place = self.provisioning.bootstrap_uri
        try:
            self.remembered[place] = await super().obtain_access()
        except Refusal:
            if place not in self.remembered:
                raise
        return self.remembered[place]


class FirstConfigurationForEver(ReferenceUe):
    remembered: ClassVar[dict[str, AccessInformation]] = {}

    async def obtain_access(self) -> AccessInformation:
        access = await super().obtain_access()
        return self.remembered.setdefault(self.provisioning.bootstrap_uri, access)


class OwnRoot(ConfigurationClient):
    """Looks for documents where its configuration says, not where the notification does."""

    async def apply(self, diff: XcapDiff) -> None:
        await super().apply(replace(diff, xcap_root=self.system.access.cms_xcap_root))


class AnyStatus(ReferenceUe):
    def read_access(self, answer: WebAnswer) -> AccessInformation:
        return read_initial_configuration(answer.body, self.provisioning.instance_id)


class DocumentsOfOthers(ReferenceUe):
    def read_access(self, answer: WebAnswer) -> AccessInformation:
        super().read_access(replace(answer, body=_without_identity(answer.body)))
        return read_initial_configuration(answer.body)


class NoDocumentWithIdentity(ReferenceUe):
    def read_access(self, answer: WebAnswer) -> AccessInformation:
        if b"<mcptt-UE-id" in answer.body:
            raise Refusal("a document for some terminals and not for all")
        return super().read_access(answer)


def _without_identity(document: bytes) -> bytes:
    root = etree.fromstring(document)
    for identity in root.findall(f"{{{names.INIT_CONFIG}}}mcptt-UE-id"):
        root.remove(identity)
    return etree.tostring(root)


# What is taken of it ---------------------------------------------------------------------------


class OneConnection(ReferenceUe):
    def address_on(self, pdn: str) -> str:
        return ""


class RefusesDefaultProfiles(ReferenceUe):
    def read_access(self, answer: WebAnswer) -> AccessInformation:
        if b"<Default-user-profile" in answer.body:
            raise Refusal("a document with a default user profile")
        return super().read_access(answer)


class ReadsWhatItCan(ReferenceUe):
    """Mends what is not well-formed, and looks at local names only."""

    def read_access(self, answer: WebAnswer) -> AccessInformation:
        if answer.status != 200 or not answer.body:
            return super().read_access(answer)
        mended = etree.fromstring(answer.body, etree.XMLParser(recover=True))
        for element in mended.iter("{*}*"):
            element.tag = f"{{{names.INIT_CONFIG}}}{etree.QName(element).localname}"
        return super().read_access(replace(answer, body=etree.tostring(mended)))


class HalfAnAnswer(Web):
    """Takes the octets that came before a connection broke for the whole answer."""

    async def read(self, response: aiohttp.ClientResponse) -> bytes:
        content = bytearray()
        try:
            async for chunk in response.content.iter_any():
                content += chunk
        except aiohttp.ClientPayloadError:
            return bytes(content)
        return bytes(content)


class KnowsEveryName(ReferenceUe):
    """Takes a document only where it knows each element and each attribute of it."""

    later = frozenset({"LaterServer", "Later-Service-Details"})
    known = frozenset({"domain", "XUI-URI", "Instance-ID-URN"})

    def read_access(self, answer: WebAnswer) -> AccessInformation:
        access = super().read_access(answer)
        root = etree.fromstring(answer.body)
        for element in root.iter("*"):
            name = etree.QName(element)
            if name.namespace != names.INIT_CONFIG or name.localname in self.later:
                raise Refusal(f"an unknown element: {name.localname}")
        if not set(map(str, root.attrib)) <= self.known:
            raise Refusal("an unknown attribute")
        return access


class NameComesFirst(ReferenceUe):
    def read_access(self, answer: WebAnswer) -> AccessInformation:
        access = super().read_access(answer)
        parts = [etree.QName(part).localname for part in etree.fromstring(answer.body).iter("*")]
        if parts.index("name") > parts.index("on-network"):
            raise Refusal("the name is not where it has always been")
        return access


class NeedsServiceDetails(ReferenceUe):
    def read_access(self, answer: WebAnswer) -> AccessInformation:
        access = super().read_access(answer)
        if not access.servers:
            raise Refusal("no service details")
        return access


class OnlyPlainSuccess(Web):
    def understood(self, status: int) -> int:
        return status


class GuessesTheTokenEndpoint(ReferenceUe):
    def read_access(self, answer: WebAnswer) -> AccessInformation:
        access = super().read_access(answer)
        beside = access.idms_auth_endpoint.partition("?")[0].rpartition("/")[0]
        return replace(access, idms_token_endpoint=f"{beside}/token")


class DropsTheQueryOfTheEndpoint(IdentityClient):
    async def show_form(self, state: str, verifier: str) -> WebAnswer:
        access = self.system.access
        bare = access.idms_auth_endpoint.partition("?")[0]
        self.system.access = replace(access, idms_auth_endpoint=bare)
        return await super().show_form(state, verifier)


UNFIT = "bootstrap/unfit_document.feature"
UNUSUAL = "bootstrap/unusual_document.feature"
ADDRESSES = "bootstrap/addresses.feature"
WHOSE = "bootstrap/whose_document.feature"

FAULTS = (
    FaultyUe(
        "knows_one_connection",
        "Sends all over one PDN connection, whichever its configuration names.",
        OneConnection,
        "TS23280-10.1.1.1-10",
        ("bootstrap/pdn_connection.feature",),
        ("TS23280-10.1.1.2-06",),
    ),
    FaultyUe(
        "refuses_default_profiles",
        "Takes no initial configuration that names a default user profile.",
        RefusesDefaultProfiles,
        "TS24484-7.2.2.3-54",
        (UNUSUAL,),
    ),
    FaultyUe(
        "falls_back_to_old_configuration",
        "Keeps its configuration over a reset, for the day when none is to be had.",
        OldConfigurationWhereNoneCame,
        NO_FURTHER,
        (UNFIT, REFUSED, CERTIFICATES),
        ("RFC9110-15.5-01", "RFC9110-15-01", "RFC9112-6.3-01"),
    ),
    FaultyUe(
        "believes_its_first_configuration",
        "Fetches its configuration and uses the one that it was given first.",
        type(
            "ReferenceUe",
            (FirstConfigurationForEver,),
            {"clients": made_of(configuration=OwnRoot).clients},
        ),
        "TS23280-10.1.1.1-05",
        (ADDRESSES, PLACES, "bootstrap/changed_configuration.feature"),
        (
            "TS23280-10.1.1.1-03",
            "TS23280-10.1.1.1-04",
            "TS23280-10.1.1.1-06",
            "TS24482-6.2.1-07",
            "RFC6749-3.1-02",
            "RFC5875-4.8-01",
        ),
    ),
    FaultyUe(
        "takes_any_status",
        "Reads a configuration out of any answer.",
        AnyStatus,
        "RFC9110-15.5-01",
        (REFUSED,),
        ("RFC9110-15-01", NO_FURTHER),
    ),
    FaultyUe(
        "reads_what_it_can",
        "Mends a document that is not well-formed, and takes any namespace.",
        ReadsWhatItCan,
        NO_FURTHER,
        (UNFIT,),
    ),
    FaultyUe(
        "takes_half_an_answer",
        "Takes an answer that broke off for the whole, and mends it.",
        type("ReferenceUe", (ReadsWhatItCan,), {"clients": made_of(web=HalfAnAnswer).clients}),
        "RFC9112-6.3-01",
        (REFUSED,),
        (NO_FURTHER,),
    ),
    FaultyUe(
        "gives_up_at_unknown_extension",
        "Refuses a configuration with a name that it does not know.",
        KnowsEveryName,
        "TS24484-7.2.2.3-51",
        (UNUSUAL,),
    ),
    FaultyUe(
        "expects_the_name_first",
        "Refuses a configuration whose parts stand in another order.",
        NameComesFirst,
        "TS24484-7.2.2.3-53",
        (UNUSUAL,),
    ),
    FaultyUe(
        "needs_service_details",
        "Refuses a configuration of the first releases.",
        NeedsServiceDetails,
        "TS24484-7.2.2.3-52",
        (UNUSUAL,),
    ),
    FaultyUe(
        "knows_listed_status_codes_only",
        "Takes a status that it does not know for no success, whatever its class.",
        made_of(web=OnlyPlainSuccess),
        "RFC9110-15-01",
        (UNUSUAL,),
    ),
    FaultyUe(
        "uses_documents_of_others",
        "Does not look whom a configuration is for.",
        DocumentsOfOthers,
        "TS24484-7.2.1-55",
        (WHOSE,),
    ),
    FaultyUe(
        "takes_documents_for_all_only",
        "Refuses a configuration that names terminals.",
        NoDocumentWithIdentity,
        "TS24484-7.2.1-54",
        (WHOSE,),
    ),
    FaultyUe(
        "guesses_the_token_endpoint",
        "Looks for the token endpoint beside the authorisation endpoint.",
        GuessesTheTokenEndpoint,
        "TS24482-6.2.1-07",
        (ADDRESSES,),
    ),
    FaultyUe(
        "drops_the_query_of_the_endpoint",
        "Puts its parameters in place of those that the endpoint has.",
        made_of(identity=DropsTheQueryOfTheEndpoint),
        "RFC6749-3.1-02",
        (ADDRESSES,),
    ),
)
