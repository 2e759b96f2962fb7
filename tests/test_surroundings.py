"""Faults of the surroundings: a full disk, a clock that is set, a campaign that is killed."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks import surroundings
from tests.conftest import MusterCommand, call_muster

GOOD = """\
  @TS23280-10.1.1.1-04
  Scenario: Good {number}
    When the UE asks for /good
    Then that request is good

"""
CLOCK = """\
Feature: Clock
  @TS23280-10.1.1.1-04
  Scenario: Set ahead
    When the clock is set by 3600 seconds
    And the UE asks for /bad
    Then that request is good

  @TS23280-10.1.1.1-04
  Scenario: Set back
    When the clock is set by -3600 seconds
    And the UE asks for /good
    Then that request is good

  @TS23280-10.1.1.1-04
  Scenario: Corrected
    When the clock is set by 1 seconds
    And the UE asks for /good
    Then that request is good
"""
FULL = """\
  @TS23280-10.1.1.1-04
  Scenario: Full
    When the disk is full
    And the UE asks for /bad
    Then that request is good

"""


def test_full_disk_is_one_clear_error_and_what_was_written_can_be_read(
    run_toys: MusterCommand, tmp_path: Path
) -> None:
    good = [GOOD.format(number=number) for number in range(4)]
    scenarios = "".join([*good[:2], FULL, *good[2:]])
    (tmp_path / "own.feature").write_text("Feature: Many\n" + scenarios)

    ran = run_toys("own.feature")

    assert ran.code == 3
    assert "Traceback" not in ran.out + ran.err
    told = " ".join(ran.out.split())
    assert "the record cannot be written: " in told
    assert "No space left on device" in told
    assert call_muster(tmp_path, "report", str(ran.results_folder)).code == 0
    assert {title: verdict.partition("(")[0] for title, verdict in ran.verdicts.items()} == {
        "Good 0": "PASS",
        "Good 1": "PASS",
        "Full": "ERROR",
        "Good 2": "NOT_RUN",
        "Good 3": "NOT_RUN",
    }


def test_clock_that_is_set_during_a_scenario_convicts_nobody(
    run_toys: MusterCommand, tmp_path: Path
) -> None:
    (tmp_path / "own.feature").write_text(CLOCK)

    ran = run_toys("own.feature")

    assert ran.verdicts == {
        "Set ahead": "ERROR(suite_error)",
        "Set back": "ERROR(suite_error)",
        "Corrected": "PASS",
    }
    told = {one.title: one.explanation for one in ran.results.scenarios}
    assert "the clock of this machine was set by +3600 s" in told["Set ahead"]


@pytest.mark.parametrize("victim", surroundings.VICTIMS)
def test_killed_campaign_leaves_a_record_that_reads_and_can_be_run_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, victim: str
) -> None:
    monkeypatch.setattr(surroundings, "SELECTION", ("identity/sign_in.feature",))

    left = surroundings.trial(0.0, victim, random.Random(1), tmp_path)

    assert left.broken == []
    assert left.settled > 0
