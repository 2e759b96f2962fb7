"""Again, narrowly: what failed, or one scenario alone, in the same worlds, judged alike."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.conftest import MusterCommand
from tests.drivers.conftest import SUBJECT

FEATURE = "identity/sign_in.feature"
SCENARIOS = (f"{FEATURE}:13", f"{FEATURE}:21", "bootstrap/initial_configuration.feature")


def only(folder: Path) -> Path:
    (found,) = folder.iterdir()
    return found


def verdicts(results: Path) -> dict[str, str]:
    document = json.loads((results / "campaign.json").read_text())
    return {one["id"]: one["verdict"] for one in document["scenarios"]}


def worlds(results: Path) -> dict[str, Any]:
    """By scenario, where the UE was told to bootstrap, with the addresses of that world."""
    found: dict[str, set[str]] = {}
    for path in results.glob("journal-*.jsonl"):
        for line in path.read_bytes().split(b"\n")[:-1]:
            event = json.loads(line)
            if event["kind"] == "exchange" and event["protocol"] == "http":
                host = dict(event["headers"]).get("Host", "").partition(":")[0]
                found.setdefault(event["scenario"], set()).add(host)
    return found


def test_what_failed_fails_again_alone_and_in_the_same_world(
    muster: MusterCommand, tmp_path: Path
) -> None:
    faulty = ("--driver", "faulty:no_pkce", "--seed", "7")
    muster("run", *faulty, "-n", "2", "--results", "whole", *SCENARIOS)
    whole = only(tmp_path / "whole")
    failed = {name for name, verdict in verdicts(whole).items() if verdict != "PASS"}
    passed = next(name for name, verdict in verdicts(whole).items() if verdict == "PASS")

    again = muster("run", "--rerun", str(whole), "--results", "again")
    alone = muster("run", *faulty, "--results", "alone", passed)

    assert failed
    assert (again.code, alone.code) == (1, 0)
    assert verdicts(only(tmp_path / "again")) == {name: verdicts(whole)[name] for name in failed}
    assert verdicts(only(tmp_path / "alone")) == {passed: "PASS"}
    told = worlds(whole)
    assert worlds(only(tmp_path / "again")) == {name: told[name] for name in failed}
    assert worlds(only(tmp_path / "alone")) == {passed: told[passed]}
    assert len({host for hosts in told.values() for host in hosts}) > len(told)


def test_what_cannot_be_run_again_is_told(muster: MusterCommand, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    nothing = muster("run", "--rerun", "empty")
    both = muster("run", "--rerun", "empty", FEATURE)

    assert (nothing.code, both.code) == (64, 64)
    assert "--rerun says which scenarios run; name no others" in both.err


def test_several_ues_are_tested_one_after_another(muster: MusterCommand, tmp_path: Path) -> None:
    for name, builtin in (("one", "reference"), ("two", "faulty:no_pkce")):
        driver = f'[driver]\nname = "{builtin}"\n[ics]\nservices = ["mcptt"]\n'
        text = SUBJECT.replace("ER-1", f"ER-{name}") + driver
        (tmp_path / f"{name}.toml").write_text(text)

    ran = muster("run", "--ue", "one.toml", "--ue", "two.toml", f"{FEATURE}:13")

    assert ran.code == 1
    folders = sorted((tmp_path / "results").iterdir(), key=lambda folder: folder.name)
    assert [folder.name.split("-", 2)[2] for folder in folders] == ["er-one", "er-two"]
    assert [list(verdicts(folder).values()) for folder in folders] == [["PASS"], ["FAIL"]]
    assert "UE 1 of 2: Example Radio ER-one 4.2" in ran.out
    assert "UE 2 of 2: Example Radio ER-two 4.2" in ran.out


def test_a_wrong_file_among_several_starts_nothing(muster: MusterCommand, tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text(SUBJECT)
    (tmp_path / "two.toml").write_text(SUBJECT.replace('"4.2"', "4"))

    ran = muster("run", "--ue", "one.toml", "--ue", "two.toml", FEATURE)

    assert ran.code == 64
    assert ran.err == "muster: two.toml: line 4: ue.software: a text in quotes is expected, not 4\n"
    assert not (tmp_path / "results").exists()


def test_names_can_stay_the_same_from_scenario_to_scenario(
    muster: MusterCommand, tmp_path: Path
) -> None:
    (tmp_path / "ue.toml").write_text(SUBJECT + "[ixit]\nsame_names = true\n")

    muster("run", "--ue", "ue.toml", "--seed", "3", f"{FEATURE}:13", f"{FEATURE}:34")

    told = worlds(only(tmp_path / "results"))
    assert len(told) == 2
    assert len({host for hosts in told.values() for host in hosts}) == 2
