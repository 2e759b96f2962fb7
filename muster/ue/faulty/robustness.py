"""Faults that show on a bad day: no patience, no caution, nothing but the usual is understood."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import aiohttp

from muster.protocol.sip.endpoint import Flow, SipEndpoint, Timers
from muster.protocol.sip.message import SipRequest, SipResponse, response_to
from muster.ue.faulty.seeded import FaultyUe, made_of
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.signalling import SignallingClient
from muster.ue.reference.sip_client import SipRefusal
from muster.ue.reference.web import Web, WebAnswer

PATIENCE = 0.2
LONGEST_NOTIFY = 2048
KNOWN_FIELDS = frozenset(
    [
        "cache-control",
        "connection",
        "content-length",
        "content-type",
        "date",
        "etag",
        "location",
        "pragma",
        "retry-after",
        "server",
        "transfer-encoding",
        "vary",
        "www-authenticate",
    ]
)
KNOWN_SIP_FIELDS = frozenset(
    [
        "via",
        "from",
        "to",
        "call-id",
        "cseq",
        "max-forwards",
        "contact",
        "route",
        "record-route",
        "event",
        "subscription-state",
        "require",
        "content-type",
        "content-length",
        "expires",
        "allow-events",
        "p-asserted-identity",
    ]
)


class NoPatience(Web):
    async def send_once(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> WebAnswer:
        asked = super().send_once(method, url, headers, body)
        try:
            return await asyncio.wait_for(asked, PATIENCE)
        except TimeoutError:
            raise Refusal("the server takes too long") from None


class AsksAgainAtOnce(Web):
    def pause(self, answer: WebAnswer) -> float | None:
        return 0.0 if answer.status == 503 else None


class RepeatsEverything(Web):
    async def send_once(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> WebAnswer:
        try:
            return await super().send_once(method, url, headers, body)
        except Refusal:
            return await super().send_once(method, url, headers, body)


class NoChunks(Web):
    async def read(self, response: aiohttp.ClientResponse) -> bytes:
        if response.headers.get("Transfer-Encoding", "").lower() == "chunked":
            raise Refusal("a body without a length")
        return await super().read(response)


class KeepsConnections(Web):
    async def read(self, response: aiohttp.ClientResponse) -> bytes:
        if response.headers.get("Connection", "").lower() == "close":
            raise Refusal("the server hung up")
        return await super().read(response)


class KnownFieldsOnly(Web):
    async def read(self, response: aiohttp.ClientResponse) -> bytes:
        if not {name.lower() for name in response.headers} <= KNOWN_FIELDS:
            raise Refusal("an unknown header field")
        return await super().read(response)


class OneLineForEachField(Web):
    async def read(self, response: aiohttp.ClientResponse) -> bytes:
        names = [name.lower() for name, _ in response.headers.items()]
        if len(set(names)) < len(names):
            raise Refusal("a header field in two lines")
        return await super().read(response)


class SendsSipOnce(SignallingClient):
    def endpoint(self) -> SipEndpoint:
        return SipEndpoint(self.answer, timers=Timers(t1=15.0))


class RegistersAgainAtOnce(SignallingClient):
    def pause(self, response: SipResponse) -> float | None:
        return 0.0 if response.status == 503 else None


class Knows200Only(SignallingClient):
    async def _succeed(self, request: SipRequest) -> SipResponse:
        response = await super()._succeed(request)
        if response.status != 200:
            raise SipRefusal(request, response)
        return response


class KnownSipFieldsOnly(SignallingClient):
    async def answer(self, request: SipRequest, flow: Flow) -> SipResponse | None:
        if not {name.lower() for name, _ in request.headers.items()} <= KNOWN_SIP_FIELDS:
            return response_to(request, 400)
        return await super().answer(request, flow)


class SupportsEverything(SignallingClient):
    def unsupported(self, request: SipRequest) -> list[str]:
        return []


class ShortMessagesOnly(SignallingClient):
    async def answer(self, request: SipRequest, flow: Flow) -> SipResponse | None:
        if len(request.body) > LONGEST_NOTIFY:
            return response_to(request, 413)
        return await super().answer(request, flow)


ANSWERS = "robustness/answers.feature"
LATE = "robustness/late_servers.feature"
MISLED = "robustness/misled.feature"
SIGNALLING = "robustness/signalling.feature"
NOTIFICATIONS = "robustness/notifications.feature"

FAULTS = (
    FaultyUe(
        "has_no_patience",
        "Gives up when a server takes longer than usual.",
        made_of(web=NoPatience),
        "RFC5875-4.8-01",
        (LATE,),
        ("TS33180-B.4.2.1-01", "TS33180-D.2.1-04"),
    ),
    FaultyUe(
        "ignores_retry_after",
        "Asks a busy server again at once.",
        made_of(web=AsksAgainAtOnce),
        "RFC9110-10.2.3-01",
        (LATE,),
    ),
    FaultyUe(
        "repeats_lost_posts",
        "Sends any request again whose answer is lost.",
        made_of(web=RepeatsEverything),
        "RFC6749-4.1.2-01",
        (MISLED,),
    ),
    FaultyUe(
        "knows_no_chunks",
        "Needs the length of a body before it reads it.",
        made_of(web=NoChunks),
        "RFC9112-7.1-01",
        (ANSWERS,),
    ),
    FaultyUe(
        "needs_open_connections",
        "Takes the end of a connection for the end of service.",
        made_of(web=KeepsConnections),
        "RFC9112-9.6-01",
        (ANSWERS,),
    ),
    FaultyUe(
        "gives_up_at_unknown_header",
        "Refuses an answer with a header field that it does not know.",
        made_of(web=KnownFieldsOnly),
        "RFC9110-5.1-01",
        (ANSWERS,),
    ),
    FaultyUe(
        "needs_one_line_per_header",
        "Refuses an answer that has a header field twice.",
        made_of(web=OneLineForEachField),
        "RFC9110-5.3-01",
        (ANSWERS,),
    ),
    FaultyUe(
        "sends_sip_once",
        "Never repeats a request over UDP.",
        made_of(signalling=SendsSipOnce),
        "RFC3261-17.1.2.2-01",
        (SIGNALLING,),
    ),
    FaultyUe(
        "registers_again_at_once",
        "Asks a busy SIP server again at once.",
        made_of(signalling=RegistersAgainAtOnce),
        "RFC3261-21.5.4-01",
        (SIGNALLING,),
    ),
    FaultyUe(
        "knows_sip_200_only",
        "Takes any other success of a SIP request for a failure.",
        made_of(signalling=Knows200Only),
        "RFC3261-8.1.3.2-01",
        (SIGNALLING,),
    ),
    FaultyUe(
        "refuses_unknown_sip_header",
        "Refuses a notification with a header field that it does not know.",
        made_of(signalling=KnownSipFieldsOnly),
        "RFC3261-8.2.2-01",
        (NOTIFICATIONS,),
    ),
    FaultyUe(
        "ignores_require",
        "Accepts a notification whatever it requires.",
        made_of(signalling=SupportsEverything),
        "RFC3261-8.2.2.3-01",
        (NOTIFICATIONS,),
    ),
    FaultyUe(
        "takes_short_messages_only",
        "Refuses a notification of more than two kilobytes.",
        made_of(signalling=ShortMessagesOnly),
        "RFC3261-18.3-01",
        (NOTIFICATIONS,),
    ),
)
