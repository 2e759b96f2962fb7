"""Steps of service authorisation and of the active profile."""

from __future__ import annotations

from pytest_bdd import then, when

from muster.checks import authorisation, groups, mcdata, mcvideo, services
from muster.checks.reading import info_value
from muster.evidence import SipExchange
from muster.verdicts import Reason, VerdictKeeper, require
from steps.scene import Scene
from steps.vocabulary import phrase

PRESENTS_A_TOKEN = {
    "mcptt": authorisation.authorisation_presents_a_token_of_its_system,
    "mcvideo": mcvideo.authorisation_presents_a_token_of_its_system,
    "mcdata": mcdata.authorisation_presents_a_token_of_its_system,
}


@then(
    phrase("service authorisation is asked of the primary system"),
    target_fixture="that_authorisation",
)
def authorisation_is_asked_for(scene: Scene, verdict: VerdictKeeper) -> SipExchange:
    request = scene.expect(
        lambda: scene.authorisations("primary"), "a request for service authorisation"
    )
    assert isinstance(request, SipExchange)
    verdict.take(PRESENTS_A_TOKEN[scene.service](request))
    registers = scene.sip("REGISTER", "primary")
    verdict.take(authorisation.authorisation_follows_registration(request, registers))
    return request


@then(phrase("service authorisation has been asked for"), target_fixture="that_authorisation")
def authorisation_has_been_asked_for(scene: Scene) -> SipExchange:
    """The evidence that the UE has a profile and acts on it; nothing is judged."""
    request = scene.expect(
        lambda: scene.authorisations("primary"), "a request for service authorisation"
    )
    assert isinstance(request, SipExchange)
    return request


@then(phrase("that request has the form of a publication"))
def request_is_a_publication(
    scene: Scene, verdict: VerdictKeeper, that_authorisation: SipExchange
) -> None:
    require(
        that_authorisation.method == "PUBLISH",
        Reason.PRECONDITION_UNMET,
        "the UE asks for service authorisation by REGISTER, though the ICS claims PUBLISH",
    )
    verdict.take(authorisation.publication_has_its_form(that_authorisation))
    psi = scene.primary.psi.server
    verdict.take(authorisation.publication_goes_to_the_server(that_authorisation, psi))


@then(phrase("the bodies of that request are valid"))
def bodies_are_valid(verdict: VerdictKeeper, that_authorisation: SipExchange) -> None:
    verdict.take(authorisation.information_body_is_valid(that_authorisation))
    if that_authorisation.method == "PUBLISH":
        verdict.take(authorisation.settings_body_is_valid(that_authorisation))


@then(phrase("the information body of that request is that of the service"))
def information_body_is_of_the_service(
    scene: Scene, verdict: VerdictKeeper, that_authorisation: SipExchange
) -> None:
    is_valid = {
        "mcvideo": mcvideo.information_body_is_valid,
        "mcdata": mcdata.information_body_is_valid,
    }
    verdict.take(is_valid[scene.service](that_authorisation))


@then(phrase("the registration names MCPTT"))
def registration_names_mcptt(scene: Scene, verdict: VerdictKeeper) -> None:
    register = scene.expect(lambda: scene.sip("REGISTER", "primary"), "a REGISTER")
    assert isinstance(register, SipExchange)
    verdict.take(authorisation.register_names_the_service(register))


@then(phrase("the pre-selected profile of {user:User} is made active"))
def pre_selected_profile_is_active(
    scene: Scene, verdict: VerdictKeeper, that_authorisation: SipExchange, user: str
) -> None:
    scene.settled("service authorisation was asked for")
    wanted = scene.active_profile("primary", user).index
    settings = scene.settings("primary")
    if scene.service != "mcptt":
        judged = (that_authorisation, settings, wanted, scene.service)
        verdict.take(services.no_other_profile_becomes_active(*judged))
        return
    verdict.take(
        authorisation.pre_selected_profile_becomes_active(that_authorisation, settings, wanted)
    )


@when(phrase("{user:User} selects her profile {profile:Quoted}"))
def select_profile(scene: Scene, user: str, profile: str) -> None:
    wanted = scene.profile("primary", profile)
    scene.stimulate("select_profile", scene.service, wanted.index)
    scene.active = wanted


@then(
    phrase("the primary system is told that the profile {profile:Quoted} is active"),
    target_fixture="that_change",
)
def chosen_profile_is_told(scene: Scene, verdict: VerdictKeeper, profile: str) -> SipExchange:
    wanted = scene.profile("primary", profile)
    scene.awaited(lambda: scene.settings("primary", scene.chosen_at))
    settings = scene.settings("primary", scene.chosen_at)
    before = [s for s in scene.settings("primary") if s.started < scene.chosen_at]
    require(before, Reason.PRECONDITION_UNMET, "no profile was active before the choice")
    if scene.service == "mcptt":
        verdict.take(authorisation.chosen_profile_is_told(settings, wanted.index, before[-1]))
    else:
        verdict.take(services.choice_is_told_to_the_server(settings, wanted.index, before[-1]))
    return settings[0] if settings else before[-1]


@then(phrase("that change names user, client and the publication that it changes"))
def change_has_its_form(scene: Scene, verdict: VerdictKeeper, that_change: SipExchange) -> None:
    # A UE publishes other states as well, as its affiliations: only settings are refreshed here.
    before = [
        s
        for s in scene.sip("PUBLISH", "primary")
        if s.ended <= that_change.started
        and s.status == 200
        and (s.header("Event") or "").startswith("poc-settings")
    ]
    require(before, Reason.PRECONDITION_UNMET, "there was no publication before the change")
    tag = before[-1].responses[-1].header("SIP-ETag") or ""
    user = scene.primary.identity("alice")
    verdict.take(authorisation.settings_only_have_their_form(that_change, user, tag))


@then(phrase("the groups that only that profile lists are obtained"))
def new_groups_are_obtained(scene: Scene, verdict: VerdictKeeper, that_change: SipExchange) -> None:
    require(scene.active, Reason.PRECONDITION_UNMET, "no profile was chosen")
    assert scene.active is not None
    scene.settled("another profile was chosen")
    held = {
        group
        for p in scene.profiles("primary")
        if p.preselected
        for group in scene.group_selectors(p)
    }
    wanted = [s for s in scene.group_selectors(scene.active) if s not in held]
    requests = scene.xcap(scene.chosen_at)
    judged = (that_change, requests, wanted, scene.service)
    verdict.take(groups.obtains_the_groups_of_the_new_profile(*judged))


@when(phrase("{user:User} also starts the {service:Service} service"))
def start_another_service(scene: Scene, user: str, service: str) -> None:
    scene.stimulate("start_service", service)
    scene.settled("another service was started")


@then(phrase("both services are on one registration"))
def services_share_a_registration(scene: Scene, verdict: VerdictKeeper) -> None:
    registers = scene.sip("REGISTER", "primary")
    require(
        len({*_authorised(scene)}) > 1,
        Reason.PRECONDITION_UNMET,
        "service authorisation was not asked for two services",
    )
    verdict.take(services.services_share_one_registration(registers))


def _authorised(scene: Scene) -> list[str]:
    asked = scene.sip("PUBLISH", "primary") + scene.sip("REGISTER", "primary")
    return [
        service
        for service in scene.services
        if any(info_value(e, f"{service}-access-token", service) is not None for e in asked)
    ]


@when(phrase("{user:User} gives up the {service:Service} service"))
def stop_service(scene: Scene, user: str, service: str) -> None:
    scene.service = service
    scene.must(scene.stimulate("stop_service", service), "stopping the service")
    scene.settled("a service was stopped")


@then(phrase("the registration names the service no more"))
def registration_names_it_no_more(scene: Scene, verdict: VerdictKeeper) -> None:
    before = [r for r in scene.sip("REGISTER", "primary") if r.started < scene.chosen_at]
    require(before, Reason.PRECONDITION_UNMET, "the UE was not registered")
    after = scene.sip("REGISTER", "primary", scene.chosen_at)
    verdict.take(services.stopped_service_leaves_the_registration(before[-1], after, scene.service))
