"""What is told of a fleet's journals: exchanges that lack, that are too many, and broken chains."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.fleet import Fleet
from muster.journal import Journal
from muster.journal_files import read_journal

UES = {
    "ues": [
        {"address": "127.77.0.1", "problem": "", "http": 2, "sip": 1, "notified": 1},
        {"address": "127.77.0.2", "problem": "gave up", "http": 1},
    ]
}
HTTP = {"protocol": "http"}
SENT = {"protocol": "sip", "direction": "from_ue"}
RECEIVED = {"protocol": "sip", "direction": "to_ue"}
SEEN = [
    {**HTTP, "facts": {"remote": "127.77.0.1"}},
    {**HTTP, "facts": {"remote": "127.77.0.1"}},
    {**HTTP, "facts": {"remote": "127.77.0.2"}},
    {**SENT, "facts": {"remote": "127.77.0.1:5060"}},
    {**RECEIVED, "facts": {"remote": "127.77.0.1:5060"}},
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    journal = Journal(tmp_path, "main")
    for members in SEEN:
        journal.write("exchange", **members)
    journal.close()
    return journal.path


def fleet(path: Path) -> Fleet:
    return Fleet(UES, {"crashes": []}, [read_journal(path)])


def test_journal_that_holds_what_the_ues_counted_differs_in_nothing(path: Path):
    told = fleet(path)

    assert (told.finished, told.differences, told.defects) == (1, 0, [])
    assert told.reasons == {"gave up": 1}


@pytest.mark.parametrize("lost", range(len(SEEN)))
def test_every_lost_exchange_is_told(path: Path, lost: int):
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[: 1 + lost], *lines[2 + lost :]]))

    told = fleet(path)

    assert told.differences == 1
    assert len(told.defects) == 1
    assert "does not continue the chain" in told.defects[0]


def test_exchange_that_nobody_sent_is_told(path: Path):
    whole = read_journal(path)
    stranger = {"kind": "exchange", **HTTP, "facts": {"remote": "127.77.0.9"}}
    more = replace(whole, events=(*whole.events, stranger))

    assert Fleet(UES, {"crashes": []}, [more]).differences == 1


def test_failure_of_a_stub_is_a_defect(path: Path):
    told = replace(fleet(path), stubs={"crashes": ["primary cms: KeyError"]})

    assert told.defects == ["primary cms: KeyError"]
