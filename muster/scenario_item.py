"""Feature files and scenarios as pytest sees them, and how a scenario comes to its one verdict."""

from __future__ import annotations

import time
import types
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from pathlib import Path
from types import NoneType
from typing import Any, NoReturn

import allure
import pytest
from _pytest.outcomes import OutcomeException
from pytest_bdd.scenario import _execute_scenario

from muster.collection import FeatureFileReader, Problem, ScenarioEntry
from muster.errors import SuiteError
from muster.evidence import Finding
from muster.guards import step_problems
from muster.step_index import index_of
from muster.tags import expression
from muster.verdicts import (
    OperationUnsupported,
    Outcome,
    PreconditionNotMet,
    Reason,
    Verdict,
    VerdictKeeper,
)
from muster.worker import WORKER, Worker


class FeatureFile(pytest.Module):
    """A collected feature file; its module object is empty, as there is no Python behind it."""

    def _getobj(self) -> types.ModuleType:
        return types.ModuleType(self.path.stem)

    def collect(self) -> Iterable[ScenarioItem]:
        worker = self.config.stash[WORKER]
        reader = FeatureFileReader(self.path, self.name, worker.catalogue.requirements)
        try:
            entries = reader.scenarios()
            problems = [*reader.problems, *self._step_problems(entries, worker)]
        except Exception as error:
            told = f"Muster cannot collect the feature: {type(error).__name__}: {error}"
            problems = [Problem(told, f"{self.name}:1")]
        if problems:
            worker.problems.extend(problems)
            raise self.CollectError("\n".join(f"{one.where}: {one.message}" for one in problems))
        lines = worker.lines(self.path)
        for entry in entries:
            if not lines or lines & {entry.line, entry.scenario_line}:
                yield ScenarioItem.from_parent(self, entry=entry)

    def _step_problems(self, entries: list[ScenarioEntry], worker: Worker) -> Iterable[Problem]:
        if worker.steps_are_missing:
            # A step module that could not be loaded is told once, not with every sentence.
            return ()
        return step_problems(entries, index_of(self.session._fixturemanager, self.session))


class ScenarioItem(pytest.Function):
    """One scenario; its call phase ends with the verdict in the journal."""

    def __init__(self, *, entry: ScenarioEntry, **kwargs: Any) -> None:
        self.entry = entry
        super().__init__(
            name=f"{entry.title}:{entry.line}", callobj=_scenario_function(entry), **kwargs
        )
        for mark in entry.marks:
            self.add_marker(mark)
        self.add_marker(pytest.mark.allure_label(entry.feature_title, label_type="feature"))
        for requirement in entry.requirements:
            self.add_marker(pytest.mark.allure_label(requirement, label_type="requirement"))
        self.extra_keyword_matches.update(entry.tags)
        self.worker = self.config.stash[WORKER]
        self.keeper = self._new_keeper()
        self.began = 0.0
        self.clock = 0.0

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.entry.line - 1, self.entry.title

    def _repr_failure_py(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None
    ) -> Any:
        """Mask what pytest and Allure show of an exception, in whatever phase it was raised.

        A traceback is left out where it is only our own way of telling a verdict.
        """
        error = excinfo.value
        told = isinstance(error, Departed | NotJudged)
        if told and isinstance(error.__cause__, EXPECTED_STOPS):
            return str(error)
        shown = str(super()._repr_failure_py(excinfo, style))
        return self.worker.journal.masker.mask_text(shown)

    def told(self, error: BaseException) -> str:
        """Say what an exception says, without secrets."""
        return self.worker.journal.masker.mask_text(f"{type(error).__name__}: {error}")

    def _new_keeper(self) -> VerdictKeeper:
        worker = self.worker

        def severity(finding: Finding) -> str | None:
            requirement = worker.catalogue.requirement(finding.requirement)
            return worker.catalogue.weakest(requirement, finding.through, worker.claimed)

        return VerdictKeeper(severity, worker.journal.judgement)

    def setup(self) -> None:
        journal = self.worker.journal
        journal.begin(self.entry.id)
        if not self.worker.claims.applies(self.entry.tags):
            wanted = expression(self.entry.tags)
            self._end(Outcome(Verdict.NOT_APPLICABLE, wanted, "the ICS does not claim it"))
        self.began, self.clock = time.monotonic(), time.time()
        journal.write("scenario-started")
        try:
            super().setup()
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            self._end(self._outcome(error), error)

    def runtest(self) -> None:
        stopped: BaseException | None = None
        try:
            super().runtest()
        except KeyboardInterrupt:
            # The controller writes NOT_RUN for what an interruption leaves.
            raise
        except BaseException as error:
            stopped = error
        self._end(self._outcome(stopped), stopped)

    def _outcome(self, stopped: BaseException | None) -> Outcome:
        self.keeper.suite_errors.extend(self.worker.journal.crashes)
        if told := clock_was_set(time.monotonic() - self.began, time.time() - self.clock):
            self.keeper.suite_errors.append(told)
        outcome = self.keeper.settle(self.entry.requirements, _as_exception(stopped))
        if outcome.reason == Reason.OPERATION_UNSUPPORTED and outcome.verdict is Verdict.NOT_RUN:
            assert isinstance(stopped, OperationUnsupported)
            item = f"operation:{stopped.operation}"
            if not self.worker.claims.has(item):
                return replace(outcome, verdict=Verdict.NOT_APPLICABLE, reason=item)
        return outcome

    def _end(self, outcome: Outcome, stopped: BaseException | None = None) -> None:
        """Write the verdict, once, and tell pytest of it."""
        findings = outcome.findings
        explanation = self.worker.journal.masker.mask_text(outcome.explanation)
        outcome = replace(outcome, explanation=explanation)
        self.worker.journal.write(
            "verdict",
            verdict=outcome.verdict.value,
            reason=outcome.reason,
            explanation=explanation,
            findings=[asdict(finding) for finding in findings],
            duration=round(time.monotonic() - self.began, 6) if self.began else 0.0,
        )
        if findings:
            told = "\n".join(f"{finding.severity} {finding}" for finding in findings)
            allure.attach(told, "findings", allure.attachment_type.TEXT)
        if outcome.verdict is not Verdict.PASS:
            _tell_pytest(outcome, stopped)


CLOCK_SECONDS = 2.0
"""How far a clock may be corrected in a scenario without harm to lifetimes that are told."""


def clock_was_set(lasted: float, told: float) -> str:
    """What is wrong where the clock went `told` seconds in the `lasted` seconds of a scenario.

    Tokens, keys and certificates go by it: what a UE makes of them proves nothing then.
    """
    if abs(told - lasted) <= CLOCK_SECONDS:
        return ""
    return f"the clock of this machine was set by {told - lasted:+.0f} s during the scenario"


class Departed(AssertionError):
    """The UE departs from a requirement: how pytest and Allure learn of a FAIL."""


class NotJudged(Exception):
    """No judgement of the UE: how pytest and Allure learn of INCONCLUSIVE, NOT_RUN and ERROR."""


EXPECTED_STOPS = (NoneType, PreconditionNotMet, OperationUnsupported)


def _tell_pytest(outcome: Outcome, stopped: BaseException | None) -> NoReturn:
    if outcome.verdict is Verdict.NOT_APPLICABLE:
        pytest.skip(f"NOT_APPLICABLE: {outcome.reason}")
    if outcome.verdict is Verdict.FAIL:
        raise Departed("\n".join(str(finding) for finding in outcome.findings)) from stopped
    raise NotJudged(f"{outcome.verdict}({outcome.reason}): {outcome.explanation}") from stopped


def _as_exception(stopped: BaseException | None) -> Exception | None:
    if stopped is None or isinstance(stopped, Exception):
        return stopped
    kind = type(stopped).__name__
    # pytest.fail, pytest.skip and sys.exit are no way for a step to end a scenario.
    how = "pytest outcome" if isinstance(stopped, OutcomeException) else "exception"
    return SuiteError(f"a step ended with the {how} {kind}: {stopped}")


def _scenario_function(entry: ScenarioEntry) -> Callable[[pytest.FixtureRequest], None]:
    def scenario(request: pytest.FixtureRequest) -> None:
        _execute_scenario(entry.feature, entry.rendered, request)

    scenario.__doc__ = entry.rendered.description or None
    # Where allure-pytest looks for the title of a test.
    vars(scenario)["__allure_display_name__"] = entry.title
    return scenario
