"""Two campaigns side by side: verdicts, findings and checks that changed, and the likely cause."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TypeAlias

from muster.evidence import Finding, Json
from muster.results import Results, ScenarioResult
from muster.verdicts import Reason, Verdict
from reports.text import visible

DIGEST = re.compile("[0-9a-f]{64}")
Key: TypeAlias = tuple[str, str]
"""Feature file and title: lines move from version to version."""

BAD = (Verdict.FAIL, Verdict.ERROR)
GONE = "not selected"


@dataclass(frozen=True)
class Difference:
    """A member of the campaigns' identity that differs; `cause` is the kind of cause it stands for.

    A cause is one of suite, UE, configuration, environment.
    """

    cause: str
    what: str
    before: str
    after: str


@dataclass(frozen=True)
class VerdictChange:
    """A scenario whose verdict is another; a scenario that one campaign lacks is `not selected`."""

    scenario: str
    title: str
    before: str
    after: str
    direction: str
    """worse, better or other."""
    cause: str


@dataclass(frozen=True)
class FindingChange:
    """A finding of one scenario that only one of the campaigns has."""

    scenario: str
    title: str
    severity: str
    requirement: str
    expected: str
    observed: str


@dataclass(frozen=True)
class LostCheck:
    """A check that ran in the first campaign and not in the second."""

    scenario: str
    title: str
    check: str
    cause: str


@dataclass(frozen=True)
class Comparison:
    """All that differs from the first campaign to the second."""

    differences: tuple[Difference, ...]
    verdicts: tuple[VerdictChange, ...]
    new_findings: tuple[FindingChange, ...]
    gone_findings: tuple[FindingChange, ...]
    lost_checks: tuple[LostCheck, ...]
    same: int
    """Scenarios with the same verdict in both."""
    notes: tuple[str, ...]

    @property
    def worse(self) -> bool:
        """True if the second shows less, or shows worse, than the first."""
        return (
            any(change.direction == "worse" for change in self.verdicts)
            or any(finding.severity == "FAIL" for finding in self.new_findings)
            or bool(self.lost_checks)
        )

    @property
    def exit_code(self) -> int:
        """0 nothing changed; 1 something is worse; 2 something changed, and nothing is worse."""
        if self.worse:
            return 1
        return 2 if self.verdicts or self.new_findings or self.gone_findings else 0

    @property
    def cause(self) -> str:
        return likely_cause(self.differences)

    def as_json(self) -> dict[str, Json]:
        return {**asdict(self), "cause": self.cause, "exit_code": self.exit_code}


def compare(before: Results, after: Results) -> Comparison:
    """Compare two campaigns, scenario by scenario."""
    differences = tuple(_differences(before.campaign, after.campaign))
    old, new = _by_key(before), _by_key(after)
    keys = tuple(dict.fromkeys((*old, *new)))
    cause = likely_cause(differences)
    changes = [_verdict_change(old.get(key), new.get(key), cause) for key in keys]
    both = [(old[key], new[key]) for key in keys if key in old and key in new]
    return Comparison(
        differences=differences,
        verdicts=tuple(change for change in changes if change is not None),
        new_findings=tuple(one for a, b in both for one in _findings_beyond(b, a)),
        gone_findings=tuple(one for a, b in both for one in _findings_beyond(a, b)),
        lost_checks=tuple(_lost(old, new, cause)),
        same=changes.count(None),
        notes=tuple(
            visible(f"{which}: {note}")
            for which, results in (("first", before), ("second", after))
            for note in (*results.suite_errors, *results.broken_chains, *results.notes)
        ),
    )


def _by_key(results: Results) -> dict[Key, ScenarioResult]:
    found: dict[Key, ScenarioResult] = {}
    for scenario in results.scenarios:
        key = (scenario.feature, scenario.title)
        # Two of one name: the suite has none, a feature of one's own may.
        found[key if key not in found else (*key[:1], scenario.id)] = scenario
    return found


# Verdicts --------------------------------------------------------------------------------------


def _verdict_change(
    old: ScenarioResult | None, new: ScenarioResult | None, cause: str
) -> VerdictChange | None:
    named = new or old
    assert named is not None
    if old and new and (old.verdict, old.reason) == (new.verdict, new.reason):
        return None
    return VerdictChange(
        scenario=named.id,
        title=visible(named.title),
        before=_words(old),
        after=_words(new),
        direction=_direction(old.verdict if old else None, new.verdict if new else None),
        cause=_cause_of(new, cause),
    )


def _words(scenario: ScenarioResult | None) -> str:
    if scenario is None:
        return GONE
    reason = f"({visible(scenario.reason)})" if scenario.reason else ""
    return f"{scenario.verdict}{reason}"


def _direction(old: Verdict | None, new: Verdict | None) -> str:
    if new in BAD and old not in BAD:
        return "worse"
    if old is Verdict.PASS and new is not Verdict.PASS:
        return "worse"
    if new is Verdict.PASS or (old in BAD and new not in (*BAD, None)):
        return "better"
    # A failing scenario that is not selected any more is hidden, not mended.
    return "worse" if new is None and old in BAD else "other"


def _cause_of(new: ScenarioResult | None, cause: str) -> str:
    """What this scenario itself says of the cause, else that of the whole campaign."""
    if new is None:
        return "not selected in the second campaign"
    if new.verdict is Verdict.NOT_APPLICABLE:
        return "configuration: the ICS does not claim it"
    if new.reason in (Reason.INTERRUPTED, Reason.WORKER_DIED):
        return "the second campaign did not come to its end"
    return cause


# Findings and checks ---------------------------------------------------------------------------


def _findings_beyond(one: ScenarioResult, other: ScenarioResult) -> Iterator[FindingChange]:
    """Yield what was found in one and not in the other; values differ from run to run."""
    known = Counter(_finding_key(finding) for finding in other.findings)
    for finding in one.findings:
        if known[_finding_key(finding)]:
            known[_finding_key(finding)] -= 1
            continue
        yield FindingChange(
            scenario=one.id,
            title=visible(one.title),
            severity=finding.severity,
            requirement=finding.requirement,
            expected=visible(finding.expected),
            observed=visible(finding.observed),
        )


def _finding_key(finding: Finding) -> tuple[str, str]:
    return finding.requirement, finding.severity


def _lost(
    old: Mapping[Key, ScenarioResult], new: Mapping[Key, ScenarioResult], cause: str
) -> Iterator[LostCheck]:
    for key, before in old.items():
        after = new.get(key)
        left = Counter(taken.judgement.check for taken in before.judgements)
        if after is not None:
            left -= Counter(taken.judgement.check for taken in after.judgements)
        for check in left:
            yield LostCheck(
                scenario=(after or before).id,
                title=visible(before.title),
                check=visible(check.removeprefix("muster.checks.")),
                cause=_why_lost(after, cause),
            )


def _why_lost(after: ScenarioResult | None, cause: str) -> str:
    if after is not None and after.steps and after.steps[-1].status == "stopped":
        return f"the scenario stopped before it: {_words(after)}"
    return _cause_of(after, cause)


# Identity --------------------------------------------------------------------------------------

CAUSES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("suite", "suite version", ("suite", "version")),
    ("suite", "content of the suite", ("suite", "digest")),
    ("suite", "3GPP release", ("release",)),
    ("UE", "vendor", ("subject", "vendor")),
    ("UE", "model", ("subject", "model")),
    ("UE", "software", ("subject", "software")),
    ("UE", "driver", ("subject", "driver")),
    ("configuration", "driver table", ("driver",)),
    ("configuration", "ICS", ("ics",)),
    ("configuration", "IXIT", ("ixit",)),
    ("configuration", "schemas and documents of the laboratory", ("laboratory",)),
    ("environment", "Python", ("environment", "python")),
    ("environment", "platform", ("environment", "platform")),
    ("environment", "packages", ("environment", "packages")),
)


def _differences(old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[Difference]:
    for cause, what, path in CAUSES:
        before, after = _at(old, path), _at(new, path)
        if before != after:
            yield from _parts(cause, what, before, after)


def _parts(cause: str, what: str, before: Json, after: Json) -> Iterator[Difference]:
    """Yield the members that differ of two tables, or the two values."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in dict.fromkeys((*before, *after)):
            if before.get(name) != after.get(name):
                yield from _parts(cause, f"{what}: {name}", before.get(name), after.get(name))
    else:
        yield Difference(cause, visible(what), _told(before), _told(after))


def _at(told: Json, path: tuple[str, ...]) -> Json:
    for name in path:
        told = told.get(name) if isinstance(told, Mapping) else None
    return told


def _told(value: Json) -> str:
    if value is None:
        return "not given"
    if isinstance(value, str):
        return visible(value[:12] if DIGEST.fullmatch(value) else value)
    return visible(json.dumps(value, ensure_ascii=False))


def likely_cause(differences: tuple[Difference, ...]) -> str:
    """Name what can have changed verdicts: of several kinds all, most likely first."""
    kinds = dict.fromkeys(difference.cause for difference in differences)
    strong = [kind for kind in ("UE", "configuration", "suite") if kind in kinds]
    if strong:
        named = {"UE": "UE version", "configuration": "configuration", "suite": "suite version"}
        return " or ".join(named[kind] for kind in strong)
    if "environment" in kinds:
        return "environment"
    return "neither suite, UE nor configuration differs: it varies from run to run"
