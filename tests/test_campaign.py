"""Whole campaigns on toy features: verdicts, exit codes, the record, and every way to be cut."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import (
    TOY_STEPS,
    MusterCommand,
    Ran,
    call_muster,
    muster_command,
    muster_environment,
)

TOYS = """\
@client
Feature: Toys
  Background:
    Given a toy world

  @TS23280-10.1.1.1-04
  Scenario: Good
    When the UE asks for /good
    Then that request is good

  @TS23280-10.1.1.1-04
  Scenario: Bad
    When the UE asks for /bad
    Then that request is good
    And the UE asks for /good

  @TS23280-10.1.1.1-04
  Scenario: Silent
    When the UE is silent
    Then that request is good

  @TS23280-10.1.1.1-04
  Scenario: Bad, then silent
    When the UE asks for /bad
    Then that request is good
    When the UE is silent

  @TS23280-10.1.1.1-04
  Scenario: Unsupported
    When the driver cannot migrate

  @TS23280-10.1.1.1-04
  Scenario: Bad through a weak fact
    When the UE asks for /bad
    Then that request is good by the profile

  Scenario: Broken
    When a step breaks

  Scenario: Skipping
    When a step skips

  Scenario: Crashing
    When a stub crashes

  Scenario: Setup
    When the setup breaks

  Scenario: Secret
    When a secret hunter2-hunter2 is used

  Scenario: No check
    When the UE asks for /good

  @TS23280-10.1.1.1-05
  Scenario: Claims too much
    When the UE asks for /good
    Then that request is good

  @TS23280-10.1.1.1-04
  Scenario Outline: Row
    When the UE asks for <path>
    Then that request is good

    @mcptt
    Examples:
      | path  |
      | /good |

    @mcvideo
    Examples:
      | path  |
      | /bad  |

  @ics:barking @TS23280-10.1.1.1-04
  Scenario: Barking
    When a step breaks
"""
TOYS = TOYS.replace("    And the UE asks for /good\n", "    When the UE asks for /good\n")

UE = """\
[ue]
vendor = "Toy works"
model = "Toy 1"
software = "0"
[ics]
services = ["mcptt"]
"""

SUITE_ERROR = "ERROR(suite_error)"
VERDICTS = {
    "Good": "PASS",
    "Bad": "FAIL",
    "Silent": "INCONCLUSIVE(ue_silent)",
    "Bad, then silent": "FAIL",
    "Unsupported": "NOT_APPLICABLE(operation:migrate)",
    "Bad through a weak fact": "PASS",
    "Broken": SUITE_ERROR,
    "Skipping": SUITE_ERROR,
    "Crashing": SUITE_ERROR,
    "Setup": SUITE_ERROR,
    "Secret": SUITE_ERROR,
    "No check": SUITE_ERROR,
    "Claims too much": SUITE_ERROR,
    "Row [/good]": "PASS",
    "Row [/bad]": "NOT_APPLICABLE(mcvideo)",
    "Barking": "NOT_APPLICABLE(barking)",
}


@pytest.fixture(scope="module")
def toys(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """One campaign with a UE of its own that comes to every verdict there is."""
    folder = tmp_path_factory.mktemp("toys")
    (folder / "toys.feature").write_text(TOYS)
    (folder / "ue.toml").write_text(UE)
    steps = str(TOY_STEPS)
    return call_muster(folder, "run", "toys.feature", "--ue", "ue.toml", "--steps", steps)


def test_every_scenario_ends_with_its_one_verdict(toys: Ran) -> None:
    events = _events(toys.results_folder / "journal-main.jsonl")
    settled = [event["scenario"] for event in events if event["kind"] == "verdict"]

    assert toys.verdicts == VERDICTS
    assert len(settled) == len(set(settled)) == len(VERDICTS)
    assert toys.code == 3


def test_errors_say_what_is_wrong(toys: Ran) -> None:
    told = {one.title: one.explanation for one in toys.results.scenarios if one.explanation}

    assert told["Broken"] == "ValueError: broken in the step"
    assert told["Crashing"] == "primary cms: ZeroDivisionError: in a handler"
    assert told["Setup"] == "ValueError: broken in the setup"
    assert told["No check"] == "the scenario ended without taking any check"
    assert told["Skipping"].startswith("SuiteError: a step ended with the pytest outcome Skipped")


def test_a_weak_fact_makes_a_warning_of_a_departure(toys: Ran) -> None:
    (weak,) = (one for one in toys.results.scenarios if one.title == "Bad through a weak fact")

    assert [finding.severity for finding in weak.findings] == ["WARNING"]


def test_steps_are_journalled_with_how_they_ended(toys: Ran) -> None:
    steps = {
        one.title: [(step.keyword, step.text, step.status) for step in one.steps]
        for one in toys.results.scenarios
    }

    assert steps["Bad, then silent"] == [
        ("Given", "a toy world", "passed"),
        ("When", "the UE asks for /bad", "passed"),
        ("Then", "that request is good", "failed"),
        ("When", "the UE is silent", "stopped"),
    ]
    assert steps["Skipping"][-1] == ("When", "a step skips", "stopped")
    assert steps["Barking"] == []


def test_the_record_is_whole_and_names_who_was_tested(toys: Ran) -> None:
    results = toys.results

    assert results.broken_chains == ()
    assert results.sealed
    assert results.suite_errors == ()
    assert results.campaign["subject"] == {
        "vendor": "Toy works",
        "model": "Toy 1",
        "software": "0",
        "driver": "reference",
        "builtin": True,
    }
    assert results.campaign["command"][1] == "run"
    for name in ("report.html", "junit.xml", "campaign.json", "console.log"):
        assert (toys.results_folder / name).stat().st_size > 0
    assert toys.out.rstrip().endswith(f"report: {toys.results_folder / 'report.html'}")


def test_no_secret_of_a_scenario_is_written(toys: Ran) -> None:
    texts = [path.read_text() for path in toys.results_folder.rglob("*.*") if path.is_file()]

    # The sentence of the step is the feature's own and stands there before the secret is one.
    assert all("refused: hunter2" not in text for text in texts)
    assert sum("refused: masked-password-" in text for text in texts) >= 4


def test_allure_tells_features_steps_and_findings(toys: Ran) -> None:
    folder = toys.results_folder / "allure"
    told = {one["name"]: one for one in map(_json, folder.glob("*-result.json"))}
    bad = told["Bad"]
    labels = {(label["name"], label["value"]) for label in bad["labels"]}

    assert {name: one["status"] for name, one in told.items()} == {
        "Good": "passed",
        "Bad": "failed",
        "Silent": "broken",
        "Bad, then silent": "failed",
        "Unsupported": "skipped",
        "Bad through a weak fact": "passed",
        "Broken": "broken",
        "Skipping": "broken",
        "Crashing": "broken",
        "Setup": "broken",
        "Secret": "broken",
        "No check": "broken",
        "Claims too much": "broken",
        "Row [/good]": "passed",
        "Row [/bad]": "skipped",
        "Barking": "skipped",
    }
    assert {("feature", "Toys"), ("requirement", "TS23280-10.1.1.1-04"), ("tag", "client")} <= (
        labels
    )
    assert [(step["name"], step["status"]) for step in bad["steps"]] == [
        ("Given a toy world", "passed"),
        ("When the UE asks for /bad", "passed"),
        ("Then that request is good", "failed"),
        ("When the UE asks for /good", "passed"),
    ]
    (attachment,) = bad["attachments"]
    assert (folder / attachment["source"]).read_text() == (
        "FAIL TS23280-10.1.1.1-04: expected /good, observed /bad [X2]"
    )


@pytest.mark.parametrize(
    ("selection", "code"),
    [
        (["-k", "Good or weak"], 0),
        (["-k", "Bad or Silent"], 1),
        (["toys.feature:7", "toys.feature:18"], 2),
        (["-k", "Barking"], 2),
    ],
)
def test_the_exit_code_is_the_worst_verdict(
    run_toys: MusterCommand, tmp_path: Path, selection: list[str], code: int
) -> None:
    (tmp_path / "toys.feature").write_text(TOYS)
    (tmp_path / "ue.toml").write_text(UE)
    paths = [] if "toys" in selection[0] else ["toys.feature"]

    assert run_toys("--ue", "ue.toml", *paths, *selection).code == code


def test_a_teardown_that_fails_is_an_error_of_the_suite(
    run_toys: MusterCommand, tmp_path: Path
) -> None:
    text = TOYS.split("  @TS")[0] + (
        "  @TS23280-10.1.1.1-04\n  Scenario: Good\n    When the UE asks for /good\n"
        "    When the teardown will break\n    Then that request is good\n"
    )
    (tmp_path / "own.feature").write_text(text)

    ran = run_toys("own.feature")

    assert ran.verdicts == {"Good": "PASS"}
    assert ran.results.suite_errors == (
        "./own.feature:7: teardown failed: ValueError: broken in the teardown",
    )
    assert ran.code == 3


# What a user's surroundings must not change ------------------------------------------------------


def test_nothing_in_the_users_folder_or_environment_changes_a_campaign(
    run_toys: MusterCommand, tmp_path: Path
) -> None:
    evil = "def pytest_collection_modifyitems(items): items.clear()\n"
    for name in ("conftest.py", "evil.py", "pytest.py", "toys.py"):
        (tmp_path / name).write_text(evil)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -k nothing --maxfail=1\n")
    (tmp_path / "pyproject.toml").write_text('[tool.pytest.ini_options]\naddopts = "-k nothing"\n')
    (tmp_path / "steps").mkdir()
    (tmp_path / "steps" / "toy.py").write_text("raise SystemExit('not ours')\n")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "conftest.py").write_text(evil)
    (tmp_path / "own" / "toys.feature").write_text(TOYS)
    (tmp_path / "ue.toml").write_text(UE)
    environment = {
        "PYTEST_ADDOPTS": "-k nothing",
        "PYTEST_PLUGINS": "evil",
        "PYTHONPATH": os.pathsep.join([muster_environment()["PYTHONPATH"], str(tmp_path / "own")]),
        "PYTHONWARNINGS": "error",
        "PYTHONOPTIMIZE": "2",
        "MUSTER_CAMPAIGN": "{}",
    }

    ran = run_toys("own", "--ue", "ue.toml", environment=environment)

    assert ran.verdicts == VERDICTS


# Cut campaigns -----------------------------------------------------------------------------------

LONG = """\
Feature: Long
  @TS23280-10.1.1.1-04
  Scenario: Good
    When the UE asks for /good
    Then that request is good

  @TS23280-10.1.1.1-04
  Scenario: Waiting
    When the process tells its id
    When the process waits 30 seconds

  @TS23280-10.1.1.1-04
  Scenario: Next
    When the process waits 30 seconds

  @ics:not-barking
  Scenario: Not barking
    When a step breaks
"""


def _start(folder: Path, text: str, *arguments: str) -> subprocess.Popen[bytes]:
    (folder / "own.feature").write_text(text)
    return subprocess.Popen(
        muster_command("run", "--steps", str(TOY_STEPS), "own.feature", *arguments),
        cwd=folder,
        env=muster_environment(),
        stdout=subprocess.DEVNULL,
    )


def _process_id(folder: Path) -> int:
    """Wait until the scenario that waits has told the id of its process."""
    _wait_for(lambda: any(folder.glob("results/*/process-id")))
    return int(next(folder.glob("results/*/process-id")).read_text())


def _wait_for(holds: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def _is_gone(process_id: int) -> bool:
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.mark.parametrize(
    ("number", "workers"), [(signal.SIGINT, ()), (signal.SIGTERM, ()), (signal.SIGINT, ("-n", "1"))]
)
def test_an_interrupted_campaign_reports_what_it_has(
    tmp_path: Path, number: int, workers: tuple[str, ...]
) -> None:
    process = _start(tmp_path, LONG, *workers)
    child = _process_id(tmp_path)

    process.send_signal(number)
    code = process.wait(20)

    ran = Ran(code, "", "", tmp_path)
    assert ran.verdicts == {
        "Good": "PASS",
        "Waiting": "NOT_RUN(interrupted)",
        "Next": "NOT_RUN(interrupted)",
        "Not barking": "NOT_APPLICABLE(not barking)",
    }
    assert code == 2
    assert ran.results.sealed
    assert ran.results.broken_chains == ()
    assert (ran.results_folder / "report.html").is_file()
    assert _is_gone(child)


def test_scenarios_end_when_their_controller_is_killed(tmp_path: Path) -> None:
    process = _start(tmp_path, LONG, "-n", "1")
    child = _process_id(tmp_path)

    process.kill()
    process.wait(20)

    _wait_for(lambda: _is_gone(child))
    (folder,) = (tmp_path / "results").iterdir()
    made_again = call_muster(tmp_path, "report", str(folder))
    assert made_again.code == 0
    assert Ran(0, "", "", tmp_path).verdicts["Good"] == "PASS"


DYING = """\
Feature: Dying
  @TS23280-10.1.1.1-04
  Scenario: Good
    When the UE asks for /good
    Then that request is good

  @TS23280-10.1.1.1-04
  Scenario: Dying
    When the process dies

  @TS23280-10.1.1.1-04
  Scenario: Next
    When the UE asks for /good
    Then that request is good
"""


@pytest.mark.parametrize(
    ("workers", "following"),
    [((), "NOT_RUN(worker_died)"), (("-n", "2"), "PASS"), (("-n", "4"), "PASS")],
)
def test_a_scenario_whose_process_dies_is_an_error_of_ours(
    run_toys: MusterCommand, tmp_path: Path, workers: tuple[str, ...], following: str
) -> None:
    (tmp_path / "own.feature").write_text(DYING)

    ran = run_toys("own.feature", *workers)

    assert ran.verdicts == {"Good": "PASS", "Dying": "ERROR(worker_died)", "Next": following}
    assert ran.results.broken_chains == ()
    assert ran.code == 3


# Helpers -----------------------------------------------------------------------------------------


def _json(path: Path) -> Any:
    return json.loads(path.read_text())


def _events(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]
