"""Steps of requests for keys: their order and contents, and what refusals lead to."""

from __future__ import annotations

import secrets

from pytest_bdd import given, then

from muster.checks import key_requests
from muster.evidence import HttpExchange
from muster.protocol.kms import INIT_PATH, KEYPROV_PATH
from muster.protocol.kms_wrapping import TransportKey
from muster.verdicts import Reason, VerdictKeeper, require
from steps.scene import Scene
from steps.vocabulary import phrase
from stubs.faults import HttpFault, Refusal, SlowAnswer
from stubs.faults_identity import LateGrant
from stubs.faults_keys import KmsErrorAnswer, KmsExtension, MalformedKmsAnswer, RefusesGoodToken

SLOW_SECONDS = 0.3


def put_in(scene: Scene, fault: HttpFault) -> None:
    """Let the key server of the primary system misbehave from now on."""
    scene.primary.faults["kms"].append(fault)


# What the key server does ------------------------------------------------------------------------


@given(phrase("the primary key server takes its time"))
def key_server_is_slow(scene: Scene) -> None:
    put_in(scene, SlowAnswer(SLOW_SECONDS * scene.waiting.scale))


@given(phrase("the primary key server adds an extension to its responses"))
def key_server_extends(scene: Scene) -> None:
    put_in(scene, KmsExtension())


@given(phrase("the primary key server answers a request for its certificate with an error"))
def certificate_error(scene: Scene) -> None:
    put_in(scene, KmsErrorAnswer(INIT_PATH))


@given(phrase("the primary key server answers a request for keys with an error"))
def keys_error(scene: Scene) -> None:
    put_in(scene, KmsErrorAnswer(KEYPROV_PATH))


@given(phrase("the primary key server breaks off in the middle of its responses"))
def malformed_answers(scene: Scene) -> None:
    put_in(scene, MalformedKmsAnswer(INIT_PATH))


@given(phrase("the primary key server does not find what is asked for"))
def nothing_found(scene: Scene) -> None:
    put_in(scene, Refusal(404))


@given(phrase("the primary key server forbids what is asked for"))
def everything_forbidden(scene: Scene) -> None:
    put_in(scene, Refusal(403))


@given(phrase("the primary key server refuses an access token before its time"))
def token_refused_once(scene: Scene) -> None:
    put_in(scene, RefusesGoodToken(KEYPROV_PATH))
    scene.primary.faults["idms"].append(LateGrant(scene.moment))


# What is seen ------------------------------------------------------------------------------------


def key_requests_seen(scene: Scene) -> list[HttpExchange]:
    """Requests to the key server, once all of them are there."""
    scene.expect(lambda: scene.http("primary", "kms"), "a request to the key server")
    scene.settled("keys were asked for")
    return scene.http("primary", "kms")


@then(phrase("keys are asked for once the certificate is there"))
def certificate_comes_first(scene: Scene, verdict: VerdictKeeper) -> None:
    seen = key_requests_seen(scene)
    asked = [e for e in seen if key_requests.is_for(e, "keyprov")]
    require(asked, Reason.UE_SILENT, "no keys were asked for")
    verdict.take(key_requests.keys_are_asked_for_after_the_certificate(seen))


@then(phrase("the requests for keys name the key server that is asked"))
def key_server_is_named(scene: Scene, verdict: VerdictKeeper) -> None:
    host = scene.primary.host_name("kms")
    verdict.take(key_requests.kms_uri_names_the_key_server(key_requests_seen(scene), host))


@then(phrase("the requests for keys say when they were made"))
def time_is_right(scene: Scene, verdict: VerdictKeeper) -> None:
    verdict.take(key_requests.time_is_that_of_the_request(key_requests_seen(scene)))


@then(phrase("the requests for keys say that they are XML"))
def content_is_named(scene: Scene, verdict: VerdictKeeper) -> None:
    verdict.take(key_requests.body_is_said_to_be_xml(key_requests_seen(scene)))


@then(phrase("the extension of the key server is passed over"))
def extension_is_ignored(scene: Scene, verdict: VerdictKeeper) -> None:
    seen = key_requests_seen(scene)
    given = [e for e in seen if key_requests.is_for(e, "init") and e.status == 200]
    require(given, Reason.UE_SILENT, "no certificate was asked for")
    verdict.take(key_requests.extension_is_passed_over(given[0], seen))


@then(phrase("the key server is not asked again without end"))
def no_endless_requests(scene: Scene, verdict: VerdictKeeper) -> None:
    scene.expect(lambda: scene.http("primary", "kms"), "a request to the key server")
    window = scene.settled("the key server did not serve a request")
    seen = scene.http("primary", "kms")
    verdict.take(key_requests.unserved_request_is_not_repeated_without_end(seen, window))


# Other forms of keys -----------------------------------------------------------------------------


@given(phrase("the key server gives keys of the next period beside those of this one"))
def keys_of_two_periods(scene: Scene) -> None:
    scene.primary.key_policy.periods = 2


@given(phrase("{user:User}'s terminal has a transport key in common with the key server"))
def common_transport_key(scene: Scene, user: str) -> None:
    key = TransportKey(f"trk-{secrets.token_hex(4)}", secrets.token_bytes(32))
    scene.journal.masker.register(key.octets.hex(), "private-key")
    scene.options["kms_transport_key"] = str(key)
    scene.must(scene.stimulate("reset", scene.provisioning()), "provisioning with a key")


@given(phrase("the key server encrypts keys under the transport key"))
def keys_are_encrypted(scene: Scene) -> None:
    scene.primary.key_policy.transport_key = _transport_key(scene)


def _transport_key(scene: Scene) -> TransportKey:
    return TransportKey.read(scene.options["kms_transport_key"])


@then(phrase("the requests for keys name the transport key"))
def transport_key_is_named(scene: Scene, verdict: VerdictKeeper) -> None:
    name = _transport_key(scene).name
    verdict.take(key_requests.requests_name_the_transport_key(key_requests_seen(scene), name))


def _keys_given(scene: Scene) -> HttpExchange:
    """The response that gave the user's keys."""
    seen = key_requests_seen(scene)
    given = [e for e in seen if key_requests.is_for(e, "keyprov") and e.status == 200]
    require(given, Reason.UE_SILENT, "no keys were asked for")
    return given[0]


@then(phrase("the terminal goes on with keys of several periods"))
def goes_on_with_several_periods(scene: Scene, verdict: VerdictKeeper) -> None:
    given, asked = _keys_given(scene), scene.authorisations("primary")
    verdict.take(key_requests.keys_of_several_periods_are_taken(given, asked))


@then(phrase("the terminal goes on with encrypted keys"))
def goes_on_with_encrypted_keys(scene: Scene, verdict: VerdictKeeper) -> None:
    given, asked = _keys_given(scene), scene.authorisations("primary")
    verdict.take(key_requests.encrypted_keys_are_taken(given, asked))
