"""The MC service server over real SIP: registration, authorisation, subscriptions."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from muster.protocol.oidc import SCOPES
from muster.protocol.sip.dialog import Dialog
from muster.protocol.sip.message import SipRequest, SipResponse
from muster.protocol.sip.multipart import Part
from stubs.gms import group_selector
from stubs.world import World
from tests.stubs.stub_helpers import (
    SCOPE,
    SipClient,
    announced,
    awaited,
    issued,
    mcptt_info,
    notifications_sent,
    poc_settings,
)

Make = Callable[..., SipClient]


@pytest.fixture(params=["udp", "tcp"])
def registered(request: pytest.FixtureRequest, client: Make) -> SipClient:
    ue = client(transport=request.param)
    assert ue.register().status == 200
    return ue


@pytest.fixture
def ue(client: Make) -> SipClient:
    ue = client()
    assert ue.register().status == 200
    return ue


def profiles(world: World) -> str:
    return f"org.3gpp.mcptt.user-profile/users/{world.primary.identity('alice')}/"


def subscribe(
    world: World, ue: SipClient, resources: list[str], *headers: tuple[str, str]
) -> tuple[SipRequest, SipResponse]:
    request = ue.subscription(ue.system.psi.cms, resources, issued(world), *headers)
    return request, ue.send(request)


def etag(world: World, selector: str) -> str:
    for store in (world.primary.configuration, world.primary.groups):
        found = store.get(selector)
        if found is not None:
            return found.etag.strip('"')
    raise LookupError(selector)


def nothing_more(ue: SipClient) -> bool:
    """An OPTIONS goes to and fro: what the server had to send before has arrived."""
    ue.send(ue.request("OPTIONS", ue.system.psi.server))
    return ue.received.empty()


# Registration ----------------------------------------------------------------------------------


def test_registration_is_answered_with_contact_and_route(world: World, client: Make) -> None:
    ue = client()

    response = ue.register(("Expires", "600"))

    assert response.status == 200
    assert (response.headers.get("Contact") or "").endswith(";expires=600")
    assert (response.headers.get("Service-Route") or "").startswith("<sip:mc.")
    assert world.primary.mc_server.bindings[ue.identity].flow.transport == "udp"


def test_deregistration_forgets_the_user(world: World, ue: SipClient) -> None:
    assert ue.register(("Contact", "*"), ("Expires", "0")).status == 200

    assert ue.identity not in world.primary.mc_server.bindings
    assert ue.publish(issued(world)).status == 403


def test_register_without_contact_only_asks(world: World, ue: SipClient) -> None:
    request = ue.request("REGISTER", f"sip:{ue.system.domain}")
    request.headers.remove("Contact")

    response = ue.send(request)

    assert response.status == 200
    assert response.headers.get("Contact") is not None
    assert ue.identity in world.primary.mc_server.bindings


def test_publication_on_another_flow_is_of_the_user_that_it_names(
    world: World, ue: SipClient, client: Make
) -> None:
    stream = client(transport="tcp")

    named = stream.publish(issued(world), identity=ue.identity)
    unknown = stream.publish(issued(world), identity=world.primary.identity("ims-other"))

    assert (named.status, unknown.status) == (200, 403)


def test_refresh_on_another_flow_moves_the_notifications_there(
    world: World, ue: SipClient, client: Make
) -> None:
    stream = client(transport="tcp")
    request, response = subscribe(world, ue, [profiles(world)])
    ue.notified()
    dialog = Dialog.from_sent(request)
    dialog.confirm(response)

    assert stream.send(dialog.request("SUBSCRIBE", [("Event", "xcap-diff")])).status == 200

    assert stream.notified().method == "NOTIFY"


def test_second_registration_on_a_flow_does_not_hide_the_first(world: World, ue: SipClient) -> None:
    other = world.primary.identity("ims-other")
    ue.register(identity=other)

    ue.publish(issued(world), 1)
    ue.publish(issued(world, owner=world.primary.identity("bob")), 4, identity=other)

    bindings = world.primary.mc_server.bindings
    assert bindings[ue.identity].mc_service_ids == {"mcptt": world.primary.identity("alice")}
    assert bindings[other].mc_service_ids == {"mcptt": world.primary.identity("bob")}
    assert (bindings[ue.identity].profile_index, bindings[other].profile_index) == (1, 4)


def test_registration_with_a_good_token_authorises(world: World, client: Make) -> None:
    ue = client()
    response = ue.register(parts=[mcptt_info(issued(world))])

    binding = world.primary.mc_server.bindings[ue.identity]
    assert response.status == 200
    assert (binding.mc_service_ids, binding.client_id) == (
        {"mcptt": world.primary.identity("alice")},
        "client-1",
    )


def test_registration_with_a_bad_token_is_refused(world: World, client: Make) -> None:
    ue = client()
    response = ue.register(parts=[mcptt_info("made-up-token")])

    assert (response.status, response.headers.get("Warning")) == (403, warning(ue, 101))
    assert ue.identity not in world.primary.mc_server.bindings


# Service authorisation -------------------------------------------------------------------------


def warning(ue: SipClient, code: int) -> str:
    texts = {
        101: "101 service authorisation failed",
        141: "141 user unknown to the participating function",
    }
    return f'399 {ue.system.host_name("mc")} "{texts[code]}"'


def test_publication_with_a_token_authorises(world: World, registered: SipClient) -> None:
    response = registered.publish(issued(world), 1)

    binding = world.primary.mc_server.bindings[registered.identity]
    assert (response.status, response.headers.get("Expires")) == (200, "4294967295")
    assert response.headers.get("SIP-ETag") == binding.etag
    assert binding.profile_index == 1
    assert binding.mc_service_ids == {"mcptt": world.primary.identity("alice")}


@pytest.mark.parametrize("fault", ["unknown", "expired", "foreign", "scope", "unregistered"])
def test_authorisation_is_refused_with_warning_101(world: World, client: Make, fault: str) -> None:
    ue = client()
    if fault != "unregistered":
        ue.register()
    match fault:
        case "unknown":
            token = "made-up-token"
        case "expired":
            token = issued(world, lifetime=-1)
        case "foreign":
            token = issued(world, "partner")
        case "scope":
            token = issued(world, scope=SCOPE.replace("3gpp:mc:ptt_service", ""))
        case _:
            token = issued(world)

    response = ue.publish(token)

    assert (response.status, response.headers.get("Warning")) == (403, warning(ue, 101))


def test_settings_before_authorisation_are_refused_with_warning_141(ue: SipClient) -> None:
    response = ue.publish("", 0)

    assert (response.status, response.headers.get("Warning")) == (404, warning(ue, 141))


def test_settings_alone_select_another_profile(world: World, ue: SipClient) -> None:
    first = ue.publish(issued(world), 1).headers.get("SIP-ETag") or ""

    response = ue.publish("", 0, [("SIP-If-Match", first)])

    assert response.status == 200
    assert response.headers.get("SIP-ETag") not in (None, first)
    assert world.primary.mc_server.bindings[ue.identity].profile_index == 0


def test_each_service_has_a_publication_of_its_own(world: World, ue: SipClient) -> None:
    every = " ".join(scope for scopes in SCOPES.values() for scope in scopes)
    token = issued(world, scope=f"openid {every}")
    psi, body = world.primary.psi.servers["mcvideo"], mcptt_info(token).body
    video = Part(
        "application/vnd.3gpp.mcvideo-info+xml",
        body.replace(b"mcpttInfo", b"mcvideoInfo").replace(b"mcptt", b"mcvideo"),
    )
    fields = [("Event", "poc-settings"), ("Expires", "4294967295")]
    held = ue.publish(token, 1).headers.get("SIP-ETag") or ""

    response = ue.send(ue.request("PUBLISH", psi, fields, [video, poc_settings(11)]))

    assert response.status == 200
    binding = world.primary.mc_server.bindings[ue.identity]
    assert set(binding.mc_service_ids) == {"mcptt", "mcvideo"}
    assert binding.entity_tags["mcptt"] == held
    assert binding.etag == response.headers.get("SIP-ETag") != held
    ended = ue.send(ue.request("PUBLISH", psi, [("Event", "poc-settings"), ("Expires", "0")]))
    assert (ended.status, set(binding.mc_service_ids)) == (200, {"mcptt"})
    assert ue.publish("", 0, [("SIP-If-Match", held)]).status == 200


def test_settings_for_an_old_entity_are_answered_412(world: World, ue: SipClient) -> None:
    ue.publish(issued(world), 1)

    assert ue.publish("", 0, [("SIP-If-Match", "old-entity")]).status == 412
    assert world.primary.mc_server.bindings[ue.identity].profile_index == 1


def test_publication_that_expires_ends_the_authorisation(world: World, ue: SipClient) -> None:
    held = ue.publish(issued(world), 1).headers.get("SIP-ETag") or ""

    wrong = ue.publish("", None, [("SIP-If-Match", "old"), ("Expires", "0")])
    right = ue.publish("", None, [("SIP-If-Match", held), ("Expires", "0")])
    after = ue.publish("", 0)

    assert [wrong.status, right.status, after.status] == [412, 200, 404]
    assert right.headers.get("Expires") == "0"


def test_other_publications_are_taken_politely(world: World, ue: SipClient) -> None:
    request = ue.request("PUBLISH", ue.system.psi.server, [("Event", "presence")])

    assert ue.send(request).status == 200


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/mixed;boundary=x", b"no boundary here"),
        ("multipart/mixed", b"--x\r\n"),
        ("application/vnd.3gpp.mcptt-info+xml", b"<broken"),
        ("application/vnd.3gpp.mcptt-info+xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
    ],
)
def test_body_that_cannot_be_read_is_no_token(
    world: World, ue: SipClient, content_type: str, body: bytes
) -> None:
    request = ue.request("PUBLISH", ue.system.psi.server, [("Event", "poc-settings")])
    request.headers.set("Content-Type", content_type)
    request.body = body

    assert ue.send(request).status == 404
    assert world.journal.crashes == []


# Subscriptions ---------------------------------------------------------------------------------


def test_subscription_is_answered_and_notified_at_once(world: World, registered: SipClient) -> None:
    request, response = subscribe(world, registered, [profiles(world)])
    notify = registered.notified()

    assert (response.status, response.headers.get("Expires")) == (200, "3600")
    assert notify.headers.get("Call-ID") == request.headers.get("Call-ID")
    assert notify.headers.get("Event") == "xcap-diff"
    assert notify.headers.get("Subscription-State") == "active;expires=3600"
    assert notify.headers.get("Content-Type") == "application/xcap-diff+xml"
    assert world.primary.url("cms").encode() in notify.body
    assert {one["sel"]: one for one in announced(notify)} == {
        sel: {"sel": sel, "new-etag": etag(world, sel)}
        for sel in (world.profile_selector("primary", "alice", index) for index in (0, 1))
    }


def test_change_is_notified_with_both_versions(world: World, registered: SipClient) -> None:
    selector = world.service_configuration_selector()
    subscribe(world, registered, [selector])
    [first] = announced(registered.notified())

    world.on_loop(lambda: world.put_service_configuration("primary", "PT50S"))
    [second] = announced(registered.notified())

    assert second == {
        "sel": selector,
        "previous-etag": first["new-etag"],
        "new-etag": etag(world, selector),
    }


def test_new_document_of_a_collection_is_notified_to_its_owner_only(
    world: World, client: Make, ue: SipClient
) -> None:
    bob = client()
    subscribe(world, ue, [profiles(world)])
    bob_token = issued(world, owner=world.primary.identity("bob"))
    bob.send(bob.subscription(bob.system.psi.cms, [profiles(world)], bob_token))
    ue.notified()
    assert announced(bob.notified()) == []
    stored = world.primary.configuration.get(world.profile_selector("primary", "alice", 1))
    assert stored is not None
    selector = profiles(world) + "mcptt-user-profile-9.xml"
    fresh = dataclasses.replace(stored, selector=selector)

    world.on_loop(lambda: world.primary.configuration.put(fresh))

    assert announced(ue.notified()) == [{"sel": selector, "new-etag": etag(world, selector)}]
    removed = etag(world, selector)
    world.loop.call(lambda: world.primary.configuration.remove(selector))
    assert announced(ue.notified()) == [{"sel": selector, "previous-etag": removed}]
    assert nothing_more(bob)


def test_group_is_subscribed_at_the_group_server(world: World, ue: SipClient) -> None:
    group = world.primary.group("county").id
    selector = group_selector(group)
    by_group = selector.replace("byGroupID", "byGroup")

    resources = {
        selector: selector,
        # RFC 5875 4.6: sel is what was subscribed to, in the spelling of the subscriber.
        by_group: by_group,
        f"{world.primary.url('gms')}/{selector}": selector,
    }
    for resource, told in resources.items():
        ue.send(ue.subscription(ue.system.psi.gms, [resource], issued(world)))
        assert announced(ue.notified()) == [{"sel": told, "new-etag": etag(world, selector)}]

    world.on_loop(lambda: world.put_group("primary", "county", 40))
    changed = sorted(announced(ue.notified())[0]["sel"] for _ in range(3))
    assert changed == sorted(resources.values())


def test_configuration_server_announces_no_groups(world: World, ue: SipClient) -> None:
    subscribe(world, ue, [group_selector(world.primary.group("county").id)])

    assert announced(ue.notified()) == []


def test_one_notification_is_under_way_at_a_time(world: World, ue: SipClient) -> None:
    selector = world.service_configuration_selector()
    ue.gate.clear()
    subscribe(world, ue, [selector])
    ue.notified()

    world.on_loop(lambda: world.put_service_configuration("primary", "PT41S"))
    world.on_loop(lambda: world.put_service_configuration("primary", "PT42S"))
    assert nothing_more(ue)

    ue.gate.set()
    second, third = announced(ue.notified())[0], announced(ue.notified())[0]
    assert third["previous-etag"] == second["new-etag"]
    assert third["new-etag"] == etag(world, selector)


@pytest.mark.parametrize(
    ("fault", "status"), [("token", 403), ("no token", 403), ("target", 404), ("event", 489)]
)
def test_wrong_subscription_is_refused(
    world: World, ue: SipClient, fault: str, status: int
) -> None:
    token = {"token": "made-up-token", "no token": ""}.get(fault, issued(world))
    target = "sip:nobody@x.example" if fault == "target" else ue.system.psi.cms
    request = ue.subscription(target, [profiles(world)], token)
    if fault == "event":
        request.headers.set("Event", "dialog")

    response = ue.send(request)

    assert response.status == status
    assert ("Allow-Events" in response.headers) is (fault == "event")
    assert nothing_more(ue)


def test_subscription_that_expires_at_once_is_notified_once(world: World, ue: SipClient) -> None:
    request, response = subscribe(world, ue, [profiles(world)], ("Expires", "0"))
    notify = ue.notified()

    assert (response.status, response.headers.get("Expires")) == (200, "0")
    assert notify.headers.get("Subscription-State") == "terminated"
    assert len(announced(notify)) == 2
    assert request.headers.get("Call-ID") not in world.primary.mc_server.subscriptions


def test_subscription_is_refreshed_and_ended_in_its_dialog(world: World, ue: SipClient) -> None:
    request, response = subscribe(world, ue, [profiles(world)])
    ue.notified()
    dialog = Dialog.from_sent(request, response)

    longer = ue.send(dialog.request("SUBSCRIBE", [("Event", "xcap-diff"), ("Expires", "7200")]))
    longer_notify = ue.notified()
    ended = ue.send(dialog.request("SUBSCRIBE", [("Event", "xcap-diff"), ("Expires", "0")]))
    ended_notify = ue.notified()

    assert [longer.headers.get("Expires"), ended.headers.get("Expires")] == ["7200", "0"]
    assert longer_notify.headers.get("Subscription-State") == "active;expires=7200"
    assert len(announced(longer_notify)) == 2
    assert ended_notify.headers.get("Subscription-State") == "terminated"
    assert dialog.call_id not in world.primary.mc_server.subscriptions


def test_unknown_subscription_of_a_ue_ends_it(world: World, ue: SipClient) -> None:
    ue.status = 481
    request, _ = subscribe(world, ue, [profiles(world)])
    ue.notified()

    notifications_sent(world)
    assert request.headers.get("Call-ID") not in world.primary.mc_server.subscriptions


def test_notification_on_a_lost_connection_ends_the_subscription(
    world: World, client: Make
) -> None:
    ue = client(transport="tcp")
    ue.register()
    request, _ = subscribe(world, ue, [world.service_configuration_selector()])
    ue.notified()
    ue.close()
    awaited(
        world,
        lambda: any(c.event in ("closed", "reset") for c in world.journal.contacts),
    )

    world.on_loop(lambda: world.put_service_configuration("primary", "PT39S"))
    notifications_sent(world)

    assert request.headers.get("Call-ID") not in world.primary.mc_server.subscriptions
