"""An operator at a real pseudo terminal, who does with the reference UE what is asked."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from muster.results import read_results
from muster.ue.contract import provisioning_from
from muster.ue.driver import AnswerKind, Credentials, Driver
from muster.ue.registry import make_driver
from tests.conftest import MusterCommand, muster_command, muster_environment
from tests.drivers.conftest import ue_toml

PASSWORD = "typed-by-the-operator"
LETTERS = {AnswerKind.DONE: "d", AnswerKind.REFUSED: "r no", AnswerKind.UNSUPPORTED: "cannot"}


class Terminal:
    """A campaign on a pseudo terminal, as a person sees it."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.folder = folder
        master, slave = pty.openpty()
        self._master = master
        environment = muster_environment({"MUSTER_PASSWORD_ALICE": PASSWORD, "TERM": "xterm"})
        self.process = subprocess.Popen(
            muster_command("run", "--ue", "ue.toml", *arguments),
            cwd=folder,
            env=environment,
            stdin=slave,
            stdout=slave,
            stderr=slave,
        )
        os.close(slave)
        self.shown = ""

    def follow(self, seconds: float = 0.1) -> bool:
        """Read what is shown; False when nothing will come any more."""
        if select.select([self._master], [], [], seconds)[0]:
            try:
                self.shown += os.read(self._master, 65536).decode("utf-8", "replace")
            except OSError:
                return False
        return True

    def await_text(self, text: str, times: int = 1) -> None:
        deadline = time.monotonic() + 60
        while self.shown.count(text) < times:
            assert time.monotonic() < deadline, f"{text!r} was not shown:\n{self.shown}"
            assert self.follow(), f"{text!r} was not shown:\n{self.shown}"

    def type(self, line: str) -> None:
        os.write(self._master, line.encode() + b"\n")

    def end(self) -> int:
        while self.follow():
            pass
        os.close(self._master)
        return self.process.wait(30)

    def events(self) -> Iterator[dict[str, Any]]:
        for path in (self.folder / "results").glob("*/journal-main.jsonl"):
            for line in path.read_bytes().split(b"\n")[:-1]:
                yield json.loads(line)

    def prompts(self) -> list[dict[str, Any]]:
        return [event for event in self.events() if event["kind"] == "prompt"]


def do(ue: Driver, prompt: dict[str, Any]) -> str:
    """Do with the UE what a prompt asks, and return what to type."""
    operation, arguments = prompt["operation"], prompt["arguments"]
    if operation == "reset":
        answer = ue.reset(provisioning_from(arguments))
    elif operation == "sign_in":
        right = arguments["password"] == "(in the file of secrets)"
        password = PASSWORD if right else "anything-but-that"
        answer = ue.sign_in("alice", Credentials(arguments["username"], password))
    else:
        answer = getattr(ue, operation)(*arguments.values())
    return LETTERS[answer.kind]


def serve_prompts(terminal: Terminal, ue: Driver) -> int:
    """Answer every prompt as it is shown, to the end of the campaign."""
    answered = 0
    while terminal.process.poll() is None:
        terminal.follow()
        asked = terminal.prompts()
        if len(asked) > answered:
            answered = len(asked)
            terminal.await_text("Then Enter:", times=answered)
            terminal.type(do(ue, asked[-1]))
    return answered


QUICK = "[ixit]\nquiet_seconds = 0.2\nanswer_seconds = 5\n"


@pytest.fixture
def ue() -> Iterator[Driver]:
    """The UE on the operator's bench."""
    driver = make_driver("reference")
    yield driver
    driver.close()


def test_an_operator_on_a_terminal_completes_scenarios(tmp_path: Path, ue: Driver) -> None:
    (tmp_path / "ue.toml").write_text(ue_toml('kind = "operator"', QUICK))
    terminal = Terminal(
        tmp_path, "identity/sign_in.feature:13", "bootstrap/initial_configuration.feature"
    )

    answered = serve_prompts(terminal, ue)

    assert terminal.end() == 0, terminal.shown
    assert answered >= 6
    assert f"An operator will be asked about {answered} times, in 2 scenarios." in terminal.shown
    (folder,) = (tmp_path / "results").iterdir()
    assert {one.verdict.value for one in read_results(folder).scenarios} == {"PASS"}
    written = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert PASSWORD.encode() not in written
    assert PASSWORD not in terminal.shown


def test_refused_cannot_and_silence_are_no_fail(tmp_path: Path) -> None:
    limits = QUICK + "[ixit.operations]\npower_on = 1.0\npower_off = 1.0\n"
    text = ue_toml('kind = "operator"', limits)
    (tmp_path / "ue.toml").write_text(text)
    terminal = Terminal(tmp_path, "bootstrap/tls_versions.feature", "--verbose")

    terminal.await_text("Then Enter:")
    terminal.type("what?")
    terminal.await_text("Then Enter:", times=2)
    terminal.type("refused the UE has no reset")
    terminal.await_text("Then Enter:", times=3)
    assert "    refused: the UE has no reset" in terminal.shown
    terminal.type("cannot")
    terminal.await_text("Then Enter:", times=4)
    terminal.type("done")
    terminal.await_text(": power_on")
    terminal.await_text("too late")

    assert terminal.end() == 2, terminal.shown
    (folder,) = (tmp_path / "results").iterdir()
    told = [(one.verdict.value, one.reason) for one in read_results(folder).scenarios]
    assert told == [
        ("INCONCLUSIVE", "stimulus_refused"),
        ("NOT_RUN", "operation_unsupported"),
        ("INCONCLUSIVE", "driver_failed"),
    ]


def test_an_operator_who_cannot_be_asked_or_has_no_password_is_refused(
    muster: MusterCommand, tmp_path: Path
) -> None:
    (tmp_path / "ue.toml").write_text(ue_toml('kind = "operator"'))

    ran = muster("run", "--ue", "ue.toml", "bootstrap")

    assert (ran.code, ran.out) == (64, "")
    assert ran.err.splitlines() == [
        "muster: an operator is asked on a terminal or on the page; call it there, or --page",
        "muster: an operator types the user's password: set MUSTER_PASSWORD_ALICE, or"
        " users.alice.password in the file that ue.toml names as secrets.file",
    ]
