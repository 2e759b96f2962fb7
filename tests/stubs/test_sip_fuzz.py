"""Mutations of requests that are in order, sent to the running SIP server."""

from __future__ import annotations

import secrets

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muster.protocol.sip.multipart import build_multipart
from stubs.world import World
from tests.stubs.sip_torture import MARK, bare_socket, message, still_serves, told
from tests.stubs.stub_helpers import awaited, issued, mcptt_info, poc_settings, resource_list

EXAMPLES = 200
FUZZ = settings(
    deadline=None,
    max_examples=EXAMPLES,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
PIECES = (
    *(b"\r\n", b"\r", b"\n", b"\0", b" ", b"\t", b",", b";", b":", b'"', b"<", b">", b"@", b"="),
    *(b"%", b"?", b"*", b"\\", b"\xff", b"\xc3\xa9", b"--", b"\r\n\r\n", b"\r\n ", b"[", b"]"),
    *(b"SIP/2.0", b"sip:", b"tel:", b"z9hG4bK", b";tag", b";rport", b";received=", b";expires="),
    *(b"9" * 30, b"-1", b"0", b"4294967296", b"\xd9\xa3", b"a" * 600, b"<!DOCTYPE x>", b"&x;"),
    *(b"Contact: *\r\n", b"Expires: 0\r\n", b"l: 3\r\n", b"Via: x\r\n", b"Event: reg\r\n"),
)


Change = tuple[str, float, float, bytes]
"""Kind, two places (0 to 1), octets."""


def seeds(world: World) -> list[bytes]:
    """One request of each kind that a UE sends."""
    token = issued(world)
    system = world.primary
    contact = 'Contact: "Ü" <sip:ua@127.0.0.9:5099;lr>;expires=600;+sip.instance="<urn:uuid:1>"'
    info_type, info = build_multipart([mcptt_info(token), poc_settings(1)])
    selector = world.service_configuration_selector()
    list_type, entries = build_multipart([mcptt_info(token), resource_list([selector])])
    subscribe = f"SUBSCRIBE {system.psi.cms} SIP/2.0"
    publish = f"PUBLISH {system.psi.server} SIP/2.0"
    return [
        message("OPTIONS", "Record-Route: <sip:p.example;lr>, <sip:q.example>", "Accept: a/b"),
        message("REGISTER", contact, "Supported: path, gruu"),
        message("REGISTER", contact, f"Content-Type: {info_type}", body=info),
        message(
            *("PUBLISH", "Event: poc-settings", "Expires: 60", f"Content-Type: {info_type}"),
            start=publish,
            body=info,
        ),
        message(
            *("SUBSCRIBE", "Event: xcap-diff", contact, f"Content-Type: {list_type}"),
            start=subscribe,
            body=entries,
        ),
        message("SUBSCRIBE", "Event: reg;id=1", contact, "Record-Route: <sip:r.example;lr>"),
        message("PUBLISH", "Event: presence", "Expires: 4294967295", "SIP-If-Match: x"),
        message("INVITE", contact, "Content-Type: application/sdp", body=b"v=0\r\n"),
        message("MESSAGE", "Content-Type: text/plain", body=b"hello"),
        message("NOTIFY", "Event: xcap-diff", "Subscription-State: active"),
    ]


@st.composite
def mutations(draw: st.DrawFn) -> tuple[int, list[Change]]:
    """Which request, and what happens to it."""
    pieces = st.sampled_from(PIECES) | st.binary(max_size=8)
    place = st.floats(0, 1, exclude_max=True)
    kinds = st.sampled_from(["insert", "delete", "replace", "repeat line", "drop line", "swap"])
    changes = st.lists(st.tuples(kinds, place, place, pieces), min_size=1, max_size=4)
    return draw(st.integers(0, 9)), draw(changes)


def mutated(wire: bytes, changes: list[Change]) -> bytes:
    for kind, first, second, piece in changes:
        if "line" in kind or kind == "swap":
            lines = wire.split(b"\r\n")
            one, other = int(first * len(lines)), int(second * len(lines))
            if kind == "repeat line":
                lines.insert(other, lines[one])
            elif kind == "drop line":
                del lines[one]
            else:
                lines[one], lines[other] = lines[other], lines[one]
            wire = b"\r\n".join(lines)
        else:
            start = int(first * len(wire))
            end = start + int(second * second * 40) if kind != "insert" else start
            wire = wire[:start] + (b"" if kind == "delete" else piece) + wire[end:]
    return wire


def is_kept_apart(wire: bytes, mark: bytes) -> bool:
    """Whether it is no copy of an earlier one, and more than a keep-alive."""
    return bool(wire.strip(b"\r\n")) and b"branch=z9hG4bK-" + mark in wire


@pytest.fixture(scope="module")
def wires(shared_world: World) -> list[bytes]:
    return seeds(shared_world)


@FUZZ
@given(change=mutations())
def test_no_datagram_goes_unrecorded_or_ends_the_service(
    world: World, wires: list[bytes], change: tuple[int, list[Change]]
) -> None:
    mark = secrets.token_hex(8).encode()
    wire = mutated(wires[change[0]], change[1]).replace(MARK, mark)
    before = told(world)
    with bare_socket(world, "udp") as peer:
        peer.send(wire)
        if is_kept_apart(wire, mark):
            awaited(world, lambda: told(world) > before)
    assert world.journal.crashes == [], wire


@FUZZ
@given(change=mutations())
def test_no_stream_goes_unrecorded_or_ends_the_service(
    world: World, wires: list[bytes], change: tuple[int, list[Change]]
) -> None:
    mark = secrets.token_hex(8).encode()
    wire = mutated(wires[change[0]], change[1]).replace(MARK, mark)
    before = told(world)
    with bare_socket(world, "tcp") as peer:
        peer.send(wire)
        peer.end()
        if wire.strip(b"\r\n"):
            awaited(world, lambda: told(world) > before)
    assert world.journal.crashes == [], wire


def test_service_goes_on_after_all_that(world: World) -> None:
    assert still_serves(world)
