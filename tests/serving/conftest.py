"""`muster serve` as a process of its own, and the reference UE in front of it."""

from __future__ import annotations

import json
import queue
import re
import secrets
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from muster.ue.driver import Credentials, Driver, Provisioning
from muster.ue.registry import make_driver
from tests.conftest import muster_command, muster_environment

PATIENCE = 30.0


def ixit(first: str = "") -> str:
    """A ue.toml whose addresses no other test has."""
    net = f"127.{20 + secrets.randbelow(200)}.{secrets.randbelow(250)}"
    hosts = {"primary": first or f"{net}.1", "partner": f"{net}.2", "neighbour": f"{net}.3"}
    rows = "".join(f'{name} = "{host}"\n' for name, host in hosts.items())
    return '[ue]\nvendor = "Vendor"\nmodel = "Model"\nsoftware = "1"\n\n' + f"[ixit.hosts]\n{rows}"


class Serving:
    """A running `muster serve` on the folder `served`."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.folder = folder / "served"
        self.lines: list[str] = []
        self._coming: queue.Queue[str] = queue.Queue()
        if not (folder / "ue.toml").exists():
            (folder / "ue.toml").write_text(ixit())
        self.process = subprocess.Popen(
            muster_command("serve", "--ue", "ue.toml", *arguments),
            cwd=folder,
            env=muster_environment({"PYTHONUNBUFFERED": "1"}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.comes("Serving; Ctrl-C ends it")

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._coming.put(line.rstrip("\n"))

    def comes(self, pattern: str) -> str:
        """Wait for a line that matches; it may have come before."""
        deadline = time.monotonic() + PATIENCE
        told = 0
        while True:
            for line in self.lines[told:]:
                if re.search(pattern, line):
                    return line
            told = len(self.lines)
            try:
                self.lines.append(self._coming.get(timeout=max(0.0, deadline - time.monotonic())))
            except queue.Empty:
                raise AssertionError(f"{pattern} did not come:\n" + "\n".join(self.lines)) from None

    def end(self) -> int:
        """Press Ctrl-C; return the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        while not self._coming.empty():
            self.lines.append(self._coming.get())
        assert self.process.stdout
        self.process.stdout.close()
        return code

    @property
    def provisioning(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads((self.folder / "provisioning.json").read_text())
        return read

    @property
    def events(self) -> list[dict[str, Any]]:
        [journal] = self.folder.glob("journals/*/journal-serve.jsonl")
        return [json.loads(line) for line in journal.read_text().splitlines()]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Serving]]:
    """Starts `muster serve` in the test's own folder."""
    started: list[Serving] = []

    def start(*arguments: str) -> Serving:
        started.append(Serving(tmp_path, *arguments))
        return started[-1]

    yield start
    for one in started:
        one.end()


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """One that several tests share; each edits another document."""
    serving = Serving(tmp_path_factory.mktemp("bench"))
    yield serving
    assert serving.end() == 0


@pytest.fixture
def ue() -> Iterator[Driver]:
    driver = make_driver("reference")
    yield driver
    driver.close()


def provisioned(ue: Driver, served: Serving, authority: bytes = b"") -> Credentials:
    """Provision the UE as the folder says; return what its user types."""
    known = served.provisioning
    names = ("bootstrap_uri", "mcs_ue_id", "instance_id", "client_id", "redirect_uri")
    provisioning = Provisioning(
        **{name: known[name] for name in names},
        public_identity=known["public_identity"],
        trusted_ca_pem=authority or (served.folder / "ca.pem").read_bytes(),
        hosts=known["hosts"],
        options={"decryption_key_check": "none"},
    )
    assert ue.reset(provisioning).is_done
    return Credentials(**known["users"]["alice"])


def in_service(ue: Driver, served: Serving) -> None:
    """Bring the UE into MCPTT service."""
    alice = provisioned(ue, served)
    for answer in (ue.power_on(), ue.sign_in("alice", alice), ue.start_service("mcptt")):
        assert answer.is_done, answer
