"""Steps of what carries requests: HTTP and TLS whatever is asked for, and transports of SIP."""

from __future__ import annotations

from parse import with_pattern
from pytest_bdd import given, parsers, then

from muster.checks import robustness, transport
from muster.evidence import Contact, HttpExchange, SipExchange
from muster.verdicts import Reason, VerdictKeeper, require
from steps.bootstrap_more import alter
from steps.scene import Scene
from steps.vocabulary import TYPES, phrase
from stubs.faults_transport import open_sip_over_tls

TRANSPORTS = {"UDP": "udp", "TCP": "tcp", "TLS": "tls"}


def over(text: str) -> parsers.parse:
    """Return a step phrase that also knows transports."""
    known = with_pattern("|".join(TRANSPORTS))(lambda text: TRANSPORTS[text])
    return parsers.parse(text, extra_types={**TYPES, "Transport": known})


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


# SIP -------------------------------------------------------------------------------------------


def _name_transport(scene: Scene, transport: str) -> None:
    """Let the initial configuration say how the MC service server is to be reached."""

    def named(document: bytes) -> bytes:
        for uri in scene.primary.psi.servers.values():
            document = document.replace(uri.encode(), f"{uri};transport={transport}".encode())
        return document

    alter(scene, named)


@given(phrase("the primary system takes SIP over a stream only"))
def sip_over_a_stream(scene: Scene) -> None:
    _name_transport(scene, "tcp")


@given(over("the MC service server is to be reached over {transport:Transport}"))
def sip_over(scene: Scene, transport: str) -> None:
    if transport == "tls":
        scene.world.loop.run(open_sip_over_tls(scene.primary))
        scene.world.on_loop(scene.world.population.initial_configuration)
    _name_transport(scene, transport)


@then(over("the terminal registers over {transport:Transport}"))
def registers_over(scene: Scene, verdict: VerdictKeeper, transport: str) -> None:
    register = scene.expect(lambda: scene.sip("REGISTER", "primary"), "a REGISTER")
    assert isinstance(register, SipExchange)
    verdict.take(robustness.registers_over_the_named_transport(register, transport))
