"""Whose turn it is: the side on which a finding, or an open scenario, most likely has its cause.

A hint for the first look, decided by the rules below in this order; it changes no verdict.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from muster.evidence import Finding
from muster.requirements import STRONG, Catalogue
from muster.results import Connection, Crash, ScenarioResult
from muster.verdicts import Reason, Verdict

Who = Literal["UE", "laboratory", "driver", "suite", "unclear text"]


@dataclass(frozen=True)
class Side:
    who: Who
    why: str


CRASHED = Side("suite", "a stub of the suite failed in this scenario")
OURS = Side("suite", "the scenario ended in an error of the suite")
UNLISTED = Side("suite", "the catalogue does not list the requirement")
UNSURE = Side("unclear text", "the text of the requirement is not well known")
ADVICE = Side("UE", "the UE departs from what is recommended, not demanded")
DEPARTS = Side("UE", "the UE departs from a text that is well known")

BY_REASON: dict[str, Side] = {
    Reason.DRIVER_FAILED: Side("driver", "the driver failed before the UE could act"),
    Reason.OPERATION_UNSUPPORTED: Side("driver", "the driver cannot ask the UE for this act"),
    Reason.STIMULUS_REFUSED: Side("UE", "the UE refused an act that it was asked for"),
    Reason.PROTECTED_BODY: Side("UE", "the UE encrypts although the configuration says not to"),
    Reason.PROVISIONAL_DOCUMENT: Side("unclear text", "names in the served document are a guess"),
    Reason.INTERRUPTED: Side("laboratory", "the campaign was stopped before this scenario ended"),
    Reason.WORKER_DIED: Side("suite", "the process that ran the scenario died"),
    "suite_error": Side("suite", "nothing is run while the suite has errors"),
}
UNREACHED = Side("laboratory", "the UE reached no server: addresses, routes or names")
UNTRUSTED = Side("laboratory", "the UE refused the TLS connection: the root certificate, the name")
SILENT = Side("UE", "the UE reached servers and then stayed silent")
UNMET = Side("UE", "the UE did not get to where the scenario begins")


def side_of_finding(finding: Finding, scenario: ScenarioResult, catalogue: Catalogue) -> Side:
    """Return the likely side of a finding."""
    if scenario.of(Crash):
        return CRASHED
    if scenario.verdict is Verdict.ERROR:
        return OURS
    requirement = catalogue.requirements.get(finding.requirement)
    if requirement is None:
        return UNLISTED
    if finding.severity != "FAIL":
        if requirement.basis not in STRONG:
            return UNSURE
        unsure = [name for name in finding.through if not _well_known(name, catalogue)]
        if unsure:
            return Side("unclear text", f"it was seen through {', '.join(unsure)}, not well known")
        return ADVICE
    return DEPARTS


def _well_known(fact: str, catalogue: Catalogue) -> bool:
    return fact in catalogue.facts and catalogue.facts[fact].basis in STRONG


def side_of_open(scenario: ScenarioResult) -> Side:
    """Return the likely side of a scenario that says neither PASS nor FAIL."""
    if scenario.of(Crash):
        return CRASHED
    if scenario.verdict is Verdict.ERROR:
        return OURS
    told = BY_REASON.get(scenario.reason)
    if told is not None:
        return told
    connections = scenario.of(Connection)
    if not scenario.exchanges:
        refused = any(one.event == "tls-failed" for one in connections)
        return UNTRUSTED if refused else UNREACHED
    return SILENT if scenario.reason == Reason.UE_SILENT else UNMET
