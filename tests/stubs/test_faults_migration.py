"""Faults around a migration: entries that do not tell enough, and results that say no."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from muster.protocol.sip.endpoint import Flow
from muster.protocol.sip.message import Headers, SipRequest, SipResponse, response_to
from muster.protocol.sip.multipart import Part, build_multipart
from stubs import faults_migration as faults
from stubs.world import World

ELEMENTS = [("idms", b"idms-token-endpoint"), ("cms", b"CMS-XCAP-root"), ("gms", b"GMS-URI")]
FLOW = Flow("udp", ("127.0.0.1", 5060), ("127.0.0.1", 5061), 1)
TOKEN = (
    b'<mcpttinfo xmlns="urn:3gpp:ns:mcpttInfo:1.0"><mcptt-Params>'
    b'<mcptt-access-token type="Normal"><mcpttString>t</mcpttString></mcptt-access-token>'
    b"</mcptt-Params></mcpttinfo>"
)


def profile(world: World) -> bytes:
    selector = world.profile_selector("primary", "alice", 1)
    document = world.primary.configuration.get(selector)
    assert document is not None
    return document.body


def partner(world: World) -> str:
    return world.systems["partner"].access.system_id


@pytest.mark.parametrize(("server", "element"), ELEMENTS)
def test_entry_lacks_what_tells_of_a_server(world: World, server: str, element: bytes) -> None:
    before = profile(world)

    after = faults.without_address(partner(world), server)(before)

    assert element in before
    assert element not in after
    assert partner(world).encode() in after


def test_entry_of_another_partner_stays_as_it_is(world: World) -> None:
    after = faults.without_address("sip:somebody-else@example", "idms")(profile(world))

    assert b"idms-token-endpoint" in after


@pytest.mark.parametrize(
    "change", [faults.with_unusable_address, faults.without_address], ids=["unusable", "missing"]
)
def test_address_of_the_identity_server_is_nowhere(
    world: World, change: Callable[[str, str], Callable[[bytes], bytes]]
) -> None:
    after = change(partner(world), "idms")(profile(world))

    assert world.systems["partner"].url("idms").encode() not in after


def test_partner_is_only_named(world: World) -> None:
    after = faults.without_access(partner(world))(profile(world))

    assert b"mcptt-UE-initial-configuration" not in after
    assert partner(world).encode() in after


def answer(method: str, parts: list[Part]) -> SipResponse | None:
    content_type, body = build_multipart(parts) if parts else ("", b"")
    headers = Headers()
    for name, value in (
        ("From", "<sip:a@example>;tag=1"),
        ("To", "<sip:b@example>"),
        ("Call-ID", "c"),
        ("CSeq", f"1 {method}"),
        ("Content-Type", content_type),
    ):
        headers.add(name, value)

    async def served(request: SipRequest, flow: Flow) -> SipResponse:
        return response_to(request, 202)

    fault = faults.NegativeMigrationResult()
    return asyncio.run(
        fault.around(SipRequest(method, "sip:b@example", headers, body), FLOW, served)
    )


def test_request_for_authorisation_is_answered_with_a_negative_result() -> None:
    response = answer("PUBLISH", [Part("application/vnd.3gpp.mcptt-info+xml", TOKEN)])

    assert response is not None
    assert response.status == 200
    assert b"<mcpttBoolean>false</mcpttBoolean>" in response.body


@pytest.mark.parametrize("method", ["PUBLISH", "SUBSCRIBE"])
def test_other_requests_are_served(method: str) -> None:
    parts = [Part("application/vnd.3gpp.mcptt-info+xml", TOKEN)] if method == "SUBSCRIBE" else []

    response = answer(method, parts)

    assert response is not None
    assert response.status == 202
