"""An HTTP proxy answers for the servers behind it, and for no others."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trustme

from muster.documents.schemas import SchemaSet
from muster.protocol.kms import INIT_PATH
from stubs.loop import LoopThread
from stubs.world import World
from tests.stubs.stub_helpers import (
    PATIENCE,
    document_url,
    issued,
    last_http,
    running_world,
    trusting,
)

SERVICE_CONFIGURATION = "org.3gpp.mcptt.service-config/global/service-config.xml"


@pytest.fixture
def world(
    tmp_path: Path, loop: LoopThread, schemas: SchemaSet, authority: trustme.CA
) -> Iterator[World]:
    with running_world(tmp_path / "results", loop, schemas, authority) as running:
        yield running


def through_proxy(world: World, method: str, target: str, host: str, token: str = "") -> int:
    """The status of the answer to one request."""
    proxy = urlsplit(world.loop.run(world.primary.open_proxy()))
    assert proxy.hostname
    place = (world.hosts[proxy.hostname], proxy.port)
    connection = http.client.HTTPConnection(proxy.hostname, proxy.port)
    plain = socket.create_connection(place, timeout=PATIENCE)
    connection.sock = trusting(world.authority).wrap_socket(plain, server_hostname=proxy.hostname)
    headers = {"Host": host, **({"Authorization": f"Bearer {token}"} if token else {})}
    try:
        connection.request(method, target, headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize("form", ["path", "whole URI"])
def test_document_is_served_through_the_proxy(world: World, form: str) -> None:
    url = urlsplit(document_url(world, "primary", "cms", SERVICE_CONFIGURATION))
    target = url.path if form == "path" else url.geturl()

    status = through_proxy(world, "GET", target, url.netloc, issued(world))

    seen = last_http(world)
    assert (status, seen.server, seen.target, seen.header("Host")) == (
        200,
        "proxy",
        target,
        url.netloc,
    )


def test_proxy_asks_for_the_token_that_the_server_asks_for(world: World) -> None:
    url = urlsplit(document_url(world, "primary", "cms", SERVICE_CONFIGURATION))

    assert through_proxy(world, "GET", url.path, url.netloc) == 403


@pytest.mark.parametrize("form", ["path", "whole URI"])
def test_key_server_is_reached_through_the_proxy(world: World, form: str) -> None:
    url = urlsplit(world.primary.url("kms") + INIT_PATH)
    target = url.path if form == "path" else url.geturl()

    # It is there, and is asked with POST alone.
    assert through_proxy(world, "GET", target, url.netloc, issued(world)) == 405


def test_identity_server_is_not_reached_through_the_proxy(world: World) -> None:
    url = urlsplit(f"{world.primary.url('idms')}/authorize")

    assert through_proxy(world, "GET", url.path, url.netloc) == 403
    assert last_http(world).server == "proxy"
