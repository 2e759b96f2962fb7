"""Verdicts of a scenario and of a campaign, and the keeper that a scenario's steps talk to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from muster.errors import SuiteError
from muster.evidence import Finding, Judgement


class Verdict(StrEnum):
    """The six outcomes of a selected scenario (DESIGN, Verdicts)."""

    PASS = "PASS"
    FAIL = "FAIL"
    INCONCLUSIVE = "INCONCLUSIVE"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    ERROR = "ERROR"
    NOT_RUN = "NOT_RUN"


class Reason(StrEnum):
    """Machine reasons of INCONCLUSIVE and NOT_RUN."""

    UE_SILENT = "ue_silent"
    STIMULUS_REFUSED = "stimulus_refused"
    PRECONDITION_UNMET = "precondition_unmet"
    PROVISIONAL_DOCUMENT = "provisional_document"
    PROTECTED_BODY = "protected_body"
    DRIVER_FAILED = "driver_failed"
    OPERATION_UNSUPPORTED = "operation_unsupported"
    INTERRUPTED = "interrupted"
    WORKER_DIED = "worker_died"


class PreconditionNotMet(Exception):
    """A precondition of the scenario does not hold: it ends INCONCLUSIVE, never FAIL."""

    def __init__(self, reason: Reason, explanation: str) -> None:
        super().__init__(f"{reason}: {explanation}")
        self.reason = reason
        self.explanation = explanation


class OperationUnsupported(Exception):
    """The UE's driver cannot do what the scenario asks: NOT_RUN or NOT_APPLICABLE."""

    def __init__(self, operation: str) -> None:
        super().__init__(f"the driver of the UE does not support the operation {operation}")
        self.operation = operation


def require(condition: object, reason: Reason, explanation: str) -> None:
    """Stop the scenario INCONCLUSIVE unless the condition holds."""
    if not condition:
        raise PreconditionNotMet(reason, explanation)


@dataclass(frozen=True)
class Outcome:
    """How a scenario ended."""

    verdict: Verdict
    reason: str = ""
    explanation: str = ""
    findings: tuple[Finding, ...] = ()
    """Findings with severity; WARNINGs stand beside any verdict."""


Severity = Callable[[Finding], str | None]


class VerdictKeeper:
    """Collects the judgements of one scenario; `take` records and goes on."""

    def __init__(
        self, severity: Severity, record: Callable[[Judgement, tuple[Finding, ...]], None]
    ) -> None:
        self._severity = severity
        self._record = record
        self.judgements: list[Judgement] = []
        self.findings: list[Finding] = []
        self.suite_errors: list[str] = []

    def take(self, judgement: Judgement) -> Judgement:
        """Record a check. One that saw no exchange is not taken, and is a defect of the suite."""
        if not judgement.exchanges:
            raise SuiteError(f"check {judgement.check} was given no exchange to look at")
        weighed = []
        for finding in judgement.findings:
            severity = self._severity(finding)
            if severity is not None:
                weighed.append(replace(finding, severity=severity))
        self._record(judgement, tuple(weighed))
        self.judgements.append(judgement)
        self.findings.extend(weighed)
        return judgement

    def exercised(self) -> frozenset[str]:
        return frozenset(req for judgement in self.judgements for req in judgement.requirements)

    def settle(self, cited: Iterable[str], stopped: Exception | None = None) -> Outcome:
        """Roll up: ERROR before FAIL before INCONCLUSIVE before PASS."""
        error = self._error(frozenset(cited), stopped)
        if error:
            return self._outcome(Verdict.ERROR, "suite_error", error)
        if any(finding.severity == "FAIL" for finding in self.findings):
            return self._outcome(Verdict.FAIL, "", "")
        if isinstance(stopped, PreconditionNotMet):
            return self._outcome(Verdict.INCONCLUSIVE, stopped.reason, stopped.explanation)
        if isinstance(stopped, OperationUnsupported):
            return self._outcome(Verdict.NOT_RUN, Reason.OPERATION_UNSUPPORTED, str(stopped))
        return self._outcome(Verdict.PASS, "", "")

    def _outcome(self, verdict: Verdict, reason: str, explanation: str) -> Outcome:
        return Outcome(verdict, str(reason), explanation, tuple(self.findings))

    def _error(self, cited: frozenset[str], stopped: Exception | None) -> str:
        if self.suite_errors:
            return self.suite_errors[0]
        if stopped is not None and not isinstance(
            stopped, PreconditionNotMet | OperationUnsupported
        ):
            return f"{type(stopped).__name__}: {stopped}"
        uncited = self.exercised() - cited
        if uncited:
            return f"checks were taken of requirements that no tag cites: {_names(uncited)}"
        if stopped is not None:
            return ""
        if not self.judgements:
            return "the scenario ended without taking any check"
        unexercised = cited - self.exercised()
        if unexercised:
            return f"no taken check exercises the cited requirements {_names(unexercised)}"
        return ""


def _names(requirements: Iterable[str]) -> str:
    return ", ".join(sorted(requirements))


def exit_code(verdicts: Sequence[Verdict]) -> int:
    """Exit code of `muster run`: 3 any ERROR, 1 any FAIL, 2 open or nothing applicable, else 0."""
    if Verdict.ERROR in verdicts:
        return 3
    if Verdict.FAIL in verdicts:
        return 1
    if Verdict.INCONCLUSIVE in verdicts or Verdict.NOT_RUN in verdicts:
        return 2
    return 0 if Verdict.PASS in verdicts else 2
