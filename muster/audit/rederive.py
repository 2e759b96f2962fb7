"""Derives every verdict again: runs the recorded judgements' checks on the recorded exchanges.

What a stub attested (a fact that needed a secret), which exchanges a step gave to its check, and
why a scenario stopped are taken as the journal says: they are named, not derived.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import muster.checks
from muster.audit.suite_scenarios import canonical_scenarios, claimed_items, claims_of
from muster.collection import ScenarioEntry
from muster.evidence import Exchange, Finding, Json, Judgement, Window
from muster.judging import CHECKS, judge_again
from muster.requirements import Catalogue
from muster.results import Connection, Crash, Results, ScenarioResult, Step
from muster.tags import Claims, expression
from muster.verdicts import (
    OperationUnsupported,
    Outcome,
    PreconditionNotMet,
    Reason,
    Verdict,
    VerdictKeeper,
)

OPERATION = "operation:"
ENDED = (Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE)
NOT_WIRE = frozenset({"retransmissions", "remote"})
"""Facts that say how a message came, not what a secret told."""


@dataclass
class Rederived:
    """What came out when all was derived again."""

    differences: list[str] = field(default_factory=list)
    """What the journal says and what follows from it, where the two differ."""
    left: list[str] = field(default_factory=list)
    """What could not be derived again, and why."""
    judgements: int = 0
    verdicts: int = 0
    attested: Counter[str] = field(default_factory=Counter)
    """Facts that stubs attested, with the number of exchanges that carry each."""


def load_checks() -> None:
    """Import every module of checks, so that all are known by name."""
    for module in pkgutil.walk_packages(muster.checks.__path__, "muster.checks."):
        importlib.import_module(module.name)


def rederive(results: Results, catalogue: Catalogue) -> Rederived:
    """Derive all verdicts of a campaign again with the checks and features of this suite."""
    load_checks()
    suite = results.campaign.get("suite")
    own_steps = isinstance(suite, Mapping) and bool(suite.get("steps"))
    audit = _Audit(
        catalogue=catalogue,
        claims=claims_of(results.campaign),
        claimed=claimed_items(results.campaign, catalogue),
        known={} if own_steps else canonical_scenarios(),
        made=Rederived(),
    )
    if own_steps:
        audit.made.left.append("the campaign ran with other steps: its sentences are not compared")
    for scenario in results.scenarios:
        try:
            audit.scenario(scenario)
        except Exception as error:  # a journal from elsewhere may hold anything
            why = f"{type(error).__name__}: {error}"
            audit.made.differences.append(f"{scenario.id}: cannot be derived again: {why}")
    return audit.made


@dataclass
class _Audit:
    catalogue: Catalogue
    claims: Claims
    claimed: frozenset[str]
    known: Mapping[str, ScenarioEntry]
    made: Rederived

    def scenario(self, scenario: ScenarioResult) -> None:
        entry = self.known.get(scenario.id)
        if entry is None:
            self.made.left.append(f"{scenario.id}: is no scenario of this suite")
        else:
            self._tell(scenario, _unlike_the_feature(scenario, entry))
        for seen in scenario.exchanges:
            self.made.attested.update(name for name in seen.facts if name not in NOT_WIRE)
        keeper = VerdictKeeper(self._severity, lambda judgement, weighed: None)
        if self._judgements(scenario, keeper):
            self._verdict(scenario, keeper)

    def _tell(self, scenario: ScenarioResult, told: Iterator[str] | Sequence[str]) -> None:
        self.made.differences.extend(f"{scenario.id}: {one}" for one in told)

    def _severity(self, finding: Finding) -> str | None:
        requirement = self.catalogue.requirement(finding.requirement)
        return self.catalogue.weakest(requirement, finding.through, self.claimed)

    # Judgements --------------------------------------------------------------------------------

    def _judgements(self, scenario: ScenarioResult, keeper: VerdictKeeper) -> bool:
        """Run all checks again; False if some could not be, so that no verdict follows."""
        exchanges = {seen.name: seen for seen in scenario.exchanges}
        complete = True
        for taken in scenario.judgements:
            told = taken.judgement
            if scenario.incomplete.intersection(told.exchanges):
                self.made.left.append(
                    f"{scenario.id}: {told.check} looked at a body that is missing"
                )
                complete = False
                continue
            before = len(keeper.findings)
            again = self._judged_again(scenario, told, exchanges)
            if again is None:
                complete = False
                continue
            try:
                keeper.take(again)
            except Exception as error:
                self._tell(scenario, [f"{told.check}: cannot be weighed: {error}"])
                complete = False
                continue
            self.made.judgements += 1
            if tuple(keeper.findings[before:]) != taken.weighed:
                self._tell(scenario, [f"{told.check}: its findings are weighed otherwise"])
        return complete

    def _judged_again(
        self, scenario: ScenarioResult, told: Judgement, exchanges: Mapping[str, Exchange]
    ) -> Judgement | None:
        if told.check not in CHECKS and not self.known:
            self.made.left.append(f"{scenario.id}: {told.check} is no check of this suite")
            return None
        try:
            again = judge_again(told, exchanges)
        except KeyError as error:
            self._tell(scenario, [f"{told.check}: names {error}, which is not in the record"])
            return None
        except Exception as error:
            why = f"{type(error).__name__}: {error}"
            self._tell(scenario, [f"{told.check}: cannot be run again: {why}"])
            return None
        self._tell(scenario, list(_other_judgement(told, again)))
        self._tell(scenario, list(_without_event(told, scenario)))
        return again

    # The verdict -------------------------------------------------------------------------------

    def _verdict(self, scenario: ScenarioResult, keeper: VerdictKeeper) -> None:
        keeper.suite_errors.extend(crash.error for crash in scenario.of(Crash))
        if scenario.verdict is Verdict.ERROR or _stood_still(scenario):
            if scenario.verdict is not Verdict.ERROR and keeper.suite_errors:
                self._tell(scenario, [f"is {scenario.verdict} although a stub crashed"])
            return
        self.made.verdicts += 1
        wanted = self._expected(scenario, keeper)
        found = Outcome(scenario.verdict, scenario.reason, scenario.explanation, scenario.findings)
        for what in ("verdict", "reason", "findings"):
            told, follows = getattr(found, what), getattr(wanted, what)
            if told != follows:
                self._tell(
                    scenario, [f"{what}: recorded {_words(told)}, follows {_words(follows)}"]
                )

    def _expected(self, scenario: ScenarioResult, keeper: VerdictKeeper) -> Outcome:
        if not self.claims.applies(scenario.tags):
            return Outcome(Verdict.NOT_APPLICABLE, expression(scenario.tags), scenario.explanation)
        outcome = keeper.settle(scenario.requirements, _stop(scenario))
        if outcome.reason == Reason.OPERATION_UNSUPPORTED and outcome.verdict is Verdict.NOT_RUN:
            item = scenario.reason
            if item.startswith(OPERATION) and not self.claims.has(item):
                return replace(outcome, verdict=Verdict.NOT_APPLICABLE, reason=item)
        return outcome


def _words(value: Json) -> str:
    if isinstance(value, tuple):
        named = ", ".join(found.requirement for found in value)
        plural = "" if len(value) == 1 else "s"
        return f"{len(value)} finding{plural} ({named})" if value else "no findings"
    return str(value) or "nothing"


def _stood_still(scenario: ScenarioResult) -> bool:
    """True where the controller spoke: the scenario did not run, or did not end."""
    return scenario.verdict is Verdict.NOT_RUN and scenario.reason != Reason.OPERATION_UNSUPPORTED


def _stopped(steps: Sequence[Step]) -> bool:
    return not steps or steps[-1].status == "stopped"


def _stop(scenario: ScenarioResult) -> Exception | None:
    """What ended the scenario early; why is as recorded, that it did is seen in its steps."""
    if not _stopped(scenario.steps):
        return None
    if scenario.reason in set(Reason) - {Reason.OPERATION_UNSUPPORTED}:
        return PreconditionNotMet(Reason(scenario.reason), scenario.explanation)
    if scenario.reason == Reason.OPERATION_UNSUPPORTED or scenario.reason.startswith(OPERATION):
        return OperationUnsupported(scenario.reason.removeprefix(OPERATION))
    return PreconditionNotMet(Reason.PRECONDITION_UNMET, "")


def _unlike_the_feature(scenario: ScenarioResult, entry: ScenarioEntry) -> Iterator[str]:
    """Yield how the record departs from the sentences and tags of the feature."""
    if (scenario.title, scenario.tags, scenario.requirements) != (
        entry.title,
        entry.tags,
        entry.requirements,
    ):
        yield "its title or tags are not those of the feature"
    wanted = [(step.keyword, step.name, step.line_number) for step in entry.rendered.steps]
    seen = [(step.keyword, step.text, step.line) for step in scenario.steps]
    if seen != wanted[: len(seen)]:
        yield "its steps are not those of the feature"
    elif scenario.verdict in ENDED and len(seen) < len(wanted) and not _stopped(scenario.steps):
        missing = f"step {len(seen) + 1} of {len(wanted)}"
        yield f"{missing} is not recorded, though nothing stopped the scenario"
    if scenario.verdict is Verdict.PASS and any(step.status != "passed" for step in scenario.steps):
        yield "it is recorded as PASS, but not every step passed"


def _other_judgement(told: Judgement, again: Judgement) -> Iterator[str]:
    for what in ("findings", "requirements", "exchanges", "arguments", "statement"):
        recorded, follows = getattr(told, what), getattr(again, what)
        if recorded != follows:
            if what == "findings":
                recorded, follows = _words(recorded), _words(follows)
                yield f"{told.check}: recorded {recorded}, but run again it gives {follows}"
            else:
                yield f"{told.check}: its {what} are not what the check takes and says"


def _without_event(told: Judgement, scenario: ScenarioResult) -> Iterator[str]:
    """Yield the contacts and windows among a check's arguments that no event backs."""
    connections = {
        (one.what.system, one.what.server, one.what.connection, one.what.event, one.time)
        for one in scenario.events
        if isinstance(one.what, Connection)
    }
    windows = scenario.of(Window)
    for kind, members in _plain_values(list(told.arguments.values())):
        if kind == "Contact" and tuple(members.values()) not in connections:
            yield f"{told.check}: a contact among its arguments is not in the record"
        if kind == "Window" and not any(_covers(window, members) for window in windows):
            yield f"{told.check}: a window of time among its arguments is not in the record"


def _covers(window: Window, members: Mapping[str, Json]) -> bool:
    """True if the event is of this window, which may begin earlier than what was waited."""
    same = (members["ends"], members["scale"], members["after"])
    begins: float = members["begins"]
    return same == (window.ends, window.scale, window.after) and begins <= window.begins


def _plain_values(value: Json) -> Iterator[tuple[str, Mapping[str, Json]]]:
    if isinstance(value, Mapping):
        if "$type" in value and isinstance(value.get("fields"), Mapping):
            yield str(value["$type"]), value["fields"]
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _plain_values(item)


__all__ = ["Rederived", "load_checks", "rederive"]
