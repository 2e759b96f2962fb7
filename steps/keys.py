"""Steps of key provisioning."""

from __future__ import annotations

from pytest_bdd import then, when

from muster.checks import keys
from muster.evidence import HttpExchange
from muster.protocol import kms
from muster.verdicts import VerdictKeeper
from steps.scene import Scene
from steps.vocabulary import phrase


@when(phrase("{user:User} starts an MC service"))
def start_any_service(scene: Scene, user: str) -> None:
    """The first that the ICS claims: the scenario is about what all have in common."""
    start_service(scene, user, scene.service)


@when(phrase("{user:User} starts the {service:Service} service"))
def start_service(scene: Scene, user: str, service: str) -> None:
    scene.service = service
    scene.stimulate("start_service", service)
    scene.active = scene.active_profile("primary", user)


@then(
    phrase("the key server that the configuration names is asked for certificate and keys"),
    target_fixture="those_key_requests",
)
def keys_are_asked_for(scene: Scene, verdict: VerdictKeeper) -> list[HttpExchange]:
    def asked() -> list[HttpExchange]:
        return [
            e for e in scene.http("primary") if "/keymanagement/" in e.path or e.server == "kms"
        ]

    scene.expect(asked, "a request to the key server")
    scene.settled("keys were asked for")
    verdict.take(keys.asks_for_certificate_and_keys(asked()))
    verdict.take(keys.asks_the_named_key_server(asked()))
    return asked()


@then(phrase("those requests are valid KMS requests of {user:User}"))
def kms_requests_are_valid(
    scene: Scene, verdict: VerdictKeeper, those_key_requests: list[HttpExchange], user: str
) -> None:
    verdict.take(keys.kms_request_is_valid(those_key_requests))
    base = scene.primary.access.kms
    urls = [base + kms.INIT_PATH, base + kms.KEYPROV_PATH]
    own = scene.primary.identity(user, scene.service)
    others = [scene.primary.identity(user, service) for service in scene.services]
    verdict.take(keys.kms_request_names_user_and_url(those_key_requests, own, urls, others))


@then(phrase("those requests carry an access token for key management"))
def token_is_for_key_management(
    verdict: VerdictKeeper, those_key_requests: list[HttpExchange]
) -> None:
    verdict.take(keys.presents_a_key_management_token(those_key_requests))
