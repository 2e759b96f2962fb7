"""Counts and groups that every report shows: areas of life, requirements, findings, open ends."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from muster.evidence import Exchange, Finding
from muster.requirements import Catalogue, Requirement
from muster.results import Results, ScenarioResult
from muster.verdicts import Verdict

AREAS = (
    "bootstrap",
    "identity",
    "keys",
    "ue_configuration",
    "user_profile",
    "group_configuration",
    "service_configuration",
    "service_authorisation",
    "updates",
    "profile_selection",
    "migration",
    "robustness",
)
AREA_TITLES = {
    "ue_configuration": "UE configuration",
    "identity": "Identity and sign-in",
    "updates": "Updates during service",
}
SERVICES = {"mcptt": "MCPTT", "mcvideo": "MCVideo", "mcdata": "MCData", "": "No service of its own"}
CLIENTS = {
    "MC service client": "MC service client",
    "CMC": "Configuration management client (CMC)",
    "GMC": "Group management client (GMC)",
    "IdMC": "Identity management client (IdMC)",
    "KMC": "Key management client (KMC)",
    "functional alias client": "Functional alias management client",
    "": "The UE as a whole",
}
OPEN = (Verdict.ERROR, Verdict.INCONCLUSIVE, Verdict.NOT_RUN)


@dataclass(frozen=True)
class Area:
    """One step of the UE's life with the scenarios of its features."""

    name: str
    title: str
    scenarios: tuple[ScenarioResult, ...]

    @property
    def counts(self) -> dict[Verdict, int]:
        return count(self.scenarios)


@dataclass(frozen=True)
class Share:
    """A part of a campaign with the verdicts in it: of one service, or about one client."""

    name: str
    title: str
    counts: dict[Verdict, int]

    @property
    def selected(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Occurrence:
    """A finding where it was made."""

    scenario: ScenarioResult
    finding: Finding
    exchange: Exchange | None


@dataclass(frozen=True)
class FindingGroup:
    """All findings of one severity about one requirement."""

    id: str
    requirement: Requirement | None
    """None: the catalogue that reads the results does not list it."""
    severity: str
    occurrences: tuple[Occurrence, ...]


@dataclass(frozen=True)
class RequirementRow:
    """What a campaign says about one requirement."""

    id: str
    requirement: Requirement | None
    scenarios: tuple[ScenarioResult, ...]
    """Those that cite it."""
    verdict: Verdict
    passed: int
    """Scenarios that took a check of it without a finding that fails."""
    warnings: int

    @property
    def applicable(self) -> int:
        return len(self.scenarios) - self.counts[Verdict.NOT_APPLICABLE]

    @property
    def counts(self) -> dict[Verdict, int]:
        return count(self.scenarios)


def count(scenarios: Iterable[ScenarioResult]) -> dict[Verdict, int]:
    verdicts = Counter(scenario.verdict for scenario in scenarios)
    return {verdict: verdicts[verdict] for verdict in Verdict}


def areas(results: Results) -> list[Area]:
    """Group scenarios by area, in the order of a UE's life; unknown areas come last."""
    grouped: dict[str, list[ScenarioResult]] = defaultdict(list)
    for scenario in results.scenarios:
        grouped[scenario.area].append(scenario)
    order = [name for name in AREAS if name in grouped]
    order += sorted(name for name in grouped if name not in AREAS)
    return [Area(name, area_title(name), tuple(grouped[name])) for name in order]


def area_title(name: str) -> str:
    return AREA_TITLES.get(name, name.replace("_", " ").capitalize())


def services(results: Results) -> list[Share]:
    """Count scenarios by the service that they test; the known three stand there also if unused."""
    grouped: dict[str, list[ScenarioResult]] = {name: [] for name in SERVICES if name}
    for scenario in sorted(results.scenarios, key=lambda one: one.service not in SERVICES):
        grouped.setdefault(scenario.service, []).append(scenario)
    return [Share(n, SERVICES.get(n, n), count(those)) for n, those in grouped.items()]


def clients(results: Results, catalogue: Catalogue) -> list[Share]:
    """Count scenarios by client of the UE, each with what it says of that client's requirements.

    A scenario that cites requirements of several clients counts for each of them.
    """
    told: dict[str, Counter[Verdict]] = {name: Counter() for name in CLIENTS}
    for scenario in results.scenarios:
        for client, names in _by_client(scenario, catalogue).items():
            told[client][worst([verdict_on(name, scenario) for name in names])] += 1
    return [
        Share(name, title, {verdict: told[name][verdict] for verdict in Verdict})
        for name, title in CLIENTS.items()
    ]


def _by_client(scenario: ScenarioResult, catalogue: Catalogue) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = defaultdict(list)
    for name in scenario.requirements:
        requirement = catalogue.requirements.get(name)
        if requirement is not None:
            grouped[requirement.client].append(name)
    return grouped


def clients_of(scenario: ScenarioResult, catalogue: Catalogue) -> list[str]:
    """The clients whose requirements a scenario cites, in the order of the table."""
    cited = _by_client(scenario, catalogue)
    return [name for name in CLIENTS if name in cited]


def finding_groups(results: Results, catalogue: Catalogue) -> list[FindingGroup]:
    """Group findings by severity and requirement: what fails the UE first, then warnings."""
    grouped: dict[tuple[str, str], list[Occurrence]] = defaultdict(list)
    for scenario in results.scenarios:
        exchanges = {exchange.name: exchange for exchange in scenario.exchanges}
        for finding in scenario.findings:
            at = Occurrence(scenario, finding, exchanges.get(finding.exchange))
            grouped[finding.severity, finding.requirement].append(at)
    # "FAIL" sorts before "WARNING"; anything else would be a finding that nobody weighed.
    # What is seen most often is mostly the cause of the rest.
    groups = (
        FindingGroup(name, catalogue.requirements.get(name), severity, tuple(found))
        for (severity, name), found in grouped.items()
    )
    return sorted(groups, key=lambda group: (group.severity, -len(group.occurrences), group.id))


def requirement_rows(results: Results, catalogue: Catalogue) -> list[RequirementRow]:
    """Tell of each requirement that a selected scenario cites how it fared."""
    citing: dict[str, list[ScenarioResult]] = defaultdict(list)
    for scenario in results.scenarios:
        for name in scenario.requirements:
            citing[name].append(scenario)
    return [_row(name, citing[name], catalogue.requirements.get(name)) for name in sorted(citing)]


def _row(
    name: str, scenarios: Sequence[ScenarioResult], requirement: Requirement | None
) -> RequirementRow:
    told = [verdict_on(name, scenario) for scenario in scenarios]
    warnings = sum(
        finding.requirement == name and finding.severity == "WARNING"
        for scenario in scenarios
        for finding in scenario.findings
    )
    return RequirementRow(
        name, requirement, tuple(scenarios), worst(told), told.count(Verdict.PASS), warnings
    )


def verdict_on(name: str, scenario: ScenarioResult) -> Verdict:
    """What one scenario says of one requirement; only a taken check can pass it."""
    if scenario.verdict in (Verdict.ERROR, Verdict.NOT_APPLICABLE, Verdict.NOT_RUN):
        return scenario.verdict
    if any(found.requirement == name and found.severity == "FAIL" for found in scenario.findings):
        return Verdict.FAIL
    exercised = any(name in taken.judgement.requirements for taken in scenario.judgements)
    # A scenario that stopped may have left further checks of this requirement untaken.
    complete = scenario.verdict in (Verdict.PASS, Verdict.FAIL)
    return Verdict.PASS if exercised and complete else Verdict.INCONCLUSIVE


def worst(told: Sequence[Verdict]) -> Verdict:
    """Return the verdict that decides among several; NOT_APPLICABLE of none."""
    order = (Verdict.ERROR, Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.NOT_RUN, Verdict.PASS)
    return next((verdict for verdict in order if verdict in told), Verdict.NOT_APPLICABLE)


def coverage_rows(results: Results, catalogue: Catalogue) -> list[RequirementRow]:
    """Tell of every requirement, in the order of the clauses; those that nothing cites also."""
    rows = requirement_rows(results, catalogue)
    left = [
        RequirementRow(row.id, row, (), Verdict.NOT_RUN, 0, 0)
        for row in uncited(results, catalogue)
    ]
    return sorted([*rows, *left], key=lambda row: _clause_key(row.id))


def _clause_key(name: str) -> list[tuple[bool, int, str]]:
    """Numbers in an id count as numbers: clause 10.6 comes after 10.1 and before 10.10."""
    parts = re.findall(r"[0-9]+|[^0-9]+", name)
    return [(part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts]


def uncited(results: Results, catalogue: Catalogue) -> list[Requirement]:
    """Requirements of the catalogue about which this campaign says nothing at all."""
    cited = {name for scenario in results.scenarios for name in scenario.requirements}
    return [row for name, row in sorted(catalogue.requirements.items()) if name not in cited]


def open_scenarios(results: Results) -> list[ScenarioResult]:
    """Scenarios that say neither PASS nor FAIL although they apply, the suite's errors first."""
    found = (scenario for scenario in results.scenarios if scenario.verdict in OPEN)
    return sorted(found, key=lambda scenario: OPEN.index(scenario.verdict))


def headline(results: Results) -> tuple[Verdict, str]:
    """Say in one sentence what the campaign shows, never more."""
    counts = results.counts
    applicable = counts["applicable"]
    of = f"of {applicable} applicable scenarios"
    if results.broken_chains:
        return Verdict.ERROR, "The record was changed: what it says is no evidence."
    if results.newer:
        return Verdict.INCONCLUSIVE, "A later version of Muster wrote this: not all of it is read."
    if results.suite_errors or counts["ERROR"]:
        failed = f" {counts['FAIL']} failed." if counts["FAIL"] else ""
        said = f"{counts['ERROR']} {of} ended in an error of the suite.{failed}"
        if results.suite_errors:
            ran = any(scenario.steps for scenario in results.scenarios)
            said = f"The suite had errors.{failed}" if ran else "The suite could not be collected."
        return Verdict.ERROR, said
    if counts["FAIL"]:
        known = sum(bool(scenario.known) for scenario in results.scenarios)
        as_known = f", {known} of them as is known" if known else ""
        return Verdict.FAIL, f"{counts['FAIL']} {of} failed{as_known}."
    still = counts["INCONCLUSIVE"] + counts["NOT_RUN"]
    if still:
        return Verdict.INCONCLUSIVE, f"{still} {of} are open."
    if not counts["PASS"]:
        return Verdict.NOT_APPLICABLE, "No scenario applied: nothing was shown."
    return Verdict.PASS, f"All {applicable} applicable scenarios passed."
