"""Steps of service authorisation in all its parts, and of its refusal."""

from __future__ import annotations

from pytest_bdd import given, then

from muster.checks import authorisation, publications, requests
from muster.evidence import Exchange, SipExchange, Window
from muster.verdicts import Reason, VerdictKeeper, require
from steps.scene import Scene
from steps.vocabulary import phrase
from stubs.faults_sip import SipRefusal
from stubs.mc_server import NOT_AUTHORISED, UNKNOWN_USER

TOO_MANY = "164 maximum number of service authorizations reached"
UNAVAILABLE_SECONDS = 60
SERVICE_SCOPE = {
    "mcptt": "3gpp:mc:ptt_service",
    "mcvideo": "3gpp:mc:video_service",
    "mcdata": "3gpp:mc:data_service",
}


def _asked(scene: Scene) -> SipExchange:
    request = scene.expect(
        lambda: scene.authorisations("primary"), "a request for service authorisation"
    )
    assert isinstance(request, SipExchange)
    return request


def _publication(scene: Scene) -> SipExchange:
    request = _asked(scene)
    require(
        request.method == "PUBLISH",
        Reason.PRECONDITION_UNMET,
        "the UE asks for service authorisation by REGISTER, though the ICS claims PUBLISH",
    )
    return request


# Form ------------------------------------------------------------------------------------------


@then(phrase("the publication asks for the MCPTT service"))
def publication_asks_for_the_service(scene: Scene, verdict: VerdictKeeper) -> None:
    verdict.take(authorisation.publication_asks_for_the_service(_publication(scene)))


@then(phrase("the settings are those of {user:User}'s terminal"))
def settings_are_of_the_terminal(scene: Scene, verdict: VerdictKeeper, user: str) -> None:
    instance = scene.world.terminal.instance_id
    verdict.take(authorisation.settings_are_of_this_terminal(_publication(scene), instance))


@then(phrase("the bodies of the publication are what they are called"))
def bodies_are_what_they_are_called(scene: Scene, verdict: VerdictKeeper) -> None:
    publish = _first_of_settings(scene)
    verdict.take(authorisation.bodies_have_their_media_types(publish))
    verdict.take(authorisation.information_is_of_its_kind(publish))


def _first_of_settings(scene: Scene) -> SipExchange:
    def found() -> list[SipExchange]:
        return [
            one
            for one in scene.sip("PUBLISH", "primary")
            if (one.header("Event") or "").startswith("poc-settings")
        ]

    publish = scene.expect(found, "a publication of settings")
    assert isinstance(publish, SipExchange)
    return publish


@then(phrase("service authorisation is asked for with what {user:User}'s sign-in gave"))
def authorisation_shows_who_signed_in(scene: Scene, verdict: VerdictKeeper, user: str) -> None:
    identity = scene.primary.identity(user)  # a token is owned under the MCPTT ID, if there is one
    scope, request = SERVICE_SCOPE[scene.service], _asked(scene)
    verdict.take(authorisation.authorisation_shows_who_signed_in(request, identity, scope))


def _sent(scene: Scene) -> list[SipExchange]:
    """Wait until the UE has come to rest; return all SIP requests that it sent."""
    scene.expect(lambda: scene.sip("REGISTER", "primary"), "a REGISTER")
    scene.settled("the service was started")
    return [
        one
        for one in scene.everything()
        if isinstance(one, SipExchange) and one.direction == "from_ue" and one.system == "primary"
    ]


@then(phrase("each signalling request carries the mandatory fields"))
def requests_carry_the_mandatory_fields(scene: Scene, verdict: VerdictKeeper) -> None:
    verdict.take(requests.requests_carry_the_mandatory_fields(_sent(scene)))


@then(phrase("each signalling request is marked as unique"))
def branches_begin_with_the_cookie(scene: Scene, verdict: VerdictKeeper) -> None:
    verdict.take(requests.branches_begin_with_the_cookie(_sent(scene)))


@then(phrase("bodies of several parts keep to their boundary"))
def bodies_keep_to_their_boundary(scene: Scene, verdict: VerdictKeeper) -> None:
    verdict.take(requests.bodies_keep_to_their_boundary(_sent(scene)))


# In the registration ---------------------------------------------------------------------------


@given(phrase("{user:User}'s terminal asks for service authorisation when it registers"))
def authorise_by_register(scene: Scene, user: str) -> None:
    scene.options["service_authorisation"] = "register"
    scene.must(scene.stimulate("reset", scene.provisioning()), "provisioning the other way")


@then(phrase("the registration asks for service authorisation"))
def registration_asks_for_service(scene: Scene, verdict: VerdictKeeper) -> None:
    request = _asked(scene)
    require(
        request.method == "REGISTER",
        Reason.PRECONDITION_UNMET,
        "the UE asks for service authorisation by PUBLISH, though the ICS claims REGISTER",
    )
    verdict.take(authorisation.registration_asks_for_service(request))


# Refusals --------------------------------------------------------------------------------------


def _refuse(scene: Scene, status: int, warning: str = "", retry_after: int = 0) -> None:
    faults = [
        SipRefusal(method, status, warning, retry_after, with_token=True, seconds=scene.moment)
        for method in ("REGISTER", "PUBLISH")
    ]
    scene.world.loop.call(lambda: scene.primary.sip_faults.extend(faults))


@given(phrase("the primary system does not authorise {user:User}"))
def refuse_service(scene: Scene, user: str) -> None:
    _refuse(scene, 403, NOT_AUTHORISED)


@given(phrase("{user:User} has as many service authorisations as the primary system allows"))
def refuse_one_too_many(scene: Scene, user: str) -> None:
    _refuse(scene, 486, TOO_MANY)


@given(phrase("the primary system is not available for service authorisation"))
def be_unavailable(scene: Scene) -> None:
    _refuse(scene, 503, retry_after=UNAVAILABLE_SECONDS)


@given(phrase("the primary system does not know {user:User}'s service authorisation any more"))
def forget_the_binding(scene: Scene, user: str) -> None:
    fault = SipRefusal("PUBLISH", 404, UNKNOWN_USER, with_token=False, times=1)
    scene.world.loop.call(lambda: scene.primary.sip_faults.append(fault))


def _refused(scene: Scene, status: int) -> tuple[SipExchange, Window]:
    """Wait for the refusal, and for what the UE makes of it."""
    refused = scene.expect(
        lambda: [a for a in scene.sip("PUBLISH") + scene.sip("REGISTER") if a.status == status],
        f"a request that was answered {status}",
    )
    assert isinstance(refused, SipExchange)
    return refused, scene.settled("the primary refused")


def _others(scene: Scene, refused: SipExchange, since: float = 0.0) -> list[Exchange]:
    found = scene.everything(since)
    return [one for one in found if one.system == "primary" and one.name != refused.name]


def _authorisations_after(scene: Scene, refused: SipExchange) -> list[SipExchange]:
    later = scene.authorisations("primary", refused.ended)
    return [one for one in later if one.name != refused.name]


@then(phrase("the refused service is not used"))
def refused_service_is_not_used(scene: Scene, verdict: VerdictKeeper) -> None:
    refused, window = _refused(scene, 403)
    seen = _others(scene, refused)
    verdict.take(publications.refused_service_is_not_used(refused, seen, window))


@then(phrase("the service is not used once too often"))
def service_is_not_used_too_often(scene: Scene, verdict: VerdictKeeper) -> None:
    refused, window = _refused(scene, 486)
    seen = _others(scene, refused)
    verdict.take(publications.service_is_not_used_where_there_are_too_many(refused, seen, window))


@then(phrase("the refused service authorisation is not asked for again"))
def refused_request_is_not_repeated(scene: Scene, verdict: VerdictKeeper) -> None:
    refused, window = _refused(scene, 403)
    later = _authorisations_after(scene, refused)
    verdict.take(publications.forbidden_request_is_not_repeated(refused, later, window))


@then(phrase("the primary system is given the time that it asked for"))
def unavailable_server_is_left_in_peace(scene: Scene, verdict: VerdictKeeper) -> None:
    refused, window = _refused(scene, 503)
    later = _authorisations_after(scene, refused)
    seconds = float(refused.responses[-1].header("Retry-After") or 0)
    verdict.take(publications.unavailable_server_is_left_in_peace(refused, later, seconds, window))


@then(phrase("service authorisation comes before any further use of the service"))
def authorisation_comes_first(scene: Scene, verdict: VerdictKeeper) -> None:
    refused, window = _refused(scene, 404)
    later = _others(scene, refused, refused.ended)
    verdict.take(publications.lost_authorisation_is_asked_for_again(refused, later, window))
