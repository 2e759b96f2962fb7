"""What a journal tells of a scenario beside its exchanges, decoded from its events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import TypeAlias

from muster.evidence import Exchange, Finding, Json, Judgement, Window
from muster.journal import exchange_from_event
from muster.journal_files import Event


@dataclass(frozen=True)
class Step:
    """One Gherkin step as it ran."""

    index: int
    keyword: str
    text: str
    line: int
    status: str
    """passed, failed, stopped; started if nothing more was written about it."""


@dataclass(frozen=True)
class Stimulus:
    """One act that was asked of the UE, and its answer."""

    operation: str
    arguments: Mapping[str, Json]
    answer: str
    reason: str
    started: float
    ended: float


@dataclass(frozen=True)
class Connection:
    """Something that happened to a connection: accepted, tls-failed, cut-short, closed, ..."""

    system: str
    server: str
    connection: str
    event: str
    details: Mapping[str, Json]


@dataclass(frozen=True)
class Taken:
    """A check that a step took, with its findings as the catalogue weighed them."""

    judgement: Judgement
    weighed: tuple[Finding, ...]


@dataclass(frozen=True)
class Crash:
    """A stub failed: a defect of the suite."""

    where: str
    error: str


What: TypeAlias = Exchange | Stimulus | Connection | Window | Taken | Crash


@dataclass(frozen=True)
class Seen:
    """One event of a scenario; `step` is the index of the step that ran, -1 before the first."""

    time: float
    step: int
    what: What


def decoded(event: Event, load: Callable[[str], bytes]) -> What | None:
    """Decode an event; None for a kind that tells nothing of the wire."""
    match event["kind"]:
        case "exchange":
            return exchange_from_event(event, load)
        case "stimulus":
            return Stimulus(**members_of(Stimulus, event))
        case "wait":
            return Window(**members_of(Window, event))
        case "stub-crash":
            return Crash(**members_of(Crash, event))
        case "connection":
            named = members_of(Connection, {**event, "details": {}})
            known = {*named, "kind", "time", "scenario", "chain"}
            details = {name: value for name, value in event.items() if name not in known}
            return Connection(**{**named, "details": details})
        case "judgement":
            members = members_of(Judgement, event)
            for name in ("requirements", "exchanges"):
                members[name] = tuple(members[name])
            members["findings"] = findings_of(members["findings"])
            return Taken(Judgement(**members), findings_of(event.get("weighed", ())))
    return None


def members_of(cls: type, event: Event) -> dict[str, Json]:
    return {one.name: event[one.name] for one in fields(cls) if one.name in event}


def findings_of(told: Iterable[Event]) -> tuple[Finding, ...]:
    members = (members_of(Finding, finding) for finding in told)
    return tuple(Finding(**{**one, "through": tuple(one.get("through", ()))}) for one in members)


def steps_of(events: Iterable[Event]) -> tuple[Step, ...]:
    steps: dict[int, Step] = {}
    for event in events:
        if event["kind"] == "step":
            index = event.get("index", len(steps))
            members = {
                "keyword": "",
                "text": "",
                "line": 0,
                "status": "",
                **members_of(Step, event),
            }
            steps[index] = Step(**{**members, "index": index})
    return tuple(steps[index] for index in sorted(steps))
