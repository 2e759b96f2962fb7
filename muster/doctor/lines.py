"""What the doctor says: one line for each thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Whether verdicts can count as it stands."""

    OK = "ok"
    NOTE = "note"
    """Fine here, and worth knowing."""
    PROBLEM = "problem"


@dataclass(frozen=True)
class Line:
    """One thing, how it is, and what to do where it is not right."""

    topic: str
    state: State
    told: str
    todo: str = ""


def ok(topic: str, told: str) -> Line:
    return Line(topic, State.OK, told)


def note(topic: str, told: str, todo: str = "") -> Line:
    return Line(topic, State.NOTE, told, todo)


def problem(topic: str, told: str, todo: str) -> Line:
    return Line(topic, State.PROBLEM, told, todo)
