"""A UE that reads slowly, or never: nobody else waits for it, and its exchange is told."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme
from aiohttp import web

from muster.documents.schemas import SchemaSet
from muster.evidence import HttpExchange
from stubs.faults import Handler, HttpFault
from stubs.loop import LoopThread
from stubs.world import World
from tests.stubs.stub_helpers import PATIENCE, ask, running_world, trusting

LONG = b"<a/>" * 2_000_000
"""More than the buffers between two sockets hold."""
READERS = 30


@dataclass
class LongAnswer(HttpFault):
    """Every answer has a body that fills the buffers of its connection."""

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        return web.Response(body=LONG)


@contextmanager
def asking(world: World) -> Iterator[ssl.SSLSocket]:
    """A connection to the bootstrap server that has asked and read nothing."""
    server = world.primary.servers["bootstrap"]
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    narrow.settimeout(PATIENCE)
    narrow.connect((world.primary.host, server.port))
    name = world.primary.host_name("bootstrap")
    with trusting(world.authority).wrap_socket(narrow, server_hostname=name) as secured:
        secured.sendall(b"GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        yield secured


def answered(world: World) -> int:
    seen = world.journal.exchanges
    return sum(isinstance(one, HttpExchange) and one.response_body == LONG for one in seen)


@pytest.fixture
def long_answers(world: World) -> Iterator[World]:
    world.primary.servers["bootstrap"].faults.append(LongAnswer())
    yield world
    world.primary.servers["bootstrap"].faults.clear()


def test_readers_that_never_read_keep_nobody_waiting(long_answers: World) -> None:
    world = long_answers
    with ExitStack() as readers:
        for _ in range(READERS):
            readers.enter_context(asking(world))
        assert world.journal.wait_until(lambda: answered(world) == READERS, PATIENCE)

        world.primary.servers["bootstrap"].faults.clear()
        assert ask(world, "GET", world.bootstrap_uri).status == 200

    assert world.journal.crashes == []
    assert ask(world, "GET", world.bootstrap_uri).status == 200


def test_reader_of_single_octets_gets_all_of_it(long_answers: World) -> None:
    with asking(long_answers) as secured:
        slowly = b"".join(secured.recv(1) for _ in range(2000))
        rest = b"".join(iter(lambda: secured.recv(65536), b""))

    head, _, body = (slowly + rest).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert body == LONG
    assert long_answers.journal.crashes == []


def test_world_ends_though_nobody_has_read(
    tmp_path: Path, loop: LoopThread, schemas: SchemaSet, authority: trustme.CA
) -> None:
    with ExitStack() as readers:
        with running_world(tmp_path, loop, schemas, authority) as world:
            world.primary.servers["bootstrap"].faults.append(LongAnswer())
            for _ in range(READERS):
                readers.enter_context(asking(world))
            assert world.journal.wait_until(lambda: answered(world) == READERS, PATIENCE)
            port, begun = world.primary.servers["bootstrap"].port, time.monotonic()

        assert time.monotonic() - begun < PATIENCE
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((world.primary.host, port), timeout=PATIENCE)
    assert world.journal.crashes == []
