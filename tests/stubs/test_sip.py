"""The SIP listener: what it journals of real traffic, over UDP and TCP."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from muster.evidence import SipExchange
from muster.journal import Journal, exchange_from_event
from muster.journal_files import Bodies
from muster.protocol.sip.endpoint import Flow, SipEndpoint, SipRecord
from muster.protocol.sip.message import Headers, SipRequest, SipResponse, response_to, serialise
from stubs.http_server import Watch
from stubs.loop import LoopThread
from stubs.sip import SipFault, SipHandler, SipServer
from stubs.tokens import TokenLedger
from tests.stubs.stub_helpers import PATIENCE, mcptt_info

HOST = "127.0.0.78"


class Silent(SipFault):
    """Answers nothing."""

    async def around(
        self, request: SipRequest, flow: Flow, handler: SipHandler
    ) -> SipResponse | None:
        return None


class Cast:
    """A SIP server that echoes, and a client of it."""

    def __init__(self, loop: LoopThread, journal: Journal) -> None:
        self.loop = loop
        self.journal = journal
        self.flows: list[Flow] = []
        watch = Watch(journal, TokenLedger(journal.masker))
        self.server = SipServer("primary", watch, self._echo, advertised_host="mc.x.example")
        loop.run(self.server.start(HOST))
        self.client = SipEndpoint(self._ok)

    async def _echo(self, request: SipRequest, flow: Flow) -> SipResponse:
        self.flows.append(flow)
        if request.method == "INFO":
            raise LookupError("out of words")
        return response_to(request, 200, headers=[("X-Echo", request.uri)], body=request.body)

    async def _ok(self, request: SipRequest, flow: Flow) -> SipResponse:
        return response_to(request, 202)

    def ask(self, transport: str, method: str = "MESSAGE", body: bytes = b"hello") -> SipResponse:
        flow = self.loop.run(self.client.connect(transport, HOST, self.server.port))
        return self.loop.run(self.client.request(request(method, body), flow))

    def events(self, kind: str) -> list[dict[str, Any]]:
        lines = self.journal.path.read_bytes().splitlines()
        return [event for event in map(json.loads, lines) if event["kind"] == kind]

    def awaits(self, holds: Callable[[], object]) -> None:
        assert self.journal.wait_until(lambda: bool(holds()), PATIENCE)

    @property
    def seen(self) -> list[SipExchange]:
        return [e for e in self.journal.exchanges if isinstance(e, SipExchange)]


def request(method: str, body: bytes = b"", number: int = 1) -> SipRequest:
    headers = Headers(
        [
            ("From", "<sip:a@x.example>;tag=1"),
            ("To", "<sip:b@x.example>"),
            ("Call-ID", f"call-{method}"),
            ("CSeq", f"{number} {method}"),
        ]
    )
    if body:
        headers.add("Content-Type", mcptt_info("").content_type)
    return SipRequest(method, "sip:b@x.example", headers, body)


@pytest.fixture
def cast(loop: LoopThread, journal: Journal) -> Iterator[Cast]:
    cast = Cast(loop, journal)
    yield cast
    loop.run(cast.client.close())
    loop.run(cast.server.stop())


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_transaction_is_recorded_as_it_was(cast: Cast, transport: str) -> None:
    assert cast.ask(transport).body == b"hello"

    cast.awaits(lambda: cast.seen)
    [seen] = cast.seen
    assert (seen.method, seen.request_uri, seen.status) == ("MESSAGE", "sip:b@x.example", 200)
    assert (seen.direction, seen.transport, seen.body) == ("from_ue", transport, b"hello")
    assert seen.responses[0].header("X-Echo") == "sip:b@x.example"
    assert seen.responses[0].body == b"hello"
    assert seen.facts["retransmissions"] == 0
    assert seen.started <= seen.ended
    assert seen.connection.startswith(f"primary-sip-{transport}-")


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_recorded_transaction_is_read_back_as_checks_saw_it(cast: Cast, transport: str) -> None:
    cast.ask(transport, body=bytes(range(256)))

    cast.awaits(lambda: cast.seen)
    [event] = cast.events("exchange")
    assert exchange_from_event(event, Bodies(cast.journal.bodies).load) == cast.seen[0]


def test_request_to_the_ue_travels_on_its_flow(cast: Cast) -> None:
    cast.ask("tcp")

    response = cast.loop.run(cast.server.request(request("NOTIFY"), cast.flows[0]))

    cast.awaits(lambda: len(cast.seen) == 2)
    assert response.status == 202
    assert [seen.direction for seen in cast.seen] == ["from_ue", "to_ue"]
    assert len({seen.connection for seen in cast.seen}) == 1
    assert (cast.seen[1].header("Via") or "").startswith("SIP/2.0/TCP mc.x.example:")


def test_token_in_a_body_is_recognised_and_masked(cast: Cast) -> None:
    cast.ask("udp", body=mcptt_info("token-of-nobody").body)

    cast.awaits(lambda: cast.seen)
    [use] = cast.seen[0].tokens
    assert (use.kind, use.place) == ("unknown", "body")
    assert b"token-of-nobody" not in cast.seen[0].body
    assert b"token-of-nobody" not in cast.seen[0].responses[0].body


def test_handler_that_fails_is_our_error_and_recorded(cast: Cast) -> None:
    assert cast.ask("udp", "INFO").status == 500

    cast.awaits(lambda: cast.seen)
    assert [seen.status for seen in cast.seen] == [500]
    assert [crash["error"] for crash in cast.events("stub-crash")] == [
        "primary sip: LookupError: out of words"
    ]


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_bytes_that_are_no_sip_are_kept_masked(cast: Cast, transport: str) -> None:
    cast.journal.masker.register("known-secret-7731", "password")
    garbage = b"\x00\x01 known-secret-7731\r\nAuthorization: Bearer never-issued-1\r\n\r\n"
    kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
    with socket.socket(socket.AF_INET, kind) as plain:
        plain.connect((HOST, cast.server.port))
        plain.send(garbage)
        cast.awaits(lambda: any(c.event == "unparsed" for c in cast.journal.contacts))

    [told] = [event for event in cast.events("connection") if event["event"] == "unparsed"]
    kept = (cast.journal.bodies / told["bytes"]).read_bytes()
    assert kept.startswith(b"\x00\x01 masked-password-")
    assert b"never-issued-1" not in kept
    assert told["reason"]


def test_connection_is_told(cast: Cast) -> None:
    with socket.create_connection((HOST, cast.server.port)):
        cast.awaits(lambda: any(c.event == "open" for c in cast.journal.contacts))

    cast.awaits(lambda: any(c.event == "closed" for c in cast.journal.contacts))


def test_service_goes_on_after_garbage(cast: Cast) -> None:
    with socket.create_connection((HOST, cast.server.port)) as plain:
        plain.send(b"GET / HTTP/1.1\r\n\r\n")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram:
            for junk in (b"", b"\r\n\r\n", b"\xff" * 2000, b"SIP/2.0 200 OK\r\n\r\n"):
                datagram.sendto(junk, (HOST, cast.server.port))

        assert cast.ask("udp").status == 200
        assert cast.ask("tcp").status == 200
    assert cast.journal.crashes == []


def test_unanswered_request_is_recorded_without_response(cast: Cast) -> None:
    cast.server.faults.append(Silent())
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plain:
        message = request("MESSAGE", b"x")
        message.headers.add("Via", "SIP/2.0/UDP h;branch=z9hG4bK-1;rport")
        plain.sendto(serialise(message), (HOST, cast.server.port))

        cast.awaits(lambda: cast.seen)
    assert (cast.seen[0].status, cast.seen[0].responses) == (None, ())


def test_clock_that_jumps_never_turns_an_exchange_around(cast: Cast) -> None:
    flow = Flow("udp", (HOST, 1), (HOST, 2), 1)
    message = request("MESSAGE")
    message.headers.add("Via", "SIP/2.0/UDP h;branch=z9hG4bK-1")
    record = SipRecord("received", flow, serialise(message), (), 2000.0, 1000.0, 0, False)

    cast.loop.call(lambda: cast.server.exchange(record))
    cast.loop.call(lambda: cast.server.exchange(replace(record, started=999.0)))

    assert cast.seen[0].started == cast.seen[0].ended
    assert cast.seen[1].ended - cast.seen[1].started == pytest.approx(1.0)
