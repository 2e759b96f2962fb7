"""Follows all journals of a folder, in the order of time, and can read one line again."""

from __future__ import annotations

import json
import math
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from heapq import merge
from pathlib import Path

from muster.journal_files import Event

CHUNK = 1 << 20
"""Bytes of a journal that are taken at once: whoever waits meanwhile waits some 20 ms."""
KINDS = (
    "campaign",
    "chain-heads",
    "collected",
    "connection",
    "exchange",
    "interrupted",
    "judgement",
    "prompt",
    "prompt-answered",
    "scenario-started",
    "step",
    "stimulus",
    "stub-crash",
    "suite-error",
    "verdict",
    "wait",
)
FOLLOWED = tuple(f'{{"kind":"{kind}"'.encode() for kind in KINDS)


@dataclass(frozen=True)
class Place:
    """Where a line begins: a journal and a number of bytes."""

    path: Path
    offset: int


@dataclass(frozen=True)
class Line:
    """One event with its place, and the worker whose journal holds it."""

    event: Event
    place: Place
    worker: str

    @property
    def time(self) -> float:
        return float(self.event["time"])


@dataclass
class _Journal:
    path: Path
    read: int = 0
    at_its_end: bool = False
    waiting: deque[Line] = field(default_factory=deque)

    @property
    def worker(self) -> str:
        return self.path.stem.removeprefix("journal-")

    def take_in(self, chunk: int) -> None:
        """Read on until some event waits, or all is read."""
        self.at_its_end = self.at_its_end and self.path.stat().st_size == self.read
        while not self.waiting and not self.at_its_end:
            self._take_chunk(chunk)

    def _take_chunk(self, chunk: int) -> None:
        with self.path.open("rb") as file:
            file.seek(self.read)
            data = file.read(chunk)
            self.at_its_end = len(data) < chunk
            while b"\n" not in data and not self.at_its_end:
                more = file.read(chunk)
                self.at_its_end = len(more) < chunk
                data += more
        whole, _, _ = data.rpartition(b"\n")
        for raw in whole.split(b"\n") if whole else ():
            if raw.startswith(FOLLOWED) and (event := parsed(raw)):
                self.waiting.append(Line(event, Place(self.path, self.read), self.worker))
            self.read += len(raw) + 1

    def ready(self, horizon: float) -> Iterator[Line]:
        while self.waiting and self.waiting[0].time <= horizon:
            yield self.waiting.popleft()


class Follower:
    """Gives each event of the journals once; a folder that is not there yet holds none."""

    def __init__(self, folder: Path, chunk: int = CHUNK) -> None:
        self.folder = folder
        self.chunk = chunk
        self._journals: dict[Path, _Journal] = {}

    @property
    def is_behind(self) -> bool:
        """Whether there is more to read at once."""
        journals = self._journals.values()
        return any(one.waiting or not one.at_its_end for one in journals)

    def read(self) -> list[Line]:
        """Return what was written since, at most about a chunk of each journal."""
        for path in sorted(self.folder.glob("journal-*.jsonl")):
            journal = self._journals.setdefault(path, _Journal(path))
            with suppress(OSError):  # of a folder that is being removed
                journal.take_in(self.chunk)
        # What lies beyond what was read of another journal has to wait: it may come later.
        unread = (one for one in self._journals.values() if one.waiting and not one.at_its_end)
        horizon = min((one.waiting[-1].time for one in unread), default=math.inf)
        ready = [list(one.ready(horizon)) for one in self._journals.values()]
        return list(merge(*ready, key=lambda line: line.time))


def parsed(raw: bytes) -> Event | None:
    """Return the event of a line; None for what no journal of ours would hold."""
    try:
        event = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    timed = isinstance(event, dict) and isinstance(event.get("time"), int | float)
    return event if timed and isinstance(event.get("scenario"), str) else None


def read_again(place: Place) -> Event | None:
    """Read the event at a place again."""
    try:
        with place.path.open("rb") as file:
            file.seek(place.offset)
            return parsed(file.readline())
    except OSError:
        return None
