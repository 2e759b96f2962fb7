"""A UE that floods, stays silent or comes uninvited: stubs stay up, and the journal tells it."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest

from muster.journal_files import Event
from muster.open_files import allow_many_connections
from stubs.http_connection import KEPT
from stubs.world import World
from tests.stubs.stub_helpers import PATIENCE, ask, trusting

FLOOD = 10_000_000
MANY = 500


def events(world: World, event: str) -> list[Event]:
    """What this test's part of the journal tells of connections."""
    lines = map(json.loads, world.journal.path.read_bytes().splitlines())
    scenario = world.journal.scenario
    return [
        one
        for one in lines
        if one["kind"] == "connection" and one["scenario"] == scenario and one["event"] == event
    ]


def plain(world: World, server: str, system: str = "primary") -> socket.socket:
    found = world.systems[system]
    port = found.sip.port if server == "sip" else found.servers[server].port
    return socket.create_connection((found.host, port), timeout=PATIENCE)


def secured(world: World, server: str, context: ssl.SSLContext) -> ssl.SSLSocket:
    name = world.primary.host_name(server)
    return context.wrap_socket(plain(world, server), server_hostname=name)


def poured(connection: socket.socket, octets: bytes) -> bytes:
    """Send as much as the peer takes; return what it says."""
    with suppress(OSError):
        for begin in range(0, len(octets), 65536):
            connection.sendall(octets[begin : begin + 65536])
    with suppress(OSError):
        return connection.recv(4096)
    return b""


def is_served(world: World) -> bool:
    return ask(world, "GET", world.bootstrap_uri).status == 200


@pytest.mark.parametrize(
    "fields",
    [b"X-Long: " + b"a" * FLOOD, b"X-Short: a\r\n" * (FLOOD // 12), b"a" * FLOOD],
    ids=["one field", "many fields", "no colon"],
)
def test_header_fields_of_10_mb_are_refused_and_told(world: World, fields: bytes) -> None:
    with secured(world, "cms", trusting(world.authority)) as connection:
        answer = poured(connection, b"GET / HTTP/1.1\r\nHost: h\r\n" + fields + b"\r\n\r\n")

    # A peer that goes on sending may lose the answer to its own reset connection.
    assert answer == b"" or answer.startswith(b"HTTP/1.0 400 ")
    assert world.journal.wait_until(lambda: bool(events(world, "closed")), PATIENCE)
    [told] = events(world, "unparsed")
    kept = (world.journal.bodies / told["bytes"]).read_bytes()
    assert kept.startswith(b"GET / HTTP/1.1\r\nHost: h\r\n")
    assert len(kept) <= KEPT
    assert world.journal.crashes == []
    assert is_served(world)


def test_sip_header_fields_of_10_mb_are_refused_and_told(world: World) -> None:
    head = b"OPTIONS sip:x@h SIP/2.0\r\n" + b"X-Short: a\r\n" * (FLOOD // 12) + b"\r\n"
    with plain(world, "sip") as connection:
        poured(connection, head)

    assert world.journal.wait_until(lambda: bool(events(world, "unparsed")), PATIENCE)
    told = events(world, "unparsed")[0]
    assert "header fields are longer than" in told["reason"]
    assert len((world.journal.bodies / told["bytes"]).read_bytes()) <= KEPT
    assert world.journal.crashes == []
    assert is_served(world)


@pytest.mark.parametrize("server", ["bootstrap", "sip"])
def test_500_silent_connections_keep_nobody_out_and_are_told(world: World, server: str) -> None:
    allow_many_connections()
    event = "open" if server == "sip" else "accepted"
    with ExitStack() as silent:
        for _ in range(MANY):
            silent.enter_context(plain(world, server))
        assert is_served(world)
        told = lambda: [one for one in events(world, event) if one["server"] == server]  # noqa: E731
        assert world.journal.wait_until(lambda: len(told()) >= MANY, PATIENCE)

    assert world.journal.wait_until(lambda: len(_ended(world, server)) >= MANY, PATIENCE)
    assert world.journal.crashes == []
    assert is_served(world)


def _ended(world: World, server: str) -> list[Event]:
    kinds = ("closed", "reset", "tls-failed")
    found = [one for kind in kinds for one in events(world, kind)]
    return [one for one in found if one["server"] == server]


def test_500_connections_that_are_silent_after_tls_keep_nobody_out(world: World) -> None:
    allow_many_connections()
    context = trusting(world.authority)
    with ExitStack() as silent:
        for _ in range(MANY):
            silent.enter_context(secured(world, "bootstrap", context))
        assert is_served(world)

        counted = Counter(one["server"] for one in events(world, "tls-established"))
        assert counted["bootstrap"] == MANY + 1


@pytest.mark.parametrize("server", ["idms", "cms", "gms", "kms", "bootstrap", "sip"])
def test_connection_to_a_partner_is_told_though_nothing_is_sent(world: World, server: str) -> None:
    plain(world, server, "partner").close()

    def told() -> list[Event]:
        kinds = events(world, "accepted") + events(world, "open")
        return [one for one in kinds if (one["system"], one["server"]) == ("partner", server)]

    assert world.journal.wait_until(lambda: bool(told()), PATIENCE)
    # What checks of absence see; connections of the test before may still be closing.
    come = [one for one in world.journal.contacts if one.event in ("accepted", "open")]
    assert {(one.system, one.server) for one in come} == {("partner", server)}


def test_limit_of_open_files_is_raised() -> None:
    program = (
        "import resource\n"
        "_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (128, hard))\n"
        "from muster.open_files import ENOUGH, allow_many_connections\n"
        "allow_many_connections()\n"
        "soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)\n"
        "print(soft == (ENOUGH if hard < 0 else min(ENOUGH, hard)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert (done.stdout, done.stderr) == ("True\n", "")


@pytest.fixture(autouse=True)
def _settled(world: World) -> Iterator[None]:
    """Connections of one test end before the next one is told apart by its journal."""
    yield
    world.journal.wait_until(lambda: False, 0.05)
