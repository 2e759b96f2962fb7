"""How long it takes until all scenarios are collected: `python -m benchmarks.collection`.

The pytest process of a campaign that runs nothing, over a pytest process that collects one empty
module: features, steps, catalogue and world are read, and every sentence is matched. Each worker
does it once.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.figures import Amount, Figure, main
from muster.campaign_settings import CampaignSettings
from muster.configuration import builtin_configuration
from muster.pytest_process import RunOptions, pytest_command, pytest_environment
from muster.selection import select

ROUNDS = 7


def seconds(command: list[str], environment: dict[str, str], folder: Path) -> tuple[float, str]:
    began = time.perf_counter()
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True)
    spent = time.perf_counter() - began
    if done.returncode:
        raise SystemExit(done.stdout[-3000:] + done.stderr[-3000:])
    return spent, done.stdout


def figures(tiny: bool = False) -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "test_empty.py").write_text("def test_nothing(): ...\n")
        settings = CampaignSettings(
            configuration=builtin_configuration(),
            results=folder,
            features=select((), folder),
            folder=folder,
            everything=True,
            parent=os.getpid(),
        )
        environment = pytest_environment(settings)
        empty = [sys.executable, "-m", "pytest", "-c", os.devnull, "-p", "no:cacheprovider"]
        commands = [
            [*empty, "--collect-only", "-q", "test_empty.py"],
            [*pytest_command(settings, RunOptions()), "--collect-only", "-q", "-q"],
        ]
        rounds = [
            [seconds(command, environment, folder) for command in commands]
            for _ in range(1 if tiny else ROUNDS)
        ]
    bare, whole = (min(spent for spent, _ in column) for column in zip(*rounds, strict=True))
    return [
        Figure(
            "collection of the whole suite",
            None,
            Amount(whole, "s", "pytest process"),
            Amount(bare, "s", "pytest with an empty module"),
            note="whole processes, the least of several",
        )
    ]


if __name__ == "__main__":
    sys.exit(main("collection", figures))
