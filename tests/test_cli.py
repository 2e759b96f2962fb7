"""The command line: what it answers, and how it refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from muster import __version__
from tests.conftest import MusterCommand, muster_environment

FEATURE = """\
@client
Feature: Own
  @TS23280-10.1.1.1-04 @ics:barking
  Scenario: Good [/good]
    When the UE asks for /good
    Then that request is good
"""


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys\nfrom muster.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit: pass\n"
        "print(sorted({'rich', 'pydantic', 'pytest', 'aiohttp', 'lxml'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=muster_environment(),
        capture_output=True,
        text=True,
        check=True,
    )

    *told, imported = done.stdout.splitlines()
    commands = [line.split()[0] for line in told[told.index("Commands:") + 1 :]]
    assert {"list", "report", "run", "validate"} <= set(commands)
    assert imported == "[]"


def test_version(muster: MusterCommand) -> None:
    assert muster("--version").out == f"muster, version {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "nowhere"], "muster: nowhere: there is no such feature, here or in the suite\n"),
        (["run", "empty"], "muster: empty: holds no feature file\n"),
        (["run", "ue.toml"], "muster: ue.toml: is not a feature file (*.feature)\n"),
        (
            ["run", "own.feature:5"],
            "muster: own.feature:5: no scenario begins in that line; they begin in 4\n",
        ),
        (
            ["run", "own.feature", "--ue", "ue.toml"],
            "muster: ue.toml: line 1: ue.vendor: is missing\n"
            "muster: ue.toml: line 1: ue.model: is missing\n"
            "muster: ue.toml: line 2: ue.modell: is not known here; did you mean model?\n"
            "muster: ue.toml: line 3: ue.software: a text in quotes is expected, not 3\n",
        ),
        (
            ["run", "own.feature", "--driver", "mine"],
            "muster: --driver: 'mine' is no built-in UE; write reference, faulty:<name> or"
            " variant:<name>\n",
        ),
        (
            ["run", "own.feature", "--driver", "faulty:no_pkcee"],
            "muster: there is no built-in UE faulty:no_pkcee; there are: faulty:no_pkce",
        ),
        (
            ["run", "own.feature", "--results", "own.feature"],
            "own.feature: cannot be written: Not a directory\n",
        ),
        (["run", "own.feature", "--results", "/proc/results"], "/proc/results: cannot be written"),
        (["run", "own.feature", "-n", "x"], "-n x: a number of processes is expected, or auto"),
        (["run", "own.feature", "-k", "absent"], "no scenario is selected by -k 'absent'\n"),
        (["run", "own.feature", "-k", "a b c("], "-k 'a b c(': cannot be read: "),
        (["run", "own.feature", "--colour"], "No such option '--colour'"),
        (["runn"], "No such command 'runn'"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(
    run_toys: MusterCommand,
    muster: MusterCommand,
    tmp_path: Path,
    arguments: list[str],
    message: str,
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "own.feature").write_text(FEATURE)
    (tmp_path / "ue.toml").write_text('[ue]\nmodell = "x"\nsoftware = 3\n')

    ran = run_toys(*arguments[1:]) if arguments[0] == "run" else muster(*arguments)

    assert message in ran.err
    assert ran.out == ""
    assert ran.code == 64
    results = tmp_path / "results"
    assert not results.exists() or not list(results.iterdir())


def test_list_counts_on_request(muster: MusterCommand, tmp_path: Path) -> None:
    (tmp_path / "own.feature").write_text(FEATURE)

    counted = muster("list", "own.feature", "--count").out

    rows = [line.split() for line in counted.splitlines()]
    assert ["│", "all", "│", "1", "│", "1", "│", "1", "│", "1", "│"] in rows


def test_list_tells_scenarios_requirements_and_what_applies(
    muster: MusterCommand, tmp_path: Path
) -> None:
    (tmp_path / "own.feature").write_text(FEATURE)
    (tmp_path / "ue.toml").write_text('[ue]\nvendor = "a"\nmodel = "b"\nsoftware = "c"\n')

    for_people = muster("list", "own.feature")
    for_programs = muster("list", "own.feature", "--ue", "ue.toml", "--json")

    assert for_people.out == (
        "./own.feature:4  Good [/good]  (applies: barking)\n    TS23280-10.1.1.1-04\n"
        "\nscenarios 1, of which 1 apply; definitions 1; requirements 1\n"
    )
    assert json.loads(for_programs.out) == [
        {
            "id": "./own.feature:4",
            "title": "Good [/good]",
            "feature": "./own.feature",
            "feature_title": "Own",
            "area": "own",
            "line": 4,
            "tags": ["client", "TS23280-10.1.1.1-04", "ics:barking"],
            "requirements": ["TS23280-10.1.1.1-04"],
            "service": "",
            "applicable": False,
            "ics": "barking",
        }
    ]
    assert for_people.code == for_programs.code == 0


def test_list_tells_of_features_that_cannot_be_collected(
    muster: MusterCommand, tmp_path: Path
) -> None:
    (tmp_path / "own.feature").write_text("Feature: Own\n")

    ran = muster("list", "own.feature")

    assert ran.err == (
        "./own.feature:1: the feature holds no scenario; write one or remove the file\n"
    )
    assert ran.code == 3
