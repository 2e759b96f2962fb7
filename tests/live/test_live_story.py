"""What the page shows: rows, scenarios, findings, prompts; by news, and within bounds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from muster.journal import Journal
from muster.live.details import details
from muster.live.follow import Follower
from muster.live.kept import WINDOW, Changes, Rows
from muster.live.story import Story
from tests.live.campaign import REQUIREMENT, SIGN_IN, Written, items, rows
from tests.reports.large_sample import write_large
from tests.reports.sample import ACCESS, ALICE, bearer, kill, sample_catalogue


def told(folder: Path, chunk: int = 1 << 20) -> Story:
    """The story of all that a folder holds now."""
    story, follower = Story(sample_catalogue()), Follower(folder, chunk)
    story.feed(follower.read())
    while follower.is_behind:
        story.feed(follower.read())
    return story


def shown(story: Story, *members: str) -> list[tuple[Any, ...]]:
    return [tuple(row.get(name) for name in members) for row in rows(story.since(None))]


# Rows --------------------------------------------------------------------------------------------


def test_messages_stand_in_their_order_with_way_and_answer(written: Written) -> None:
    written.begin()
    written.get("/xcap/org.3gpp.mcptt.ue-config/users/sip%3Aalice/ue%2D1?x=org.a.b/c")
    written.notify("partner")
    written.get("/late", status=None)
    written.get("/other", status=404)

    story = told(written.folder)

    assert shown(story, "k", "name", "system", "in", "method", "label", "status", "tone") == [
        ("scenario", None, None, None, None, None, None, ""),
        ("exchange", "X1", "primary", False, "GET", "mcptt.ue-config ue-1", "200", ""),
        ("exchange", "X2", "partner", True, "NOTIFY", "ue", "200", ""),
        ("exchange", "X3", "primary", False, "GET", "late", "no answer", "refused"),
        ("exchange", "X4", "primary", False, "GET", "other", "404", "refused"),
    ]


def test_what_else_happens_has_its_row(written: Written) -> None:
    written.begin()
    step = {"keyword": "When", "text": "Alice signs in", "line": 3, "index": 0}
    written.worker.write("step", **step, status="started")
    members = {"operation": "sign_in", "arguments": {"user": "alice"}, "reason": "no key"}
    written.worker.write("stimulus", **members, answer="refused", started=1.0, ended=2.0)
    written.worker.write("wait", begins=1.0, ends=3.5, scale=1.0, after="the 200 to X4")
    refused = {"event": "tls-failed", "alert": "unknown_ca"}
    written.worker.connection("primary", "cms", "cms-1", **refused)
    written.worker.connection("primary", "cms", "cms-2", "accepted")
    written.worker.write("step", **step, status="passed")
    written.worker.crash("primary cms", RuntimeError("no document"))
    written.verdict("ERROR", "suite_error", "no document")

    assert shown(told(written.folder), "k", "label", "tone") == [
        ("scenario", None, ""),
        ("step", "Alice signs in", ""),
        ("stimulus", "sign_in alice: refused (no key)", "refused"),
        ("wait", "quiet for 2.5 s after the 200 to X4", ""),
        ("connection", "tls-failed unknown_ca", "refused"),
        ("crash", "primary cms: RuntimeError: no document", "error"),
        ("verdict", "ERROR (suite_error)", ""),
    ]


def test_a_masked_token_is_named_shortly(written: Written) -> None:
    written.get(f"/callback/{ACCESS.label}")

    assert shown(told(written.folder), "label") == [("access·1f00",)]


def test_text_that_would_act_is_made_visible(written: Written) -> None:
    written.get("/a\u202eb\x1b[2J", method="<b>GET</b>")

    assert shown(told(written.folder), "method", "label") == [("<b>GET</b>", "a⟨U+202E⟩b␛[2J")]


def test_events_of_other_versions_do_not_end_the_page(written: Written) -> None:
    written.worker.write("exchange", protocol="carrier pigeon")
    written.worker.write("prompt")
    written.worker.write("judgement", exchanges=None)
    with written.worker.path.open("ab") as file:
        file.write(b'{"kind":"exchange","time":1,\n{"kind":"step"}\n')
    written.get()

    assert shown(told(written.folder), "k") == [("exchange",)]


# Scenarios, findings, prompts --------------------------------------------------------------------


def test_a_scenario_goes_from_waiting_to_its_verdict(written: Written) -> None:
    written.begin(1)
    story, follower = Story(), Follower(written.folder)
    story.feed(follower.read())
    before = {one["id"]: one["state"] for one in items(story.since(None)) if one["t"] == "scenario"}
    written.verdict("INCONCLUSIVE", "ue_silent", "nothing came")
    number = story.number
    story.feed(follower.read())
    (after,) = (one for one in items(story.since(number)) if one["t"] == "scenario")

    assert before == {
        "bootstrap/retrieval.feature:14": "waiting",
        "migration/retrieval.feature:18": "running",
    }
    assert (after["state"], after["reason"], after["why"]) == (
        "INCONCLUSIVE",
        "ue_silent",
        "nothing came",
    )


def test_findings_of_one_requirement_stand_together_with_what_it_says(written: Written) -> None:
    written.begin()
    for number in range(7):
        written.depart(written.get(f"/{number}"), observed=f"another {number}")

    story = told(written.folder)
    (found,) = (one for one in items(story.since(None)) if one["t"] == "finding")

    assert (found["requirement"], found["severity"], found["count"]) == (REQUIREMENT, "FAIL", 7)
    assert (found["clause"], found["weight"]) == ("TS 23.280 10.1.1.2", "shall, verified")
    assert [one["observed"] for one in found["latest"]] == [f"another {n}" for n in (6, 5, 4, 3, 2)]
    assert shown(story, "name", "tone")[1:] == [(f"X{n}", "finding") for n in range(1, 8)]


def test_a_warning_does_not_hide_a_failure(written: Written) -> None:
    name = written.get()
    written.depart(name)
    written.depart(name, severity="WARNING")

    assert shown(told(written.folder), "tone") == [("finding",)]


def test_a_prompt_is_open_until_it_is_answered(written: Written) -> None:
    written.begin()
    written.ask()
    story, follower = Story(), Follower(written.folder)
    story.feed(follower.read())
    (asked,) = (one for one in items(story.since(None)) if one["t"] == "prompt")
    number = story.number
    written.answered("refused", "no key")
    story.feed(follower.read())
    (closed,) = (one for one in items(story.since(number)) if one["t"] == "prompt")

    assert (asked["what"], asked["why"], asked["seconds"], asked["arguments"], asked["state"]) == (
        "Sign in as Alice.",
        "Muster watches the token requests.",
        120.0,
        [["user", "alice"]],
        "open",
    )
    assert (closed["id"], closed["state"], closed["detail"]) == (SIGN_IN.id, "refused", "no key")
    assert story.open_prompts == {}
    assert [one for one in items(story.since(None)) if one["t"] == "prompt"] == []


def test_nobody_waits_for_a_prompt_after_the_verdict(written: Written) -> None:
    written.begin()
    written.ask()
    written.verdict("ERROR", "worker_died")

    assert told(written.folder).open_prompts == {}


# News --------------------------------------------------------------------------------------------


def test_a_page_gets_what_changed_after_what_it_has(written: Written) -> None:
    written.begin()
    written.get("/first")
    story, follower = Story(), Follower(written.folder)
    story.feed(follower.read())
    number = story.number
    second = written.get("/second")
    story.feed(follower.read())

    assert [row["name"] for row in rows(story.since(number))] == [second]
    assert items(story.since(story.number)) == []


def test_a_row_that_changes_is_told_again(written: Written) -> None:
    name = written.get("/first")
    story, follower = Story(), Follower(written.folder)
    story.feed(follower.read())
    number = story.number
    written.depart(name)
    story.feed(follower.read())

    assert [(row["n"], row["tone"]) for row in rows(story.since(number))] == [(0, "finding")]


def test_rows_are_told_in_their_order_whichever_changed_last(written: Written) -> None:
    story, follower = Story(), Follower(written.folder)
    story.feed(follower.read())
    number = story.number
    step = {"keyword": "When", "text": "it acts", "line": 3, "index": 0}
    written.begin()
    written.worker.write("step", **step, status="started")
    written.get("/first")
    written.worker.write("step", **step, status="passed")
    story.feed(follower.read())

    assert [row["k"] for row in rows(story.since(number))] == ["scenario", "step", "exchange"]


def test_a_new_page_of_a_long_campaign_gets_a_window_of_rows(tmp_path: Path) -> None:
    story = told(write_large(tmp_path, scenarios=25))
    first = json.loads(story.since(None))
    earlier = json.loads(story.page_of_rows(None, first["rows"] - WINDOW))

    assert first["rows"] > 1000
    assert len(rows(story.since(None))) == len(earlier["items"]) == WINDOW
    assert earlier["items"][-1]["n"] == first["rows"] - WINDOW - 1
    assert earlier["more"] == first["rows"] - 2 * WINDOW


def test_the_rows_of_one_scenario_are_given_alone(written: Written) -> None:
    written.begin(0)
    written.get("/first")
    written.begin(1)
    written.get("/second")
    story = told(written.folder)

    assert [row.get("label") for row in items(story.page_of_rows(1, None))] == [None, "second"]
    assert items(story.page_of_rows(99, None)) == []


def test_a_bench_that_stands_for_days_keeps_the_latest_rows(written: Written) -> None:
    for number in range(9):
        written.get(f"/{number}")
    story = Story()
    story.rows = Rows(Changes(), most=4)
    story.feed(Follower(written.folder).read())

    kept = json.loads(story.page_of_rows(None, None))
    assert [(row["n"], row["label"]) for row in kept["items"]] == [
        (5, "5"),
        (6, "6"),
        (7, "7"),
        (8, "8"),
    ]
    assert (kept["rows"], kept["more"], sorted(story.rows.evidence)) == (9, 0, [5, 6, 7, 8])


# Following ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("chunk", [64, 700, 1 << 20])
def test_journals_of_several_workers_are_told_in_the_order_of_time(
    written: Written, chunk: int
) -> None:
    other = Journal(written.folder, "gw1")
    for number in range(6):
        written.get(f"/{number}-main")
        other.begin("migration/retrieval.feature:18")
        written.worker.begin("bootstrap/retrieval.feature:14")
        other.write("scenario-started")
    kill(other)

    story = told(written.folder, chunk)

    assert [kind for (kind,) in shown(story, "k")] == ["exchange", "scenario"] * 6


def test_a_line_that_is_not_whole_yet_waits(written: Written) -> None:
    follower = Follower(written.folder)
    follower.read()
    name = written.get()
    data = written.worker.path.read_bytes()
    written.worker.path.write_bytes(data[:-9])
    first = follower.read()
    written.worker.path.write_bytes(data)

    assert first == []
    assert [line.event["name"] for line in follower.read()] == [name]


def test_a_folder_without_journals_is_followed_until_there_are_some(tmp_path: Path) -> None:
    follower = Follower(tmp_path / "results")
    before = follower.read()
    campaign = Written(tmp_path / "results")

    assert before == []
    assert [line.event["kind"] for line in follower.read()] == ["campaign", "collected"]
    campaign.close()


# Details -----------------------------------------------------------------------------------------


def test_an_exchange_is_told_with_fields_body_and_checks(written: Written) -> None:
    answer = {"response_headers": (("Content-Type", "application/json"),), "tokens": (ACCESS,)}
    written.get()
    name = written.get(headers=bearer(ACCESS), response_body=b'{"a":"<b>"}', **answer)
    written.depart(name)

    story = told(written.folder)
    text = details(written.folder, story.rows.evidence[1], story.requirement)
    exchange = json.loads(text or "")

    assert exchange["name"] == name
    assert exchange["tokens"] == [
        f"access token issued by primary to {ALICE}, in the authorization"
    ]
    assert exchange["messages"][0]["start"] == "GET /doc.xml"
    assert exchange["messages"][0]["fields"][1] == ["Authorization", "Bearer access·1f00"]
    (part,) = exchange["messages"][1]["parts"]
    assert (part["media_type"], part["text"]) == ("application/json", '{\n  "a": "<b>"\n}')
    (check,) = exchange["checks"]
    assert check["statement"] == "It holds."
    assert check["requirements"][0]["clause"] == "TS 23.280 10.1.1.2"
    assert [one["observed"] for one in check["findings"]] == ["another"]


def test_a_body_that_is_missing_is_told(written: Written) -> None:
    written.get(response_body=b"lost")
    for body in (written.folder / "bodies").iterdir():
        body.unlink()
    story = told(written.folder)

    exchange = json.loads(details(written.folder, story.rows.evidence[0], story.requirement) or "")

    assert [gap.endswith("missing in the results folder") for gap in exchange["gaps"]] == [True]


def test_an_exchange_of_a_removed_journal_is_none(written: Written) -> None:
    written.get()
    story = told(written.folder)
    written.worker.path.unlink()

    assert details(written.folder, story.rows.evidence[0], story.requirement) is None
