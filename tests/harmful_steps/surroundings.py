"""Steps that do harm to a campaign with real stubs. For Muster's tests only."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from aiohttp import web
from pytest_bdd import given, parsers, when

from muster.open_files import allow_many_connections
from steps.scene import Scene
from stubs.faults import Handler, HttpFault


@dataclass
class BrokenHandler(HttpFault):
    """A handler of ours that fails."""

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        raise ZeroDivisionError("a handler of ours fails")


@when(parsers.parse("the handler of the {server} server fails"))
def handler_fails(scene: Scene, server: str) -> None:
    scene.world.primary.servers[server].faults.append(BrokenHandler())


@pytest.fixture
def silent_connections() -> Iterator[ExitStack]:
    with ExitStack() as connections:
        yield connections


@given(parsers.parse("{count:d} connections to each server stay silent"))
def connections_stay_silent(scene: Scene, silent_connections: ExitStack, count: int) -> None:
    allow_many_connections()
    primary = scene.world.primary
    for server in primary.servers.values():
        for _ in range(count):
            place = (primary.host, server.port)
            silent_connections.enter_context(socket.create_connection(place, timeout=10))
