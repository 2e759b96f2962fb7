"""The feature linter: each rule with a text that breaks it, and our features that keep them all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from pytest_bdd import parsers

from muster.collection import FeatureFileReader
from muster.documents.rules import RULES
from muster.lint import (
    Phrase,
    Suite,
    double_phrases,
    file_problems,
    lint,
    open_requirements,
    phrase_problems,
    requirement_problems,
    title_problems,
    wording_problems,
)
from muster.lint_command import lint_command
from muster.requirements import Catalogue
from muster.suite import put_suite_on_path

FEATURE = """@client
Feature: Dogs
  Dogs bark.

  @TS24484-8.2-01
  Scenario: A dog barks
    When the dog is told
    Then it barks
"""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load(put_suite_on_path() / "fixtures" / "requirements")


def told_of(folder: Path, text: str, catalogue: Catalogue) -> list[str]:
    path = folder / "dogs.feature"
    path.write_text(text)
    reader = FeatureFileReader(path, path.name, catalogue.requirements)
    entries = reader.scenarios()
    assert reader.problems == []
    problems = [*file_problems(path, path.name, entries), *title_problems(entries)]
    return [f"{one.where}: {one.message}" for one in problems]


def cited(catalogue: Catalogue) -> str:
    """Some requirement on a UE that no rule on documents judges."""
    rules = {rule.requirement for rule in RULES}
    of_ue = (name for name, row in catalogue.requirements.items() if row.actor == "ue")
    return next(name for name in of_ue if name not in rules)


def feature(catalogue: Catalogue, text: str = FEATURE) -> str:
    return text.replace("TS24484-8.2-01", cited(catalogue))


def test_our_features_are_in_order() -> None:
    done = CliRunner().invoke(lint_command, [])

    assert done.exit_code == 0, done.output
    assert done.output.endswith("the features are in order\n")


def test_good_feature_has_no_problem(tmp_path: Path, catalogue: Catalogue) -> None:
    assert told_of(tmp_path, feature(catalogue), catalogue) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  Dogs bark.\n", "", "does not say why it is there"),
        ("    Then it barks\n", "    Then it barks\n" * 8, "has 9 steps; 7 are enough"),
        ("    Then it barks\n", "    Then it barks\n" + "\n" * 60, "divide it at 60"),
        ("A dog barks", "A dog barks " + "and barks " * 12, "title has more than 100"),
        ("it barks", "it barks " * 20, "step has more than 120"),
        ("it barks", "it answers 404", "'404' is of the wire"),
        ("it barks", "https://dog is asked", "'https:' is of the wire"),
        ("it barks", "it should bark", "write the present tense"),
        ("it barks", "Alice logs in", "write sign in"),
        ("it barks", "the CMS is asked", "write configuration server"),
        ("it barks", "it doesn't bark", "write the full form"),
        ("  @TS24484-8.2-01\n", "", "cites no requirement"),
    ],
)
def test_each_rule_is_told(
    tmp_path: Path, catalogue: Catalogue, old: str, new: str, told: str
) -> None:
    assert old in FEATURE
    found = told_of(tmp_path, feature(catalogue, FEATURE.replace(old, new)), catalogue)

    assert any(told in one for one in found), found
    assert all(one.startswith("dogs.feature:") for one in found)


def test_prose_of_a_feature_may_use_any_word() -> None:
    assert list(wording_problems("  The client should ask the CMS.", "x:1")) == []


def test_two_scenarios_of_one_name_are_told(tmp_path: Path, catalogue: Catalogue) -> None:
    entries = []
    for name in ("a.feature", "b.feature"):
        (tmp_path / name).write_text(feature(catalogue))
        entries += FeatureFileReader(tmp_path / name, name, catalogue.requirements).scenarios()

    (problem,) = title_problems(entries)

    assert problem.where == "b.feature:6"


def phrase(text: str, where: str = "steps/dogs.py:1", kind: str = "then") -> Phrase:
    return Phrase(kind, text, parsers.parse(text), where)


@pytest.mark.parametrize(
    ("one", "other", "problems"),
    [
        ("the dog barks", "that dog barks", 1),
        ("{user} barks", "the {other} barks", 1),
        ("{user} barks", "{user} also barks", 0),
        ("the dog barks", "the cat barks", 0),
    ],
)
def test_phrases_that_say_the_same_are_told(one: str, other: str, problems: int) -> None:
    assert len(list(double_phrases([phrase(one), phrase(other)]))) == problems


def test_step_that_two_phrases_or_none_read_is_told(tmp_path: Path, catalogue: Catalogue) -> None:
    (tmp_path / "x.feature").write_text(feature(catalogue))
    reader = FeatureFileReader(tmp_path / "x.feature", "x.feature", catalogue.requirements)
    phrases = [phrase("it barks"), phrase("it {does}"), phrase("nobody says this")]

    found = [one.message for one in phrase_problems(phrases, reader.scenarios())]

    assert found == [
        "`the dog is told` is read by no phrase; one phrase must read it",
        "`it barks` is read by `it barks` and `it {does}`; one phrase must read it",
        "no feature uses the phrase `nobody says this`; remove it",
    ]


def test_requirement_that_no_check_can_report_is_told(tmp_path: Path, catalogue: Catalogue) -> None:
    (tmp_path / "x.feature").write_text(feature(catalogue))
    reader = FeatureFileReader(tmp_path / "x.feature", "x.feature", catalogue.requirements)
    suite = Suite(tmp_path, catalogue, [], frozenset(), reader.scenarios())

    found = [one.message for one in requirement_problems(suite) if one.where.startswith("x.")]

    assert found == [f"no check that a step takes can report {cited(catalogue)}"]


def test_requirement_that_nothing_judges_is_open_until_it_says_why(catalogue: Catalogue) -> None:
    name = cited(catalogue)
    bare = replace(catalogue.requirements[name], not_tested_because="")
    said = replace(bare, not_tested_because="A freedom.")

    def open_with(row: object) -> list[str]:
        return open_requirements(replace(catalogue, requirements={name: row}), ())

    assert (open_with(bare), open_with(said)) == ([name], [])


def test_tag_that_nobody_knows_is_a_problem(tmp_path: Path, catalogue: Catalogue) -> None:
    (tmp_path / "x.feature").write_text(feature(catalogue).replace("@client", "@clint"))

    problems = lint(tmp_path, catalogue).problems

    assert any("@clint is not a known tag" in one.message for one in problems)
