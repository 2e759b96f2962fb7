"""Steps of a configuration that names other addresses than the UE may expect."""

from __future__ import annotations

from pytest_bdd import given, then

from muster.checks import bootstrap, configuration, groups, keys
from muster.evidence import HttpExchange
from muster.protocol.oidc import GRANT_AUTHORIZATION_CODE
from muster.verdicts import Reason, VerdictKeeper, require
from steps.bootstrap_more import alter
from steps.cast import user_is_served
from steps.scene import Scene
from steps.vocabulary import phrase
from stubs import faults_bootstrap as faulty
from stubs.faults_transport import MovedTo, move_http, move_sip, set_psi, token_resource

TENANT = ("tenant", "county-fire")
"""A query that the authorisation endpoint of an operator may have."""


@given(phrase("the token endpoint of the primary system is another one"))
def token_endpoint_moved(scene: Scene) -> None:
    system = scene.primary
    url = f"{system.url('idms')}-2/redeem"
    path = "/" + url.split("/", 3)[3]
    system.faults["idms"].append(MovedTo(path, token_resource(system)))
    alter(scene, lambda document: faulty.with_text(document, "idms-token-endpoint", url))


@given(phrase("the authorisation endpoint of the primary system has a query"))
def authorisation_endpoint_has_a_query(scene: Scene) -> None:
    url = f"{scene.primary.access.idms_auth_endpoint}?{'='.join(TENANT)}"
    alter(scene, lambda document: faulty.with_text(document, "idms-auth-endpoint", url))


def _move(scene: Scene, server: str, element: str, host: str = "") -> str:
    system = scene.primary
    url = scene.world.loop.run(move_http(system, server, host))
    alter(scene, lambda document: faulty.with_text(document, element, url))
    return url


@given(phrase("the key server of the primary system is on a host of its own"))
def key_server_moved(scene: Scene) -> None:
    _move(scene, "kms", "kms")


@given(phrase("the configuration server of the primary system is on a host of its own"))
def configuration_server_moved(scene: Scene) -> None:
    root = _move(scene, "cms", "CMS-XCAP-root-URI")
    set_psi(scene.primary, cms_root=root)


@given(phrase("the group server of the primary system is on a host of its own"))
def group_server_moved(scene: Scene) -> None:
    root = _move(scene, "gms", "GMS-XCAP-root-URI")
    set_psi(scene.primary, gms_root=root)


@given(phrase("the configuration server of the primary system has an IPv6 address"))
def configuration_server_at_ipv6(scene: Scene) -> None:
    try:
        root = _move(scene, "cms", "CMS-XCAP-root-URI", "::1")
    except OSError as error:
        require(False, Reason.PRECONDITION_UNMET, f"this machine has no IPv6: {error}")
        raise
    set_psi(scene.primary, cms_root=root)


@given(phrase("the MC service server of the primary system is on a host of its own"))
def mc_server_moved(scene: Scene) -> None:
    former = dict(scene.primary.psi.servers)
    scene.world.loop.run(move_sip(scene.primary))

    def moved(document: bytes) -> bytes:
        for service, uri in former.items():
            document = document.replace(uri.encode(), scene.primary.psi.servers[service].encode())
        return document

    alter(scene, moved)


# In service before -----------------------------------------------------------------------------


@given(phrase("{user:User} was served, and has switched the terminal off"))
def served_and_switched_off(scene: Scene, user: str) -> None:
    user_is_served(scene, user)
    scene.must(scene.stimulate("power_off"), "switching off")
    scene.settled("the terminal was switched off")


@given(phrase("{user:User} has switched on with the changed configuration and signed in"))
def switched_on_with_the_change(scene: Scene, user: str) -> None:
    """A UE that keeps what it was told the last time may ask later: then nothing is judged."""
    scene.must(scene.stimulate("power_on"), "switching on again")
    since = scene.chosen_at
    obtained = [e for e in scene.http("primary", "bootstrap", since) if e.status == 200]
    require(obtained, Reason.PRECONDITION_UNMET, "the changed configuration was not obtained")
    scene.must(scene.stimulate("sign_in", user, scene.credentials(user)), "signing in")


# What it names is used -------------------------------------------------------------------------


@then(phrase("the code is redeemed at that endpoint"))
def redeemed_there(scene: Scene, verdict: VerdictKeeper) -> None:
    login = scene.expect(
        lambda: [e for e in scene.http("primary", "idms") if e.status == 302], "a log-in"
    )
    assert isinstance(login, HttpExchange)
    scene.settled("the user logged in")
    requests = scene.token_requests(GRANT_AUTHORIZATION_CODE)
    require(requests, Reason.UE_SILENT, "no code was redeemed")
    endpoint = f"{scene.primary.url('idms')}-2/redeem"
    verdict.take(bootstrap.redeems_at_the_named_endpoint(login, requests, endpoint))


@then(phrase("the authentication request keeps that query"))
def query_is_kept(scene: Scene, verdict: VerdictKeeper) -> None:
    request = scene.expect(scene.authentication_requests, "an authentication request")
    assert isinstance(request, HttpExchange)
    verdict.take(bootstrap.keeps_the_query_of_the_endpoint(request, *TENANT))


def _arrived(scene: Scene, server: str) -> list[HttpExchange]:
    """Return what came to a server, where it is now and where it was."""

    def asked() -> list[HttpExchange]:
        return [e for e in scene.http("primary") if e.server in (server, f"former {server}")]

    scene.expect(asked, f"a request to the {server} server")
    scene.settled("the service was started")
    return asked()


@then(phrase("the key server is asked where it is now"))
def keys_asked_there(scene: Scene, verdict: VerdictKeeper) -> None:
    verdict.take(keys.asks_the_named_key_server(_arrived(scene, "kms")))


@then(phrase("the configuration server is asked where it is now"))
def documents_asked_there(scene: Scene, verdict: VerdictKeeper) -> None:
    requests = _arrived(scene, "cms")
    verdict.take(configuration.asks_the_named_configuration_server(requests, "primary"))


@then(phrase("the group server is asked where it is now"))
def groups_asked_there(scene: Scene, verdict: VerdictKeeper) -> None:
    verdict.take(groups.asks_the_named_group_server(_arrived(scene, "gms"), "primary"))


@then(phrase("the terminal registers where that server is now"))
def registers_there(scene: Scene, verdict: VerdictKeeper) -> None:
    scene.expect(lambda: scene.sip("REGISTER", "primary"), "a REGISTER")
    served = scene.http("primary", "bootstrap")
    require(served, Reason.PRECONDITION_UNMET, "no configuration was served")
    registers = scene.sip("REGISTER", "primary")
    verdict.take(bootstrap.registers_at_the_named_server(served[0], registers))
