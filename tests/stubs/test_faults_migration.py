"""Faults around a migration: entries that do not tell enough, and results that say no."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from lxml import etree

from muster.documents.parse import parse
from muster.documents.schemas import own_schemas
from muster.documents.validate import validate
from muster.protocol.oidc import GRANT_JWT_BEARER, GRANT_TOKEN_EXCHANGE
from muster.protocol.sip.endpoint import Flow
from muster.protocol.sip.message import Headers, SipRequest, SipResponse, response_to
from muster.protocol.sip.multipart import Part, build_multipart
from stubs import faults_migration as faults
from stubs.faults import HttpFault, NoAnswer
from stubs.http_server import FACTS
from stubs.sip import SipFault
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


def answer(
    method: str,
    parts: list[Part],
    fault: SipFault = faults.NegativeMigrationResult(),  # noqa: B008, never changed
    expires: str = "3600",
) -> SipResponse | None:
    content_type, body = build_multipart(parts) if parts else ("", b"")
    headers = Headers()
    for name, value in (
        ("From", "<sip:a@example>;tag=1"),
        ("To", "<sip:b@example>"),
        ("Call-ID", "c"),
        ("CSeq", f"1 {method}"),
        ("Content-Type", content_type),
        ("Expires", expires),
    ):
        headers.add(name, value)

    async def served(request: SipRequest, flow: Flow) -> SipResponse:
        return response_to(request, 202)

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


def test_result_for_mcvideo_is_in_its_own_words() -> None:
    part = Part("application/vnd.3gpp.mcptt-info+xml", TOKEN)
    response = answer("PUBLISH", [part], faults.NegativeMigrationResult("mcvideo"))

    assert response is not None
    assert response.headers.get("Content-Type") == "application/vnd.3gpp.mcvideo-info+xml"
    assert validate(response.body, own_schemas(), strict=True).valid


@pytest.mark.parametrize(
    ("fault", "method", "parts", "expires", "status"),
    [
        (faults.SipSilence("REGISTER"), "REGISTER", [], "3600", None),
        (faults.SipSilence("REGISTER"), "REGISTER", [], "0", 202),
        (faults.SipSilence("REGISTER"), "PUBLISH", [], "3600", 202),
        (faults.SipSilence("PUBLISH", with_token=True), "PUBLISH", [], "3600", 202),
        (
            faults.SipSilence("PUBLISH", with_token=True),
            "PUBLISH",
            [Part("application/vnd.3gpp.mcptt-info+xml", TOKEN)],
            "3600",
            None,
        ),
    ],
)
def test_silence_is_for_what_is_named(
    fault: SipFault, method: str, parts: list[Part], expires: str, status: int | None
) -> None:
    response = answer(method, parts, fault, expires)

    assert (response.status if response else None) == status


def test_entry_names_one_pdn_connection_for_all_that_goes_there(world: World) -> None:
    root = parse(faults.with_pdn_connection(partner(world), "visited")(profile(world)))

    named = [
        element.text for name in faults.PDN_REFERENCES for element in root.iter(f"{{*}}{name}")
    ]
    assert named == ["visited"] * len(faults.PDN_REFERENCES)


def test_list_stands_off_network_only(world: World) -> None:
    root = parse(faults.with_list_off_network(profile(world)))

    listed = list(root.iter("{*}PartnerMCPTTSystemId"))
    assert [element.text for element in listed] == [partner(world)]
    assert [
        [etree.QName(one).localname for one in element.iterancestors()][-2] for element in listed
    ] == ["OffNetwork"]


def token_request(fault: HttpFault, grant: str) -> dict[str, Any]:
    """Send a token request through a fault; the handler grants whatever comes."""

    async def granted(request: web.Request) -> web.StreamResponse:
        return web.json_response({"by": "handler"})

    async def endpoint(request: web.Request) -> web.StreamResponse:
        request[FACTS] = {}
        try:
            return await fault.around(request, granted)
        except NoAnswer:
            return web.json_response({"by": "nobody"})

    async def ask() -> dict[str, Any]:
        application = web.Application()
        application.router.add_post("/", endpoint)
        async with TestClient(TestServer(application)) as client:
            answer = await client.post("/", data={"grant_type": grant, "resource": "urn:a"})
            told: dict[str, Any] = await answer.json()
            return told

    return asyncio.run(ask())


@pytest.mark.parametrize(
    "fault",
    [faults.BrokenGrant(GRANT_TOKEN_EXCHANGE), faults.Silence(GRANT_TOKEN_EXCHANGE, seconds=0.05)],
    ids=["broken", "silent"],
)
def test_one_grant_gets_no_answer(fault: HttpFault) -> None:
    assert token_request(fault, GRANT_TOKEN_EXCHANGE) == {"by": "nobody"}
    assert token_request(fault, GRANT_JWT_BEARER) == {"by": "handler"}


def test_security_token_is_made_for_somebody_else() -> None:
    class Service:
        def answer(self, form: dict[str, str], facts: dict[str, Any]) -> dict[str, Any]:
            return {"made_for": form["resource"]}

    fault = faults.OtherAudience(Service(), "urn:b")  # type: ignore[arg-type]

    assert token_request(fault, GRANT_TOKEN_EXCHANGE) == {"made_for": "urn:b"}
    assert token_request(fault, GRANT_JWT_BEARER) == {"by": "handler"}
