"""What the suite holds, counted strictly: what says the same twice counts once."""

from __future__ import annotations

from pathlib import Path

import pytest

from muster.collection import FeatureFileReader
from muster.counting import (
    MIGRATION,
    Definition,
    by_basis,
    count,
    definitions,
    repeated,
    unshaken,
)
from muster.documents.rules import RULES
from muster.requirements import Catalogue
from muster.suite import suite_root
from tests.checks.test_every_check import REPORTED

SOME = """
Feature: Some feature
  Background:
    Given Alice is there

  @TS24484-6.3.3-03
  Scenario Outline: The service is used
    When Alice starts the <service> service
    Then it works

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |

  @TS24484-6.3.3-03
  Scenario Outline: The same in other words
    When Alice starts the <service> service
    Then it works well

    Examples:
      | service |
      | MCData  |

  @TS24484-6.3.3-03
  Scenario: Another occasion
    Given Bob is there
    When Bob starts a service
    Then it works
"""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load(suite_root() / "fixtures" / "requirements")


@pytest.fixture(scope="module")
def found(catalogue: Catalogue) -> list[Definition]:
    features = suite_root() / "features"
    readers = [
        FeatureFileReader(path, path.relative_to(features).as_posix(), catalogue.requirements)
        for path in sorted(features.rglob("*.feature"))
    ]
    return definitions(entry for reader in readers for entry in reader.scenarios())


def test_rows_of_an_outline_are_one_definition(tmp_path: Path, catalogue: Catalogue) -> None:
    first, second, third = _definitions(tmp_path, catalogue)

    assert (first.title, first.given, first.when, len(first.rows)) == (
        "The service is used",
        ("Alice is there",),
        ("Alice starts the <service> service",),
        2,
    )
    assert repeated([first, second, third]) == [(first.id, second.id)]
    assert count([first, second, third]).distinct == 2


def test_definition_is_shaken_by_a_finding_in_any_of_its_rows(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    first, second, third = _definitions(tmp_path, catalogue)

    assert unshaken([first, second, third], [first.rows[1], third.id]) == [second]


def test_there_are_enough_definitions_that_differ(found: list[Definition]) -> None:
    primary = [one for one in found if one.area != MIGRATION]
    migration = [one for one in found if one.area == MIGRATION]

    assert count(primary).distinct >= 140
    assert count(migration).distinct >= 60


def test_no_definition_says_what_another_one_says(found: list[Definition]) -> None:
    assert repeated(found) == []


def test_each_requirement_of_a_scenario_is_killed_by_an_exchange(found: list[Definition]) -> None:
    killed = {requirement for _, requirement in REPORTED}

    assert {name for one in found for name in one.requirements} - killed == set()


def test_each_requirement_is_exercised_or_says_why_not(
    found: list[Definition], catalogue: Catalogue
) -> None:
    cited = {name for one in found for name in one.requirements}
    known = by_basis(catalogue, cited, {rule.requirement for rule in RULES}).values()

    assert sum(one.exercised for one in known) >= 200
    assert sum(one.open for one in known) == 0


def _definitions(folder: Path, catalogue: Catalogue) -> list[Definition]:
    path = folder / "some.feature"
    path.write_text(SOME)
    reader = FeatureFileReader(path, "some.feature", catalogue.requirements)
    return definitions(reader.scenarios())
