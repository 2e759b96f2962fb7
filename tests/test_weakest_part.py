"""A finding is as good as its weakest part: names that nobody has read fail no UE by themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from muster.checks import leaks, partner_access, partner_service
from muster.documents.templates import own_templates
from muster.evidence import Finding
from muster.requirements import Catalogue
from muster.suite import suite_root
from tests.checks.exchanges import (
    OWN_SETTINGS,
    PROFILE,
    WINDOW,
    http,
    publish,
    read,
    settings,
)
from tests.conftest import call_muster

UE = """[ue]
vendor = "Example"
model = "ER-1"
software = "4.2"
[ics]
services = ["mcptt", "mcvideo"]
items = [{items}]
[ixit]
documents = "own"
"""
OTHER_NAMES = '{"partner_element": "PermittedPartner", "partner_id_element": "PermittedPartnerId"}'
VISITOR = "sip:visitor@partner.example"
READS_THEM = "reads_mcptt_migration_elements"
FEATURE = "migration/access.feature"
CATALOGUE = Catalogue.load(suite_root() / "fixtures" / "requirements")


def verdicts(folder: Path, items: str) -> dict[str, tuple[str, str]]:
    """Let a UE meet MCPTT profiles whose partner lists have names that it does not know."""
    template = (own_templates() / "mcptt-user-profile.xml").read_text("utf-8")
    changed = template.replace(
        "partner_list(partners, words)", f"partner_list(partners, {OTHER_NAMES})"
    )
    assert changed != template
    (folder / "own").mkdir()
    (folder / "own" / "mcptt-user-profile.xml").write_text(changed, encoding="utf-8")
    (folder / "ue.toml").write_text(UE.format(items=items), encoding="utf-8")
    first = 18
    rows = [f"{FEATURE}:{line}" for line in (first, first + 1)]
    ran = call_muster(folder, "run", *rows, "--ue", str(folder / "ue.toml"))
    return {
        one.title.partition("[")[2][:7].strip(" ,"): (one.verdict.value, one.reason)
        for one in ran.results.scenarios
    }


@pytest.mark.parametrize(
    ("items", "reason"),
    [("", "provisional_document"), (f'"{READS_THEM}"', "precondition_unmet")],
)
def test_ue_that_does_not_act_on_names_nobody_has_read_is_open(
    tmp_path: Path, items: str, reason: str
) -> None:
    """MCVideo's names are verified, and served as ever."""
    assert verdicts(tmp_path, items) == {
        "MCPTT": ("INCONCLUSIVE", reason),
        "MCVideo": ("PASS", ""),
    }


def weight(finding: Finding, *claimed: str) -> str | None:
    requirement = CATALOGUE.requirement(finding.requirement)
    return CATALOGUE.weakest(requirement, finding.through, frozenset(claimed))


@pytest.mark.parametrize(
    ("service", "severity", "claimed"),
    [("mcptt", "WARNING", "FAIL"), ("mcvideo", "FAIL", "FAIL"), ("mcdata", "WARNING", "FAIL")],
)
def test_server_that_is_not_reached_weighs_what_the_list_weighs(
    service: str, severity: str, claimed: str
) -> None:
    check = partner_access.identity_server_is_where_the_entry_has_it
    trigger = http("/as/token", "T1")
    (finding,) = check(read(PROFILE), [trigger], "partner", [trigger], service).findings

    assert weight(finding) == severity
    assert weight(finding, f"reads_{service}_migration_elements") == claimed


def test_ue_that_acted_on_the_list_has_proven_its_names() -> None:
    check = partner_access.identity_server_is_where_the_entry_has_it
    former = http("/as/token", "T1", system="partner", server="former-idms")
    (finding,) = check(read(PROFILE), [former], "partner", [former], "mcptt").findings

    assert weight(finding) == "FAIL"


@pytest.mark.parametrize(
    ("service", "severity"), [("mcptt", "FAIL"), ("mcvideo", "FAIL"), ("mcdata", "WARNING")]
)
def test_request_that_does_not_name_the_primary_weighs_what_its_elements_weigh(
    service: str, severity: str
) -> None:
    """Nobody has read which message it is: only a UE that claims it can fail."""
    check = partner_service.request_names_both_identities
    here, at_home = "sip:a@partner.example", "sip:a@primary.example"
    findings = check(publish(()), here, at_home, service).findings
    (found,) = [one for one in findings if one.requirement == "TS23280-10.6.3.2.1-03"]

    assert weight(found) == "WARNING"
    assert weight(found, "asks_migration_authorisation_in_publish_or_register") == severity


def test_identity_of_home_fails_a_ue_only_once_it_showed_that_it_knows_the_partners() -> None:
    domains = {"primary": "primary.example", "partner": "partner.example"}
    wrong = publish((OWN_SETTINGS, settings()), name="S9", system="partner")
    knowing = read(f"org.3gpp.mcptt.user-profile/users/{VISITOR}/1.xml", "X8", system="partner")
    check = leaks.no_system_sees_what_belongs_to_another

    (blind,) = check(wrong, [wrong], domains, WINDOW).findings
    (careless,) = check(wrong, [knowing, wrong], domains, WINDOW).findings

    assert (blind.requirement, weight(blind)) == ("TS23280-10.16.5-01", "WARNING")
    assert (careless.requirement, weight(careless)) == ("TS23280-10.16.5-01", "FAIL")
