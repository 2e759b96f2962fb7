"""Faults of single SIP requests: their form, their transport, and answers to challenges."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import replace

from lxml import etree

from muster.protocol.sip import digest
from muster.protocol.sip.endpoint import Flow, SipEndpoint
from muster.protocol.sip.message import SipRequest, SipResponse
from muster.protocol.sip.multipart import Part
from muster.ue.faulty.seeded import FaultyUe, made_of
from muster.ue.reference.service import ServiceClient
from muster.ue.reference.signalling import SignallingClient

OTHER_INSTANCE = "urn:uuid:00000000-0000-4000-8000-000000000000"

# Challenges --------------------------------------------------------------------------------------


class IgnoresChallenges(SignallingClient):
    async def _authenticated(self, request: SipRequest) -> SipResponse:
        return await self._succeed(request)


class AnswersForAnotherRealm(SignallingClient):
    def credentials(self, challenge: str, uri: str) -> str:
        realm = digest.challenge_of(challenge)["realm"]
        return super().credentials(challenge.replace(realm, f"other.{realm}"), uri)


class AnswersWithAnotherPassword(SignallingClient):
    def credentials(self, challenge: str, uri: str) -> str:
        username = self.provisioning.options["sip_username"]
        return digest.answer(challenge, "REGISTER", uri, username, "another")


# Form of requests --------------------------------------------------------------------------------


class SendsWithoutMaxForwards(SipEndpoint):
    def send(self, flow: Flow, data: bytes) -> None:
        super().send(flow, data.replace(b"Max-Forwards: 70\r\n", b"", 1))


class NoMaxForwards(SignallingClient):
    def endpoint(self) -> SipEndpoint:
        return SendsWithoutMaxForwards(self.answer)


class BranchWithoutCookie(SignallingClient):
    def headers(self, method: str, to: str) -> Iterable[tuple[str, str]]:
        flow = self.line.flow
        host, port = flow.local if flow is not None else ("127.0.0.1", 5060)
        kind = flow.transport.upper() if flow is not None else "UDP"
        yield "Via", f"SIP/2.0/{kind} {host}:{port};branch={uuid.uuid4().hex};rport"
        yield from super().headers(method, to)


class EndsBodiesTooSoon(SipEndpoint):
    def send(self, flow: Flow, data: bytes) -> None:
        head, blank, body = data.partition(b"\r\n\r\n")
        found = re.search(rb"boundary=(\S+)", head)
        if found and body:
            body = body.removesuffix(b"--" + found[1] + b"--\r\n")
            head = re.sub(rb"Content-Length: \d+", b"Content-Length: %d" % len(body), head)
        super().send(flow, head + blank + body)


class NoLastBoundary(SignallingClient):
    def endpoint(self) -> SipEndpoint:
        return EndsBodiesTooSoon(self.answer)


class NoAcceptContact(SignallingClient):
    def headers(self, method: str, to: str) -> Iterable[tuple[str, str]]:
        return [pair for pair in super().headers(method, to) if pair[0] != "Accept-Contact"]


class SettingsOfAnotherTerminal(ServiceClient):
    def settings(self, index: int) -> Part:
        part = super().settings(index)
        own = self.system.provisioning.instance_id.encode()
        return replace(part, body=part.body.replace(own, OTHER_INSTANCE.encode()))


class ClientIdAsUri(ServiceClient):
    async def authorisation_info(self) -> Part:
        part = await super().authorisation_info()
        root = etree.fromstring(part.body)
        for element in root.iter("{*}mcptt-client-id"):
            element[0].tag = element[0].tag.replace("mcpttString", "mcpttURI")
        return replace(part, body=etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


class PlainMediaTypes(ServiceClient):
    def settings(self, index: int) -> Part:
        return replace(super().settings(index), content_type="application/xml")


class AuthorisesWithIdToken(ServiceClient):
    async def authorisation_info(self) -> Part:
        part = await super().authorisation_info()
        right = (await self.system.identity.access_token()).encode()
        tokens = self.system.identity.tokens
        wrong = (tokens.id_token if tokens else None) or "none"
        return replace(part, body=part.body.replace(right, wrong.encode()))


class RegistersWithoutClientId(ServiceClient):
    async def authorisation_info(self) -> Part:
        part = await super().authorisation_info()
        root = etree.fromstring(part.body)
        for element in list(root.iter("{*}mcptt-client-id")):
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
        return replace(part, body=etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


# Transport ---------------------------------------------------------------------------------------


class AlwaysUdp(SignallingClient):
    def transport(self) -> str:
        return "udp"


REQUEST = ("service_authorisation/request.feature",)
CHALLENGE = ("service_authorisation/challenge.feature",)

FAULTS = (
    FaultyUe(
        "ignores_named_transport",
        "Uses UDP, whatever transport the URI of the server names.",
        made_of(signalling=AlwaysUdp),
        "RFC3263-4.1-01",
        ("robustness/transports.feature",),
    ),
    FaultyUe(
        "sends_no_max_forwards",
        "Leaves Max-Forwards out of its SIP requests.",
        made_of(signalling=NoMaxForwards),
        "RFC3261-8.1.1-01",
        REQUEST,
    ),
    FaultyUe(
        "branch_without_cookie",
        "Makes branches as RFC 2543 had them.",
        made_of(signalling=BranchWithoutCookie),
        "RFC3261-8.1.1.7-01",
        REQUEST,
    ),
    FaultyUe(
        "forgets_last_boundary",
        "Does not end its multipart bodies.",
        made_of(signalling=NoLastBoundary),
        "RFC2046-5.1.1-01",
        REQUEST,
    ),
    FaultyUe(
        "sends_no_accept_contact",
        "Does not say which feature tag its requests are for.",
        made_of(signalling=NoAcceptContact),
        "TS24379-7.2.1A-05",
        REQUEST,
    ),
    FaultyUe(
        "settings_of_another_terminal",
        "Publishes settings under an instance ID that is not its own.",
        made_of(service=SettingsOfAnotherTerminal),
        "TS24379-7.2.1A-06",
        REQUEST,
    ),
    FaultyUe(
        "client_id_as_uri",
        "Writes its client ID as a URI in the information body.",
        made_of(service=ClientIdAsUri),
        "TS24379-F.1-52",
        REQUEST,
    ),
    FaultyUe(
        "settings_as_plain_xml",
        "Sends its settings as application/xml.",
        made_of(service=PlainMediaTypes),
        "TS24379-7.4.1.2.2-53",
        REQUEST,
    ),
    FaultyUe(
        "authorises_with_id_token",
        "Presents its ID token where the access token belongs.",
        made_of(service=AuthorisesWithIdToken),
        "TS23280-10.6.1-02",
        REQUEST,
        ("TS33180-5.1.3.1-02", "TS33180-B.9-04"),
    ),
    FaultyUe(
        "registers_without_client_id",
        "Leaves its client ID out of the request for service authorisation.",
        made_of(service=RegistersWithoutClientId),
        "TS24379-7.2.1-04",
        (
            "service_authorisation/registration.feature",
            "service_authorisation/authorisation.feature",
            "profile_selection/active_profile.feature",
        ),
        ("TS24379-7.2.2-02", "TS24379-7.2.3-02"),
    ),
    FaultyUe(
        "ignores_challenges",
        "Leaves it at a registration that was challenged.",
        made_of(signalling=IgnoresChallenges),
        "RFC3261-22.2-01",
        CHALLENGE,
    ),
    FaultyUe(
        "answers_for_another_realm",
        "Answers the challenge of a SIP core for another realm.",
        made_of(signalling=AnswersForAnotherRealm),
        "RFC2617-3.2.2-01",
        CHALLENGE,
    ),
    FaultyUe(
        "answers_with_another_password",
        "Answers the challenge of a SIP core with another password.",
        made_of(signalling=AnswersWithAnotherPassword),
        "RFC2617-3.2.2-01",
        CHALLENGE,
    ),
)
