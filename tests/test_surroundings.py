"""Faults of the surroundings: a full disk, a clock that is set, a campaign that is killed."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from benchmarks import surroundings
from tests.conftest import ROOT, MusterCommand, Ran, call_muster

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
BACKGROUND = "    Given Alice's terminal is switched on\n"
SIGN_IN = (ROOT / "features" / "identity" / "sign_in.feature").read_text()


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


def run_harmed(folder: Path, feature: str, *arguments: str) -> Ran:
    """Run a feature with the steps of Muster and those that do harm."""
    steps = folder / "steps"
    steps.mkdir()
    for path in [*ROOT.glob("steps/*.py"), *ROOT.glob("tests/harmful_steps/*.py")]:
        (steps / path.name).symlink_to(path)
    (folder / "own.feature").write_text(feature)
    return call_muster(folder, "run", "--steps", str(steps), "own.feature", *arguments)


def test_handler_that_fails_is_our_error_and_the_next_scenario_runs(tmp_path: Path) -> None:
    harm = "    When the handler of the idms server fails\n    And Alice signs in\n"
    feature = SIGN_IN.replace("    When Alice signs in\n", harm, 1)

    ran = run_harmed(tmp_path, feature)

    assert (ran.code, list(ran.verdicts.values())) == (3, ["ERROR(suite_error)"] + 6 * ["PASS"])
    told = ran.results.scenarios[0].explanation
    assert "primary idms" in told
    assert "ZeroDivisionError: a handler of ours fails" in told


def test_500_silent_connections_change_no_verdict(tmp_path: Path) -> None:
    crowd = BACKGROUND + "    And 100 connections to each server stay silent\n"

    ran = run_harmed(tmp_path, SIGN_IN.replace(BACKGROUND, crowd), "-n", "2")

    assert (ran.code, list(ran.verdicts.values())) == (0, 7 * ["PASS"])
    silent = [
        one
        for name in ran.results_folder.glob("*.jsonl")
        for one in map(json.loads, name.read_bytes().splitlines())
        if one["kind"] == "connection" and one["event"] == "accepted"
    ]
    assert len(silent) > 7 * 500


@pytest.mark.parametrize("victim", surroundings.VICTIMS)
def test_killed_campaign_leaves_a_record_that_reads_and_can_be_run_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, victim: str
) -> None:
    monkeypatch.setattr(surroundings, "SELECTION", ("identity/sign_in.feature",))

    left = surroundings.trial(0.0, victim, random.Random(1), tmp_path)

    assert left.broken == []
    assert left.settled > 0
