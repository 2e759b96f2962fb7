"""What is foreseen of a campaign is what comes: selection, stimuli, and how long it takes."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from muster.campaign import new_seed
from muster.campaign_settings import CampaignSettings, Selected
from muster.configuration import (
    Configuration,
    Ics,
    Ixit,
    OperatorChoice,
    Subject,
    builtin_configuration,
)
from muster.planning import Plan, is_selected, plan_of
from muster.selection import select
from tests.conftest import MusterCommand

FEATURES = (
    "bootstrap/certificates.feature",
    "identity/sign_in.feature",
    "migration/after_migration.feature",
    "updates/subscription_end.feature",
    "migration/automatic_choice.feature",
)
SUBJECT = Subject(vendor="Vendor", model="Rugged One", software="4.2")


def settings_for(
    configuration: Configuration | None = None, names: tuple[str, ...] = FEATURES
) -> CampaignSettings:
    selected: tuple[Selected, ...] = select(names, Path.cwd())
    return CampaignSettings(
        configuration=configuration or builtin_configuration(),
        results=Path(),
        features=selected,
        folder=Path.cwd(),
        everything=configuration is None,
        seed=new_seed(),
    )


def by_hand(**ixit: float) -> Configuration:
    return Configuration(
        ue=SUBJECT,
        driver=OperatorChoice(kind="operator"),
        ics=Ics(services=("mcptt",)),
        ixit=Ixit(**ixit),
    )


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_of(settings_for(), "", "", Path("nowhere"))


def test_stimuli_and_quiet_times_are_foreseen_as_they_come(
    muster: MusterCommand, plan: Plan
) -> None:
    """The steps of a scenario are read, not run; a campaign has the truth of it."""
    ran = muster("run", *FEATURES)

    # The last power_off is the cast's, after the verdict: no stimulus of the scenario.
    foreseen = {one.entry.id: Counter(one.operations[:-1]) for one in plan.scenarios}
    came = {
        one.id: Counter(stimulus.operation for stimulus in one.stimuli)
        for one in ran.results.scenarios
    }
    assert len(came) >= 15
    assert foreseen == came
    [journal] = ran.results_folder.glob("journal-main.jsonl")
    events = map(json.loads, journal.read_text().splitlines())
    waits = Counter(event["scenario"] for event in events if event["kind"] == "wait")
    assert {one.entry.id: one.quiet for one in plan.scenarios if one.quiet} == dict(waits)


def test_selection_is_that_of_a_run(muster: MusterCommand) -> None:
    keywords, marks, names = "token or 01 and not code", "not slow", ("identity/sign_in.feature",)

    ran = muster("run", *names, "-k", keywords, "-m", marks)

    foreseen = plan_of(settings_for(names=names), keywords, marks, Path("nowhere"))
    ids = [one.entry.id for one in foreseen.scenarios]
    assert sorted(ids) == sorted(one.id for one in ran.results.scenarios)
    assert ids
    assert foreseen.left_out


def test_what_does_not_apply_is_told_with_what_is_not_claimed() -> None:
    foreseen = plan_of(settings_for(by_hand()), "", "", Path("nowhere"))

    assert {"the service mcvideo", "the service mcdata"} <= set(foreseen.not_applicable)
    entries = foreseen.not_applicable["the service mcvideo"]
    assert all("mcvideo" in entry.tags for entry in entries)
    assert all("mcptt" in one.entry.tags for one in foreseen.scenarios if one.entry.service)


def test_estimate_goes_by_operations_and_the_clock_scale() -> None:
    names = ("identity/sign_in.feature",)
    once = plan_of(settings_for(by_hand(), names), "", "", Path("nowhere"))
    twice = plan_of(settings_for(by_hand(clock_scale=2.0), names), "", "", Path("nowhere"))

    assert once.seconds > 25 * once.operations.total()
    assert twice.seconds - once.seconds == pytest.approx(2.0 * once.quiet)


def test_recorded_durations_of_the_same_ue_are_taken(tmp_path: Path) -> None:
    names = ("identity/sign_in.feature",)
    settings = settings_for(by_hand(), names)
    first = plan_of(settings, "", "", tmp_path).scenarios[0].entry.id
    ixit = {"clock_scale": 1.0, "quiet_seconds": 2.0, "answer_seconds": 10.0}
    told = {
        "subject": {"vendor": "Vendor", "model": "Rugged One", "driver": "operator"},
        "ixit": ixit,
        "scenarios": [{"id": first, "verdict": "PASS", "duration": 77.0}],
    }
    folder = tmp_path / "20270101-000000-rugged-one"
    folder.mkdir()
    (folder / "campaign.json").write_text(json.dumps(told))

    mine = plan_of(settings, "", "", tmp_path)
    slower = plan_of(settings_for(by_hand(clock_scale=2.0), names), "", "", tmp_path)

    recorded = [(one.entry.id, one.seconds) for one in mine.scenarios if one.is_recorded]
    assert (recorded, mine.recorded_in) == ([(first, 77.0)], folder)
    assert slower.recorded_in is None


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"subject": 1, "ixit": 2, "scenarios": 3}'])
def test_folder_that_holds_no_campaign_is_passed_over(tmp_path: Path, content: str) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "campaign.json").write_text(content)

    plan = plan_of(settings_for(names=("keys/failures.feature",)), "", "", tmp_path)
    assert plan.recorded_in is None


# The command -------------------------------------------------------------------------------------

OPERATOR = """\
[ue]
vendor = "Vendor"
model = "Rugged One"
software = "4.2"

[driver]
kind = "operator"
"""


def test_plan_of_a_person_tells_prompts_and_minutes(muster: MusterCommand, tmp_path: Path) -> None:
    (tmp_path / "ue.toml").write_text(OPERATOR)

    ran = muster("plan", "--ue", "ue.toml", "keys", "identity/sign_in.feature", "-k", "not Second")

    lines = ran.out.splitlines()
    assert ran.code == 0
    assert lines[0] == "Vendor Rugged One 4.2, driver operator"
    assert any(
        line.endswith("do not apply: the ICS does not claim the service mcvideo") for line in lines
    )
    assert any(line.startswith("A person is prompted ") for line in lines)
    assert lines[-1].startswith("About ")
    assert lines[-1].endswith(
        " (estimated, with 25 s for an operation). One UE is driven: -n changes nothing."
    )
    assert not (tmp_path / "results").exists()


def test_plan_for_programs(muster: MusterCommand, tmp_path: Path) -> None:
    (tmp_path / "ue.toml").write_text(OPERATOR)

    told = json.loads(muster("plan", "--ue", "ue.toml", "identity/sign_in.feature", "--json").out)

    assert told["prompts"] == sum(len(one["operations"]) for one in told["scenarios"])
    assert told["operations"]["reset"] == len(told["scenarios"])
    assert told["seconds"] == pytest.approx(sum(one["seconds"] for one in told["scenarios"]), abs=1)


def test_wrong_expression_is_refused(muster: MusterCommand) -> None:
    ran = muster("plan", "-k", "and and")

    assert ran.code == 64
    assert "-k 'and and': cannot be read" in ran.err


def test_nothing_selected_is_said(muster: MusterCommand) -> None:
    ran = muster("plan", "keys", "-k", "zebra")

    assert ran.code == 0
    assert ran.out.splitlines()[-1] == "Nothing will run."


def test_tag_that_is_no_mark_is_not_selected_by_m() -> None:
    [first, *_] = plan_of(settings_for(), "", "", Path("nowhere")).scenarios

    assert is_selected(first.entry, "", "mcptt") == ("mcptt" in first.entry.marks)
    assert not is_selected(first.entry, "", first.entry.requirements[0].replace("-", "_"))
