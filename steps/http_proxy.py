"""Steps of the HTTP proxy that an initial configuration names."""

from __future__ import annotations

from urllib.parse import urlsplit

from pytest_bdd import given, then

from muster.checks import http_proxy
from muster.evidence import HttpExchange
from muster.verdicts import VerdictKeeper
from steps.bootstrap_more import alter
from steps.scene import Scene
from steps.vocabulary import phrase
from stubs import faults_bootstrap as faulty


@given(phrase("the primary system has an HTTP proxy"))
def primary_has_a_proxy(scene: Scene) -> None:
    uri = scene.world.loop.run(scene.primary.open_proxy())
    alter(scene, lambda document: faulty.with_text(document, "http-proxy", uri))
    scene.options["http_proxy"] = "used"
    scene.must(scene.stimulate("reset", scene.provisioning()), "provisioning with the proxy")


def _requests_for(scene: Scene, server: str) -> list[HttpExchange]:
    """What was asked of a server of the primary, at itself or at the proxy."""
    path = urlsplit(scene.primary.url(server)).path
    return [
        one
        for one in scene.http("primary")
        if one.server in (server, http_proxy.PROXY) and one.decoded_path.startswith(f"{path}/")
    ]


@then(phrase("configuration and groups are asked for through the HTTP proxy"))
def documents_come_through_the_proxy(scene: Scene, verdict: VerdictKeeper) -> None:
    scene.expect(lambda: _requests_for(scene, "cms"), "a request for a configuration document")
    scene.expect(lambda: _requests_for(scene, "gms"), "a request for a group document")
    scene.settled("the service was started")
    requests = [one for server in ("cms", "gms") for one in _requests_for(scene, server)]
    verdict.take(http_proxy.documents_are_asked_for_at_the_proxy(requests))


@then(phrase("the HTTP proxy is not asked for the identity server"))
def identity_server_is_asked_directly(scene: Scene, verdict: VerdictKeeper) -> None:
    scene.expect(lambda: _requests_for(scene, "idms"), "a request for the identity server")
    scene.settled("the user signed in")
    verdict.take(http_proxy.identity_server_is_asked_directly(_requests_for(scene, "idms")))
