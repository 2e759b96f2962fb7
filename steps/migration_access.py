"""Steps about where a partner is: which entry was used, and who was left alone."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_bdd import then, when

from muster import procedure
from muster.checks import migration, partner_access
from muster.evidence import Exchange, HttpExchange
from muster.journal import now
from muster.verdicts import Reason, VerdictKeeper, require
from steps.migration_faults import put_partners
from steps.scene import Scene
from steps.vocabulary import phrase


def _trigger(scene: Scene, server: str, partner: str) -> Sequence[Exchange]:
    """Return the exchanges after which the UE has all it needs to turn to a partner's server."""
    since = scene.chosen_at
    before = {"idms": "exchange", "sip": "token", "gms": "profiles"}
    if server == "cms":
        return scene.notifications(partner, "user-profile", since)
    if server == "kms":
        return ()
    return procedure.succeeded(before[server], scene.everything(since), partner)


@then(
    phrase("the {server:Server} of the {system:System} system is reached where that profile has it")
)
def server_is_reached(
    scene: Scene, verdict: VerdictKeeper, that_profile: HttpExchange, server: str, system: str
) -> None:
    exchanges = scene.everything(scene.chosen_at)
    triggers = _trigger(scene, server, system)
    arguments = (that_profile, exchanges, system)
    match server:
        case "idms":
            taken = partner_access.identity_server_is_where_the_entry_has_it(
                *arguments, triggers, scene.service
            )
        case "sip":
            taken = partner_access.signalling_is_where_the_entry_has_it(
                *arguments, triggers, scene.service
            )
        case "cms":
            taken = partner_access.configuration_server_is_where_the_entry_has_it(
                *arguments, triggers, scene.service
            )
        case "gms":
            taken = partner_access.group_server_is_where_the_entry_has_it(
                *arguments, triggers, scene.service
            )
        case _:
            taken = partner_access.key_server_is_where_the_entry_has_it(*arguments)
    verdict.take(taken)
    names = {server, partner_access.FORMER + server}
    came = [e for e in exchanges if e.system == system and e.server in names]
    require(came or triggers, Reason.UE_SILENT, f"the UE never turned to a {server} of {system}")


@then(phrase("the {server:Server} of the {system:System} system is left alone"))
def server_is_left_alone(
    scene: Scene, verdict: VerdictKeeper, that_profile: HttpExchange, server: str, system: str
) -> None:
    window = scene.settled("migration was asked for")
    arguments = (that_profile, scene.everything(window.begins), system, window)
    match server:
        case "idms":
            verdict.take(partner_access.missing_identity_server_is_not_guessed(*arguments))
        case "sip":
            verdict.take(partner_access.missing_signalling_is_not_guessed(*arguments))
        case "cms":
            verdict.take(partner_access.missing_configuration_server_is_not_guessed(*arguments))
        case _:
            verdict.take(partner_access.missing_group_server_is_not_guessed(*arguments))


@then(phrase("the {system:System} system of another profile's entry is not reached"))
def other_entry_is_not_used(
    scene: Scene, verdict: VerdictKeeper, that_profile: HttpExchange, system: str
) -> None:
    window = scene.settled("the user migrated")
    exchanges, contacts = scene.everything(window.begins), scene.contacts(window.begins)
    verdict.take(
        partner_access.access_information_is_that_of_the_chosen_profile(
            that_profile, exchanges, contacts, system, window
        )
    )


@then(phrase("the {system:System} system of the same profile is not contacted"))
def other_partner_of_the_profile_is_left_alone(
    scene: Scene, verdict: VerdictKeeper, that_profile: HttpExchange, system: str
) -> None:
    window = scene.settled("the user migrated")
    exchanges, contacts = scene.everything(window.begins), scene.contacts(window.begins)
    verdict.take(
        partner_access.only_the_chosen_of_several_is_contacted(
            that_profile, exchanges, contacts, system, window
        )
    )


@then(phrase("nothing is sent to the {server:Server} of the {system:System} system"))
def unproven_server_gets_nothing(
    scene: Scene, verdict: VerdictKeeper, that_profile: HttpExchange, server: str, system: str
) -> None:
    window = scene.settled("the user migrated")
    exchanges = scene.everything(window.begins)
    came = [c for c in scene.contacts(window.begins) if (c.system, c.server) == (system, server)]
    verdict.take(
        partner_access.partner_server_is_verified(that_profile, exchanges, system, server, window)
    )
    require(came, Reason.UE_SILENT, f"the UE never turned to the {server} of {system}")


# Before the choice -------------------------------------------------------------------------------


@then(phrase("no partner system was contacted"))
def nobody_was_contacted(scene: Scene, verdict: VerdictKeeper) -> None:
    window = scene.settled("nobody asked for migration")
    exchanges = scene.everything()
    require(exchanges, Reason.UE_SILENT, "the UE contacted nobody")
    others = [name for name in scene.world.systems if name != "primary"]
    verdict.take(
        migration.partner_is_not_contacted_before_the_choice(
            exchanges[-1], scene.contacts(), window.ends, others
        )
    )


# Lists that change -------------------------------------------------------------------------------


def _list_changed(scene: Scene, profile: str, partners: tuple[str, ...]) -> None:
    """Change a list and wait until the UE holds the new version of the profile."""
    scene.chosen_at = now()
    plan = put_partners(scene, profile, partners)
    selector = scene.world.profile_selector("primary", plan.user, plan.index, plan.service)
    since = scene.chosen_at

    def fetched() -> list[Exchange]:
        return [e for e in scene.http("primary", "cms", since, selector) if e.status == 200]

    scene.expect(fetched, "the changed profile fetched")
    scene.settled("the list of partners was changed")


@when(
    phrase("the primary system takes the {system:System} system off the profile {profile:Quoted}")
)
def list_shrinks(scene: Scene, system: str, profile: str) -> None:
    listed = scene.profile("primary", profile).partners
    _list_changed(scene, profile, tuple(name for name in listed if name != system))


@when(phrase("the primary system puts the {system:System} system on the profile {profile:Quoted}"))
def list_grows(scene: Scene, system: str, profile: str) -> None:
    listed = scene.profile("primary", profile).partners
    _list_changed(scene, profile, (*listed, system))
