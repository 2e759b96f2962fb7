"""Steps of registrations that the SIP core challenges."""

from __future__ import annotations

from pytest_bdd import given, then

from muster.checks import challenges
from muster.evidence import SipExchange
from muster.verdicts import VerdictKeeper
from steps.scene import Scene
from steps.vocabulary import phrase
from stubs.sip_digest import DigestGate


@given(phrase("the SIP core of the primary system challenges registrations"))
def core_challenges(scene: Scene) -> None:
    """The terminal is provisioned with the password, which is that of the user alice."""
    password = scene.world.passwords["alice"]
    scene.primary.gate = DigestGate(scene.primary.domain, password, scene.journal.masker)
    scene.world.sip_digest = True
    scene.must(scene.stimulate("reset", scene.provisioning()), "provisioning with the password")


def _challenged(scene: Scene) -> SipExchange:
    def found() -> list[SipExchange]:
        registers = scene.sip("REGISTER", "primary")
        return [one for one in registers if one.status == challenges.UNAUTHORIZED]

    challenged = scene.expect(found, "a REGISTER that was challenged")
    assert isinstance(challenged, SipExchange)
    return challenged


def _later(scene: Scene, challenged: SipExchange) -> list[SipExchange]:
    """By when they came: the next one may come before the challenge is journalled as sent."""
    registers = scene.sip("REGISTER", "primary", challenged.started)
    return [one for one in registers if one.name != challenged.name]


@then(phrase("the challenged registration is sent again with credentials"))
def challenged_is_sent_again(scene: Scene, verdict: VerdictKeeper) -> None:
    challenged = _challenged(scene)
    scene.settled("the registration was challenged")
    later = _later(scene, challenged)
    verdict.take(
        challenges.challenged_registration_is_sent_again_with_credentials(challenged, later)
    )


@then(phrase("the credentials of the registration answer the challenge"))
def credentials_answer(scene: Scene, verdict: VerdictKeeper) -> None:
    first = _challenged(scene)

    def found() -> list[SipExchange]:
        return [one for one in _later(scene, first) if challenges.nonce_given(one)]

    answer = scene.expect(found, "a REGISTER with credentials after the challenge")
    assert isinstance(answer, SipExchange)
    registers = [one for one in scene.sip("REGISTER", "primary") if one.started < answer.started]
    challenged = [one for one in registers if one.status == challenges.UNAUTHORIZED]
    verdict.take(challenges.credentials_answer_the_challenge(challenged or [first], answer))
