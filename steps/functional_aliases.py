"""Steps of functional aliases: which ones profiles list, and which ones are activated."""

from __future__ import annotations

from pytest_bdd import given, then

from muster.checks import functional_aliases
from muster.checks.reading import activated_aliases
from muster.evidence import SipExchange
from muster.verdicts import Reason, VerdictKeeper, require
from steps.documents_judged import document_served
from steps.documents_more import alter
from steps.scene import Scene
from steps.vocabulary import phrase
from stubs.altered_documents import with_aliases


def _alias(scene: Scene, profile: str) -> str:
    """The functional alias that only this profile lists."""
    return scene.primary.identity(f"alias-of-{profile.lower().replace(' ', '-')}")


@given(phrase("the profiles of {user:User} list a functional alias each"))
def profiles_list_an_alias_each(scene: Scene, user: str) -> None:
    for plan in scene.world.plan.profiles_of("primary", user):
        alias = _alias(scene, plan.name)
        alter(scene, f'profile "{plan.name}"', lambda body, own=alias: with_aliases(body, own))  # type: ignore[misc]


@given(phrase("the profile {name:Quoted} lists a functional alias for a place far away"))
def profile_lists_a_far_alias(scene: Scene, name: str) -> None:
    near, far = _alias(scene, name), _alias(scene, "the pole")
    alter(scene, f'profile "{name}"', lambda body: with_aliases(body, near, far=[far]))


def _activations(scene: Scene) -> list[SipExchange]:
    return [one for one in scene.sip("PUBLISH", "primary") if activated_aliases(one)]


def _activated(scene: Scene) -> list[SipExchange]:
    """All publications of aliases, once the UE has come to rest; one must have come."""
    scene.expect(lambda: _activations(scene), "an activated functional alias")
    return _activations(scene)


@then(phrase("no functional alias is active that the active profile does not list"))
def only_listed_aliases_are_active(scene: Scene, verdict: VerdictKeeper) -> None:
    active = scene.active_profile("primary")
    served = document_served(scene, f'profile "{active.name}"')
    _activated(scene)
    window = scene.settled("a functional alias was activated")
    aliases = [_alias(scene, active.name)]
    verdict.take(
        functional_aliases.only_listed_aliases_are_activated(
            served, _activations(scene), aliases, window
        )
    )


@then(phrase("no functional alias is active that the chosen profile does not list"))
def aliases_follow_the_choice(scene: Scene, verdict: VerdictKeeper) -> None:
    change = scene.expect(lambda: scene.settings("primary", scene.chosen_at), "new settings")
    assert isinstance(change, SipExchange)
    assert scene.active is not None
    window = scene.settled("another profile was chosen")
    before = [one for one in _activated(scene) if one.started < change.started]
    require(before, Reason.PRECONDITION_UNMET, "no functional alias was active before the choice")
    aliases = [_alias(scene, scene.active.name)]
    verdict.take(
        functional_aliases.aliases_follow_the_chosen_profile(
            change, _of_aliases(scene), aliases, window
        )
    )


def _of_aliases(scene: Scene) -> list[SipExchange]:
    """Publications from the first that activated an alias on: a later one may give it up."""
    first = _activations(scene)[0]
    event = first.header("Event")
    later = scene.sip("PUBLISH", "primary", first.started)
    return [one for one in later if one.header("Event") == event]


@then(phrase("the functional alias of that place is not active"))
def far_alias_is_not_active(scene: Scene, verdict: VerdictKeeper) -> None:
    active = scene.active_profile("primary")
    served = document_served(scene, f'profile "{active.name}"')
    _activated(scene)
    window = scene.settled("a functional alias was activated")
    far = _alias(scene, "the pole")
    verdict.take(
        functional_aliases.alias_of_a_far_place_is_not_activated(
            served, _activations(scene), far, window
        )
    )
