"""The documents of the default world: all of them, for every system and service."""

import pytest
from lxml import etree

from muster.documents.build import Builder, Document
from muster.documents.judging import judge
from muster.documents.recognise import recognise
from muster.documents.rules.defaults import effective_group_setting, effective_signalling_protection
from muster.documents.rules.group import services_of
from muster.documents.rules.user_profile import partner_entries
from muster.documents.sample import sample_builder
from muster.documents.schemas import own_schemas
from muster.documents.vocabulary import PARTNER_SYSTEM, SERVICES
from muster.documents.worlds import load_world
from muster.suite import suite_root

BUILDER = sample_builder(load_world(suite_root() / "fixtures" / "worlds" / "default.toml"))
EVERYTHING = list(BUILDER.everything())


@pytest.fixture
def builder() -> Builder:
    return BUILDER


def name_of(value: object) -> str:
    return value.selector if isinstance(value, Document) else str(value)


def root_of(document: Document) -> etree._Element:
    return etree.fromstring(document.body)


def texts(root: etree._Element, name: str) -> list[str]:
    return ["".join(map(str, e.itertext())).strip() for e in root.iter(f"{{*}}{name}")]


@pytest.mark.parametrize(("system", "document"), EVERYTHING, ids=name_of)
def test_document_is_valid_in_both_engines_and_keeps_every_rule(system: str, document: Document):
    profile = document.type.name.endswith("user-profile")
    judged = judge(system, document.body, own_schemas(), document.name if profile else None)

    assert judged.validation.valid
    assert judged.validation.engines_agree
    assert judged.rules is not None
    assert judged.rules.problems == ()


@pytest.mark.parametrize(("system", "document"), EVERYTHING, ids=name_of)
def test_document_says_what_the_suite_counts_on(system: str, document: Document):
    root = root_of(document)
    said = {(e.text or "").strip() for e in root.iter()} | {
        str(value) for element in root.iter() for value in element.attrib.values()
    }

    assert document.names - said == set()
    assert recognise(root) == document.type


def test_every_system_serves_every_kind_for_every_service():
    kinds = {(system, document.type.name) for system, document in EVERYTHING}

    assert kinds == {("primary", "mcptt-ue-init-config")} | {
        (system, kind)
        for system in ("primary", "partner", "neighbour")
        for kind in (
            "group",
            *(
                f"{service}-{part}"
                for service in SERVICES
                for part in ("ue-config", "user-profile", "service-config")
            ),
        )
    }


@pytest.mark.parametrize("service", SERVICES)
def test_documents_of_a_user_stand_in_her_directory_of_that_service(builder: Builder, service: str):
    identity = builder.systems["primary"].identity("alice", service)

    selector = builder.profile_selector("primary", "alice", 11, service)

    assert selector == (
        f"org.3gpp.{service}.user-profile/users/{identity}/{service}-user-profile-11.xml"
    )
    assert f"/users/{identity}/" in builder.ue_configuration_selector("primary", "alice", service)


def test_identities_of_the_services_differ(builder: Builder):
    person = builder.person("primary", "alice")

    assert len({person.mcptt_id, person.mcvideo_id, person.mcdata_id}) == 3


@pytest.mark.parametrize("service", SERVICES)
def test_profile_lists_its_partner_with_access_information(builder: Builder, service: str):
    active = builder.plan.active_profile("primary", "alice", service)

    (entry,) = partner_entries(root_of(builder.user_profile(active)), service)

    names, access = PARTNER_SYSTEM[service], builder.systems["partner"].access
    assert entry.findtext(names.system_id.qname) == access.system_id
    assert texts(entry, "idms-token-endpoint") == [access.idms_token_endpoint]
    assert texts(entry, "Server-URI") == list(access.servers.values())


def test_initial_configuration_has_details_of_each_service(builder: Builder):
    root = root_of(builder.initial_configuration())

    assert [etree.QName(e.getparent()).localname for e in root.iter("{*}Server-URI")] == [
        "MCPTT-Service-Details",
        "MCVideo-Service-Details",
        "MCData-Service-Details",
    ]


@pytest.mark.parametrize(
    ("group", "services"),
    [
        ("county", {"mcptt"}),
        ("helmets", {"mcvideo"}),
        ("reports", {"mcdata"}),
        ("command", {"mcptt", "mcvideo", "mcdata"}),
    ],
)
def test_group_document_is_one_of_its_services(builder: Builder, group: str, services: set[str]):
    assert services_of(root_of(builder.group_document("primary", group))) == services


def test_members_of_a_shared_group_have_an_identity_for_each_service(builder: Builder):
    root = root_of(builder.group_document("primary", "station"))
    bob = builder.person("primary", "bob")

    entry = list(root.iter("{*}entry"))[1]

    assert entry.get("uri") == bob.mcptt_id
    assert entry.find("{*}mcvideo-mcvideo-id").get("uri") == bob.mcvideo_id
    assert entry.find("{*}mcdata-mcdata-id").get("uri") == bob.mcdata_id


def test_no_document_asks_for_protection_by_saying_nothing(builder: Builder):
    service = root_of(builder.service_configuration("primary", "mcptt"))
    group = root_of(builder.group_document("primary", "station"))

    assert not effective_signalling_protection(service).confidentiality
    assert not effective_group_setting(group, "protect-media")
    assert not effective_group_setting(group, "mcvideo-protect-media")


@pytest.mark.parametrize("service", SERVICES)
def test_time_limit_of_a_service_can_be_changed(builder: Builder, service: str):
    document = builder.service_configuration("primary", service, "PT45S")

    assert b">PT45S<" in document.body
    assert document.body != builder.service_configuration("primary", service).body
