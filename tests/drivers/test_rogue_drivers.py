"""Whatever a driver does wrong, its scenario is INCONCLUSIVE and the campaign goes on."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.conftest import MusterCommand, muster_environment
from tests.drivers.conftest import running, ue_toml

ROGUE = str(Path(__file__).with_name("rogue.py"))
SCENARIOS = ("bootstrap/unfit_document.feature", "bootstrap/tls_versions.feature")


def test_each_way_of_failing_is_told_and_the_campaign_goes_on(
    muster: MusterCommand, tmp_path: Path, reference_url: str
) -> None:
    ways = [
        "wrong-version",
        "garbage:power_on",
        "asked who it is, after garbage",
        "hangs:reset",
        "dies:power_on",
        "asked who it is, after it died",
        "no-answer:reset",
        "error:power_on",
        "asked who it is, after its error",
        "few-operations",
    ]
    command = [sys.executable, ROGUE, reference_url, *ways]
    with running(command, muster_environment()) as url:
        driver = f'kind = "http"\nurl = "{url}"\ntrust_idle = true'
        limits = "[ixit]\nclock_scale = 0.5\n[ixit.operations]\nreset = 6.0\n"
        (tmp_path / "ue.toml").write_text(ue_toml(driver, limits))
        ran = muster("run", "--ue", "ue.toml", *SCENARIOS)

    failed = ("INCONCLUSIVE", "driver_failed")
    told = [(one.verdict.value, one.reason) for one in ran.results.scenarios]
    assert told == [
        *[failed] * 6,
        ("NOT_RUN", "operation_unsupported"),
        ("PASS", ""),
    ]
    where = url + "/operations"
    assert [one.explanation for one in ran.results.scenarios[:6]] == [
        "reset: ContractBroken: the driver speaks version '2.0' of the contract; Muster speaks 1.0",
        "power_on: DriverFailed: the driver answered what is no JSON: '<html>no JSON</html>'",
        f"reset: DriverFailed: the driver at {where}/reset did not answer within 5 s",
        f"power_on: DriverFailed: the driver at {where}/power_on did not answer:"
        " ServerDisconnectedError: Server disconnected",
        'reset: ContractBroken: an object with "answer" is expected: one of done, refused,'
        " unsupported",
        "power_on: DriverFailed: the driver answered POST /operations/power_on with 500 instead"
        " of 200",
    ]
    assert ran.results.sealed
    assert (ran.results.suite_errors, ran.results.broken_chains, ran.code) == ((), (), 2)


def test_a_driver_that_is_not_there_loses_nothing(muster: MusterCommand, tmp_path: Path) -> None:
    (tmp_path / "ue.toml").write_text(ue_toml('kind = "command"\ncommand = ["./no-such-driver"]'))

    ran = muster("run", "--ue", "ue.toml", "bootstrap/tls_versions.feature", "-n", "4")

    assert {(one.verdict.value, one.reason) for one in ran.results.scenarios} == {
        ("INCONCLUSIVE", "driver_failed")
    }
    assert f"command {tmp_path}/no-such-driver cannot be run: No such file" in (
        ran.results.scenarios[0].explanation
    )
    assert "one UE is driven: one process runs the scenarios" in ran.out
    assert (ran.results.sealed, ran.results.suite_errors, ran.code) == (True, (), 2)


def test_an_operation_that_is_not_claimed_makes_scenarios_not_applicable(
    muster: MusterCommand, tmp_path: Path, reference_url: str
) -> None:
    command = [sys.executable, ROGUE, reference_url, "few-operations"]
    with running(command, muster_environment()) as url:
        text = ue_toml(f'kind = "http"\nurl = "{url}"\ntrust_idle = true')
        text = text.replace('"operation:power_on" = true', '"operation:power_on" = false')
        (tmp_path / "ue.toml").write_text(text)
        ran = muster("run", "--ue", "ue.toml", "bootstrap/initial_configuration.feature")

    (only,) = ran.results.scenarios
    assert (only.verdict.value, only.reason) == ("NOT_APPLICABLE", "operation:power_on")
