"""Steps of what holds for every request over HTTP, whatever it is for."""

from __future__ import annotations

from pytest_bdd import then

from muster.checks import transport
from muster.evidence import Contact, HttpExchange
from muster.verdicts import Reason, VerdictKeeper, require
from steps.scene import Scene
from steps.vocabulary import phrase


def _all_requests(scene: Scene) -> list[HttpExchange]:
    def contacted() -> bool:
        return any(one.server in ("kms", "cms", "gms") for one in scene.contacts())

    scene.awaited(contacted)
    require(contacted(), Reason.UE_SILENT, "no management server was contacted")
    scene.settled("the service was started")
    return scene.http()


def _contacts(scene: Scene, server: str) -> list[Contact]:
    return [one for one in scene.contacts() if (one.system, one.server) == ("primary", server)]


@then(phrase("each request can be read"))
def requests_are_well_formed(scene: Scene, verdict: VerdictKeeper) -> None:
    requests = _all_requests(scene)
    contacts = [one for one in scene.contacts() if one.server != "sip"]
    verdict.take(transport.requests_are_well_formed(requests, contacts))


@then(phrase("no request asserts an identity"))
def no_request_asserts_an_identity(scene: Scene, verdict: VerdictKeeper) -> None:
    verdict.take(transport.no_request_asserts_an_identity(_all_requests(scene)))


@then(phrase("authentication and tokens are asked for over TLS"))
def identity_server_is_asked_over_tls(scene: Scene, verdict: VerdictKeeper) -> None:
    def codes() -> list[HttpExchange]:
        sent = scene.http("primary", "idms")
        return [e for e in sent if "code=" in (e.response_header("Location") or "")]

    code = scene.expect(codes, "a code of the identity server")
    assert isinstance(code, HttpExchange)
    window = scene.settled("the user signed in")
    contacts = _contacts(scene, "idms")
    before = [one for one in contacts if one.time <= code.ended]
    after = [one for one in contacts if one.time > code.ended]
    verdict.take(transport.authentication_goes_over_tls(code, before, window))
    verdict.take(transport.tokens_are_asked_for_over_tls(code, after, window))


@then(phrase("certificate and keys are asked for over TLS"))
def key_server_is_asked_over_tls(scene: Scene, verdict: VerdictKeeper) -> None:
    asked = scene.expect(lambda: scene.http("primary", "kms"), "a request to the key server")
    assert isinstance(asked, HttpExchange)
    window = scene.settled("keys were asked for")
    contacts = _contacts(scene, "kms")
    verdict.take(transport.keys_are_asked_for_over_tls(asked, contacts, window))
