"""A campaign as the report of a test laboratory."""

from dataclasses import replace

import pytest

from muster.verdicts import Verdict
from reports.conformance import Status, system_report
from tests.reports.sample import sample_catalogue
from tests.reports.test_tally import told

NOT_CONFORMING = Status(Verdict.FAIL, "1 test case showed that the UE does not conform.")


@pytest.mark.parametrize(
    ("verdicts", "status"),
    [
        ("PP", Status(Verdict.PASS, "No test case showed that the UE does not conform.")),
        ("PFI", NOT_CONFORMING),
        (
            "PIR",
            Status(Verdict.INCONCLUSIVE, "No statement of conformance: 2 test cases are open."),
        ),
        ("PE", Status(Verdict.INCONCLUSIVE, "No statement of conformance: 1 test case is open.")),
        ("N", Status(Verdict.NOT_APPLICABLE, "No statement of conformance: no test case applied.")),
        ("", Status(Verdict.NOT_APPLICABLE, "No statement of conformance: no test case applied.")),
    ],
)
def test_status_says_no_more_than_was_shown(sample, verdicts, status):
    names = {
        "P": "PASS",
        "F": "FAIL",
        "I": "INCONCLUSIVE",
        "N": "NOT_APPLICABLE",
        "R": "NOT_RUN",
        "E": "ERROR",
    }
    results = told(sample, *(Verdict(names[letter]) for letter in verdicts))

    assert system_report(results, sample_catalogue()).status == status


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"sealed": False}, "the campaign did not come to its end"),
        ({"broken_chains": ("line 3",)}, "the record was changed"),
        ({"newer": True}, "a later version of the suite wrote the record"),
        ({"suite_errors": ("x",)}, "the suite had errors"),
    ],
)
def test_record_that_cannot_carry_a_statement_carries_none(sample, change, why):
    passed = replace(told(sample, Verdict.PASS), **change)

    status = system_report(passed, sample_catalogue()).status

    assert status == Status(Verdict.ERROR, f"No statement of conformance: {why}.")


def test_each_client_has_a_report_of_its_own(sample):
    catalogue = sample_catalogue()
    other = replace(catalogue.requirements["TS24484-6.2.2-03"], client="IdMC")
    mixed = replace(catalogue, requirements={**catalogue.requirements, other.id: other})

    reports = {one.client: one for one in system_report(sample, mixed).protocols}

    assert len(reports) == 7
    assert [(case.scenario.line, case.verdict.value) for case in reports["IdMC"].cases] == [
        (17, "PASS")
    ]
    assert reports["IdMC"].specifications == ("TS 24.484",)
    assert reports["CMC"].status.short == "does not conform"
    assert reports["KMC"].status.short == "nothing applied"


def test_case_refers_to_its_observations_by_number(sample):
    (report,) = (one for one in system_report(sample, sample_catalogue()).protocols if one.cases)

    numbered = {one.name: one.shown.group.id for one in report.observations}
    assert numbered == {
        "O1": "TS23280-10.1.1.2-05",
        "O2": "TS24484-8.2-01",
        "O3": "TS23280-10.1.1.2-04",
    }
    assert {
        case.scenario.line: case.observations for case in report.cases if case.observations
    } == {
        12: ("O3",),
        17: ("O2",),
        18: ("O1",),
    }
