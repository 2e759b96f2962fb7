"""Steps about what gives no access to a partner, whose identity is used there, and its keys."""

from __future__ import annotations

from pytest_bdd import given, then, when

from muster.checks import keys, migration, partner_access, partner_service
from muster.evidence import HttpExchange
from muster.journal import now
from muster.protocol import kms
from muster.verdicts import Reason, VerdictKeeper, require
from steps.migration_faults import alter_profile
from steps.migration_service import put
from steps.scene import Scene
from steps.vocabulary import phrase
from stubs import faults_migration as faults
from stubs.system import McSystem

VISITOR = "visitor"
"""Label of the SIP identity that a partner gives besides the MC service ID."""


# No access ---------------------------------------------------------------------------------------


@when(
    phrase(
        "{user:User} asks the {service:Service} client for the {system:System} system"
        " though no service was started"
    )
)
def asks_without_a_profile(scene: Scene, user: str, service: str, system: str) -> None:
    """No profile is there to choose from, so refusing is right."""
    scene.service = service
    profile = scene.active_profile("primary", user)
    partner = scene.system(system).access.system_id
    scene.stimulate("migrate", scene.service, partner, profile.index)


@then(phrase("nothing was done about migration"))
def nothing_was_done(scene: Scene, verdict: VerdictKeeper) -> None:
    window = scene.settled("migration was asked for without a profile")
    exchanges = scene.everything()
    require(exchanges, Reason.UE_SILENT, "the UE contacted nobody")
    profiles = scene.http("primary", "cms", holding="user-profile")
    require(not profiles, Reason.PRECONDITION_UNMET, "a profile was obtained all the same")
    others = [name for name in scene.world.systems if name != "primary"]
    verdict.take(
        partner_access.no_migration_without_a_profile(
            exchanges[-1], exchanges, scene.contacts(), others, window
        )
    )


@then(phrase("the {system:System} system that is told of off network only is not reached"))
def off_network_list_is_not_used(
    scene: Scene, verdict: VerdictKeeper, that_profile: HttpExchange, system: str
) -> None:
    window = scene.settled("migration was asked for")
    exchanges, contacts = scene.everything(window.begins), scene.contacts(window.begins)
    verdict.take(
        partner_access.access_is_told_on_network(that_profile, exchanges, contacts, system, window)
    )


# PDN connections ---------------------------------------------------------------------------------


@given(
    phrase(
        "the profile {profile:Quoted} names a PDN connection of its own for the {system:System}"
        " system"
    )
)
def entry_names_a_pdn_connection(scene: Scene, profile: str, system: str) -> None:
    """Told apart by the address that the UE sends from, which the IXIT tells."""
    require(scene.ixit.pdn, Reason.PRECONDITION_UNMET, "the IXIT tells of no PDN connection")
    name = next(iter(scene.ixit.pdn))
    scene.options["pdn_connections"] = ",".join(f"{n}={at}" for n, at in scene.ixit.pdn.items())
    scene.must(scene.stimulate("reset", scene.provisioning()), "the UE could not be provisioned")
    partner = scene.system(system)
    partner.watch.tells_peers = True
    change = faults.with_pdn_connection(partner.access.system_id, name)
    alter_profile(scene, profile, change)


@then(phrase("the {system:System} system is reached over that PDN connection"))
def partner_is_reached_over_it(
    scene: Scene, verdict: VerdictKeeper, that_profile: HttpExchange, system: str
) -> None:
    exchanges = scene.everything(scene.chosen_at)
    there = [e for e in exchanges if e.system == system]
    require(there, Reason.UE_SILENT, f"the UE never turned to the {system} system")
    source = next(iter(scene.ixit.pdn.values()))
    verdict.take(
        partner_access.partner_is_reached_over_its_pdn_connection(
            that_profile, exchanges, system, source
        )
    )


# Identities --------------------------------------------------------------------------------------


@given(phrase("the terminal is provisioned with an identity of the {system:System} system"))
def terminal_has_an_identity(scene: Scene, system: str) -> None:
    scene.options["partner_public_identity"] = scene.system(system).identity(VISITOR)
    scene.must(scene.stimulate("reset", scene.provisioning()), "the UE could not be provisioned")


@then(phrase("it registers at the {system:System} system under an identity that it was given"))
def registers_as_it_was_told(scene: Scene, verdict: VerdictKeeper, system: str) -> None:
    registers = scene.sip("REGISTER", system, scene.chosen_at)
    require(registers, Reason.UE_SILENT, f"the UE did not register at the {system} system")
    given_to_it = _identities(scene, scene.system(system))
    verdict.take(partner_service.registers_under_an_identity_that_was_given(registers, given_to_it))


def _identities(scene: Scene, system: McSystem) -> list[str]:
    """Return what the user may register under at a partner, as any of its services knows her."""
    provisioned = scene.options.get("partner_public_identity")
    services = [system.identity("alice", service) for service in scene.services]
    return [*([provisioned] if provisioned else []), *services]


@then(phrase("keys are asked of the {system:System} system for {user:User} as it knows her"))
def keys_are_for_the_visitor(scene: Scene, verdict: VerdictKeeper, system: str, user: str) -> None:
    requests = scene.http(system, "kms", scene.chosen_at)
    require(requests, Reason.UE_SILENT, f"no keys were asked of the {system} system")
    found = scene.system(system)
    urls = [found.access.kms + path for path in (kms.INIT_PATH, kms.KEYPROV_PATH)]
    identity = found.identity(user, scene.service)
    verdict.take(keys.kms_request_names_user_and_url(requests, identity, urls))


# Changes by the partner --------------------------------------------------------------------------


@when(
    phrase(
        "the {system:System} system adds the group {label:Label}"
        " to {user:User}'s profile {profile:Quoted}"
    )
)
def partner_profile_gains_a_group(
    scene: Scene, system: str, label: str, user: str, profile: str
) -> None:
    plan = scene.profile(system, profile)
    scene.chosen_at = now()
    put(scene, plan.model_copy(update={"groups": (*plan.groups, label)}))


@then(
    phrase(
        "the group {label:Label} of the profile {profile:Quoted} is obtained from {system:System}"
    )
)
def gained_group_is_obtained(
    scene: Scene, verdict: VerdictKeeper, label: str, profile: str, system: str
) -> None:
    selector = scene.selector(scene.profile(system, profile))
    changed = scene.expect(
        lambda: [
            e
            for e in scene.http(system, "cms", scene.chosen_at, selector)
            if e.status == 200 and e.response_body
        ],
        "the changed profile fetched",
    )
    assert isinstance(changed, HttpExchange)
    wanted = scene.world.builder.group_selector(system, label)
    scene.awaited(lambda: scene.http(system, "gms", scene.chosen_at, wanted.rpartition("/")[2]))
    verdict.take(
        migration.partner_groups_are_obtained(
            changed, scene.xcap(scene.chosen_at), [wanted], scene.service
        )
    )
