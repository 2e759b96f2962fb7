"""What is made ready for mutation testing, and how its outcome is counted."""

import json
from collections import Counter
from pathlib import Path

from benchmarks import evidence, lone_mutants
from benchmarks.mutation import (
    KILLED,
    LEFT,
    QUICK_FIRST,
    SURVIVED,
    Ran,
    of_modules,
    rows,
    survivors,
    tally,
    undecorate,
)
from benchmarks.survivors import WORDS

CHECK = '''\
from x import check


@check(
    "TS-1",
)
def one(seen):
    """It holds."""
    yield seen


@property
def other():
    return 1


def last():
    return one
'''


def test_check_becomes_a_function_that_can_be_changed(tmp_path: Path) -> None:
    path = tmp_path / "checks.py"
    path.write_text(CHECK)

    assert undecorate(path) == 1

    said: list[object] = []

    def check(name: str) -> object:
        return lambda function: said.append((name, function.__name__)) or function

    names: dict[str, object] = {"check": check}
    exec(path.read_text().partition("\n")[2], names)
    assert said == [("TS-1", "one")]
    assert list(names["one"](3)) == [3]  # type: ignore[operator]


def test_outcomes_are_counted_by_module(tmp_path: Path) -> None:
    meta = tmp_path / "muster" / "checks" / "tokens.py.meta"
    meta.parent.mkdir(parents=True)
    codes = {"a": 1, "b": 0, "c": None, "d": 33, "e": 36}
    meta.write_text(json.dumps({"exit_code_by_key": codes}))

    found = tally(tmp_path)

    assert found == {
        "muster/checks/tokens.py": Counter(
            {"killed": 1, "survived": 1, "not run": 1, "no tests": 1, "timeout": 1}
        )
    }
    assert survivors(tmp_path) == ["b", "d"]
    assert rows(found, "2026-01-02") == [
        ["muster/checks/tokens.py", "2026-01-02", "4", "1", "1", "1", "1", "1", "50 %"]
    ]


def test_survivors_of_some_modules_are_those_that_were_not_tried_alone(tmp_path: Path) -> None:
    names = [f"muster.checks.{module}.x_f__mutmut_1" for module in ("tokens", "keys", "leaks")]
    for name in names:
        meta = tmp_path / f"{name.rpartition('.')[0].replace('.', '/')}.py.meta"
        meta.parent.mkdir(parents=True, exist_ok=True)
        meta.write_text(json.dumps({"exit_code_by_key": {name: 0}}))
    lone_mutants.note(tmp_path, {names[1]: 0})

    assert of_modules(tmp_path, ["muster/checks/*"]) == [names[2], names[0]]
    assert of_modules(tmp_path, ["muster/checks/tokens.py"]) == [names[0]]


def test_survivor_that_was_to_run_again_and_did_not_is_one_still(tmp_path: Path) -> None:
    meta = tmp_path / "muster" / "checks" / "tokens.py.meta"
    meta.parent.mkdir(parents=True)
    codes, took = {"a": None, "b": None, "c": 1}, {"a": 0.4, "b": None, "c": 0.2}
    meta.write_text(json.dumps({"exit_code_by_key": codes, "durations_by_key": took}))

    assert survivors(tmp_path) == ["a"]
    assert tally(tmp_path) == {
        "muster/checks/tokens.py": Counter({"survived": 1, "not run": 1, "killed": 1})
    }


def test_run_of_some_modules_leaves_what_is_known_of_others(tmp_path: Path) -> None:
    machine = evidence.Machine(2, "3.11", "0.1")
    one_survived = Counter({KILLED: 3, SURVIVED: 1})
    counts = {"a.py": one_survived, "b.py": one_survived + Counter({LEFT: 2})}
    first = Ran(machine, counts, {"a.py": Counter({WORDS: 1})})
    second = Ran(machine, {"a.py": Counter({KILLED: 4})})

    first.write(tmp_path)
    second.write(tmp_path)

    table, told = (evidence.read(tmp_path / f"{name}.json") for name in ("mutation", "survivors"))
    today = evidence.today()
    assert table.rows == [
        ["a.py", today, "4", "4", "0", "0", "0", "0", "100 %"],
        ["b.py", today, "4", "3", "0", "1", "0", "2", "75 %"],
        ["all", "", "8", "7", "0", "1", "0", "2", "88 %"],
    ]
    assert table.notes == [QUICK_FIRST]
    assert [row[:2] for row in told.rows] == [["a.py", "0"], ["b.py", "0"], ["all", "0"]]
