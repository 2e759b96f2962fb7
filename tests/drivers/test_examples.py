"""The drivers that the documentation gives to copy: they keep to the contract, and serve."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, MusterCommand, muster_environment
from tests.drivers.conftest import running, ue_toml

EXAMPLES = ROOT / "docs" / "examples"


def check(muster: MusterCommand, folder: Path, driver: str) -> None:
    (folder / "ue.toml").write_text(ue_toml(driver, "[ixit]\nquiet_seconds = 0.3\n"))
    text = (folder / "ue.toml").read_text().replace('"operation:preselect_profile" = true', "")
    (folder / "ue.toml").write_text(text)

    checked = muster("driver-check", "--ue", "ue.toml")

    assert checked.code == 0, checked.out


def test_the_control_server(muster: MusterCommand, tmp_path: Path) -> None:
    command = [sys.executable, str(EXAMPLES / "control_server.py"), "0"]
    with running(command, muster_environment()) as told:
        url = told.rpartition(" ")[2]
        check(muster, tmp_path, f'kind = "http"\nurl = "{url}"')
        ran = muster("run", "--ue", "ue.toml", "bootstrap/initial_configuration.feature")

    assert [one.verdict.value for one in ran.results.scenarios] == ["PASS"]


def test_the_command(muster: MusterCommand, tmp_path: Path, reference_url: str) -> None:
    command = f'["{EXAMPLES / "drive-ue"}", "{reference_url}"]'
    check(muster, tmp_path, f'kind = "command"\ncommand = {command}')


@pytest.mark.parametrize("name", ["control_server.py", "drive-ue"])
def test_an_example_can_be_run(name: str) -> None:
    assert (EXAMPLES / name).stat().st_mode & 0o111
