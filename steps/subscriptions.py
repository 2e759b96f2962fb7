"""Steps of subscriptions: their form towards the group server, how they are kept, how they end."""

from __future__ import annotations

from collections.abc import Callable

from pytest_bdd import given, then, when

from muster.checks import subscriptions
from muster.checks.reading import address, concerns_configuration, subscribed
from muster.evidence import SipExchange, Window
from muster.journal import now
from muster.protocol.sip.fields import parse_address
from muster.verdicts import Reason, VerdictKeeper, require
from steps.lifetimes import lasting, lifetime_of
from steps.scene import Scene
from steps.vocabulary import phrase
from stubs import faults_sip
from stubs.subscription import Subscription

GROUPS = "org.openmobilealliance.groups/"


def is_first(subscribe: SipExchange) -> bool:
    """Whether a SUBSCRIBE makes a dialog: it has no tag in To yet."""
    return parse_address(subscribe.header("To") or "").tag is None


def to_groups(scene: Scene, since: float = 0.0) -> list[SipExchange]:
    """SUBSCRIBEs for group documents, known by their list or by whom they are sent to."""
    psi = address(scene.primary.psi.gms)
    return [
        one
        for one in scene.sip("SUBSCRIBE", "primary", since)
        if any(GROUPS in entry for entry in subscribed(one)) or address(one.request_uri) == psi
    ]


def to_configuration(scene: Scene, since: float = 0.0) -> list[SipExchange]:
    return [
        one
        for one in scene.sip("SUBSCRIBE", "primary", since)
        if concerns_configuration(one) and one not in to_groups(scene, since)
    ]


def _first(scene: Scene, find: Callable[[], list[SipExchange]], what: str) -> SipExchange:
    def begun() -> list[SipExchange]:
        return [one for one in find() if is_first(one) and not subscriptions.is_end(one)]

    found = scene.expect(begun, what)
    assert isinstance(found, SipExchange)
    return found


def _first_to_groups(scene: Scene) -> SipExchange:
    return _first(scene, lambda: to_groups(scene), "a SUBSCRIBE for group documents")


# Form ------------------------------------------------------------------------------------------


@then(phrase("the subscription to groups has its form"))
def group_subscription_has_its_form(scene: Scene, verdict: VerdictKeeper) -> None:
    subscribe = _first_to_groups(scene)
    verdict.take(subscriptions.group_subscription_has_its_form(subscribe, scene.service))
    psi = scene.primary.psi.gms
    verdict.take(subscriptions.group_subscription_goes_to_the_named_psi(subscribe, psi))


@then(phrase("the subscription to groups presents the user's access token"))
def group_subscription_presents_the_token(scene: Scene, verdict: VerdictKeeper) -> None:
    verdict.take(subscriptions.group_subscription_presents_the_token(_first_to_groups(scene)))


@then(phrase("the subscription to groups lists each group of {user:User}'s active profile"))
def group_subscriptions_list_each_group(scene: Scene, verdict: VerdictKeeper, user: str) -> None:
    _first_to_groups(scene)
    scene.settled("groups were subscribed to")
    begun = [one for one in to_groups(scene) if is_first(one)]
    selectors = scene.group_selectors(scene.active_profile("primary", user))
    verdict.take(subscriptions.group_subscriptions_list_each_group(begun, selectors, scene.service))


def _all_begun(scene: Scene) -> list[SipExchange]:
    """Wait until the UE has come to rest; return all SUBSCRIBEs for changes of documents."""
    scene.expect(lambda: scene.sip("SUBSCRIBE", "primary"), "a SUBSCRIBE")
    scene.settled("documents were subscribed to")
    found = [*to_configuration(scene), *to_groups(scene)]
    return sorted((one for one in found if is_first(one)), key=lambda one: one.started)


@then(phrase("each subscription names the event that it is for"))
def subscription_names_its_event(scene: Scene, verdict: VerdictKeeper) -> None:
    verdict.take(subscriptions.subscription_names_its_event(_all_begun(scene)))


@then(phrase("each subscription lists the documents that it is for"))
def subscription_lists_its_documents(scene: Scene, verdict: VerdictKeeper) -> None:
    verdict.take(subscriptions.subscription_lists_its_documents(_all_begun(scene)))


# Lifetime --------------------------------------------------------------------------------------


def _kept(scene: Scene, granted: SipExchange) -> tuple[list[SipExchange], Window]:
    """Wait for what follows in a dialog within the lifetime that was granted to it."""
    require(granted.status == 200, Reason.PRECONDITION_UNMET, "the subscription was refused")

    def later() -> list[SipExchange]:
        found = scene.sip("SUBSCRIBE", "primary", granted.ended)
        return [one for one in found if one.header("Call-ID") == granted.header("Call-ID")]

    window = lasting(scene, granted, lifetime_of_subscription(granted), later)
    return later(), window


def lifetime_of_subscription(granted: SipExchange) -> float:
    return float(granted.responses[-1].header("Expires") or 0)


def _configuration(scene: Scene) -> SipExchange:
    what = "a SUBSCRIBE for configuration documents"
    return _first(scene, lambda: to_configuration(scene), what)


@then(phrase("the subscription to configuration documents is refreshed in time"))
def subscription_is_refreshed(scene: Scene, verdict: VerdictKeeper) -> None:
    granted = _configuration(scene)
    later, window = _kept(scene, granted)
    lifetime = lifetime_of_subscription(granted)
    verdict.take(subscriptions.subscription_is_refreshed(granted, later, lifetime, window))


@then(phrase("the subscription to the groups of the chosen profile is refreshed in time"))
def group_subscription_is_refreshed(scene: Scene, verdict: VerdictKeeper) -> None:
    _first_to_groups(scene)
    scene.settled("another profile was chosen")
    # In a new dialog, in the one that there was, or by a collection that needs no change.
    begun = [s for s in to_groups(scene) if s.status == 200 and not subscriptions.is_end(s)]
    require(begun, Reason.UE_SILENT, "no group is subscribed to")
    granted = begun[-1]
    later, window = _kept(scene, granted)
    lifetime = lifetime_of_subscription(granted)
    verdict.take(subscriptions.subscription_is_refreshed(granted, later, lifetime, window))


@then(phrase("the refresh stays within the dialog of the subscription"))
def refresh_stays_in_the_dialog(scene: Scene, verdict: VerdictKeeper) -> None:
    granted = _configuration(scene)
    later, _ = _kept(scene, granted)
    require(later, Reason.UE_SILENT, "the subscription was not refreshed")
    verdict.take(subscriptions.requests_stay_in_their_dialog(granted, later))


def _refused(scene: Scene) -> list[SipExchange]:
    return [one for one in scene.sip("SUBSCRIBE", "primary") if one.status == 481]


@when(phrase("the primary system loses its subscriptions to configuration documents"))
def lose_subscriptions(scene: Scene) -> None:
    scene.chosen_at = now()
    system = scene.primary
    begun = _configuration(scene)
    forget = faults_sip.forget_subscriptions
    scene.world.loop.call(lambda: forget(system.mc_server, system.configuration))
    # From a refresh that may just have been answered, the next is a lifetime away.
    begins, lifetime = now(), lifetime_of(begun)
    scene.journal.wait_until(lambda: bool(_refused(scene)), lifetime)
    scene.journal.write(
        "wait", begins=begins, ends=now(), scale=scene.waiting.scale, after="subscriptions lost"
    )


@then(phrase("the lost subscription is not refreshed again"))
def lost_subscription_is_left(scene: Scene, verdict: VerdictKeeper) -> None:
    refused = scene.expect(lambda: _refused(scene), "a refresh that was refused as unknown")
    assert isinstance(refused, SipExchange)
    window = scene.settled("a refresh was refused as unknown")
    later = [
        one
        for one in scene.sip("SUBSCRIBE", "primary", refused.ended)
        if one.name != refused.name and not subscriptions.is_end(one)
    ]
    verdict.take(subscriptions.lost_subscription_is_not_refreshed_again(refused, later, window))


# Ends ------------------------------------------------------------------------------------------


@then(phrase("the subscriptions are ended in their dialogs"))
def subscriptions_are_ended(scene: Scene, verdict: VerdictKeeper) -> None:
    def ends() -> list[SipExchange]:
        found = scene.sip("SUBSCRIBE", "primary", scene.chosen_at)
        return [one for one in found if subscriptions.is_end(one)]

    scene.expect(ends, "the end of a subscription")
    scene.settled("the user ended the service")
    begun = [
        one for one in scene.sip("SUBSCRIBE", "primary") if is_first(one) and one not in ends()
    ]
    verdict.take(subscriptions.subscriptions_end_in_their_dialog(begun, ends()))


def _end(scene: Scene, reason: str) -> SipExchange:
    """End the subscriptions to configuration; return the last NOTIFY that told of it."""
    scene.chosen_at = since = now()
    system = scene.primary
    end = faults_sip.end_subscriptions
    scene.world.loop.call(lambda: end(system.mc_server, system.configuration, reason))

    def told() -> list[SipExchange]:
        found = scene.sip("NOTIFY", "primary", since, "to_ue")
        return [
            one
            for one in found
            if (one.header("Subscription-State") or "").startswith("terminated") and one.responses
        ]

    notify = scene.expect(told, "an answer to the last NOTIFY")
    assert isinstance(notify, SipExchange)
    return notify


@when(
    phrase("the primary system ends the subscription to configuration documents as {why:Label}"),
    target_fixture="that_end",
)
def end_subscription(scene: Scene, why: str) -> SipExchange:
    return _end(scene, why)


def _begun_after(scene: Scene, end: SipExchange) -> tuple[list[SipExchange], Window]:
    def begun() -> list[SipExchange]:
        found = to_configuration(scene, scene.chosen_at)
        return [one for one in found if is_first(one) and not subscriptions.is_end(one)]

    scene.awaited(begun)
    window = scene.settled("the server ended the subscription")
    return begun(), window


@then(phrase("configuration documents are subscribed to anew"))
def subscription_is_begun_anew(scene: Scene, verdict: VerdictKeeper, that_end: SipExchange) -> None:
    begun, window = _begun_after(scene, that_end)
    verdict.take(subscriptions.deactivated_subscription_is_begun_anew(that_end, begun, window))


@then(phrase("the rejected subscription is not begun anew"))
def rejected_subscription_is_left(
    scene: Scene, verdict: VerdictKeeper, that_end: SipExchange
) -> None:
    begun, window = _begun_after(scene, that_end)
    verdict.take(subscriptions.rejected_subscription_is_not_begun_anew(that_end, begun, window))


@then(phrase("the subscription to nothing is not begun anew"))
def subscription_to_nothing_is_left(
    scene: Scene, verdict: VerdictKeeper, that_end: SipExchange
) -> None:
    begun, window = _begun_after(scene, that_end)
    verdict.take(subscriptions.subscription_to_nothing_is_not_begun_anew(that_end, begun, window))


@given(
    phrase("the primary system has rejected the subscription to configuration documents"),
    target_fixture="that_dialog",
)
def subscription_was_rejected(scene: Scene) -> list[Subscription]:
    system = scene.primary
    known = scene.world.loop.call(
        lambda: faults_sip.subscriptions_to(system.mc_server, system.configuration)
    )
    require(known, Reason.PRECONDITION_UNMET, "no configuration document is subscribed to")
    _end(scene, "rejected")
    scene.settled("the server ended the subscription")
    return known


# Groups of another profile ---------------------------------------------------------------------


@then(phrase("the groups of the chosen profile are subscribed to"))
def new_groups_are_subscribed_to(scene: Scene, verdict: VerdictKeeper) -> None:
    change = scene.expect(lambda: scene.settings("primary", scene.chosen_at), "new settings")
    assert isinstance(change, SipExchange)
    scene.settled("another profile was chosen")
    require(scene.active, Reason.PRECONDITION_UNMET, "no profile was chosen")
    assert scene.active is not None
    selectors = scene.group_selectors(scene.active)
    every = scene.sip("SUBSCRIBE", "primary")
    verdict.take(
        subscriptions.groups_of_the_new_profile_are_subscribed_to(
            change, every, selectors, scene.service
        )
    )


@then(phrase("no group that only the profile {name:Quoted} lists is still subscribed to"))
def old_groups_are_not_subscribed_to(scene: Scene, verdict: VerdictKeeper, name: str) -> None:
    change = scene.expect(lambda: scene.settings("primary", scene.chosen_at), "new settings")
    assert isinstance(change, SipExchange)
    window = scene.settled("another profile was chosen")
    require(scene.active, Reason.PRECONDITION_UNMET, "no profile was chosen")
    assert scene.active is not None
    kept = set(scene.group_selectors(scene.active))
    old = [s for s in scene.group_selectors(scene.profile("primary", name)) if s not in kept]
    every = scene.sip("SUBSCRIBE", "primary")
    verdict.take(
        subscriptions.groups_no_longer_listed_are_not_subscribed_to(change, every, old, window)
    )
