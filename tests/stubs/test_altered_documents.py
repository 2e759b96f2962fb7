"""Documents that a scenario alters: those that a UE has to take are as valid as before."""

from collections.abc import Callable

import pytest

from muster.documents.parse import DocumentRefused, parse
from muster.documents.schemas import SchemaSet
from muster.documents.validate import validate
from stubs import altered_documents as altered
from stubs.altered_documents import FOREIGN
from stubs.system import McSystem
from stubs.world import World

Change = Callable[[bytes], bytes]


def document(world: World, kind: str) -> bytes:
    system: McSystem = world.primary
    selectors = {
        "profile": world.profile_selector("primary", "alice", 1),
        "video": world.profile_selector("primary", "alice", 11, "mcvideo"),
        "data": world.profile_selector("primary", "alice", 21, "mcdata"),
        "ue": world.ue_configuration_selector("primary", "alice"),
        "service": world.service_configuration_selector(),
        "group": world.builder.group_selector("primary", "county"),
    }
    store = system.groups if kind == "group" else system.configuration
    found = store.get(selectors[kind])
    assert found is not None
    return found.body


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("profile", altered.profile_with_extensions),
        ("profile", altered.profile_with_children_reversed),
        ("profile", altered.groups_listed_again),
        ("profile", lambda body: altered.group_of_an_extension(body, "sip:spare@example")),
        ("video", lambda body: altered.group_of_an_extension(body, "sip:spare@example")),
        ("data", lambda body: altered.group_of_an_extension(body, "sip:spare@example")),
        ("profile", lambda body: altered.with_groups(body, ["sip:one@example"])),
        (
            "profile",
            lambda body: altered.with_aliases(body, "sip:a@example", far=["sip:b@example"]),
        ),
        ("group", altered.disabled_group),
        ("ue", altered.ue_configuration_with_extensions),
        ("service", altered.service_configuration_with_extensions),
        ("service", altered.protection_off_in_digits),
        ("group", altered.group_with_extensions),
    ],
)
def test_altered_document_is_valid_and_differs(
    world: World, schemas: SchemaSet, kind: str, change: Change
) -> None:
    before = document(world, kind)

    after = change(before)

    assert validate(after, schemas, strict=True).problems == ()
    assert after != before


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("profile", altered.profile_with_extensions),
        ("ue", altered.ue_configuration_with_extensions),
        ("service", altered.service_configuration_with_extensions),
        ("group", altered.group_with_extensions),
    ],
)
def test_extensions_are_of_a_namespace_that_no_schema_knows(
    world: World, kind: str, change: Change
) -> None:
    root = parse(change(document(world, kind)))

    assert len(list(root.iter(f"{{{FOREIGN}}}board"))) > 1


def test_protection_is_written_as_0(world: World) -> None:
    after = altered.protection_off_in_digits(document(world, "service"))

    assert b"<confidentiality-protection>0<" in after


def test_document_that_is_cut_off_cannot_be_parsed(world: World) -> None:
    with pytest.raises(DocumentRefused):
        parse(altered.cut_off(document(world, "profile")))


def test_document_of_another_namespace_has_the_same_names(world: World) -> None:
    before = parse(document(world, "profile"))

    after = parse(altered.in_another_namespace(document(world, "profile")))

    assert after.tag != before.tag
    assert str(after.tag).endswith("}mcptt-user-profile")
