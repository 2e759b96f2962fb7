"""The command channel, against real executables that behave well and badly."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from muster.drivers.command import CommandChannel
from muster.drivers.external import DriverFailed, ExternalDriver
from muster.ue.contract import ContractBroken
from muster.ue.driver import DONE, Credentials, unsupported
from tests.drivers.conftest import script

SHELL = "#!/bin/sh\n"
ECHO = (
    SHELL
    + """\
if [ "$1" = describe ]; then echo '{"contract": "1.0"}'; exit; fi
printf '{"answer": "refused", "reason": "'; tr -d '"' | tr -d '\\n'; echo '"}'
"""
)


def driver(folder: Path, text: str, limit: float = 5.0) -> ExternalDriver:
    return ExternalDriver("er-1", CommandChannel([str(script(folder, text))]), lambda _: limit)


def is_gone(pid: int) -> bool:
    """Whether the process ends within some seconds; one that nobody waited for counts as ended."""
    for _ in range(100):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].startswith("Z"):
                return True
        except OSError:
            return True
        time.sleep(0.05)
    return False


def test_the_operation_is_an_argument_and_json_the_input(tmp_path: Path) -> None:
    answer = driver(tmp_path, ECHO).sign_in("alice", Credentials("alice@x", "hunter2"))

    assert answer.reason == (
        "{contract: 1.0, operation: sign_in, limit_seconds: 5.0,"
        " arguments: {user: alice, username: alice@x, password: hunter2}}"
    )


def test_what_the_driver_does_not_list_is_unsupported_without_a_call(tmp_path: Path) -> None:
    text = SHELL + """echo '{"contract": "1.0", "operations": ["reset"], "answer": "done"}'\n"""

    assert driver(tmp_path, text).power_on() == unsupported(
        "the driver does not list the operation"
    )


def test_a_program_that_is_left_running_does_not_hold_up_the_answer(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    text = (
        SHELL + f"""sleep 60 & echo $! > {pid}; echo '{{"contract": "1.0", "answer": "done"}}'\n"""
    )
    began = time.monotonic()

    answer = driver(tmp_path, text, 20.0).power_on()

    os.kill(int(pid.read_text()), 0)
    os.kill(int(pid.read_text()), 9)
    assert answer == DONE
    assert time.monotonic() - began < 15


def test_a_command_that_hangs_is_ended_with_what_it_started(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    text = (
        SHELL
        + f"""\
if [ "$1" = describe ]; then echo '{{"contract": "1.0"}}'; exit; fi
sleep 60 & echo $! > {pid}; wait
"""
    )
    with pytest.raises(DriverFailed, match=r"driver power_on did not answer within 2\.1 s"):
        driver(tmp_path, text, 0.1).power_on()

    assert is_gone(int(pid.read_text()))


def test_large_input_and_output_get_through(tmp_path: Path) -> None:
    text = SHELL + "cat\n"
    channel = CommandChannel([str(script(tmp_path, text))])
    request = {"text": "x" * 500_000}

    assert channel.call("reset", request, 20) == json.loads(json.dumps(request))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("exit 3", "driver power_on ended with 3"),
        ("echo first >&2; echo no UE on the bench >&2; exit 1", "ended with 1: no UE on the bench"),
        ("kill -9 $$", "ended with -9"),
        ("echo '<html>'", "no JSON: '<html>"),
        ("true", "the answer is empty"),
        ("yes", "more than 1048576 bytes"),
    ],
)
def test_what_goes_wrong_is_told(tmp_path: Path, text: str, words: str) -> None:
    channel = CommandChannel([str(script(tmp_path, SHELL + text + "\n"))])

    with pytest.raises(DriverFailed, match=words):
        channel.call("power_on", {"arguments": {}}, 20)


def test_a_file_that_is_no_program_is_told(tmp_path: Path) -> None:
    path = script(tmp_path, "no program\n")
    path.chmod(0o644)

    with pytest.raises(DriverFailed, match="cannot be run: Permission denied"):
        CommandChannel([str(path)]).call("reset", {}, 5)


def test_another_version_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    with pytest.raises(ContractBroken, match="speaks version '3'"):
        driver(tmp_path, SHELL + """echo '{"contract": "3"}'\n""").power_on()


def test_the_command_learns_nothing_of_the_campaign(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUSTER_SECRETS", "hunter2")
    channel = CommandChannel([str(script(tmp_path, SHELL + 'echo "\\"${MUSTER_SECRETS}\\""\n'))])

    assert channel.call("reset", {}, 5) == ""
