"""Steps of the log-in: what the identity server answers, and what the client makes of it."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from pytest_bdd import given, then, when

from muster.checks import log_in
from muster.evidence import HttpExchange
from muster.protocol.oidc import GRANT_AUTHORIZATION_CODE
from muster.ue.driver import Credentials
from muster.verdicts import Reason, VerdictKeeper, require
from steps.scene import Scene
from steps.vocabulary import phrase
from stubs import faults_identity as faults
from stubs.faults import HttpFault


def put_in(scene: Scene, fault: HttpFault) -> None:
    """Let the identity server of the primary system misbehave from now on."""
    scene.primary.faults["idms"].append(fault)


# What the identity server does -------------------------------------------------------------------


@given(phrase("the primary identity server answers the log-in without a state"))
def answers_without_state(scene: Scene) -> None:
    put_in(scene, faults.AnswerWithoutState())


@given(phrase("the primary identity server answers the log-in with the state of another request"))
def answers_with_other_state(scene: Scene) -> None:
    put_in(scene, faults.AnswerWithOtherState())


@given(phrase("the primary identity server answers the first log-in with a wrong state"))
def answers_once_with_other_state(scene: Scene) -> None:
    put_in(scene, faults.AnswerWithOtherState(times=1))


@given(phrase("the primary identity server answers the log-in with an error"))
def answers_with_error(scene: Scene) -> None:
    put_in(scene, faults.ErrorInsteadOfCode())


@given(phrase("the primary identity server answers the log-in with a page"))
def answers_with_page(scene: Scene) -> None:
    put_in(scene, faults.PageInsteadOfCode())


@given(phrase("the primary identity server does not know the code challenge method"))
def knows_no_s256(scene: Scene) -> None:
    put_in(scene, faults.RefusesChallengeMethod())


@given(phrase("the metadata of the primary identity server names another token endpoint"))
def metadata_differs(scene: Scene) -> None:
    put_in(scene, faults.OtherTokenEndpointInDiscovery())


# What the user does ------------------------------------------------------------------------------


@when(phrase("{user:User} signs in with a wrong password"))
def sign_in_with_wrong_password(scene: Scene, user: str) -> None:
    right = scene.credentials(user)
    scene.stimulate("sign_in", user, Credentials(right.username, f"not-{right.password[::-1]}"))


@when(phrase("{user:User} tries to sign in twice"))
def sign_in_twice(scene: Scene, user: str) -> None:
    for _ in range(2):
        scene.stimulate("sign_in", user, scene.credentials(user))


# What is seen ------------------------------------------------------------------------------------


def log_ins(scene: Scene, since: float = 0.0) -> list[HttpExchange]:
    """Requests that carry a password to the identity server."""
    asked = scene.http("primary", "idms", since)
    return [e for e in asked if "password" in (e.form.keys() | e.query.keys())]


def token_requests(scene: Scene, since: float = 0.0) -> list[HttpExchange]:
    """Requests to a token endpoint, whatever they ask for."""
    endpoint = unquote(urlsplit(scene.primary.access.idms_token_endpoint).path)
    asked = scene.http("primary", "idms", since)
    return [e for e in asked if e.decoded_path == endpoint or "grant_type" in e.form]


def at_the_authorisation_endpoint(scene: Scene) -> list[HttpExchange]:
    endpoint = unquote(urlsplit(scene.primary.access.idms_auth_endpoint).path)
    asked = scene.http("primary", "idms")
    return [e for e in asked if e.decoded_path == endpoint]


def the_log_in(scene: Scene) -> HttpExchange:
    """The log-in that the last stimulus led to."""
    since = scene.chosen_at
    found = scene.expect(lambda: log_ins(scene, since), "user name and password")
    assert isinstance(found, HttpExchange)
    return found


def the_page(scene: Scene) -> HttpExchange:
    """The authentication request that was answered with a form."""
    since = scene.chosen_at
    found = scene.expect(
        lambda: [e for e in scene.authentication_requests(since) if e.status == 200],
        "an authentication request that was answered with a form",
    )
    assert isinstance(found, HttpExchange)
    return found


def the_redemptions(scene: Scene) -> list[HttpExchange]:
    scene.expect(lambda: scene.token_requests(GRANT_AUTHORIZATION_CODE), "a token request")
    scene.settled("the code was redeemed")
    return scene.token_requests(GRANT_AUTHORIZATION_CODE)


# The authentication request ----------------------------------------------------------------------


@then(phrase("authentication is asked for in one of the two ways that there are"))
def authentication_has_its_way(scene: Scene, verdict: VerdictKeeper) -> None:
    scene.expect(lambda: at_the_authorisation_endpoint(scene), "an authentication request")
    asked = at_the_authorisation_endpoint(scene)
    verdict.take(log_in.authentication_is_asked_for_by_get_or_form(asked))
    verdict.take(log_in.parameters_stand_in_the_query(asked))


@then(phrase("the scopes are spelled as they are defined"))
def scopes_are_spelled(scene: Scene, verdict: VerdictKeeper) -> None:
    request = scene.expect(scene.authentication_requests, "an authentication request")
    assert isinstance(request, HttpExchange)
    verdict.take(log_in.scope_is_spelled_as_defined(request))


@then(phrase("authentication by password is among what the client accepts"))
def password_is_accepted(scene: Scene, verdict: VerdictKeeper) -> None:
    request = scene.expect(scene.authentication_requests, "an authentication request")
    assert isinstance(request, HttpExchange)
    verdict.take(log_in.password_is_among_the_acr_values(request))


@then(phrase("no authentication request falls back to a plain challenge"))
def no_fall_back(scene: Scene, verdict: VerdictKeeper) -> None:
    scene.expect(scene.authentication_requests, "an authentication request")
    scene.settled("the challenge method was refused")
    verdict.take(log_in.never_falls_back_to_plain(scene.authentication_requests()))


# User name and password --------------------------------------------------------------------------


@then(phrase("user name and password are posted to the identity server"))
def credentials_are_posted(scene: Scene, verdict: VerdictKeeper) -> None:
    page = the_page(scene)
    scene.awaited(lambda: log_ins(scene))
    verdict.take(log_in.credentials_are_sent_by_post(page, scene.http("primary", "idms")))


@then(phrase("the right password is accepted"))
def right_password_is_accepted(scene: Scene, verdict: VerdictKeeper) -> None:
    page = the_page(scene)
    since = scene.chosen_at
    scene.awaited(lambda: log_ins(scene, since))
    sent = scene.http("primary", "idms", since)
    verdict.take(log_in.signs_in_with_user_name_and_password(page, sent))


@then(phrase("the password of {user:User} is known to the identity server alone"))
def password_is_kept(scene: Scene, verdict: VerdictKeeper, user: str) -> None:
    found = log_ins(scene)
    require(found, Reason.UE_SILENT, "no password was sent")
    scene.settled("the user is served")
    verdict.take(log_in.password_is_for_the_identity_server(found[0], scene.everything()))


@then(phrase("no token is asked for with the wrong password"))
def wrong_password_ends_it(scene: Scene, verdict: VerdictKeeper) -> None:
    sent = the_log_in(scene)
    window = scene.settled("a wrong password was sent")
    asked = token_requests(scene)
    verdict.take(log_in.wrong_credentials_lead_to_no_token_request(sent, asked, window))


@then(phrase("no token is asked for after that page"))
def page_ends_it(scene: Scene, verdict: VerdictKeeper) -> None:
    sent = the_log_in(scene)
    window = scene.settled("the log-in was answered with a page")
    asked = token_requests(scene)
    verdict.take(log_in.page_leads_to_no_token_request(sent, asked, window))


# The answer --------------------------------------------------------------------------------------


@then(phrase("the code without a state is not redeemed"))
def code_without_state_is_dropped(scene: Scene, verdict: VerdictKeeper) -> None:
    answer = the_log_in(scene)
    window = scene.settled("the log-in was answered without a state")
    asked = token_requests(scene)
    verdict.take(log_in.code_without_state_stays_unused(answer, asked, window))


@then(phrase("the code with the state of another request is not redeemed"))
def code_with_other_state_is_dropped(scene: Scene, verdict: VerdictKeeper) -> None:
    answer = the_log_in(scene)
    window = scene.settled("the log-in was answered with another state")
    asked = token_requests(scene)
    verdict.take(log_in.code_with_other_state_stays_unused(answer, asked, window))


@then(phrase("no token is asked for after that error"))
def error_ends_it(scene: Scene, verdict: VerdictKeeper) -> None:
    answer = the_log_in(scene)
    window = scene.settled("the log-in was answered with an error")
    asked = token_requests(scene)
    verdict.take(log_in.error_leads_to_no_token_request(answer, asked, window))


# The token request -------------------------------------------------------------------------------


@then(phrase("the code is sent once"))
def code_is_sent_once(scene: Scene, verdict: VerdictKeeper) -> None:
    verdict.take(log_in.code_is_sent_once(the_redemptions(scene)))


@then(phrase("no parameter of the token request stands there twice"))
def no_token_parameter_twice(scene: Scene, verdict: VerdictKeeper) -> None:
    verdict.take(log_in.no_token_parameter_occurs_twice(the_redemptions(scene)))


@then(phrase("the code verifier is long enough and of the allowed characters"))
def verifier_is_allowed(scene: Scene, verdict: VerdictKeeper) -> None:
    verdict.take(log_in.verifier_is_of_the_allowed_form(the_redemptions(scene)[0]))


@then(phrase("the token is asked for at the configured token endpoint"))
def configured_token_endpoint(scene: Scene, verdict: VerdictKeeper) -> None:
    scene.expect(lambda: token_requests(scene), "a token request")
    endpoint = scene.primary.access.idms_token_endpoint
    asked = token_requests(scene)
    verdict.take(log_in.token_is_asked_for_at_the_configured_endpoint(asked, endpoint))
