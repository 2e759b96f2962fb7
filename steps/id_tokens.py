"""Steps about ID tokens: which are given out, and which of them the client believes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pytest_bdd import given, then

from muster.checks import tokens
from muster.evidence import Exchange, HttpExchange, Judgement, Window
from muster.verdicts import VerdictKeeper
from steps.log_in import put_in
from steps.scene import Scene
from steps.tokens import in_use, the_response
from steps.vocabulary import phrase
from stubs import faults_identity as faults

Told = Callable[[HttpExchange, Sequence[Exchange], str, Window], Judgement]
"""A check of who is believed: the token response, what came after it, the identity, the wait."""

# What the identity server gives out --------------------------------------------------------------


@given(phrase("the primary identity server gives an ID token for another client"))
def id_token_for_another_client(scene: Scene) -> None:
    values = {"aud": f"{scene.world.terminal.client_id}-other"}
    put_in(scene, faults.OtherClaims(scene.primary.tokens, values))


@given(phrase("the primary identity server gives an ID token for no client"))
def id_token_for_no_client(scene: Scene) -> None:
    put_in(scene, faults.OtherClaims(scene.primary.tokens, {"aud": None}))


@given(phrase("the primary identity server gives an ID token of the {system:System} system"))
def id_token_of_another_issuer(scene: Scene, system: str) -> None:
    other = scene.system(system).tokens
    put_in(scene, faults.OtherIssuer(scene.primary.tokens, other))


@given(phrase("the primary identity server gives an ID token that expired long ago"))
def id_token_expired(scene: Scene) -> None:
    put_in(scene, faults.ExpiredIdToken(scene.primary.tokens, seconds=3600))


@given(phrase("the primary identity server gives an ID token that expired a moment ago"))
def id_token_expired_a_moment_ago(scene: Scene) -> None:
    # Half a minute of leeway, and half a minute by which clocks may differ.
    put_in(scene, faults.ExpiredIdToken(scene.primary.tokens, seconds=75))


@given(phrase("the primary identity server gives an ID token that is not valid yet"))
def id_token_not_valid_yet(scene: Scene) -> None:
    put_in(scene, faults.FutureIdToken(scene.primary.tokens))


@given(phrase("the primary identity server gives an ID token without a signature"))
def id_token_unsigned(scene: Scene) -> None:
    put_in(scene, faults.UnsignedIdToken(scene.primary.tokens))


@given(phrase("the primary identity server gives an ID token that was changed after signing"))
def id_token_changed(scene: Scene) -> None:
    put_in(scene, faults.BrokenSignature(scene.primary.tokens))


@given(phrase("the primary identity server gives an ID token signed with an unknown key"))
def id_token_of_unknown_key(scene: Scene) -> None:
    put_in(scene, faults.UnknownKey(scene.primary.tokens))


@given(phrase("the primary identity server gives an ID token sealed with its public key"))
def id_token_of_public_key(scene: Scene) -> None:
    put_in(scene, faults.PublicKeyAsSecret(scene.primary.tokens))


@given(phrase("the primary identity server names the audience of ID tokens in an array"))
def audience_in_array(scene: Scene) -> None:
    values = {"aud": [scene.world.terminal.client_id]}
    put_in(scene, faults.OtherClaims(scene.primary.tokens, values))


@given(phrase("the primary identity server adds claims to its ID tokens"))
def further_claims(scene: Scene) -> None:
    values = {"x_shoe_size": 43, "x_address": {"planet": "earth"}, "x_flags": [True, None]}
    put_in(scene, faults.OtherClaims(scene.primary.tokens, values))


# What becomes of them ----------------------------------------------------------------------------


def _weigh(scene: Scene, verdict: VerdictKeeper, check: Told, which: str) -> None:
    """Judge what the UE did after it got such an ID token, and before the quiet time was over."""
    response = the_response(scene)
    window = scene.settled(f"an ID token {which} was given out")
    seen, named = scene.everything(response.started), scene.primary.identity("alice")
    verdict.take(check(response, seen, named, window))


@then(phrase("an ID token for another client is not believed"))
def other_client_is_refused(scene: Scene, verdict: VerdictKeeper) -> None:
    _weigh(
        scene,
        verdict,
        tokens.id_token_for_another_client_is_refused,
        "an ID token for another client",
    )


@then(phrase("an ID token of another issuer is not believed"))
def other_issuer_is_refused(scene: Scene, verdict: VerdictKeeper) -> None:
    _weigh(
        scene,
        verdict,
        tokens.id_token_of_another_issuer_is_refused,
        "an ID token of another issuer",
    )


@then(phrase("an ID token that has expired is not believed"))
def expired_is_refused(scene: Scene, verdict: VerdictKeeper) -> None:
    _weigh(scene, verdict, tokens.expired_id_token_is_refused, "that had expired")


@then(phrase("an ID token past the leeway for clocks is not believed"))
def leeway_is_kept(scene: Scene, verdict: VerdictKeeper) -> None:
    _weigh(scene, verdict, tokens.leeway_is_half_a_minute_at_most, "that had expired")


@then(phrase("an ID token is not believed before its time"))
def future_is_refused(scene: Scene, verdict: VerdictKeeper) -> None:
    _weigh(scene, verdict, tokens.id_token_is_refused_before_its_time, "of the future")


@then(phrase("an ID token that does not verify is not believed"))
def unverified_is_refused(scene: Scene, verdict: VerdictKeeper) -> None:
    _weigh(
        scene,
        verdict,
        tokens.id_token_that_does_not_verify_is_refused,
        "an ID token that does not verify",
    )


@then(phrase("an ID token without a signature is not believed"))
def unsigned_is_refused(scene: Scene, verdict: VerdictKeeper) -> None:
    _weigh(scene, verdict, tokens.unsigned_id_token_is_refused, "without a signature")


@then(phrase("the access token that came with that ID token is not used"))
def its_access_token_is_unused(scene: Scene, verdict: VerdictKeeper) -> None:
    response = the_response(scene)
    window = scene.settled("an ID token for another client was given out")
    seen = scene.everything(response.started)
    verdict.take(tokens.access_token_of_a_refused_id_token_stays_unused(response, seen, window))


@then(phrase("the audience in an array is understood"))
def array_is_accepted(scene: Scene, verdict: VerdictKeeper) -> None:
    response, seen = in_use(scene)
    verdict.take(tokens.audience_in_an_array_is_accepted(response, seen))


@then(phrase("the further claims are passed over"))
def claims_are_ignored(scene: Scene, verdict: VerdictKeeper) -> None:
    response, seen = in_use(scene)
    verdict.take(tokens.further_claims_are_ignored(response, seen))
