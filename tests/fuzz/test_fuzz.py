"""Whatever a UE sends is answered or refused, and journalled; `make fuzz` goes on longer."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from muster.evidence import HttpExchange
from stubs.world import World
from tests.fuzz.targets import TARGETS, Target, forged, last_status, send_token
from tests.stubs.stub_helpers import PATIENCE, ask, document_url, issued

EXAMPLES = 60


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_nothing_that_is_sent_does_harm(world: World, target: Target) -> None:
    @settings(
        deadline=None,
        max_examples=EXAMPLES,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(target.inputs)
    def attack(drawn: Any) -> None:
        assert target.attack(world, drawn, limit=2 * PATIENCE) == []

    attack()
    url = document_url(world, "primary", "cms", world.service_configuration_selector())
    assert ask(world, "GET", url, token=issued(world)).status == 200


def test_forged_token_that_were_taken_would_be_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.fuzz.targets.forged", lambda world, kind, junk: issued(world))

    assert send_token(world, ("bearer", "none", b"")) == [
        "a forged token was taken: none as bearer"
    ]


def test_input_that_leaves_no_record_would_be_told(world: World) -> None:
    silent = Target("x", TARGETS[0].inputs, lambda world, given: ["not journalled"])

    assert silent.attack(world, None) == ["not journalled"]


@pytest.mark.parametrize("kind", ["none", "public key as a secret", "foreign key", "huge", "deep"])
def test_token_that_nobody_here_signed_is_refused(world: World, kind: str) -> None:
    assert forged(world, kind, b"x").count(".") == 2
    assert send_token(world, ("assertion", kind, b"x")) == []
    assert last_status(world) == 400
    seen = [one for one in world.journal.exchanges if isinstance(one, HttpExchange)]
    assert (seen[-1].system, seen[-1].server) == ("partner", "idms")
