"""What a journal cannot be if one process wrote it: gaps in its numbers, time that runs back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from muster.journal_files import Event, JournalFile

OF_A_STEP = ("scenario", "index", "keyword", "text", "line")


def disorder(journal: JournalFile) -> Iterator[str]:
    """Yield what shows that events were dropped, added or moved, whatever the chain says."""
    yield from _times(journal.events)
    kinds = [event["kind"] for event in journal.events]
    if kinds[:1] != ["journal-opened"]:
        yield "line 1: does not open the journal"
    if "journal-closed" in kinds[:-1]:
        yield f"line {kinds.index('journal-closed') + 2}: follows the end of the journal"
    if not journal.notes:
        # With a line that could not be read, something is missing, and that is said already.
        yield from _exchanges(journal.events)
        yield from _steps(journal.events)


def _times(events: Sequence[Event]) -> Iterator[str]:
    last = 0.0
    for line, event in enumerate(events, start=1):
        at = float(event["time"])
        if at < last:
            yield f"line {line}: its time is before that of the line above"
        last = max(last, at)


def _exchanges(events: Sequence[Event]) -> Iterator[str]:
    number = 0
    for line, event in enumerate(events, start=1):
        if event["kind"] == "exchange":
            number += 1
            name = str(event.get("name"))
            if name != f"X{number}":
                yield f"line {line}: exchange {name} stands where X{number} must"
                digits = name.removeprefix("X")
                number = int(digits) if digits.isdecimal() else number


def _steps(events: Sequence[Event]) -> Iterator[str]:
    """Each step starts, ends as the step that started, and only then the next one starts."""
    running: Event | None = None
    for line, event in enumerate(events, start=1):
        if event["kind"] == "scenario-started":
            running = None
        if event["kind"] != "step":
            continue
        if event.get("status") == "started":
            if running is not None:
                yield f"line {line}: a step starts while another one runs"
            running = event
        elif running is None or any(event.get(n) != running.get(n) for n in OF_A_STEP):
            yield f"line {line}: a step ends that did not start"
            running = None
        else:
            running = None


def verdicts_amiss(journals: Sequence[JournalFile]) -> Iterator[str]:
    """Yield scenarios of a campaign that came to its end which do not have exactly one verdict."""
    events = [event for journal in journals for event in journal.events]
    if not any(event["kind"] == "chain-heads" for event in events):
        return
    given = Counter(event["scenario"] for event in events if event["kind"] == "verdict")
    collected = {
        entry["id"]: None
        for event in events
        if event["kind"] == "collected"
        for entry in event.get("scenarios", ())
        if isinstance(entry, dict) and isinstance(entry.get("id"), str)
    }
    for name in collected:
        if given[name] != 1:
            yield f"{name}: has {given[name] or 'no'} verdicts in a campaign that came to its end"
