"""Steps of profile selection: how profiles stand, what the user chooses, what becomes active."""

from __future__ import annotations

from dataclasses import replace

from pytest_bdd import given, then, when

from muster.checks import groups, profiles, services
from muster.documents.worlds import ProfilePlan
from muster.evidence import HttpExchange, SipExchange
from muster.journal import now
from muster.verdicts import Reason, VerdictKeeper, require
from steps.scene import Scene
from steps.vocabulary import phrase

HIGHEST_INDEX = 255


def arrange(scene: Scene, *wanted: ProfilePlan) -> None:
    """Give Alice exactly these profiles at the primary, in this order, before her service."""
    world = scene.world
    before = scene.profiles("primary")
    _plan(scene, *wanted)

    def store() -> None:
        for one in before:
            world.population.remove("primary", _selector(scene, one))
        for one in wanted:
            world.population.profile(one)

    world.loop.call(store)


def change(scene: Scene, *changed: ProfilePlan) -> None:
    """Serve new versions of some of Alice's profiles; those who subscribed are told."""
    kept = scene.profiles("primary")
    new = {one.index: one for one in (*kept, *changed)}
    _plan(scene, *new.values())
    scene.world.loop.call(lambda: [scene.world.population.profile(one) for one in changed])


def _plan(scene: Scene, *wanted: ProfilePlan) -> None:
    plan = scene.world.plan
    whose = ("primary", "alice", scene.service)
    others = (p for p in plan.profiles if (p.system, p.user, p.service) != whose)
    scene.world.plan = replace(plan, profiles=(*wanted, *others))


def _selector(scene: Scene, profile: ProfilePlan) -> str:
    return scene.selector(profile)


def indexes(scene: Scene) -> list[int]:
    return [one.index for one in scene.profiles("primary")]


def told(scene: Scene, selector: str, since: float) -> SipExchange:
    """Return the NOTIFY that the UE took; then wait for what it makes of it."""
    notify = scene.expect(
        lambda: scene.notifications("primary", selector, since), f"a NOTIFY about {selector}"
    )
    assert isinstance(notify, SipExchange)
    scene.settled("a change of a profile was announced")
    return notify


@given(phrase("{user:User} is about to use the {service:Service} service"))
def about_to_use(scene: Scene, user: str, service: str) -> None:
    """Whose profiles the sentences that follow are about."""
    scene.service = service


# How the profiles stand ------------------------------------------------------------------------


@given(phrase("{user:User}'s pre-selected profile is {name:Quoted}"))
def mark(scene: Scene, user: str, name: str) -> None:
    known = scene.profiles("primary", user)
    arrange(scene, *(p.model_copy(update={"preselected": p.name == name}) for p in known))


@given(phrase("{user:User}'s pre-selected profile {name:Quoted} has the highest index"))
def mark_the_highest(scene: Scene, user: str, name: str) -> None:
    known = scene.profiles("primary", user)
    marked = next(p for p in known if p.preselected)
    others = [p.model_copy(update={"preselected": False}) for p in known]
    arrange(scene, *others, marked.model_copy(update={"index": HIGHEST_INDEX, "name": name}))


@given(phrase("{user:User}'s pre-selected profile is announced before her others"))
def announce_the_mark_first(scene: Scene, user: str) -> None:
    known = scene.profiles("primary", user)
    arrange(scene, *sorted(known, key=lambda one: not one.preselected))


@given(phrase("{user:User} has a third profile {name:Quoted}"))
def add_a_third(scene: Scene, user: str, name: str) -> None:
    known = scene.profiles("primary", user)
    arrange(scene, *known, _another(scene, name))


def _another(scene: Scene, name: str) -> ProfilePlan:
    free = next(i for i in range(HIGHEST_INDEX) if i not in indexes(scene))
    first = scene.profiles("primary")[0]
    return first.model_copy(update={"index": free, "name": name, "preselected": False})


@given(phrase("{name:Quoted} is the only profile of {user:User}, and it is not marked"))
def keep_one(scene: Scene, user: str, name: str) -> None:
    only = scene.profile("primary", name)
    arrange(scene, only.model_copy(update={"preselected": False}))


@given(phrase("no profile of {user:User} is pre-selected"))
def mark_none(scene: Scene, user: str) -> None:
    known = scene.profiles("primary", user)
    arrange(scene, *(p.model_copy(update={"preselected": False}) for p in known))


@given(phrase("{user:User}'s profile {name:Quoted} is disabled"))
def disable(scene: Scene, user: str, name: str) -> None:
    since = now()
    profile = scene.profile("primary", name).model_copy(update={"enabled": False})
    change(scene, profile)
    if scene.settings("primary"):
        told(scene, _selector(scene, profile), since)


@given(phrase("the primary system has given {user:User} a profile {name:Quoted}"))
def give_a_profile(scene: Scene, user: str, name: str) -> None:
    since = now()
    profile = _another(scene, name)
    change(scene, profile)
    told(scene, _selector(scene, profile), since)


@given(
    phrase("the primary system has removed {user:User}'s profile {name:Quoted}"),
    target_fixture="that_removal",
)
def remove_a_profile(scene: Scene, user: str, name: str) -> SipExchange:
    since = now()
    selector = _selector(scene, scene.profile("primary", name))
    scene.world.loop.call(lambda: scene.world.population.remove("primary", selector))
    return told(scene, selector, since)


def _move_the_mark(scene: Scene, user: str, name: str) -> SipExchange:
    scene.chosen_at = since = now()
    known = scene.profiles("primary", user)
    moved = [p.model_copy(update={"preselected": p.name == name}) for p in known]
    change(scene, *moved)
    return told(scene, _selector(scene, scene.profile("primary", name)), since)


@given(
    phrase("the primary system has pre-selected {user:User}'s profile {name:Quoted}"),
    target_fixture="that_announcement",
)
def mark_was_moved(scene: Scene, user: str, name: str) -> SipExchange:
    return _move_the_mark(scene, user, name)


@when(
    phrase("the primary system pre-selects {user:User}'s profile {name:Quoted}"),
    target_fixture="that_announcement",
)
def move_the_mark(scene: Scene, user: str, name: str) -> SipExchange:
    return _move_the_mark(scene, user, name)


@given(phrase("the primary system takes updates of user profiles"))
def updates_are_taken(scene: Scene) -> None:
    store = scene.primary.configuration
    scene.world.loop.call(lambda: setattr(store, "takes_updates", True))


def _mark_as_the_first(scene: Scene, user: str, name: str) -> HttpExchange:
    """Let the user move the mark; return the update by which the server knows."""
    wanted = scene.profile("primary", name)
    answer = scene.stimulate("preselect_profile", scene.service, wanted.index)
    scene.must(answer, "marking a profile")
    selector = _selector(scene, wanted)
    update = scene.expect(
        lambda: [e for e in scene.http("primary", "cms") if e.facts.get("marked") == selector],
        "an update that the server understands as the new mark",
    )
    assert isinstance(update, HttpExchange)
    known = scene.profiles("primary", user)
    _plan(scene, *(p.model_copy(update={"preselected": p.name == name}) for p in known))
    scene.settled("the mark was moved")
    return update


@given(
    phrase("{user:User} has marked her profile {name:Quoted} as the one to begin with"),
    target_fixture="that_announcement",
)
def mark_was_moved_by_the_user(scene: Scene, user: str, name: str) -> HttpExchange:
    return _mark_as_the_first(scene, user, name)


@when(
    phrase("{user:User} marks her profile {name:Quoted} as the one to begin with"),
    target_fixture="that_announcement",
)
def move_the_mark_by_the_user(scene: Scene, user: str, name: str) -> HttpExchange:
    return _mark_as_the_first(scene, user, name)


@then(phrase("no user profile is updated that {user:User} did not change"))
def nothing_is_updated_unasked(scene: Scene, verdict: VerdictKeeper, user: str) -> None:
    evidence = acted(scene)
    window = scene.settled("the service was started")
    verdict.take(profiles.nothing_is_updated_unasked(evidence, scene.xcap(), window))


# What the user chooses -------------------------------------------------------------------------


@given(
    phrase("{user:User} has selected her profile {name:Quoted}"),
    target_fixture="that_first_choice",
)
def has_selected(scene: Scene, user: str, name: str) -> SipExchange:
    wanted = scene.profile("primary", name)
    scene.must(
        scene.stimulate("select_profile", scene.service, wanted.index), "selecting a profile"
    )
    scene.active = wanted
    choice = scene.expect(lambda: scene.settings("primary", scene.chosen_at), "new settings")
    assert isinstance(choice, SipExchange)
    scene.settled("another profile was chosen")
    return choice


@when(phrase("{user:User} asks for a profile that she does not have"))
def ask_for_an_unknown_profile(scene: Scene, user: str) -> None:
    unknown = next(i for i in range(HIGHEST_INDEX) if i not in indexes(scene))
    scene.stimulate("select_profile", scene.service, unknown)


@when(phrase("{user:User} asks for her profile {name:Quoted}"))
def ask_for_a_profile(scene: Scene, user: str, name: str) -> None:
    scene.stimulate("select_profile", scene.service, scene.profile("primary", name).index)


@when(phrase("{user:User} stops and starts the {service:Service} service"))
def stop_and_start(scene: Scene, user: str, service: str) -> None:
    scene.must(scene.stimulate("stop_service", service), "stopping the service")
    scene.stimulate("start_service", service)


# What becomes active ---------------------------------------------------------------------------


def asked(scene: Scene) -> SipExchange:
    """Return the service authorisation that followed the last stimulus."""
    request = scene.expect(
        lambda: scene.authorisations("primary", scene.chosen_at),
        "a request for service authorisation",
    )
    assert isinstance(request, SipExchange)
    scene.settled("service authorisation was asked for")
    return request


@then(phrase("the profile {name:Quoted} is made active at service authorisation"))
def profile_is_active(scene: Scene, verdict: VerdictKeeper, name: str) -> None:
    request, wanted = asked(scene), scene.profile("primary", name).index
    settings = scene.settings("primary")
    verdict.take(
        profiles.pre_selected_profile_is_active_wherever_it_stands(
            request, settings, wanted, scene.service
        )
    )


@then(phrase("the next service authorisation makes the profile {name:Quoted} active"))
def moved_mark_holds(
    scene: Scene, verdict: VerdictKeeper, that_announcement: SipExchange | HttpExchange, name: str
) -> None:
    asked(scene)
    wanted = scene.profile("primary", name).index
    settings = scene.settings("primary", scene.chosen_at)
    verdict.take(
        profiles.moved_mark_holds_at_the_next_authorisation(
            that_announcement, settings, wanted, scene.service
        )
    )


@then(phrase("the profile {name:Quoted} stays the active one"))
def profile_stays_active(
    scene: Scene, verdict: VerdictKeeper, that_announcement: SipExchange | HttpExchange, name: str
) -> None:
    window = scene.settled("the mark was moved")
    active = scene.profile("primary", name)
    known = scene.profiles("primary")
    marked = next(p for p in known if p.preselected)
    foreign = set(scene.group_selectors(marked)) - set(scene.group_selectors(active))
    settings = scene.settings("primary", scene.chosen_at)
    requests = scene.xcap(scene.chosen_at)
    verdict.take(
        profiles.moved_mark_leaves_the_active_profile(
            that_announcement, settings, requests, active.index, sorted(foreign), window
        )
    )


@then(phrase("the pre-selected profile {name:Quoted} is active again"))
def mark_is_active_again(
    scene: Scene, verdict: VerdictKeeper, that_first_choice: SipExchange, name: str
) -> None:
    asked(scene)
    wanted = scene.profile("primary", name).index
    judged = (that_first_choice, scene.settings("primary", scene.chosen_at), wanted)
    if scene.service == "mcptt":
        verdict.take(profiles.pre_selected_profile_is_active_again(*judged))
    else:
        verdict.take(services.no_other_profile_becomes_active(*judged, scene.service))


def acted(scene: Scene) -> SipExchange:
    """Return what shows that the UE knows its profiles: the NOTIFY that announced them."""
    found = scene.expect(
        lambda: scene.notifications("primary", "user-profile"), "a NOTIFY about user profiles"
    )
    assert isinstance(found, SipExchange)
    return found


@then(phrase("only a profile that {user:User} has is made active"))
def known_profile_is_active(scene: Scene, verdict: VerdictKeeper, user: str) -> None:
    evidence = acted(scene)
    window = scene.settled("a profile was asked for")
    settings = scene.settings("primary")
    verdict.take(
        profiles.settings_name_a_profile_of_the_user(evidence, settings, indexes(scene), window)
    )


@then(phrase("the disabled profile {name:Quoted} is not made active"))
def disabled_profile_stays_inactive(scene: Scene, verdict: VerdictKeeper, name: str) -> None:
    evidence = acted(scene)
    window = scene.settled("a profile was asked for")
    settings = scene.settings("primary", scene.chosen_at)
    index = scene.profile("primary", name).index
    verdict.take(profiles.disabled_profile_is_not_made_active(evidence, settings, index, window))


@then(phrase("the removed profile {name:Quoted} is not made active"))
def removed_profile_stays_inactive(
    scene: Scene, verdict: VerdictKeeper, that_removal: SipExchange, name: str
) -> None:
    window = scene.settled("a profile was asked for")
    settings = scene.settings("primary", scene.chosen_at)
    index = scene.profile("primary", name).index
    verdict.take(profiles.removed_profile_is_not_used(that_removal, settings, index, window))


# What a choice is told with --------------------------------------------------------------------


def chosen(scene: Scene) -> SipExchange:
    """Return the settings that told of the last choice."""
    found = scene.expect(lambda: scene.settings("primary", scene.chosen_at), "new settings")
    assert isinstance(found, SipExchange)
    return found


@then(phrase("that choice comes from the client that was authorised"))
def choice_is_of_the_client(scene: Scene, verdict: VerdictKeeper) -> None:
    choice = chosen(scene)
    before = [a for a in scene.authorisations("primary") if a.ended <= choice.started]
    require(before, Reason.PRECONDITION_UNMET, "no service authorisation was seen")
    settings = scene.settings("primary", scene.chosen_at)
    verdict.take(profiles.settings_are_of_the_authorised_client(before[-1], settings))


@then(phrase("no group that the chosen profile does not list is asked for"))
def old_groups_are_left(scene: Scene, verdict: VerdictKeeper) -> None:
    choice = chosen(scene)
    window = scene.settled("another profile was chosen")
    require(scene.active, Reason.PRECONDITION_UNMET, "no profile was chosen")
    assert scene.active is not None
    selectors = scene.group_selectors(scene.active)
    requests = scene.xcap(scene.chosen_at)
    verdict.take(groups.asks_for_no_other_group(choice, requests, selectors, window))
