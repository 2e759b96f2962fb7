"""Faults of reading: documents that are refused though they are right, or used though not."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import unquote

from lxml import etree
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from muster.protocol.sip.multipart import Part
from muster.ue.faulty.seeded import FaultyUe, made_of
from muster.ue.reference.configuration import ConfigurationClient
from muster.ue.reference.documents import ServiceConfiguration
from muster.ue.reference.groups import GroupClient
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.service import ServiceClient
from muster.ue.reference.services import names_of
from muster.ue.reference.web import WebAnswer, address_of, client_tls
from muster.ue.reference.xcap import XcapClient

KNOWN = ("urn:3gpp:", "urn:oma:", "urn:ietf:")
ENCRYPTED = "http://www.w3.org/2001/04/xmlenc#"


class ReadsDocuments(XcapClient):
    """Looks at every document before anything else does."""

    async def get_once(self, url: str, token: str, condition: object) -> WebAnswer:
        answer = await super().get_once(url, token, condition)  # type: ignore[arg-type]
        if answer.status == 200:
            return replace(answer, body=self.seen(answer.body))
        return answer

    def seen(self, body: bytes) -> bytes:
        return body


class StopsAtExtensions(ReadsDocuments):
    def seen(self, body: bytes) -> bytes:
        for element in etree.fromstring(body).iter("*"):
            if not str(etree.QName(element).namespace).startswith(KNOWN):
                raise Refusal(f"unknown element {element.tag}")
        return body


class SubscribesToWhatItCouldRead(GroupClient):
    async def _resubscribe(self, group_ids: tuple[str, ...]) -> None:
        stored = self.system.xcap.stored
        await super()._resubscribe(tuple(one for one in group_ids if self.url(one) in stored))


class TakesTheFirstLength(XcapClient):
    """Reads an answer that the HTTP stack refuses on its own, up to the first length in it."""

    async def get_once(self, url: str, token: str, condition: Mapping[str, str]) -> WebAnswer:
        try:
            return await super().get_once(url, token, condition)
        except Refusal:
            return await self._read_anyhow(url, token)

    async def _read_anyhow(self, url: str, token: str) -> WebAnswer:
        place = URL(url, encoded=True)
        reader, writer = await asyncio.open_connection(
            address_of(place.host or "", self.system.provisioning.hosts),
            place.port,
            ssl=client_tls(self.system.provisioning),
            server_hostname=place.host,
        )
        lines = (
            f"GET {place.raw_path} HTTP/1.1",
            f"Host: {place.host}:{place.port}",
            f"Authorization: Bearer {token}",
            "Connection: close",
        )
        writer.write("\r\n".join([*lines, "", ""]).encode())
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        writer.close()
        fields = (line.partition(": ")[::2] for line in head.decode("latin-1").split("\r\n")[1:])
        headers = CIMultiDictProxy(CIMultiDict(fields))
        length = int(headers.get("Content-Length", str(len(body))))
        return WebAnswer(url, int(head.split(b" ", 2)[1]), headers, body[:length])


class StopsAtDisabledGroups(GroupClient):
    async def obtain(self, group_id: str) -> None:
        await super().obtain(group_id)
        held = self.system.xcap.stored.get(unquote(self.url(group_id)))
        if held is not None and b"on-network-disabled" in held.body:
            raise Refusal("a group that is disabled")


class ReadsByPosition(ReadsDocuments):
    def seen(self, body: bytes) -> bytes:
        root = etree.fromstring(body)
        if root.tag.endswith("}mcptt-user-profile") and not root[0].tag.endswith("}Name"):
            raise Refusal("the first child of the profile is not its name")
        return body


class NeedsPartners(ReadsDocuments):
    def seen(self, body: bytes) -> bytes:
        if b"<mcptt-user-profile" in body and b"Migratable" not in body:
            raise Refusal("the profile lists no partner system")
        return body


class RepairsDocuments(ReadsDocuments):
    def seen(self, body: bytes) -> bytes:
        root = etree.fromstring(body, etree.XMLParser(recover=True))
        return etree.tostring(root)


class IgnoresNamespaces(ReadsDocuments):
    def seen(self, body: bytes) -> bytes:
        root = etree.fromstring(body)
        if not root.tag.endswith("-user-profile"):
            return body
        service = etree.QName(root).localname.partition("-")[0]
        own = names_of(service).user_profile.namespace
        for element in root.iter("*"):
            name = etree.QName(element)
            if not str(name.namespace).startswith(KNOWN):
                element.tag = f"{{{own}}}{name.localname}"
        return etree.tostring(root)


class Encrypts(ServiceClient):
    """Sends the token encrypted, as it may where protection is on; the key does not matter here."""

    def told_to(self) -> bool:
        return True

    def _refuse_protection(self) -> None:
        return None

    async def authorisation_info(self) -> Part:
        part = await super().authorisation_info()
        if not self.told_to():
            return part
        root = etree.fromstring(part.body)
        token = root[0][0]
        token[:] = [etree.Element(f"{{{ENCRYPTED}}}EncryptedData")]
        token.set("type", "Encrypted")
        return replace(part, body=etree.tostring(root))


class EncryptsAsItReads(Encrypts):
    def told_to(self) -> bool:
        configuration = self.system.configuration.service_configuration
        return configuration is not None and configuration.confidentiality_protection


class KnowsNoDigits(ConfigurationClient):
    async def fetch(self, url: str, selector: str) -> None:
        await super().fetch(url, selector)
        held = self.system.xcap.stored.get(url)
        if held is not None and b"<confidentiality-protection>0<" in held.body:
            self.service_configuration = ServiceConfiguration(True, True)


CONTENTS = "user_profile/contents.feature"
GROUPS = "group_configuration/documents.feature"
UE_CONFIGURATION = "ue_configuration/use.feature"
SERVICE = "service_configuration/use.feature"

FAULTS = (
    FaultyUe(
        "stops_at_extensions",
        "Refuses documents with elements that it does not know.",
        made_of(xcap=StopsAtExtensions, groups=SubscribesToWhatItCouldRead),
        "TS24484-8.3.2.3-51",
        (CONTENTS, UE_CONFIGURATION, SERVICE, GROUPS),
        ("TS24484-8.2.2.3-51", "TS24484-8.4.2.3-51", "TS24481-7.2.2-51"),
    ),
    FaultyUe(
        "reads_by_position",
        "Takes a profile only when its name comes first.",
        made_of(xcap=ReadsByPosition),
        "TS24484-8.3.2.3-52",
        (CONTENTS,),
        ("TS24484-8.3.2.3-51",),
    ),
    FaultyUe(
        "needs_partners",
        "Takes a profile only when it lists a partner system.",
        made_of(xcap=NeedsPartners),
        "TS24484-8.3.2.3-53",
        (CONTENTS,),
    ),
    FaultyUe(
        "takes_first_length",
        "Uses an answer that states two lengths, up to the first of them.",
        made_of(xcap=TakesTheFirstLength),
        "RFC9112-6.3-02",
        ("user_profile/refusals.feature",),
    ),
    FaultyUe(
        "stops_at_disabled_groups",
        "Asks for no more groups once one is disabled.",
        made_of(groups=StopsAtDisabledGroups),
        "TS24481-6.3.3.2-03",
        ("group_configuration/refusals.feature",),
    ),
    FaultyUe(
        "repairs_documents",
        "Repairs documents that are not well-formed, and uses them.",
        made_of(xcap=RepairsDocuments),
        "XML1.0-1.2-01",
        (CONTENTS,),
    ),
    FaultyUe(
        "ignores_namespaces",
        "Goes by local names alone, whatever namespace they are of.",
        made_of(xcap=IgnoresNamespaces),
        "TS24484-8.3.2.4-51",
        (CONTENTS, "group_configuration/lists.feature"),
        ("TS24481-6.3.3.2-05",),
    ),
    FaultyUe(
        "encrypts_though_told_not_to",
        "Encrypts its token although the service configuration turns protection off.",
        made_of(service=Encrypts),
        "TS24484-8.4.2.6-51",
        (SERVICE,),
    ),
    FaultyUe(
        "knows_no_digits",
        "Does not know that 0 is false, and encrypts its token.",
        made_of(service=EncryptsAsItReads, configuration=KnowsNoDigits),
        "TS24484-8.4.2.6-51",
        (SERVICE,),
    ),
)
