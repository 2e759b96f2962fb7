"""Steps of updates during service: a document changes, and the terminal follows."""

from __future__ import annotations

from pytest_bdd import then, when

from muster.checks import updates
from muster.checks.reading import announced
from muster.evidence import HttpExchange, SipExchange
from muster.journal import now
from muster.verdicts import Reason, VerdictKeeper, require
from steps.scene import Scene
from steps.vocabulary import phrase

MANY_PARTICIPANTS = 77


def _notified(scene: Scene, system: str, holding: str) -> SipExchange:
    """Return the NOTIFY of the change, answered by the UE in whatever way: it has arrived."""
    since = scene.chosen_at

    def answered() -> list[SipExchange]:
        sent = scene.sip("NOTIFY", system, since, "to_ue")
        return [n for n in sent if n.status and any(holding in sel for sel in announced(n))]

    notify = scene.expect(answered, f"a NOTIFY about {holding} answered")
    assert isinstance(notify, SipExchange)
    scene.settled("the change was announced")
    return notify


def _requests_after(scene: Scene, announcement: SipExchange) -> list[HttpExchange]:
    """Return what was asked for after a change that the UE took note of."""
    refused = f"the UE answered the NOTIFY with {announcement.status}"
    require(announcement.status == 200, Reason.PRECONDITION_UNMET, refused)
    return scene.xcap(scene.chosen_at)


@when(
    phrase("the {system:System} system changes the group {label:Label}"),
    target_fixture="that_announcement",
)
def change_group(scene: Scene, system: str, label: str) -> SipExchange:
    scene.chosen_at = now()
    world = scene.world
    document = world.on_loop(lambda: world.put_group(system, label, MANY_PARTICIPANTS))
    return _notified(scene, system, document.selector)


@when(
    phrase("the {system:System} system changes {user:User}'s profile {profile:Quoted}"),
    target_fixture="that_announcement",
)
def change_profile(scene: Scene, system: str, user: str, profile: str) -> SipExchange:
    scene.chosen_at = now()
    world = scene.world
    plan = scene.profile(system, profile)
    changed = plan.model_copy(update={"name": f"{plan.name} (changed)"})
    document = world.on_loop(lambda: world.put_profile(changed))
    return _notified(scene, system, document.selector)


@when(
    phrase("the {system:System} system changes the service configuration"),
    target_fixture="that_announcement",
)
def change_service_configuration(scene: Scene, system: str) -> SipExchange:
    scene.chosen_at = now()
    world = scene.world
    document = world.on_loop(
        lambda: world.put_service_configuration(system, "PT45S", scene.service)
    )
    return _notified(scene, system, document.selector)


@when(
    phrase("the {system:System} system changes the UE configuration of {user:User}'s terminal"),
    target_fixture="that_announcement",
)
def change_ue_configuration(scene: Scene, system: str, user: str) -> SipExchange:
    scene.chosen_at = now()
    world = scene.world
    document = world.on_loop(lambda: world.put_ue_configuration(system, user, scene.service))
    return _notified(scene, system, document.selector)


@then(phrase("the announcement is answered"))
def announcement_is_answered(verdict: VerdictKeeper, that_announcement: SipExchange) -> None:
    verdict.take(updates.notification_is_answered(that_announcement))


@then(phrase("the changed group is fetched"))
def changed_group_is_fetched(
    scene: Scene, verdict: VerdictKeeper, that_announcement: SipExchange
) -> None:
    requests = _requests_after(scene, that_announcement)
    verdict.take(updates.changed_group_is_fetched(that_announcement, requests))


@then(phrase("the changed profile is fetched"))
def changed_profile_is_fetched(
    scene: Scene, verdict: VerdictKeeper, that_announcement: SipExchange
) -> None:
    requests = _requests_after(scene, that_announcement)
    verdict.take(updates.changed_profile_is_fetched(that_announcement, requests))


@then(phrase("the changed UE configuration is fetched"))
def changed_ue_configuration_is_fetched(
    scene: Scene, verdict: VerdictKeeper, that_announcement: SipExchange
) -> None:
    requests = _requests_after(scene, that_announcement)
    verdict.take(updates.changed_ue_configuration_is_fetched(that_announcement, requests))


@then(phrase("the changed service configuration is fetched"))
def changed_service_configuration_is_fetched(
    scene: Scene, verdict: VerdictKeeper, that_announcement: SipExchange
) -> None:
    requests = _requests_after(scene, that_announcement)
    verdict.take(updates.changed_service_configuration_is_fetched(that_announcement, requests))


@then(phrase("the changed group is fetched from the partner system"))
def group_is_fetched_from_the_partner(
    scene: Scene, verdict: VerdictKeeper, that_announcement: SipExchange
) -> None:
    requests = _requests_after(scene, that_announcement)
    verdict.take(updates.group_changed_by_the_partner_is_fetched(that_announcement, requests))


@then(phrase("the changed profile is fetched from the partner system"))
def profile_is_fetched_from_the_partner(
    scene: Scene, verdict: VerdictKeeper, that_announcement: SipExchange
) -> None:
    requests = _requests_after(scene, that_announcement)
    verdict.take(updates.profile_changed_by_the_partner_is_fetched(that_announcement, requests))
