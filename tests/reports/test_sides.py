"""The side on which a finding or an open scenario most likely has its cause."""

from dataclasses import replace

import pytest

from muster.evidence import Finding
from muster.requirements import Fact, Source
from muster.results import Connection, Crash
from muster.seen import Seen
from muster.verdicts import Verdict
from reports.sides import Side, side_of_finding, side_of_open
from tests.reports.sample import sample_catalogue

GUESS = Source("somebody", "M")
REQUIREMENT = "TS24484-8.2-01"
CATALOGUE = replace(
    sample_catalogue(),
    facts={
        "FACT-guess": Fact("FACT-guess", "A name that is a guess.", (GUESS,)),
        "FACT-known": Fact("FACT-known", "A name that is read.", (Source("TS 24.484", "CR", 18),)),
    },
)


def finding(severity: str, *through: str) -> Finding:
    return Finding(REQUIREMENT, "one", "another", "X1", through, severity)


def with_basis(*sources: Source):
    unsure = replace(CATALOGUE.requirements[REQUIREMENT], sources=sources)
    return replace(CATALOGUE, requirements={REQUIREMENT: unsure})


@pytest.mark.parametrize(
    ("severity", "through", "catalogue", "who"),
    [
        ("FAIL", (), CATALOGUE, "UE"),
        ("FAIL", ("FACT-guess",), CATALOGUE, "UE"),  # the ICS claims the fact
        ("WARNING", ("FACT-known",), CATALOGUE, "UE"),  # no more than recommended
        ("WARNING", ("FACT-known", "FACT-guess"), CATALOGUE, "unclear text"),
        ("WARNING", ("FACT-gone",), CATALOGUE, "unclear text"),
        ("WARNING", (), with_basis(GUESS), "unclear text"),
        ("FAIL", (), replace(CATALOGUE, requirements={}), "suite"),
    ],
)
def test_finding_has_the_side_of_its_weakest_part(sample, severity, through, catalogue, who):
    departed = sample.scenarios[1]

    assert side_of_finding(finding(severity, *through), departed, catalogue).who == who


def test_fact_that_is_not_well_known_is_named(sample):
    side = side_of_finding(finding("WARNING", "FACT-guess"), sample.scenarios[1], CATALOGUE)

    assert side == Side("unclear text", "it was seen through FACT-guess, not well known")


def test_finding_beside_a_crash_of_a_stub_is_first_of_all_the_suites(sample):
    events = (*sample.scenarios[1].events, Seen(1.0, 0, Crash("cms", "KeyError")))
    crashed = replace(sample.scenarios[1], events=events)

    assert side_of_finding(finding("FAIL"), crashed, CATALOGUE).who == "suite"
    assert side_of_open(crashed).who == "suite"


@pytest.mark.parametrize(
    ("reason", "who"),
    [
        ("driver_failed", "driver"),
        ("operation_unsupported", "driver"),
        ("stimulus_refused", "UE"),
        ("protected_body", "UE"),
        ("provisional_document", "unclear text"),
        ("interrupted", "laboratory"),
        ("worker_died", "suite"),
        ("suite_error", "suite"),
        ("ue_silent", "UE"),
        ("precondition_unmet", "UE"),
        ("a reason of a newer version", "UE"),
    ],
)
def test_open_scenario_has_the_side_of_its_reason(sample, reason, who):
    silent = replace(sample.scenarios[2], reason=reason)

    assert side_of_open(silent).who == who


def test_error_is_the_suites_whatever_its_reason(sample):
    errs = replace(sample.scenarios[2], verdict=Verdict.ERROR, reason="ue_silent")

    assert side_of_open(errs).who == "suite"


def test_ue_that_reached_nobody_is_the_laboratorys(sample):
    unreached = replace(sample.scenarios[2], events=())
    refused = Seen(
        1.0, 0, Connection("primary", "cms", "c1", "tls-failed", {"alert": "unknown_ca"})
    )

    assert side_of_open(unreached).why.startswith("the UE reached no server")
    assert side_of_open(replace(unreached, events=(refused,))).why.startswith("the UE refused")
    assert side_of_open(unreached).who == "laboratory"
