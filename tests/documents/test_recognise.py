import pytest

from muster.documents.parse import parse
from muster.documents.recognise import BY_NAME, DOCUMENT_TYPES, DocumentType, recognise
from muster.documents.schemas import own_schemas
from muster.documents.vocabulary import PARTNER_SYSTEM, weakest


def test_user_profile_is_recognised_by_its_root():
    root = parse(b'<mcptt-user-profile xmlns="urn:3gpp:mcptt:user-profile:1.0"/>')

    assert recognise(root) == DocumentType(
        "mcptt-user-profile",
        "TS 24.484 8.3",
        "application/vnd.3gpp.mcptt-user-profile+xml",
        "org.3gpp.mcptt.user-profile",
        "corroborated",
        "urn:3gpp:mcptt:user-profile:1.0",
        "mcptt-user-profile",
    )


def test_same_root_name_is_told_apart_by_namespace():
    names = [
        recognise(f"{{urn:3gpp:ns:{service}ServiceConfig:1.0}}service-configuration-info")
        for service in ("mcptt", "mcvideo", "mcdata")
    ]

    assert [each.service for each in names if each] == ["mcptt", "mcvideo", "mcdata"]


@pytest.mark.parametrize("qname", ["mcptt-user-profile", "{urn:x}mcptt-user-profile"])
def test_wrong_namespace_is_not_recognised(qname: str):
    assert recognise(qname) is None


def test_names_are_unique():
    assert len(BY_NAME) == len(DOCUMENT_TYPES)


def test_every_known_document_has_a_schema():
    assert {d.namespace for d in DOCUMENT_TYPES.values()} - set(own_schemas().namespaces) == set()


def test_mcdata_documents_are_provisional():
    kinds = ("ue-config", "user-profile", "service-config")

    assert {BY_NAME[f"mcdata-{kind}"].basis for kind in kinds} == {"provisional"}


def test_partner_elements_are_verified_for_mcvideo_alone():
    assert {service: names.info.basis for service, names in PARTNER_SYSTEM.items()} == {
        "mcptt": "provisional",
        "mcvideo": "verified",
        "mcdata": "provisional",
    }


def test_a_chain_of_names_is_as_weak_as_its_weakest():
    assert weakest(["verified", "reported", "derived"]) == "reported"
