"""A UE with one MC service: what all services have in common is tested with the one that it has."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from muster.collection import FeatureFileReader, ScenarioEntry
from muster.requirements import Catalogue
from muster.suite import suite_root
from muster.tags import AREAS, SERVICES, Claims
from muster.verdicts import Verdict
from tests.conftest import call_muster

UE = """[ue]
vendor = "Example"
model = "ER-1"
software = "4.2"
[driver]
name = "{driver}"
[ics]
services = ["{service}"]
[ics.items]
sip_over_udp = true
"""
IN_COMMON = (
    "bootstrap/initial_configuration.feature",
    "identity/sign_in.feature",
    "ue_configuration/refusals.feature",
    "updates/notifications.feature",
)
ANY_SERVICE = ("bootstrap", "identity", "robustness")
"""Areas whose requirements name no service: nearly all of them is for every UE."""


@pytest.fixture(scope="module")
def entries() -> list[ScenarioEntry]:
    features = suite_root() / "features"
    known = Catalogue.load(suite_root() / "fixtures" / "requirements").requirements
    readers = (
        FeatureFileReader(path, path.relative_to(features).as_posix(), known)
        for path in sorted(features.rglob("*.feature"))
    )
    return [entry for reader in readers for entry in reader.scenarios()]


@pytest.mark.parametrize("service", SERVICES)
def test_each_area_has_scenarios_for_each_service(
    entries: list[ScenarioEntry], service: str
) -> None:
    claims = Claims(frozenset({service}), frozenset(), everything=True)
    every = Counter(entry.area for entry in entries)
    own = Counter(entry.area for entry in entries if claims.applies(entry.tags))

    assert set(own) == set(AREAS)
    assert all(own[area] >= every[area] - len(SERVICES) + 1 for area in ANY_SERVICE)


def test_a_scenario_is_of_one_service_or_of_none(entries: list[ScenarioEntry]) -> None:
    of_several = [entry.id for entry in entries if len({*SERVICES} & {*entry.tags}) > 1]

    assert of_several == []


@pytest.mark.parametrize("service", ["mcvideo", "mcdata"])
def test_ue_with_one_service_passes_what_all_have_in_common(tmp_path: Path, service: str) -> None:
    (tmp_path / "ue.toml").write_text(UE.format(driver="reference", service=service))

    ran = call_muster(tmp_path, "run", *IN_COMMON, "--ue", str(tmp_path / "ue.toml"))

    verdicts = {one.verdict for one in ran.results.scenarios}
    assert (ran.code, verdicts) == (0, {Verdict.PASS, Verdict.NOT_APPLICABLE})


def test_fault_of_a_ue_without_mcptt_is_reported(tmp_path: Path) -> None:
    (tmp_path / "ue.toml").write_text(UE.format(driver="faulty:no_pkce", service="mcdata"))

    ran = call_muster(
        tmp_path, "run", "identity/sign_in.feature", "--ue", str(tmp_path / "ue.toml")
    )

    found = {finding.requirement for one in ran.results.scenarios for finding in one.findings}
    assert (ran.code, "TS33180-B.4.2.1-01" in found) == (1, True)
