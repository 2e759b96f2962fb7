"""Rate of a stub that serves a journalled 5 KB document: `python benchmarks/stub_throughput.py`.

The yardstick is an aiohttp server with a handler of one line, in the same run: server and client
on one loop, one core, TLS, connections kept alive. The ratio is what recording costs.
"""

import asyncio
import contextlib
import ssl
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import aiohttp
import trustme
from aiohttp import web

from muster.journal import Journal
from stubs.http_server import HttpServer, Watch
from stubs.tokens import IssuedToken, TokenLedger
from stubs.xcap import DocumentStore, StoredDocument, XcapServer

HOST = "127.0.0.1"
BUDGET = 3.0
"""A stub may take this many times as long as the bare server."""
REQUESTS = 400
ROUNDS = 5
SELECTOR = "org.3gpp.mcptt.service-config/global/service-config.xml"
DOCUMENT = b"<document>" + b"<entry>sip:a@b.example</entry>\n" * 160 + b"</document>"
TOKEN = "token-of-the-benchmark-that-is-long-enough"


def context(authority: trustme.CA) -> ssl.SSLContext:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(tls)
    return tls


@contextlib.asynccontextmanager
async def bare(authority: trustme.CA) -> AsyncIterator[str]:
    """An aiohttp server that knows one document and records nothing."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=DOCUMENT, content_type="application/xml")

    application = web.Application()
    application.router.add_get("/{anything:.*}", answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, HOST, 0, ssl_context=context(authority))
    await site.start()
    yield f"https://{HOST}:{runner.addresses[0][1]}/root/{SELECTOR}"
    await runner.cleanup()


@contextlib.asynccontextmanager
async def stub(authority: trustme.CA, folder: Path) -> AsyncIterator[str]:
    """The XCAP server of a CMS, with token check, masking and journal."""
    journal = Journal(folder, "main")
    ledger = TokenLedger(journal.masker)
    ledger.issue(IssuedToken(TOKEN, "access", "primary", "sip:a", ("x",), time.time() + 600))
    store = DocumentStore()
    store.put(StoredDocument(SELECTOR, DOCUMENT, "application/xml"))
    xcap = XcapServer("primary", ledger, store, "/root", "x")
    server = HttpServer("primary", "cms", Watch(journal, ledger), xcap.routes, context(authority))
    await server.start(HOST)
    yield f"https://{HOST}:{server.port}/root/{SELECTOR}"
    await server.stop()
    journal.close()


async def seconds_per_request(client: aiohttp.ClientSession, url: str) -> float:
    started = time.perf_counter()
    for _ in range(REQUESTS):
        async with client.get(url, headers={"Authorization": f"Bearer {TOKEN}"}) as answer:
            if answer.status != 200 or await answer.read() != DOCUMENT:
                raise SystemExit(f"the server answered {answer.status}")
    return (time.perf_counter() - started) / REQUESTS


async def main() -> bool:
    """Measure both in turn, so that a busy machine slows both, and print the ratio."""
    authority = trustme.CA()
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    ratios, rates = [], []
    with tempfile.TemporaryDirectory() as place:
        async with (
            bare(authority) as plain,
            stub(authority, Path(place)) as watched,
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trusting)) as client,
        ):
            for _ in range(ROUNDS):
                yardstick = await seconds_per_request(client, plain)
                cost = await seconds_per_request(client, watched)
                ratios.append(cost / yardstick)
                rates.append((1 / yardstick, 1 / cost))
    ratio = statistics.median(ratios)
    fast, slow = (statistics.median(column) for column in zip(*rates, strict=True))
    print(
        f"bare aiohttp {fast:6.0f} requests/s  stub {slow:6.0f} requests/s "
        f"({ratio:4.2f}x the time, budget {BUDGET:.1f}x)"
    )
    return ratio <= BUDGET


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(main()) else 1)
