"""Built-in UEs that run as programs of their own, and what drives them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from muster.ics import known_items
from muster.requirements import Catalogue
from tests.conftest import ROOT, muster_command, muster_environment

SUBJECT = '[ue]\nvendor = "Example Radio"\nmodel = "ER-1"\nsoftware = "4.2"\n'


@contextmanager
def running(command: list[str], environment: dict[str, str]) -> Iterator[str]:
    """Run a program that tells its address in its first line, and yield that line."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True)
    assert process.stdout
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


@pytest.fixture(scope="session")
def reference_url() -> Iterator[str]:
    """The address of the reference UE in a process of its own."""
    command = muster_command("ue", "--listen", "127.0.0.1:0")
    with running(command, muster_environment()) as told:
        assert told.startswith("UE reference at http://127.0.0.1:")
        yield told.rpartition(" ")[2]


def ue_toml(driver: str, more: str = "") -> str:
    """A `ue.toml` that claims everything, with a driver."""
    catalogue = Catalogue.load(ROOT / "fixtures" / "requirements")
    items = "".join(f'"{item}" = true\n' for item in known_items(catalogue))
    services = 'services = ["mcptt", "mcvideo", "mcdata"]\n'
    return f"{SUBJECT}[driver]\n{driver}\n[ics]\n{services}[ics.items]\n{items}{more}"


def script(folder: Path, text: str) -> Path:
    """Write an executable."""
    path = folder / "driver"
    path.write_text(text)
    os.chmod(path, 0o755)
    return path
