"""What is shown while a campaign runs, and how its journals are followed."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from rich.console import Console

from muster.journal import Journal
from muster.journal_tail import JournalTail
from muster.progress import Progress

FINDING = {
    "requirement": "TS1-1-01",
    "expected": "[bold]a",
    "observed": "\x1b[2J\u202eb",
    "exchange": "X1",
    "severity": "FAIL",
}


def verdict(name: str, word: str, **more: Any) -> dict[str, Any]:
    event = {"kind": "verdict", "scenario": name, "verdict": word, "reason": "", "duration": 0.34}
    return {**event, "explanation": "", "findings": [], **more}


def shown(events: list[dict[str, Any]], verbose: bool = False) -> str:
    console = Console(file=io.StringIO(), width=60)
    with Progress(console, verbose) as progress:
        progress.feed(events)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_every_scenario_has_its_line_where_there_is_no_terminal() -> None:
    entries = [{"id": "a/x.feature:3", "title": "Good"}, {"id": "a/x.feature:7", "title": "Bad"}]

    told = shown(
        [
            {"kind": "collected", "scenarios": entries},
            {"kind": "scenario-started", "scenario": "a/x.feature:3"},
            verdict("a/x.feature:3", "PASS"),
            verdict("a/x.feature:7", "INCONCLUSIVE", reason="ue_silent"),
        ]
    )

    assert told == (
        "PASS  a/x.feature:3 Good (0.3 s)\nINCONCLUSIVE(ue_silent) a/x.feature:7 Bad (0.3 s)\n"
    )


def test_what_a_ue_sent_neither_steers_the_terminal_nor_is_markup() -> None:
    told = shown([verdict("a", "FAIL", findings=[FINDING])])

    assert told == (
        "FAIL  a  (0.3 s)\n      FAIL TS1-1-01: expected [bold]a, observed \\x1b[2J\\u202eb [X1]\n"
    )


def test_verbose_shows_the_steps_that_ended() -> None:
    step = {"kind": "step", "scenario": "a", "keyword": "When", "text": "it acts"}

    told = shown([{**step, "status": "started"}, {**step, "status": "passed"}], verbose=True)

    assert told == "      passed   When it acts\n"


def test_a_tail_gives_whole_lines_once_and_leaves_the_controllers_out(tmp_path: Path) -> None:
    tail = JournalTail(tmp_path)
    journal = Journal(tmp_path, "gw0")
    controller = Journal(tmp_path, "controller")

    controller.write("suite-error", where="", message="not a worker's")
    journal.write("scenario-started")
    with journal.path.open("ab") as file:
        file.write(b'{"kind":"verdict","sce')
    first = [event["kind"] for event in tail.read()]
    with journal.path.open("ab") as file:
        file.write(b'nario":"a"}\n')
    second = [event["kind"] for event in tail.read()]

    assert (first, second, tail.read()) == (["scenario-started"], ["verdict"], [])
    journal.close()
    controller.close()
