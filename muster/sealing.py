"""Ends a campaign: verdicts for what no worker finished, and the heads of all chains."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from muster.journal import Journal
from muster.journal_files import Event, last_link
from muster.verdicts import Reason, Verdict


@dataclass
class Seen:
    """What the journals of the workers say so far."""

    collected: dict[str, Event] = field(default_factory=dict)
    started: set[str] = field(default_factory=set)
    settled: set[str] = field(default_factory=set)
    suite_errors: dict[str, None] = field(default_factory=dict)
    was_collected: bool = False

    def feed(self, events: Sequence[Event]) -> None:
        for event in events:
            match event["kind"]:
                case "collected":
                    self.was_collected = True
                    for entry in event["scenarios"]:
                        self.collected.setdefault(entry["id"], entry)
                case "scenario-started":
                    self.started.add(event["scenario"])
                case "verdict":
                    self.settled.add(event["scenario"])
                case "suite-error":
                    self.suite_errors[f"{event['where']}: {event['message']}"] = None


def left_over(seen: Seen, interrupted: bool) -> Iterator[tuple[str, Verdict, str, str]]:
    """The verdicts that the controller gives: of scenarios that no worker brought to an end."""
    for name, entry in seen.collected.items():
        if name in seen.settled:
            continue
        if not entry["applicable"]:
            yield name, Verdict.NOT_APPLICABLE, entry["ics"], "the ICS does not claim it"
        elif interrupted:
            yield name, Verdict.NOT_RUN, Reason.INTERRUPTED, "the campaign was interrupted"
        elif name in seen.started:
            told = "the process that ran the scenario died"
            yield name, Verdict.ERROR, Reason.WORKER_DIED, told
        elif seen.suite_errors:
            told = "nothing is run while the suite has errors"
            yield name, Verdict.NOT_RUN, "suite_error", told
        else:
            told = "the process that was to run the scenario died"
            yield name, Verdict.NOT_RUN, Reason.WORKER_DIED, told


def seal(journal: Journal, folder: Path, seen: Seen, interrupted: bool) -> None:
    """Write what the workers left open, and the heads of all chains."""
    if interrupted:
        journal.write("interrupted")
    for name, verdict, reason, explanation in left_over(seen, interrupted):
        journal.begin(name)
        journal.write(
            "verdict",
            verdict=verdict.value,
            reason=str(reason),
            explanation=explanation,
            findings=[],
            duration=0.0,
        )
    journal.begin("")
    heads = {
        path.name: last_link(path)
        for path in sorted(folder.glob("journal-*.jsonl"))
        if path.name != journal.path.name
    }
    journal.write("chain-heads", heads=heads)
    journal.close()
