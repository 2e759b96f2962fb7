"""What a campaign will be, before it is one: scenarios, what is asked of the UE, and how long."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from _pytest.mark.expression import Expression

from muster.campaign_settings import CampaignSettings
from muster.collection import Problem, ScenarioEntry
from muster.foresight import QUIET, Foresight
from muster.listing import read_selected
from muster.tags import expression

SECONDS: Mapping[str, float] = {"reference": 0.05, "http": 3.0, "command": 3.0, "operator": 25.0}
"""How long an operation is taken to last, by the kind of the driver."""
OVERHEAD_SECONDS = 0.15
"""Of each scenario: two systems come and go."""
TIMES = ("clock_scale", "quiet_seconds", "answer_seconds")
"""Members of the IXIT without which a recorded duration says nothing."""
NOT_RUN = ("NOT_APPLICABLE", "NOT_RUN")


@dataclass(frozen=True)
class Planned:
    """One scenario that will run."""

    entry: ScenarioEntry
    operations: tuple[str, ...]
    """What is asked of the UE, in order."""
    quiet: int
    """How often the quiet time of the IXIT is waited."""
    seconds: float
    is_recorded: bool
    """Whether the seconds are those of an earlier campaign of this UE."""


@dataclass(frozen=True)
class Plan:
    """A campaign that has not begun."""

    scenarios: tuple[Planned, ...]
    not_applicable: Mapping[str, tuple[ScenarioEntry, ...]]
    """By what the ICS would have to claim."""
    left_out: int
    """How many are named by the path and left out by -k and -m."""
    problems: tuple[Problem, ...]
    recorded_in: Path | None

    @property
    def operations(self) -> Counter[str]:
        return Counter(name for one in self.scenarios for name in one.operations)

    @property
    def quiet(self) -> int:
        return sum(one.quiet for one in self.scenarios)

    @property
    def seconds(self) -> float:
        """For one process after the other."""
        return sum(one.seconds for one in self.scenarios)


def plan_of(settings: CampaignSettings, keywords: str, marks: str, results: Path) -> Plan:
    """Foresee a campaign; `results` is where earlier campaigns of the UE may lie."""
    entries, problems = read_selected(settings)
    selected = [entry for entry in entries if is_selected(entry, keywords, marks)]
    applicable = [entry for entry in selected if settings.claims.applies(entry.tags)]
    others: dict[str, list[ScenarioEntry]] = {}
    for entry in selected:
        if not settings.claims.applies(entry.tags):
            others.setdefault(missing(entry, settings), []).append(entry)
    durations, recorded_in = recorded_durations(results, settings)
    foresight = Foresight()
    return Plan(
        tuple(_planned(entry, foresight, settings, durations) for entry in applicable),
        {needs: tuple(found) for needs, found in others.items()},
        len(entries) - len(selected),
        tuple(problems),
        recorded_in,
    )


def _planned(
    entry: ScenarioEntry,
    foresight: Foresight,
    settings: CampaignSettings,
    durations: Mapping[str, float],
) -> Planned:
    found = foresight.operations(entry)
    operations = tuple(name for name in found if name != QUIET)
    quiet = len(found) - len(operations)
    seconds = durations.get(entry.id)
    if seconds is None:
        ixit = settings.ixit
        waits = 0.0 if _proves_quiet(settings) else quiet * ixit.quiet_seconds * ixit.clock_scale
        each = SECONDS[settings.configuration.driver.kind]
        seconds = OVERHEAD_SECONDS + each * len(operations) + waits
    return Planned(entry, operations, quiet, seconds, entry.id in durations)


def _proves_quiet(settings: CampaignSettings) -> bool:
    """Whether the UE can end a quiet time by itself."""
    return settings.configuration.builtin


# Selection ---------------------------------------------------------------------------------------


def is_selected(entry: ScenarioEntry, keywords: str, marks: str) -> bool:
    """Tell what -k and -m of `muster run` would select."""
    names = [f"{entry.title}:{entry.line}", entry.feature_name, *entry.tags]
    words = [name.lower() for name in names]

    def has_word(word: str, /, **more: Any) -> bool:
        return any(word.lower() in name for name in words)

    def has_mark(mark: str, /, **more: Any) -> bool:
        return mark in entry.marks

    by_keyword = not keywords or Expression.compile(keywords).evaluate(has_word)
    return by_keyword and (not marks or Expression.compile(marks).evaluate(has_mark))


def missing(entry: ScenarioEntry, settings: CampaignSettings) -> str:
    """Say what of a scenario's needs the ICS does not claim."""
    claims = settings.claims
    services = [tag for tag in entry.tags if tag in ("mcptt", "mcvideo", "mcdata")]
    if services and not set(services) & claims.services:
        return f"the service {' or '.join(services)}"
    tags = [tag for tag in entry.tags if tag.startswith("ics:")]
    return " and ".join(expression([tag]) for tag in tags if not claims.applies([tag]))


# Durations ---------------------------------------------------------------------------------------


def recorded_durations(
    results: Path, settings: CampaignSettings
) -> tuple[dict[str, float], Path | None]:
    """Return seconds by scenario from the newest campaign of this UE under these times."""
    for file in _newest(results.glob("*/campaign.json")):
        found = _durations(file, settings)
        if found:
            return found, file.parent
    return {}, None


def _newest(files: Iterable[Path]) -> Sequence[Path]:
    return sorted(files, key=lambda file: file.parent.name, reverse=True)


def _durations(file: Path, settings: CampaignSettings) -> dict[str, float]:
    try:
        told = json.loads(file.read_text("utf-8"))
        subject, ixit, rows = told["subject"], told["ixit"], told["scenarios"]
        ue = settings.configuration.ue
        same = {"vendor": ue.vendor, "model": ue.model, "driver": settings.driver_name}
        if any(subject.get(name) != value for name, value in same.items()):
            return {}
        if any(ixit.get(name) != getattr(settings.ixit, name) for name in TIMES):
            return {}
        return {row["id"]: float(row["duration"]) for row in rows if row["verdict"] not in NOT_RUN}
    except (OSError, ValueError, LookupError, AttributeError, TypeError):
        return {}  # no campaign of ours, or one that was cut
