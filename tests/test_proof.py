"""A faulty UE is caught by the requirement that its fault breaks, in a campaign of its own.

These are the faults of the main job; `make prove` runs every one, and every conformant variant.
"""

import json
import subprocess
import sys
from types import SimpleNamespace

import pytest

from muster.proof import Proof, campaign_of, names, sample_of, scenarios_of, unkilled, weigh
from muster.requirements import Catalogue
from muster.suite import suite_root
from muster.ue.faulty import FAULTY

MAIN_FAULTS = (
    "authorises_before_groups_at_partner",
    "contacts_partner_of_other_profile",
    "contacts_wrong_system_late",
    "fetches_primary_groups_while_migrated",
    "ignores_preselected_mark",
    "malformed_mcptt_info",
    "never_fetches_after_notify",
    "no_pkce",
    "password_to_partner",
    "primary_profile_index_at_partner",
    "primary_token_at_partner_cms",
    "reuses_state",
    "reuses_verifier",
    "sends_token_in_url",
    "skips_a_profile_group",
    "uses_primary_profile_groups_at_partner",
    "wrong_ue_configuration_name",
)


def test_every_fault_names_a_requirement_that_can_report_it() -> None:
    catalogue = Catalogue.load(suite_root() / "fixtures" / "requirements")

    silent = [
        f.name for f in FAULTY.values() if not catalogue.requirement(f.requirement).severity()
    ]

    assert silent == []


def test_main_faults_are_reported_by_their_requirements_and_nothing_else_is_said() -> None:
    catalogue = Catalogue.load(suite_root() / "fixtures" / "requirements")
    severities = {
        f"faulty:{name}": catalogue.requirement(FAULTY[name].requirement).severity()
        for name in MAIN_FAULTS
    }

    command = [sys.executable, "-m", "muster", "prove", "--json", "-n", "2", *severities]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    proofs = json.loads(ran.stdout)

    assert {proof["name"]: proof["alarms"] for proof in proofs if proof["alarms"]} == {}
    assert {proof["name"]: proof["severity"] for proof in proofs} == severities
    assert ran.returncode == 0


def test_sound_ue_in_place_of_a_faulty_one_does_not_hold() -> None:
    proof = weigh("faulty:no_pkce", _campaign([]))

    assert not proof.holds


def test_finding_that_does_not_follow_is_an_alarm() -> None:
    proof = weigh("faulty:no_pkce", _campaign(["TS33180-B.4.2.1-01", "TS23280-10.1.1.1-17"]))

    assert proof.alarms == ("TS23280-10.1.1.1-17",)
    assert not proof.holds


def test_finding_about_a_variant_is_an_alarm() -> None:
    proof = weigh("variant:escaped_xui", _campaign(["TS23280-10.1.1.1-17"]))

    assert proof.alarms == ("TS23280-10.1.1.1-17",)


def test_variant_without_findings_holds() -> None:
    proof = weigh("variant:escaped_xui", _campaign([]))

    assert proof.holds


def test_scenario_that_no_process_finished_is_an_alarm() -> None:
    collected = {"kind": "collected", "scenarios": [{"id": "identity/sign_in.feature:1"}]}

    proof = weigh("variant:escaped_xui", campaign_of([collected]))

    assert proof.alarms == ("identity/sign_in.feature:1: ERROR",)


def test_check_that_neither_fault_nor_exchange_test_makes_report_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    checks = {
        f"muster.checks.{name}": SimpleNamespace(requirements=("R-1", "R-2")) for name in "ab"
    }
    monkeypatch.setattr("muster.proof.CHECKS", checks)
    monkeypatch.setattr("muster.proof.exchange_tests", lambda: {("muster.checks.b", "R-1")})
    judged = {"kind": "judgement", "check": "muster.checks.a", "findings": [{"requirement": "R-2"}]}
    caught = weigh("faulty:no_pkce", campaign_of([judged]))
    blamed = weigh("variant:escaped_xui", campaign_of([judged | {"check": "muster.checks.b"}]))

    tested, nothing = unkilled([caught, blamed])

    assert tested == [("muster.checks.b", "R-1")]
    assert nothing == [("muster.checks.a", "R-1"), ("muster.checks.b", "R-2")]


def test_error_of_the_suite_is_an_alarm() -> None:
    error = {"kind": "suite-error", "where": "steps/x.py:1", "message": "does not import"}

    assert weigh("variant:escaped_xui", campaign_of([error])).alarms == (
        "steps/x.py:1: does not import",
    )


def test_sample_is_the_same_in_each_run_and_leaves_out_what_runs_anyway() -> None:
    ids = [f"keys/init.feature:{line}" for line in range(99)] + ["identity/sign_in.feature:1"]

    sample = sample_of("faulty:no_pkce", ["identity"], ids)

    assert sample == sample_of("faulty:no_pkce", ["identity"], ids)
    assert (len(sample), {one.partition("/")[0] for one in sample}) == (3, {"keys"})


def test_proof_without_scenarios_does_not_hold() -> None:
    assert not Proof("variant:escaped_xui", "", "").holds


def test_unknown_ue_is_refused_by_name() -> None:
    with pytest.raises(LookupError, match="faulty:no_such"):
        names(["faulty:no_such"])


def test_fault_is_proven_where_it_shows() -> None:
    assert scenarios_of("faulty:no_pkce") == FAULTY["no_pkce"].scenarios
    assert scenarios_of("faulty:no_pkce", full=True) == ()


def test_proof_in_an_area_leaves_the_others_out() -> None:
    assert scenarios_of("faulty:no_pkce", within=["identity"]) == FAULTY["no_pkce"].scenarios
    assert scenarios_of("faulty:no_pkce", full=True, within=["identity"]) == ("identity",)
    assert scenarios_of("variant:escaped_xui", within=["keys"]) == ("keys",)


def test_fault_that_does_not_show_in_an_area_is_refused() -> None:
    with pytest.raises(LookupError, match="faulty:no_pkce: its fault does not show in migration"):
        scenarios_of("faulty:no_pkce", within=["migration"])


def _campaign(requirements: list[str]) -> dict[str, object]:
    findings = [{"requirement": one, "severity": "FAIL"} for one in requirements]
    verdict = "FAIL" if findings else "PASS"
    scenario = {"id": "identity/sign_in.feature:1", "verdict": verdict, "reason": ""}
    return {"scenarios": [{**scenario, "findings": findings}], "suite_errors": []}
