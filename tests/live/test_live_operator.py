"""A scripted operator on the page in Chromium does a part of the default campaign."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from muster.results import read_results
from muster.ue.driver import Driver
from muster.ue.registry import make_driver
from tests.conftest import muster_command, muster_environment
from tests.drivers.conftest import ue_toml

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
operator = pytest.importorskip("tests.live.operator")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed here")

QUICK = "[ixit]\nquiet_seconds = 0.2\nanswer_seconds = 5\n"


@pytest.fixture
def ue() -> Iterator[Driver]:
    """The UE on the operator's bench."""
    driver = make_driver("reference")
    yield driver
    driver.close()


def test_an_operator_on_the_page_completes_scenarios(tmp_path: Path, ue: Driver) -> None:
    (tmp_path / "ue.toml").write_text(ue_toml('kind = "operator"', QUICK))
    selection = ("identity/sign_in.feature:13", "bootstrap/initial_configuration.feature")
    process = subprocess.Popen(
        muster_command("run", "--ue", "ue.toml", *selection, "--page"),
        cwd=tmp_path,
        env=muster_environment({"MUSTER_PASSWORD_ALICE": operator.PASSWORD}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    lines = (line for line in process.stdout if line.startswith("page: "))
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(next(lines).split()[1])
        answered = operator.serve_prompts(page, ue, process, lambda number: None)
        browser.close()
    process.communicate()

    (folder,) = (tmp_path / "results").iterdir()
    scenarios = read_results(folder).scenarios
    assert process.returncode == 0
    assert {one.verdict.value for one in scenarios} == {"PASS"}
    answers = [json.loads(path.read_text()) for path in (folder / "answers").iterdir()]
    assert [one["answer"] for one in answers] == ["done"] * answered
    assert answered >= 6
    written = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert operator.PASSWORD.encode() not in written
