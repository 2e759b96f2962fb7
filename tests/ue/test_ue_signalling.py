"""What the UE answers to requests of its system, and what it does not let itself be told."""

from muster.protocol.sip.message import Headers
from muster.ue.driver import DONE, Driver
from tests.ue.world import World, serve


def test_notification_below_another_root_is_not_followed(world: World, ue: Driver) -> None:
    """A token would go where no document of the UE sent it."""
    serve(ue)
    before = len(world.primary.seen)
    world.primary.notified_base = world.partner.base

    world.primary.put_profile(1, [])
    answers = world.loop.run(world.primary.notify("cms"))
    assert ue.quiet(10)

    assert answers == [200]
    assert world.primary.since(before) == []
    assert world.partner.seen == []
    state = ue.report_state()
    assert state is not None
    root = f"{world.partner.base}/cms"
    assert state["problems"] == [
        f"the notification is about {root}, not about {world.primary.base}/cms"
    ]


def test_notification_outside_every_subscription_is_refused(world: World, ue: Driver) -> None:
    serve(ue)
    known = next(iter(world.primary.dialogs.values()))
    headers = [("Event", "xcap-diff"), ("Subscription-State", "active")]
    request = known.dialog.request("NOTIFY", headers)
    request.headers = Headers(request.headers.items())
    request.headers.set("Call-ID", "of-nobody")

    response = world.loop.run(world.primary._sip.request(request, known.flow))

    assert response.status == 481


def test_notification_that_is_no_xcap_diff_is_refused(world: World, ue: Driver) -> None:
    serve(ue)
    known = next(iter(world.primary.dialogs.values()))
    headers = [("Event", "xcap-diff"), ("Subscription-State", "active")]
    headers.append(("Content-Type", "application/xcap-diff+xml"))
    request = known.dialog.request("NOTIFY", headers, b"<!DOCTYPE a><a/>")

    response = world.loop.run(world.primary._sip.request(request, known.flow))

    assert response.status == 400


def test_visitor_without_ue_configuration_is_served(world: World, ue: Driver) -> None:
    serve(ue)
    for path in [path for path in world.partner.documents if "ue-config/" in path]:
        del world.partner.documents[path]

    assert ue.migrate("mcptt", "sip:partner.example", 2) == DONE
