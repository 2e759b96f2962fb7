"""Steps of the bootstrap: switching the terminal on, and its first request."""

from __future__ import annotations

from pytest_bdd import then, when

from muster.checks import bootstrap
from muster.evidence import HttpExchange
from muster.verdicts import VerdictKeeper
from steps.scene import Scene
from steps.vocabulary import phrase


@when(phrase("{user:User}'s terminal is switched on"))
def switch_on(scene: Scene, user: str) -> None:
    scene.stimulate("power_on")


@then(
    phrase("the initial UE configuration is asked for at the provisioned address"),
    target_fixture="that_bootstrap",
)
def initial_configuration_is_asked_for(scene: Scene, verdict: VerdictKeeper) -> HttpExchange:
    request = scene.expect(lambda: scene.http(server="bootstrap"), "a bootstrap request")
    assert isinstance(request, HttpExchange)
    verdict.take(bootstrap.asks_at_the_provisioned_address(request, scene.world.bootstrap_uri))
    return request


@then(phrase("no other server is contacted before that configuration is there"))
def no_other_contact_before(
    scene: Scene, verdict: VerdictKeeper, that_bootstrap: HttpExchange
) -> None:
    scene.settled("the initial configuration was asked for")
    contacts = scene.contacts()
    verdict.take(bootstrap.bootstraps_before_any_other_contact(that_bootstrap, contacts))


@then(phrase("no access token stands in a URL"))
def no_token_in_a_url(scene: Scene, verdict: VerdictKeeper) -> None:
    scene.settled("the user is served")
    verdict.take(bootstrap.sends_no_token_in_a_url(scene.http()))
