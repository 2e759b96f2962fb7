"""Steps of a bootstrap that is not as it should be, or is right in an unusual way."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from parse import with_pattern
from pytest_bdd import given, parsers, then, when

from muster.checks import bootstrap
from muster.evidence import HttpExchange
from muster.journal import now
from muster.verdicts import Reason, VerdictKeeper, require
from steps.scene import Scene
from steps.vocabulary import TYPES, phrase
from stubs import faults_bootstrap as faulty
from stubs.faults_transport import (
    Busy,
    CutShort,
    OtherStatus,
    Redirect,
)
from stubs.population import Change
from stubs.system import McSystem

CERTIFICATES: dict[str, Callable[[McSystem], ssl.SSLContext]] = {
    "is from an unknown authority": faulty.of_unknown_authority,
    "has expired": faulty.expired,
    "is for another name": faulty.of_another_name,
    "is signed by nobody else": faulty.self_signed,
}
VERSIONS = {
    "TLS 1.1": (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1),
    "TLS 1.2": (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2),
    "TLS 1.3": (ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_3),
}
UNFIT: dict[str, Change] = {
    "is not well-formed": faulty.not_closed,
    "is empty": faulty.nothing,
    "has no end": faulty.endless,
    "is in another namespace": faulty.of_another_namespace,
    "names no identity server": partial(
        faulty.without, names=("idms-auth-endpoint", "idms-token-endpoint")
    ),
}
UNUSUAL: dict[str, Change] = {
    "has elements of a later release": faulty.with_later_elements,
    "has elements of another namespace": faulty.with_foreign_elements,
    "has attributes of another namespace": faulty.with_foreign_attributes,
    "has its parts in another order": faulty.turned_around,
    "names a default user profile": faulty.with_default_profile,
    "has no service details": partial(
        faulty.without,
        names=("MCPTT-Service-Details", "MCVideo-Service-Details", "MCData-Service-Details"),
    ),
}
REFUSALS = {"not found": 404, "forbidden": 403, "refused in an unknown way": 499}


def _one_of(words: Iterable[str]) -> Callable[[str], str]:
    matching: Callable[[str], str] = with_pattern("|".join(words))(lambda text: text)
    return matching


_TYPES = {
    **TYPES,
    "Flaw": _one_of(CERTIFICATES),
    "Version": _one_of(version.replace(".", r"\.") for version in VERSIONS),
    "Unfit": _one_of(UNFIT),
    "Unusual": _one_of(UNUSUAL),
    "Refusal": _one_of(REFUSALS),
}


def _phrase(text: str) -> parsers.parse:
    return parsers.parse(text, extra_types=_TYPES)


def alter(scene: Scene, change: Change) -> None:
    """Change the initial configuration that the primary serves."""
    world = scene.world
    selector = world.bootstrap_selector
    world.on_loop(lambda: world.population.alter("primary", selector, change))


# What came before ------------------------------------------------------------------------------


@given(
    phrase("{user:User}'s terminal was switched on once, and reset"),
    target_fixture="that_first_start",
)
def switched_on_and_reset(scene: Scene, user: str) -> HttpExchange:
    scene.must(scene.stimulate("power_on"), "switching on for the first time")
    first = scene.expect(lambda: scene.http(server="bootstrap"), "a bootstrap request")
    assert isinstance(first, HttpExchange)
    scene.must(scene.stimulate("reset", scene.provisioning()), "resetting the UE")
    scene.settled("the UE was reset")
    return first


@given(phrase("{user:User} has switched the terminal on again and signed in"))
def switched_on_again(scene: Scene, user: str) -> None:
    scene.must(scene.stimulate("power_on"), "switching on again")
    scene.must(scene.stimulate("sign_in", user, scene.credentials(user)), "signing in")


@given(_phrase("the certificate of the bootstrap server {flaw:Flaw}"))
def certificate_is_wrong(scene: Scene, flaw: str) -> None:
    scene.primary.servers["bootstrap"].tls = CERTIFICATES[flaw](scene.primary)


@given(_phrase("the bootstrap server speaks no version but {version:Version}"))
def one_version(scene: Scene, version: str) -> None:
    context = faulty.speaking(scene.primary, *VERSIONS[version])
    scene.primary.servers["bootstrap"].tls = context


@given(_phrase("the initial UE configuration {flaw:Unfit}"))
def document_is_unfit(scene: Scene, flaw: str) -> None:
    alter(scene, UNFIT[flaw])


@given(_phrase("the initial UE configuration {form:Unusual}"))
def document_is_unusual(scene: Scene, form: str) -> None:
    alter(scene, UNUSUAL[form])


@given(phrase("the initial UE configuration is for {user:User}'s terminal alone"))
def document_is_for_this_ue(scene: Scene, user: str) -> None:
    own = scene.world.terminal.instance_id
    alter(scene, lambda document: faulty.for_ue(document, own))


@given(phrase("the initial UE configuration is for another terminal"))
def document_is_for_another(scene: Scene) -> None:
    other = "urn:uuid:00000000-0000-4000-8000-000000000001"
    alter(scene, lambda document: faulty.for_ue(document, other))


@given(_phrase("the initial UE configuration is {refusal:Refusal}, though its text comes along"))
def refused_with_the_document(scene: Scene, refusal: str) -> None:
    scene.primary.faults["bootstrap"].append(OtherStatus(status=REFUSALS[refusal]))


@given(phrase("the initial UE configuration comes with an unknown kind of success"))
def unknown_success(scene: Scene) -> None:
    scene.primary.faults["bootstrap"].append(OtherStatus(status=299))


@given(phrase("the initial UE configuration breaks off before its end"))
def document_is_cut(scene: Scene) -> None:
    scene.primary.faults["bootstrap"].append(CutShort(after=b"</CMS-XCAP-root-URI>"))


@given(phrase("the bootstrap server is busy at first"))
def bootstrap_is_busy(scene: Scene) -> None:
    scene.primary.faults["bootstrap"].append(Busy(times=1))


@given(phrase("the bootstrap server redirects to that of the neighbour system"))
def redirected_to_the_neighbour(scene: Scene) -> None:
    own, other = scene.primary, scene.system("neighbour")
    selector = scene.world.bootstrap_selector
    document = own.bootstrap_documents.get(selector)
    assert document is not None
    # A document that is right in itself, and makes the neighbour the system to sign in at.
    told = faulty.with_text(document.body, "idms-auth-endpoint", other.access.idms_auth_endpoint)
    copy = replace(document, content=told)
    scene.world.on_loop(lambda: other.bootstrap_documents.put(copy))
    location = f"{other.url('bootstrap')}/{selector}"
    own.faults["bootstrap"].append(Redirect(location=location))


@given(phrase("the bootstrap server redirects to an address without TLS"))
def redirected_to_plain_http(scene: Scene) -> None:
    location = scene.world.bootstrap_uri.replace("https:", "http:", 1)
    scene.primary.faults["bootstrap"].append(Redirect(location=location))


@given(
    phrase("the initial UE configuration names a PDN connection of its own"),
    target_fixture="that_source",
)
def document_names_a_pdn_connection(scene: Scene) -> str:
    """Told apart by the address that the UE sends from, which the IXIT tells."""
    require(scene.ixit.pdn, Reason.PRECONDITION_UNMET, "the IXIT tells of no PDN connection")
    name, source = next(iter(scene.ixit.pdn.items()))
    scene.options["pdn_connections"] = ",".join(f"{n}={at}" for n, at in scene.ixit.pdn.items())
    scene.must(scene.stimulate("reset", scene.provisioning()), "the UE could not be provisioned")
    scene.primary.watch.tells_peers = True
    alter(scene, lambda document: faulty.with_pdn_connection(document, name))
    return source


# Stimuli ---------------------------------------------------------------------------------------


@when(
    phrase("{user:User} switches the terminal on and tries to sign in"),
    target_fixture="that_moment",
)
def switch_on_and_try(scene: Scene, user: str) -> float:
    begins = now()
    if scene.stimulate("power_on").is_done:
        scene.awaited(lambda: scene.http(server="bootstrap", since=begins))
    scene.stimulate("sign_in", user, scene.credentials(user))
    # What is absent must be absent since the terminal was switched on, not since the sign-in.
    scene.chosen_at = begins
    return begins


def _bootstraps(scene: Scene, since: float) -> list[HttpExchange]:
    """Return the bootstrap requests since then, at any system: there is one at least."""
    scene.awaited(lambda: scene.http(server="bootstrap", since=since))
    found = scene.http(server="bootstrap", since=since)
    require(found, Reason.UE_SILENT, "the bootstrap server was not asked")
    return found


def _tried(scene: Scene, since: float) -> None:
    """The UE must have come to the bootstrap server, if only to turn away from its certificate."""

    def came() -> bool:
        return any(contact.server == "bootstrap" for contact in scene.contacts(since))

    scene.awaited(came)
    require(came(), Reason.UE_SILENT, "the bootstrap server was not contacted")


# Without a configuration -----------------------------------------------------------------------


@then(phrase("the bootstrap server is told nothing over that connection"))
def nothing_is_told(
    scene: Scene, verdict: VerdictKeeper, that_first_start: HttpExchange, that_moment: float
) -> None:
    _tried(scene, that_moment)
    scene.settled("the bootstrap server was contacted")
    requests = scene.http("primary", "bootstrap", that_moment)
    contacts = [c for c in scene.contacts(that_moment) if c.server == "bootstrap"]
    verdict.take(bootstrap.trusts_only_the_certified_server(contacts, that_first_start, requests))


@then(phrase("nothing is sent in the clear"))
def nothing_in_the_clear(
    scene: Scene, verdict: VerdictKeeper, that_first_start: HttpExchange, that_moment: float
) -> None:
    _tried(scene, that_moment)
    scene.settled("the bootstrap server was contacted")
    contacts = scene.contacts(that_moment)
    verdict.take(bootstrap.sends_no_plain_http(that_first_start, contacts))


@then(phrase("no other server is contacted without a configuration"))
def no_other_server(
    scene: Scene, verdict: VerdictKeeper, that_first_start: HttpExchange, that_moment: float
) -> None:
    _tried(scene, that_moment)
    window = scene.settled("the bootstrap server was contacted")
    contacts = scene.contacts(that_moment)
    verdict.take(
        bootstrap.goes_no_further_without_configuration(that_first_start, contacts, window)
    )


@then(phrase("what comes with the refusal is not used"))
def refusal_is_not_used(scene: Scene, verdict: VerdictKeeper, that_moment: float) -> None:
    refusal = _bootstraps(scene, that_moment)[0]
    scene.settled("the configuration was refused")
    contacts = scene.contacts(that_moment)
    verdict.take(bootstrap.takes_no_document_out_of_a_refusal(refusal, contacts))


@then(phrase("what comes with the unknown refusal is not used"))
def unknown_refusal_is_not_used(scene: Scene, verdict: VerdictKeeper, that_moment: float) -> None:
    refusal = _bootstraps(scene, that_moment)[0]
    scene.settled("the configuration was refused")
    contacts = scene.contacts(that_moment)
    verdict.take(bootstrap.takes_an_unknown_refusal_for_a_refusal(refusal, contacts))


@then(phrase("the part that came is not used"))
def half_is_not_used(scene: Scene, verdict: VerdictKeeper, that_moment: float) -> None:
    answer = _bootstraps(scene, that_moment)[0]
    scene.settled("the configuration broke off")
    contacts = scene.contacts(that_moment)
    verdict.take(bootstrap.takes_no_half_for_a_whole(answer, contacts))


@then(phrase("the configuration of another terminal is not used"))
def other_document_is_not_used(scene: Scene, verdict: VerdictKeeper, that_moment: float) -> None:
    answer = _bootstraps(scene, that_moment)[0]
    scene.settled("the configuration was served")
    contacts = scene.contacts(that_moment)
    verdict.take(bootstrap.leaves_the_document_of_others(answer, contacts))


@then(phrase("the terminal stays with the primary system"))
def stays_with_the_primary(scene: Scene, verdict: VerdictKeeper, that_moment: float) -> None:
    redirection = _bootstraps(scene, that_moment)[0]
    scene.settled("the terminal was redirected")
    requests = scene.http(since=that_moment)
    verdict.take(bootstrap.stays_with_the_provisioned_system(redirection, requests))


@then(phrase("the redirection is not followed in the clear"))
def not_followed_in_the_clear(scene: Scene, verdict: VerdictKeeper, that_moment: float) -> None:
    redirection = _bootstraps(scene, that_moment)[0]
    scene.settled("the terminal was redirected")
    contacts = scene.contacts(that_moment)
    verdict.take(bootstrap.sends_no_plain_http(redirection, contacts))


# With a configuration that is right ------------------------------------------------------------


def _followed(scene: Scene, since: float) -> tuple[HttpExchange, list[HttpExchange]]:
    """Return the document as it was served, and all requests after it."""
    document = _bootstraps(scene, since)[0]
    scene.awaited(lambda: scene.http("primary", "idms", since))
    return document, scene.http(since=since)


@then(phrase("the configuration is used despite its extensions"))
def used_despite_extensions(scene: Scene, verdict: VerdictKeeper, that_moment: float) -> None:
    verdict.take(bootstrap.uses_a_document_with_extensions(*_followed(scene, that_moment)))


@then(phrase("the configuration is used without service details"))
def used_without_details(scene: Scene, verdict: VerdictKeeper, that_moment: float) -> None:
    verdict.take(bootstrap.uses_a_document_without_service_details(*_followed(scene, that_moment)))


@then(phrase("the configuration is used beside its default user profile"))
def used_beside_default_profile(scene: Scene, verdict: VerdictKeeper, that_moment: float) -> None:
    verdict.take(bootstrap.uses_a_document_with_a_default_profile(*_followed(scene, that_moment)))


@then(phrase("the configuration is used in that order"))
def used_in_that_order(scene: Scene, verdict: VerdictKeeper, that_moment: float) -> None:
    verdict.take(bootstrap.uses_a_document_in_another_order(*_followed(scene, that_moment)))


@then(phrase("the configuration of this terminal is used"))
def own_document_is_used(scene: Scene, verdict: VerdictKeeper, that_moment: float) -> None:
    verdict.take(bootstrap.uses_the_document_of_this_ue(*_followed(scene, that_moment)))


@then(phrase("the configuration is used as after any success"))
def used_as_after_success(scene: Scene, verdict: VerdictKeeper, that_moment: float) -> None:
    verdict.take(bootstrap.takes_an_unknown_success_for_a_success(*_followed(scene, that_moment)))


@then(_phrase("the bootstrap server is asked over {version:Version}"))
def asked_over(
    scene: Scene,
    verdict: VerdictKeeper,
    that_first_start: HttpExchange,
    that_moment: float,
    version: str,
) -> None:
    _tried(scene, that_moment)
    scene.settled("the bootstrap server was contacted")
    requests = scene.http("primary", "bootstrap", that_moment)
    speaks = bootstrap.speaks_tls_1_2 if version == "TLS 1.2" else bootstrap.speaks_tls_1_3
    verdict.take(speaks(that_first_start, requests))


@then(phrase("the bootstrap server is not asked over that version"))
def not_asked_over_old_tls(
    scene: Scene, verdict: VerdictKeeper, that_first_start: HttpExchange, that_moment: float
) -> None:
    _tried(scene, that_moment)
    scene.settled("the bootstrap server was contacted")
    requests = scene.http("primary", "bootstrap", that_moment)
    verdict.take(bootstrap.speaks_no_tls_before_1_2(that_first_start, requests))


@then(phrase("what follows the configuration comes over that PDN connection"))
def named_connection_is_taken(
    scene: Scene, verdict: VerdictKeeper, that_moment: float, that_source: str
) -> None:
    document, requests = _followed(scene, that_moment)
    later = [e for e in requests if e.system == "primary" and e.server != "bootstrap"]
    require(later, Reason.UE_SILENT, "nothing was asked of the servers of the configuration")
    verdict.take(bootstrap.takes_the_named_connection(document, later, that_source))
