"""Scenarios run by xdist's workers in another Python environment, as on another machine."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.conftest import MusterCommand

FEATURE = """\
Feature: Elsewhere
"""
SCENARIO = """\
  @TS23280-10.1.1.1-04
  Scenario: Number {number}
    When the UE asks for /{path}
    And the interpreter is told
    Then that request is good

"""


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second environment, with the packages of this one."""
    place = tmp_path_factory.mktemp("other")
    venv.create(place, with_pip=False, symlinks=True)
    python = place / "bin" / "python"
    command = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    library = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    (Path(library) / "those.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


def test_another_environment_runs_its_share_with_the_same_verdicts(
    run_toys: MusterCommand, tmp_path: Path, other: Path
) -> None:
    paths = ["good", "bad"] * 6
    scenarios = (SCENARIO.format(number=n, path=path) for n, path in enumerate(paths))
    (tmp_path / "own.feature").write_text(FEATURE + "".join(scenarios))

    ran = run_toys("own.feature", "--tx", "popen", "--tx", f"popen//python={other}")

    assert ran.code == 1
    expected = {f"Number {n}": "PASS" if path == "good" else "FAIL" for n, path in enumerate(paths)}
    assert ran.verdicts == expected
    told = {path.read_text() for path in ran.results_folder.glob("prefix-*")}
    assert told == {sys.prefix, str(other.parent.parent)}
    assert len(list(ran.results_folder.glob("journal-gw*.jsonl"))) == 2
    assert ran.results.broken_chains == ()
    assert ran.results.sealed


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--tx", "popen", "-n", "2"), "-n and --tx exclude one another"),
        (("--tx", "x*popen"), "--tx x*popen: a number is expected before *"),
        (("--tx", "nowhere=3"), "--tx nowhere=3: popen, ssh=HOST or socket=HOST:PORT is expected"),
    ],
)
def test_place_that_cannot_be_is_refused_before_anything_starts(
    muster: MusterCommand, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    ran = muster("run", *arguments)

    assert ran.code == 64
    assert told in ran.err
    assert not (tmp_path / "results").exists()
