"""Verdicts: the roll-up of a scenario, and the exit code of a campaign."""

from __future__ import annotations

import pytest

from muster.errors import SuiteError
from muster.evidence import Finding, Judgement
from muster.verdicts import (
    OperationUnsupported,
    Outcome,
    PreconditionNotMet,
    Reason,
    Verdict,
    VerdictKeeper,
    exit_code,
    require,
)

Recorded = list[tuple[Judgement, tuple[Finding, ...]]]


def finding(requirement: str) -> Finding:
    return Finding(requirement, "this", "that", "X1")


def judgement(
    *requirements: str, found: tuple[str, ...] = (), exchanges: tuple[str, ...] = ("X1",)
) -> Judgement:
    return Judgement("checks.one", requirements, {}, exchanges, tuple(map(finding, found)))


@pytest.fixture
def recorded() -> Recorded:
    return []


@pytest.fixture
def keeper(recorded: Recorded) -> VerdictKeeper:
    """R-F fails, R-W warns, R-N has no severity here."""
    severity = {"R-F": "FAIL", "R-W": "WARNING"}
    return VerdictKeeper(
        lambda one: severity.get(one.requirement), lambda *told: recorded.append(told)
    )


UNMET = PreconditionNotMet(Reason.UE_SILENT, "nothing came")
UNSUPPORTED = OperationUnsupported("migrate")


@pytest.mark.parametrize(
    ("found", "stopped", "verdict", "reason"),
    [
        ((), None, Verdict.PASS, ""),
        (("R-W",), None, Verdict.PASS, ""),
        (("R-N",), None, Verdict.PASS, ""),
        (("R-F",), None, Verdict.FAIL, ""),
        (("R-W", "R-F"), None, Verdict.FAIL, ""),
        ((), UNMET, Verdict.INCONCLUSIVE, "ue_silent"),
        (("R-W",), UNMET, Verdict.INCONCLUSIVE, "ue_silent"),
        (("R-F",), UNMET, Verdict.FAIL, ""),
        ((), UNSUPPORTED, Verdict.NOT_RUN, "operation_unsupported"),
        (("R-F",), UNSUPPORTED, Verdict.FAIL, ""),
        ((), LookupError("x"), Verdict.ERROR, "suite_error"),
        (("R-F",), LookupError("x"), Verdict.ERROR, "suite_error"),
        (("R-F",), SuiteError("x"), Verdict.ERROR, "suite_error"),
    ],
)
def test_roll_up(
    keeper: VerdictKeeper,
    found: tuple[str, ...],
    stopped: Exception | None,
    verdict: Verdict,
    reason: str,
) -> None:
    keeper.take(judgement("R-F", "R-W", "R-N", found=found))

    outcome = keeper.settle(["R-F", "R-W", "R-N"], stopped)

    assert (outcome.verdict, outcome.reason) == (verdict, reason)
    assert [one.requirement for one in outcome.findings] == [r for r in found if r != "R-N"]


@pytest.mark.parametrize(
    ("found", "stopped", "explanation"),
    [
        ((), None, ""),
        (("R-F",), UNMET, ""),
        ((), UNMET, "nothing came"),
        ((), UNSUPPORTED, "the driver of the UE does not support the operation migrate"),
        ((), LookupError("x"), "LookupError: x"),
    ],
)
def test_outcome_explains_itself(
    keeper: VerdictKeeper, found: tuple[str, ...], stopped: Exception | None, explanation: str
) -> None:
    keeper.take(judgement("R-F", found=found))

    assert keeper.settle(["R-F"], stopped).explanation == explanation


def test_what_stops_a_scenario_knows_what_was_wanted() -> None:
    assert (UNMET.explanation, UNSUPPORTED.operation) == ("nothing came", "migrate")


def test_finding_carries_its_severity(keeper: VerdictKeeper, recorded: Recorded) -> None:
    taken = keeper.take(judgement("R-F", "R-W", "R-N", found=("R-F", "R-W", "R-N")))

    [(told, weighed)] = recorded
    assert told is taken
    assert [(one.requirement, one.severity) for one in weighed] == [
        ("R-F", "FAIL"),
        ("R-W", "WARNING"),
    ]


def test_check_that_saw_no_exchange_is_not_taken(keeper: VerdictKeeper, recorded: Recorded) -> None:
    with pytest.raises(SuiteError, match=r"check checks\.one was given no exchange"):
        keeper.take(judgement("R-F", exchanges=()))
    assert (keeper.judgements, recorded) == ([], [])


def test_uncited_requirement_is_an_error(keeper: VerdictKeeper) -> None:
    keeper.take(judgement("R-F", "R-W"))

    assert keeper.settle(["R-F"]) == Outcome(
        Verdict.ERROR,
        "suite_error",
        "checks were taken of requirements that no tag cites: R-W",
    )


def test_uncited_requirement_is_an_error_even_when_stopped(keeper: VerdictKeeper) -> None:
    keeper.take(judgement("R-F", "R-W"))

    assert keeper.settle(["R-F"], UNMET).verdict is Verdict.ERROR


def test_cited_requirement_that_no_check_exercised_is_an_error(keeper: VerdictKeeper) -> None:
    keeper.take(judgement("R-F"))

    outcome = keeper.settle(["R-F", "R-W", "R-A"])

    assert outcome.verdict is Verdict.ERROR
    assert outcome.explanation == "no taken check exercises the cited requirements R-A, R-W"


def test_scenario_that_was_stopped_need_not_exercise_all(keeper: VerdictKeeper) -> None:
    outcome = keeper.settle(["R-F"], UNMET)

    assert outcome == Outcome(Verdict.INCONCLUSIVE, "ue_silent", "nothing came")


def test_scenario_without_any_check_is_an_error(keeper: VerdictKeeper) -> None:
    assert keeper.settle([]) == Outcome(
        Verdict.ERROR, "suite_error", "the scenario ended without taking any check"
    )


def test_error_of_the_suite_comes_first(keeper: VerdictKeeper) -> None:
    keeper.take(judgement("R-F", found=("R-F",)))
    keeper.suite_errors.append("primary cms /x: LookupError")

    outcome = keeper.settle(["R-F"], UNMET)

    assert (outcome.verdict, outcome.explanation) == (
        Verdict.ERROR,
        "primary cms /x: LookupError",
    )


def test_requirement_of_a_precondition() -> None:
    require([1], Reason.UE_SILENT, "not told")
    with pytest.raises(PreconditionNotMet, match="ue_silent: nothing") as raised:
        require([], Reason.UE_SILENT, "nothing")
    assert raised.value.reason is Reason.UE_SILENT


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        ([], 2),
        (["PASS"], 0),
        (["PASS", "NOT_APPLICABLE"], 0),
        (["NOT_APPLICABLE"], 2),
        (["PASS", "INCONCLUSIVE"], 2),
        (["PASS", "NOT_RUN"], 2),
        (["PASS", "FAIL", "INCONCLUSIVE"], 1),
        (["FAIL", "NOT_RUN"], 1),
        (["PASS", "FAIL", "ERROR", "INCONCLUSIVE"], 3),
        (["ERROR"], 3),
    ],
)
def test_exit_code(verdicts: list[str], code: int) -> None:
    assert exit_code([Verdict(one) for one in verdicts]) == code
