"""Odd, broken and hostile HTTP to the running servers: answered, recorded, and never a crash."""

from __future__ import annotations

import contextlib
import functools
import gzip
import logging
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import urlsplit

import pytest
import trustme
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muster.evidence import HttpExchange, path_and_query
from stubs.world import World
from tests.stubs.stub_helpers import (
    PATIENCE,
    ask,
    authorization,
    awaited,
    document_url,
    issued,
)

EXAMPLES = 150
FAR_TOO_MUCH = 10_000_000
"""Octets; every limit of a server is far below."""


class Aim:
    """A document that can be read, and connections to the server that has it."""

    def __init__(self, world: World) -> None:
        selector = world.service_configuration_selector()
        self.world = world
        self.token = issued(world)
        self.url = document_url(world, "primary", "cms", selector)
        self.path = urlsplit(self.url).path.encode()
        self.usual = (
            b"Host: cms.example\r\nConnection: close\r\n"
            + f"Authorization: Bearer {self.token}\r\n".encode()
        )

    def get(self, target: bytes = b"", more: bytes = b"", version: bytes = b"HTTP/1.1") -> bytes:
        return b"GET %b %b\r\n%b%b\r\n" % (target or self.path, version, self.usual, more)

    def post(self, more: bytes, body: bytes = b"") -> bytes:
        return b"POST %b HTTP/1.1\r\n%b%b\r\n%b" % (self.path, self.usual, more, body)

    @contextlib.contextmanager
    def connection(
        self, server: str = "cms", system_name: str = "primary"
    ) -> Iterator[ssl.SSLSocket]:
        system = self.world.systems[system_name]
        plain = socket.create_connection((system.host, system.servers[server].port), PATIENCE)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        name = system.host_name(server)
        context = trust_in(self.world.authority)
        with context.wrap_socket(plain, server_hostname=name) as secured:
            yield secured

    def speak(self, *parts: bytes, server: str = "cms") -> bytes:
        """Send parts one by one; return what comes until the server closes."""
        with self.connection(server) as secured:
            with contextlib.suppress(OSError):  # it may close while we still send
                for part in parts:
                    secured.sendall(part)
            return everything(secured)

    def begin(self, *parts: bytes) -> None:
        """Send parts and hang up."""
        with self.connection() as secured:
            for part in parts:
                secured.sendall(part)

    def still_serves(self) -> bool:
        return self.speak(self.get()).startswith(b"HTTP/1.1 200 OK")


@functools.cache
def trust_in(authority: trustme.CA) -> ssl.SSLContext:
    """The authority of the world alone: what the machine trusts takes long to load."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority.configure_trust(context)
    return context


def everything(secured: ssl.SSLSocket) -> bytes:
    received = b""
    with contextlib.suppress(ConnectionError, ssl.SSLError):
        while data := secured.recv(65536):
            received += data
    return received


def exchanges(world: World) -> list[HttpExchange]:
    return [one for one in world.journal.exchanges if isinstance(one, HttpExchange)]


def unparsed(world: World) -> int:
    return [contact.event for contact in world.journal.contacts].count("unparsed")


def cut_short(world: World) -> int:
    return [contact.event for contact in world.journal.contacts].count("cut-short")


def told(world: World) -> int:
    return len(exchanges(world)) + unparsed(world) + cut_short(world)


@pytest.fixture
def aim(world: World) -> Aim:
    return Aim(world)


@pytest.fixture(autouse=True)
def unharmed(world: World, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing that a client does is a failure of ours, or writes to a log."""
    with caplog.at_level(logging.DEBUG, "aiohttp"):
        yield
    assert Aim(world).still_serves()
    assert world.journal.crashes == []
    assert [record.getMessage() for record in caplog.records if "aiohttp" in record.name] == []


# Requests in order, however odd ----------------------------------------------------------------

Make = Callable[[Aim], bytes]
ANSWERED: dict[str, tuple[Make, int]] = {
    "whole URI as target": (lambda a: a.get(a.url.encode()), 200),
    "whole URI of another host": (lambda a: a.get(b"http://[::1]:9" + a.path), 200),
    "HTTP/1.0": (lambda a: a.get(version=b"HTTP/1.0"), 200),
    "line breaks before it": (lambda a: b"\r\n\r\n" + a.get(), 200),
    "a body with GET": (lambda a: a.get(more=b"Content-Length: 5\r\n") + b"hello", 200),
    "a wish to upgrade": (lambda a: a.get(more=b"Upgrade: h2c\r\nConnection: Upgrade\r\n"), 200),
    "octets that are not UTF-8 in a field": (lambda a: a.get(more=b"X: \xff\xfe\r\n"), 200),
    "conditions without sense": (
        lambda a: a.get(more=b'If-None-Match: ,,"\r\nRange: x\r\nIf-Modified-Since: never\r\n'),
        200,
    ),
    "cookies without sense": (lambda a: a.get(more=b'Cookie: ;;=;a="\r\n'), 200),
    "percent signs in place of letters": (
        lambda a: a.get(a.path.replace(b"global", b"%67lobal")),
        200,
    ),
    "an expectation that nobody meets": (lambda a: a.get(more=b"Expect: a-miracle\r\n"), 417),
    "a node selector": (lambda a: a.get(a.path + b"/~~/service-configuration-info/x%5b1%5d"), 404),
    "a node selector not escaped": (lambda a: a.get(a.path + b"/~~/a[1]/@b"), 404),
    "a namespace binding": (lambda a: a.get(a.path + b"/~~/a:b?xmlns(a=urn:x)"), 404),
    "a node that is put": (
        lambda a: b"PUT %b/~~/a HTTP/1.1\r\n%bContent-Length: 0\r\n\r\n" % (a.path, a.usual),
        403,
    ),
    "a way up": (lambda a: a.get(a.path.partition(b"/org")[0] + b"/../../etc/passwd"), 404),
    "a way up that is escaped": (lambda a: a.get(a.path + b"/%2e%2e%2f%2e%2e/x"), 404),
    "a null octet": (lambda a: a.get(a.path + b"%00"), 404),
    "escaped octets that are not UTF-8": (lambda a: a.get(a.path + b"%ff%fe?x=%ff"), 404),
    "half an escape": (lambda a: a.get(a.path + b"%4?%zz"), 404),
    "two slashes": (lambda a: a.get(b"//" + a.path), 404),
    "backslashes": (lambda a: a.get(b"/..\\..\\x"), 404),
    "a fragment": (lambda a: a.get(a.path + b"#x"), 404),
    "CONNECT": (lambda a: b"CONNECT x:443 HTTP/1.1\r\n" + a.usual + b"\r\n", 404),
    "OPTIONS of the whole server": (lambda a: b"OPTIONS * HTTP/1.1\r\n" + a.usual + b"\r\n", 404),
    "a body that is not coded as it says": (
        lambda a: a.post(b"Content-Encoding: gzip\r\nContent-Length: 5\r\n", b"hello"),
        400,
    ),
    "a small body that becomes a great one": (
        lambda a: a.post(
            b"Content-Encoding: gzip\r\nContent-Length: %d\r\n" % len(BOMB),
            BOMB,
        ),
        413,
    ),
    "a body beyond the limit": (
        lambda a: a.post(b"Content-Length: %d\r\n" % FAR_TOO_MUCH, b"x" * FAR_TOO_MUCH),
        413,
    ),
    "a media type without sense": (
        lambda a: a.post(b"Content-Type: ;;;\r\nContent-Length: 1\r\n", b"x"),
        405,
    ),
    "a chunk with a long extension": (
        lambda a: a.post(
            b"Transfer-Encoding: chunked\r\n",
            b"1;" + b"e" * 100_000 + b"\r\nx\r\n0\r\n\r\n",
        ),
        405,
    ),
}
BOMB: bytes = gzip.compress(bytes(FAR_TOO_MUCH))


@pytest.mark.parametrize("kind", ANSWERED)
def test_odd_request_is_answered_and_recorded(world: World, aim: Aim, kind: str) -> None:
    make, status = ANSWERED[kind]

    answer = aim.speak(make(aim))

    assert int(answer.split()[1]) == status
    awaited(world, lambda: exchanges(world))
    assert [seen.status for seen in exchanges(world)] == [status]
    assert unparsed(world) == 0


# What is not HTTP ------------------------------------------------------------------------------

REFUSED: dict[str, Make] = {
    "the preface of HTTP/2": lambda a: b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0",
    "another version": lambda a: a.get(version=b"HTTP/9.9"),
    "no Host": lambda a: b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
    "two Hosts": lambda a: a.get(more=b"Host: other.example\r\n"),
    "a target without slash": lambda a: a.get(b"document"),
    "a whole URI without host": lambda a: a.get(b"https://" + a.path),
    "a whole URI with an impossible port": lambda a: a.get(b"https://h:99999" + a.path),
    "a whole URI with half a bracket": lambda a: a.get(b"https://[::1" + a.path),
    "a null octet in the target": lambda a: a.get(a.path + b"\0"),
    "octets in the target that are not UTF-8": lambda a: a.get(a.path + b"\xff"),
    "a target beyond the limit": lambda a: a.get(b"/" + b"x" * FAR_TOO_MUCH),
    "a field beyond the limit": lambda a: a.get(more=b"X: %b\r\n" % (b"x" * FAR_TOO_MUCH)),
    "fields beyond the limit": lambda a: a.get(more=b"X: y\r\n" * (FAR_TOO_MUCH // 6)),
    "a line that goes on": lambda a: a.get(more=b"X: a\r\n b\r\n"),
    "a space before the colon": lambda a: a.get(more=b"X : a\r\n"),
    "a null octet in a field": lambda a: a.get(more=b"X: a\0b\r\n"),
    "line feeds alone": lambda a: a.get().replace(b"\r\n", b"\n"),
    "a method in small letters": lambda a: a.get().replace(b"GET", b"get", 1),
    "a method that nobody knows": lambda a: a.get().replace(b"GET", b"QUACK", 1),
    "a negative length": lambda a: a.post(b"Content-Length: -5\r\n", b"hello"),
    "two lengths": lambda a: a.post(b"Content-Length: 5\r\nContent-Length: 6\r\n", b"hello"),
    "length and chunks": lambda a: a.post(
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n"
    ),
    "a transfer coding that nobody knows": lambda a: a.post(b"Transfer-Encoding: gzip\r\n", b"x"),
    "a chunk without size": lambda a: a.post(
        b"Transfer-Encoding: chunked\r\n", b"zz\r\nhello\r\n0\r\n\r\n"
    ),
    "a chunk of impossible size": lambda a: a.post(
        b"Transfer-Encoding: chunked\r\n", b"f" * 17 + b"\r\nhello\r\n"
    ),
    "TLS within TLS": lambda a: bytes.fromhex("16030100c8010000c40303") + bytes(200),
    "a SIP request": lambda a: b"OPTIONS sip:x@y SIP/2.0\r\n\r\n",
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_not_http_is_refused_and_told(world: World, aim: Aim, kind: str) -> None:
    answer = aim.speak(REFUSED[kind](aim))

    # A client that is still sending when it is refused may lose the answer.
    assert answer[:12] in (b"HTTP/1.0 400", b"HTTP/1.1 400", b"")
    awaited(world, lambda: unparsed(world))
    assert (unparsed(world), exchanges(world)) == (1, [])


@pytest.mark.parametrize(
    "parts",
    [[b"5\r\nhello\r\n", b"zz\r\n"], [b"1\r\nx\r\n0\r\n" + b"X: y\r\n" * 100_000, b"\r\n"]],
    ids=["chunk", "trailers"],
)
def test_body_that_breaks_off_into_nonsense_is_refused(
    world: World, aim: Aim, parts: Sequence[bytes]
) -> None:
    with aim.connection() as secured:
        secured.sendall(aim.post(b"Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n"))
        assert secured.recv(65536).startswith(b"HTTP/1.1 100")  # its handler waits for the body
        with contextlib.suppress(OSError):
            for part in parts:
                secured.sendall(part)

        assert everything(secured).startswith(b"HTTP/1.1 400")
    awaited(world, lambda: exchanges(world))
    assert [seen.status for seen in exchanges(world)] == [400]
    assert exchanges(world)[0].facts["body_unreadable"]
    assert unparsed(world) == 1


# What breaks off -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "octets", [b"G", b"GET /", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n"]
)
def test_request_that_breaks_off_is_told(world: World, aim: Aim, octets: bytes) -> None:
    aim.begin(octets)

    awaited(world, lambda: cut_short(world))
    assert (cut_short(world), unparsed(world), exchanges(world)) == (1, 0, [])


def test_half_a_request_behind_a_whole_one_is_told(world: World, aim: Aim) -> None:
    whole = aim.get().replace(b"Connection: close\r\n", b"")
    aim.begin(whole + b"GET /ha", b"lf")

    awaited(world, lambda: told(world) == 2)
    assert [seen.status for seen in exchanges(world)] == [200]


def test_body_that_breaks_off_is_recorded_as_such(world: World, aim: Aim) -> None:
    aim.begin(aim.post(b"Content-Length: 50\r\n", b"hello"))

    awaited(world, lambda: exchanges(world))
    [seen] = exchanges(world)
    assert (seen.status, seen.facts) == (None, {"body_cut_short": True})
    assert unparsed(world) == 0


@pytest.mark.parametrize("octets", [b"", b"\r\n", b"\r\n\r\n\r\n"])
def test_silence_is_no_request(world: World, aim: Aim, octets: bytes) -> None:
    aim.begin(octets)

    awaited(world, lambda: any(c.event == "closed" for c in world.journal.contacts))
    assert told(world) == 0


def test_header_that_does_not_end_holds_up_nobody(world: World, aim: Aim) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(20):
            secured = stack.enter_context(aim.connection())
            secured.sendall(b"GET / HTTP/1.1\r\nX: ")

        assert aim.still_serves()
    awaited(world, lambda: cut_short(world) == 20)


def test_secrets_that_are_cut_in_two_are_masked(world: World, aim: Aim) -> None:
    aim.speak(
        b"GET / HTTP/1.1\r\nAuthorization: Bearer never-iss", b"ued-5512\r\nBad Field: x\r\n\r\n"
    )
    aim.begin(b"GET / HTTP/1.1\r\nAuthorization: Bearer never-issued-66", b"13\r\n")

    awaited(world, lambda: told(world) == 2)
    folder = world.journal.folder
    written = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"ued-5512" not in written
    assert b"issued-66" not in written


# Pipelines -------------------------------------------------------------------------------------


def test_pipelined_requests_are_answered_in_order_and_recorded(world: World, aim: Aim) -> None:
    count = 100
    more = aim.get().replace(b"Connection: close\r\n", b"")
    wires = [more.replace(b" HTTP", b"?n=%d HTTP" % number, 1) for number in range(count)]

    answer = aim.speak(b"".join(wires) + aim.get())

    assert answer.count(b"HTTP/1.1 200 OK") == count + 1
    awaited(world, lambda: len(exchanges(world)) == count + 1)
    assert [seen.query.get("n") for seen in exchanges(world)[:count]] == [
        str(number) for number in range(count)
    ]


def test_requests_octet_by_octet_are_answered(world: World, aim: Aim) -> None:
    wire = aim.get()

    answer = aim.speak(*(wire[place : place + 1] for place in range(len(wire))))

    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert unparsed(world) == 0


# Targets and forms -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        ("/a/b?c=d", "/a/b", "c=d"),
        ("https://h.example:8443/a/b?c=d", "/a/b", "c=d"),
        ("HTTPS://[::1]:8443/a?b?c", "/a", "b?c"),
        ("https://user@h.example", "/", ""),
        ("https://h.example?x", "/", "x"),
        ("/a?to=https://h.example/b", "/a", "to=https://h.example/b"),
        ("//h.example/a", "//h.example/a", ""),
        ("*", "*", ""),
        ("h.example:443", "h.example:443", ""),
        ("", "", ""),
    ],
)
def test_target_has_path_and_query_in_every_form(target: str, path: str, query: str) -> None:
    assert path_and_query(target) == (path, query)


def test_whole_uri_as_target_is_recorded_as_sent_and_read_as_a_path(world: World, aim: Aim) -> None:
    aim.speak(aim.get(aim.url.encode() + b"?a=b"))

    [seen] = exchanges(world)
    assert seen.target == f"{aim.url}?a=b"
    assert (seen.path, seen.query) == (aim.path.decode(), {"a": "b"})


@pytest.mark.parametrize("server", ["bootstrap", "idms", "kms", "gms"])
def test_every_server_takes_whole_uris(world: World, aim: Aim, server: str) -> None:
    url = world.bootstrap_uri if server == "bootstrap" else f"{world.primary.url(server)}/jwks"

    aim.speak(aim.get(url.encode()), server=server)

    expected = {"bootstrap": 200, "idms": 200, "gms": 404, "kms": 404}[server]
    assert [seen.status for seen in exchanges(world)] == [expected]


@pytest.mark.parametrize(
    "media_type",
    ["Application/X-WWW-Form-URLencoded", "APPLICATION/X-WWW-FORM-URLENCODED;charset=UTF-8"],
)
def test_form_is_read_whatever_the_case_of_its_media_type(
    world: World, aim: Aim, media_type: str
) -> None:
    body = b"grant_type=authorization_code&code=never-given-out-11&code_verifier=never-seen-2213"
    url = f"{world.primary.url('idms')}/token"

    reply = ask(world, "POST", url, headers={"Content-Type": media_type}, body=body)

    [seen] = exchanges(world)
    assert reply.json["error"] == "invalid_grant"
    assert seen.form["grant_type"] == "authorization_code"
    assert b"never-seen-2213" not in seen.body


# Mutations -------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        *(b"\r\n", b"\r", b"\n", b"\0", b" ", b"\t", b":", b";", b",", b"?", b"#", b"%", b"%00"),
        *(b"/", b"//", b"/..", b"/~~/", b"[", b"]", b"*", b"@", b'"', b"\xff", b"\xc3\xa9", b"&"),
        *(b"HTTP/1.0", b"https://", b"Bearer", b"chunked", b"Host: x\r\n", b"\r\n\r\n", b"9" * 30),
        *(b"Content-Length: 3\r\n", b"Transfer-Encoding: chunked\r\n", b"Expect: x\r\n"),
        *(b"Content-Encoding: gzip\r\n", b"Upgrade: x\r\nConnection: upgrade\r\n"),
    ]
) | st.binary(max_size=6)
PLACE = st.floats(0, 1, exclude_max=True)
CHANGES = st.lists(st.tuples(PLACE, st.integers(0, 20), PIECES), min_size=1, max_size=4)


def seeds(world: World) -> list[tuple[str, bytes]]:
    """A server, and a request in order that it serves."""
    aim = Aim(world)
    idms = urlsplit(world.primary.url("idms")).path
    kms = urlsplit(world.primary.url("kms")).path
    query = "&".join(f"{k}={v}" for k, v in authorization(world, "v" * 43).items())
    form = b"grant_type=refresh_token&refresh_token=abc%20def&scope=openid&client_id=x"
    head = f"POST {idms}/token HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    init = f"POST {kms}/keymanagement/identity/v1/init HTTP/1.1\r\n"
    xml = b'<KmsRequest xmlns="urn:3gpp:ns:mcsecKMSInterface:1.0"><UserUri>a</UserUri></KmsRequest>'
    return [
        ("cms", aim.get(more=b'If-None-Match: "x"\r\n')),
        ("cms", aim.get(aim.url.encode())),
        ("idms", f"GET {idms}/authorize?{query} HTTP/1.1\r\n".encode() + aim.usual + b"\r\n"),
        ("idms", head.encode() + aim.usual + b"Content-Length: %d\r\n\r\n" % len(form) + form),
        ("kms", init.encode() + aim.usual + b"Content-Length: %d\r\n\r\n" % len(xml) + xml),
        ("bootstrap", aim.get(urlsplit(world.bootstrap_uri).path.encode())),
    ]


@pytest.fixture(scope="module")
def wires(shared_world: World) -> list[tuple[str, bytes]]:
    return seeds(shared_world)


@settings(
    deadline=None,
    max_examples=EXAMPLES,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(which=st.integers(0, 5), changes=CHANGES)
def test_no_mutation_goes_unrecorded(
    world: World,
    aim: Aim,
    wires: list[tuple[str, bytes]],
    which: int,
    changes: list[tuple[float, int, bytes]],
) -> None:
    server, wire = wires[which]
    for place, length, piece in changes:
        start = int(place * len(wire))
        wire = wire[:start] + piece + wire[start + length :]
    before = told(world)

    with aim.connection(server) as secured, contextlib.suppress(OSError):
        secured.sendall(wire)

    if wire.strip(b"\r\n"):
        awaited(world, lambda: told(world) > before)
    assert world.journal.crashes == [], wire
