"""One HTTPS listener: connections, refusals of TLS, faults, and a record of everything."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import trustme
from aiohttp import web

from muster.evidence import HttpExchange
from muster.journal import Journal, exchange_from_event
from muster.journal_files import Bodies
from stubs.faults import ConnectionReset, HttpFault, Refusal, SlowAnswer
from stubs.http_server import BODY_LIMIT, FACTS, HttpServer, Watch
from stubs.loop import LoopThread
from stubs.tokens import TokenLedger
from tests.stubs.stub_helpers import PATIENCE, trusting

HOST = "127.0.0.77"


async def _hello(request: web.Request) -> web.Response:
    request[FACTS]["greeted"] = True
    return web.Response(text="hello", headers={"X-Word": "hello"})


async def _broken(request: web.Request) -> web.Response:
    raise LookupError("out of words")


def routes(router: web.UrlDispatcher) -> None:
    router.add_route("*", "/hello", _hello)
    router.add_get("/broken", _broken)


class Listener:
    """A server under test, and raw TLS connections to it."""

    def __init__(self, loop: LoopThread, journal: Journal, authority: trustme.CA) -> None:
        self.loop = loop
        self.journal = journal
        self.authority = authority
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(HOST).configure_cert(tls)
        self.faults: list[HttpFault] = []
        watch = Watch(journal, TokenLedger(journal.masker))
        self.server = HttpServer("primary", "cms", watch, routes, tls, self.faults)
        loop.run(self.server.start(HOST))

    def plain(self) -> socket.socket:
        return socket.create_connection((HOST, self.server.port), timeout=PATIENCE)

    def secured(self) -> ssl.SSLSocket:
        return trusting(self.authority).wrap_socket(self.plain(), server_hostname=HOST)

    def exchange(self, sent: bytes) -> bytes:
        """Send bytes and return all that comes until the server closes."""
        with self.secured() as connection:
            connection.sendall(sent)
            return everything(connection)

    def get(self, path: str = "/hello", extra: str = "") -> bytes:
        head = f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n{extra}\r\n"
        return self.exchange(head.encode())

    def events(self, kind: str = "connection") -> list[dict[str, Any]]:
        lines = self.journal.path.read_bytes().splitlines()
        return [event for event in map(json.loads, lines) if event["kind"] == kind]

    def told(self, event: str) -> list[dict[str, Any]]:
        return [one for one in self.events() if one["event"] == event]

    def awaits(self, holds: Callable[[], object]) -> None:
        assert self.journal.wait_until(lambda: bool(holds()), PATIENCE)

    @property
    def seen(self) -> list[HttpExchange]:
        return [e for e in self.journal.exchanges if isinstance(e, HttpExchange)]


def everything(connection: socket.socket) -> bytes:
    received = b""
    with contextlib.suppress(ConnectionError, ssl.SSLError):
        while data := connection.recv(65536):
            received += data
    return received


@pytest.fixture
def listener(loop: LoopThread, journal: Journal, authority: trustme.CA) -> Iterator[Listener]:
    listener = Listener(loop, journal, authority)
    yield listener
    loop.run(listener.server.stop())


def test_exchange_is_recorded_as_it_was(listener: Listener) -> None:
    received = listener.get("/hello?a=%41&b", "X-Case: Kept\r\n")

    [seen] = listener.seen
    assert received.endswith(b"\r\n\r\nhello")
    assert (seen.method, seen.target, seen.status) == ("GET", "/hello?a=%41&b", 200)
    assert seen.headers == (("Host", HOST), ("Connection", "close"), ("X-Case", "Kept"))
    assert ("X-Word", "hello") in seen.response_headers
    assert (seen.response_body, seen.facts) == (b"hello", {"greeted": True})
    assert seen.tls.startswith("TLSv1.3 ")
    assert (seen.system, seen.server) == ("primary", "cms")
    assert seen.started <= seen.ended


def test_recorded_exchange_is_read_back_as_checks_saw_it(listener: Listener) -> None:
    body = b"<x>" + bytes(range(256)) + b"</x>"
    head = f"POST /hello HTTP/1.1\r\nHost: h\r\nContent-Length: {len(body)}\r\n"
    listener.exchange(head.encode() + b"Connection: close\r\nX-Bytes: \xff\xfe\r\n\r\n" + body)

    [event] = listener.events("exchange")
    read = exchange_from_event(event, Bodies(listener.journal.bodies).load)
    assert read == listener.seen[0]
    assert listener.seen[0].body == body


def test_connection_is_told_from_accept_to_close(listener: Listener) -> None:
    listener.get()

    listener.awaits(lambda: listener.told("closed"))
    assert [one["event"] for one in listener.events()] == ["accepted", "tls-established", "closed"]
    assert {one["connection"] for one in listener.events()} == {listener.seen[0].connection}


def test_two_requests_on_one_connection_share_its_name(listener: Listener) -> None:
    request = f"GET /hello HTTP/1.1\r\nHost: {HOST}\r\n".encode()
    listener.exchange(request + b"\r\n" + request + b"Connection: close\r\n\r\n")

    assert len(listener.seen) == 2
    assert len({seen.connection for seen in listener.seen}) == 1


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_client_that_distrusts_us_is_told_with_its_alert(
    listener: Listener, version: ssl.TLSVersion
) -> None:
    context = trusting(trustme.CA())
    context.maximum_version = version
    with (
        pytest.raises(ssl.SSLCertVerificationError),
        listener.plain() as plain,
        context.wrap_socket(plain, server_hostname=HOST),
    ):
        pass

    listener.awaits(lambda: listener.told("tls-failed"))
    assert [one["alert"] for one in listener.told("tls-failed")] == ["TLSV1_ALERT_UNKNOWN_CA"]
    assert listener.seen == []


def test_plain_http_to_the_tls_port_is_told(listener: Listener) -> None:
    with listener.plain() as plain:
        plain.sendall(b"GET /hello HTTP/1.1\r\nHost: h\r\n\r\n")
        answer = everything(plain)

    listener.awaits(lambda: listener.told("tls-failed"))
    assert b"hello" not in answer
    assert [one["alert"] for one in listener.told("tls-failed")] == ["HTTP_REQUEST"]


def test_bytes_that_are_no_http_are_kept(listener: Listener) -> None:
    answer = listener.exchange(b"\x16\x03garbage that is no request\r\n\r\n")

    [told] = listener.told("unparsed")
    assert answer.startswith(b"HTTP/1.0 400") or answer.startswith(b"HTTP/1.1 400")
    kept = (listener.journal.bodies / told["bytes"]).read_bytes()
    assert kept == b"\x16\x03garbage that is no request\r\n\r\n"
    assert told["reason"]


def test_unparsed_bytes_and_the_reason_are_masked(listener: Listener) -> None:
    listener.journal.masker.register("known-secret-7731", "password")
    listener.exchange(
        b"GET / HTTP/1.1\r\nBad Header known-secret-7731: x\r\n"
        b"Authorization: Bearer never-issued-5512\r\n\r\n"
    )

    assert len(listener.told("unparsed")) == 1
    written = b"".join(
        path.read_bytes() for path in listener.journal.folder.rglob("*") if path.is_file()
    )
    assert b"known-secret-7731" not in written
    assert b"never-issued-5512" not in written


def test_handler_that_fails_is_our_error_and_recorded(listener: Listener) -> None:
    answer = listener.get("/broken")

    assert answer.startswith(b"HTTP/1.1 500")
    assert [(seen.target, seen.status) for seen in listener.seen] == [("/broken", 500)]
    [crash] = listener.events("stub-crash")
    assert crash["error"] == "primary cms /broken: LookupError: out of words"
    assert listener.journal.crashes == [crash["error"]]


def test_unknown_path_and_method_are_answered_and_recorded(listener: Listener) -> None:
    listener.get("/nowhere")
    listener.exchange(b"DELETE /broken HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")

    assert [(seen.target, seen.status) for seen in listener.seen] == [
        ("/nowhere", 404),
        ("/broken", 405),
    ]
    assert listener.journal.crashes == []


def test_reset_leaves_an_exchange_without_answer(listener: Listener) -> None:
    listener.faults.append(ConnectionReset("/hello"))

    assert listener.get() == b""

    [seen] = listener.seen
    assert (seen.status, seen.response_headers, seen.response_body) == (None, (), b"")
    assert listener.journal.crashes == []


def test_refusal_ends_after_its_times(listener: Listener) -> None:
    listener.faults.append(Refusal(503, "/hello", times=1))

    statuses = [listener.get().split()[1] for _ in range(2)]

    assert statuses == [b"503", b"200"]


def test_first_fault_is_the_outermost(listener: Listener) -> None:
    listener.faults += [Refusal(503), ConnectionReset()]

    assert listener.get().startswith(b"HTTP/1.1 503")


def test_late_answer_comes(listener: Listener) -> None:
    listener.faults.append(SlowAnswer(0.02))

    assert listener.get().endswith(b"hello")
    assert listener.seen[0].ended - listener.seen[0].started >= 0.02


def test_body_over_the_limit_is_refused_and_recorded(listener: Listener) -> None:
    size = BODY_LIMIT + 1
    head = f"POST /hello HTTP/1.1\r\nHost: h\r\nContent-Length: {size}\r\n\r\n"
    with listener.secured() as connection, contextlib.suppress(OSError):
        connection.sendall(head.encode() + b"x" * size)
        assert connection.recv(65536).startswith(b"HTTP/1.1 413")

    listener.awaits(lambda: listener.seen)
    assert [(seen.method, seen.status) for seen in listener.seen] == [("POST", 413)]


def test_body_at_the_limit_is_taken(listener: Listener) -> None:
    head = f"POST /hello HTTP/1.1\r\nHost: h\r\nContent-Length: {BODY_LIMIT}\r\n"

    answer = listener.exchange(head.encode() + b"Connection: close\r\n\r\n" + b"x" * BODY_LIMIT)

    assert answer.startswith(b"HTTP/1.1 200")
    assert listener.seen[0].body == b"x" * BODY_LIMIT


def test_target_that_is_not_utf8_is_recorded(listener: Listener) -> None:
    answer = listener.exchange(
        b"GET /hello?code=\xff\xfe-secret HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
    )

    assert answer.split()[1] in (b"400", b"200")  # which one is the parser's choice
    assert listener.seen or listener.told("unparsed")
    assert listener.journal.crashes == []


def test_silent_connections_do_not_stop_service(listener: Listener) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(500):
            stack.enter_context(listener.plain())

        assert listener.get().endswith(b"hello")


def test_stop_ends_silent_connections_and_frees_the_port(
    loop: LoopThread, journal: Journal, authority: trustme.CA
) -> None:
    listener = Listener(loop, journal, authority)
    with listener.plain() as silent, listener.secured() as idle:
        loop.run(listener.server.stop())

        assert everything(silent) == b""
        assert everything(idle) == b""
    with socket.create_server((HOST, listener.server.port)):
        pass


def test_taken_port_is_told_and_stop_still_works(listener: Listener) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    second = HttpServer("primary", "gms", listener.server.watch, routes, tls)

    with pytest.raises(OSError, match="address already in use"):
        listener.loop.run(second.start(HOST, listener.server.port))
    listener.loop.run(second.stop())

    assert listener.get().endswith(b"hello")


def test_old_tls_is_refused(listener: Listener) -> None:
    listener.server.tls.minimum_version = ssl.TLSVersion.TLSv1_3
    context = trusting(listener.authority)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises(ssl.SSLError), listener.plain() as plain:
        context.wrap_socket(plain, server_hostname=HOST)

    listener.awaits(lambda: listener.told("tls-failed"))
    assert listener.told("tls-failed")[0]["alert"] == "UNSUPPORTED_PROTOCOL"
