"""Faults of the surroundings: a full disk, a clock that is set."""

from __future__ import annotations

import random
import resource
import subprocess
from pathlib import Path

import pytest

from benchmarks import surroundings
from tests.conftest import (
    TOY_STEPS,
    MusterCommand,
    Ran,
    call_muster,
    muster_command,
    muster_environment,
)

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
LIMIT = 40_000
"""Octets that a file may have: a file system that is full refuses in the same way."""


def test_full_disk_is_one_clear_error_and_what_was_written_can_be_read(tmp_path: Path) -> None:
    scenarios = "".join(GOOD.format(number=number) for number in range(60))
    (tmp_path / "own.feature").write_text("Feature: Many\n" + scenarios)

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, LIMIT))

    done = subprocess.run(
        muster_command("run", "--steps", str(TOY_STEPS), "own.feature"),
        cwd=tmp_path,
        env=muster_environment({"COLUMNS": "1000"}),
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=limited,
    )

    assert done.returncode == 3
    assert "Traceback" not in done.stdout + done.stderr
    assert "the record cannot be written: " in done.stdout
    assert "journal-main.jsonl: File too large" in done.stdout
    (folder,) = (tmp_path / "results").iterdir()
    assert call_muster(tmp_path, "report", str(folder)).code == 0
    verdicts = Ran(done.returncode, done.stdout, done.stderr, tmp_path).verdicts
    assert len(verdicts) == 60
    assert verdicts["Good 0"] == "PASS"
    assert {one.partition("(")[0] for one in verdicts.values()} == {"PASS", "ERROR", "NOT_RUN"}


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


@pytest.mark.parametrize(
    ("victim", "moment"), [*zip(surroundings.VICTIMS, (2.5, 3.0, 3.5), strict=True)]
)
def test_killed_campaign_leaves_a_record_that_reads_and_can_be_run_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, victim: str, moment: float
) -> None:
    monkeypatch.setattr(surroundings, "SELECTION", ("identity/sign_in.feature",))

    left = surroundings.trial(moment, victim, random.Random(1), tmp_path)

    assert left.broken == []
