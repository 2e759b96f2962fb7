"""Steps of tokens: what comes with a sign-in, how it is renewed, and to whom it is shown."""

from __future__ import annotations

import math

from pytest_bdd import given, then, when

from muster.checks import tokens
from muster.evidence import Exchange, HttpExchange
from muster.journal import now
from muster.protocol.oidc import GRANT_AUTHORIZATION_CODE, GRANT_REFRESH_TOKEN
from muster.verdicts import Reason, VerdictKeeper, require
from steps.log_in import put_in, token_requests
from steps.scene import Scene
from steps.vocabulary import phrase
from stubs import faults_identity as faults

MANAGEMENT = ("cms", "gms", "kms")

# What the identity server gives out --------------------------------------------------------------


@given(phrase("the primary identity server gives no refresh token"))
def gives_no_refresh_token(scene: Scene) -> None:
    put_in(scene, faults.NoRefreshToken())


@given(phrase("the primary identity server writes the token type in lower case"))
def writes_lower_case(scene: Scene) -> None:
    put_in(scene, faults.OtherTokenType("bearer"))


@given(phrase("the primary identity server gives tokens of an unknown type"))
def gives_unknown_type(scene: Scene) -> None:
    put_in(scene, faults.OtherTokenType("x-sealed"))


@given(phrase("the primary identity server adds members to its token responses"))
def adds_members(scene: Scene) -> None:
    put_in(scene, faults.FurtherMembers())


@given(phrase("the primary identity server sends tokens beside an error"))
def sends_tokens_with_error(scene: Scene) -> None:
    put_in(scene, faults.TokensWithError())


@given(phrase("the primary identity server gives access tokens that only servers can read"))
def gives_opaque_tokens(scene: Scene) -> None:
    put_in(scene, faults.OpaqueAccessToken(scene.primary.tokens))


@given(phrase("the primary identity server grants no scope for group management"))
def grants_no_group_management(scene: Scene) -> None:
    put_in(scene, faults.NarrowerScope(scene.primary.tokens, "group_management_service"))


def moments(scene: Scene) -> int:
    """The shortest lifetime of a token, in seconds, within which the UE can have used it."""
    waiting = scene.waiting
    # A UE that cannot prove that it is idle has other delays than its own to bear.
    seconds = 1.0 if scene.driver.proves_quiet else waiting.answer * waiting.scale
    return max(1, math.ceil(seconds))


@given(phrase("the access tokens of the primary system live for moments only"))
def tokens_are_short_lived(scene: Scene) -> None:
    scene.primary.tokens.access_lifetime = moments(scene)


@given(phrase("the primary system no longer accepts {user:User}'s access token"))
@when(phrase("the primary system no longer accepts {user:User}'s access token"))
def token_is_over(scene: Scene, user: str) -> None:
    put_in(scene, faults.LateGrant(scene.moment))
    scene.world.ledger.expire("access", "primary")


@given(phrase("the primary identity server refuses to refresh tokens"))
def refuses_refresh(scene: Scene) -> None:
    put_in(scene, faults.LateGrant(scene.moment))  # the refusal, too
    put_in(scene, faults.RefusesGrant(GRANT_REFRESH_TOKEN))


@when(phrase("the lifetime of {user:User}'s access token has passed"))
def lifetime_has_passed(scene: Scene, user: str) -> None:
    ends = [
        response.ended + float(tokens.granted(response).get("expires_in", 0))
        for response in responses(scene)
    ]
    require(ends, Reason.PRECONDITION_UNMET, "no token was given out")
    scene.journal.wait_until(lambda: False, max(ends) + tokens.GRACE + 0.1 - now())


# What is seen ------------------------------------------------------------------------------------


def responses(scene: Scene, grant: str = "") -> list[HttpExchange]:
    """Token responses that hold an access token, in order."""
    found = [e for e in token_requests(scene) if tokens.granted(e).get("access_token")]
    return [e for e in found if grant in ("", e.form.get("grant_type"))]


def the_response(scene: Scene) -> HttpExchange:
    """The token response that the sign-in ended with."""
    found = scene.expect(lambda: responses(scene, GRANT_AUTHORIZATION_CODE), "a token response")
    assert isinstance(found, HttpExchange)
    return found


def the_refreshes(scene: Scene, number: int = 1) -> list[HttpExchange]:
    """Refreshes that gave tokens; a UE is free to let its user sign in anew instead."""
    scene.awaited(lambda: responses(scene, GRANT_REFRESH_TOKEN)[number - 1 :])
    found = responses(scene, GRANT_REFRESH_TOKEN)
    require(len(found) >= number, Reason.UE_SILENT, "the token was not refreshed")
    return found


def in_use(scene: Scene) -> tuple[HttpExchange, list[Exchange]]:
    """Wait for a use of the access token; return the response that gave it, and all since then.

    A UE may sign in more than once, for each of its services, say: one of the responses is used.
    """
    first = the_response(scene)

    def used() -> HttpExchange | None:
        seen = scene.everything(first.started)
        found = responses(scene, GRANT_AUTHORIZATION_CODE)
        return next((one for one in found if tokens.is_in_use(one, seen)), None)

    scene.awaited(used)
    response = used() or first
    return response, scene.everything(response.started)


# Token responses ---------------------------------------------------------------------------------


@then(phrase("the sign-in without a refresh token is used"))
def no_refresh_token_is_accepted(scene: Scene, verdict: VerdictKeeper) -> None:
    response, seen = in_use(scene)
    verdict.take(tokens.response_without_refresh_token_is_accepted(response, seen))


@then(phrase("the token type in lower case is understood"))
def lower_case_is_accepted(scene: Scene, verdict: VerdictKeeper) -> None:
    response, seen = in_use(scene)
    verdict.take(tokens.token_type_is_read_without_regard_to_case(response, seen))


@then(phrase("the further members are passed over"))
def members_are_ignored(scene: Scene, verdict: VerdictKeeper) -> None:
    response, seen = in_use(scene)
    verdict.take(tokens.further_members_are_ignored(response, seen))


@then(phrase("the access token is shown without being read"))
def token_is_opaque(scene: Scene, verdict: VerdictKeeper) -> None:
    response, seen = in_use(scene)
    verdict.take(tokens.access_token_is_opaque(response, seen))


@then(phrase("no token of that type is used"))
def unknown_type_is_unused(scene: Scene, verdict: VerdictKeeper) -> None:
    response = the_response(scene)
    window = scene.settled("a token of an unknown type was given out")
    seen = scene.everything(response.started)
    verdict.take(tokens.token_of_unknown_type_stays_unused(response, seen, window))


@then(phrase("no token beside that error is used"))
def error_is_heeded(scene: Scene, verdict: VerdictKeeper) -> None:
    response = the_response(scene)
    window = scene.settled("the token request was answered with an error")
    seen = scene.everything(response.started)
    verdict.take(tokens.tokens_beside_an_error_stay_unused(response, seen, window))


# Refresh -----------------------------------------------------------------------------------------


@then(phrase("the token is refreshed as the profile of OpenID Connect says"))
def refresh_has_its_form(scene: Scene, verdict: VerdictKeeper) -> None:
    def asked() -> list[HttpExchange]:
        found = token_requests(scene, the_response(scene).ended)
        return [e for e in found if e.form.get("grant_type") != GRANT_AUTHORIZATION_CODE]

    request = scene.expect(asked, "a request to refresh the token")
    assert isinstance(request, HttpExchange)
    verdict.take(tokens.refresh_request_has_its_form(request))


@then(phrase("the refresh asks for no more than was granted"))
def refresh_is_no_wider(scene: Scene, verdict: VerdictKeeper) -> None:
    scene.expect(lambda: scene.token_requests(GRANT_REFRESH_TOKEN), "a refresh")
    asked = scene.token_requests(GRANT_REFRESH_TOKEN)
    the_response(scene)
    granted = responses(scene, GRANT_AUTHORIZATION_CODE)
    verdict.take(tokens.refresh_asks_for_no_more(granted, asked))


@then(phrase("the new access token is shown from then on"))
def new_token_is_shown(scene: Scene, verdict: VerdictKeeper) -> None:
    refresh = the_refreshes(scene)[0]
    scene.settled("the token was refreshed")
    later = [e for e in scene.everything(refresh.ended) if tokens.access_tokens(e)]
    require(later, Reason.UE_SILENT, "no token was shown after the refresh")
    verdict.take(tokens.new_access_token_is_shown(refresh, scene.everything()))


@then(phrase("the second refresh is asked for with the new refresh token"))
def new_refresh_token_is_used(scene: Scene, verdict: VerdictKeeper) -> None:
    the_refreshes(scene)
    scene.expect(lambda: scene.token_requests(GRANT_REFRESH_TOKEN)[1:], "a second refresh")
    asked = scene.token_requests(GRANT_REFRESH_TOKEN)
    verdict.take(tokens.replaced_refresh_token_is_not_used(asked))


@then(phrase("the access token that is over is not shown after the refusal"))
def refused_refresh_ends_it(scene: Scene, verdict: VerdictKeeper) -> None:
    refusal = scene.expect(lambda: scene.token_requests(GRANT_REFRESH_TOKEN), "a refresh")
    assert isinstance(refusal, HttpExchange)
    window = scene.settled("the refresh was refused")
    seen = scene.everything()
    verdict.take(tokens.refused_refresh_ends_the_use_of_the_token(refusal, seen, window))


@then(phrase("no access token is shown past its lifetime"))
def lifetime_is_kept(scene: Scene, verdict: VerdictKeeper) -> None:
    scene.settled("the lifetime of a token had passed")
    verdict.take(tokens.lifetime_is_kept(responses(scene), scene.everything()))


@then(phrase("service goes on with a fresh access token"))
def fresh_token_is_used(scene: Scene, verdict: VerdictKeeper) -> None:
    scene.settled("the lifetime of a token had passed")
    asked = scene.xcap(scene.chosen_at)
    require(asked, Reason.UE_SILENT, "nothing was asked for after the lifetime")
    verdict.take(tokens.service_goes_on_with_a_fresh_token(the_response(scene), asked))


@then(phrase("no refused request is repeated without end"))
def no_endless_repetition(scene: Scene, verdict: VerdictKeeper) -> None:
    def asked() -> list[HttpExchange]:
        # A UE that renews its token before each use is refused by the identity server already.
        return [*scene.xcap(), *scene.token_requests(GRANT_REFRESH_TOKEN)]

    def refused() -> list[HttpExchange]:
        return [e for e in asked() if e.status in (400, 401, 403)]

    scene.expect(refused, "a request that was refused")
    window = scene.settled("a request was refused")
    verdict.take(tokens.refused_request_is_not_repeated_without_end(asked(), window))


# Where tokens are shown --------------------------------------------------------------------------


@then(phrase("the management servers are shown the access token as a bearer token"))
def bearer_is_used(scene: Scene, verdict: VerdictKeeper) -> None:
    scene.settled("the user is served")
    asked = [e for e in scene.http("primary") if e.server in MANAGEMENT]
    require(asked, Reason.UE_SILENT, "no management server was asked")
    verdict.take(tokens.access_token_is_shown_as_bearer(asked))


@then(phrase("no request carries its access token in two places"))
def one_method(scene: Scene, verdict: VerdictKeeper) -> None:
    scene.settled("the user is served")
    asked = [e for e in scene.http() if tokens.access_tokens(e)]
    require(asked, Reason.UE_SILENT, "no access token was shown")
    verdict.take(tokens.access_token_is_sent_by_one_method(asked))


@then(phrase("the refresh token is shown to nobody but its issuer"))
def refresh_token_is_kept(scene: Scene, verdict: VerdictKeeper) -> None:
    scene.settled("the user is served")
    verdict.take(tokens.refresh_token_is_for_its_issuer(scene.everything()))


@then(phrase("{user:User}'s documents are asked for under the identity of her ID token"))
def identity_is_that_of_the_token(scene: Scene, verdict: VerdictKeeper, user: str) -> None:
    def asked() -> list[HttpExchange]:
        found = scene.http("primary", "cms")
        return [e for e in found if f"/org.3gpp.{scene.service}." in e.path and "/users/" in e.path]

    scene.expect(asked, "a request for documents of the user")
    scene.settled("the user's documents were asked for")
    own = scene.primary.identity(user, scene.service)
    verdict.take(tokens.acts_under_the_id_of_its_token(asked(), own))
