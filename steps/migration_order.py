"""Steps about the order of a migration, also where one of its steps fails."""

from __future__ import annotations

from pytest_bdd import then

from muster import procedure
from muster.checks import migration, sequence
from muster.evidence import Exchange, HttpExchange, SipExchange
from muster.verdicts import Reason, VerdictKeeper, require
from steps.scene import Scene
from steps.vocabulary import phrase


def _acted(scene: Scene, that_profile: HttpExchange, system: str) -> list[Exchange]:
    """Return what was seen since the choice, once all is quiet; the UE has to have acted on it."""
    scene.settled("the user migrated")
    exchanges = scene.everything(scene.chosen_at)
    # A UE may renew its access token before it exchanges it: that too is an act.
    begun = [e for e in exchanges if e.system == system or e.server == "idms"]
    require(begun, Reason.UE_SILENT, f"the UE did nothing about migration to {system}")
    return exchanges


def _groups(scene: Scene, system: str) -> list[str]:
    """Return the groups of the partner's active profile that can be had."""
    active = scene.active_profile(system)
    held = scene.system(system).groups
    return [selector for selector in scene.group_selectors(active) if held.get(selector)]


@then(phrase("each step at the {system:System} system follows those that it needs"))
def every_rule_holds(
    scene: Scene, verdict: VerdictKeeper, that_profile: HttpExchange, system: str
) -> None:
    exchanges = _acted(scene, that_profile, system)
    verdict.take(sequence.token_follows_exchange(that_profile, exchanges, system))
    verdict.take(sequence.configuration_follows_token(that_profile, exchanges, system))
    verdict.take(sequence.profiles_follow_registration(that_profile, exchanges, system))
    verdict.take(sequence.groups_follow_profiles(that_profile, exchanges, system))
    verdict.take(sequence.authorisation_follows_registration_there(that_profile, exchanges, system))
    verdict.take(sequence.authorisation_follows_profiles(that_profile, exchanges, system))
    groups = _groups(scene, system)
    verdict.take(sequence.authorisation_follows_groups(that_profile, exchanges, system, groups))
    asked = procedure.asked("authorisation", exchanges, system)
    require(asked, Reason.UE_SILENT, "service authorisation was not asked for")


@then(phrase("the {system:System} system is asked for no token without a security token"))
def token_needs_exchange(
    scene: Scene, verdict: VerdictKeeper, that_profile: HttpExchange, system: str
) -> None:
    exchanges = _acted(scene, that_profile, system)
    verdict.take(sequence.token_follows_exchange(that_profile, exchanges, system))


@then(phrase("the {system:System} system is asked for no configuration without a token of it"))
def configuration_needs_token(
    scene: Scene, verdict: VerdictKeeper, that_profile: HttpExchange, system: str
) -> None:
    exchanges = _acted(scene, that_profile, system)
    verdict.take(sequence.configuration_follows_token(that_profile, exchanges, system))


@then(phrase("the {system:System} system is asked for no profile without a registration there"))
def profiles_need_registration(
    scene: Scene, verdict: VerdictKeeper, that_profile: HttpExchange, system: str
) -> None:
    exchanges = _acted(scene, that_profile, system)
    verdict.take(sequence.profiles_follow_registration(that_profile, exchanges, system))


@then(phrase("the {system:System} system is asked for no group without a profile of it"))
def groups_need_profiles(
    scene: Scene, verdict: VerdictKeeper, that_profile: HttpExchange, system: str
) -> None:
    exchanges = _acted(scene, that_profile, system)
    verdict.take(sequence.groups_follow_profiles(that_profile, exchanges, system))


@then(phrase("service authorisation is not asked of the {system:System} system unregistered"))
def authorisation_needs_registration(
    scene: Scene, verdict: VerdictKeeper, that_profile: HttpExchange, system: str
) -> None:
    exchanges = _acted(scene, that_profile, system)
    verdict.take(sequence.authorisation_follows_registration_there(that_profile, exchanges, system))


@then(phrase("service authorisation is not asked of the {system:System} system without a profile"))
def authorisation_needs_profiles(
    scene: Scene, verdict: VerdictKeeper, that_profile: HttpExchange, system: str
) -> None:
    exchanges = _acted(scene, that_profile, system)
    verdict.take(sequence.authorisation_follows_profiles(that_profile, exchanges, system))


@then(phrase("service authorisation is not asked of the {system:System} system without its groups"))
def authorisation_needs_groups(
    scene: Scene, verdict: VerdictKeeper, that_profile: HttpExchange, system: str
) -> None:
    exchanges = _acted(scene, that_profile, system)
    groups = _groups(scene, system)
    verdict.take(sequence.authorisation_follows_groups(that_profile, exchanges, system, groups))


@then(phrase("migrated service is asked of the {system:System} system"))
def authorisation_is_asked_for(
    scene: Scene, verdict: VerdictKeeper, that_profile: HttpExchange, system: str
) -> None:
    exchanges = _acted(scene, that_profile, system)
    got = procedure.succeeded("profiles", exchanges, system)
    require(got, Reason.PRECONDITION_UNMET, f"no profile of the {system} system was obtained")
    assert isinstance(got[0], HttpExchange)
    verdict.take(sequence.authorisation_follows_configuration(got[0], exchanges, system))


@then(phrase("the terminal registers at the {system:System} system with an identity of it"))
def registers_there(scene: Scene, verdict: VerdictKeeper, system: str) -> None:
    granted = procedure.succeeded("token", scene.everything(scene.chosen_at), system)
    require(granted, Reason.PRECONDITION_UNMET, f"no token was granted at the {system} system")
    assert isinstance(granted[0], HttpExchange)
    registers = scene.sip("REGISTER", system, scene.chosen_at)
    verdict.take(migration.registers_at_the_partner(granted[0], registers, scene.home_identity))


@then(phrase("every profile of {user:User} at the {system:System} system is downloaded"))
def every_profile_is_downloaded(
    scene: Scene, verdict: VerdictKeeper, user: str, system: str
) -> None:
    since = scene.chosen_at
    notify = scene.expect(
        lambda: scene.notifications(system, "user-profile", since), f"a NOTIFY of {system}"
    )
    assert isinstance(notify, SipExchange)
    selectors = scene.profile_selectors(system, user)
    verdict.take(migration.partner_profiles_are_downloaded(notify, scene.xcap(since), selectors))
