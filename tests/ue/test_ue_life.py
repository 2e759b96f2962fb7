"""The reference UE against two small systems: what it asks, and in which order."""

import pytest

from muster.ue.driver import DONE, Driver, refused
from muster.ue.reference.ue import ReferenceUe
from muster.ue.reference.web import patience
from tests.ue.world import World, serve


def test_primary_life_is_lived_in_order(world: World, ue: Driver) -> None:
    serve(ue)

    users = "users/sip:alice@primary.example"
    assert world.primary.seen == [
        "GET bootstrap",
        "GET authorize",
        "POST login",
        "POST token",
        "GET jwks",
        "POST keymanagement/identity/v1/init",
        "POST keymanagement/identity/v1/keyprov",
        "REGISTER primary.example 3600",
        "SUBSCRIBE cms 3600",
        f"GET cms/org.3gpp.mcptt.ue-config/{users}/ue-1",
        f"GET cms/org.3gpp.mcptt.user-profile/{users}/mcptt-user-profile-1.xml",
        f"GET cms/org.3gpp.mcptt.user-profile/{users}/mcptt-user-profile-2.xml",
        "GET cms/org.3gpp.mcptt.service-config/global/service-config.xml",
        "PUBLISH mcptt 4294967295",
        "GET gms/org.openmobilealliance.groups/global/byGroupID/sip:a@primary.example",
        "SUBSCRIBE gms 3600",
    ]
    assert world.partner.seen == []


def test_listed_partner_is_reached_with_its_own_identities(world: World, ue: Driver) -> None:
    serve(ue)

    assert ue.migrate("mcptt", "sip:partner.example", 2) == DONE

    exchange, bearer = world.primary.forms[-1], world.partner.forms[-1]
    assert exchange["resource"] == f"{world.partner.base}/token"
    assert bearer["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    publish = [request for request in world.partner.sip if request.method == "PUBLISH"][-1]
    info = publish.body
    assert b"<partner-mcptt-id" in info
    assert info.index(b"sip:alice@partner.example") < info.index(b"sip:alice@primary.example")


def test_changed_profile_is_fetched_and_its_groups_follow(world: World, ue: Driver) -> None:
    serve(ue)
    before = len(world.primary.seen)

    path = world.primary.put_profile(2, ["sip:b@primary.example"], marked=True)
    assert world.loop.run(world.primary.notify("cms")) == [200]
    assert ue.quiet(10)

    assert world.primary.since(before) == [
        f"GET cms/{path}",
        "GET gms/org.openmobilealliance.groups/global/byGroupID/sip:b@primary.example",
        "SUBSCRIBE 127.0.0.11:" + f"{world.primary.sip_port};transport=udp 0",
        "SUBSCRIBE gms 3600",
    ]
    conditions = [
        headers.get("If-None-Match") for raw, headers in world.primary.http if path in raw
    ]
    assert len(conditions) == 2
    assert conditions[0] is None
    assert conditions[1] is not None


def test_selected_profile_is_published_without_token(world: World, ue: Driver) -> None:
    serve(ue)

    assert ue.select_profile("mcptt", 1) == DONE

    publish = [request for request in world.primary.sip if request.method == "PUBLISH"][-1]
    assert b"mcptt-access-token" not in publish.body
    assert b"user-profile-index>1<" in publish.body
    assert publish.headers.get("SIP-If-Match")
    assert publish.headers.all("Route") == [f"<sip:127.0.0.11:{world.primary.sip_port};lr>"]


def test_migration_brings_profile_and_groups_before_authorisation(world: World, ue: Driver) -> None:
    serve(ue)
    before = len(world.primary.seen)

    assert ue.migrate("mcptt", "sip:partner.example", 2) == DONE
    assert ue.quiet(10)

    users = "users/sip:alice@partner.example"
    assert world.primary.since(before) == ["POST token"]
    assert world.partner.seen == [
        "POST token",
        "GET jwks",
        "POST keymanagement/identity/v1/init",
        "POST keymanagement/identity/v1/keyprov",
        "REGISTER partner.example 3600",
        "SUBSCRIBE cms 3600",
        f"GET cms/org.3gpp.mcptt.ue-config/{users}/ue-1",
        f"GET cms/org.3gpp.mcptt.user-profile/{users}/mcptt-user-profile-7.xml",
        "GET cms/org.3gpp.mcptt.service-config/global/service-config.xml",
        "GET gms/org.openmobilealliance.groups/global/byGroupID/sip:a@partner.example",
        "GET gms/org.openmobilealliance.groups/global/byGroupID/sip:b@partner.example",
        "SUBSCRIBE gms 3600",
        "PUBLISH mcptt 4294967295",
    ]


def test_news_of_the_primary_waits_for_the_return(world: World, ue: Driver) -> None:
    serve(ue)
    assert ue.migrate("mcptt", "sip:partner.example", 2) == DONE
    before = len(world.primary.seen)

    path = world.primary.put_profile(2, ["sip:b@primary.example"], marked=True)
    assert world.loop.run(world.primary.notify("cms")) == [200]
    assert ue.quiet(10)
    while_away = world.primary.since(before)
    assert ue.return_home() == DONE

    assert while_away == []
    assert world.primary.since(before)[:2] == [f"GET cms/{path}", "PUBLISH mcptt 4294967295"]
    assert world.partner.seen[-3:] == [
        f"SUBSCRIBE 127.0.0.12:{world.partner.sip_port};transport=udp 0",
        f"SUBSCRIBE 127.0.0.12:{world.partner.sip_port};transport=udp 0",
        "REGISTER partner.example 0",
    ]


def test_partner_whose_network_serves_the_terminal_is_chosen(world: World, ue: Driver) -> None:
    serve(ue)

    assert ue.enter_network(world.partner.plmn) == DONE
    there = list(world.partner.seen)
    assert ue.enter_network(world.partner.plmn) == DONE

    assert there[0] == "POST token"
    assert there[-1] == "PUBLISH mcptt 4294967295"
    assert world.partner.seen == there


def test_network_of_no_listed_partner_changes_nothing(world: World, ue: Driver) -> None:
    serve(ue)
    before = len(world.primary.seen)

    assert ue.enter_network("99942") == DONE
    assert ue.enter_network(world.primary.plmn) == DONE

    assert world.primary.since(before) == []
    assert world.partner.seen == []


def test_partner_of_another_profile_is_refused(world: World, ue: Driver) -> None:
    serve(ue)

    answer = ue.migrate("mcptt", "sip:partner.example", 1)

    assert answer == refused("sip:partner.example is not in the list of profile 1")
    assert world.partner.seen == []


def test_power_off_tidies_up(world: World, ue: Driver) -> None:
    serve(ue)
    before = len(world.primary.seen)

    assert ue.power_off() == DONE

    bye = f"SUBSCRIBE 127.0.0.11:{world.primary.sip_port};transport=udp 0"
    assert world.primary.since(before) == [
        "PUBLISH mcptt 0",
        bye,
        bye,
        "REGISTER primary.example 0",
    ]
    assert ue.power_on() == DONE


@pytest.mark.parametrize(
    ("connections", "pdn", "address"),
    [
        ("home=127.0.0.1,visited=127.0.0.9", "visited", "127.0.0.9"),
        ("visited=127.0.0.9", "elsewhere", ""),
        ("", "visited", ""),
    ],
)
def test_address_on_a_pdn_connection_is_what_was_provisioned(
    world: World, connections: str, pdn: str, address: str
) -> None:
    told = ReferenceUe(world.provisioning(pdn_connections=connections))

    assert told.address_on(pdn) == address


def test_ue_waits_no_longer_than_it_is_provisioned_to(world: World) -> None:
    assert patience(world.provisioning(), 20.0) == 20.0
    assert patience(world.provisioning(patience_seconds="1.5"), 20.0) == 1.5
    assert patience(world.provisioning(patience_seconds="60"), 20.0) == 20.0
