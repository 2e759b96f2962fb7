"""Proof that the suite can tell: each faulty UE is caught, and no conformant variant is blamed.

Each UE runs as a campaign of its own, on the scenarios that can tell and a few others.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from muster.journal_files import Event
from muster.judging import CHECKS
from muster.suite import suite_root
from muster.ue.faulty import FAULTY
from muster.ue.variants import VARIANTS

SAMPLE = {"faulty": 3, "variant": 80}
"""How many scenarios more than its own a UE goes through."""


@dataclass(frozen=True)
class Proof:
    """What one UE showed."""

    name: str
    description: str
    requirement: str
    """The requirement that has to report the fault; empty for a variant."""
    severity: str = ""
    """FAIL or WARNING as that requirement reported; empty: it did not."""
    follows: tuple[str, ...] = ()
    """Other requirements that reported and are known to follow from the fault."""
    alarms: tuple[str, ...] = ()
    """Whatever else was said: false alarms, errors of the suite."""
    scenarios: int = 0
    told: tuple[str, ...] = ()
    """The ids of the scenarios that reported something."""
    verdicts: dict[str, int] = field(default_factory=dict)
    killed: tuple[tuple[str, str], ...] = ()
    """Each check that reported something, with the requirement that it reported."""

    @property
    def holds(self) -> bool:
        caught = bool(self.severity) or not self.requirement
        return caught and not self.alarms and self.scenarios > 0


def names(only: Iterable[str] = ()) -> list[str]:
    """Every UE that a proof runs; with names given, only these. LookupError for an unknown one."""
    known = [*(f"faulty:{name}" for name in FAULTY), *(f"variant:{name}" for name in VARIANTS)]
    wanted = list(only)
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise LookupError(f"there is no {unknown[0]}; there are {', '.join(known)}")
    return wanted or known


def scenarios_of(name: str, full: bool = False, within: Sequence[str] = ()) -> tuple[str, ...]:
    """The features that a proof of this UE runs; () is all.

    `within` are areas, as features/ has folders. A fault that shows in none of them is a
    LookupError; one that does is proven with all features that it shows in.
    """
    kind, _, label = name.partition(":")
    if kind != "faulty":
        return (*within,)
    own = FAULTY[label].scenarios
    if within and not any(one.partition("/")[0] in within for one in own):
        raise LookupError(f"{name}: its fault does not show in {', '.join(within)}")
    return (*within,) if full else own


def sample_of(name: str, own: Sequence[str], ids: Sequence[str]) -> tuple[str, ...]:
    """A few of the other scenarios, the same in each run: what they say has to follow as well.

    `ids` are all scenarios, `own` the features that the UE runs anyway.
    """
    others = [one for one in ids if not one.startswith(tuple(own) or ("/",))]
    wanted = SAMPLE[name.partition(":")[0]]
    return tuple(sorted(random.Random(name).sample(others, min(wanted, len(others)))))


def prove(
    which: Mapping[str, Sequence[str]], jobs: int, tell: Callable[[Proof], None]
) -> list[Proof]:
    """Run each UE on its scenarios, `jobs` campaigns at a time; `tell` hears each as it comes."""
    from muster.proof_runner import Order, run_all

    proofs: dict[str, Proof] = {}

    def hear(order: Order, events: Sequence[Event]) -> None:
        proofs[order.ue] = weigh(order.ue, campaign_of(events))
        tell(proofs[order.ue])

    run_all([Order(name, tuple(scenarios)) for name, scenarios in which.items()], jobs, hear)
    return [proofs[name] for name in which]


def campaign_of(events: Iterable[Event]) -> dict[str, Any]:
    """Return the scenarios that journals tell of, as campaign.json does."""
    scenarios: dict[str, dict[str, Any]] = {}
    killed: set[tuple[str, str]] = set()
    errors = []
    for event in events:
        match event["kind"]:
            case "collected":
                lost = {"verdict": "ERROR", "reason": "lost", "findings": []}
                scenarios |= {one["id"]: {"id": one["id"], **lost} for one in event["scenarios"]}
            case "verdict":
                told = {name: event[name] for name in ("verdict", "reason", "findings")}
                scenarios[event["scenario"]] = {"id": event["scenario"], **told}
            case "judgement":
                killed |= {(event["check"], found["requirement"]) for found in event["findings"]}
            case "suite-error":
                errors.append(f"{event['where']}: {event['message']}")
    return {
        "scenarios": list(scenarios.values()),
        "suite_errors": errors,
        "killed": sorted(killed),
    }


def unkilled(proofs: Iterable[Proof]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return what no faulty UE of these made report: check and requirement, twice.

    First what an exchange test makes report (`fixtures/exchange_tests.json`), then what nothing
    does, which must be empty. The suite is loaded.
    """
    told = {pair for proof in proofs if proof.requirement for pair in proof.killed}
    cited = {
        (name, requirement)
        for name, one in CHECKS.items()
        if name.startswith("muster.checks.")
        for requirement in one.requirements
    }
    tested = exchange_tests()
    left = sorted(cited - told)
    return [pair for pair in left if pair in tested], [pair for pair in left if pair not in tested]


def exchange_tests() -> set[tuple[str, str]]:
    """Check and requirement that the tests of the checks show to be reported."""
    text = (suite_root() / "fixtures" / "exchange_tests.json").read_text(encoding="utf-8")
    return {
        (check, requirement)
        for check, requirements in json.loads(text).items()
        for requirement in requirements
    }


def weigh(name: str, campaign: dict[str, Any]) -> Proof:
    """Return what a campaign proves about a faulty UE or a variant."""
    kind, _, label = name.partition(":")
    scenarios = campaign["scenarios"]
    findings = [found for scenario in scenarios for found in scenario["findings"]]
    reported = {found["requirement"]: found["severity"] for found in findings}
    told = tuple(scenario["id"] for scenario in scenarios if scenario["findings"])
    counts: dict[str, int] = {}
    for scenario in scenarios:
        counts[scenario["verdict"]] = counts.get(scenario["verdict"], 0) + 1
    killed = tuple(campaign.get("killed", ()))
    alarms = list(campaign["suite_errors"])
    alarms += [f"{s['id']}: {s['verdict']}" for s in scenarios if s["verdict"] == "ERROR"]
    if kind == "variant":
        variant = VARIANTS[label]
        alarms += sorted(reported)
        alarms += [
            f"{s['id']}: {s['verdict']} {s['reason']}"
            for s in scenarios
            if s["verdict"] in ("INCONCLUSIVE", "NOT_RUN")
        ]
        return Proof(
            name,
            variant.description,
            "",
            "",
            (),
            tuple(alarms),
            len(scenarios),
            told,
            counts,
            killed,
        )
    faulty = FAULTY[label]
    expected = {faulty.requirement, *faulty.follows}
    alarms += sorted(reported.keys() - expected)
    return Proof(
        name,
        faulty.description,
        faulty.requirement,
        reported.get(faulty.requirement, ""),
        tuple(sorted(reported.keys() & set(faulty.follows))),
        tuple(alarms),
        len(scenarios),
        told,
        counts,
        killed,
    )
