"""Group documents: lists of groups of every kind, and how the terminal asks for what they name."""

from __future__ import annotations

from pytest_bdd import given, then, when

from muster.checks import documents, group_documents, groups
from muster.checks.reading import names_document
from muster.documents.worlds import GroupPlan
from muster.evidence import Exchange, HttpExchange, SipExchange
from muster.verdicts import Reason, VerdictKeeper, require
from steps.documents_judged import document_served, to_server
from steps.documents_more import alter, change_during_service, replan, selector_of, told
from steps.scene import Scene
from steps.vocabulary import phrase
from stubs import altered_documents as altered

MANY = tuple(f"watch-{number}" for number in range(1, 13))
ODD_LABEL = "east?night&day"
"""A question mark may stand in the user part of a SIP URI, and would end a path."""
RESERVE = "reserve"


def _groups(scene: Scene, *names: str) -> list[GroupPlan]:
    """Groups of Alice that serve the service of the scenario."""
    own = {"system": "primary", "services": (scene.service,), "members": ("alice",)}
    return [GroupPlan.model_validate({**own, "name": name}) for name in names]


def _list_groups(scene: Scene, name: str, labels: tuple[str, ...], new: tuple[str, ...]) -> None:
    plan = scene.profile("primary", name)
    replan(scene, [plan.model_copy(update={"groups": labels})], _groups(scene, *new))


# What is listed ----------------------------------------------------------------------------------


@given(phrase("the profile {name:Quoted} lists twelve groups"))
def many_groups(scene: Scene, name: str) -> None:
    _list_groups(scene, name, MANY, MANY)


@given(phrase("the profile {name:Quoted} lists no group"))
def no_group(scene: Scene, name: str) -> None:
    _list_groups(scene, name, (), ())


@given(phrase("the profile {name:Quoted} lists a group whose name needs care in a path"))
def odd_group(scene: Scene, name: str) -> None:
    _list_groups(scene, name, ("county", ODD_LABEL), (ODD_LABEL,))


@given(phrase("the profile {name:Quoted} lists its first group twice"))
def group_listed_twice(scene: Scene, name: str) -> None:
    alter(scene, f'profile "{name}"', altered.groups_listed_again)


@given(phrase("the group {name:Label} is disabled"))
def group_is_disabled(scene: Scene, name: str) -> None:
    alter(scene, f"group {name}", altered.disabled_group)


@given(phrase("an extension of the profile {name:Quoted} names another group"))
def group_of_an_extension(scene: Scene, name: str) -> None:
    replan(scene, groups=_groups(scene, RESERVE))
    group_id = scene.primary.identity(RESERVE)
    alter(scene, f'profile "{name}"', lambda body: altered.group_of_an_extension(body, group_id))


@given(told("the group {label:Label} is served with unknown extensions"))
def extended_group(scene: Scene, label: str) -> None:
    alter(scene, f"group {label}", altered.group_with_extensions)


@when(
    phrase("the primary system lists another group in the profile {name:Quoted}"),
    target_fixture="that_announcement",
)
def list_another_group(scene: Scene, name: str) -> SipExchange:
    replan(scene, groups=_groups(scene, RESERVE))
    labels = (*scene.profile("primary", name).groups, RESERVE)
    ids = [scene.primary.identity(label) for label in labels]
    document = f'profile "{name}"'
    return change_during_service(scene, document, lambda body: altered.with_groups(body, ids))


@when(phrase("{user:User} stops the MC service and starts it again"))
def restart_service(scene: Scene, user: str) -> None:
    scene.stimulate("stop_service", scene.service)  # refused by a terminal that is not served
    scene.stimulate("start_service", scene.service)
    scene.active = scene.active_profile("primary", user)


# What is asked for -------------------------------------------------------------------------------


def _authorised(scene: Scene) -> Exchange:
    return scene.expect(
        lambda: scene.authorisations("primary"), "a request for service authorisation"
    )


def _listed(scene: Scene) -> list[str]:
    return scene.group_selectors(scene.active_profile("primary"))


def _group_requests(scene: Scene, since: float = 0.0) -> list[HttpExchange]:
    scene.settled("the user is served")
    found = [e for e in scene.xcap(since) if groups.USAGE in e.decoded_path]
    require(found, Reason.UE_SILENT, "no request for a group was seen")
    return found


@then(phrase("each group that the active profile lists is asked for"))
def each_group_is_asked_for(scene: Scene, verdict: VerdictKeeper) -> None:
    trigger = _authorised(scene)
    scene.settled("service authorisation was asked for")
    judged = (trigger, scene.xcap(), _listed(scene), scene.service)
    verdict.take(group_documents.each_group_is_asked_for(*judged))


@then(phrase("no group is asked for that the active profile does not list"))
def no_unlisted_group_is_asked_for(scene: Scene, verdict: VerdictKeeper) -> None:
    trigger = _authorised(scene)
    window = scene.settled("service authorisation was asked for")
    requests = scene.xcap()
    verdict.take(groups.asks_for_no_other_group(trigger, requests, _listed(scene), window))


@then(phrase("groups are asked for in the place where they are"))
def groups_are_asked_for_in_their_place(scene: Scene, verdict: VerdictKeeper) -> None:
    requests = to_server(scene, "gms")
    plan = scene.active_profile("primary")
    ids = [scene.primary.identity(label) for label in plan.groups]
    root = scene.primary.access.gms_xcap_root
    verdict.take(group_documents.groups_are_asked_for_in_their_place(requests, root, ids))


@then(phrase("groups are retrieved as documents are"))
def groups_are_retrieved_by_get_or_post(scene: Scene, verdict: VerdictKeeper) -> None:
    verdict.take(group_documents.groups_are_retrieved_by_get_or_post(_group_requests(scene)))


@then(phrase("the name of that group is one step of the path"))
def group_id_is_one_segment(scene: Scene, verdict: VerdictKeeper) -> None:
    trigger = _authorised(scene)
    group_id = scene.primary.identity(ODD_LABEL)
    beginning = group_id.partition("?")[0]
    about = [e for e in _group_requests(scene) if beginning in e.decoded_path]
    require(about, Reason.UE_SILENT, "no request for that group was seen")
    verdict.take(group_documents.group_id_is_one_segment(trigger, about, group_id))


@then(phrase("the group server is shown tokens for group management"))
def token_is_scoped_for_groups(scene: Scene, verdict: VerdictKeeper) -> None:
    verdict.take(group_documents.token_is_scoped_for_groups(to_server(scene, "gms")))


@then(phrase("groups are asked for only after the new registration"))
def groups_follow_registration(scene: Scene, verdict: VerdictKeeper) -> None:
    register = scene.expect(
        lambda: [r for r in scene.sip("REGISTER", "primary", scene.chosen_at) if r.status == 200],
        "a registration",
    )
    assert isinstance(register, SipExchange)
    requests = _group_requests(scene, scene.chosen_at)
    verdict.take(group_documents.groups_follow_registration(register, requests))


@then(told("the extended group {label:Label} is used"))
def extended_group_is_used(scene: Scene, verdict: VerdictKeeper, label: str) -> None:
    document = document_served(scene, f"group {label}")
    scene.settled("the group was obtained")
    subscribes = scene.sip("SUBSCRIBE", "primary")
    selector = selector_of(scene, f"group {label}")
    verdict.take(group_documents.extended_group_is_used(document, subscribes, selector))


@then(told("the group {label:Label} is obtained once it is announced"))
def missed_group_is_obtained(scene: Scene, verdict: VerdictKeeper, label: str) -> None:
    selector = selector_of(scene, f"group {label}")

    def failed() -> list[HttpExchange]:
        return [e for e in scene.xcap() if names_document(e, selector) and e.status == 503]

    first = scene.expect(failed, f"a request for the group {label} that fails")
    notify = scene.expect(
        lambda: scene.notifications("primary", selector, first.ended), "a NOTIFY of the group"
    )
    assert isinstance(notify, SipExchange)
    scene.settled("the group was announced")
    requests = scene.xcap(first.ended)
    verdict.take(
        group_documents.missed_group_is_obtained_after_the_notification(notify, requests, selector)
    )


@then(phrase("the group {label:Label} that it holds is followed further"))
def group_is_followed_further(
    scene: Scene, verdict: VerdictKeeper, that_announcement: SipExchange, label: str
) -> None:
    selector = selector_of(scene, f"group {label}")
    answers = [e for e in scene.xcap(that_announcement.started) if names_document(e, selector)]
    require(answers, Reason.UE_SILENT, "the announced group was not asked for")
    since = answers[-1].ended
    alter(scene, f"group {label}", lambda body: body + b"\n")
    scene.awaited(lambda: [e for e in scene.xcap(since) if names_document(e, selector)])
    later = scene.xcap(since)
    verdict.take(documents.goes_on_with_what_it_holds(answers, later, [selector]))
