"""A campaign as a conformance test report: one of the system, and one of each protocol of it.

The shape is the one that ISO/IEC 9646 (X.294) gives to reports of a test laboratory. A protocol is
what one client of the UE speaks; what a scenario says of it is what it says of the requirements
of that client.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from muster.requirements import Catalogue
from muster.results import Results, ScenarioResult
from muster.verdicts import Verdict
from reports import tally
from reports.excerpts import ShownGroup, shown_findings

PROTOCOLS = {
    "IdMC": "Identity management: sign-in, tokens",
    "KMC": "Key management",
    "CMC": "Configuration management",
    "GMC": "Group management",
    "MC service client": "Signalling and service authorisation",
    "functional alias client": "Functional aliases",
    "": "What all clients of the UE have in common",
}
SHORT = {
    Verdict.PASS: "no departure shown",
    Verdict.FAIL: "does not conform",
    Verdict.INCONCLUSIVE: "no statement: open",
    Verdict.NOT_APPLICABLE: "nothing applied",
    Verdict.ERROR: "no statement",
}
OPEN = (Verdict.INCONCLUSIVE, Verdict.NOT_RUN, Verdict.ERROR)


@dataclass(frozen=True)
class Status:
    """What may be said of conformance, and the verdict whose colour it has."""

    verdict: Verdict
    text: str

    @property
    def short(self) -> str:
        return SHORT[self.verdict]


@dataclass(frozen=True)
class Observation:
    """All findings about one requirement, under a number that test cases refer to."""

    name: str
    shown: ShownGroup


@dataclass(frozen=True)
class Case:
    """A test case as it bears on one protocol."""

    scenario: ScenarioResult
    verdict: Verdict
    observations: tuple[str, ...]

    @property
    def was_run(self) -> bool:
        return self.verdict not in (Verdict.NOT_RUN, Verdict.NOT_APPLICABLE)


@dataclass(frozen=True)
class ProtocolReport:
    """The conformance test report of one protocol (PCTR)."""

    number: int
    client: str
    title: str
    specifications: tuple[str, ...]
    cases: tuple[Case, ...]
    requirements: tuple[tally.RequirementRow, ...]
    observations: tuple[Observation, ...]
    status: Status

    @property
    def counts(self) -> dict[Verdict, int]:
        return _count(self.cases)

    @property
    def applicable(self) -> int:
        return len(self.cases) - self.counts[Verdict.NOT_APPLICABLE]

    @property
    def open(self) -> int:
        return sum(self.counts[verdict] for verdict in OPEN)


@dataclass(frozen=True)
class SystemReport:
    """The conformance test report of the system (SCTR)."""

    number: str
    results: Results
    status: Status
    protocols: tuple[ProtocolReport, ...]


def system_report(results: Results, catalogue: Catalogue) -> SystemReport:
    """Lay a campaign out as a report of a test laboratory."""
    groups = shown_findings(results, catalogue)
    observed = {f"O{at}": Observation(f"O{at}", one) for at, one in enumerate(groups, start=1)}
    protocols = tuple(_protocols(results, catalogue, tuple(observed.values())))
    counts = tally.count(results.scenarios)
    return SystemReport(results.folder.name, results, _status(results, counts), protocols)


def _protocols(
    results: Results, catalogue: Catalogue, observed: Sequence[Observation]
) -> Iterator[ProtocolReport]:
    rows = tally.coverage_rows(results, catalogue)
    for number, (client, title) in enumerate(PROTOCOLS.items(), start=1):
        own = tuple(row for row in rows if row.requirement and row.requirement.client == client)
        names = {row.id for row in own}
        observations = tuple(one for one in observed if one.shown.group.id in names)
        cases = tuple(_cases(results.scenarios, names, observations))
        status = _status(results, _count(cases))
        specifications = tuple(dict.fromkeys(_document(row) for row in own if row.scenarios))
        yield ProtocolReport(
            number, client, title, specifications, cases, own, observations, status
        )


def _cases(
    scenarios: Sequence[ScenarioResult], names: set[str], observations: Sequence[Observation]
) -> Iterator[Case]:
    for scenario in scenarios:
        cited = [name for name in scenario.requirements if name in names]
        if cited:
            told = tally.worst([tally.verdict_on(name, scenario) for name in cited])
            found = {finding.requirement for finding in scenario.findings}
            seen = (one.name for one in observations if one.shown.group.id in found)
            yield Case(scenario, told, tuple(seen))


def _count(cases: Sequence[Case]) -> dict[Verdict, int]:
    return {verdict: sum(case.verdict is verdict for case in cases) for verdict in Verdict}


def _document(row: tally.RequirementRow) -> str:
    """The specification of a clause: "TS 24.484 8.2" is of TS 24.484."""
    assert row.requirement is not None
    return " ".join(row.requirement.clause.split()[:2])


def _status(results: Results, counts: Mapping[Verdict, int]) -> Status:
    """Say what was shown: that nothing departed, that something did, or that it is open."""
    unfit = _unfit(results)
    if unfit:
        return Status(Verdict.ERROR, f"No statement of conformance: {unfit}.")
    if counts[Verdict.FAIL]:
        said = f"{_cases_of(counts[Verdict.FAIL])} showed that the UE does not conform."
        return Status(Verdict.FAIL, said)
    still = sum(counts[verdict] for verdict in OPEN)
    if still:
        are = "is" if still == 1 else "are"
        said = f"No statement of conformance: {_cases_of(still)} {are} open."
        return Status(Verdict.INCONCLUSIVE, said)
    if not counts[Verdict.PASS]:
        said = "No statement of conformance: no test case applied."
        return Status(Verdict.NOT_APPLICABLE, said)
    return Status(Verdict.PASS, "No test case showed that the UE does not conform.")


def _cases_of(number: int) -> str:
    return f"{number} test case{'' if number == 1 else 's'}"


def _unfit(results: Results) -> str:
    """Why a record cannot carry a statement; empty if it can."""
    if results.broken_chains:
        return "the record was changed"
    if results.newer:
        return "a later version of the suite wrote the record"
    if results.suite_errors:
        return "the suite had errors"
    return "" if results.sealed else "the campaign did not come to its end"
