"""Steps of toy features: each brings a scenario to one of its ends. For Muster's tests only."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_bdd import given, parsers, then, when

from muster.campaign_settings import CampaignSettings
from muster.evidence import Departure, Exchange, HttpExchange
from muster.journal import Journal, now
from muster.judging import check
from muster.verdicts import OperationUnsupported, Reason, VerdictKeeper, require

REQUIREMENT = "TS23280-10.1.1.1-04"


@check(REQUIREMENT)
def asks_for_the_good_path(exchange: HttpExchange) -> Iterator[Departure]:
    """The good path is asked for."""
    if exchange.target != "/good":
        yield Departure(expected="/good", observed=exchange.target)


@check(REQUIREMENT, through=["FACT-mcptt-migration-elements"])
def asks_for_the_good_path_of_the_profile(exchange: HttpExchange) -> Iterator[Departure]:
    """The good path is asked for, where the profile names it."""
    yield from asks_for_the_good_path.__wrapped__(exchange)  # type: ignore[attr-defined]


@given("a toy world")
def toy_world() -> None: ...


@when(parsers.parse("the UE asks for {path}"), target_fixture="that_request")
def ue_asks(journal: Journal, path: str) -> Exchange:
    time_seen = now()
    return journal.exchange(
        HttpExchange(
            name="",
            started=time_seen,
            ended=time_seen,
            system="primary",
            server="cms",
            connection="C1",
            method="GET",
            target=path,
            headers=(("Host", "cms.primary.example"),),
            body=b"",
            status=200,
            response_headers=(),
            response_body=b"<document/>",
            tls="TLSv1.3",
        )
    )


@then("that request is good")
def request_is_good(verdict: VerdictKeeper, that_request: HttpExchange) -> None:
    verdict.take(asks_for_the_good_path(that_request))


@then("that request is good by the profile")
def request_is_good_by_profile(verdict: VerdictKeeper, that_request: HttpExchange) -> None:
    verdict.take(asks_for_the_good_path_of_the_profile(that_request))


@when("the UE is silent")
def ue_is_silent() -> None:
    require(False, Reason.UE_SILENT, "nothing came within 10 s")


@when(parsers.parse("the driver cannot {operation}"))
def driver_cannot(operation: str) -> None:
    raise OperationUnsupported(operation)


@when("a step breaks")
def step_breaks() -> None:
    raise ValueError("broken in the step")


@when("a step skips")
def step_skips() -> None:
    pytest.skip("this is no way to end")


@when("a stub crashes")
def stub_crashes(journal: Journal) -> None:
    journal.crash("primary cms", ZeroDivisionError("in a handler"))


@when(parsers.parse("the process waits {seconds:d} seconds"))
def process_waits(seconds: int) -> None:
    time.sleep(seconds)


@when("the process dies")
def process_dies() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@when("the process tells its id")
def process_tells_its_id(settings: CampaignSettings) -> None:
    made: Path = settings.results / "process-id.new"
    made.write_text(str(os.getpid()))
    made.rename(settings.results / "process-id")


@pytest.fixture
def breaks_at_its_end() -> Iterator[None]:
    yield
    raise ValueError("broken in the teardown")


@pytest.fixture
def breaks_at_its_beginning() -> None:
    raise ValueError("broken in the setup")


@when("the teardown will break")
def teardown_will_break(breaks_at_its_end: None) -> None: ...


@when("the setup breaks")
def setup_breaks(breaks_at_its_beginning: None) -> None: ...


@when(parsers.parse("a secret {secret} is used"))
def secret_is_used(journal: Journal, secret: str) -> None:
    journal.masker.register(secret, "password")
    raise ValueError(f"refused: {secret}")


@when(parsers.parse("the clock is set by {seconds:d} seconds"))
def clock_is_set(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + seconds)


@when("the interpreter is told")
def interpreter_is_told(journal: Journal) -> None:
    (journal.folder / f"prefix-{os.getpid()}").write_text(sys.prefix)


@when("the disk is full")
def disk_is_full(journal: Journal) -> None:
    journal._file = open("/dev/full", "ab")  # noqa: SIM115 - the journal closes it
