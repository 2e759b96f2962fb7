"""What a results folder tells: its journals read, their chains verified, joined by scenario.

Reads whatever a campaign left, also one that was killed; what is missing is said in `notes`.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from muster.deviations import EVENT as DEVIATIONS
from muster.deviations import Deviation, KnownDeviations, Stale, as_event, from_event
from muster.evidence import Exchange, Finding, Json
from muster.journal import SCHEMA_VERSION
from muster.journal_files import (
    Bodies,
    Event,
    JournalFile,
    UnreadableResults,
    chain_breaks,
    read_journals,
)
from muster.memory import collector_paused
from muster.seen import (
    Connection,
    Crash,
    Seen,
    Step,
    Stimulus,
    Taken,
    decoded,
    findings_of,
    steps_of,
)
from muster.verdicts import Reason, Verdict, exit_code

T = TypeVar("T")

__all__ = [
    "Connection",
    "Crash",
    "Results",
    "ScenarioResult",
    "Seen",
    "Step",
    "Stimulus",
    "Taken",
    "UnreadableResults",
    "campaign_document",
    "read_results",
    "write_campaign",
]

WORST_FIRST = (
    Verdict.ERROR,
    Verdict.FAIL,
    Verdict.INCONCLUSIVE,
    Verdict.NOT_RUN,
    Verdict.PASS,
    Verdict.NOT_APPLICABLE,
)


@dataclass(frozen=True)
class ScenarioResult:
    """All that the journals say of one scenario."""

    id: str
    title: str
    feature: str
    feature_title: str
    area: str
    line: int
    tags: tuple[str, ...]
    requirements: tuple[str, ...]
    service: str
    verdict: Verdict
    reason: str
    explanation: str
    findings: tuple[Finding, ...]
    duration: float
    started: float | None
    """None: it never began."""
    steps: tuple[Step, ...]
    events: tuple[Seen, ...]
    worker: str
    """Empty when no worker began it."""
    incomplete: frozenset[str] = frozenset()
    """Names of exchanges of which a body is missing in the results folder."""
    known: tuple[Deviation, ...] = ()
    """Of a FAIL: the known deviations that explain all of it; empty where something is new."""

    def of(self, kind: type[T]) -> tuple[T, ...]:
        return tuple(seen.what for seen in self.events if isinstance(seen.what, kind))

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return tuple(seen.what for seen in self.events if isinstance(seen.what, Exchange))

    @property
    def judgements(self) -> tuple[Taken, ...]:
        return self.of(Taken)

    @property
    def stimuli(self) -> tuple[Stimulus, ...]:
        return self.of(Stimulus)


@dataclass(frozen=True)
class Results:
    """A campaign as its results folder tells it."""

    folder: Path
    campaign: Mapping[str, Json]
    """Members of the campaign event: suite, subject, ics, ixit, environment, ..."""
    scenarios: tuple[ScenarioResult, ...]
    suite_errors: tuple[str, ...]
    notes: tuple[str, ...]
    """What a reader must know about gaps in the record."""
    broken_chains: tuple[str, ...]
    """Places where the record is not what was written; empty for an untouched folder."""
    sealed: bool
    """True if the controller ended the campaign itself and listed the chain heads."""
    started: float
    ended: float
    newer: bool = False
    """True if a later version of Muster wrote it: this one may not read all of it."""
    deviations: KnownDeviations | None = None
    """What the campaign was told of known deviations."""

    @property
    def stale(self) -> tuple[Stale, ...]:
        """Entries of the known deviations that are to be removed or renewed."""
        if self.deviations is None:
            return ()
        judged = (Verdict.PASS, Verdict.FAIL)
        told = {s.id: s.findings if s.verdict in judged else None for s in self.scenarios}
        return tuple(self.deviations.stale(told))

    @property
    def counts(self) -> dict[str, int]:
        """Honest denominators: selected, applicable, then one number per verdict."""
        verdicts = Counter(scenario.verdict for scenario in self.scenarios)
        selected = len(self.scenarios)
        return {
            "selected": selected,
            "applicable": selected - verdicts[Verdict.NOT_APPLICABLE],
            **{verdict.value: verdicts[verdict] for verdict in Verdict},
        }

    @property
    def exit_code(self) -> int:
        """That of `muster run`; a FAIL that is known is passed over where that was allowed."""
        allowed = self.deviations is not None and self.deviations.allowed
        verdicts = [
            Verdict.PASS if allowed and one.known else one.verdict for one in self.scenarios
        ]
        return 3 if self.suite_errors else exit_code(verdicts)

    @property
    def builtin_subject(self) -> bool:
        """True unless the campaign says in so many words that it ran against another UE."""
        subject = self.campaign.get("subject")
        return not (isinstance(subject, Mapping) and subject.get("builtin") is False)


# The set of journals ---------------------------------------------------------------------------


def read_results(folder: Path) -> Results:
    """Read the journals of a results folder, verify their chains and join them by scenario."""
    with collector_paused():
        return _read(folder)


def _read(folder: Path) -> Results:
    journals = read_journals(folder)
    events = [event for journal in journals for event in journal.events]
    heads = next((event.get("heads") for event in events if event["kind"] == "chain-heads"), None)
    bodies = Bodies(folder / "bodies")
    newer = any(journal.newer for journal in journals)
    try:
        join = _Join(journals, bodies)
        joined = join.scenarios()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if not newer:
            raise
        raise UnreadableResults(
            f"{folder}: written by a later version of Muster in a form that this one cannot read"
            f" ({error!r}): use the version that wrote it"
        ) from error
    told = next((event for event in events if event["kind"] == DEVIATIONS), None)
    deviations = None if told is None else from_event(told)
    scenarios = tuple(_with_known(scenario, deviations) for scenario in joined)
    campaign = next((event for event in events if event["kind"] == "campaign"), {})
    times = [float(event["time"]) for event in events] or [0.0]
    notes = [note for journal in journals for note in journal.notes]
    if heads is None:
        notes.append("the campaign did not come to its end: no chain heads were written")
    if not campaign:
        notes.append("the journal of the controller does not say what was tested")
    outer = {"kind", "time", "scenario", "chain"}
    return Results(
        folder=folder,
        campaign={name: value for name, value in campaign.items() if name not in outer},
        scenarios=scenarios,
        suite_errors=tuple(_suite_errors(events)),
        notes=(*notes, *join.notes, *bodies.notes),
        broken_chains=(*chain_breaks(journals, heads), *bodies.altered),
        sealed=heads is not None,
        started=min(times),
        ended=max(times),
        newer=newer,
        deviations=deviations,
    )


def _with_known(scenario: ScenarioResult, deviations: KnownDeviations | None) -> ScenarioResult:
    if deviations is None or scenario.verdict is not Verdict.FAIL:
        return scenario
    return replace(scenario, known=deviations.of(scenario.id, scenario.findings))


def _suite_errors(events: Iterable[Event]) -> Iterable[str]:
    told = (event for event in events if event["kind"] == "suite-error")
    # Every worker collects the same features, and tells of the same error.
    return dict.fromkeys(f"{event.get('where', '')}: {event.get('message', '')}" for event in told)


# One scenario ----------------------------------------------------------------------------------


class _Join:
    """Brings together what several journals say of each scenario."""

    def __init__(self, journals: Sequence[JournalFile], bodies: Bodies) -> None:
        self.bodies = bodies
        self.notes: list[str] = []
        self.collected: dict[str, Event] = {}
        self.events: dict[str, list[Event]] = defaultdict(list)
        self.workers: dict[str, str] = {}
        self.interrupted = True
        for journal in journals:
            self._gather(journal)

    def _gather(self, journal: JournalFile) -> None:
        for event in journal.events:
            name = event["scenario"]
            if event["kind"] == "collected":
                for entry in event.get("scenarios", ()):
                    if isinstance(entry, dict) and isinstance(entry.get("id"), str):
                        self.collected.setdefault(entry["id"], entry)
            elif event["kind"] == "scenario-started":
                self.workers.setdefault(name, journal.worker)
            if name:
                self.events[name].append(event)
        kinds = {event["kind"] for event in journal.events}
        if journal.worker == "controller":
            self.interrupted = "interrupted" in kinds or "chain-heads" not in kinds

    def scenarios(self) -> tuple[ScenarioResult, ...]:
        unknown = [name for name in self.events if name not in self.collected]
        self.notes.extend(f"{name}: no worker says that it was collected" for name in unknown)
        return tuple(self._scenario(name) for name in (*self.collected, *unknown))

    def _scenario(self, name: str) -> ScenarioResult:
        entry, events = self.collected.get(name, {}), self.events.get(name, [])
        path, _, line = name.rpartition(":")
        begun = next((float(e["time"]) for e in events if e["kind"] == "scenario-started"), None)
        verdict, reason, explanation, told = self._verdict(name, entry, events)
        feature = entry.get("feature", path)
        return ScenarioResult(
            id=name,
            title=entry.get("title", name),
            feature=feature,
            feature_title=entry.get("feature_title", feature),
            area=entry.get("area", feature.partition("/")[0]),
            line=entry.get("line", int(line) if line.isdigit() else 0),
            tags=tuple(entry.get("tags", ())),
            requirements=tuple(entry.get("requirements", ())),
            service=entry.get("service", ""),
            verdict=verdict,
            reason=reason,
            explanation=explanation,
            findings=_weighed_findings(told, events),
            duration=float(told.get("duration") or _span(begun, events)),
            started=begun,
            steps=steps_of(events),
            events=self._seen(name, events),
            worker=self.workers.get(name, ""),
            incomplete=frozenset(self._incomplete(events)),
        )

    def _verdict(
        self, name: str, entry: Event, events: Sequence[Event]
    ) -> tuple[Verdict, str, str, Event]:
        told = [e for e in events if e["kind"] == "verdict" and e.get("verdict") in set(Verdict)]
        if len(told) > 1:
            self.notes.append(f"{name}: has {len(told)} verdicts; the worst is shown")
        for verdict in WORST_FIRST:
            for event in told:
                if event["verdict"] == verdict:
                    return verdict, event.get("reason", ""), event.get("explanation", ""), event
        if entry.get("applicable") is False:
            return Verdict.NOT_APPLICABLE, entry.get("ics", ""), "the ICS does not claim it", {}
        reason = Reason.INTERRUPTED if self.interrupted else Reason.WORKER_DIED
        how = "had begun and did not end" if name in self.workers else "had not begun"
        return Verdict.NOT_RUN, reason.value, f"the scenario {how} when the record stops", {}

    def _seen(self, name: str, events: Sequence[Event]) -> tuple[Seen, ...]:
        seen, step = [], -1
        for event in events:
            if event["kind"] == "step":
                step = event.get("index", step)
                continue
            try:
                what = decoded(event, self.bodies.load)
            except (KeyError, TypeError, ValueError, AttributeError):
                self.notes.append(f"{name}: an event of kind {event['kind']} cannot be read")
                continue
            if what is not None:
                seen.append(Seen(float(event["time"]), step, what))
        return tuple(seen)

    def _incomplete(self, events: Iterable[Event]) -> Iterable[str]:
        for event in events:
            if event["kind"] == "exchange":
                answers = [answer.get("body") for answer in event.get("responses", ())]
                if self.bodies.missing.intersection(
                    name
                    for name in (event.get("body"), event.get("response_body"), *answers)
                    if name
                ):
                    yield event.get("name", "")


def _weighed_findings(told: Event, events: Iterable[Event]) -> tuple[Finding, ...]:
    """Findings of the verdict; those of the checks taken so far if no verdict was reached."""
    if told:
        return findings_of(told.get("findings", ()))
    judgements = (event for event in events if event["kind"] == "judgement")
    return tuple(found for one in judgements for found in findings_of(one.get("weighed", ())))


def _span(begun: float | None, events: Sequence[Event]) -> float:
    return 0.0 if begun is None else max(0.0, float(events[-1]["time"]) - begun)


# campaign.json ---------------------------------------------------------------------------------


def campaign_document(results: Results) -> dict[str, Json]:
    """Return campaign.json: who tested what with which outcome, for programs."""
    return {
        "schema": SCHEMA_VERSION,
        **results.campaign,
        "started": results.started,
        "ended": results.ended,
        "complete": results.sealed,
        "exit_code": results.exit_code,
        "counts": results.counts,
        "suite_errors": list(results.suite_errors),
        "broken_chains": list(results.broken_chains),
        "notes": list(results.notes),
        "known_deviations": _deviations_document(results),
        "scenarios": [_scenario_document(scenario) for scenario in results.scenarios],
    }


def _scenario_document(scenario: ScenarioResult) -> dict[str, Json]:
    return {
        "id": scenario.id,
        "title": scenario.title,
        "feature": scenario.feature,
        "tags": list(scenario.tags),
        "requirements": list(scenario.requirements),
        "service": scenario.service,
        "verdict": scenario.verdict.value,
        "reason": scenario.reason,
        "explanation": scenario.explanation,
        "findings": [{**vars(found), "through": [*found.through]} for found in scenario.findings],
        "duration": scenario.duration,
        "known": [vars(entry) for entry in scenario.known],
    }


def _deviations_document(results: Results) -> Json:
    if results.deviations is None:
        return None
    stale = [{**vars(one.deviation), "why": one.why} for one in results.stale]
    return {**as_event(results.deviations), "stale": stale}


def write_campaign(results: Results, path: Path) -> None:
    """Write campaign.json; ASCII only, so that no text of a UE can break a reader."""
    path.write_text(json.dumps(campaign_document(results), indent=1) + "\n", encoding="ascii")
