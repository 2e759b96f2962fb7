"""Steps of migrated service: its authorisation, its refusal, its changes, and its end."""

from __future__ import annotations

from pytest_bdd import given, then, when

from muster.checks import authorisation, mcvideo, migration, partner_service, services
from muster.documents.worlds import ProfilePlan
from muster.evidence import HttpExchange, SipExchange
from muster.journal import now
from muster.verdicts import Reason, VerdictKeeper, require
from steps.authorisation import PRESENTS_A_TOKEN
from steps.scene import Scene
from steps.vocabulary import phrase


def put(scene: Scene, plan: ProfilePlan) -> None:
    scene.world.on_loop(lambda: scene.world.put_profile(plan))


def _asked(scene: Scene, system: str) -> SipExchange:
    found = scene.expect(
        lambda: scene.authorisations(system, scene.chosen_at),
        f"a request for service authorisation at {system}",
    )
    assert isinstance(found, SipExchange)
    return found


def _refused(scene: Scene, system: str) -> SipExchange:
    """Return the first request: none of its kind is granted in these scenarios."""
    found = scene.authorisations(system)
    require(found, Reason.UE_SILENT, f"service authorisation was not asked of {system}")
    return found[0]


# What the request names --------------------------------------------------------------------------


@then(
    phrase("the request to the {system:System} system names {user:User} as both systems know her")
)
def request_names_both(scene: Scene, verdict: VerdictKeeper, system: str, user: str) -> None:
    request, service = _asked(scene, system), scene.service
    there = scene.system(system).identity(user, service)
    at_home = scene.primary.identity(user, service)
    verdict.take(partner_service.request_names_both_identities(request, there, at_home, service))
    if service == "mcptt":
        verdict.take(partner_service.request_names_the_identity_at_the_partner(request, there))
        verdict.take(partner_service.request_names_the_identity_at_the_primary(request, at_home))
    elif service == "mcvideo":
        verdict.take(mcvideo.partner_authorisation_names_both_identities(request, there, at_home))


@then(phrase("the request to the {system:System} system names a profile of {user:User}"))
def request_names_a_profile(scene: Scene, verdict: VerdictKeeper, system: str, user: str) -> None:
    request, service = _asked(scene, system), scene.service
    known = [*scene.profiles(system, user), *scene.profiles("primary", user)]
    indexes = [profile.index for profile in known]
    verdict.take(partner_service.request_names_a_profile_of_the_user(request, indexes, service))
    if service == "mcptt":
        verdict.take(partner_service.request_names_a_profile(request, indexes))


@then(phrase("the request goes to the MC service server of the {system:System} system"))
def request_goes_to_the_server(scene: Scene, verdict: VerdictKeeper, system: str) -> None:
    request = _asked(scene, system)
    server = scene.system(system).access.servers[scene.service]
    verdict.take(partner_service.request_is_sent_to_the_service_server(request, server))


# Refusals ----------------------------------------------------------------------------------------


@when(phrase("{user:User} turns to her profile {profile:Quoted} of the {system:System} system"))
def choose_partner_profile(scene: Scene, user: str, profile: str, system: str) -> None:
    """A UE that has no migrated service refuses, and is right."""
    wanted = scene.profile(system, profile)
    scene.stimulate("select_profile", scene.service, wanted.index)
    scene.settled("a profile of the partner was chosen")


@then(phrase("the terminal does not act as authorised by the {system:System} system"))
def refusal_is_respected(scene: Scene, verdict: VerdictKeeper, system: str) -> None:
    refused = _refused(scene, system)
    window = scene.settled("the user turned to a profile of the partner")
    exchanges = scene.everything(refused.ended)
    verdict.take(
        partner_service.refused_authorisation_gives_no_service(refused, exchanges, system, window)
    )


@then(phrase("the client does not use the service that the {system:System} system forbade"))
def forbidden_service_is_not_used(scene: Scene, verdict: VerdictKeeper, system: str) -> None:
    refused = _refused(scene, system)
    window = scene.settled("the user turned to a profile of the partner")
    exchanges = scene.everything(refused.ended)
    verdict.take(partner_service.refused_service_is_not_used(refused, exchanges, system, window))


@then(phrase("the terminal does not act as authorised by the silent {system:System} system"))
def silence_is_no_authorisation(scene: Scene, verdict: VerdictKeeper, system: str) -> None:
    unanswered = _refused(scene, system)
    window = scene.settled("the user turned to a profile of the partner")
    exchanges = scene.everything(unanswered.ended)
    verdict.take(
        partner_service.unanswered_authorisation_gives_no_service(
            unanswered, exchanges, system, window
        )
    )


@then(phrase("the terminal takes the answer of the {system:System} system for a refusal"))
def negative_result_is_respected(scene: Scene, verdict: VerdictKeeper, system: str) -> None:
    refused = _refused(scene, system)
    window = scene.settled("the user turned to a profile of the partner")
    exchanges = scene.everything(refused.ended)
    judged = (refused, exchanges, system, window)
    if scene.service == "mcvideo":
        verdict.take(partner_service.negative_mcvideo_result_gives_no_service(*judged))
    else:
        verdict.take(partner_service.negative_result_gives_no_service(*judged))


@when(phrase("{user:User} stops the service and starts it again"))
def service_is_started_again(scene: Scene, user: str) -> None:
    scene.stimulate("stop_service", scene.service)
    scene.settled("the service was stopped")
    scene.stimulate("start_service", scene.service)
    scene.settled("the service was started again")


@when(phrase("{user:User} stops the service"))
def service_is_stopped(scene: Scene, user: str) -> None:
    scene.must(scene.stimulate("stop_service", scene.service), "stopping the service")
    scene.settled("the service was stopped")


@then(phrase("the {system:System} system is asked for service authorisation with its own token"))
def authorised_with_own_token(scene: Scene, verdict: VerdictKeeper, system: str) -> None:
    request = _asked(scene, system)
    verdict.take(PRESENTS_A_TOKEN[scene.service](request))


# Migrated service --------------------------------------------------------------------------------


@given(phrase("{user:User} has migrated to the {system:System} system with {profile:Quoted}"))
def has_migrated_with(scene: Scene, user: str, system: str, profile: str) -> None:
    plan = scene.profile("primary", profile)
    partner = scene.system(system).access.system_id
    answer = scene.stimulate("migrate", scene.service, partner, plan.index)
    scene.must(answer, f"migrating to the {system} system")
    scene.settled("the user migrated")


@when(phrase("the primary system gives {user:User}'s profile {profile:Quoted} another group"))
def primary_changes_the_profile(scene: Scene, user: str, profile: str) -> None:
    """The primary's profile is no concern of the migrated service."""
    scene.chosen_at = now()
    plan = scene.profile("primary", profile)
    changed = plan.model_copy(update={"groups": (*plan.groups, "mutual-aid")})
    put(scene, changed)
    scene.settled("the primary changed a profile")


@when(phrase("the primary system meanwhile prefers {user:User}'s profile {profile:Quoted}"))
def primary_moves_the_mark(scene: Scene, user: str, profile: str) -> None:
    scene.chosen_at = now()
    for plan in scene.world.plan.profiles_of("primary", user, scene.service):
        changed = plan.model_copy(update={"preselected": plan.name == profile})
        put(scene, changed)
    scene.settled("the primary pre-selected another profile")


@when(phrase("the primary system changes its group {label:Label} meanwhile"))
def primary_changes_a_group(scene: Scene, label: str) -> None:
    scene.chosen_at = now()
    scene.world.on_loop(lambda: scene.world.put_group("primary", label, 33))
    scene.settled("the primary changed a group")


def _since_arrival(scene: Scene, system: str) -> HttpExchange | SipExchange:
    """Return the last exchange with the system that serves the user: the migration took place."""
    found = [e for e in scene.everything() if e.system == system]
    require(found, Reason.PRECONDITION_UNMET, f"the {system} system does not serve the user")
    return found[-1]


@then(phrase("the groups of the primary system stay unused"))
def primary_groups_are_left_alone(scene: Scene, verdict: VerdictKeeper) -> None:
    evidence = scene.everything()[-1]
    window = scene.settled("the primary changed its configuration")
    plan = scene.world.plan
    selectors = [
        scene.world.builder.group_selector("primary", g.name)
        for g in plan.groups
        if g.system == "primary"
    ]
    exchanges = scene.everything(window.begins)
    verdict.take(migration.primary_groups_are_not_asked_for(evidence, exchanges, selectors, window))


@then(phrase("the profile in use is one of the {system:System} system"))
def profile_in_use(scene: Scene, verdict: VerdictKeeper, system: str) -> None:
    evidence = _since_arrival(scene, system)
    settings = scene.settings(system)
    require(settings, Reason.UE_SILENT, f"the UE told the {system} system of no active profile")
    indexes = [p.index for p in scene.profiles(system)]
    verdict.take(partner_service.profile_in_use_is_of_the_partner(evidence, settings, indexes))


@then(phrase("the pre-selected profile of the {system:System} system becomes active"))
def preselected_there(scene: Scene, verdict: VerdictKeeper, system: str) -> None:
    settings = scene.settings(system, scene.chosen_at)
    require(settings, Reason.UE_SILENT, f"the UE told the {system} system of no active profile")
    wanted = scene.active_profile(system).index
    verdict.take(migration.partner_preselected_profile_becomes_active(settings, wanted))


@then(phrase("the {system:System} system is told that the profile {profile:Quoted} is in use"))
def change_is_told(scene: Scene, verdict: VerdictKeeper, system: str, profile: str) -> None:
    wanted = scene.profile(system, profile)
    before = [s for s in scene.settings(system) if s.started < scene.chosen_at]
    require(before, Reason.PRECONDITION_UNMET, "no profile was active before the choice")
    settings = scene.settings(system, scene.chosen_at)
    if scene.service == "mcptt":
        verdict.take(authorisation.chosen_profile_is_told(settings, wanted.index, before[-1]))
    else:
        verdict.take(services.choice_is_told_to_the_server(settings, wanted.index, before[-1]))


@then(phrase("after the return the profile in use is one of the primary system"))
def profile_after_return(scene: Scene, verdict: VerdictKeeper) -> None:
    settings = scene.settings("primary", scene.chosen_at)
    require(settings, Reason.UE_SILENT, "the UE told the primary of no active profile")
    indexes = [p.index for p in scene.profiles("primary")]
    verdict.take(partner_service.profile_after_return_is_of_the_primary(settings, indexes))
