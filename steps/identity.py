"""Steps of sign-in: the authentication request and the redemption of its code."""

from __future__ import annotations

from urllib.parse import urlsplit

from pytest_bdd import then, when

from muster.checks import identity
from muster.evidence import HttpExchange
from muster.protocol.oidc import GRANT_AUTHORIZATION_CODE
from muster.verdicts import Reason, VerdictKeeper, require
from steps.log_in import log_ins
from steps.scene import Scene
from steps.vocabulary import phrase


@when(phrase("{user:User} signs in"))
def sign_in(scene: Scene, user: str) -> None:
    scene.stimulate("sign_in", user, scene.credentials(user))


@when(phrase("{user:User} signs out and signs in again"))
def sign_in_again(scene: Scene, user: str) -> None:
    scene.must(scene.stimulate("sign_out"), "signing out")
    scene.stimulate("sign_in", user, scene.credentials(user))


@then(
    phrase("the identity server that the configuration names is asked to authenticate the user"),
    target_fixture="that_authentication",
)
def authentication_is_asked_for(scene: Scene, verdict: VerdictKeeper) -> HttpExchange:
    request = scene.expect(scene.authentication_requests, "an authentication request")
    assert isinstance(request, HttpExchange)
    endpoint = scene.primary.access.idms_auth_endpoint
    verdict.take(identity.asks_the_named_identity_server(request, endpoint))
    return request


@then(phrase("that request carries all that the profile of OpenID Connect requires"))
def authentication_request_is_complete(
    scene: Scene, verdict: VerdictKeeper, that_authentication: HttpExchange
) -> None:
    terminal = scene.world.terminal
    verdict.take(
        identity.authentication_request_is_complete(
            that_authentication, terminal.client_id, terminal.redirect_uri
        )
    )
    verdict.take(identity.code_challenge_is_a_sha256_value(that_authentication))
    verdict.take(identity.no_parameter_occurs_twice(that_authentication))


@then(phrase("that request asks for the scopes of {service:Service}"))
def scopes_are_asked_for(
    scene: Scene, verdict: VerdictKeeper, that_authentication: HttpExchange, service: str
) -> None:
    scene.settled("authentication was asked for")
    requests = scene.authentication_requests()
    verdict.take(identity.scope_covers_the_service(requests, service))


@then(phrase("the code is redeemed by the client that asked for it"))
def code_is_redeemed(scene: Scene, verdict: VerdictKeeper) -> None:
    # Whatever its method and its grant type: both are judged.
    endpoint = urlsplit(scene.primary.access.idms_token_endpoint).path
    request = scene.expect(
        lambda: [e for e in scene.http("primary", "idms") if e.decoded_path == endpoint],
        "a token request",
    )
    assert isinstance(request, HttpExchange)
    client = scene.world.terminal.client_id
    verdict.take(identity.token_request_redeems_the_code(request, client))


@then(phrase("the code is bound to the client by PKCE"))
def code_is_bound(scene: Scene, verdict: VerdictKeeper, that_authentication: HttpExchange) -> None:
    scene.settled("the user signed in")
    requests = scene.token_requests(GRANT_AUTHORIZATION_CODE)
    verdict.take(identity.code_is_bound_by_pkce(that_authentication, requests))
    require(requests, Reason.UE_SILENT, "no code was redeemed")


@then(phrase("each sign-in has a code verifier and a state of its own"))
def verifiers_and_states_differ(scene: Scene, verdict: VerdictKeeper) -> None:
    scene.expect(lambda: scene.authentication_requests()[1:], "a second authentication request")
    requests, entered = scene.authentication_requests(), log_ins(scene)
    verdict.take(identity.verifier_is_made_anew(requests, entered))
    verdict.take(identity.state_is_made_anew(requests, entered))
