"""The order of each migration of a scenario, laid out for a picture: which message took which step.

Made of the table that the checks of the order are made of (muster/procedure.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from muster.evidence import Exchange
from muster.procedure import PRIMARY, STEPS, Step, asked, rules_before, step_named, succeeded
from muster.results import ScenarioResult, Stimulus


@dataclass(frozen=True)
class Rung:
    """One step of a migration as it was taken."""

    number: int
    title: str
    told: str
    """What the step is for."""
    system: str
    server: str
    clause: str
    needs: tuple[str, ...]
    """Titles of the steps that have to succeed before."""
    exchange: str
    """The first exchange that succeeded, else the first one; empty where none came."""
    outcome: str
    """done, refused, or not seen."""
    after: float
    """Seconds from the user's choice to that exchange."""
    departs: bool
    """Whether a check found that it came too early."""


@dataclass(frozen=True)
class Ladder:
    """One migration: its partner, and the steps in the order that they must have."""

    partner: str
    rungs: tuple[Rung, ...]


def ladders(scenario: ScenarioResult) -> tuple[Ladder, ...]:
    """Lay out each migration that the user asked for and that anything came of."""
    acts = sorted(scenario.stimuli, key=lambda act: act.started)
    found = []
    for at, act in enumerate(acts):
        if act.operation == "migrate":
            exchanges = _between(scenario, act, acts[at + 1 :])
            if any(asked(step.key, exchanges, _partner(exchanges)) for step in STEPS):
                found.append(_ladder(scenario, act, exchanges))
    return tuple(found)


def _between(scenario: ScenarioResult, act: Stimulus, later: Sequence[Stimulus]) -> list[Exchange]:
    """Return what was exchanged from a choice until the user chose or returned again."""
    ends = [one.started for one in later if one.operation in ("migrate", "return_home")]
    end = min(ends, default=float("inf"))
    return [e for e in scenario.exchanges if act.started <= e.started < end]


def _partner(exchanges: Sequence[Exchange]) -> str:
    """Return the system beside the primary that was told most; empty where none was."""
    systems = [exchange.system for exchange in exchanges if exchange.system != PRIMARY]
    return max(systems, key=systems.count, default="")


def _ladder(scenario: ScenarioResult, act: Stimulus, exchanges: Sequence[Exchange]) -> Ladder:
    partner = _partner(exchanges)
    found = {(finding.exchange, finding.requirement) for finding in scenario.findings}
    rungs = tuple(
        _rung(number, step, partner, exchanges, act.started, found)
        for number, step in enumerate(STEPS, start=1)
    )
    return Ladder(partner, rungs)


def _rung(
    number: int,
    step: Step,
    partner: str,
    exchanges: Sequence[Exchange],
    begun: float,
    found: set[tuple[str, str]],
) -> Rung:
    rules = rules_before(step.key)
    tried, done = asked(step.key, exchanges, partner), succeeded(step.key, exchanges, partner)
    shown = next(iter(done or tried), None)
    early = {(one.name, rule.requirement) for one in tried for rule in rules} & found
    return Rung(
        number=number,
        title=step.title,
        told=step.told,
        system=step.system(partner) or "the partner",
        server=step.server.rpartition(" ")[2],
        clause=step.clause,
        needs=tuple(step_named(rule.earlier).title for rule in rules),
        exchange=shown.name if shown else "",
        outcome="done" if done else "refused" if tried else "not seen",
        after=max(0.0, shown.started - begun) if shown else 0.0,
        departs=bool(early),
    )
