"""Known deviations: what they explain, when they are stale, and what they do to a campaign."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from muster.configuration import WrongConfiguration
from muster.deviations import Deviation, KnownDeviations, as_event, from_event
from muster.deviations_file import load_deviations
from muster.evidence import Finding
from tests.conftest import MusterCommand

SCENARIO = "migration/order.feature:17"
ENTRY = Deviation("R-1", SCENARIO, "fixed in 4.3", "ER-77", "2027-03-31")


def findings(*requirements: str, severity: str = "FAIL") -> tuple[Finding, ...]:
    return tuple(Finding(name, "this", "that", "X1", severity=severity) for name in requirements)


def known(*entries: Deviation, day: str = "2027-03-31") -> KnownDeviations:
    return KnownDeviations(entries, True, day)


def test_a_scenario_is_known_where_every_failing_finding_is() -> None:
    told = known(ENTRY)

    assert told.of(SCENARIO, findings("R-1")) == (ENTRY,)
    assert told.of(SCENARIO, (*findings("R-1"), *findings("R-2", severity="WARNING"))) == (ENTRY,)
    assert told.of(SCENARIO, findings("R-1", "R-2")) == ()
    assert told.of("migration/order.feature:18", findings("R-1")) == ()


def test_a_feature_stands_for_all_of_its_scenarios() -> None:
    whole = Deviation("R-1", "migration/order.feature", "why", "ER-77", "2027-03-31")

    assert known(whole).of("migration/order.feature:18", findings("R-1")) == (whole,)
    assert known(whole).of("migration/other.feature:18", findings("R-1")) == ()


def test_an_entry_holds_to_the_end_of_its_last_day() -> None:
    assert known(ENTRY, day="2027-03-31").of(SCENARIO, findings("R-1")) == (ENTRY,)
    assert known(ENTRY, day="2027-04-01").of(SCENARIO, findings("R-1")) == ()


@pytest.mark.parametrize(
    ("scenarios", "day", "why"),
    [
        ({SCENARIO: ()}, "2027-01-01", ["the campaign has no such finding"]),
        ({SCENARIO: findings("R-2")}, "2027-01-01", ["the campaign has no such finding"]),
        ({SCENARIO: findings("R-1")}, "2027-01-01", []),
        ({SCENARIO: findings("R-1", severity="WARNING")}, "2027-01-01", []),
        ({SCENARIO: None}, "2027-01-01", []),
        ({"other.feature:3": ()}, "2027-01-01", []),
        ({SCENARIO: findings("R-1")}, "2027-04-01", ["expired on 2027-03-31"]),
    ],
)
def test_an_entry_is_stale_when_it_expired_or_explains_nothing(
    scenarios: dict[str, Sequence[Finding] | None], day: str, why: list[str]
) -> None:
    assert [one.why for one in known(ENTRY, day=day).stale(scenarios)] == why


def test_the_event_comes_back_whole() -> None:
    assert from_event(json.loads(json.dumps(as_event(known(ENTRY))))) == known(ENTRY)


def test_every_mistake_of_the_file_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "known.toml"
    path.write_text(
        '[[known]]\nrequirement = "R-1"\nscenario = ""\nreason = "x"\nreference = "y"\n'
        "expires = 2027-02-01\n\n"
        '[[known]]\nrequirement = "R-9"\nscenario = "a.feature"\nreason = "x"\nreference = "y"\n'
        "expires = 2027-02-01\n\n"
        '[[known]]\nrequirement = "R-1"\nscenario = "a.feature"\nreason = 3\nexpires = "soon"\n'
        'until = "later"\n'
    )

    with pytest.raises(WrongConfiguration) as refused:
        load_deviations(path, {"R-1"})

    assert refused.value.errors == (
        "line 3: known.scenario: must not be empty",
        "line 9: known.requirement: R-9 is not in the catalogue",
        "line 15: known.reference: is missing",
        "line 18: known.reason: a text in quotes is expected",
        "line 19: known.expires: a day is expected, as 2027-03-31 without quotes",
        "line 20: known.until: is not known here; there are: requirement, scenario, reason,"
        " reference, expires",
    )


TOYS = """\
@client @TS23280-10.1.1.1-04
Feature: Toys
  Background:
    Given a toy world
  Scenario: Bad
    When the UE asks for /bad
    Then that request is good
  Scenario: Good
    When the UE asks for /good
    Then that request is good
"""
KNOWN = """\
[[known]]
requirement = "TS23280-10.1.1.1-04"
scenario = "./toys.feature:5"
reason = "fixed in 4.3"
reference = "ER-77"
expires = 2999-12-31

[[known]]
requirement = "TS23280-10.1.1.1-04"
scenario = "./toys.feature:8"
reason = "was fixed"
reference = "ER-78"
expires = 2999-12-31
"""


def test_a_known_failure_stays_fail_and_leaves_the_exit_code_alone_where_allowed(
    run_toys: MusterCommand, muster: MusterCommand, tmp_path: Path
) -> None:
    (tmp_path / "toys.feature").write_text(TOYS)
    (tmp_path / "known.toml").write_text(KNOWN)
    options = ("toys.feature", "--known", "known.toml", "--results")

    marked = run_toys(*options, "marked")
    allowed = run_toys(*options, "allowed", "--allow-known")

    assert (marked.code, allowed.code) == (1, 0)
    (folder,) = (tmp_path / "allowed").iterdir()
    document = json.loads((folder / "campaign.json").read_text())
    bad, good = document["scenarios"]
    assert (bad["verdict"], [one["reference"] for one in bad["known"]]) == ("FAIL", ["ER-77"])
    assert (good["verdict"], good["known"]) == ("PASS", [])
    assert document["exit_code"] == 0
    stale = document["known_deviations"]["stale"]
    assert [(one["reference"], one["why"]) for one in stale] == [
        ("ER-78", "the campaign has no such finding")
    ]
    assert "FAIL, known ./toys.feature:5 fixed in 4.3 (ER-77, until 2999-12-31)" in allowed.out
    assert "stale deviation TS23280-10.1.1.1-04 in ./toys.feature:8" in allowed.out
    assert "1 of 2 applicable scenarios failed, 1 of them as is known." in allowed.out
    again = muster("report", str(folder))
    assert "1 of them as is known" in again.out
    assert json.loads((folder / "campaign.json").read_text())["exit_code"] == 0


def test_a_wrong_file_is_refused_before_anything_starts(
    muster: MusterCommand, tmp_path: Path
) -> None:
    missing = muster("run", "--known", "nowhere.toml", "bootstrap")
    alone = muster("run", "--allow-known", "bootstrap")

    assert missing.err == "muster: nowhere.toml: cannot be read: No such file or directory\n"
    assert "--allow-known needs --known FILE" in alone.err
    assert (missing.code, alone.code) == (64, 64)
    assert not (tmp_path / "results").exists()
