"""Certificates that are wrong and documents that are changed: each in the one way it says."""

from __future__ import annotations

import ssl
from collections.abc import Callable

import pytest
from lxml import etree

from muster.documents.validate import validate
from stubs import faults_bootstrap as faulty
from stubs.system import McSystem
from stubs.world import World
from tests.stubs.stub_helpers import ask

NAMESPACE = "{urn:3gpp:mcptt:mcpttUEinitConfig:1.0}"
EXTENDED = (faulty.with_later_elements, faulty.with_foreign_elements)


def document(world: World) -> bytes:
    stored = world.primary.bootstrap_documents.get(world.bootstrap_selector)
    assert stored is not None
    return stored.body


@pytest.mark.parametrize(
    ("flaw", "told"),
    [
        (faulty.of_unknown_authority, "unable to get local issuer"),
        (faulty.expired, "expired"),
        (faulty.of_another_name, "not valid for"),
        (faulty.self_signed, "self-signed"),
    ],
)
def test_certificate_is_wrong_in_one_way(
    world: World, flaw: Callable[[McSystem], ssl.SSLContext], told: str
) -> None:
    server = world.primary.servers["bootstrap"]
    right, server.tls = server.tls, flaw(world.primary)

    with pytest.raises(ssl.SSLCertVerificationError, match=told):
        ask(world, "GET", world.bootstrap_uri)
    server.tls = right


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_server_speaks_the_one_version(world: World, version: ssl.TLSVersion) -> None:
    server = world.primary.servers["bootstrap"]
    right, server.tls = server.tls, faulty.speaking(world.primary, version, version)

    reply = ask(world, "GET", world.bootstrap_uri)
    server.tls = right

    assert reply.status == 200


@pytest.mark.parametrize("change", EXTENDED)
def test_extended_document_is_valid_by_the_schema(
    world: World, change: Callable[[bytes], bytes]
) -> None:
    changed = change(document(world))

    assert validate(changed, world.schemas, strict=False).valid
    assert changed != document(world)


def test_document_with_a_default_profile_is_valid(world: World) -> None:
    changed = faulty.with_default_profile(document(world))

    assert validate(changed, world.schemas, strict=True).valid
    assert etree.fromstring(changed).find(f"{NAMESPACE}Default-user-profile") is not None


def test_document_in_another_order_is_valid_and_ends_with_the_name(world: World) -> None:
    changed = faulty.turned_around(document(world))

    assert validate(changed, world.schemas, strict=True).valid
    assert etree.fromstring(changed)[-1].tag == f"{NAMESPACE}name"


@pytest.mark.parametrize("change", [faulty.not_closed, faulty.nothing, faulty.endless])
def test_broken_document_is_not_well_formed(world: World, change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(change(document(world)))


def test_named_elements_are_left_out_and_no_others(world: World) -> None:
    changed = etree.fromstring(faulty.without(document(world), ["cms", "kms"]))

    assert [changed.find(f".//{NAMESPACE}{name}") is None for name in ("cms", "kms", "gms")] == [
        True,
        True,
        False,
    ]


def test_document_names_its_ue(world: World) -> None:
    own = world.terminal.instance_id

    changed = faulty.for_ue(document(world), own)

    assert validate(changed, world.schemas, strict=True).valid
    assert etree.fromstring(changed).findtext(f".//{NAMESPACE}Instance-ID-URN") == own


def test_text_of_an_element_is_replaced(world: World) -> None:
    changed = faulty.with_text(document(world), "kms", "https://a.example/?b=c&d")

    assert etree.fromstring(changed).findtext(f".//{NAMESPACE}kms") == "https://a.example/?b=c&d"
