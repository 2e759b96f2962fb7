"""How the UE speaks HTTP: what it understands, how long it waits, from which address it comes."""

import asyncio
import socket
from typing import Any

import pytest
from multidict import CIMultiDict, CIMultiDictProxy

from muster.ue.driver import Provisioning
from muster.ue.reference.documents import read_initial_configuration
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.web import Web, WebAnswer, family_of
from tests.ue.world import World

DOCUMENT = """<mcptt-UE-initial-configuration xmlns="urn:3gpp:mcptt:mcpttUEinitConfig:1.0"
  domain="a.example">{identity}<on-network><App-Server-Info>
  <idms-auth-endpoint>https://a.example/a</idms-auth-endpoint>
  <idms-token-endpoint>https://a.example/t</idms-token-endpoint>
  <cms>sip:cms@a.example</cms><kms>https://a.example/k</kms></App-Server-Info>
  <GMS-URI>sip:gms@a.example</GMS-URI>
  <GMS-XCAP-root-URI>https://a.example/g</GMS-XCAP-root-URI>
  <CMS-XCAP-root-URI>https://a.example/c</CMS-XCAP-root-URI>
  </on-network></mcptt-UE-initial-configuration>"""
IDENTITY = "<mcptt-UE-id><Instance-ID-URN>{0}</Instance-ID-URN></mcptt-UE-id>"


def made(provisioning: Provisioning, work: Any) -> Any:
    """Run something with a web client on a loop."""

    async def run() -> Any:
        web = Web(provisioning)
        try:
            return work(web)
        finally:
            await web.close()

    return asyncio.run(run())


def answer(status: int, **headers: str) -> WebAnswer:
    fields = CIMultiDict({name.replace("_", "-"): value for name, value in headers.items()})
    return WebAnswer("https://a.example/", status, CIMultiDictProxy(fields), b"")


@pytest.mark.parametrize(
    ("status", "meaning"), [(200, 200), (299, 200), (399, 300), (499, 400), (503, 503), (599, 500)]
)
def test_unknown_status_is_that_of_its_class(world: World, status: int, meaning: int) -> None:
    assert made(world.provisioning(), lambda web: web.understood(status)) == meaning


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        (answer(503, Retry_After="2"), 2.0),
        (answer(503, Retry_After="3600"), None),
        (answer(503, Retry_After="soon"), None),
        (answer(503), None),
        (answer(200, Retry_After="2"), None),
    ],
)
def test_pause_is_what_a_busy_server_asks(
    world: World, given: WebAnswer, seconds: float | None
) -> None:
    assert made(world.provisioning(), lambda web: web.pause(given)) == seconds


def test_own_address_is_for_servers_of_its_family(world: World) -> None:
    def bound(web: Web) -> tuple[str, str]:
        places = [
            (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 1)),
            (socket.AF_INET6, socket.SOCK_STREAM, 0, "", ("::1", 1, 0, 0)),
        ]
        sockets = [web.own_socket(place) for place in places]
        names = [made.getsockname()[0] for made in sockets]
        for each in sockets:
            each.close()
        return names[0], names[1]

    assert made(world.provisioning(), bound) == (world.provisioning().source_address, "::")


def test_family_is_that_of_the_address() -> None:
    assert [family_of("127.0.0.1"), family_of("::1")] == [socket.AF_INET, socket.AF_INET6]


@pytest.mark.parametrize("identity", ["", IDENTITY.format("urn:uuid:1")])
def test_document_for_all_or_for_this_ue_is_read(identity: str) -> None:
    body = DOCUMENT.format(identity=identity).encode()

    assert read_initial_configuration(body, "urn:uuid:1").domain == "a.example"


def test_document_for_others_is_refused() -> None:
    body = DOCUMENT.format(identity=IDENTITY.format("urn:uuid:2")).encode()

    with pytest.raises(Refusal, match="other UEs"):
        read_initial_configuration(body, "urn:uuid:1")


def test_document_without_service_details_names_no_server() -> None:
    body = DOCUMENT.format(identity="").encode()

    assert not read_initial_configuration(body).servers
