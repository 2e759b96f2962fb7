"""Sockets are bound, watched and given back."""

import asyncio
import socket
import ssl
import struct

import pytest
import trustme
from sip_peers import accept, datagrams, endpoint, options, register, stream

from muster.protocol.sip import transport as transport_module
from muster.protocol.sip.channels import AT_ONCE
from muster.protocol.sip.endpoint import SipEndpoint, SipRecord


def test_udp_and_tcp_share_a_port():
    async def scene():
        async with endpoint() as (server, _), endpoint() as (ue, notes):
            port = await server.start("127.0.0.1")
            flows = [await ue.connect(name, "127.0.0.1", port) for name in ("udp", "tcp")]
            for flow in flows:
                await ue.request(register(), flow)
            return port, flows, notes.records

    port, flows, records = asyncio.run(scene())

    assert [flow.remote for flow in flows] == [("127.0.0.1", port)] * 2
    assert all(isinstance(record, SipRecord) and record.completed for record in records)


def test_port_whose_other_half_is_taken_is_not_kept(monkeypatch):
    bound = []
    bind = transport_module.Transports._bind_stream

    async def scene():
        with socket.socket() as taken:

            async def first_taken(self, host, port, tls=None):
                if not bound:
                    taken.bind((host, port))
                    taken.listen()
                bound.append(port)
                return await bind(self, host, port, tls)

            monkeypatch.setattr(transport_module.Transports, "_bind_stream", first_taken)
            async with endpoint() as (server, _), endpoint() as (ue, _):
                port = await server.start("127.0.0.1")
                for name in ("udp", "tcp"):
                    await ue.request(register(), await ue.connect(name, "127.0.0.1", port))
                return port

    port = asyncio.run(scene())

    # Others on the machine may take a port in between: then one more is tried.
    assert port != bound[0]
    assert port == bound[-1]


def test_fixed_port_that_is_taken_is_an_error():
    async def scene():
        async with endpoint() as (one, _), endpoint() as (two, _):
            port = await one.start("127.0.0.1")
            with pytest.raises(OSError, match="in use"):
                await two.start("127.0.0.1", port)
            with pytest.raises(ValueError, match="sctp"):
                await two.start("127.0.0.1", transports=("udp", "sctp"))
            assert await two.start("127.0.0.2", port) == port

    asyncio.run(scene())


def test_ping_is_answered_by_one_line_break_and_only_by_the_accepting_side():
    async def scene():
        async with endpoint() as (server, notes):
            port = await server.start("127.0.0.1")
            async with stream("127.0.0.1", port) as (reader, writer):
                writer.write(b"\r\n\r\n\r\n")
                pong = await reader.readexactly(2)
                writer.write(b"\r\n" + options(Content_Length="0"))
                answer = await reader.readuntil(b"\r\n\r\n")
            return pong, answer, notes.scraps

    pong, answer, scraps = asyncio.run(scene())

    assert (pong, answer[:13], scraps) == (b"\r\n", b"\r\nSIP/2.0 200", [])


def test_line_breaks_in_a_datagram_are_not_told():
    async def scene():
        async with endpoint() as (server, notes):
            port = await server.start("127.0.0.1")
            async with datagrams(to=("127.0.0.1", port)) as ue:
                ue.send(b"\r\n\r\n")
                ue.send(options())
                await ue.next()
            return notes.scraps

    assert asyncio.run(scene()) == []


def test_connection_that_ends_inside_a_message_is_told():
    async def scene():
        async with endpoint() as (server, notes):
            port = await server.start("127.0.0.1")
            async with stream("127.0.0.1", port) as (_, writer):
                writer.write(options(Content_Length="10") + b"half")
            await notes.until(lambda: len(notes.events) == 2)
            return notes

    notes = asyncio.run(scene())

    assert notes.scraps == [
        (options(Content_Length="10") + b"half", "the connection ended inside a message")
    ]
    assert notes.records == []


def test_lost_connection_fails_what_waits_on_it():
    def reset(reader, writer):
        connection = writer.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    async def scene():
        async with endpoint() as (ue, notes):
            server = await asyncio.start_server(reset, "127.0.0.3", 0)
            port = server.sockets[0].getsockname()[1]
            flow = await ue.connect("tcp", "127.0.0.3", port)
            with pytest.raises(ConnectionError):
                await ue.request(register(), flow)
            await notes.until(lambda: len(notes.events) == 2)
            with pytest.raises(ConnectionError, match="is closed"):
                await ue.request(register(), flow)
            server.close()
            return notes.events

    assert asyncio.run(scene()) == [("tcp", "open"), ("tcp", "reset")]


def test_request_of_a_peer_that_hung_up_is_recorded_without_answer():
    async def scene():
        gone = asyncio.Event()

        async def late(request, flow):
            await gone.wait()
            return await accept(request, flow)

        async with endpoint(late) as (server, notes):
            port = await server.start("127.0.0.1")
            async with stream("127.0.0.1", port) as (_, writer):
                writer.write(options(Content_Length="0"))
            await notes.until(lambda: len(notes.events) == 2)
            gone.set()
            await notes.until(lambda: bool(notes.records))
            return notes

    notes = asyncio.run(scene())

    assert [(record.responses, record.completed) for record in notes.records] == [((), False)]
    assert notes.errors == []


def test_refusing_host_is_heard_over_udp():
    async def scene():
        async with datagrams() as nobody:
            port = nobody.port
        async with endpoint() as (ue, _):
            flow = await ue.connect("udp", "127.0.0.3", port)
            with pytest.raises(ConnectionRefusedError):
                await ue.request(register(), flow)

    asyncio.run(scene())


def test_disconnect_closes_one_flow():
    async def scene():
        async with endpoint() as (server, _), endpoint() as (ue, _):
            port = await server.start("127.0.0.1")
            one, two, three = [
                await ue.connect(name, "127.0.0.1", port) for name in ("tcp", "tcp", "udp")
            ]
            await ue.disconnect(one)
            await ue.disconnect(three)
            for closed in (one, three):
                with pytest.raises(ConnectionError):
                    await ue.request(register(), closed)
            return (await ue.request(register(), two)).status

    assert asyncio.run(scene()) == 200


def test_closed_endpoint_gives_its_port_back_and_refuses_to_connect():
    async def scene():
        async with endpoint() as (one, _), endpoint() as (two, _):
            port = await one.start("127.0.0.1")
            await one.connect("tcp", "127.0.0.1", port)
            await one.close()
            await one.close()
            with pytest.raises(ConnectionError):
                await one.connect("udp", "127.0.0.1", port)
            return port, await two.start("127.0.0.1", port)

    port, again = asyncio.run(scene())

    assert port == again


def test_tls_carries_sip_on_its_own_port():
    authority = trustme.CA()
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("sip.primary.example").configure_cert(server_side)
    client_side = ssl.create_default_context()
    authority.configure_trust(client_side)

    async def scene():
        async with endpoint() as (server, heard), endpoint() as (ue, _):
            port = await server.start("127.0.0.1", tls=server_side)
            assert server.tls_port not in (None, port)
            flow = await ue.connect(
                "tls",
                "127.0.0.1",
                server.tls_port,
                ssl=client_side,
                server_hostname="sip.primary.example",
            )
            await ue.request(register(), flow)
            return heard

    heard = asyncio.run(scene())

    assert heard.events == [("tls", "open"), ("tls", "closed")]
    assert b"SIP/2.0/TLS" in heard.records[0].request


def shaken(client):
    """Go on with a handshake; False while it waits for the peer."""
    try:
        client.do_handshake()
    except ssl.SSLWantReadError:
        return False
    return True


def test_first_message_may_come_with_the_end_of_the_handshake():
    """The whole flight is written at once, as a client with early writes does."""
    authority = trustme.CA()
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(server_side)
    client_side = ssl.create_default_context()
    authority.configure_trust(client_side)

    async def scene():
        async with endpoint() as (server, notes):
            await server.start("127.0.0.1", tls=server_side)
            incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
            client = client_side.wrap_bio(incoming, outgoing, server_hostname="127.0.0.1")
            async with stream("127.0.0.1", server.tls_port) as (reader, writer):
                while not shaken(client):
                    writer.write(outgoing.read())
                    incoming.write(await reader.read(65536))
                client.write(options(Content_Length="0"))
                writer.write(outgoing.read())
                await notes.until(lambda: bool(notes.records))
            return notes

    notes = asyncio.run(scene())

    assert [record.request for record in notes.records] == [options(Content_Length="0")]


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\n\r\n"])
def test_handshake_that_fails_is_told(sent):
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(server_side)

    async def scene():
        async with endpoint() as (server, notes):
            await server.start("127.0.0.1", tls=server_side)
            async with stream("127.0.0.1", server.tls_port) as (_, writer):
                writer.write(sent)
            await notes.until(lambda: bool(notes.events))
            return notes.events

    [(transport, event)] = asyncio.run(scene())

    assert transport == "tls"
    assert event.startswith("handshake failed: ")


def test_handshake_that_never_comes_does_not_hold_up_the_end():
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(server_side)

    async def scene():
        async with endpoint() as (server, _):
            port = await server.start("127.0.0.1", tls=server_side)
            async with (
                stream("127.0.0.1", server.tls_port) as (reader, _),
                stream("127.0.0.1", port) as (other, writer),
            ):
                # An answer on the later connection proves that the earlier one was accepted.
                writer.write(options(Content_Length="0"))
                await other.readuntil(b"\r\n\r\n")
                async with asyncio.timeout(5):
                    await server.close()
                return await reader.read()

    assert asyncio.run(scene()) == b""


def test_untrusted_certificate_is_refused():
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(server_side)

    async def scene():
        async with endpoint() as (server, notes):
            await server.start("127.0.0.1", tls=server_side)
            ue = SipEndpoint(accept)
            with pytest.raises(ssl.SSLCertVerificationError):
                await ue.connect("tls", "127.0.0.1", server.tls_port)
            await ue.close()
            await notes.until(lambda: bool(notes.events))
            return notes.events

    # The client of asyncio hangs up without the alert that others send.
    [(transport, event)] = asyncio.run(scene())
    assert (transport, event.partition(": ")[0]) == ("tls", "handshake failed")


def test_alert_about_an_untrusted_certificate_is_told():
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(server_side)

    async def scene():
        async with endpoint() as (server, notes):
            await server.start("127.0.0.1", tls=server_side)
            incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
            client = ssl.create_default_context().wrap_bio(
                incoming, outgoing, server_hostname="127.0.0.1"
            )
            async with stream("127.0.0.1", server.tls_port) as (reader, writer):
                assert not shaken(client)
                writer.write(outgoing.read())
                incoming.write(await reader.read(65536))
                with pytest.raises(ssl.SSLCertVerificationError):
                    shaken(client)
                writer.write(outgoing.read())
                await notes.until(lambda: bool(notes.events))
            return notes.events

    assert asyncio.run(scene()) == [("tls", "handshake failed: TLSV1_ALERT_UNKNOWN_CA")]


class Kept:
    """A receiver that keeps what arrives."""

    def __init__(self):
        self.arrived = []

    def message(self, flow, data):
        self.arrived.append((flow.remote, data))

    def connection(self, flow, event): ...

    def lost(self, flow, error): ...


def test_datagrams_that_came_while_the_loop_was_busy_are_taken_together():
    sent = [str(number).encode() for number in range(AT_ONCE)]

    async def scene():
        kept = Kept()
        transports = transport_module.Transports(kept)
        port = await transports.listen("127.0.0.1", 0, ("udp",), None)
        with socket.socket(type=socket.SOCK_DGRAM) as peer:
            peer.bind(("127.0.0.1", 0))
            for data in sent:
                peer.sendto(data, ("127.0.0.1", port))
            for _ in range(3):
                await asyncio.sleep(0)
            arrived = list(kept.arrived)
            place = peer.getsockname()
        await transports.close()
        return arrived, place

    arrived, place = asyncio.run(scene())

    assert arrived == [(place, data) for data in sent]
