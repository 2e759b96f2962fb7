"""Torture of the running SIP server: nothing that is sent to it ends it or goes unrecorded."""

from __future__ import annotations

import contextlib
import socket

import pytest

from muster.protocol.sip.fields import parse_via
from muster.protocol.sip.multipart import build_multipart
from stubs.world import World
from tests.stubs.sip_torture import (
    LEGAL,
    MALFORMED,
    bare_socket,
    exchanges,
    marked,
    message,
    still_serves,
    told,
)
from tests.stubs.stub_helpers import awaited, issued, mcptt_info, poc_settings

TRANSPORTS = ("udp", "tcp")


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("kind", LEGAL)
def test_odd_but_legal_request_is_answered_and_recorded(
    world: World, transport: str, kind: str
) -> None:
    with bare_socket(world, transport) as peer:
        status = peer.ask(LEGAL[kind]).status

    awaited(world, lambda: exchanges(world))
    assert [seen.status for seen in exchanges(world)] == [status]
    assert still_serves(world)
    assert world.journal.crashes == []


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("kind", MALFORMED)
def test_malformed_message_is_told_and_service_goes_on(
    world: World, transport: str, kind: str
) -> None:
    with bare_socket(world, transport) as peer:
        peer.send(marked(MALFORMED[kind]))
        with contextlib.suppress(OSError):
            peer.end()

        awaited(world, lambda: told(world))
    assert exchanges(world) == []
    assert still_serves(world)
    assert world.journal.crashes == []


# Streams and datagrams -------------------------------------------------------------------------


def test_via_goes_back_as_it_came_with_the_source(world: World) -> None:
    wire = message(
        Via='SIP/2.0/UDP h.example;x=";rport";received="a;b";branch=z9hG4bK-{mark};rport'
    )
    with bare_socket(world, "udp") as peer:
        via = peer.ask(wire).headers.get("Via") or ""
        host, port = peer.socket.getsockname()

    read = parse_via(via)
    assert via.startswith('SIP/2.0/UDP h.example;x=";rport";branch=z9hG4bK-')
    assert (read.parameters["rport"], read.parameters["received"]) == (str(port), host)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_branch_of_the_cookie_alone_tells_no_requests_apart(world: World, transport: str) -> None:
    via = "SIP/2.0/UDP 127.0.0.9:5099;branch=z9hG4bK"
    with bare_socket(world, transport) as peer:
        answers = [peer.ask(message(Via=via, Call_ID=name)) for name in ("one", "two")]

    assert [answer.headers.get("Call-ID") for answer in answers] == ["one", "two"]


@pytest.mark.parametrize("size", [1, 2, 7, 64])
def test_message_that_comes_in_pieces_is_put_together(world: World, size: int) -> None:
    """A service authorisation of several parts, in segments of a few octets."""
    content_type, body = build_multipart([mcptt_info(issued(world)), poc_settings(1)])
    wire = marked(
        message("PUBLISH", "Event: poc-settings", f"Content-Type: {content_type}", body=body)
    )
    with bare_socket(world, "tcp") as peer:
        peer.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        assert peer.ask(message("REGISTER", "Contact: <sip:ua@127.0.0.9>")).status == 200
        for start in range(0, len(wire), size):
            peer.send(wire[start : start + size])

        assert peer.response().status == 200
    awaited(world, lambda: len(exchanges(world)) == 2)
    assert exchanges(world)[1].body.count(b"--part-") == 3


@pytest.mark.parametrize(
    "body", [b"", b"--x", b"--x\r\n\r\n--x--\r\n", b"--x\r\nContent-Type: ;\r\n\r\n"]
)
def test_parts_that_cannot_be_read_are_refused(world: World, body: bytes) -> None:
    wire = message(
        "PUBLISH", "Event: poc-settings", "Content-Type: multipart/mixed;boundary=x", body=body
    )
    with bare_socket(world, "udp") as peer:
        assert peer.ask(message("REGISTER", "Contact: <sip:ua@127.0.0.9>")).status == 200

        assert peer.ask(wire).status in (400, 404)
    assert world.journal.crashes == []


def test_length_that_is_too_small_ends_the_stream_after_the_answer(world: World) -> None:
    with bare_socket(world, "tcp") as peer:
        peer.send(marked(message("MESSAGE", "Content-Type: a/b", body=b"\1\2\3\4", length="1")))

        assert peer.response().status == 200
        with pytest.raises(ConnectionError):
            peer.response()
    awaited(world, lambda: told(world) == 2)
    assert [seen.body for seen in exchanges(world)] == [b"\1"]
    assert still_serves(world)


def test_length_that_is_too_great_swallows_the_next_message(world: World) -> None:
    swallowed = marked(message())
    with bare_socket(world, "tcp") as peer:
        peer.send(marked(message("MESSAGE", "Content-Type: a/b", length=str(len(swallowed)))))
        peer.send(swallowed)

        assert peer.response().status == 200
    awaited(world, lambda: exchanges(world))
    assert [(seen.method, seen.body) for seen in exchanges(world)] == [("MESSAGE", swallowed)]


def test_many_messages_in_one_segment_are_answered_in_order(world: World) -> None:
    wires = [message(CSeq=f"{number} OPTIONS") for number in range(1, 51)]
    with bare_socket(world, "tcp") as peer:
        peer.send(b"".join(marked(wire) for wire in wires))
        answers = [peer.response() for _ in wires]

    assert [answer.headers.get("CSeq") for answer in answers] == [
        f"{number} OPTIONS" for number in range(1, 51)
    ]
    awaited(world, lambda: len(exchanges(world)) == len(wires))


def test_length_beyond_the_limit_is_refused_at_once(world: World) -> None:
    with bare_socket(world, "tcp") as peer:
        peer.send(marked(message("MESSAGE", "Content-Type: a/b", length="300000000")))

        assert peer.response().status == 513
    awaited(world, lambda: told(world))
    assert exchanges(world) == []


def test_keep_alive_is_answered_on_streams_and_ignored_in_datagrams(world: World) -> None:
    with bare_socket(world, "tcp") as stream, bare_socket(world, "udp") as datagrams:
        stream.send(b"\r\n\r\n")
        assert stream.socket.recv(10) == b"\r\n"
        assert stream.ask(message()).status == 200
        stream.send(b"\r\n\r\n\r\n\r\n")
        assert b"".join(stream.socket.recv(1) for _ in range(4)) == b"\r\n\r\n"
        for junk in (b"", b"\r\n", b"\r\n\r\n"):
            datagrams.send(junk)
        assert datagrams.ask(message()).status == 200

    awaited(world, lambda: told(world) >= 2)
    assert told(world) == 2


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_message_as_long_as_a_datagram_may_be_is_answered(world: World, transport: str) -> None:
    head = marked(message("MESSAGE", "Content-Type: a/b", length="65000"))
    wire = head + b"x" * 65_000
    with bare_socket(world, transport) as peer:
        peer.send(wire)

        assert peer.response().status == 200
    awaited(world, lambda: exchanges(world))
    assert exchanges(world)[0].body == b"x" * 65_000


def test_unanswerable_request_over_udp_is_recorded_without_answer(world: World) -> None:
    hop = "Via: SIP/2.0/UDP " + "h" * 13_000 + ";branch=z9hG4bK-hop"
    wire = marked(message("OPTIONS", *[hop] * 5, Via="SIP/2.0/UDP h;branch=z9hG4bK-{mark};rport"))
    filler = 65_500 - len(wire)
    assert filler > 0
    wire = wire.replace(b"Via: SIP/2.0/UDP h;", b"Via: SIP/2.0/UDP h" + b"h" * filler + b";", 1)
    with bare_socket(world, "udp") as peer:
        peer.send(wire)

        awaited(world, lambda: exchanges(world))
    assert [seen.responses for seen in exchanges(world)] == [()]
    assert still_serves(world)
    assert world.journal.crashes == []


@pytest.mark.parametrize(
    "long",
    [
        {"To": "<sip:" + "u" * 16_300 + "@torture.example>"},
        {"Via": "SIP/2.0/UDP " + "h" * 16_330 + ";branch=z9hG4bK;rport"},
    ],
)
def test_answer_is_recorded_though_its_lines_are_longer(world: World, long: dict[str, str]) -> None:
    with bare_socket(world, "tcp") as peer:
        peer.send(marked(message(**long)))
        assert peer.socket.recv(65536).startswith(b"SIP/2.0 200 OK\r\n")

        awaited(world, lambda: exchanges(world))
    assert [seen.status for seen in exchanges(world)] == [200]
    assert world.journal.crashes == []


def test_answer_is_recorded_though_its_head_is_longer(world: World) -> None:
    hop = "Via: SIP/2.0/UDP " + "h" * 12_900 + ";branch=z9hG4bK-hop"
    with bare_socket(world, "tcp") as peer:
        peer.send(marked(message("OPTIONS", *[hop] * 5)))

        awaited(world, lambda: exchanges(world))
    assert [seen.status for seen in exchanges(world)] == [200]
    assert world.journal.crashes == []
