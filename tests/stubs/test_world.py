"""The world: valid documents, addresses of its own, and partners that nobody tells of but one."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
import trustme

from muster.documents.schemas import SchemaSet
from muster.documents.validate import validate
from muster.documents.worlds import load_world
from muster.suite import suite_root
from stubs.loop import LoopThread
from stubs.system import HTTP_SERVERS, McSystem, available
from stubs.world import World
from stubs.xcap import DocumentStore, StoredDocument
from tests.stubs.stub_helpers import ask, running_world


@pytest.fixture(scope="module")
def other_world(
    tmp_path_factory: pytest.TempPathFactory,
    loop: LoopThread,
    schemas: SchemaSet,
    authority: trustme.CA,
) -> World:
    """A second world, started and stopped again."""
    folder = tmp_path_factory.mktemp("other")
    with running_world(folder, loop, schemas, authority) as world:
        pass
    return world


def stores(system: McSystem) -> list[DocumentStore]:
    return [system.bootstrap_documents, system.configuration, system.groups]


def documents(world: World, system: str) -> list[StoredDocument]:
    return [found for store in stores(world.systems[system]) for found in store]


def whereabouts(system: McSystem) -> set[str]:
    """All that tells where a system is and what it is called."""
    paths = {system.url(server).rpartition("/")[2] for server in HTTP_SERVERS}
    ports = {f":{system.servers[server].port}" for server in HTTP_SERVERS}
    psis = {system.psi.cms, system.psi.gms, *system.psi.servers.values()}
    return {system.host, system.domain, system.mark, *paths, *ports, *psis}


def test_every_document_is_valid(world: World) -> None:
    served = {name: documents(world, name) for name in world.systems}

    assert all(len(found) >= 3 for found in served.values())
    for found in served.values():
        for document in found:
            result = validate(document.body, world.schemas, strict=True)
            assert (document.selector, result.problems) == (document.selector, ())


def test_profiles_and_groups_are_those_of_the_plan(world: World) -> None:
    selectors = {document.selector for document in documents(world, "primary")}

    for profile in world.plan.profiles:
        if profile.system == "primary":
            wanted = world.profile_selector("primary", profile.user, profile.index, profile.service)
            assert wanted in selectors
    groups = [group for group in world.plan.groups if group.system == "primary"]
    assert len(list(world.primary.groups)) == len(groups)


def test_two_worlds_share_nothing_that_tells_where_they_are(
    world: World, other_world: World
) -> None:
    one = {fact for system in world.systems.values() for fact in whereabouts(system)}
    two = {fact for system in other_world.systems.values() for fact in whereabouts(system)}

    # A port number is the system's choice, and may come again on another address.
    assert {fact for fact in one & two if not fact.startswith(":")} == set()
    assert world.terminal != other_world.terminal
    assert set(world.passwords.values()).isdisjoint(other_world.passwords.values())


def test_systems_of_a_world_are_at_different_addresses(world: World) -> None:
    hosts = [system.host for system in world.systems.values()]

    assert len(set(hosts)) == len(hosts)
    assert all(host.startswith("127.") for host in hosts)


@pytest.mark.parametrize("partner", ["partner", "neighbour"])
def test_partner_is_named_only_by_profiles_that_list_it(world: World, partner: str) -> None:
    facts = {fact for fact in whereabouts(world.systems[partner]) if not fact.startswith(":")} | {
        url for server in HTTP_SERVERS if (url := world.systems[partner].url(server))
    }
    listing = {
        world.profile_selector("primary", profile.user, profile.index, profile.service)
        for profile in world.plan.profiles
        if profile.system == "primary" and partner in profile.partners
    }

    naming = {
        document.selector
        for document in documents(world, "primary")
        if any(fact.encode() in document.body for fact in facts)
    }

    assert listing
    assert naming == listing


def test_what_a_listing_profile_tells_of_a_partner_is_enough(world: World) -> None:
    [listing] = [
        profile
        for profile in world.plan.profiles
        if (profile.system, profile.service) == ("primary", "mcptt")
        and "partner" in profile.partners
    ]
    partner = world.systems["partner"]
    found = world.primary.configuration.get(
        world.profile_selector("primary", listing.user, listing.index)
    )

    assert found is not None
    for server in ("idms", "cms", "gms", "kms"):
        assert partner.url(server).encode() in found.body
    for psi in (partner.psi.cms, partner.psi.gms, partner.psi.server):
        assert psi.encode() in found.body


def test_initial_configuration_tells_of_the_primary_alone(world: World) -> None:
    body = ask(world, "GET", world.bootstrap_uri).body

    assert world.primary.url("cms").encode() in body
    for name in ("partner", "neighbour"):
        assert world.systems[name].domain.encode() not in body


def test_passwords_and_users_are_known_to_the_primary_alone(world: World) -> None:
    username, password = world.username("alice"), world.passwords["alice"]

    signed_in = {
        name: any(
            system.tokens.authenticate(account.username, password) is not None
            for account in system.accounts
        )
        for name, system in world.systems.items()
    }

    assert signed_in == {"primary": True, "partner": False, "neighbour": False}
    assert world.primary.tokens.authenticate(username, "") is None


def test_stop_frees_every_port(other_world: World) -> None:
    for system in other_world.systems.values():
        for server in system.servers.values():
            socket.create_server((system.host, server.port)).close()
        socket.create_server((system.host, system.sip.port)).close()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plain:
            plain.bind((system.host, system.sip.port))


def test_fixed_port_is_used_and_a_taken_one_is_told(
    world: World, tmp_path: Path, schemas: SchemaSet, authority: trustme.CA
) -> None:
    """The next world finds its port free again, also after a start that failed."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    ports = {"primary.cms": port, "partner.sip": port}
    with running_world(tmp_path / "1", world.loop, schemas, authority, ports=ports) as first:
        assert first.primary.servers["cms"].port == port
        assert first.systems["partner"].sip.port == port
        host = first.primary.host

    second = World(first.plan, world.journal, world.loop, schemas, authority, ports=ports)
    second.primary.host = host
    with socket.create_server((host, port)), pytest.raises(OSError, match="in use"):
        second.start()
    second.stop()
    for server in second.primary.servers.values():
        if server.port:
            socket.create_server((host, server.port)).close()


def test_primary_knows_the_users_of_the_plan(world: World) -> None:
    assert {account.username for account in world.primary.accounts} == {
        world.username(user) for user in world.plan.users
    }


@pytest.mark.parametrize("ipv6", [True, False])
def test_a_ue_without_ipv6_meets_no_system_that_has_only_that(
    world: World, schemas: SchemaSet, authority: trustme.CA, ipv6: bool
) -> None:
    plan = load_world(suite_root() / "fixtures" / "worlds" / "three_partners.toml")

    made = World(plan, world.journal, world.loop, schemas, authority, ipv6=ipv6)

    planned = ipv6 and bool(available("::1"))
    assert (made.systems["overseas"].host == "::1") == planned
