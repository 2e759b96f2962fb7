"""Steps of notifications that are not as usual, and of several changes at a time."""

from __future__ import annotations

from pytest_bdd import given, then, when

from muster.checks import groups, subscriptions, updates
from muster.checks.reading import announced
from muster.evidence import SipExchange
from muster.journal import now
from muster.protocol.sip.fields import parse_address
from muster.verdicts import Reason, VerdictKeeper, require
from steps.profiles import change, told
from steps.robustness import over_udp
from steps.scene import Scene
from steps.vocabulary import phrase
from stubs import faults_sip
from stubs.sip_bodies import Change, xcap_diff
from stubs.subscription import Subscription

LATE_SECONDS = 0.3
"""How long an answer waits for what is to overtake it, before the clock scale of the IXIT."""
UNKNOWN_ETAG = "0f1e2d3c4b5a"
CHANGED_PARTICIPANTS = 66


def _notified(scene: Scene, since: float) -> SipExchange:
    """Return the NOTIFY that was sent, whatever the UE answered."""
    found = scene.expect(
        lambda: [n for n in scene.sip("NOTIFY", "primary", since, "to_ue") if n.responses],
        "an answer to a NOTIFY",
    )
    assert isinstance(found, SipExchange)
    return found


def _of_service_configuration(scene: Scene, previous: str, new: str) -> Change:
    return Change(scene.world.service_configuration_selector(scene.service), previous, new)


def _stray_body(scene: Scene) -> bytes:
    root = scene.primary.psi.cms_root
    return xcap_diff(root, [_of_service_configuration(scene, "", UNKNOWN_ETAG)])


# Notifications that are not as usual -----------------------------------------------------------


@when(
    phrase("the primary system notifies {user:User} of a subscription that nobody has"),
    target_fixture="that_stray",
)
def notify_of_nothing_known(scene: Scene, user: str) -> SipExchange:
    scene.chosen_at = since = now()
    server = scene.primary.mc_server
    require(server.bindings, Reason.PRECONDITION_UNMET, "nobody is registered")
    binding = list(server.bindings.values())[-1]
    contact = parse_address(binding.contact).uri
    body = _stray_body(scene)
    scene.world.loop.run(
        faults_sip.send_stray_notification(server, binding.flow, contact, body), 40
    )
    return _notified(scene, since)


@when(
    phrase("the primary system goes on notifying of the subscription that it ended"),
    target_fixture="that_stray",
)
def notify_of_an_ended_subscription(scene: Scene, that_dialog: list[Subscription]) -> SipExchange:
    scene.chosen_at = since = now()
    server, body = scene.primary.mc_server, _stray_body(scene)
    scene.world.loop.run(faults_sip.send_within(server, that_dialog[0], body), 40)
    return _notified(scene, since)


@then(phrase("that stray notification is refused"))
def stray_notification_is_refused(verdict: VerdictKeeper, that_stray: SipExchange) -> None:
    verdict.take(subscriptions.unknown_notification_is_refused(that_stray))


@given(phrase("the primary system notifies before it answers a subscription"))
def notify_before_the_answer(scene: Scene) -> None:
    fault = faults_sip.LateAnswer("SUBSCRIBE", LATE_SECONDS * scene.waiting.scale)
    scene.world.loop.call(lambda: scene.primary.sip_faults.append(fault))


@then(phrase("the notification that came early is taken"))
def early_notification_is_taken(scene: Scene, verdict: VerdictKeeper) -> None:
    def overtaken() -> list[tuple[SipExchange, SipExchange]]:
        return [
            (subscribe, notify)
            for subscribe in scene.sip("SUBSCRIBE", "primary")
            for notify in scene.sip("NOTIFY", "primary", subscribe.started, "to_ue")
            if notify.header("Call-ID") == subscribe.header("Call-ID")
            and notify.responses
            and notify.started < subscribe.ended
        ]

    scene.awaited(overtaken)
    require(overtaken(), Reason.UE_SILENT, "no NOTIFY that came before the answer was answered")
    subscribe, notify = overtaken()[0]
    verdict.take(subscriptions.early_notification_is_taken(subscribe, notify))


@given(phrase("the primary system repeats its notifications"))
def repeat_notifications(scene: Scene) -> None:
    server = scene.primary.sip
    scene.world.loop.call(lambda: server.copies.update(NOTIFY=1))


@then(phrase("the repeated announcement is answered alike"))
def repeated_notification_is_answered_alike(
    verdict: VerdictKeeper, that_announcement: SipExchange
) -> None:
    over_udp(that_announcement)
    verdict.take(subscriptions.repeated_notification_is_answered_alike(that_announcement))


@when(
    phrase("the primary system notifies {user:User} of nothing new"),
    target_fixture="that_announcement",
)
def notify_of_nothing_new(scene: Scene, user: str) -> SipExchange:
    scene.chosen_at = since = now()
    system = scene.primary
    held = system.configuration.get(scene.world.service_configuration_selector(scene.service))
    require(held, Reason.PRECONDITION_UNMET, "there is no service configuration")
    assert held is not None
    same = _of_service_configuration(scene, held.etag, held.etag)
    announce = faults_sip.announce
    scene.world.loop.call(lambda: announce(system.mc_server, system.configuration, [same]))
    return _notified(scene, since)


@when(
    phrase("the primary system announces the group {label:Label}, to which nobody subscribed"),
    target_fixture="that_announcement",
)
def announce_a_foreign_group(scene: Scene, label: str) -> SipExchange:
    scene.chosen_at = since = now()
    system = scene.primary
    foreign = Change(scene.world.builder.group_selector("primary", label), "", UNKNOWN_ETAG)
    announce = faults_sip.announce
    scene.world.loop.call(lambda: announce(system.mc_server, system.groups, [foreign]))
    return _notified(scene, since)


@then(phrase("no group that {user:User}'s active profile does not list is asked for"))
def foreign_group_is_not_asked_for(
    scene: Scene, verdict: VerdictKeeper, that_announcement: SipExchange, user: str
) -> None:
    window = scene.settled("a group was announced")
    selectors = scene.group_selectors(scene.active_profile("primary", user))
    requests = scene.xcap(scene.chosen_at)
    verdict.take(groups.asks_for_no_other_group(that_announcement, requests, selectors, window))


@when(
    phrase("the primary system announces a profile of {other:User} to {user:User}"),
    target_fixture="that_announcement",
)
def announce_a_profile_of_another(scene: Scene, other: str, user: str) -> SipExchange:
    scene.chosen_at = since = now()
    system = scene.primary
    selector = scene.world.profile_selector("primary", other, 0, scene.service)
    foreign = Change(selector, "", UNKNOWN_ETAG)
    announce = faults_sip.announce
    scene.world.loop.call(lambda: announce(system.mc_server, system.configuration, [foreign]))
    return _notified(scene, since)


@then(phrase("no document of another user than {user:User} is asked for"))
def documents_of_others_are_left(
    scene: Scene, verdict: VerdictKeeper, that_announcement: SipExchange, user: str
) -> None:
    window = scene.settled("a profile of another was announced")
    own = scene.primary.identity(user, scene.service)
    requests = scene.xcap(scene.chosen_at)
    verdict.take(
        subscriptions.documents_of_others_are_not_asked_for(
            that_announcement, requests, own, window
        )
    )


# Several changes -------------------------------------------------------------------------------


def _announcements(scene: Scene, *selectors: str) -> list[SipExchange]:
    """Return the NOTIFYs of the last change that the UE took: until each document was in one."""
    since = scene.chosen_at

    def taken() -> list[SipExchange]:
        found = scene.sip("NOTIFY", "primary", since, "to_ue")
        return [one for one in found if one.status == 200]

    def all_told() -> bool:
        return set(selectors) <= {name for one in taken() for name in announced(one)}

    require(scene.awaited(all_told), Reason.UE_SILENT, "not every change was taken notice of")
    scene.settled("changes were announced")
    return [one for one in taken() if set(announced(one)) & set(selectors)]


@when(
    phrase("the primary system changes both configurations of {user:User}'s terminal at once"),
    target_fixture="those_announcements",
)
def change_two_documents(scene: Scene, user: str) -> list[SipExchange]:
    scene.chosen_at = now()
    world, server = scene.world, scene.primary.mc_server

    def both() -> tuple[str, str]:
        server.is_gathering = True
        one = world.put_ue_configuration("primary", user, scene.service)
        other = world.put_service_configuration("primary", "PT40S", scene.service)
        server.release()
        return one.selector, other.selector

    return _announcements(scene, *world.loop.call(both))


@then(phrase("both changed documents are fetched"))
def both_documents_are_fetched(
    scene: Scene, verdict: VerdictKeeper, those_announcements: list[SipExchange]
) -> None:
    requests = scene.xcap(scene.chosen_at)
    for announcement in those_announcements:
        verdict.take(updates.every_change_of_a_notification_is_fetched(announcement, requests))


@when(
    phrase("the primary system changes the groups {one:Label} and {other:Label} at once"),
    target_fixture="those_announcements",
)
def change_two_groups(scene: Scene, one: str, other: str) -> list[SipExchange]:
    scene.chosen_at = now()
    world, server = scene.world, scene.primary.mc_server

    def both() -> list[str]:
        server.is_gathering = True
        changed = [
            world.put_group("primary", label, CHANGED_PARTICIPANTS) for label in (one, other)
        ]
        server.release()
        return [document.selector for document in changed]

    return _announcements(scene, *world.loop.call(both))


@then(phrase("both changed groups are fetched"))
def both_groups_are_fetched(
    scene: Scene, verdict: VerdictKeeper, those_announcements: list[SipExchange]
) -> None:
    requests = scene.xcap(scene.chosen_at)
    for announcement in those_announcements:
        verdict.take(updates.every_group_of_a_notification_is_fetched(announcement, requests))


@when(
    phrase("the primary system changes {user:User}'s profile {name:Quoted} twice in a row"),
    target_fixture="those_announcements",
)
def change_a_profile_twice(scene: Scene, user: str, name: str) -> list[SipExchange]:
    scene.chosen_at = since = now()
    world, profile = scene.world, scene.profile("primary", name)
    selector = scene.selector(profile)

    def put(suffix: str) -> str:
        new = profile.model_copy(update={"name": f"{name} ({suffix})"})
        return world.loop.call(lambda: world.put_profile(new)).etag

    def fetched(etag: str) -> bool:
        asked = scene.http("primary", "cms", since, selector)
        return any(one.response_header("ETag") == etag for one in asked)

    first = put("changed")
    # The second change is to find the UE at work on the first.
    scene.journal.wait_until(lambda: fetched(first), scene.waiting.answer * scene.waiting.scale)
    put("changed again")

    def taken() -> list[SipExchange]:
        return scene.notifications("primary", selector, since)

    require(
        scene.awaited(lambda: len(taken()) > 1),
        Reason.UE_SILENT,
        "not both changes were taken notice of",
    )
    scene.settled("changes were announced")
    return taken()


@then(phrase("the profile is fetched as it was announced last"))
def last_version_is_fetched(
    scene: Scene, verdict: VerdictKeeper, those_announcements: list[SipExchange]
) -> None:
    requests = scene.xcap(scene.chosen_at)
    verdict.take(updates.last_of_several_notifications_is_followed(those_announcements, requests))


@then(phrase("what changed is retrieved where it was announced"))
def document_is_retrieved_where_announced(
    scene: Scene, verdict: VerdictKeeper, that_announcement: SipExchange
) -> None:
    asked = scene.xcap(scene.chosen_at)
    require(asked, Reason.UE_SILENT, "no document was asked for")
    verdict.take(updates.documents_are_retrieved_where_they_are_announced(that_announcement, asked))


# Groups that come to the active profile, and go ------------------------------------------------


def _regroup(scene: Scene, name: str, labels: tuple[str, ...]) -> SipExchange:
    scene.chosen_at = since = now()
    profile = scene.profile("primary", name).model_copy(update={"groups": labels})
    change(scene, profile)
    return told(scene, scene.selector(profile), since)


@when(
    phrase(
        "the primary system adds {label:Label} to the groups of {user:User}'s profile {name:Quoted}"
    ),
    target_fixture="that_announcement",
)
def add_a_group(scene: Scene, label: str, user: str, name: str) -> SipExchange:
    known = scene.profile("primary", name).groups
    return _regroup(scene, name, (*known, label))


@then(phrase("the group {label:Label} is obtained"))
def added_group_is_obtained(
    scene: Scene, verdict: VerdictKeeper, that_announcement: SipExchange, label: str
) -> None:
    selector = scene.world.builder.group_selector("primary", label)
    requests = scene.xcap(scene.chosen_at)
    verdict.take(
        updates.group_added_to_the_profile_is_obtained(
            that_announcement, requests, [selector], scene.service
        )
    )


@when(
    phrase(
        "the primary system takes {label:Label} from the groups of {user:User}'s profile"
        " {name:Quoted}"
    ),
    target_fixture="that_announcement",
)
def take_a_group(scene: Scene, label: str, user: str, name: str) -> SipExchange:
    known = scene.profile("primary", name).groups
    return _regroup(scene, name, tuple(group for group in known if group != label))


@then(phrase("the group {label:Label} is not subscribed to any more"))
def removed_group_is_left(
    scene: Scene, verdict: VerdictKeeper, that_announcement: SipExchange, label: str
) -> None:
    window = scene.settled("a group was taken from the profile")
    selector = scene.world.builder.group_selector("primary", label)
    every = scene.sip("SUBSCRIBE", "primary")
    verdict.take(
        subscriptions.groups_no_longer_listed_are_not_subscribed_to(
            that_announcement, every, [selector], window
        )
    )
