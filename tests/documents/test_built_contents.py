"""What the documents of a world say: of whom, for whom, and where they are kept."""

from dataclasses import replace

import pytest

from muster.documents.build import Document
from muster.documents.rules.defaults import effective_signalling_protection
from muster.documents.vocabulary import SERVICES
from muster.documents.worlds import ServicePlan
from tests.documents.test_build import BUILDER, EVERYTHING, name_of, root_of, texts

PLAN = BUILDER.plan
STORES = {"mcptt-ue-init-config": "bootstrap_documents", "group": "groups"}


@pytest.mark.parametrize(("system", "document"), EVERYTHING, ids=name_of)
def test_document_is_kept_where_its_kind_belongs(system: str, document: Document):
    assert document.store == STORES.get(document.type.name, "configuration")


@pytest.mark.parametrize(("system", "document"), EVERYTHING, ids=name_of)
def test_document_of_a_user_is_read_by_her_and_stands_under_her_identity(
    system: str, document: Document
):
    kind = document.type.name
    if not kind.endswith(("-user-profile", "-ue-config")):
        assert document.reader == ""
        return

    service = kind.partition("-")[0]
    identities = {BUILDER.systems[system].identity(user, service) for user in PLAN.users}

    assert document.reader in identities
    assert f"/users/{document.reader}/" in document.selector


@pytest.mark.parametrize("holder", PLAN.holders, ids="-".join)
def test_ue_configuration_is_of_its_system_user_and_groups(holder: tuple[str, str, str]):
    system, user, service = holder
    at = BUILDER.systems[system]
    listed = [label for p in PLAN.profiles_of(system, user, service) for label in p.groups]
    known = [g.name for g in PLAN.groups if g.system == system and service in g.services]

    root = root_of(BUILDER.ue_configuration(system, user, service))

    assert root.get("domain") == at.domain
    if service != "mcdata":  # whose UE configuration has no groups
        named = texts(root, "MCPTT-Group-ID") or texts(root, "MCVIDEO-Group-ID")
        wanted = [at.identity(label) for label in dict.fromkeys(listed or known)]
        assert list(dict.fromkeys(named)) == wanted
    assert any(PLAN.users[user].title in text for text in texts(root, "name"))


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("system", PLAN.systems)
def test_service_configuration_is_of_its_system(system: str, service: str):
    document = BUILDER.service_configuration(system, service)

    domains = {element.get("domain") for element in root_of(document).iter()}
    assert domains - {None} == {BUILDER.systems[system].domain}


@pytest.mark.parametrize(("service", "name"), [("mcptt", "service-config"), ("mcdata", "mcdata-")])
def test_service_configuration_has_the_name_of_its_service(service: str, name: str):
    assert BUILDER.service_configuration("primary", service).name.startswith(name)


def test_settings_of_each_service_are_its_own():
    settings = {**PLAN.settings, "mcptt": ServicePlan(protect_signalling=True, priority_levels=9)}
    planned = replace(BUILDER, plan=replace(PLAN, settings=settings))

    root = root_of(planned.service_configuration("primary", "mcptt"))
    other = planned.service_configuration("primary", "mcvideo")

    assert effective_signalling_protection(root).confidentiality
    assert effective_signalling_protection(root).integrity
    assert texts(root, "num-levels-priority-hierarchy") == ["9"]
    assert other.body == BUILDER.service_configuration("primary", "mcvideo").body


def test_initial_configuration_is_for_this_terminal_alone():
    document = BUILDER.initial_configuration()

    assert texts(root_of(document), "Instance-ID-URN") == [BUILDER.terminal.instance_id]
    assert document.selector.startswith("org.3gpp.mcptt.ue-init-config/users/sip:")
    assert document.names == BUILDER.systems["primary"].access.addresses
    assert next(BUILDER.orders())[0] == "primary"


@pytest.mark.parametrize("service", ["mcptt", "mcvideo"])
def test_profile_names_the_dispatcher_of_its_service(service: str):
    profile = PLAN.active_profile("primary", "alice", service)

    document = BUILDER.user_profile(profile)

    dispatcher = BUILDER.systems["primary"].identity("dispatcher", service)
    assert dispatcher.encode() in document.body
    assert document.name == f"{service}-user-profile-{profile.index}.xml"
    assert document.profile == profile


def test_person_has_title_and_organisation_of_the_plan():
    person, plan = BUILDER.person("primary", "alice"), PLAN.users["alice"]

    assert (person.label, person.title, person.organisation) == (
        "alice",
        plan.title,
        plan.organisation,
    )
