"""What tests of whole campaigns share: `muster run` as a process of its own, on toy features."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from muster.results import Results, read_results

ROOT = Path(__file__).resolve().parent.parent
TOY_STEPS = ROOT / "tests" / "toy_steps"


@dataclass(frozen=True)
class Ran:
    """A finished `muster` process."""

    code: int
    out: str
    err: str
    folder: Path
    """Where it was called."""

    @property
    def results_folder(self) -> Path:
        (folder,) = (self.folder / "results").iterdir()
        return folder

    @property
    def results(self) -> Results:
        return read_results(self.results_folder)

    @property
    def verdicts(self) -> dict[str, str]:
        """Verdict and reason by title, as campaign.json tells them."""
        document: dict[str, Any] = json.loads((self.results_folder / "campaign.json").read_text())
        return {
            one["title"]: one["verdict"] + (f"({one['reason']})" if one["reason"] else "")
            for one in document["scenarios"]
        }


MusterCommand = Callable[..., Ran]


def refuse_the_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Audit hook: no test may leave this machine. Raises ConnectionRefusedError.

    Name look-ups are of this machine's own names and of numbers; sockets go to loopback.
    """
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost", "0.0.0.0", "::"):
        return
    try:
        local = ip_address(name).is_loopback
    except ValueError:
        local = False
    if not local:
        raise ConnectionRefusedError(f"a test wants to leave this machine: {name}")


sys.addaudithook(refuse_the_network)


def muster_command(*arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", "muster", *arguments]


def muster_environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200", **(more or {})}


def call_muster(folder: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> Ran:
    done = subprocess.run(
        muster_command(*arguments),
        cwd=folder,
        env=muster_environment(environment),
        capture_output=True,
        text=True,
        timeout=60,
    )
    return Ran(done.returncode, done.stdout, done.stderr, folder)


@pytest.fixture
def muster(tmp_path: Path) -> MusterCommand:
    """Call `muster` in the test's own folder."""
    return lambda *arguments, **more: call_muster(tmp_path, *arguments, **more)


@pytest.fixture
def run_toys(tmp_path: Path) -> MusterCommand:
    """`muster run` with the toy steps in the test's own folder."""

    def run(*arguments: str, **more: Any) -> Ran:
        return call_muster(tmp_path, "run", "--steps", str(TOY_STEPS), *arguments, **more)

    return run
