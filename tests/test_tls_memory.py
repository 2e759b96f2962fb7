"""What is set aside for each TLS connection."""

from __future__ import annotations

import asyncio
import ssl
from asyncio import sslproto

import pytest
import trustme

from muster.tls_memory import ENOUGH, spare_tls_memory

MESSAGE = b"x" * 300_000


@pytest.fixture(autouse=True)
def usual(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sslproto.SSLProtocol, "max_size", sslproto.SSLProtocol.max_size)


async def set_aside() -> tuple[int, bytes]:
    """Octets that a connection's buffer takes once a long message came over it; the message."""
    authority = trustme.CA()
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority.issue_cert("127.0.0.1").configure_cert(serving)
    authority.configure_trust(trusting)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readexactly(len(MESSAGE)))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=serving)
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trusting)
    buffer = writer.transport._ssl_protocol._ssl_buffer
    writer.write(MESSAGE)
    came = await reader.readexactly(len(MESSAGE))
    writer.close()
    await writer.wait_closed()
    server.close()
    await server.wait_closed()
    return len(buffer), came


def test_connection_sets_aside_one_record_and_carries_any_length():
    before, _ = asyncio.run(set_aside())
    spare_tls_memory()

    assert asyncio.run(set_aside()) == (ENOUGH, MESSAGE)
    assert before > ENOUGH
