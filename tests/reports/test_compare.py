"""What changed between two campaigns: nothing is hidden, and the likely cause is named."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from muster.compare_command import compare_command
from muster.results import Results, ScenarioResult, read_results
from muster.verdicts import Verdict
from reports.compare import Comparison, VerdictChange, compare
from reports.compared import headline, lines, page
from tests.reports.sample import write_sample


def with_scenario(results: Results, index: int, **members: object) -> Results:
    scenarios = list(results.scenarios)
    scenarios[index] = replace(scenarios[index], **members)
    return replace(results, scenarios=tuple(scenarios))


def with_campaign(results: Results, **members: object) -> Results:
    return replace(results, campaign={**results.campaign, **members})


def without_checks(scenario: ScenarioResult) -> ScenarioResult:
    kept = [one for one in scenario.events if one.what not in scenario.judgements]
    return replace(scenario, events=tuple(kept))


def only(it: Comparison) -> VerdictChange:
    (change,) = it.verdicts
    return change


def test_same_campaign_shows_no_change(sample: Results) -> None:
    it = compare(sample, sample)

    assert (it.exit_code, it.verdicts, it.new_findings, it.lost_checks) == (0, (), (), ())
    assert it.same == len(sample.scenarios)
    assert headline(it) == "Nothing changed."


@pytest.mark.parametrize(
    ("index", "verdict", "direction", "code"),
    [
        (0, Verdict.FAIL, "worse", 1),
        (0, Verdict.INCONCLUSIVE, "worse", 1),
        (0, Verdict.NOT_APPLICABLE, "worse", 1),
        (1, Verdict.PASS, "better", 2),
        (1, Verdict.INCONCLUSIVE, "better", 2),
        (2, Verdict.ERROR, "worse", 1),
        (2, Verdict.NOT_RUN, "other", 2),
    ],
)
def test_verdict_change_has_a_direction(
    sample: Results, index: int, verdict: Verdict, direction: str, code: int
) -> None:
    it = compare(sample, with_scenario(sample, index, verdict=verdict))

    assert (only(it).direction, it.exit_code) == (direction, code)


def test_scenario_moved_in_its_file_is_the_same(sample: Results) -> None:
    it = compare(sample, with_scenario(sample, 0, id="bootstrap/retrieval.feature:99", line=99))

    assert it.exit_code == 0


def test_scenario_that_is_not_selected_any_more_is_told(sample: Results) -> None:
    it = compare(sample, replace(sample, scenarios=sample.scenarios[1:]))

    change = only(it)
    assert (change.before, change.after, change.direction) == ("PASS", "not selected", "worse")
    assert [lost.check for lost in it.lost_checks] == ["bootstrap.asks_first"]


def test_findings_new_and_gone_are_told(sample: Results) -> None:
    mended = with_scenario(sample, 1, verdict=Verdict.PASS, findings=())

    gone, new = compare(sample, mended), compare(mended, sample)

    assert [one.requirement for one in gone.gone_findings] == ["TS24484-8.2-01"]
    assert (gone.new_findings, gone.exit_code) == ((), 2)
    assert [one.requirement for one in new.new_findings] == ["TS24484-8.2-01"]
    assert new.exit_code == 1


def test_finding_with_other_values_is_the_same(sample: Results) -> None:
    found = [replace(one, observed="/another-path") for one in sample.scenarios[1].findings]

    assert compare(sample, with_scenario(sample, 1, findings=tuple(found))).exit_code == 0


def test_check_that_ran_no_more_is_lost_though_the_verdict_is_the_same(sample: Results) -> None:
    scenarios = (without_checks(sample.scenarios[0]), *sample.scenarios[1:])

    it = compare(sample, replace(sample, scenarios=scenarios))

    assert (it.verdicts, it.exit_code) == ((), 1)
    assert [(one.check, one.scenario) for one in it.lost_checks] == [
        ("bootstrap.asks_first", "bootstrap/retrieval.feature:14")
    ]


@pytest.mark.parametrize(
    ("members", "cause"),
    [
        ({"suite": {"version": "9.9"}}, "suite version"),
        ({"subject": {"vendor": "Muster", "software": "9"}}, "UE version"),
        ({"ics": {"services": ["mcdata"]}}, "configuration"),
        ({"ixit": {"clock_scale": 3.0}}, "configuration"),
        ({"environment": {"python": "3.99"}}, "environment"),
        (
            {"suite": {"version": "9.9"}, "subject": {"software": "9"}},
            "UE version or suite version",
        ),
        ({}, "neither suite, UE nor configuration differs: it varies from run to run"),
    ],
)
def test_likely_cause_is_what_differs(
    sample: Results, members: dict[str, object], cause: str
) -> None:
    after = with_scenario(with_campaign(sample, **members), 0, verdict=Verdict.FAIL)

    it = compare(sample, after)

    assert (it.cause, only(it).cause) == (cause, cause)


def test_scenario_itself_may_tell_the_cause(sample: Results) -> None:
    denied = with_scenario(sample, 0, verdict=Verdict.NOT_APPLICABLE, reason="migration")
    killed = with_scenario(sample, 0, verdict=Verdict.NOT_RUN, reason="interrupted")

    assert only(compare(sample, denied)).cause == "configuration: the ICS does not claim it"
    assert only(compare(sample, killed)).cause == "the second campaign did not come to its end"


def test_page_is_inert(sample: Results) -> None:
    hostile = "<script>alert(1)</script>\x1b[31m\u202e"
    after = with_scenario(sample, 0, verdict=Verdict.FAIL, title=hostile)

    it = compare(sample, after)

    assert "<script" not in page(it, sample, after)
    assert not any("\x1b" in line or "\u202e" in line for line in lines(it, sample, after))


def call(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(compare_command, [str(argument) for argument in arguments])
    return done.exit_code, done.output


def test_cut_campaign_is_compared_and_its_gaps_are_told(tmp_path: Path) -> None:
    whole, cut = write_sample(tmp_path / "a"), write_sample(tmp_path / "b", cut=True)

    code, told = call(whole, cut, "--html", tmp_path / "page.html")

    assert code == 1
    assert "second: journal-gw0.jsonl: the last line is not whole" in told
    assert "the second campaign did not come to its end" in told
    assert (tmp_path / "page.html").read_text().startswith("<!doctype html>")


def test_json_tells_everything(tmp_path: Path) -> None:
    folder = write_sample(tmp_path)

    code, told = call(folder, folder, "--json")

    assert (code, json.loads(told)["same"]) == (0, len(read_results(folder).scenarios))


def test_folder_without_results_is_refused(tmp_path: Path) -> None:
    code, told = call(tmp_path, tmp_path)

    assert code == 64
    assert told.startswith(f"muster compare: {tmp_path} holds no journal")
