"""A finding is as good as the facts of its service: checks name them, each service its own."""

from __future__ import annotations

import pytest

from muster.checks.migration import MIGRATION_ELEMENTS
from muster.evidence import Exchange
from muster.judging import CHECKS
from tests.checks import test_partner_access
from tests.checks.case_tables import REPORTED
from tests.checks.exchanges import PROFILE, http, read

DOCUMENTS, ICSI = "FACT-{}-documents", "FACT-{}-icsi"
WEAKER = {
    "configuration.subscription_has_its_form": ICSI,
    "configuration.subscriptions_cover_the_configuration": DOCUMENTS,
    "group_documents.each_group_is_asked_for": DOCUMENTS,
    "groups.groups_are_subscribed_to": DOCUMENTS,
    "groups.obtains_each_listed_group": DOCUMENTS,
    "groups.obtains_the_groups_of_the_new_profile": DOCUMENTS,
    "migration.partner_groups_are_obtained": DOCUMENTS,
    "profiles.moved_mark_holds_at_the_next_authorisation": DOCUMENTS,
    "profiles.pre_selected_profile_is_active_wherever_it_stands": DOCUMENTS,
    "services.no_other_profile_becomes_active": DOCUMENTS,
    "subscriptions.group_subscription_has_its_form": ICSI,
    "subscriptions.group_subscriptions_list_each_group": DOCUMENTS,
    "subscriptions.groups_of_the_new_profile_are_subscribed_to": DOCUMENTS,
    "updates.group_added_to_the_profile_is_obtained": DOCUMENTS,
}
"""What MCVideo and MCData rest on where MCPTT rests on what was read."""
EACH_ITS_OWN = {
    "partner_service.request_names_a_profile_of_the_user": {
        "mcptt": "FACT-migration-info-elements",
        "mcvideo": "FACT-mcvideo-migration-info-elements",
        "mcdata": "FACT-mcdata-migration-info-elements",
    },
    "migration.reaches_the_servers_of_the_chosen_entry": {
        service: facts[0] for service, facts in MIGRATION_ELEMENTS.items()
    },
}


def facts_of(name: str, service: str) -> set[str]:
    """The facts behind the findings of a check, from its reported cases as ones of the service."""
    check = CHECKS[f"muster.checks.{name}"]
    found: set[str] = set()
    for case in REPORTED:
        if case.check.name == check.name:
            bound = check.signature.bind(*case.arguments)
            bound.arguments["service"] = service
            for finding in check(*bound.args, **bound.kwargs).findings:
                found |= set(finding.through)
    return found


@pytest.mark.parametrize("name", WEAKER)
def test_weaker_names_of_a_service_weigh_in_and_only_there(name: str) -> None:
    names = {service: WEAKER[name].format(service) for service in ("mcptt", "mcvideo", "mcdata")}

    told = {service: facts_of(name, service) & set(names.values()) for service in names}

    assert told == {"mcptt": set(), "mcvideo": {names["mcvideo"]}, "mcdata": {names["mcdata"]}}


@pytest.mark.parametrize("name", EACH_ITS_OWN)
def test_each_service_rests_on_elements_of_its_own(name: str) -> None:
    wanted = EACH_ITS_OWN[name]

    told = {service: facts_of(name, service) & set(wanted.values()) for service in wanted}

    assert told == {service: {fact} for service, fact in wanted.items()}


@pytest.mark.parametrize("service", MIGRATION_ELEMENTS)
@pytest.mark.parametrize("server", test_partner_access.AT)
def test_ue_that_did_not_act_on_an_entry_is_judged_through_the_names_in_it(
    server: str, service: str
) -> None:
    requirement, check = test_partner_access.AT[server]
    profile, trigger = read(PROFILE, "P1", at=1.0), http("/x", "T1", at=5.0)
    elsewhere: list[Exchange] = [http("/x", "X1", system="partner", server="bootstrap", at=6.0)]

    silent = check(profile, [], "partner", [trigger], service)
    acted = check(profile, elsewhere, "partner", [trigger], service)

    assert [f.requirement for f in (*silent.findings, *acted.findings)] == [requirement] * 2
    assert silent.findings[0].through == MIGRATION_ELEMENTS[service]
    assert silent.findings[0].exchange == "T1"
    assert acted.findings[0].through == ()
