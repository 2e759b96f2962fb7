"""Transactions repeat, absorb and end as RFC 3261 clause 17 says."""

import asyncio

import pytest
from sip_peers import QUICK, Notes, datagrams, endpoint, options, register

from muster.protocol.sip.endpoint import SipTimeout, Timers
from muster.protocol.sip.fields import parse_via
from muster.protocol.sip.message import parse, response_to, serialise


def test_scale_multiplies_every_timer():
    timers = Timers(scale=0.1)

    assert (
        timers.first_retransmission,
        timers.longest_retransmission,
        timers.lifetime,
        timers.absorption,
    ) == pytest.approx((0.05, 0.4, 3.2, 0.5))


def test_lost_request_is_sent_again_and_the_late_copies_of_the_answer_are_absorbed():
    async def scene():
        async with endpoint() as (ue, notes), datagrams() as server:
            flow = await ue.connect("udp", "127.0.0.3", server.port)
            asked = asyncio.create_task(ue.request(register(), flow))
            lost = await server.next()
            again = await server.next()
            answer = serialise(response_to(parse(again), 200))
            for _ in range(3):
                server.send(answer, flow.local)
            response = await asked
            stranger = answer.replace(b"branch=z9hG4bK", b"branch=z9hG4bKother")
            server.send(stranger, flow.local)
            await notes.until(lambda: bool(notes.scraps))
            return lost, again, answer, stranger, response, notes

    lost, again, answer, stranger, response, notes = asyncio.run(scene())

    assert lost == again
    assert response == parse(answer)
    [record] = notes.records
    assert (record.direction, record.request, record.responses) == ("sent", lost, (answer,))
    assert (record.retransmissions >= 1, record.completed) == (True, True)
    assert notes.scraps == [(stranger, "a response that belongs to no transaction")]


def test_provisional_answers_are_kept_in_the_record():
    async def scene():
        async with endpoint() as (ue, notes), datagrams() as server:
            flow = await ue.connect("udp", "127.0.0.3", server.port)
            asked = asyncio.create_task(ue.request(register(), flow))
            request = parse(await server.next())
            wires = [serialise(response_to(request, status)) for status in (100, 404)]
            for wire in wires:
                server.send(wire, flow.local)
            return (await asked).status, wires, notes.records

    status, wires, [record] = asyncio.run(scene())

    assert (status, record.responses) == (404, tuple(wires))


def test_silent_server_times_the_request_out():
    async def scene():
        async with (
            endpoint(timers=Timers(scale=0.002)) as (ue, notes),
            datagrams() as server,
        ):
            flow = await ue.connect("udp", "127.0.0.3", server.port)
            with pytest.raises(SipTimeout, match="no final response from"):
                await ue.request(register(), flow)
            [record] = notes.records
            for _ in range(1 + record.retransmissions):
                await server.next()
            await asyncio.sleep(0.05)
            return record, server.received.qsize()

    record, uncounted = asyncio.run(scene())

    assert (record.completed, record.responses) == (False, ())
    assert record.retransmissions >= 3
    assert uncounted == 0


def test_copy_of_a_request_gets_the_same_answer_and_one_handling():
    calls = []

    async def count(request, flow):
        calls.append(request.method)
        return response_to(request, 200)

    async def scene():
        async with endpoint(count) as (server, notes):
            port = await server.start("127.0.0.1")
            async with datagrams(to=("127.0.0.1", port)) as ue:
                ue.send(options())
                first = await ue.next()
                ue.send(options())
                second = await ue.next()
            return first, second, notes.records

    first, second, [record] = asyncio.run(scene())

    assert first == second
    assert calls == ["OPTIONS"]
    assert (record.direction, record.request, record.responses) == ("received", options(), (first,))
    assert (record.retransmissions, record.completed) == (0, True)


def test_copies_while_the_handler_works_are_counted_and_not_handled_again():
    calls = []
    go = asyncio.Event()

    async def slow(request, flow):
        calls.append(request.headers.get("Call-ID"))
        if request.headers.get("Call-ID") == "torture-1":
            await go.wait()
        else:
            go.set()
        return response_to(request, 200)

    async def scene():
        async with endpoint(slow) as (server, notes):
            port = await server.start("127.0.0.1")
            async with datagrams(to=("127.0.0.1", port)) as ue:
                for _ in range(3):
                    ue.send(options())
                last = options(Call_ID="last", Via="SIP/2.0/UDP 127.0.0.3;branch=z9hG4bK-2")
                ue.send(last)
                await notes.until(lambda: len(notes.records) == 2)
            return {record.request: record.retransmissions for record in notes.records}

    counts = asyncio.run(scene())

    assert calls == ["torture-1", "last"]
    assert counts[options()] == 2


def test_requests_of_equal_branch_are_told_apart_by_method_and_peer():
    calls = []

    async def count(request, flow):
        calls.append((request.method, flow.remote[0]))
        return response_to(request, 200)

    async def scene():
        async with endpoint(count) as (server, _):
            port = await server.start("127.0.0.1")
            async with (
                datagrams("127.0.0.3", to=("127.0.0.1", port)) as one,
                datagrams("127.0.0.4", to=("127.0.0.1", port)) as two,
            ):
                for wire in (options(), options().replace(b"OPTIONS", b"CANCEL")):
                    one.send(wire)
                    await one.next()
                two.send(options())
                await two.next()

    asyncio.run(scene())

    assert calls == [
        ("OPTIONS", "127.0.0.3"),
        ("CANCEL", "127.0.0.3"),
        ("OPTIONS", "127.0.0.4"),
    ]


def test_branch_of_the_old_kind_is_matched_by_the_rest_of_the_request():
    calls = []

    async def count(request, flow):
        calls.append(request.headers.get("CSeq"))
        return response_to(request, 200)

    async def scene():
        async with endpoint(count) as (server, _):
            port = await server.start("127.0.0.1")
            async with datagrams(to=("127.0.0.1", port)) as ue:
                for cseq in ("7 OPTIONS", "7 OPTIONS", "8 OPTIONS"):
                    ue.send(options(Via="SIP/2.0/UDP 127.0.0.3", CSeq=cseq))
                    await ue.next()

    asyncio.run(scene())

    assert calls == ["7 OPTIONS", "8 OPTIONS"]


def test_invite_is_handled_once_and_its_ack_absorbed():
    async def scene():
        calls = []

        async def busy(request, flow):
            calls.append(request.method)
            return response_to(request, 486)

        async with endpoint(busy) as (server, notes):
            port = await server.start("127.0.0.1")
            async with datagrams(to=("127.0.0.1", port)) as ue:
                invite, ack = (
                    options().replace(b"OPTIONS", method) for method in (b"INVITE", b"ACK")
                )
                ue.send(invite)
                await ue.next()
                ue.send(invite)
                await ue.next()
                ue.send(ack)
                await notes.until(lambda: len(notes.records) == 2)
                return calls, invite, ack, notes, ue.received.qsize()

    calls, invite, ack, notes, unread = asyncio.run(scene())

    assert (calls, unread, notes.scraps) == (["INVITE"], 0, [])
    assert [(record.request, len(record.responses)) for record in notes.records] == [
        (invite, 1),
        (ack, 0),
    ]


def test_cancelled_request_is_reported_once_as_not_completed():
    async def scene():
        async with endpoint() as (ue, notes), datagrams() as server:
            flow = await ue.connect("udp", "127.0.0.3", server.port)
            asked = asyncio.create_task(ue.request(register(), flow))
            await server.next()
            asked.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asked
            return notes

    notes: Notes = asyncio.run(scene())

    assert [(record.direction, record.completed) for record in notes.records] == [("sent", False)]


def test_branch_of_a_running_transaction_cannot_be_used_again():
    async def scene():
        async with endpoint() as (ue, _), datagrams() as server:
            flow = await ue.connect("udp", "127.0.0.3", server.port)
            request = register()
            request.headers.add("Via", "SIP/2.0/UDP ue;branch=z9hG4bKmine")
            asked = asyncio.create_task(ue.request(request, flow))
            sent = parse(await server.next())
            with pytest.raises(ValueError, match="under way"):
                await ue.request(request, flow)
            server.send(serialise(response_to(sent, 200)), flow.local)
            await asked
            return sent

    sent = asyncio.run(scene())

    assert parse_via(sent.headers.get("Via")).branch == "z9hG4bKmine"
    assert QUICK.scale < 1
