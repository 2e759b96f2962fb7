"""Faults of signalling: the form of requests, service authorisation, lifetimes, and its end."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace

from lxml import etree

from muster.protocol.sip import digest
from muster.protocol.sip.endpoint import Flow, SipEndpoint
from muster.protocol.sip.message import SipRequest, SipResponse
from muster.protocol.sip.multipart import Part
from muster.ue.faulty.seeded import FaultyUe, made_of
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.service import UNLIMITED, ServiceClient
from muster.ue.reference.signalling import (
    REGISTRATION_SECONDS,
    Published,
    SignallingClient,
    SipRefusal,
)

REPETITIONS = 8
"""How often a UE asks again that never stops asking."""
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


# Lifetimes ---------------------------------------------------------------------------------------


class NeverRefreshesPublication(ServiceClient):
    async def refresh(self) -> None:
        return None


class RefreshesWithoutEntityTag(ServiceClient):
    async def refresh(self) -> None:
        await self.system.signalling.publish([], UNLIMITED)


class NamesLostPublicationAgain(ServiceClient):
    async def lost(self, index: int) -> None:
        await self._publish([self.settings_info(), self.settings(index)])


class GivesUpLostPublication(ServiceClient):
    async def lost(self, index: int) -> None:
        self.active_index = None
        raise Refusal("the server lost the publication")


class KeepsFirstEntityTag(ServiceClient):
    first: str | None = None

    async def _publish(self, parts: list[Part]) -> None:
        await super()._publish(parts)
        self.first = self.first or self._entity_tag
        self._entity_tag = self.first


class KeepsEntityTagForever(SignallingClient):
    """Remembers the entity tag where no new service authorisation can make it forgotten."""

    async def publish(
        self, parts: Sequence[Part], expires: int, entity_tag: str | None = None
    ) -> Published:
        kept: str | None = getattr(self.line, "kept_entity_tag", None)
        published = await super().publish(parts, expires, entity_tag or kept)
        self.line.kept_entity_tag = published.entity_tag or entity_tag  # type: ignore[attr-defined]
        return published


class NeverRefreshesRegistration(SignallingClient):
    async def register(
        self, parts: Sequence[Part] = (), expires: int = REGISTRATION_SECONDS
    ) -> None:
        await super().register(parts, expires)
        if self._registration.refresh is not None:
            self._registration.refresh.cancel()


class RegistersUnderOneNumber(SignallingClient):
    async def register(
        self, parts: Sequence[Part] = (), expires: int = REGISTRATION_SECONDS
    ) -> None:
        self._registration.sequence = 0
        await super().register(parts, expires)


# Refusal and end ---------------------------------------------------------------------------------


class IgnoresRefusal(ServiceClient):
    async def authorise_with(self, index: int) -> None:
        try:
            await super().authorise_with(index)
        except SipRefusal as error:
            self.system.activity.problems.append(str(error))
            self.active_index = index


class AsksWithoutEnd(ServiceClient):
    async def authorise_with(self, index: int) -> None:
        for _ in range(REPETITIONS):
            try:
                await super().authorise_with(index)
            except SipRefusal as error:
                self.system.activity.problems.append(str(error))
                await asyncio.sleep(0)
            else:
                return
        raise Refusal("service authorisation was refused over and over again")


class GoesOnUnknown(ServiceClient):
    async def lost(self, index: int) -> None:
        self.system.activity.problems.append("the server does not know the user")


class NewClientIdEachTime(ServiceClient):
    def settings_info(self) -> Part:
        part = super().settings_info()
        own = self.system.provisioning.instance_id.encode()
        return replace(part, body=part.body.replace(own, f"urn:uuid:{uuid.uuid4()}".encode()))


class EndsWithoutExpiry(SignallingClient):
    async def publish(
        self, parts: Sequence[Part], expires: int, entity_tag: str | None = None
    ) -> Published:
        return await super().publish(parts, expires or UNLIMITED, entity_tag)


class EndsWithoutEntityTag(SignallingClient):
    async def publish(
        self, parts: Sequence[Part], expires: int, entity_tag: str | None = None
    ) -> Published:
        return await super().publish(parts, expires, entity_tag if expires else None)


class AlwaysUdp(SignallingClient):
    def transport(self) -> str:
        return "udp"


REQUEST = ("service_authorisation/request.feature",)
CHALLENGE = ("service_authorisation/challenge.feature",)
LIFETIME = (
    "service_authorisation/lifetime.feature",
    "service_authorisation/registration_lifetime.feature",
    "service_authorisation/lost_publication.feature",
)
REFUSAL = ("service_authorisation/refusal.feature",)
END = ("service_authorisation/end.feature",)
LOST = ("profile_selection/lost_choice.feature", *LIFETIME)

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
        "never_refreshes_publication",
        "Lets its publication expire.",
        made_of(service=NeverRefreshesPublication),
        "RFC3903-4.3-02",
        LIFETIME,
    ),
    FaultyUe(
        "refreshes_without_entity_tag",
        "Refreshes its publication without saying which.",
        made_of(service=RefreshesWithoutEntityTag),
        "RFC3903-4.3-01",
        LIFETIME,
    ),
    FaultyUe(
        "names_lost_publication_again",
        "Goes on naming a publication that the server said to have lost.",
        made_of(service=NamesLostPublicationAgain),
        "RFC3903-4.6-01",
        LOST,
        ("RFC3903-4.6-02", "TS24379-7.3.4-01"),
    ),
    FaultyUe(
        "gives_up_lost_publication",
        "Does not publish its settings anew where the server lost them.",
        made_of(service=GivesUpLostPublication),
        "RFC3903-4.6-02",
        LOST,
    ),
    FaultyUe(
        "keeps_first_entity_tag",
        "Names the entity tag of its first publication in all that follow.",
        made_of(service=KeepsFirstEntityTag),
        "RFC3903-4.4-01",
        ("profile_selection/choice.feature", *LIFETIME),
        (
            "RFC3903-4.3-01",
            "RFC3903-4.6-01",
            "TS24379-7.2.3-03",
            "TS24379-7.2.1A-08",
        ),
    ),
    FaultyUe(
        "authorises_with_old_entity_tag",
        "Asks for service authorisation anew as a change of the publication before.",
        made_of(signalling=KeepsEntityTagForever),
        "RFC3903-4.2-01",
        END,
        ("RFC3903-4.6-01", "RFC3903-4.6-02", "TS24379-7.2.1A-08"),
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
    FaultyUe(
        "never_refreshes_registration",
        "Lets its registration expire.",
        made_of(signalling=NeverRefreshesRegistration),
        "RFC3261-10.2.4-01",
        LIFETIME,
    ),
    FaultyUe(
        "registers_under_one_number",
        "Gives each registration the same number.",
        made_of(signalling=RegistersUnderOneNumber),
        "RFC3261-10.2-01",
        LIFETIME,
    ),
    FaultyUe(
        "ignores_refusal",
        "Uses the service although service authorisation was refused.",
        made_of(service=IgnoresRefusal),
        "TS24379-7.3.3-01",
        (*REFUSAL, "service_authorisation/registration.feature"),
        ("TS24379-7.3.3-02",),
    ),
    FaultyUe(
        "asks_without_end",
        "Asks for service authorisation again and again, whatever the answer.",
        made_of(service=AsksWithoutEnd),
        "RFC3261-21.4.4-01",
        REFUSAL,
        ("RFC3261-21.5.4-01",),
    ),
    FaultyUe(
        "goes_on_unknown_to_the_server",
        "Works on with the chosen profile though the server does not know the user.",
        made_of(service=GoesOnUnknown),
        "TS24379-7.3.4-01",
        LOST,
        ("RFC3903-4.6-02",),
    ),
    FaultyUe(
        "new_client_id_each_time",
        "Takes a new client ID for each change of its settings.",
        made_of(service=NewClientIdEachTime),
        "TS24379-7.2.3-02",
        ("profile_selection/choice.feature",),
    ),
    FaultyUe(
        "ends_without_expiry",
        "Publishes once more where it should remove its settings.",
        made_of(signalling=EndsWithoutExpiry),
        "TS24379-7.2.1A-07",
        END,
    ),
    FaultyUe(
        "ends_without_entity_tag",
        "Removes settings without saying which.",
        made_of(signalling=EndsWithoutEntityTag),
        "TS24379-7.2.1A-08",
        END,
    ),
)
