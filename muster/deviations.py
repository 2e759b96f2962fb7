"""Known deviations: findings that a vendor has explained, and until when. A verdict stays FAIL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from muster.evidence import Finding, Json

EVENT = "known-deviations"
"""Kind of the event in the controller's journal; its members: entries, allowed, day."""


@dataclass(frozen=True)
class Deviation:
    """One departure that is known."""

    requirement: str
    scenario: str
    """Id of the scenario, or its feature file for all scenarios in it."""
    reason: str
    reference: str
    """Where it is followed up: an issue, a change request, a waiver."""
    expires: str
    """The last day on which it holds, as 2027-03-31."""

    def covers(self, scenario: str, requirement: str) -> bool:
        feature = scenario.rpartition(":")[0]
        return self.requirement == requirement and self.scenario in (scenario, feature)


@dataclass(frozen=True)
class Stale:
    """An entry that is to be removed or renewed, and why."""

    deviation: Deviation
    why: str


@dataclass(frozen=True)
class KnownDeviations:
    """What a campaign was told of known deviations."""

    entries: tuple[Deviation, ...]
    allowed: bool
    """Whether scenarios that fail only as is known leave the exit code alone."""
    day: str
    """The day of the campaign; an entry that expired before it holds no more."""

    def of(self, scenario: str, findings: Iterable[Finding]) -> tuple[Deviation, ...]:
        """The entries that explain every failing finding of a scenario; none if one is new."""
        failing = {found.requirement for found in findings if found.severity == "FAIL"}
        explained = [list(self._covering(scenario, requirement)) for requirement in failing]
        if not all(explained):
            return ()
        return tuple(dict.fromkeys(entry for entries in explained for entry in entries))

    def stale(self, scenarios: Mapping[str, Sequence[Finding] | None]) -> Iterator[Stale]:
        """Yield the entries that hold no more, or explain nothing of what was judged.

        `scenarios` are those selected, by id, with the findings; None: not judged to its end.
        """
        for entry in self.entries:
            if self._is_over(entry):
                yield Stale(entry, f"expired on {entry.expires}")
                continue
            told = [found for name, found in scenarios.items() if _is_about(entry, name)]
            findings = [one for found in told if found is not None for one in found]
            seen = any(one.requirement == entry.requirement for one in findings)
            if told and None not in told and not seen:
                yield Stale(entry, "the campaign has no such finding")

    def _covering(self, scenario: str, requirement: str) -> Iterator[Deviation]:
        for entry in self.entries:
            if entry.covers(scenario, requirement) and not self._is_over(entry):
                yield entry

    def _is_over(self, entry: Deviation) -> bool:
        return entry.expires < self.day


def _is_about(entry: Deviation, scenario: str) -> bool:
    return entry.scenario in (scenario, scenario.rpartition(":")[0])


def as_event(known: KnownDeviations) -> dict[str, Json]:
    """Return the members of the event."""
    return {
        "entries": [vars(entry) for entry in known.entries],
        "allowed": known.allowed,
        "day": known.day,
    }


def from_event(event: Mapping[str, Json]) -> KnownDeviations:
    """The inverse of `as_event`."""
    entries = tuple(Deviation(**entry) for entry in event["entries"])
    return KnownDeviations(entries, bool(event["allowed"]), str(event["day"]))
