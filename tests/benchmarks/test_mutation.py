"""What is made ready for mutation testing, and how its outcome is counted."""

import json
from collections import Counter
from pathlib import Path

from benchmarks.mutation import rows, survivors, tally, undecorate

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
    assert rows(found)[-1] == ["all", "4", "1", "1", "1", "1", "1", "50 %"]
