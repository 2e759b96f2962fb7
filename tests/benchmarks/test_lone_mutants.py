"""A mutant of what runs while a module loads is tried in a process that knows it from the start."""

import json
from pathlib import Path

import pytest

from benchmarks import lone_mutants
from benchmarks.mutation import KILLED, SURVIVED, outcomes
from benchmarks.survivors import LOADED, OTHERS, explained

NOTICED, BROKEN, UNNOTICED = (f"muster.words.x_made__mutmut_{number}" for number in (1, 2, 3))
TESTS = f"""
import os

mutant = os.environ["MUTANT_UNDER_TEST"]
assert mutant != "{BROKEN}", "it cannot be loaded"


def test_words():
    assert mutant != "{NOTICED}"
"""


@pytest.fixture
def mutants(tmp_path: Path) -> Path:
    """What mutmut leaves: three mutants that survived because they were over before their test."""
    (tmp_path / "muster").mkdir()
    codes = dict.fromkeys((NOTICED, BROKEN, UNNOTICED), 0)
    (tmp_path / "muster" / "words.py.meta").write_text(json.dumps({"exit_code_by_key": codes}))
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_words.py").write_text(TESTS)
    return tmp_path


def ended(mutants: Path) -> dict[str, str]:
    return outcomes(mutants / "muster" / "words.py.meta")


def test_mutant_that_is_noticed_alone_is_noticed(mutants: Path) -> None:
    lone_mutants.run(mutants, (NOTICED, BROKEN, UNNOTICED), ["tests"], 2, 60.0)

    assert ended(mutants) == {NOTICED: KILLED, BROKEN: KILLED, UNNOTICED: SURVIVED}
    assert lone_mutants.tried(mutants) == {NOTICED, BROKEN, UNNOTICED}


def test_none_is_tried_after_the_time_and_each_again_once_it_is_forgotten(mutants: Path) -> None:
    lone_mutants.run(mutants, (NOTICED, UNNOTICED), ["tests"], 1, 0.0)

    assert set(ended(mutants).values()) == {SURVIVED}
    assert lone_mutants.tried(mutants) == frozenset()

    lone_mutants.note(mutants, {NOTICED: 1, UNNOTICED: 0})
    lone_mutants.forget(mutants, [UNNOTICED])

    assert lone_mutants.tried(mutants) == {NOTICED}


def test_nothing_is_noticed_by_tests_that_always_fail(mutants: Path) -> None:
    (mutants / "tests" / "test_words.py").write_text("def test_words():\n    assert False\n")

    with pytest.raises(SystemExit, match="the tests fail without any mutant"):
        lone_mutants.run(mutants, (NOTICED,), ["tests"], 1, 60.0)
    assert ended(mutants)[NOTICED] == SURVIVED


def test_test_that_never_ends_is_stopped(mutants: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lone_mutants, "LONGEST", 2.0)
    (mutants / "tests" / "test_words.py").write_text(
        "import time\n\n\ndef test_words():\n    time.sleep(60)\n"
    )

    assert lone_mutants.exit_code(mutants, NOTICED, ["tests"]) == lone_mutants.TIMED_OUT


def test_survivor_that_was_tried_alone_is_told_by_what_it_changed(mutants: Path) -> None:
    found = explained(mutants, [NOTICED, UNNOTICED], [NOTICED])

    assert found == {"muster/words.py": {LOADED: 1, OTHERS: 1}}
