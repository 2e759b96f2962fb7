"""The builders: every document of a world is valid, and says what the world says."""

from __future__ import annotations

import pytest
from lxml import etree

from muster.documents.build import Builder, Document
from muster.documents.sample import sample_builder
from muster.documents.schemas import own_schemas
from muster.documents.validate import validate
from muster.documents.worlds import ProfilePlan, WorldPlan, load_world
from muster.suite import suite_root

PLAN = load_world(suite_root() / "fixtures" / "worlds" / "default.toml")
BUILDER = sample_builder(PLAN)
EVERYTHING = [document for _, document in BUILDER.everything()]


@pytest.mark.parametrize("document", EVERYTHING, ids=lambda one: one.selector)
def test_document_is_valid_and_names_what_it_must(document: Document) -> None:
    assert validate(document.body, own_schemas(), strict=True).problems == ()
    for name in document.names:
        assert name.encode() in document.body
    assert document.body.startswith(b"<?xml ")


def test_every_profile_group_and_configuration_is_built() -> None:
    stores = [document.store for document in EVERYTHING]

    assert stores.count("groups") == len(PLAN.groups)
    profiles = [one for one in EVERYTHING if "user-profile" in one.selector]
    assert len(profiles) == len(PLAN.profiles)
    assert stores.count("bootstrap_documents") == 1


def test_selectors_are_those_of_the_specifications() -> None:
    alice = BUILDER.person("primary", "alice").mcptt_id

    assert BUILDER.profile_selector("primary", "alice", 1, "mcptt") == (
        f"org.3gpp.mcptt.user-profile/users/{alice}/mcptt-user-profile-1.xml"
    )
    assert BUILDER.ue_configuration_selector("primary", "alice", "mcptt") == (
        f"org.3gpp.mcptt.ue-config/users/{alice}/ue-sample"
    )
    assert BUILDER.service_configuration_selector("mcptt") == (
        "org.3gpp.mcptt.service-config/global/service-config.xml"
    )


@pytest.mark.parametrize("profile", PLAN.profiles, ids=lambda p: f"{p.system} {p.name}")
def test_profile_tells_of_listed_partners_alone(profile: ProfilePlan) -> None:
    body = BUILDER.user_profile(profile).body

    for name, system in BUILDER.systems.items():
        if name != profile.system:
            assert (system.domain.encode() in body) == (name in profile.partners)


def test_preselected_mark_and_index_follow_the_plan() -> None:
    for profile in PLAN.profiles:
        root = etree.fromstring(BUILDER.user_profile(profile).body)
        marks = list(root.iter("{*}Pre-selected-indication"))
        assert (len(marks) == 1) == profile.preselected
        assert root.get("user-profile-index") == str(profile.index)


def test_disabled_profile_says_so() -> None:
    profile = PLAN.profiles[0].model_copy(update={"enabled": False})

    assert b"<Status>false</Status>" in BUILDER.user_profile(profile).body
    assert b"<Status>true</Status>" in BUILDER.user_profile(PLAN.profiles[0]).body


def test_time_limit_can_be_changed() -> None:
    usual = BUILDER.service_configuration("primary", "mcptt").body
    changed = BUILDER.service_configuration("primary", "mcptt", "PT45S").body

    assert b"PT45S" in changed
    assert changed != usual


def test_protection_of_signalling_is_never_left_to_the_default() -> None:
    """Absent means true (TS 24.484 8.4.2.6): a UE would encrypt."""
    body = BUILDER.service_configuration("primary", "mcptt").body

    assert b"<confidentiality-protection>false<" in body
    assert b"<integrity-protection>false<" in body


def test_group_lists_its_members() -> None:
    group = BUILDER.group_document("primary", "station", 33)
    root = etree.fromstring(group.body)

    members = [entry.get("uri") for entry in root.iter("{urn:oma:xml:poc:list-service}entry")]
    assert members == [BUILDER.person("primary", user).mcptt_id for user in ("alice", "bob")]
    assert b"<mcpttgi:on-network-max-participant-count>33<" in group.body


def test_titles_are_escaped() -> None:
    odd = "Smith & <Sons> \"'"
    users = {
        name: user.model_copy(update={"title": odd, "organisation": odd})
        for name, user in PLAN.users.items()
    }
    plan = WorldPlan(PLAN.title, PLAN.systems, users, PLAN.profiles, PLAN.groups, PLAN.settings)
    builder: Builder = sample_builder(plan)

    for _, document in builder.everything():
        assert validate(document.body, own_schemas(), strict=True).problems == ()
    root = etree.fromstring(builder.user_profile(plan.profiles[0]).body)
    assert [name.text for name in root.iter("{*}Name")] == [odd]
