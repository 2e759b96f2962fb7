"""A SIP core that challenges: who knows the password registers, and a nonce serves once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from muster.documents.schemas import SchemaSet
from muster.protocol.sip import digest
from muster.protocol.sip.message import SipResponse
from stubs.loop import LoopThread
from stubs.world import World
from tests.conftest import MusterCommand
from tests.stubs.stub_helpers import SipClient, running_world, sip_exchanges


@pytest.fixture
def challenging(
    tmp_path: Path, loop: LoopThread, schemas: SchemaSet, authority: trustme.CA
) -> Iterator[World]:
    folder = tmp_path / "results"
    with running_world(folder, loop, schemas, authority, sip_digest=True) as world:
        yield world


@pytest.fixture
def client(challenging: World, loop: LoopThread) -> Iterator[SipClient]:
    made = SipClient(loop, challenging.primary)
    yield made
    made.close()


def answered(world: World, challenge: SipResponse, password: str = "") -> tuple[str, str]:
    """The header field that answers a challenge, with the right password or the given one."""
    told = challenge.headers.get("WWW-Authenticate") or ""
    uri = f"sip:{world.primary.domain}"
    right = password or world.passwords["alice"]
    return ("Authorization", digest.answer(told, "REGISTER", uri, "alice", right))


def test_answer_to_the_challenge_registers_and_is_journalled(
    challenging: World, client: SipClient
) -> None:
    challenge = client.register()
    accepted = client.register(answered(challenging, challenge))

    assert (challenge.status, accepted.status) == (401, 200)
    seen = sip_exchanges(challenging, "REGISTER")
    assert [exchange.status for exchange in seen] == [401, 200]


def test_answer_from_which_a_password_could_be_guessed_is_masked(
    challenging: World, client: SipClient
) -> None:
    name, value = answered(challenging, client.register())

    assert client.register((name, value)).status == 200

    response = digest.response_of(value)
    assert len(response) == 32
    assert response not in challenging.journal.path.read_text("utf-8")
    [_, seen] = sip_exchanges(challenging, "REGISTER")
    assert "masked-digest-" in (seen.header("Authorization") or "")


def test_wrong_password_is_challenged_anew(challenging: World, client: SipClient) -> None:
    first = client.register()
    second = client.register(answered(challenging, first, "not the password"))

    assert second.status == 401
    assert second.headers.get("WWW-Authenticate") != first.headers.get("WWW-Authenticate")


def test_answer_serves_once(challenging: World, client: SipClient) -> None:
    answer = answered(challenging, client.register())

    assert [client.register(answer).status for _ in range(2)] == [200, 401]


def test_answer_to_a_nonce_of_nobody_is_challenged(challenging: World, client: SipClient) -> None:
    realm = challenging.primary.domain
    made_up = SipResponse(401, "Unauthorized", client.register().headers, b"")
    made_up.headers.set("WWW-Authenticate", digest.challenge(realm, "made-up"))

    assert client.register(answered(challenging, made_up)).status == 401


def test_campaign_plays_with_challenges(muster: MusterCommand, tmp_path: Path) -> None:
    (tmp_path / "ue.toml").write_text(
        '[ue]\nvendor = "V"\nmodel = "M"\nsoftware = "1"\n[ixit]\nsip_digest = true\n'
    )

    ran = muster("run", "--ue", "ue.toml", "migration/configuration.feature")

    assert ran.code == 0, ran.out
    registered = [
        exchange.status
        for scenario in ran.results.scenarios
        for exchange in scenario.exchanges
        if getattr(exchange, "method", "") == "REGISTER"
    ]
    assert registered.count(401) == registered.count(200) > 0
