"""Rate of a stub that serves a validated, journalled 5 KB document on one core.

Budget (DESIGN, 7): at least half the rate of a bare aiohttp server whose handler is one line. Each
server is a process of its own and says how much CPU time it spent; the client is a third one.
Both speak TLS and keep connections alive. Rate on one core = requests per second of CPU time, so
that a busy machine does not change the ratio.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import trustme
from aiohttp import web

from benchmarks.figures import RATIO, Amount, Budget, Figure, main
from muster.documents.sample import sample_builder
from muster.documents.schemas import own_schemas
from muster.documents.templates import Templates
from muster.documents.validate import validate
from muster.documents.worlds import load_world
from muster.journal import Journal
from muster.suite import suite_root
from stubs.http_server import HttpServer, Watch
from stubs.tokens import IssuedToken, TokenLedger
from stubs.xcap import DocumentStore, StoredDocument, XcapServer

HOST = "127.0.0.1"
BUDGET = Budget(0.5, RATIO, at_least=True)
CONNECTIONS = 8
REQUESTS = 1500
ROUNDS = 5
TOKEN = "token-of-the-benchmark-that-is-long-enough"


def document() -> tuple[str, bytes, str]:
    """(selector, body, media type) of a user profile of about 5 KB."""
    plan = load_world(suite_root() / "fixtures" / "worlds" / "default.toml")
    built = sample_builder(plan, Templates()).user_profile(
        plan.active_profile("primary", "alice", "mcptt")
    )
    return built.selector, built.body, built.type.media_type


def certificate() -> ssl.SSLContext:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert(HOST).configure_cert(tls)
    return tls


@contextlib.asynccontextmanager
async def bare(folder: Path) -> AsyncIterator[int]:
    """An aiohttp server that knows one document and records nothing."""
    _, body, media_type = document()

    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=body, content_type=media_type)

    application = web.Application()
    application.router.add_get("/{anything:.*}", answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, HOST, 0, ssl_context=certificate()).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


@contextlib.asynccontextmanager
async def stub(folder: Path) -> AsyncIterator[int]:
    """The XCAP server of a CMS: token check, validation, masking, journal."""
    selector, body, media_type = document()
    journal = Journal(folder, "main")
    ledger = TokenLedger(journal.masker)
    ledger.issue(IssuedToken(TOKEN, "access", "primary", "sip:a", ("x",), time.time() + 600))
    store, schemas = DocumentStore(), own_schemas()

    def validated() -> bytes:
        if not validate(body, schemas, strict=True).valid:
            raise SystemExit("the document of the benchmark does not fit its schema")
        return body

    store.put(StoredDocument(selector, validated, media_type))
    xcap = XcapServer("primary", ledger, store, "/root", "x")
    server = HttpServer("primary", "cms", Watch(journal, ledger), xcap.routes, certificate())
    yield await server.start(HOST)
    await server.stop()
    journal.close()


async def serve(which: str) -> None:
    """In a server's process: tell the port; at each line of input tell the CPU time spent."""
    with tempfile.TemporaryDirectory() as folder:
        async with {"bare": bare, "stub": stub}[which](Path(folder)) as port:
            print(port, flush=True)
            while await asyncio.to_thread(sys.stdin.readline):
                print(time.process_time(), flush=True)


class Server:
    """A server in another process."""

    def __init__(self, which: str, watcher: Sequence[str] = ()) -> None:
        self.process = subprocess.Popen(
            [*watcher, sys.executable, __file__, which],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if watcher else None,
            text=True,
        )
        told = self._line()
        if not told:
            raise SystemExit(f"no server came up under {' '.join([*watcher[:1], which])}")
        self.port = int(told)

    def cpu_seconds(self) -> float:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return float(self._line())

    def stop(self) -> None:
        self.process.communicate()

    def _line(self) -> str:
        assert self.process.stdout is not None
        lines = iter(self.process.stdout.readline, "")
        watcher_says = ("py-spy>", "\n")
        return next((line for line in lines if not line.startswith(watcher_says)), "")


async def ask(port: int, requests: int) -> None:
    """Send the requests over connections that are kept alive."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
    request = (
        f"GET /root/{document()[0]} HTTP/1.1\r\nHost: {HOST}:{port}\r\n"
        f"Authorization: Bearer {TOKEN}\r\n\r\n"
    ).encode()

    async def one(count: int) -> None:
        reader, writer = await asyncio.open_connection(HOST, port, ssl=tls)
        for _ in range(count):
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise SystemExit(f"the server answered {head[:60]!r}")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            await reader.readexactly(length)
        writer.close()

    await asyncio.gather(*(one(requests // CONNECTIONS) for _ in range(CONNECTIONS)))


def rates(server: Server, requests: int) -> Iterator[float]:
    """Requests per second of the server's CPU time, round by round."""
    asyncio.run(ask(server.port, requests // 5))  # what is made or validated once is made
    while True:
        began = server.cpu_seconds()
        asyncio.run(ask(server.port, requests))
        yield requests / (server.cpu_seconds() - began)


def figures(tiny: bool = False) -> list[Figure]:
    """Measure both in turn; the ratio is the median of those of the rounds."""
    servers = {which: Server(which) for which in ("bare", "stub")}
    requests, rounds = (80, 2) if tiny else (REQUESTS, ROUNDS)
    measured = {which: rates(server, requests) for which, server in servers.items()}
    pairs = [(next(measured["bare"]), next(measured["stub"])) for _ in range(rounds)]
    for server in servers.values():
        server.stop()
    plain, watched = (statistics.median(column) for column in zip(*pairs, strict=True))
    return [
        Figure(
            f"a document of {len(document()[1]) / 1000:.1f} KB, validated and journalled",
            BUDGET,
            Amount(watched, "requests/s of one core", "stub"),
            Amount(plain, "requests/s of one core", "bare aiohttp"),
            compared=statistics.median(slow / fast for fast, slow in pairs),
        )
    ]


if __name__ == "__main__":
    if sys.argv[1:] in (["bare"], ["stub"]):
        asyncio.run(serve(sys.argv[1]))
    else:
        sys.exit(main("stub_throughput", figures))
