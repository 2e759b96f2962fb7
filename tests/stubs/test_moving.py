"""Worlds of several partners: aliases, authorities of their own, and servers that move."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from muster.documents.schemas import SchemaSet
from muster.documents.worlds import load_world
from muster.journal import Journal
from muster.suite import suite_root
from stubs.authorities import authority_named
from stubs.loop import LoopThread
from stubs.system import available
from stubs.world import World
from tests.stubs.stub_helpers import ask


@pytest.fixture
def world(
    tmp_path: Path, loop: LoopThread, schemas: SchemaSet, authority: trustme.CA
) -> Iterator[World]:
    """A world of its own: its servers move."""
    plan = load_world(suite_root() / "fixtures" / "worlds" / "three_partners.toml")
    journal = Journal(tmp_path / "results", "main")
    world = World(plan, journal, loop, schemas, authority)
    world.start()
    yield world
    world.stop()
    journal.close()


def served(world: World, server: str) -> set[str]:
    """Return under which names the journal knows a partner's server."""
    return {
        exchange.server
        for exchange in world.journal.exchanges
        if exchange.system == "partner" and exchange.server.endswith(server)
    }


def test_alias_goes_by_the_identity_of_its_system_at_other_addresses(world: World) -> None:
    partner, annex = world.systems["partner"], world.systems["annex"]

    assert annex.access.system_id == partner.access.system_id
    assert annex.domain != partner.domain
    assert annex.access.addresses.isdisjoint(partner.access.addresses)


def test_partner_may_have_an_authority_of_its_own_that_the_ue_trusts_too(world: World) -> None:
    overseas = world.systems["overseas"]

    assert overseas.authority is authority_named("overseas")
    assert world.trusted.count(b"BEGIN CERTIFICATE") == 2
    assert overseas.authority.cert_pem.bytes() in world.trusted


def test_address_is_taken_only_where_the_machine_has_it() -> None:
    assert available("127.0.0.1") == "127.0.0.1"
    assert available("192.0.2.1") == ""
    assert available("") == ""


@pytest.mark.parametrize("server", ["cms", "gms", "kms", "idms"])
def test_moved_server_answers_at_both_addresses_and_is_told_apart(
    world: World, loop: LoopThread, server: str
) -> None:
    partner = world.systems["partner"]
    former = partner.url(server)

    loop.run(partner.move(server))
    ask(world, "GET", f"{former}/x")
    ask(world, "GET", f"{partner.url(server)}/x")

    assert partner.url(server) != former
    assert served(world, server) == {server, f"former-{server}"}
    assert getattr(
        partner.access,
        {"kms": "kms", "idms": "idms_token_endpoint"}.get(server, f"{server}_xcap_root"),
    ).startswith(partner.url(server))


def test_moved_signalling_has_another_port_in_every_server_uri(
    world: World, loop: LoopThread
) -> None:
    partner = world.systems["partner"]
    before = dict(partner.psi.servers)

    loop.run(partner.move("sip"))

    assert all(partner.psi.servers[service] != uri for service, uri in before.items())
    assert partner.mc_server.psi is partner.psi
    assert partner.sip.port != partner.former[0].port


def test_moved_identity_server_is_the_same_one(world: World, loop: LoopThread) -> None:
    partner = world.systems["partner"]
    tokens = partner.tokens

    loop.run(partner.move("idms"))

    assert partner.tokens is tokens
    assert tokens.issuer == partner.url("idms")
