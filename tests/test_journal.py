"""The journal: one chained line per event, bodies by hash, and what checks see of it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from muster.evidence import (
    Exchange,
    HttpExchange,
    SipAnswer,
    SipExchange,
    TokenUse,
)
from muster.journal import FIRST_LINK, Journal, exchange_from_event, now
from muster.journal_files import Bodies, last_link, read_journal, read_journals

TOKEN = TokenUse("masked-1", "access", "primary", "sip:a", ("openid", "x"), False, "body")
HTTP = HttpExchange(
    name="",
    started=1.5,
    ended=2.25,
    system="primary",
    server="cms",
    connection="C1",
    method="GET",
    target="/a%40b?c=d",
    headers=(("Host", "x"), ("X-Twice", "1"), ("X-Twice", "2")),
    body=b"\x00\xff asked",
    status=200,
    response_headers=(("ETag", '"v1"'),),
    response_body=b"",
    tls="TLSv1.3 AES",
    tokens=(TOKEN,),
    facts={"document": "d", "nested": {"a": [1, None]}},
)
SIP = SipExchange(
    name="",
    started=1.5,
    ended=2.25,
    system="partner",
    server="sip",
    connection="C2",
    direction="to_ue",
    transport="udp",
    method="NOTIFY",
    request_uri="sip:a@b",
    headers=(("Via", "v"),),
    body=b"asked",
    responses=(
        SipAnswer(100, "Trying", (), b""),
        SipAnswer(200, "OK", (("To", "x"),), b"answered"),
    ),
    tokens=(TOKEN,),
    facts={"retransmissions": 2},
)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(tmp_path, "gw0")
    yield journal
    journal.close()


def events(journal: Journal) -> list[dict[str, Any]]:
    return [json.loads(line) for line in journal.path.read_bytes().splitlines()]


def test_chain_is_recomputed_from_the_bytes_of_the_file(journal: Journal) -> None:
    journal.begin("ue/a.feature:3")
    journal.write("step", text='quoted "and" ünïcode \u2028 ,"chain":"x"')
    journal.exchange(HTTP)
    journal.close()

    head = FIRST_LINK
    for line in journal.path.read_bytes().split(b"\n")[:-1]:
        payload, _, tail = line.rpartition(b',"chain":"')
        head = sha256(head.encode() + payload).hexdigest()
        assert tail == f'{head}"}}'.encode()
    assert head == journal.head
    assert [event["kind"] for event in events(journal)] == [
        "journal-opened",
        "step",
        "exchange",
        "journal-closed",
    ]


@pytest.mark.parametrize("change", ["alter", "remove", "swap", "insert"])
def test_tampering_is_found(journal: Journal, change: str) -> None:
    for number in range(4):
        journal.write("step", text=f"step {number}")
    journal.close()
    lines = journal.path.read_bytes().splitlines(keepends=True)
    match change:
        case "alter":
            lines[2] = lines[2].replace(b"step 1", b"step 9")
        case "remove":
            del lines[2]
        case "swap":
            lines[2], lines[3] = lines[3], lines[2]
        case "insert":
            lines.insert(2, lines[2])
    journal.path.write_bytes(b"".join(lines))

    expected_line = 4 if change == "insert" else 3
    read = read_journal(journal.path)
    assert read.broken == f"journal-gw0.jsonl: line {expected_line} does not continue the chain"


def test_untouched_journal_is_whole(journal: Journal) -> None:
    journal.write("step", text="x")

    read = read_journal(journal.path)

    assert (read.broken, read.notes, read.head) == ("", (), journal.head)


def test_cut_line_is_left_out_and_the_rest_stands(journal: Journal) -> None:
    journal.write("step", text="x")
    journal.close()
    journal.path.write_bytes(journal.path.read_bytes()[:-20])

    read = read_journal(journal.path)

    assert (len(read.events), read.broken, len(read.notes)) == (2, "", 1)


@pytest.mark.parametrize(
    "seen",
    [
        HTTP,
        SIP,
        replace(HTTP, status=None, response_headers=(), facts={}, tokens=()),
        replace(SIP, responses=()),
        replace(HTTP, target="/a\udcff", headers=(("X", "\ufffd\x00\u2028"),)),
    ],
)
def test_exchange_is_read_back_as_live_checks_saw_it(journal: Journal, seen: Exchange) -> None:
    live = journal.exchange(seen)

    [event] = [event for event in events(journal) if event["kind"] == "exchange"]
    assert exchange_from_event(event, Bodies(journal.bodies).load) == live
    assert live.name == "X1"


def test_exchange_is_masked_in_every_part(journal: Journal) -> None:
    label = journal.masker.register("the-secret", "token")
    before = replace(
        HTTP,
        target="/x?code=the-secret",
        headers=(("X", "the-secret"),),
        body=b"the-secret",
        response_headers=(("Y", "the-secret"),),
        response_body=b"<the-secret>",
        facts={"path": "the-secret"},
    )

    after = journal.exchange(before)

    assert after == replace(
        before,
        name="X1",
        target=f"/x?code={label}",
        headers=(("X", label),),
        body=label.encode(),
        response_headers=(("Y", label),),
        response_body=f"<{label}>".encode(),
        facts={"path": label},
    )
    written = [p.read_bytes() for p in journal.folder.rglob("*") if p.is_file()]
    assert not any(b"the-secret" in data for data in written)


def test_sip_exchange_is_masked_in_every_part(journal: Journal) -> None:
    label = journal.masker.register("the-secret", "token")
    answer = SipAnswer(200, "OK", (("Z", "the-secret"),), b"the-secret")

    after = journal.exchange(
        replace(
            SIP,
            request_uri="sip:the-secret@x",
            headers=(("X", "the-secret"),),
            body=b"the-secret",
            responses=(answer,),
        )
    )

    assert after == replace(
        SIP,
        name="X1",
        request_uri=f"sip:{label}@x",
        headers=(("X", label),),
        body=label.encode(),
        responses=(SipAnswer(200, "OK", (("Z", label),), label.encode()),),
    )


def test_crash_and_connection_are_masked(journal: Journal) -> None:
    label = journal.masker.register("the-secret", "token")

    journal.crash("cms /the-secret", LookupError("the-secret"))
    journal.connection("primary", "cms", "C1", "unparsed", reason="the-secret", bytes="")

    assert journal.crashes == [f"cms /{label}: LookupError: {label}"]
    crash, connection = events(journal)[1:]
    assert (crash["where"], crash["error"]) == (f"cms /{label}", journal.crashes[0])
    assert connection["reason"] == label


def test_bodies_are_stored_once_by_hash(journal: Journal) -> None:
    assert journal.body(b"") == ""
    assert journal.body(b"x") == journal.body(b"x") == sha256(b"x").hexdigest()

    assert [path.name for path in journal.bodies.iterdir()] == [sha256(b"x").hexdigest()]


def test_altered_body_is_found(journal: Journal) -> None:
    name = journal.body(b"x")
    (journal.bodies / name).write_bytes(b"y")
    bodies = Bodies(journal.bodies)

    bodies.load(name)

    assert bodies.altered == [f"bodies/{name}: its content was changed"]


def test_scenario_begins_without_what_came_before(journal: Journal) -> None:
    journal.exchange(HTTP)
    journal.connection("primary", "cms", "C1", "accepted")
    journal.crash("here", LookupError("x"))

    journal.begin("a.feature:2")
    journal.exchange(HTTP)

    assert [seen.name for seen in journal.exchanges] == ["X2"]
    assert (journal.contacts, journal.crashes) == ([], [])
    assert events(journal)[-1]["scenario"] == "a.feature:2"


def test_waiting_ends_with_the_event(journal: Journal) -> None:
    thread = threading.Thread(target=journal.exchange, args=(HTTP,))
    thread.start()

    assert journal.wait_until(lambda: bool(journal.exchanges), 10)
    thread.join()
    assert not journal.wait_until(lambda: len(journal.exchanges) > 1, 0.01)


def test_many_threads_write_one_chain(journal: Journal) -> None:
    def write() -> None:
        for _ in range(50):
            journal.exchange(HTTP)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert read_journal(journal.path).broken == ""
    names = [event["name"] for event in events(journal)[1:]]
    assert names == [f"X{number}" for number in range(1, 201)]


def test_time_never_runs_backwards() -> None:
    times = [now() for _ in range(100)]

    assert times == sorted(times)


def test_last_link_is_that_of_the_last_whole_line(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "main")
    for number in range(3):
        journal.write("wait", after="x" * 70_000, number=number)
    assert last_link(journal.path) == journal.head
    with journal.path.open("ab") as file:
        file.write(b'{"kind":"cut')

    assert last_link(journal.path) == journal.head == read_journals(tmp_path)[0].head
    journal.close()


def test_last_link_of_an_empty_journal_is_the_first(tmp_path: Path) -> None:
    (tmp_path / "journal-x.jsonl").write_bytes(b"")

    assert last_link(tmp_path / "journal-x.jsonl") == FIRST_LINK


def test_journal_without_bodies_names_them_all_the_same(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "proof", keeps_bodies=False)

    journal.exchange(replace(HTTP, body=b"a body"))
    journal.close()

    [event] = [one for one in read_journal(journal.path).events if one["kind"] == "exchange"]
    assert event["body"] == sha256(b"a body").hexdigest()
    assert list(journal.bodies.iterdir()) == []
