"""Allure results open in Allure 2 and 3: optional, with npm's `allure-commandline` and `allure`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import call_muster

NODE_MODULES = Path(os.environ.get("MUSTER_NODE_MODULES", "node_modules"))
EXTERNAL_SCRIPT = re.compile(r"<script[^>]*\ssrc=\"(?:https?:)?//[^\"]*\"[^>]*>\s*</script>")

GENERATORS = {
    "Allure 2": ("allure-commandline", "bin/allure", "generate", "java"),
    "Allure 3": ("allure", "cli.js", "awesome", "node"),
}


@pytest.mark.parametrize("version", GENERATORS)
def test_results_of_a_campaign_open(version: str, tmp_path: Path) -> None:
    package, program, command, runtime = GENERATORS[version]
    path = (NODE_MODULES / package / program).resolve()
    for needed in (runtime, "chromium"):
        if shutil.which(needed) is None:
            pytest.skip(f"{needed} is not installed")
    if not path.is_file():
        pytest.skip(f"{package} (npm) is missing; MUSTER_NODE_MODULES names the packages' folder")
    ran = call_muster(
        tmp_path, "run", "--driver", "faulty:no_pkce", "identity/sign_in.feature", "-k", "code"
    )
    report = tmp_path / "allure"

    subprocess.run(
        [
            str(path),
            command,
            str(ran.results_folder / "allure"),
            "-o",
            str(report),
            "--single-file",
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )

    shown = as_text(report / "index.html", tmp_path)
    assert "sign_in" in shown or "Sign-in" in shown, shown
    assert "Failed" in shown or "Product defects" in shown, shown


def as_text(page: Path, folder: Path) -> str:
    """What a browser shows of a page, with its scripts from elsewhere taken out."""
    text = EXTERNAL_SCRIPT.sub("", page.read_text("utf-8"))
    (folder / "page.html").write_text(text, encoding="utf-8")
    browser = ["chromium", "--headless=new", "--no-sandbox", "--virtual-time-budget=8000"]
    run = subprocess.run(
        [*browser, "--dump-dom", (folder / "page.html").as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
    )
    body = re.sub(r"<(script|style)\b.*?</\1>", "", run.stdout, flags=re.S)
    return re.sub(r"<[^>]+>", " ", body)
