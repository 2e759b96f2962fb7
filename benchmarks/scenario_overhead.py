"""What a scenario costs over the same calls in a plain pytest test, with 200 step definitions.

Budget (DESIGN, 7): at most 1.5 times as long, and at most 2 ms more. Both sides run in one pytest
of their own process, write for Allure, journal the same exchanges and take the same check; each
call fetches a document over a real connection of its own, as those of a campaign do. Counted is the
CPU time of the whole process, in which the other end of the connections lives, too: whatever else
runs on the machine stretches what a clock would tell.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.figures import RATIO as TIMES
from benchmarks.figures import Amount, Budget, Figure, main, not_measured
from muster.campaign_settings import SETTINGS_VARIABLE, CampaignSettings, Selected
from muster.configuration import builtin_configuration
from muster.pytest_process import RunOptions, pytest_command, pytest_environment

SCENARIOS = 200
DEFINITIONS = 200
CALLS = 6
REPEATS = 9
QUARTILES = 4
SPREAD = 0.2
"""Half of the rounds lie within this part of the median ratio, or nothing was measured."""
RATIO, MORE = Budget(1.5, TIMES), Budget(2.0, "ms")

CALLS_MODULE = '''
import socket
import threading
from collections.abc import Iterator

from muster.evidence import Departure, HttpExchange
from muster.journal import now
from muster.judging import check

DOCUMENT = b"<document>" + b"x" * 5000 + b"</document>"


def serve(listener):
    while True:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(DOCUMENT)


LISTENER = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=serve, args=(LISTENER,), daemon=True).start()


@check("TS23280-10.1.1.1-04")
def is_good(exchange: HttpExchange) -> Iterator[Departure]:
    """It is good."""
    if exchange.target != "/good":
        yield Departure(expected="/good", observed=exchange.target)


def act(journal, number):
    """One user-level act: a document is fetched over a connection of its own, and journalled."""
    began = now()
    body = b""
    with socket.create_connection(LISTENER.getsockname()) as connection:
        connection.sendall(b"GET /good")
        while part := connection.recv(65536):
            body += part
    headers = (("Host", "cms.primary.example"),)
    return journal.exchange(HttpExchange(
        "", began, now(), "primary", "cms", "C1", "GET", "/good", headers, b"", 200, (), body, ""))
'''

STEPS_MODULE = """
from pytest_bdd import parsers, then, when

from steps.calls import act, is_good


@when(parsers.parse("the UE acts for the {number:d} time"), target_fixture="seen")
def acts(journal, number):
    return act(journal, number)


@then("it is good")
def good(verdict, seen):
    verdict.take(is_good(seen))


def define(number):
    @when(parsers.parse(f"the sentence number {number} of {{user}} is not said"))
    def unsaid(user): ...
    return unsaid
"""

UNSAID = """
@when(parsers.parse("the sentence {number} of {{user}} is not said"))
def unsaid_{number}(user): ...
"""

PLAIN_TEST = """
import pytest
from muster.journal import Journal
from muster.verdicts import VerdictKeeper
from pathlib import Path
import importlib.util, sys

sys.path.insert(0, {root!r})
spec = importlib.util.spec_from_file_location("calls", {calls!r})
calls = importlib.util.module_from_spec(spec)
spec.loader.exec_module(calls)


@pytest.fixture(scope="session")
def journal():
    return Journal(Path({results!r}), "plain")


@pytest.mark.parametrize("scenario", range({scenarios}))
def test_plain(journal, scenario):
    journal.begin(str(scenario))
    verdict = VerdictKeeper(lambda finding: None, journal.judgement)
    for number in range({calls_made}):
        seen = calls.act(journal, number)
    verdict.take(calls.is_good(seen))
    outcome = verdict.settle(["TS23280-10.1.1.1-04"])
    journal.write("verdict", verdict=outcome.verdict)
"""


def write_steps(folder: Path) -> Path:
    steps = folder / "steps"
    steps.mkdir()
    (steps / "calls.py").write_text(CALLS_MODULE)
    unsaid = "".join(UNSAID.format(number=number) for number in range(DEFINITIONS - 2))
    (steps / "toys.py").write_text(STEPS_MODULE.partition("\n\ndef define")[0] + unsaid)
    return steps


def write_feature(folder: Path, scenarios: int) -> Path:
    lines = ["Feature: Overhead"]
    for scenario in range(scenarios):
        lines += ["  @TS23280-10.1.1.1-04", f"  Scenario: Number {scenario}"]
        lines += [f"    When the UE acts for the {number} time" for number in range(CALLS)]
        lines += ["    Then it is good"]
    path = folder / "overhead.feature"
    path.write_text("\n".join(lines) + "\n")
    return path


def seconds_of(command: list[str], environment: dict[str, str], folder: Path) -> float:
    """CPU time that pytest spent on setup, call and teardown of all tests."""
    probe = folder / "probe.py"
    probe.write_text(PROBE)
    environment = {**environment, "PYTHONPATH": f"{environment['PYTHONPATH']}:{folder}"}
    done = subprocess.run(
        [*command[:3], "-p", "probe", *command[3:]],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
    )
    told = [line for line in done.stdout.splitlines() if line.startswith("LOOP ")]
    if done.returncode or not told:
        sys.exit(done.stdout[-3000:] + done.stderr[-3000:])
    return float(told[0].split()[1])


PROBE = """
import time
import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session):
    began = time.process_time()
    result = yield
    print(f"\\nLOOP {time.process_time() - began}")
    return result
"""


def measure(scenarios: int) -> tuple[float, float]:
    """CPU milliseconds of one test: plain, and as a scenario of a campaign."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        results = folder / "results"
        results.mkdir()
        settings = CampaignSettings(
            configuration=builtin_configuration(),
            results=results,
            features=(Selected(path=write_feature(folder, scenarios)),),
            folder=folder,
            everything=True,
            steps=write_steps(folder),
            parent=os.getpid(),
        )
        environment = pytest_environment(settings)
        (folder / "test_plain.py").write_text(
            PLAIN_TEST.format(
                root=str(Path(__file__).parent.parent),
                calls=str(folder / "steps" / "calls.py"),
                results=str(results),
                scenarios=scenarios,
                calls_made=CALLS,
            )
        )
        command = pytest_command(settings, RunOptions())
        plain = [*command[:3], "-c", os.devnull, "-s", "-p", "no:cacheprovider", "-q"]
        plain += ["-p", "allure_pytest.plugin", "--alluredir", str(folder / "allure")]
        without = {key: v for key, v in environment.items() if key != SETTINGS_VARIABLE}
        return (
            1000 / scenarios * seconds_of([*plain, "test_plain.py"], without, folder),
            1000 / scenarios * seconds_of(command, environment, folder),
        )


def disagreement(pairs: Sequence[tuple[float, float]]) -> str:
    """Why rounds of (plain, scenario) tell nothing; empty where they do."""
    ratios = [scenario / plain for plain, scenario in pairs]
    middle = statistics.median(ratios)
    told = f"{len(ratios)} rounds from {min(ratios):.2f}x to {max(ratios):.2f}x"
    if middle < 1:
        return f"the scenario cost less than the calls in it: {told}"
    if len(ratios) >= QUARTILES:
        first, _, third = statistics.quantiles(ratios, n=QUARTILES)
        if third - first > SPREAD * middle:
            return f"the rounds do not agree, the machine was too busy: {told}"
    return ""


def judged(pairs: Sequence[tuple[float, float]]) -> list[Figure]:
    """The two figures of some rounds, each of them CPU milliseconds of (plain, scenario)."""
    what = f"a scenario of {CALLS} calls, {DEFINITIONS} step definitions"
    adds = f"{what}: what it adds"
    if reason := disagreement(pairs):
        return [not_measured(what, RATIO, reason), not_measured(adds, MORE, reason)]
    plain = Amount(statistics.median(pair[0] for pair in pairs), "ms", "plain test")
    scenario = Amount(statistics.median(pair[1] for pair in pairs), "ms", "scenario")
    ratio = statistics.median(pair[1] / pair[0] for pair in pairs)
    more = statistics.median(pair[1] - pair[0] for pair in pairs)
    note = "medians of rounds; the plain side has no gc.freeze(), which the campaign has"
    return [
        Figure(what, RATIO, scenario, plain, compared=ratio, note=note),
        Figure(adds, MORE, scenario, plain, compared=more),
    ]


def figures(tiny: bool = False) -> list[Figure]:
    return judged([measure(5 if tiny else SCENARIOS) for _ in range(1 if tiny else REPEATS)])


if __name__ == "__main__":
    sys.exit(main("scenario_overhead", figures))
