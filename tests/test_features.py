"""The features as texts: what they cite is checked, what they say is written down once."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_bdd import parsers
from pytest_bdd.parser import Feature, FeatureParser, Step
from pytest_bdd.steps import step_function_context_registry

import muster.checks
import steps
from muster.collection import FeatureFileReader
from muster.judging import CHECKS
from muster.requirements import Catalogue

for package in (muster.checks, steps):
    for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)

FOLDER = Path(__file__).resolve().parent.parent / "features"
FEATURES = sorted(FOLDER.rglob("*.feature"))
IDS = [str(path.relative_to(FOLDER)) for path in FEATURES]
OURS = {name for name in CHECKS if name.startswith("muster.checks.")}
UNUSED_CHECKS: set[str] = set()
"""Checks that wait for the stub they need; the scenario that comes takes its check out of here."""
OF_THE_WIRE = re.compile(
    r"https?:|sips?:|urn:|\b[1-6]\d\d\b|\b(?:GET|PUT|DELETE|ETag|If-None-Match|Event:)\b"
    r"|\b(?:Authorization|Content-Type|P-Preferred-Service|SIP-If-Match|Request-URI)\b"
    r"|application/|\.xml\b"
)
"""URLs, methods of HTTP, header fields, status numbers, media types: data, not sentences."""


@dataclass(frozen=True)
class Phrase:
    """One sentence that a step module defines."""

    kind: str | None
    text: str
    parser: parsers.StepParser

    def matches(self, step: Step) -> bool:
        return self.kind in (None, step.type) and bool(self.parser.is_matching(step.name))


PHRASES = [
    Phrase(context.type, context.parser.name, context.parser)
    for context in step_function_context_registry.values()
    if context.step_func.__module__.startswith("steps.")
]
PARSED = [FeatureParser(str(FOLDER), name).parse() for name in IDS]
CATALOGUE = Catalogue.load(FOLDER.parent / "fixtures" / "requirements")
ENTRIES = [
    entry
    for path, name in zip(FEATURES, IDS, strict=True)
    for entry in FeatureFileReader(path, name, CATALOGUE.requirements).scenarios()
]
"""Each scenario as it runs: with the row of its Examples put in."""
STEPS = [step for entry in ENTRIES for step in entry.rendered.steps]
CITED = {requirement for entry in ENTRIES for requirement in entry.requirements}


def _calls() -> set[str]:
    """Return the checks that step modules call, under their full names."""
    source = "\n".join(path.read_text() for path in Path(steps.__path__[0]).glob("*.py"))
    called = set(re.findall(r"\b(\w+\.\w+)\b", source))
    return {name for name in OURS if name.removeprefix("muster.checks.") in called}


def test_each_cited_requirement_is_cited_by_a_check() -> None:
    checked = {requirement for name in OURS for requirement in CHECKS[name].requirements}

    assert CITED - checked == set()


def test_each_requirement_of_a_check_in_use_is_cited_by_a_feature() -> None:
    used = {requirement for name in _calls() for requirement in CHECKS[name].requirements}

    assert used - CITED == set()


def test_each_check_is_used_by_a_step() -> None:
    assert OURS - _calls() == UNUSED_CHECKS


def test_each_phrase_is_used_by_a_feature() -> None:
    unused = {one.text for one in PHRASES if not any(one.matches(step) for step in STEPS)}

    assert unused == set()


def test_each_step_is_matched_by_one_phrase() -> None:
    matching = {
        f"{step.type} {step.name}": [one.text for one in PHRASES if one.matches(step)]
        for step in STEPS
    }

    assert {line: found for line, found in matching.items() if len(found) != 1} == {}


def test_no_phrase_is_written_twice() -> None:
    counts = Counter((one.kind, one.text) for one in PHRASES)

    assert [phrase for phrase, count in counts.items() if count > 1] == []


def test_scenarios_have_titles_of_their_own() -> None:
    counts = Counter(title for feature in PARSED for title in feature.scenarios)

    assert [title for title, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("feature", PARSED, ids=IDS)
def test_world_is_chosen_first_of_all(feature: Feature) -> None:
    """A world that runs is not exchanged: the sentence that chooses one comes first."""
    after = [step.name for one in feature.scenarios.values() for step in list(one.steps)[1:]]

    late = [name for name in after if name.startswith("a world with")]

    assert late == []


@pytest.mark.parametrize("path", FEATURES, ids=IDS)
def test_feature_file_is_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 60


@pytest.mark.parametrize("feature", PARSED, ids=IDS)
def test_feature_explains_itself_and_has_short_scenarios(feature: Feature) -> None:
    background = len(feature.background.steps) if feature.background else 0

    assert feature.description.strip()
    assert feature.scenarios
    for scenario in feature.scenarios.values():
        assert 1 <= len(list(scenario.steps)) - background <= 7


LEAK_SENTENCE = "no system saw what belongs to another"


def test_each_migration_ends_with_the_question_who_saw_what() -> None:
    migrations = [entry for entry in ENTRIES if entry.feature_name.startswith("migration/")]
    last = {entry.id: list(entry.rendered.steps)[-1].name for entry in migrations}

    assert len(last) > 60
    assert {name: text for name, text in last.items() if text != LEAK_SENTENCE} == {}


def test_each_scenario_cites_a_requirement() -> None:
    assert [entry.id for entry in ENTRIES if not entry.requirements] == []


def test_each_row_of_examples_has_a_title_of_its_own() -> None:
    counts = Counter((entry.feature_name, entry.title) for entry in ENTRIES)

    assert [title for title, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("path", FEATURES, ids=IDS)
def test_sentences_speak_of_people_and_systems(path: Path) -> None:
    lines = [line for line in path.read_text().splitlines() if not line.strip().startswith("@")]

    assert [line for line in lines if OF_THE_WIRE.search(line)] == []
