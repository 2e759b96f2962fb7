"""An endpoint answers, asks, tells its observer of everything, and ends at once."""

import asyncio

import pytest
from sip_peers import OPTIONS, accept, datagrams, endpoint, options, register, stream, text

from muster.protocol.sip.endpoint import SipEndpoint, Timers
from muster.protocol.sip.fields import parse_via
from muster.protocol.sip.message import SipRequest, parse, response_to, serialise

TRANSPORTS = pytest.mark.parametrize("transport", ["udp", "tcp"])


@TRANSPORTS
def test_request_is_answered_and_both_sides_record_the_same_octets(transport):
    async def scene():
        async with endpoint() as (server, heard), endpoint() as (ue, told):
            port = await server.start("127.0.0.1")
            flow = await ue.connect(transport, "127.0.0.1", port)
            request = register()
            response = await ue.request(request, flow)
            assert request == register()
            return response, heard.records, told.records, flow

    response, [received], [sent], flow = asyncio.run(scene())

    assert response.status == 200
    assert (received.direction, sent.direction) == ("received", "sent")
    assert received.request == sent.request
    assert received.responses == sent.responses == (serialise(response),)
    assert received.flow.remote == flow.local
    assert received.flow.local == flow.remote
    assert received.started <= received.ended
    assert parse(sent.request).headers.get("Max-Forwards") == "70"


@TRANSPORTS
def test_server_asks_on_the_flow_that_the_ue_opened(transport):
    flows = []

    async def keep(request, flow):
        flows.append((request.method, flow))
        return response_to(request, 200)

    async def scene():
        async with endpoint(keep) as (server, _), endpoint(keep) as (ue, _):
            port = await server.start("127.0.0.1")
            flow = await ue.connect(transport, "127.0.0.1", port)
            await ue.request(register(), flow)
            notify = register()
            notify.method = "NOTIFY"
            notify.headers.set("CSeq", "1 NOTIFY")
            answer = await server.request(notify, flows[0][1])
            return answer.status, flow

    status, flow = asyncio.run(scene())

    assert status == 200
    assert [method for method, _ in flows] == ["REGISTER", "NOTIFY"]
    assert flows[1][1] == flow


@TRANSPORTS
def test_two_systems_on_two_hosts_serve_each_other(transport):
    async def scene():
        async with endpoint() as (primary, one), endpoint() as (partner, two):
            ports = [await primary.start("127.0.0.1"), await partner.start("127.0.0.2")]
            there = await primary.connect(transport, "127.0.0.2", ports[1])
            back = await partner.connect(transport, "127.0.0.1", ports[0])
            await asyncio.gather(
                *(primary.request(register(n), there) for n in range(20)),
                *(partner.request(register(n), back) for n in range(20)),
            )
            return there, back, ports, [len(one.records), len(two.records)]

    there, back, ports, counts = asyncio.run(scene())

    assert (there.local[0], back.local[0], counts) == ("127.0.0.1", "127.0.0.2", [40, 40])
    if transport == "udp":
        assert (there.local[1], back.local[1]) == tuple(ports)


def test_source_is_noted_in_via():
    async def scene():
        seen = []

        async def keep(request, flow):
            seen.append(request.headers.all("Via"))
            return response_to(request, 200)

        async with endpoint(keep) as (server, _):
            port = await server.start("127.0.0.1")
            async with datagrams(to=("127.0.0.1", port)) as ue:
                for number, via in enumerate(
                    (
                        "SIP/2.0/UDP 127.0.0.3:9;rport;branch=z9hG4bK{0}, SIP/2.0/TCP p;branch=z",
                        "SIP/2.0/UDP 127.0.0.3:9;branch=z9hG4bK{0}",
                        "SIP/2.0/UDP ue.example:9;received=9.9.9.9;branch=z9hG4bK{0}",
                    )
                ):
                    ue.send(options(Via=via.format(number), v="SIP/2.0/UDP last;branch=z9hG4bKl"))
                    await ue.next()
                return seen, ue.port

    seen, port = asyncio.run(scene())

    last = "SIP/2.0/UDP last;branch=z9hG4bKl"
    assert seen == [
        [
            f"SIP/2.0/UDP 127.0.0.3:9;rport={port};branch=z9hG4bK0;received=127.0.0.3,"
            " SIP/2.0/TCP p;branch=z",
            last,
        ],
        ["SIP/2.0/UDP 127.0.0.3:9;branch=z9hG4bK1", last],
        ["SIP/2.0/UDP ue.example:9;branch=z9hG4bK2;received=127.0.0.3", last],
    ]


def test_crash_of_a_handler_is_answered_500_and_told():
    async def crash(request, flow):
        raise ConnectionError("the stub's own")

    async def unwritable(request, flow):
        return response_to(request, 200, headers=[("X", "a\r\nb")])

    async def too_long(request, flow):
        return response_to(request, 200, body=bytes(70_000))

    async def scene(handler):
        async with endpoint(handler) as (server, notes), endpoint() as (ue, _):
            flow = await ue.connect("udp", "127.0.0.1", await server.start("127.0.0.1"))
            response = await ue.request(register(), flow)
            [error] = notes.errors
            return response.status, type(error), error.__notes__, len(notes.records)

    note = ["while answering REGISTER sip:primary.example"]
    assert asyncio.run(scene(crash)) == (500, ConnectionError, note, 1)
    assert asyncio.run(scene(unwritable)) == (500, ValueError, note, 1)
    assert asyncio.run(scene(too_long)) == (500, ValueError, note, 1)


def test_crash_is_logged_when_nobody_listens(caplog):
    async def crash(request, flow):
        raise LookupError("lost")

    async def scene():
        server, ue = SipEndpoint(crash), SipEndpoint(accept)
        flow = await ue.connect("tcp", "127.0.0.1", await server.start("127.0.0.1"))
        await ue.request(register(), flow)
        await ue.close()
        await server.close()

    asyncio.run(scene())

    [record] = caplog.records
    assert record.getMessage() == "a SIP handler failed"
    assert isinstance(record.exc_info[1], LookupError)


def test_failing_observer_is_an_error_of_the_suite():
    async def scene():
        async with endpoint() as (server, notes), endpoint() as (ue, _):
            notes.exchange = lambda record: 1 / 0
            flow = await ue.connect("udp", "127.0.0.1", await server.start("127.0.0.1"))
            return (await ue.request(register(), flow)).status, [type(e) for e in notes.errors]

    assert asyncio.run(scene()) == (200, [ZeroDivisionError])


def test_handler_may_leave_a_request_without_answer():
    async def silent(request, flow):
        return None

    async def scene():
        async with (
            endpoint(silent) as (server, notes),
            endpoint(timers=Timers(scale=0.002)) as (ue, _),
        ):
            flow = await ue.connect("udp", "127.0.0.1", await server.start("127.0.0.1"))
            with pytest.raises(TimeoutError):
                await ue.request(register(), flow)
            return notes

    notes = asyncio.run(scene())

    assert [(record.responses, record.completed) for record in notes.records] == [((), False)]
    assert (notes.scraps, notes.errors) == ([], [])


@pytest.mark.parametrize(
    ("wire", "status"),
    [
        (options(CSeq="7 REGISTER"), 400),
        (options(CSeq="4294967296 OPTIONS"), 400),
        (options(Content_Length="-1"), 400),
        (options(Content_Length="500"), 400),
        (options().replace(b"OPTIONS sip:", b"OPTIONS  sip:"), 400),
        (options().replace(b"SIP/2.0\r", b"SIP/3.0\r", 1), 505),
        (text("gibberish", *OPTIONS[1:]), 400),
        (options(X="x" * 20000), 513),
        (options(Call_ID=None), None),
        (text("SIP/2.0 1000 x", *OPTIONS[1:]), None),
        (b"\x00\x01\x00\x00stun", None),
    ],
)
def test_malformed_datagram_is_told_and_refused_where_possible(wire, status):
    async def scene():
        async with endpoint() as (server, notes):
            port = await server.start("127.0.0.1")
            async with datagrams(to=("127.0.0.1", port)) as ue:
                ue.send(wire)
                good = options(Call_ID="good", Via="SIP/2.0/UDP a;branch=z9hG4bKgood")
                ue.send(good)
                answers = [await ue.next() for _ in range(2 if status else 1)]
            return [int(answer[8:11]) for answer in answers], notes, good

    statuses, notes, good = asyncio.run(scene())

    assert sorted(statuses) == sorted([200, *([status] if status else [])])
    assert [data for data, _ in notes.scraps] == [wire]
    assert [record.request for record in notes.records] == [good]


def test_octets_beyond_content_length_are_told():
    wire = options(Content_Length="2") + b"okrest"

    async def scene():
        async with endpoint() as (server, notes):
            port = await server.start("127.0.0.1")
            async with datagrams(to=("127.0.0.1", port)) as ue:
                ue.send(wire)
                await ue.next()
            return notes

    notes = asyncio.run(scene())

    assert notes.scraps == [(b"rest", "octets beyond Content-Length")]
    assert [record.request for record in notes.records] == [wire[:-4]]


def test_silent_transactions_do_not_hold_up_the_end():
    """Timers F and J are 32 s here."""
    working = []

    async def silent(request, flow):
        working.append(flow.transport)
        if len(working) == 3:
            everybody.set()
        await asyncio.Event().wait()

    async def scene():
        async with (
            endpoint(silent, Timers()) as (server, heard),
            endpoint(timers=Timers()) as (ue, told),
        ):
            port = await server.start("127.0.0.1")
            flows = [await ue.connect(name, "127.0.0.1", port) for name in ("udp", "tcp")]
            asked = [asyncio.create_task(ue.request(register(), flow)) for flow in flows]
            async with datagrams(to=("127.0.0.1", port)) as other:
                other.send(options())
                await everybody.wait()
            async with asyncio.timeout(5):
                await ue.close()
                await server.close()
            outcomes = await asyncio.gather(*asked, return_exceptions=True)
            return outcomes, heard.records, told.records, asyncio.all_tasks()

    everybody = asyncio.Event()
    outcomes, heard, told, tasks = asyncio.run(scene())

    assert [str(outcome) for outcome in outcomes] == ["the endpoint was closed"] * 2
    assert [record.completed for record in heard + told] == [False] * 5
    assert len(tasks) == 1


def test_request_without_via_names_this_end_and_asks_for_rport():
    async def scene():
        async with datagrams() as server:
            ue = SipEndpoint(accept, advertised_host="ue.example")
            flow = await ue.connect("udp", "127.0.0.3", server.port, local_host="127.0.0.9")
            asked = asyncio.create_task(ue.request(register(), flow))
            sent = parse(await server.next())
            await ue.close()
            with pytest.raises(ConnectionError):
                await asked
            return flow, sent

    flow, sent = asyncio.run(scene())

    assert isinstance(sent, SipRequest)
    via = parse_via(sent.headers.all("Via")[0])
    assert (via.transport, via.host, via.port) == ("UDP", "ue.example", flow.local[1])
    assert via.branch.startswith("z9hG4bK")
    assert via.parameters["rport"] is None
    assert flow.local[0] == "127.0.0.9"


def test_stream_is_cut_refused_and_closed():
    one = options(Call_ID="one", Content_Length="0")
    two = options(
        Call_ID="two", l="4", Via="SIP/2.0/TCP a;branch=z9hG4bK2", Content_Type="text/plain"
    )
    wrong = options(Content_Length="0", CSeq="1 BYE", Via="SIP/2.0/TCP a;branch=z9hG4bK3")

    async def scene():
        async with endpoint() as (server, notes):
            port = await server.start("127.0.0.1")
            async with stream("127.0.0.1", port) as (reader, writer):
                writer.write(one + two[:100])
                statuses = [(await reader.readuntil(b"\r\n\r\n"))[:11]]
                writer.write(two[100:] + b"body" + wrong + b"\r\n\r\n" + b"GET / HTTP/1.1\r\n\r\n")
                rest = await reader.read()
            await notes.until(lambda: len(notes.events) == 2)
            return statuses, rest, notes

    statuses, rest, notes = asyncio.run(scene())

    assert statuses == [b"SIP/2.0 200"]
    assert (rest.count(b"SIP/2.0 400"), rest.count(b"\r\n\r\n\r\n")) == (1, 1)
    assert [data for data, _ in notes.scraps] == [wrong, b"GET / HTTP/1.1\r\n\r\n"]
    assert [record.request for record in notes.records] == [one, two + b"body"]
    assert notes.events == [("tcp", "open"), ("tcp", "closed")]


def test_stream_message_without_content_length_is_refused_and_ends_the_connection():
    async def scene():
        async with endpoint() as (server, notes):
            port = await server.start("127.0.0.1")
            async with stream("127.0.0.1", port) as (reader, writer):
                writer.write(options())
                return await reader.read(), notes

    answer, notes = asyncio.run(scene())

    assert (parse(answer).status, parse(answer).reason) == (400, "Content-Length is missing")
    assert notes.scraps == [(options(), "Content-Length is missing")]
