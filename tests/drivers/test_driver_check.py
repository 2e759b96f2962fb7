"""`muster driver-check`: a driver that is right, and what is said of those that are not."""

from __future__ import annotations

import re
from pathlib import Path

from tests.conftest import MusterCommand, muster_command, muster_environment
from tests.drivers.conftest import running, script, ue_toml

SLOPPY = """\
#!/bin/sh
case "$1" in
  describe) echo '{"contract": "1.0", "operations": ["reset", "power_on", "sign_in", "swim"]}' ;;
  reset)
    if grep -q later; then echo '{"answer": "refused", "reason": "what is later?"}'
    else echo '{"answer": "done"}'; fi ;;
  power_on) echo on ;;
  sign_in) exit 7 ;;
  *) echo '{"answer": "done"}' ;;
esac
"""


def problems(out: str) -> list[str]:
    return re.findall(r"(?m)^problem  (.*)$", re.sub(r" \(\d+\.\d+ s\)", "", out))


def test_the_reference_ue_keeps_to_the_contract(
    muster: MusterCommand, tmp_path: Path, reference_url: str
) -> None:
    (tmp_path / "ue.toml").write_text(ue_toml(f'kind = "http"\nurl = "{reference_url}"'))

    ran = muster("driver-check", "--ue", "ue.toml")

    assert (ran.code, problems(ran.out)) == (0, [])
    assert ran.out.endswith("The driver keeps to the contract.\n")
    assert len(re.findall(r"(?m)^ok ", ran.out)) >= 17


def test_every_departure_of_a_driver_is_told_with_what_to_do(
    muster: MusterCommand, tmp_path: Path
) -> None:
    script(tmp_path, SLOPPY)
    text = ue_toml('kind = "command"\ncommand = ["./driver"]')
    text = re.sub(r'(?m)^"operation:(?!reset|power_on|sign_in|migrate).*$', "", text)
    (tmp_path / "ue.toml").write_text(text)

    ran = muster("driver-check", "--ue", "ue.toml")

    assert ran.code == 1
    assert problems(ran.out) == [
        "operations: not of this contract: swim",
        "operations: claimed by the ICS and not listed: migrate",
        "reset again, with a member of a later version: refused: what is later?",
        "power_on: the driver answered what is no JSON: 'on\\n'",
        f"sign_in: the command {tmp_path}/driver sign_in ended with 7",
        "an unknown operation: was answered done",
    ]
    assert ran.out.count("         do: ") == 6
    assert ran.out.endswith("6 problems\n")


def test_a_token_that_is_not_asked_for_is_a_problem(
    muster: MusterCommand, tmp_path: Path, reference_url: str
) -> None:
    (tmp_path / "ue.toml").write_text(ue_toml(f'kind = "http"\nurl = "{reference_url}"'))
    environment = {"MUSTER_DRIVER_TOKEN": "only-we-know"}

    careless = muster("driver-check", "--ue", "ue.toml", environment=environment)
    listen = muster_command("ue", "--listen", "127.0.0.1:0")
    with running(listen, muster_environment(environment)) as told:
        text = ue_toml(f'kind = "http"\nurl = "{told.rpartition(" ")[2]}"')
        (tmp_path / "ue.toml").write_text(text)
        careful = muster("driver-check", "--ue", "ue.toml", environment=environment)
        stranger = muster("driver-check", "--ue", "ue.toml")

    assert problems(careless.out) == [
        "token: a request without the token was answered like any other"
    ]
    assert problems(careful.out) == []
    assert problems(stranger.out) == ["describe: the driver answered GET / with 401 instead of 200"]


def test_a_person_is_not_checked(muster: MusterCommand, tmp_path: Path) -> None:
    (tmp_path / "ue.toml").write_text(ue_toml('kind = "operator"'))

    ran = muster("driver-check", "--ue", "ue.toml")

    assert ran.err == "muster: a driver of kind operator is no program to check\n"
    assert ran.code == 64


def test_the_reference_ue_is_not_left_open_to_everybody(muster: MusterCommand) -> None:
    ran = muster("ue", "--listen", "0.0.0.0:8700")

    assert ran.code == 64
    assert "everybody who reaches it could drive the UE; set MUSTER_DRIVER_TOKEN" in ran.err
