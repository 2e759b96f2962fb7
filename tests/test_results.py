import json
from pathlib import Path

import pytest

from muster.evidence import Window
from muster.journal import Journal
from muster.results import (
    Results,
    Step,
    UnreadableResults,
    campaign_document,
    read_results,
    write_campaign,
)
from muster.verdicts import Verdict
from tests.reports.sample import SCENARIOS, Telling, fetch, kill, notify, subscribe, write_sample

MIGRATION = "migration/retrieval.feature:18"


def verdicts(results: Results) -> dict[str, tuple[str, str]]:
    return {one.id: (one.verdict.value, one.reason) for one in results.scenarios}


def replace_in(path: Path, old: bytes, new: bytes) -> None:
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))


@pytest.fixture
def open_journal(tmp_path):
    """Opens journals that end as those of a killed process do."""
    opened: list[Journal] = []

    def start(worker: str) -> Journal:
        opened.append(Journal(tmp_path, worker))
        return opened[-1]

    yield start
    kill(*opened)


@pytest.fixture
def journal(open_journal):
    """The journal of a process in which one scenario has begun."""
    journal = open_journal("main")
    journal.write("collected", scenarios=[SCENARIOS[1]])
    journal.begin(SCENARIOS[1]["id"])
    journal.write("scenario-started")
    return journal


def test_every_scenario_has_its_verdict_and_reason(tmp_path):
    results = read_results(write_sample(tmp_path))

    assert verdicts(results) == {
        "bootstrap/retrieval.feature:14": ("PASS", ""),
        "ue_configuration/retrieval.feature:17": ("FAIL", ""),
        "user_profile/retrieval.feature:21": ("INCONCLUSIVE", "ue_silent"),
        "updates/retrieval.feature:12": ("PASS", ""),
        MIGRATION: ("FAIL", ""),
        "migration/retrieval.feature:41": ("NOT_APPLICABLE", "migration and return_home"),
        "robustness/retrieval.feature:9": ("ERROR", "suite_error"),
        "robustness/retrieval.feature:31": ("NOT_RUN", "worker_died"),
    }


def test_untouched_folder_is_sealed_and_has_nothing_to_note(tmp_path):
    results = read_results(write_sample(tmp_path))

    assert (results.sealed, results.notes, results.broken_chains) == (True, (), ())


def test_counts_name_every_denominator(tmp_path):
    assert read_results(write_sample(tmp_path)).counts == {
        "selected": 8,
        "applicable": 7,
        "PASS": 2,
        "FAIL": 2,
        "INCONCLUSIVE": 1,
        "NOT_APPLICABLE": 1,
        "ERROR": 1,
        "NOT_RUN": 1,
    }


def test_exchanges_come_back_as_checks_saw_them(tmp_path, journal):
    fetch(Telling(journal), "primary", "cms", "/users/alice")
    subscribe(Telling(journal), "primary")
    notify(Telling(journal), "primary")
    seen = tuple(journal.exchanges)
    journal.close()

    assert read_results(tmp_path).scenarios[0].exchanges == seen


def test_events_know_the_step_that_ran(tmp_path):
    migration = next(one for one in read_results(write_sample(tmp_path)).scenarios if one.steps[2:])

    assert [(seen.step, type(seen.what).__name__) for seen in migration.events][:4] == [
        (0, "Stimulus"),
        (0, "HttpExchange"),
        (0, "HttpExchange"),
        (1, "Stimulus"),
    ]


def test_step_ends_with_its_last_status(tmp_path):
    silent = read_results(write_sample(tmp_path)).scenarios[2]

    assert silent.steps[1] == Step(
        1, "When", "the primary CMS tells of a new profile", 11, "stopped"
    )


def test_windows_of_quiet_are_kept(tmp_path):
    (window,) = read_results(write_sample(tmp_path)).scenarios[2].of(Window)

    assert (window.scale, window.after) == (1.0, "the 200 to X4")


def test_cut_journal_reads_to_its_last_whole_line(tmp_path):
    results = read_results(write_sample(tmp_path, cut=True))

    assert verdicts(results)["updates/retrieval.feature:12"] == ("PASS", "")
    assert results.notes == (
        "journal-gw0.jsonl: the last line is not whole and was left out",
        "the campaign did not come to its end: no chain heads were written",
    )
    assert results.broken_chains == ()


def test_scenarios_after_the_cut_are_not_run(tmp_path):
    told = verdicts(read_results(write_sample(tmp_path, cut=True)))

    assert told[MIGRATION] == ("NOT_RUN", "interrupted")
    assert told["migration/retrieval.feature:41"][0] == "NOT_APPLICABLE"


@pytest.mark.parametrize("size", range(0, 12_000, 611))
def test_journal_cut_anywhere_still_reads(tmp_path, size):
    path = write_sample(tmp_path, cut=True) / "journal-gw0.jsonl"
    path.write_bytes(path.read_bytes()[:size])

    results = read_results(tmp_path)

    assert results.broken_chains == ()
    assert all(one.verdict in Verdict for one in results.scenarios)


def test_scenario_that_a_dead_worker_left_is_not_run(tmp_path, journal, open_journal):
    controller = open_journal("controller")
    controller.write("chain-heads", heads={"journal-main.jsonl": journal.head})

    (left,) = read_results(tmp_path).scenarios

    assert (left.verdict, left.reason, left.worker) == (Verdict.NOT_RUN, "worker_died", "main")


def test_findings_of_a_scenario_without_verdict_are_not_lost(tmp_path, journal):
    Telling(journal).depart("check", "R-1", "this", "that", "X1", "FAIL")

    (left,) = read_results(tmp_path).scenarios

    assert [finding.observed for finding in left.findings] == ["that"]


def test_changed_line_breaks_the_chain(tmp_path):
    write_sample(tmp_path)
    path = tmp_path / "journal-gw0.jsonl"
    line = path.read_bytes().partition(b"ue-bob-1")[0].count(b"\n") + 1
    replace_in(path, b"ue-bob-1", b"ue-eve-1")

    assert read_results(tmp_path).broken_chains == (
        f"journal-gw0.jsonl: line {line} does not continue the chain",
    )


def test_removed_line_breaks_the_chain(tmp_path):
    path = write_sample(tmp_path) / "journal-gw0.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:3] + lines[4:]))

    assert read_results(tmp_path).broken_chains == (
        "journal-gw0.jsonl: line 4 does not continue the chain",
    )


def test_journal_that_lost_its_end_is_not_what_was_sealed(tmp_path):
    path = write_sample(tmp_path) / "journal-gw0.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))

    assert read_results(tmp_path).broken_chains == (
        "journal-gw0.jsonl: it does not end where the controller says",
    )


def test_journal_that_is_gone_is_told(tmp_path):
    (write_sample(tmp_path) / "journal-gw0.jsonl").unlink()

    assert read_results(tmp_path).broken_chains == (
        "journal-gw0.jsonl: the controller lists it, but it is not in the folder",
    )


def test_journal_that_nobody_listed_is_told(tmp_path):
    Journal(write_sample(tmp_path), "gw7").close()

    assert read_results(tmp_path).broken_chains == (
        "journal-gw7.jsonl: the controller does not list it",
    )


def test_missing_body_is_said_and_marks_its_exchange(tmp_path, journal):
    fetch(Telling(journal), "primary", "cms", "/users/alice")
    (body,) = (tmp_path / "bodies").iterdir()
    body.unlink()

    results = read_results(tmp_path)

    assert f"bodies/{body.name}: missing in the results folder" in results.notes
    assert results.scenarios[0].incomplete == {"X1"}


def test_changed_body_is_told(tmp_path, journal):
    fetch(Telling(journal), "primary", "cms", "/users/alice")
    (body,) = (tmp_path / "bodies").iterdir()
    body.write_bytes(b"other")

    assert read_results(tmp_path).broken_chains == (f"bodies/{body.name}: its content was changed",)


def test_body_names_cannot_leave_the_folder(tmp_path, journal):
    (tmp_path / "secret").write_text("outside")
    journal.body = lambda data: "../secret" if data else ""
    fetch(Telling(journal), "primary", "cms", "/users/alice")

    results = read_results(tmp_path)

    assert results.scenarios[0].exchanges[0].response_body == b""
    assert "bodies/../secret: missing in the results folder" in results.notes


def later(folder, *events):
    """A journal of a later version with these events, however they look there."""
    opened = {"kind": "journal-opened", "schema": 2}
    told = [{"time": 1.0, "scenario": "", "chain": "", **event} for event in (opened, *events)]
    lines = "".join(json.dumps(event) + "\n" for event in told)
    (folder / "journal-gw0.jsonl").write_text(lines)


def test_newer_schema_is_read_as_far_as_it_is_known_and_said(tmp_path):
    verdict = {"kind": "verdict", "scenario": "a/b.feature:3", "verdict": "PASS"}
    later(tmp_path, {"kind": "entirely-new"}, verdict, {**verdict, "verdict": "SUSPENDED"})

    results = read_results(tmp_path)

    assert results.newer
    assert [one.verdict.value for one in results.scenarios] == ["PASS"]
    assert results.notes[0] == (
        "journal-gw0.jsonl has schema version 2; this version of Muster reads up to 1:"
        " what is new in it is left out"
    )


def test_newer_schema_of_another_form_is_one_clear_error(tmp_path):
    later(tmp_path, {"kind": "collected", "scenarios": 17})

    with pytest.raises(UnreadableResults, match="use the version that wrote it"):
        read_results(tmp_path)


def test_results_of_this_version_are_not_newer(tmp_path, journal):
    assert not read_results(tmp_path).newer


@pytest.mark.parametrize(("name", "told"), [("", "holds no journal"), ("no", "is not a folder")])
def test_folder_without_journals_is_refused(tmp_path, name, told):
    with pytest.raises(UnreadableResults, match=told):
        read_results(tmp_path / name)


@pytest.mark.parametrize(
    "line",
    [b"{}", b"[]", b"not JSON", b"\xff\xfe", b"[" * 100_000, b'{"kind":"step","time":"x"}', b""],
)
def test_line_that_is_no_event_is_left_out_and_said(tmp_path, line, journal):
    with journal.path.open("ab") as file:
        file.write(line + b"\n")

    results = read_results(tmp_path)

    assert "journal-main.jsonl: line 4 cannot be read and was left out" in results.notes
    assert results.broken_chains == ("journal-main.jsonl: line 4 does not continue the chain",)


def test_event_with_members_missing_is_said(tmp_path, journal):
    journal.write("exchange", protocol="http", name="X1")

    assert (
        f"{SCENARIOS[1]['id']}: an event of kind exchange cannot be read"
        in read_results(tmp_path).notes
    )


def test_line_separators_of_unicode_do_not_end_a_line(tmp_path, journal):
    told = "one\u2028two\u0085three\x0bfour\ud800"
    journal.write("verdict", verdict="ERROR", reason="suite_error", explanation=told)

    results = read_results(tmp_path)

    assert (results.scenarios[0].explanation, results.broken_chains) == (told, ())


def test_worst_of_two_verdicts_is_shown_and_said(tmp_path, journal):
    journal.write("verdict", verdict="PASS")
    journal.write("verdict", verdict="ERROR", reason="suite_error")

    results = read_results(tmp_path)

    assert results.scenarios[0].verdict is Verdict.ERROR
    assert f"{SCENARIOS[1]['id']}: has 2 verdicts; the worst is shown" in results.notes


def test_suite_errors_of_several_workers_are_told_once_and_end_in_3(tmp_path, open_journal):
    for worker in ("gw0", "gw1"):
        open_journal(worker).write("suite-error", where="a.feature:3", message="no step")

    results = read_results(tmp_path)

    assert (results.suite_errors, results.exit_code) == (("a.feature:3: no step",), 3)


@pytest.mark.parametrize(("builtin", "told"), [(True, True), (False, False), (None, True)])
def test_subject_is_the_reference_ue_unless_it_is_said_otherwise(
    tmp_path, builtin, told, open_journal
):
    subject = {} if builtin is None else {"builtin": builtin}
    open_journal("controller").write("campaign", subject=subject)

    assert read_results(tmp_path).builtin_subject is told


def test_campaign_document_holds_bare_verdicts_and_identity(tmp_path):
    document = campaign_document(read_results(write_sample(tmp_path)))

    departed = document["scenarios"][1]
    assert {**departed, "duration": 0} == {
        "id": "ue_configuration/retrieval.feature:17",
        "title": "The client fetches its own UE configuration",
        "feature": "ue_configuration/retrieval.feature",
        "tags": ["client", "TS24484-8.2-01", "TS24484-6.2.2-03"],
        "requirements": ["TS24484-8.2-01", "TS24484-6.2.2-03"],
        "service": "mcptt",
        "verdict": "FAIL",
        "reason": "",
        "explanation": "",
        "findings": departed["findings"],
        "duration": 0,
        "known": [],
    }
    assert departed["findings"][0]["severity"] == "FAIL"
    assert document["subject"]["builtin"] is True
    assert document["counts"]["selected"] == 8
    assert (document["complete"], document["exit_code"]) == (True, 3)


def test_campaign_json_holds_any_text(tmp_path, journal):
    told = "\ud800 \x1b[31m \u202e"
    journal.write("verdict", verdict="ERROR", explanation=told)

    write_campaign(read_results(tmp_path), tmp_path / "campaign.json")

    document = json.loads((tmp_path / "campaign.json").read_text())
    assert document["scenarios"][0]["explanation"] == told
