"""The guards fire in real runs: what pytest-bdd passes over in silence is an error."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import TOY_STEPS, MusterCommand, call_muster

BAD_STEPS = '''\
"""Steps with every defect that a step can have."""

from pytest_bdd import given, parsers, then, when


@when("it is awaited")
async def awaited():
    assert False


@then("it is yielded")
async def yielded():
    yield


@when("two match")
def exact():
    pass


@when(parsers.parse("{number} match"))
def pattern(number):
    pass


@when("it takes a table")
def table(datatable):
    pass
'''

BAD_FEATURE = """\
Feature: Defects
  Scenario: Undefined
    When the UE ask for /good
    Then nothing like it

  Scenario: Wrong kind of step
    Given the UE asks for /good

  Scenario: Ambiguous
    When two match

  Scenario: Tables
    When it takes a table
      | a |
    When a step breaks
      | a |
      | b |
    When a step breaks
      \"\"\"
      text
      \"\"\"

  Scenario: Tables
    When a step breaks

  Scenario: Debugger
    When trace
"""

GOOD_FEATURE = """\
Feature: Good
  @TS23280-10.1.1.1-04
  Scenario: Good
    When the UE asks for /good
    Then that request is good
"""


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_every_defect_is_told_at_once_and_nothing_is_run(
    tmp_path: Path, workers: tuple[str, ...]
) -> None:
    steps = tmp_path / "toy_steps"
    shutil.copytree(TOY_STEPS, steps)
    (steps / "bad.py").write_text(BAD_STEPS)
    (tmp_path / "bad.feature").write_text(BAD_FEATURE)
    (tmp_path / "good.feature").write_text(GOOD_FEATURE)

    files = ("bad.feature", "good.feature")
    ran = call_muster(tmp_path, "run", *files, "--steps", str(steps), *workers)

    assert sorted(ran.results.suite_errors) == sorted(EXPECTED)
    assert all(error in ran.out for error in EXPECTED)
    assert ran.verdicts == {"Good": "NOT_RUN(suite_error)"}
    assert ran.code == 3
    assert ran.results.broken_chains == ()
    assert (ran.results_folder / "report.html").is_file()


EXPECTED = [
    "toy_steps/bad.py:6: the step `When it is awaited` is an async function, which would pass"
    " without running; make it a plain function",
    "toy_steps/bad.py:11: the step `Then it is yielded` is an async function, which would pass"
    " without running; make it a plain function",
    "./bad.feature:3: no step of the suite reads `When the UE ask for /good`; did you mean"
    " `When the UE asks for {path}`?",
    "./bad.feature:4: no step of the suite reads `Then nothing like it`; write it with the steps"
    " that there are",
    "./bad.feature:7: no step of the suite reads `Given the UE asks for /good`; did you mean"
    " `When the UE asks for {path}`?",
    "./bad.feature:10: `When two match` is ambiguous: `When two match` (toy_steps/bad.py:16),"
    " `When {number} match` (toy_steps/bad.py:21); change one of the definitions",
    "./bad.feature:15: `When a step breaks` has a datatable that its definition (toy_steps/"
    "toy.py:84) does not take; remove it",
    "./bad.feature:18: `When a step breaks` has a docstring that its definition (toy_steps/"
    "toy.py:84) does not take; remove it",
    """./bad.feature:23: a scenario is named "Tables" in line 12 already; give each scenario of a"""
    " feature its own name",
    "./bad.feature:27: no step of the suite reads `When trace`; write it with the steps that there"
    " are",
]


def test_a_step_module_that_does_not_import_is_told_once(tmp_path: Path) -> None:
    steps = tmp_path / "toy_steps"
    shutil.copytree(TOY_STEPS, steps)
    (steps / "broken.py").write_text("import json\nimport nowhere_to_be_found\n")
    (steps / "unreadable.py").write_text("x = 1\ndef (:\n")
    (tmp_path / "good.feature").write_text(GOOD_FEATURE)

    ran = call_muster(tmp_path, "run", "good.feature", "--steps", str(steps))

    assert ran.results.suite_errors == (
        "toy_steps/broken.py:2: the step module does not import: ModuleNotFoundError: No module"
        " named 'nowhere_to_be_found'; correct the module",
        "toy_steps/unreadable.py:2: the step module does not import: SyntaxError: invalid syntax"
        " (unreadable.py, line 2); correct the module",
    )
    assert ran.code == 3


def test_one_typo_gives_one_message(run_toys: MusterCommand, tmp_path: Path) -> None:
    (tmp_path / "my.feature").write_text(GOOD_FEATURE.replace("asks", "aks"))

    ran = run_toys("my.feature")

    told, report = ran.out.splitlines()
    assert told == (
        "./my.feature:4: no step of the suite reads `When the UE aks for /good`; did you mean"
        " `When the UE asks for {path}`?"
    )
    assert report == f"report: {ran.results_folder / 'report.html'}"
    assert ran.code == 3
    assert ran.results.scenarios == ()
    assert ran.results.sealed


def test_equal_files_of_two_folders_are_told_apart(run_toys: MusterCommand, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "good.feature").write_text(GOOD_FEATURE)

    ran = run_toys("a", "b/good.feature:3", "-n", "2")

    assert {one.id: one.area for one in ran.results.scenarios} == {
        "./a/good.feature:3": "a",
        "./b/good.feature:3": "b",
    }
    assert ran.code == 0
