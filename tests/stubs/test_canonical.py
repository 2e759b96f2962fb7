"""Documents under fixed names: alike in every world, and still valid."""

from __future__ import annotations

from pathlib import Path

import trustme

from muster.documents.schemas import SchemaSet
from muster.documents.validate import validate
from stubs.canonical import Canonical
from stubs.loop import LoopThread
from stubs.world import World
from tests.stubs.stub_helpers import running_world


def canonical_documents(world: World) -> dict[tuple[str, str], bytes]:
    canonical = Canonical(world.systems, world.terminal)
    return {
        (name, canonical(found.selector.encode()).decode()): canonical(found.body)
        for name, system in world.systems.items()
        for store in (system.bootstrap_documents, system.configuration, system.groups)
        for found in store
    }


def test_documents_of_two_worlds_are_alike_and_valid(
    world: World, tmp_path: Path, loop: LoopThread, schemas: SchemaSet, authority: trustme.CA
) -> None:
    with running_world(tmp_path, loop, schemas, authority) as other:
        theirs = canonical_documents(other)

    ours = canonical_documents(world)

    assert ours == theirs
    assert len(ours) > 30
    for body in ours.values():
        assert validate(body, schemas, strict=True).valid


def test_no_name_of_the_world_is_left(world: World) -> None:
    text = b"".join(canonical_documents(world).values())

    for system in world.systems.values():
        assert system.mark.encode() not in text
        assert f":{system.sip.port}".encode() not in text
        for uri in (*system.access.addresses, system.domain):
            assert uri.encode() not in text
    assert world.terminal.mcs_ue_id.encode() not in text
    assert world.terminal.instance_id.encode() not in text


def test_what_is_wrong_stays_wrong(world: World) -> None:
    [document] = world.primary.bootstrap_documents
    broken = document.body.replace(b"<kms>", b"<kms wrong='1'>", 1)

    canonical = Canonical(world.systems, world.terminal)(broken)

    assert not validate(canonical, world.schemas, strict=True).valid
