from dataclasses import replace

import pytest

from muster.verdicts import Verdict
from reports.tally import (
    clients,
    clients_of,
    coverage_rows,
    finding_groups,
    headline,
    open_scenarios,
    requirement_rows,
    verdict_on,
)
from tests.reports.sample import sample_catalogue


def told(results, *verdicts):
    """The sample with only so many scenarios, and these verdicts."""
    pairs = zip(results.scenarios, verdicts, strict=False)
    return replace(results, scenarios=tuple(replace(one, verdict=v) for one, v in pairs))


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ((), (Verdict.NOT_APPLICABLE, "No scenario applied: nothing was shown.")),
        ("P", (Verdict.PASS, "All 1 applicable scenarios passed.")),
        ("PN", (Verdict.PASS, "All 1 applicable scenarios passed.")),
        ("N", (Verdict.NOT_APPLICABLE, "No scenario applied: nothing was shown.")),
        ("PIR", (Verdict.INCONCLUSIVE, "2 of 3 applicable scenarios are open.")),
        ("PFI", (Verdict.FAIL, "1 of 3 applicable scenarios failed.")),
    ],
)
def test_headline_says_no_more_than_was_shown(sample, verdicts, said):
    names = {"P": "PASS", "F": "FAIL", "I": "INCONCLUSIVE", "N": "NOT_APPLICABLE", "R": "NOT_RUN"}

    assert headline(told(sample, *(Verdict(names[letter]) for letter in verdicts))) == said


def test_record_that_was_changed_or_is_not_all_read_passes_nothing(sample):
    passed = told(sample, Verdict.PASS)

    assert headline(replace(passed, broken_chains=("line 3",)))[0] is Verdict.ERROR
    assert headline(replace(passed, newer=True))[0] is Verdict.INCONCLUSIVE


def test_clients_count_a_scenario_for_each_whose_requirements_it_cites(sample):
    catalogue = sample_catalogue()
    other = replace(catalogue.requirements["TS24484-6.2.2-03"], client="IdMC")
    mixed = replace(catalogue, requirements={**catalogue.requirements, other.id: other})

    shares = {share.name: share for share in clients(sample, mixed)}

    assert shares["IdMC"].selected == 1
    assert shares["IdMC"].counts[Verdict.PASS] == 1  # its own check held
    assert shares["CMC"].counts[Verdict.FAIL] == 2
    assert shares["CMC"].selected == 8
    assert clients_of(sample.scenarios[1], mixed) == ["CMC", "IdMC"]


def test_coverage_lists_every_requirement_in_the_order_of_the_clauses(sample):
    rows = coverage_rows(sample, sample_catalogue())

    assert [row.id for row in rows if not row.scenarios] == ["TS24484-9.9-01"]
    assert [row.id for row in rows][:3] == [
        "TS23280-10.1.1.1-01",
        "TS23280-10.1.1.2-04",
        "TS23280-10.1.1.2-05",
    ]


def test_requirement_of_a_failed_scenario_passes_if_its_own_check_held(sample):
    departed = sample.scenarios[1]

    assert verdict_on("TS24484-8.2-01", departed) is Verdict.FAIL
    assert verdict_on("TS24484-6.2.2-03", departed) is Verdict.PASS


def test_requirement_that_no_taken_check_exercised_is_open(sample):
    passed = replace(sample.scenarios[0], events=())

    assert verdict_on("TS23280-10.1.1.1-01", passed) is Verdict.INCONCLUSIVE


def test_worst_scenario_decides_on_a_requirement(sample):
    rows = {row.id: row for row in requirement_rows(sample, sample_catalogue())}

    assert {name: row.verdict.value for name, row in rows.items()} == {
        "TS23280-10.1.1.1-01": "PASS",
        "TS23280-10.1.1.2-04": "PASS",
        "TS23280-10.1.1.2-05": "FAIL",
        "TS24484-6.2.2-03": "PASS",
        "TS24484-6.2.2-07": "ERROR",
        "TS24484-8.2-01": "FAIL",
        "TS24484-8.3-01": "INCONCLUSIVE",
        "TS33180-5.1-09": "PASS",
    }
    assert rows["TS23280-10.1.1.2-04"].warnings == 1


def test_finding_of_an_unlisted_requirement_is_kept(sample):
    groups = finding_groups(sample, replace(sample_catalogue(), requirements={}))

    assert [group.requirement for group in groups] == [None, None, None]


def test_open_scenarios_tell_errors_first(sample):
    assert [one.verdict.value for one in open_scenarios(sample)] == [
        "ERROR",
        "INCONCLUSIVE",
        "NOT_RUN",
    ]
