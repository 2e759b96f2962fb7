"""`muster run --page` and `muster page`, as processes of their own."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import TOY_STEPS, call_muster, muster_command, muster_environment
from tests.live.campaign import Written, items
from tests.live.client import Client, next_news

FEATURE = """\
Feature: Long
  @TS23280-10.1.1.1-04
  Scenario: Good
    When the UE asks for /good
    Then that request is good

  @TS23280-10.1.1.1-04
  Scenario: Waiting
    When the process waits 30 seconds
"""


@contextmanager
def started(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], Client]]:
    """A `muster` that serves a page, and who asks it."""
    process = subprocess.Popen(
        muster_command(*arguments),
        cwd=folder,
        env=muster_environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("page: http://127.0.0.1:")
        yield process, Client(line.split()[1])
    finally:
        process.kill()
        process.communicate()


def test_a_campaign_is_shown_while_it_runs_and_to_its_end(tmp_path: Path) -> None:
    (tmp_path / "own.feature").write_text(FEATURE)
    arguments = ("run", "--steps", str(TOY_STEPS), "--page", "own.feature")
    with started(tmp_path, *arguments) as (process, client), client.events() as events:
        running = seen_until(events, '"state":"running"', '"PASS"')
        process.send_signal(signal.SIGINT)
        ended = list(events)
        code = process.wait(20)

    assert code == 2
    assert [row["k"] for row in running if row["t"] == "row"][:3] == [
        "scenario",
        "step",
        "exchange",
    ]
    last = [item for _, kind, data in ended if kind == "message" for item in items(data)]
    assert {"interrupted", "end"} <= {item["t"] for item in last}
    assert ended[-1][1] == "farewell"


def seen_until(events: Iterator[tuple[str, str, str]], *words: str) -> list[dict[str, object]]:
    """All items up to the news with which every word was seen."""
    told = ""
    seen: dict[str, dict[str, object]] = {}
    while not all(word in told for word in words):
        _, data = next_news(events)
        told += data
        for item in items(data):
            seen[f"{item['t']} {item.get('n', item.get('s'))}"] = item
    return list(seen.values())


def test_a_campaign_that_is_over_is_shown_until_it_is_enough(
    tmp_path: Path, written: Written
) -> None:
    written.begin()
    written.get("/seen.xml")
    with started(tmp_path, "page", str(written.folder)) as (process, client):
        with client.events() as events:
            seen = seen_until(events, "seen.xml")
        exchange = client.ask("GET", "exchanges/1")[1]
        process.send_signal(signal.SIGINT)
        code = process.wait(20)

    assert code == 0
    assert [item["label"] for item in seen if item.get("k") == "exchange"] == ["seen.xml"]
    assert b"GET /seen.xml" in exchange


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("page", "."), ". holds no journal of a campaign"),
        (("run", "--page", "immigration"), "immigration: there is no such feature"),
        (("run", "--page", "lab.example:8100"), "HOST:PORT of this machine is expected"),
        (("run", "--page", "0.0.0.0:8100"), "the page is for this machine alone"),
    ],
)
def test_a_page_that_cannot_be_is_refused_before_anything_starts(
    tmp_path: Path, arguments: tuple[str, ...], word: str
) -> None:
    ran = call_muster(tmp_path, *arguments)

    assert (ran.code, list(tmp_path.iterdir())) == (64, [])
    assert word in ran.err
