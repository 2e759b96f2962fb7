"""Givens of migration: where a partner is, what a profile lists, and what goes wrong on the way."""

from __future__ import annotations

from collections.abc import Callable

import trustme
from pytest_bdd import given

from muster.documents.worlds import ProfilePlan
from muster.protocol.oidc import GRANT_JWT_BEARER, GRANT_TOKEN_EXCHANGE
from steps.scene import Scene
from steps.tokens import moments
from steps.vocabulary import phrase
from stubs import authorities
from stubs import faults_migration as faults
from stubs.faults import ConnectionReset, Refusal
from stubs.faults_documents import RefusedToken
from stubs.faults_identity import LateGrant, RefusesGrant
from stubs.faults_sip import SipRefusal
from stubs.system import McSystem

SERVICE_UNAVAILABLE = 503
FORBIDDEN = 403
PATIENCE_SECONDS = "1.5"
"""Long beside what a stub needs to answer on a busy machine, short beside what a UE waits."""
WARNING_NOT_AUTHORISED = "101 service authorisation failed"


# Where a partner is ------------------------------------------------------------------------------


@given(phrase("the {server:Server} of the {system:System} system has moved since profiles told it"))
def server_has_moved(scene: Scene, server: str, system: str) -> None:
    """Served on at the former address too, which every profile describes for now."""
    scene.world.loop.run(scene.system(system).move(server))


@given(phrase("only the profile {profile:Quoted} tells where it is now"))
def profile_tells_the_new_place(scene: Scene, profile: str) -> None:
    plan = scene.profile("primary", profile)
    scene.world.on_loop(lambda: scene.world.put_profile(plan))


def alter_profile(scene: Scene, profile: str, change: Callable[[bytes], bytes]) -> None:
    """Serve a changed version of a profile of the primary."""
    plan = scene.profile("primary", profile)
    world = scene.world
    selector = world.profile_selector("primary", plan.user, plan.index, plan.service)
    world.on_loop(lambda: world.population.alter("primary", selector, change))


@given(
    phrase(
        "the profile {profile:Quoted} does not tell of the {server:Server}"
        " of the {system:System} system"
    )
)
def entry_lacks_a_server(scene: Scene, profile: str, server: str, system: str) -> None:
    partner = scene.system(system).access.system_id
    alter_profile(scene, profile, faults.without_address(partner, server))


@given(
    phrase(
        "the profile {profile:Quoted} tells no usable address for the {server:Server}"
        " of the {system:System} system"
    )
)
def entry_is_unusable(scene: Scene, profile: str, server: str, system: str) -> None:
    partner = scene.system(system).access.system_id
    alter_profile(scene, profile, faults.with_unusable_address(partner, server))


@given(phrase("the profile {profile:Quoted} only names the {system:System} system"))
def entry_only_names(scene: Scene, profile: str, system: str) -> None:
    partner = scene.system(system).access.system_id
    alter_profile(scene, profile, faults.without_access(partner))


def put_partners(scene: Scene, profile: str, partners: tuple[str, ...]) -> ProfilePlan:
    """Serve a profile of the primary with another list of partners."""
    changed = scene.profile("primary", profile).model_copy(update={"partners": partners})
    scene.world.on_loop(lambda: scene.world.put_profile(changed))
    return changed


@given(phrase("the profile {profile:Quoted} lists no partner system"))
def profile_lists_nobody(scene: Scene, profile: str) -> None:
    put_partners(scene, profile, ())


# Servers that do not prove who they are ----------------------------------------------------------


def _present(system: McSystem, server: str, certificate: trustme.LeafCert) -> None:
    system.servers[server].tls = system.tls.context(certificate)


def _names(system: McSystem, server: str) -> list[str]:
    return [system.host, system.host_name(server)]


@given(
    phrase(
        "nobody that the terminal trusts certified the {server:Server}"
        " of the {system:System} system"
    )
)
def untrusted_server(scene: Scene, server: str, system: str) -> None:
    found = scene.system(system)
    _present(found, server, authorities.untrusted(_names(found, server)))


@given(phrase("the certificate of the {system:System} system's {server:Server} names another one"))
def misnamed_server(scene: Scene, system: str, server: str) -> None:
    found = scene.system(system)
    _present(found, server, authorities.misnamed(found.authority))


@given(phrase("the certificate of the {system:System} system's {server:Server} has expired"))
def expired_server(scene: Scene, system: str, server: str) -> None:
    found = scene.system(system)
    _present(found, server, authorities.expired(found.authority, _names(found, server)))


# Refusals ----------------------------------------------------------------------------------------


@given(phrase("the primary system refuses to exchange tokens"))
def exchange_is_refused(scene: Scene) -> None:
    scene.primary.faults["idms"].append(RefusesGrant(GRANT_TOKEN_EXCHANGE, "invalid_target"))


@given(phrase("the {system:System} system refuses the security token"))
def security_token_is_refused(scene: Scene, system: str) -> None:
    scene.system(system).faults["idms"].append(RefusesGrant(GRANT_JWT_BEARER))


@given(phrase("the {server:Server} of the {system:System} system is out of service"))
def server_is_out_of_service(scene: Scene, server: str, system: str) -> None:
    if server == "sip":
        refusal = SipRefusal("REGISTER", SERVICE_UNAVAILABLE)
        scene.system(system).sip_faults.append(refusal)
    else:
        scene.system(system).faults[server].append(Refusal(SERVICE_UNAVAILABLE))


@given(phrase("the {server:Server} of the {system:System} system breaks off every connection"))
def server_breaks_off(scene: Scene, server: str, system: str) -> None:
    scene.system(system).faults[server].append(ConnectionReset())


@given(phrase("the terminal does not wait long for an answer"))
def terminal_is_impatient(scene: Scene) -> None:
    """A UE that can be told so waits less than usual; any other one waits as it does."""
    scene.options["patience_seconds"] = PATIENCE_SECONDS
    scene.must(scene.stimulate("reset", scene.provisioning()), "the UE could not be provisioned")


@given(phrase("the {server:Server} of the {system:System} system never answers"))
def server_never_answers(scene: Scene, server: str, system: str) -> None:
    found = scene.system(system)
    if server == "sip":
        found.sip_faults.append(faults.SipSilence("REGISTER"))
    else:
        found.faults[server].append(faults.Silence())


@given(phrase("the primary system never answers a request to exchange tokens"))
def exchange_is_not_answered(scene: Scene) -> None:
    scene.primary.faults["idms"].append(faults.Silence(GRANT_TOKEN_EXCHANGE))


@given(phrase("the primary system breaks off when it is to exchange tokens"))
def exchange_breaks_off(scene: Scene) -> None:
    scene.primary.faults["idms"].append(faults.BrokenGrant(GRANT_TOKEN_EXCHANGE))


@given(phrase("the {system:System} system never answers a request for service authorisation"))
def authorisation_is_not_answered(scene: Scene, system: str) -> None:
    for method in ("PUBLISH", "REGISTER"):
        scene.system(system).sip_faults.append(faults.SipSilence(method, with_token=True))


@given(phrase("the {system:System} system breaks off when it is asked for service authorisation"))
def authorisation_breaks_off(scene: Scene, system: str) -> None:
    found = scene.system(system)
    found.sip_faults.append(faults.SipBreaksOff(found.sip))


@given(
    phrase(
        "the profile {profile:Quoted} names TCP for the signalling of the {system:System} system"
    )
)
def entry_names_tcp(scene: Scene, profile: str, system: str) -> None:
    servers = scene.system(system).access.servers.values()

    def named(document: bytes) -> bytes:
        for uri in servers:
            document = document.replace(uri.encode(), f"{uri};transport=tcp".encode())
        return document

    alter_profile(scene, profile, named)


@given(phrase("nobody listens where the signalling of the {system:System} system was"))
def signalling_is_gone(scene: Scene, system: str) -> None:
    scene.world.loop.run(scene.system(system).sip.stop())


@given(phrase("the primary system makes its security tokens for the {system:System} system"))
def security_token_is_for_another(scene: Scene, system: str) -> None:
    other = scene.system(system).access.idms_token_endpoint
    scene.primary.faults["idms"].append(faults.OtherAudience(scene.primary.tokens, other))


@given(phrase("the profile {profile:Quoted} tells of partners for off-network use only"))
def list_is_off_network(scene: Scene, profile: str) -> None:
    alter_profile(scene, profile, faults.with_list_off_network)


@given(phrase("the {system:System} system refuses the registration"))
def registration_is_refused(scene: Scene, system: str) -> None:
    scene.system(system).sip_faults.append(SipRefusal("REGISTER", FORBIDDEN))


@given(phrase("the {system:System} system refuses service authorisation"))
def authorisation_is_refused(scene: Scene, system: str) -> None:
    for method in ("PUBLISH", "REGISTER"):
        refusal = SipRefusal(method, FORBIDDEN, WARNING_NOT_AUTHORISED, with_token=True)
        scene.system(system).sip_faults.append(refusal)


@given(phrase("the {system:System} system is too busy for service authorisation"))
def authorisation_is_put_off(scene: Scene, system: str) -> None:
    for method in ("PUBLISH", "REGISTER"):
        refusal = SipRefusal(method, SERVICE_UNAVAILABLE, with_token=True)
        scene.system(system).sip_faults.append(refusal)


@given(phrase("the {system:System} system answers that {user:User} may not migrate"))
def result_is_negative(scene: Scene, system: str, user: str) -> None:
    scene.system(system).sip_faults.append(faults.NegativeMigrationResult(scene.service))


@given(phrase("the {server:Server} of the {system:System} system has forgotten the first token"))
def first_token_is_forgotten(scene: Scene, server: str, system: str) -> None:
    scene.system(system).faults[server].append(RefusedToken())
    scene.system(system).faults["idms"].append(LateGrant(scene.moment))


# What a partner holds for the user ---------------------------------------------------------------


@given(phrase("the {system:System} system has no profile for {user:User}"))
def partner_has_no_profile(scene: Scene, system: str, user: str) -> None:
    world = scene.world
    selectors = scene.profile_selectors(system, user)

    def remove() -> None:
        for selector in selectors:
            world.population.remove(system, selector)

    world.loop.call(remove)


@given(phrase("the {system:System} system has lost the group {label:Label}"))
def partner_lost_a_group(scene: Scene, system: str, label: str) -> None:
    world = scene.world
    selector = world.builder.group_selector(system, label)
    world.loop.call(lambda: world.population.remove(system, selector))


@given(phrase("security tokens live for moments only"))
def security_tokens_are_short_lived(scene: Scene) -> None:
    scene.primary.tokens.security_lifetime = moments(scene)
