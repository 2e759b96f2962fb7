"""Proof that the suite can tell: each faulty UE is caught, and no conformant variant is blamed.

Each UE runs as a campaign of its own, through `muster run` like any other.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from muster.ue.faulty import FAULTY
from muster.ue.variants import VARIANTS

SECONDS = 600
"""How long one campaign may take."""


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
    """The features that a proof of this UE runs; () is all, LookupError: none of them is `within`.

    `within` are areas, as features/ has folders: only features of theirs are run.
    """
    kind, _, label = name.partition(":")
    own = FAULTY[label].scenarios if kind == "faulty" and not full else ()
    if not within:
        return own
    chosen = tuple(one for one in own if one.partition("/")[0] in within) if own else (*within,)
    if not chosen:
        raise LookupError(f"{name}: its fault does not show in {', '.join(within)}")
    return chosen


def prove(
    which: Mapping[str, Sequence[str]], jobs: int, tell: Callable[[Proof], None]
) -> list[Proof]:
    """Run each UE on its scenarios, `jobs` campaigns at a time; `tell` hears each as it comes."""
    proofs = []
    order = list(which)
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        running = [pool.submit(prove_one, name, scenarios) for name, scenarios in which.items()]
        for done in as_completed(running):
            proofs.append(done.result())
            tell(proofs[-1])
    return sorted(proofs, key=lambda proof: order.index(proof.name))


def prove_one(name: str, scenarios: Sequence[str]) -> Proof:
    """Run one UE on these features (none: on all) and weigh what they said."""
    kind, _, label = name.partition(":")
    with TemporaryDirectory(prefix="muster-proof-") as folder:
        command = [sys.executable, "-m", "muster", "run", "--driver", name, "--results", folder]
        ran = subprocess.run(
            [*command, *scenarios], capture_output=True, text=True, timeout=SECONDS, check=False
        )
        found = sorted(Path(folder).glob("*/campaign.json"))
        if not found:
            told = (ran.stderr or ran.stdout).strip().splitlines()[-1:] or ["no results"]
            return Proof(
                name, "", FAULTY[label].requirement if kind == "faulty" else "", alarms=(told[0],)
            )
        campaign = json.loads(found[-1].read_text(encoding="utf-8"))
    return weigh(name, campaign)


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
    alarms = [f"{s['id']}: {s['verdict']}" for s in scenarios if s["verdict"] == "ERROR"]
    if kind == "variant":
        variant = VARIANTS[label]
        alarms += sorted(reported)
        alarms += [
            f"{s['id']}: {s['verdict']} {s['reason']}"
            for s in scenarios
            if s["verdict"] in ("INCONCLUSIVE", "NOT_RUN")
        ]
        return Proof(
            name, variant.description, "", "", (), tuple(alarms), len(scenarios), told, counts
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
    )
