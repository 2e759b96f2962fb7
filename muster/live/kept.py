"""Texts that are kept with the number of the change that made them, and the rows among them."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Generic, TypeVar

from muster.evidence import Json
from muster.live.follow import Line, Place
from muster.live.rows import Item
from reports.text import visible

WINDOW = 200
"""Rows that a page holds at once."""
MOST_ROWS = 200_000
"""Rows that are held here, some 60 MB: a bench may stand for days."""
Key = TypeVar("Key", bound=Hashable)


@dataclass
class Changes:
    """Counts what changes; all that a page can be told of shares one count."""

    number: int = 0

    def next(self) -> int:
        self.number += 1
        return self.number


class Kept(Generic[Key]):
    """Items as JSON in which nothing acts, in the order of their latest change."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._held: dict[Key, tuple[int, str]] = {}

    def put(self, key: Key, item: Item) -> None:
        self._held.pop(key, None)
        self._held[key] = self._changes.next(), encoded(item)

    def drop(self, key: Key) -> None:
        self._held.pop(key, None)

    def text(self, key: Key) -> str:
        return self._held[key][1]

    def __contains__(self, key: Key) -> bool:
        return key in self._held

    def all(self) -> list[tuple[Key, str]]:
        return [(key, text) for key, (_, text) in self._held.items()]

    def since(self, number: int) -> list[tuple[Key, str]]:
        """What changed after a number, the earliest first."""
        latest = takewhile(lambda one: one[1][0] > number, reversed(self._held.items()))
        return [(key, text) for key, (_, text) in latest][::-1]


@dataclass(frozen=True)
class Evidence:
    """Where the journals hold an exchange and the checks that looked at it."""

    exchange: Place
    worker: str
    name: str
    scenario: int
    judgements: list[Place] = field(default_factory=list)


class Rows:
    """The rows of the sequence, numbered; the oldest go when there are too many."""

    def __init__(self, changes: Changes, most: int = MOST_ROWS) -> None:
        self.most = most
        self.total = 0
        """Of all that there ever were."""
        self.evidence: dict[int, Evidence] = {}
        self._kept: Kept[int] = Kept(changes)
        self._first = 0
        self._of: dict[int, list[int]] = {}
        self._exchanges: dict[tuple[str, str], int] = {}
        self._steps: dict[int, dict[int, int]] = {}

    def add(self, line: Line, row: Item) -> None:
        """Take a row; what a step became replaces that it began."""
        event, steps = line.event, self._steps.setdefault(row["s"], {})
        step = event.get("index") if event["kind"] == "step" else None
        if step in steps:
            self._put(steps[step], row)
            return
        number, self.total = self.total, self.total + 1
        self._of.setdefault(row["s"], []).append(number)
        if step is not None:
            steps[step] = number
        elif event["kind"] == "exchange":
            self._exchanges[line.worker, event["name"]] = number
            self.evidence[number] = Evidence(line.place, line.worker, event["name"], row["s"])
        elif event["kind"] == "verdict":
            del self._steps[row["s"]]
        self._put(number, row)
        self._forget()

    def number_of(self, worker: str, exchange: str) -> int | None:
        """The row of an exchange by the names of its journal."""
        return self._exchanges.get((worker, exchange))

    def mark(self, number: int, severity: str) -> None:
        """Show that something was found; a warning does not hide a failure."""
        row = json.loads(self._kept.text(number))
        if row["tone"] != "finding":
            self._put(number, {**row, "tone": "finding" if severity == "FAIL" else "warning"})

    def since(self, number: int | None) -> list[str]:
        """The latest rows of those that changed after a number, in the order of the sequence."""
        if number is None:
            return self.before(None, None)[0]
        # A row that changed keeps its place: a page that has not got it yet appends it there.
        changed = sorted(self._kept.since(number), key=lambda row: row[0])
        return [text for _, text in changed[-WINDOW:]]

    def before(self, scenario: int | None, before: int | None) -> tuple[list[str], int]:
        """The rows before a number, of one scenario or of all, and how many there are earlier."""
        end = self.total if before is None else min(before, self.total)
        earlier: Sequence[int] = range(self._first, end)
        if scenario is not None:
            numbers = self._of.get(scenario, [])
            earlier = numbers[: bisect_left(numbers, end)]
        return [self._kept.text(one) for one in earlier[-WINDOW:]], len(earlier[:-WINDOW])

    def _put(self, number: int, row: Item) -> None:
        if number >= self._first:
            self._kept.put(number, {**row, "n": number})

    def _forget(self) -> None:
        while self.total - self._first > self.most:
            row = json.loads(self._kept.text(self._first))
            self._kept.drop(self._first)
            self._of[row["s"]].remove(self._first)
            gone = self.evidence.pop(self._first, None)
            if gone is not None:
                del self._exchanges[gone.worker, gone.name]
            self._first += 1


def encoded(value: Json) -> str:
    """Write JSON in which every text is visible: no character of it steers a reader's screen."""
    return json.dumps(_inert(value), ensure_ascii=True, separators=(",", ":"), allow_nan=False)


def _inert(value: Json) -> Json:
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, Mapping):
        return {visible(str(key)): _inert(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_inert(one) for one in value]
    return value
