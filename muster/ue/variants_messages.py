"""Right UEs whose messages have another form, or come at another time."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar
from weakref import WeakKeyDictionary

from multidict import CIMultiDict

from muster.protocol.sip.endpoint import Flow, SipEndpoint, Timers
from muster.protocol.sip.message import SipRequest, SipResponse, serialise
from muster.protocol.sip.multipart import Part
from muster.ue.reference.configuration import ConfigurationClient
from muster.ue.reference.identity import IdentityClient
from muster.ue.reference.signalling import SignallingClient
from muster.ue.reference.sip_client import server_address
from muster.ue.reference.web import Web, address_of, patience

COMPACT_NAMES = {
    b"Via": b"v",
    b"From": b"f",
    b"To": b"t",
    b"Call-ID": b"i",
    b"Contact": b"m",
    b"Event": b"o",
    b"Content-Type": b"c",
    b"Content-Length": b"l",
    b"Accept-Contact": b"a",
}
ODD_CHARACTERS = "+/= &%41;~\"'#?:@,"
LONGEST_VERIFIER = 128
LONGEST_DATAGRAM = 1300
"""Octets of a SIP request where nothing is known of the path (RFC 3261, 18.1.1)."""
SLOW = {"t1": 2.0, "t2": 16.0, "t4": 17.0}
"""Timers of SIP, in seconds, where the round trip is long."""


class _TerseEndpoint(SipEndpoint):
    def send(self, flow: Flow, data: bytes) -> None:
        head, blank, body = data.partition(b"\r\n\r\n")
        super().send(flow, b"\r\n".join(map(_rewritten, head.split(b"\r\n"))) + blank + body)


def _rewritten(line: bytes) -> bytes:
    """A header field under its short name, folded, with white space where it is free."""
    name, colon, value = line.partition(b": ")
    if not colon or b" " in name:
        return line
    value = value.replace(b"icsi-ref=", b"icsi-ref = ").replace(b";require;", b" ;\r\n require ; ")
    return COMPACT_NAMES.get(name, name.lower()) + b" :\r\n " + value


class TerseSip(SignallingClient):
    """Writes header fields shortly and bodies at length, in the opposite order."""

    def endpoint(self) -> SipEndpoint:
        return _TerseEndpoint(self.answer, timers=_timers(self, Timers()))

    def _request(self, method: str, uri: str, *, to: str, parts: Sequence[Part]) -> SipRequest:
        own = [
            Part(
                f"{part.content_type.upper()} ; charset=utf-8",
                part.body,
                (("Content-ID", f"<{number}@ue.example>"), ("Content-Disposition", "render")),
            )
            for number, part in enumerate(reversed(parts))
        ]
        more = [Part("text/plain", b"This part is nobody's.")] if own else []
        request = super()._request(method, uri, to=to, parts=[*more, *own])
        content_type = request.headers.get("Content-Type")
        if content_type:
            boundary = content_type.partition("boundary=")[2]
            request.headers.set("Content-Type", f'Multipart/Mixed ; Boundary="{boundary}"')
            request.body = b"A preamble.\r\n" + request.body + b"An epilogue."
        return request


class LongSipOverTcp(SignallingClient):
    """Sends over a stream what is too long for a datagram (RFC 3261, 18.1.1)."""

    streams: ClassVar[WeakKeyDictionary[SipEndpoint, Flow]] = WeakKeyDictionary()

    async def flow_for(self, request: SipRequest, flow: Flow) -> Flow:
        endpoint = self.line.endpoint
        assert endpoint is not None
        if flow.reliable or len(serialise(request)) <= LONGEST_DATAGRAM:
            return flow
        if endpoint not in self.streams:
            server = server_address(self.server_uri)
            address = address_of(server.host, self.provisioning.hosts)
            own = self._own_address(address)
            self.streams[endpoint] = await endpoint.connect(
                "tcp", address, server.port, local_host=own
            )
        return self.streams[endpoint]


class SlowSipTimers(SignallingClient):
    """Takes the round trip for longer than the default, as over a radio (RFC 3261, 17.1.1.1)."""

    def endpoint(self) -> SipEndpoint:
        return SipEndpoint(self.answer, timers=_timers(self, Timers(**SLOW)))


def _timers(client: SignallingClient, usual: Timers) -> Timers:
    scale = patience(client.provisioning, usual.lifetime) / usual.lifetime
    return replace(usual, scale=scale)


class LifetimesElsewhere(SignallingClient):
    """Asks for a lifetime in Contact, or for the usual one; its events have a parameter."""

    async def _succeed(self, request: SipRequest) -> SipResponse:
        fields = request.headers
        expires, event = fields.get("Expires"), fields.get("Event")
        if request.method == "REGISTER" and expires is not None:
            fields.remove("Expires")
            fields.set("Contact", f"{fields.get('Contact')};expires={expires}")
        elif request.method == "SUBSCRIBE" and expires != "0":
            fields.remove("Expires")
        if event is not None and ";" not in event:
            fields.set("Event", f"{event} ; vnd.variant=1")
        return await super()._succeed(request)


class OddValues(IdentityClient):
    """Has a state with all that needs an escape, and the longest verifier."""

    def new_state(self) -> str:
        return super().new_state() + ODD_CHARACTERS

    def new_verifier(self) -> str:
        return (super().new_verifier() + "-._~" * LONGEST_VERIFIER)[:LONGEST_VERIFIER]


class OddFields(Web):
    """Writes the scheme of a token in lower case, parameters of media types, and a cookie."""

    def arrange(self, headers: Mapping[str, str]) -> CIMultiDict[str]:
        fields = CIMultiDict(headers)
        if "Authorization" in fields:
            fields["Authorization"] = fields["Authorization"].replace("Bearer ", "bearer ")
        if "Content-Type" in fields:
            fields["Content-Type"] += ' ; Charset="utf-8"'
        fields.update({"Accept": "text/html;q=0.2, */*;q=0.1", "Cookie": "a=b; c=d"})
        return fields


class DocumentsBeforeSubscription(ConfigurationClient):
    """Asks for the documents whose place it knows before it subscribes to them."""

    async def _subscribe(self, entries: list[str]) -> None:
        root = self.system.access.cms_xcap_root.rstrip("/")
        for entry in entries:
            if not entry.endswith("/") and self.system.home is None:
                await self.fetch(f"{root}/{entry}", entry)
        await super()._subscribe(entries)


MESSAGE_VARIANTS: tuple[tuple[str, str, Mapping[str, type]], ...] = (
    (
        "terse_sip",
        "Writes SIP with short names and folded lines, and bodies of more parts in another order.",
        {"signalling": TerseSip},
    ),
    (
        "slow_sip_timers",
        "Repeats requests over UDP after 2 s, as over a radio.",
        {"signalling": SlowSipTimers},
    ),
    (
        "lifetimes_elsewhere",
        "Says in Contact how long it registers, and gives its events a parameter.",
        {"signalling": LifetimesElsewhere},
    ),
    (
        "odd_values",
        "Has a state of odd characters, the longest verifier, and unusual fields of HTTP.",
        {"identity": OddValues, "web": OddFields},
    ),
    (
        "documents_before_subscription",
        "Asks for the documents whose place it knows before it subscribes to them.",
        {"configuration": DocumentsBeforeSubscription},
    ),
)
"""Name, description and clients of each; `muster/ue/variants.py` lists them with the others."""
