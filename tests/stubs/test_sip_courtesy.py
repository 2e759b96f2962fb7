"""What a UE sends beside its configuration, answered politely: calls, states, odd registrations."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lxml import etree

from muster.protocol.sip.dialog import Dialog
from stubs.world import World
from tests.stubs.sip_torture import bare_socket, exchanges, marked, message, still_serves
from tests.stubs.stub_helpers import SipClient, awaited, issued, notifications_sent, sip_exchanges

TRANSPORTS = ("udp", "tcp")
Make = Callable[..., SipClient]


@pytest.fixture
def ue(client: Make) -> SipClient:
    ue = client()
    assert ue.register().status == 200
    return ue


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize(
    ("method", "status"),
    [
        ("OPTIONS", 200),
        ("MESSAGE", 200),
        ("INVITE", 480),
        ("REFER", 480),
        ("BYE", 481),
        ("CANCEL", 481),
        ("INFO", 481),
        ("UPDATE", 481),
        ("PRACK", 481),
        ("NOTIFY", 481),
        ("PUBLISH", 200),
        ("SUBSCRIBE", 489),
        ("UNHEARD-OF", 405),
    ],
)
def test_every_method_is_answered_politely(
    world: World, transport: str, method: str, status: int
) -> None:
    with bare_socket(world, transport) as peer:
        answer = peer.ask(message(method, "Contact: <sip:ua@127.0.0.9>"))

    awaited(world, lambda: exchanges(world))
    assert answer.status == status
    assert [(seen.method, seen.status) for seen in exchanges(world)] == [(method, status)]
    assert world.journal.crashes == []


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_call_that_is_declined_is_acknowledged_and_done(world: World, transport: str) -> None:
    with bare_socket(world, transport) as peer:
        invite = marked(message("INVITE", "Contact: <sip:ua@127.0.0.9>"))
        peer.send(invite)
        assert peer.response().status == 480
        peer.send(invite.replace(b"INVITE", b"ACK"))

        awaited(world, lambda: len(exchanges(world)) == 2)
    assert [(seen.method, seen.status) for seen in exchanges(world)] == [
        ("INVITE", 480),
        ("ACK", None),
    ]


def test_capabilities_are_told(ue: SipClient) -> None:
    headers = ue.send(ue.request("OPTIONS", ue.system.psi.server)).headers

    assert "PUBLISH" in (headers.get("Allow") or "")
    assert "application/poc-settings+xml" in (headers.get("Accept") or "")
    assert headers.get("Allow-Events") == "xcap-diff, poc-settings, reg, presence"


@pytest.mark.parametrize(
    ("asked", "granted"), [("60", "60"), ("4294967295", "3600"), ("0", "0"), ("", "3600")]
)
def test_other_publication_is_granted_no_more_than_it_asks_for(
    ue: SipClient, asked: str, granted: str
) -> None:
    fields = [("Event", "presence"), *([("Expires", asked)] if asked else [])]
    answer = ue.send(ue.request("PUBLISH", ue.system.psi.server, fields))

    assert (answer.status, answer.headers.get("Expires")) == (200, granted)
    assert answer.headers.get("SIP-ETag")


# States ----------------------------------------------------------------------------------------


def test_registration_event_is_subscribed_refreshed_and_ended(world: World, ue: SipClient) -> None:
    fields = [("Event", "reg"), ("Accept", "application/reginfo+xml"), ("Expires", "600")]
    request = ue.request("SUBSCRIBE", ue.identity, fields)
    response = ue.send(request)
    first = ue.notified()
    dialog = Dialog.from_sent(request, response)
    ue.send(dialog.request("SUBSCRIBE", [("Event", "reg"), ("Expires", "1200")]))
    second = ue.notified()
    ue.send(dialog.request("SUBSCRIBE", [("Event", "reg"), ("Expires", "0")]))
    third = ue.notified()

    states = [one.headers.get("Subscription-State") for one in (first, second, third)]
    assert states == ["active;expires=600", "active;expires=1200", "terminated;reason=timeout"]
    assert [etree.fromstring(one.body).get("version") for one in (first, second, third)] == [
        "0",
        "1",
        "2",
    ]
    assert ue.identity.encode() in first.body
    assert f"sip:alice@127.0.0.1:{ue.flow.local[1]}".encode() in first.body
    notifications_sent(world)
    assert [seen.status for seen in sip_exchanges(world, "NOTIFY")] == [200, 200, 200]
    assert world.primary.mc_server.watchers.watchers == {}


def test_user_who_left_is_told_as_terminated(world: World, ue: SipClient) -> None:
    assert ue.register(("Contact", "*"), ("Expires", "0")).status == 200
    ue.send(ue.request("SUBSCRIBE", ue.identity, [("Event", "reg"), ("Expires", "0")]))

    [registration] = etree.fromstring(ue.notified().body)
    assert (registration.get("aor"), registration.get("state")) == (ue.identity, "terminated")
    assert len(registration) == 0


def test_presence_is_subscribed_to(world: World, ue: SipClient) -> None:
    target = world.primary.identity("alice")
    response = ue.send(ue.request("SUBSCRIBE", target, [("Event", "Presence;id=1")]))
    notify = ue.notified()

    assert response.status == 200
    assert notify.headers.get("Content-Type") == "application/pidf+xml"
    assert etree.fromstring(notify.body).get("entity") == target


def test_refresh_of_an_unknown_state_subscription_is_refused(ue: SipClient) -> None:
    request = ue.request("SUBSCRIBE", ue.identity, [("Event", "reg")])
    request.headers.set("To", f"<{ue.identity}>;tag=nobody")

    assert ue.send(request).status == 481


def test_state_subscription_without_contact_is_refused(ue: SipClient) -> None:
    request = ue.request("SUBSCRIBE", ue.identity, [("Event", "reg")])
    request.headers.remove("Contact")

    assert ue.send(request).status == 400


# Odd values ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("contact", "granted"),
    [
        ("<sip:ua@h>;expires=abc", "<sip:ua@h>;expires=3600"),
        ('<sip:ua@h>;expires="60"', "<sip:ua@h>;expires=60"),
        ("<sip:ua@h>;expires=" + "9" * 5000, "<sip:ua@h>;expires=3600"),
        ("<sip:ua@h>;Expires = 70;q=1", "<sip:ua@h>;q=1;expires=70"),
        ("sip:ua@h;expires=5", "sip:ua@h;expires=5"),
        ("<sip:ua@h;expires=5>;x=1", "<sip:ua@h;expires=5>;x=1;expires=3600"),
        ('"a>;expires=1" <sip:ua@h>;x=">;expires=2"', None),
    ],
)
def test_contact_comes_back_with_the_lifetime_that_is_granted(
    ue: SipClient, contact: str, granted: str | None
) -> None:
    answer = ue.register(("Contact", contact))

    assert answer.status == 200
    assert answer.headers.get("Contact") == (granted or f"{contact};expires=3600")


def test_several_contacts_come_back(ue: SipClient) -> None:
    answer = ue.register(("Contact", "<sip:a@h>;expires=60, <sip:b@h>"))

    assert answer.headers.all("Contact") == ["<sip:a@h>;expires=60", "<sip:b@h>;expires=60"]


@pytest.mark.parametrize("contact", ["*", "<sip:a@h>, *"])
def test_star_that_does_not_remove_all_is_refused(
    world: World, ue: SipClient, contact: str
) -> None:
    if contact != "*":
        with bare_socket(world, "udp") as peer:
            answer = peer.ask(message("REGISTER", "Contact: <sip:a@h>", "Contact: *"))
        assert answer.status == 400
        return

    assert ue.register(("Contact", "*")).status == 400


@pytest.mark.parametrize("index", ["\u00b2", "\u0663", "9" * 5000, "-1", "one"])
def test_profile_index_that_is_no_number_is_none(world: World, ue: SipClient, index: str) -> None:
    answer = ue.publish(issued(world), index=index)  # type: ignore[arg-type]

    assert answer.status == 200
    binding = world.primary.mc_server.bindings[ue.identity]
    assert binding.profile_index is None
    assert world.journal.crashes == []


def test_tag_without_value_is_no_crash(world: World) -> None:
    with bare_socket(world, "udp") as peer:
        answer = peer.ask(message(To="<sip:stub@torture.example>;tag"))

    assert answer.headers.get("To") == "<sip:stub@torture.example>;tag"
    assert world.journal.crashes == []


@pytest.mark.parametrize(
    "contact",
    ["<sip:a?b@127.0.0.9?Subject=x>", "<mailto:a@b?subject=x>", "<tel:+12015550123>", "sip:[::1]"],
)
def test_notification_goes_to_any_contact(world: World, ue: SipClient, contact: str) -> None:
    selector = world.service_configuration_selector()
    request = ue.subscription(ue.system.psi.cms, [selector], issued(world), ("Contact", contact))

    assert ue.send(request).status == 200
    notify = ue.notified()

    assert notify.uri == contact.strip("<>").removesuffix("?Subject=x")
    notifications_sent(world)
    assert world.journal.crashes == []


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_notification_with_a_long_route_is_recorded(
    world: World, client: Make, transport: str
) -> None:
    ue = client(transport=transport)
    selector = world.service_configuration_selector()
    hops = ("Record-Route", ",".join(["<sip:hop.example;lr>"] * 700))
    request = ue.subscription(ue.system.psi.cms, [selector], issued(world), hops)

    assert ue.send(request).status == 200
    notifications_sent(world)

    [notify] = sip_exchanges(world, "NOTIFY")
    assert [name for name, _ in notify.headers].count("Route") == 700
    assert world.journal.crashes == []


def test_notification_that_fits_no_datagram_ends_the_subscription(
    world: World, ue: SipClient
) -> None:
    selector = world.service_configuration_selector()
    hops = [("Record-Route", ",".join(["<sip:h>"] * 1_000))] * 7
    request = ue.subscription(ue.system.psi.cms, [selector], issued(world), *hops)

    assert ue.send(request).status == 200
    notifications_sent(world)

    assert request.headers.get("Call-ID") not in world.primary.mc_server.subscriptions
    assert still_serves(world)
    assert world.journal.crashes == []
