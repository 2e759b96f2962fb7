"""What the SIP servers of a system may do on purpose: grant shortly, refuse, lose, notify oddly."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from muster.protocol.sip.dialog import Dialog
from muster.protocol.sip.fields import parse_address
from muster.protocol.sip.message import SipRequest
from stubs import faults_sip
from stubs.mc_server import NOT_AUTHORISED, UNKNOWN_USER
from stubs.sip_bodies import Change, xcap_diff
from stubs.world import World
from tests.stubs.stub_helpers import (
    SipClient,
    announced,
    issued,
    mcptt_info,
    poc_settings,
    sip_exchanges,
)

Make = Callable[..., SipClient]


@pytest.fixture
def ue(client: Make) -> SipClient:
    ue = client()
    assert ue.register().status == 200
    return ue


@pytest.fixture(autouse=True)
def well_behaved(world: World) -> Iterator[None]:
    """The tests share one world: each leaves it as it was."""
    yield
    system = world.primary
    system.sip_faults.clear()
    system.sip.copies.clear()
    system.mc_server.longest.clear()
    system.mc_server.subscriptions.clear()


def fault(world: World, one: faults_sip.SipFault) -> None:
    world.loop.call(lambda: world.primary.sip_faults.append(one))


def configuration(world: World) -> str:
    return world.service_configuration_selector()


def subscribe(world: World, ue: SipClient, *resources: str) -> Dialog:
    """Subscribe to configuration documents, and take the first NOTIFY."""
    request = ue.subscription(ue.system.psi.cms, resources, issued(world))
    dialog = Dialog.from_sent(request, ue.send(request))
    ue.notified()
    return dialog


def end(world: World, reason: str) -> None:
    system = world.primary
    world.loop.call(
        lambda: faults_sip.end_subscriptions(system.mc_server, system.configuration, reason)
    )


# Lifetimes -------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["600", "4294967295"])
def test_publication_is_granted_the_longest_lifetime(
    world: World, ue: SipClient, asked: str
) -> None:
    world.primary.mc_server.longest["PUBLISH"] = 2

    answer = ue.publish(issued(world), headers=[("Expires", asked)])

    assert (answer.status, answer.headers.get("Expires")) == (200, "2")


def test_shorter_lifetime_is_granted_as_asked(world: World, ue: SipClient) -> None:
    world.primary.mc_server.longest["PUBLISH"] = 60

    answer = ue.publish(issued(world), headers=[("Expires", "7")])

    assert answer.headers.get("Expires") == "7"


def test_registration_is_told_its_lifetime_once(world: World, client: Make) -> None:
    world.primary.mc_server.longest["REGISTER"] = 2
    ue = client()

    answer = ue.register(("Contact", "<sip:alice@127.0.0.1:5070>;expires=600"))

    assert answer.headers.get("Contact") == "<sip:alice@127.0.0.1:5070>;expires=2"


def test_subscription_is_told_its_lifetime_in_both_places(world: World, ue: SipClient) -> None:
    world.primary.mc_server.longest["SUBSCRIBE"] = 2

    request = ue.subscription(ue.system.psi.cms, [configuration(world)], issued(world))
    answer, notify = ue.send(request), ue.notified()

    assert answer.headers.get("Expires") == "2"
    assert notify.headers.get("Subscription-State") == "active;expires=2"


# Publications ----------------------------------------------------------------------------------


def refresh(ue: SipClient, tag: str) -> SipRequest:
    named = [("SIP-If-Match", tag)] if tag else []
    fields = [("Event", "poc-settings"), ("Expires", "600"), *named]
    return ue.request("PUBLISH", ue.system.psi.server, fields)


def test_refresh_keeps_the_profile_and_gives_a_new_entity_tag(world: World, ue: SipClient) -> None:
    tag = ue.publish(issued(world), index=1).headers.get("SIP-ETag") or ""

    answer = ue.send(refresh(ue, tag))

    binding = world.primary.mc_server.bindings[ue.identity]
    assert answer.status == 200
    assert answer.headers.get("SIP-ETag") not in (None, tag)
    assert binding.profile_index == 1


def test_refresh_of_nothing_is_refused(world: World, ue: SipClient) -> None:
    ue.publish(issued(world))

    assert ue.send(refresh(ue, "")).status == 400


def test_authorisation_that_changes_an_unknown_publication_is_refused(
    world: World, ue: SipClient
) -> None:
    answer = ue.publish(issued(world), headers=[("SIP-If-Match", "unknown")])

    assert answer.status == 412


def test_lost_publication_is_refused_for_good_and_the_next_one_not(
    world: World, ue: SipClient
) -> None:
    tag = ue.publish(issued(world)).headers.get("SIP-ETag") or ""
    fault(world, faults_sip.ForgottenPublication())

    refused = [ue.send(refresh(ue, tag)).status for _ in range(2)]
    anew = ue.publish(issued(world)).headers.get("SIP-ETag") or ""

    assert refused == [412, 412]
    assert ue.send(refresh(ue, anew)).status == 200


# Refusals --------------------------------------------------------------------------------------


def test_refusal_says_why_and_for_how_long(world: World, ue: SipClient) -> None:
    fault(world, faults_sip.SipRefusal("PUBLISH", 503, NOT_AUTHORISED, retry_after=60))

    answer = ue.publish(issued(world))

    assert answer.status == 503
    assert (answer.headers.get("Warning") or "").endswith(f'"{NOT_AUTHORISED}"')
    assert answer.headers.get("Retry-After") == "60"


def test_refusal_may_come_late(world: World, ue: SipClient) -> None:
    fault(world, faults_sip.SipRefusal("PUBLISH", 403, seconds=0.3))

    assert ue.publish(issued(world)).status == 403
    [refused] = sip_exchanges(world, "PUBLISH")
    assert refused.ended - refused.started >= 0.3


def test_event_with_a_parameter_is_refused_alike(world: World, ue: SipClient) -> None:
    fault(world, faults_sip.SipRefusal("PUBLISH", 503))
    event = [("Event", "poc-settings;vnd=1"), ("Expires", "600")]
    parts = [mcptt_info(issued(world)), poc_settings(1)]

    assert ue.send(ue.request("PUBLISH", ue.system.psi.server, event, parts)).status == 503


def test_who_is_refused_may_end_the_registration_in_its_contact(
    world: World, ue: SipClient
) -> None:
    fault(world, faults_sip.SipRefusal("REGISTER", 503))
    leaving = ue.request("REGISTER", f"sip:{ue.system.domain}")
    leaving.headers.set("Contact", f"{leaving.headers.get('Contact')};expires=0")

    assert ue.send(leaving).status == 200


def test_refusal_ends_after_its_times(world: World, ue: SipClient) -> None:
    fault(world, faults_sip.SipRefusal("PUBLISH", 500, times=1))

    assert [ue.publish(issued(world)).status for _ in range(2)] == [500, 200]


def test_only_settings_without_token_are_refused(world: World, ue: SipClient) -> None:
    fault(world, faults_sip.SipRefusal("PUBLISH", 404, UNKNOWN_USER, with_token=False))

    assert ue.publish(issued(world)).status == 200
    assert ue.publish().status == 404


def test_the_end_and_other_states_are_not_refused(world: World, ue: SipClient) -> None:
    fault(world, faults_sip.SipRefusal("PUBLISH", 403))
    presence = ue.request("PUBLISH", ue.system.psi.server, [("Event", "presence")])

    assert ue.publish(issued(world), headers=[("Expires", "0")]).status == 200
    assert ue.send(presence).status == 200


# Subscriptions ---------------------------------------------------------------------------------


def test_forgotten_subscription_is_unknown(world: World, ue: SipClient) -> None:
    dialog = subscribe(world, ue, configuration(world))
    system = world.primary
    world.loop.call(lambda: faults_sip.forget_subscriptions(system.mc_server, system.configuration))

    answer = ue.send(dialog.request("SUBSCRIBE", [("Event", "xcap-diff"), ("Expires", "60")]))

    assert answer.status == 481


@pytest.mark.parametrize("reason", ["deactivated", "rejected", "noresource"])
def test_ended_subscription_says_why(world: World, ue: SipClient, reason: str) -> None:
    subscribe(world, ue, configuration(world))

    end(world, reason)

    assert ue.notified().headers.get("Subscription-State") == f"terminated;reason={reason}"
    assert world.primary.mc_server.subscriptions == {}


def test_notification_can_follow_the_end_in_the_same_dialog(world: World, ue: SipClient) -> None:
    subscribe(world, ue, configuration(world))
    known = list(world.primary.mc_server.subscriptions.values())
    end(world, "rejected")
    last = ue.notified()

    body = xcap_diff(world.primary.psi.cms_root, [])
    world.loop.run(faults_sip.send_within(world.primary.mc_server, known[0], body))

    assert ue.notified().headers.get("Call-ID") == last.headers.get("Call-ID")


def test_stray_notification_belongs_to_no_dialog(world: World, ue: SipClient) -> None:
    dialog = subscribe(world, ue, configuration(world))
    server = world.primary.mc_server
    binding = server.bindings[ue.identity]
    contact = parse_address(binding.contact).uri
    ue.status = 481

    body = xcap_diff(world.primary.psi.cms_root, [])
    world.loop.run(faults_sip.send_stray_notification(server, binding.flow, contact, body))

    assert ue.notified().headers.get("Call-ID") != dialog.call_id
    assert sip_exchanges(world, "NOTIFY")[-1].status == 481
    assert len(server.subscriptions) == 1


def test_announcement_needs_no_change(world: World, ue: SipClient) -> None:
    subscribe(world, ue, configuration(world))
    system, foreign = world.primary, Change("a/users/b/c", "", "e1")

    world.loop.call(lambda: faults_sip.announce(system.mc_server, system.configuration, [foreign]))

    assert announced(ue.notified()) == [{"sel": "a/users/b/c", "new-etag": "e1"}]


def test_gathered_changes_come_in_one_notification(world: World, ue: SipClient) -> None:
    own = world.ue_configuration_selector("primary", "alice")
    subscribe(world, ue, configuration(world))
    request = ue.subscription(ue.system.psi.cms, [configuration(world), own], issued(world))
    ue.send(request)
    ue.notified()
    server = world.primary.mc_server

    def change() -> None:
        server.is_gathering = True
        world.put_ue_configuration("primary", "alice")
        world.put_service_configuration("primary", "PT33S")
        server.release()

    world.loop.call(change)

    told = [{one["sel"] for one in announced(ue.notified())} for _ in range(2)]
    assert sorted(told, key=len) == [{configuration(world)}, {configuration(world), own}]


# The way of messages ---------------------------------------------------------------------------


def test_late_answer_is_overtaken_by_what_it_starts(world: World, ue: SipClient) -> None:
    fault(world, faults_sip.LateAnswer("SUBSCRIBE", 0.2))

    subscribe(world, ue, configuration(world))

    (subscribed,) = sip_exchanges(world, "SUBSCRIBE")
    (notified,) = sip_exchanges(world, "NOTIFY")
    assert notified.ended < subscribed.ended


def test_copy_of_a_notification_is_recorded_with_its_answer(world: World, ue: SipClient) -> None:
    world.primary.sip.copies["NOTIFY"] = 1

    subscribe(world, ue, configuration(world))
    world.journal.wait_until(lambda: bool(sip_exchanges(world, "NOTIFY")), 5)

    (notified,) = sip_exchanges(world, "NOTIFY")
    assert [answer.status for answer in notified.responses] == [200, 200]
    assert notified.facts["retransmissions"] == 1
    assert ue.received.empty()


def test_nothing_is_repeated_on_a_stream(world: World, client: Make) -> None:
    world.primary.sip.copies["NOTIFY"] = 1
    ue = client(transport="tcp")
    ue.register()

    subscribe(world, ue, configuration(world))
    world.journal.wait_until(lambda: bool(sip_exchanges(world, "NOTIFY")), 5)

    (notified,) = sip_exchanges(world, "NOTIFY")
    assert len(notified.responses) == 1
