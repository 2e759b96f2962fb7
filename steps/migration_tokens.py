"""Steps about tokens for a partner: refusals, lifetimes, keys, and the next partner."""

from __future__ import annotations

import time

from pytest_bdd import then, when

from muster import procedure
from muster.checks import partner_identity
from muster.checks.tokens import GRACE
from muster.evidence import HttpExchange
from muster.journal import now
from muster.protocol.oidc import GRANT_JWT_BEARER, GRANT_REFRESH_TOKEN, GRANT_TOKEN_EXCHANGE
from muster.verdicts import Reason, VerdictKeeper, require
from steps.scene import Scene
from steps.vocabulary import phrase


def _refused(scene: Scene, grant: str, system: str) -> HttpExchange:
    """Return the token request that was refused: evidence that the UE came so far."""
    asked = scene.expect(
        lambda: [
            e for e in scene.token_requests(grant, system, scene.chosen_at) if e.status != 200
        ],
        f"a token request at {system} that is refused",
    )
    assert isinstance(asked, HttpExchange)
    return asked


@then(phrase("no service of the {system:System} system is contacted without a security token"))
def no_service_without_exchange(scene: Scene, verdict: VerdictKeeper, system: str) -> None:
    refused = _refused(scene, GRANT_TOKEN_EXCHANGE, "primary")
    window = scene.settled("the exchange was refused")
    contacts = scene.contacts(window.begins)
    verdict.take(
        partner_identity.refused_exchange_ends_the_migration(refused, contacts, system, window)
    )


@then(phrase("no service of the {system:System} system is contacted after that refusal"))
def no_service_without_token(scene: Scene, verdict: VerdictKeeper, system: str) -> None:
    refused = _refused(scene, GRANT_JWT_BEARER, system)
    window = scene.settled("the security token was refused")
    contacts = scene.contacts(window.begins)
    verdict.take(
        partner_identity.refused_token_request_ends_the_migration(refused, contacts, system, window)
    )


@when(phrase("the security token has expired"))
def security_token_expires(scene: Scene) -> None:
    """Waits out the lifetime that the primary gave it."""
    given = scene.token_requests(GRANT_TOKEN_EXCHANGE, "primary", scene.chosen_at)
    require(given, Reason.PRECONDITION_UNMET, "no security token was obtained")
    over = given[-1].ended + scene.primary.tokens.security_lifetime
    time.sleep(max(0.0, over + GRACE - now()) + 0.05)


@then(phrase("each security token is presented within its lifetime"))
def security_tokens_are_fresh(scene: Scene, verdict: VerdictKeeper) -> None:
    given = scene.token_requests(GRANT_TOKEN_EXCHANGE, "primary")
    requests = scene.token_requests(GRANT_JWT_BEARER)
    require(requests, Reason.UE_SILENT, "no security token was presented")
    verdict.take(partner_identity.security_token_is_used_within_its_lifetime(given, requests))


@then(phrase("the {system:System} system gets a security token of its own"))
def exchange_is_done_anew(scene: Scene, verdict: VerdictKeeper, system: str) -> None:
    requests = scene.http(server="idms", since=scene.chosen_at)
    earlier = scene.token_requests(GRANT_TOKEN_EXCHANGE, "primary")
    require(earlier, Reason.PRECONDITION_UNMET, "no exchange was asked for")
    verdict.take(partner_identity.exchange_is_done_for_each_partner(earlier[0], requests, system))
    asked = procedure.asked("token", scene.everything(scene.chosen_at), system)
    require(asked, Reason.UE_SILENT, f"no token was asked of the {system} system")


@then(phrase("keys are asked of the {system:System} system with its own access token"))
def keys_are_asked_with_its_token(scene: Scene, verdict: VerdictKeeper, system: str) -> None:
    requests = scene.http(system, "kms", scene.chosen_at)
    require(requests, Reason.UE_SILENT, f"no keys were asked of the {system} system")
    verdict.take(partner_identity.partner_key_server_sees_tokens_of_the_partner(requests, system))


@then(phrase("the {system:System} system sees the new access token from then on"))
def new_token_is_used(scene: Scene, verdict: VerdictKeeper, system: str) -> None:
    refused = [e for e in scene.http(system) if e.status == 401]
    require(refused, Reason.PRECONDITION_UNMET, "no token was refused")
    renewed = [
        e
        for grant in (GRANT_REFRESH_TOKEN, GRANT_JWT_BEARER)
        for e in scene.token_requests(grant, system, refused[0].started)
        if e.status == 200
    ]
    require(renewed, Reason.UE_SILENT, "the UE asked for no new access token")
    exchanges = scene.everything(renewed[0].ended)
    verdict.take(
        partner_identity.refreshed_token_replaces_the_refused_one(refused[0], renewed[0], exchanges)
    )
